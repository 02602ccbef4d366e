/* SPDX-License-Identifier: MIT */
/*
 * catalogue.h: what the text in a battery file says about its events. Owns all that it hands out;
 * every string lies in one copy of the text.
 */
#ifndef TL_CATALOGUE_H
#define TL_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tl_abi.h"
#include "traceleft.h"

#if defined(__x86_64__)
#define TL_ARCH "x86_64"
#elif defined(__aarch64__)
#define TL_ARCH "aarch64"
#else
#error "no battery is made for this architecture"
#endif

/* A handler of a system call. */
struct tl_call_route {
	int nr;			/* number of the system call */
	enum tl_side side;
	const char *program;
};

/* What the base programs must do at a system call while one of these fields is wanted. */
struct tl_need {
	int nr;
	enum tl_side side;
	uint64_t fields;	/* all bits: always */
	uint8_t work;		/* TL_WORK_… */
	uint8_t part, part_work;	/* enum tl_part_work of that part; TL_PART_NOTHING: none */
};

/* What a field is of a call's registers. */
enum tl_raw {
	TL_RAW_NOT,		/* what only the handler finds out */
	TL_RAW_ARG,		/* + the number of the argument */
	TL_RAW_RET = TL_RAW_ARG + 6,
	TL_RAW_DURATION,
	TL_RAW_SPAN,		/* in the head once the span is known to end here */
};

/* A program that is attached where the kernel has the hook. */
struct tl_maybe {
	const char *program, *hook;
	int there;		/* as far as is known: 0: not asked yet, 1, -1 */
};

struct tl_entry {
	struct tl_event event;	/* its number is the place in `entries` */
	struct tl_call_route *routes;
	size_t n_routes;
	struct tl_need *needs;
	size_t n_needs;
	bool early;		/* it can be judged early although no field of its own is in `raw` */
	uint8_t raw[TL_FIELDS_MAX];	/* by number: what the field is before the handler runs, enum tl_raw */
	const char **attaches;	/* programs attached while the event is wanted */
	size_t n_attaches;
	struct tl_maybe *maybes;	/* and these, as the kernel allows */
	size_t n_maybes;
	const char *hook;		/* the tracepoint that `attaches` need; without it `routes` do. NULL: one of all kernels */
	bool settled;			/* only what this kernel has is left */
};

/* Whether it can be judged before its handler runs: by whom it is made, and by its fields in `raw`. */
bool tl_entry_is_early(const struct tl_entry *entry);

/*
 * Whether events of it are told where targets are decided. No verdict is there: `where` is decided when they are
 * delivered, and nothing can be counted or measured.
 */
bool tl_entry_is_told(const struct tl_entry *entry);

struct tl_catalogue {
	struct tl_entry *entries;
	size_t n;
	struct tl_layout **layouts;	/* of arrays; fields point at them */
	size_t n_layouts;
	char *text;
};

/*
 * Parses the text, which may be anything; `origin` is the file's name for messages. -ENOEXEC: made
 * for another machine or by another version; -EBADMSG: damaged; -ENOMEM.
 */
int tl_catalogue_parse(const char *text, size_t len, const char *origin,
		       struct tl_catalogue **catalogue, struct tl_error *err);
void tl_catalogue_free(struct tl_catalogue *catalogue);

#endif
