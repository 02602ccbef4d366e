/* SPDX-License-Identifier: MIT */
/*
 * catalogue.h: what the text in a battery file says about its events. Owns all that it hands out;
 * every string lies in one copy of the text.
 */
#ifndef TL_CATALOGUE_H
#define TL_CATALOGUE_H

#include <stddef.h>
#include <stdint.h>

#include "traceleft.h"

#if defined(__x86_64__)
#define TL_ARCH "x86_64"
#elif defined(__aarch64__)
#define TL_ARCH "aarch64"
#else
#error "no battery is made for this architecture"
#endif

struct tl_exit_route {
	int nr;			/* number of the system call */
	const char *program;
};

struct tl_enter_route {
	int nr;
	uint64_t fields;	/* sys_enter is needed while one is wanted; all bits: always */
};

struct tl_entry {
	struct tl_event event;	/* its number is the place in `entries` */
	struct tl_exit_route *exits;
	size_t n_exits;
	struct tl_enter_route *enters;
	size_t n_enters;
	const char **attaches;	/* programs attached while the event is wanted */
	size_t n_attaches;
};

struct tl_catalogue {
	struct tl_entry *entries;
	size_t n;
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
