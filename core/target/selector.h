/* SPDX-License-Identifier: MIT */
/*
 * selector.h: from what a person says of processes to what the kernel side compares. A selector becomes
 * terms, one of which must hold: sets of marks and traits that a process must have or must not have.
 * Each simple selector has one bit among the marks or the traits; equal ones share it.
 */
#ifndef TL_SELECTOR_H
#define TL_SELECTOR_H

#include <stdbool.h>

#include "tl_abi.h"
#include "traceleft.h"

#define TL_TERMS_MAX	64	/* of one target */

struct tl_literals {
	uint64_t marks, no_marks, traits, no_traits;
};

struct tl_terms {
	size_t n;
	struct tl_literals list[TL_TERMS_MAX];
};

/* A simple selector. */
struct tl_leaf {
	enum tl_selector_kind kind;
	size_t n;
	uint64_t *numbers;		/* of an executable: inodes, once known */
	uint32_t *devs;			/* their devices */
	char **texts;
	struct tl_terms *of;		/* follow: whose descendants */
	bool used;
	bool sown;			/* the processes that it names have been told */
};

struct tl_leaves {
	struct tl_leaf marks[TL_MARKS_MAX], traits[TL_TRAITS_MAX];
};

/* The target of a subscription, terms and the leaves that they name. -ENOSPC: too many. */
int tl_terms_make(struct tl_leaves *leaves, const struct tl_selector *selector, bool self, struct tl_terms **terms,
		  struct tl_error *err);

/* Frees all leaves but those that the terms name, those of `follow` included. */
void tl_leaves_sweep(struct tl_leaves *leaves, const struct tl_terms *const *terms, size_t n);

/* Bit per tl_selector_kind of the leaves that the terms name. */
uint32_t tl_terms_kinds(const struct tl_leaves *leaves, const struct tl_terms *terms);

/* Whether one of the terms holds for a process of which nothing is known. */
bool tl_terms_everyone(const struct tl_terms *terms);

/* Adds the leaves that the terms name to the literals, those of `follow` included. */
void tl_terms_collect(const struct tl_leaves *leaves, const struct tl_terms *terms, struct tl_literals *all);

/* Whether the leaves of that kind are marks. */
bool tl_selector_is_mark(enum tl_selector_kind kind);

/* "comm nginx*" */
int tl_leaf_text(const struct tl_leaf *leaf, char *buf, size_t size);

#endif
