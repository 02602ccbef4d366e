/* SPDX-License-Identifier: MIT */
/* globs.h: the globs of selectors as the kernel side matches them, all of one kind at once; see struct tl_globs. */
#ifndef TL_GLOBS_H
#define TL_GLOBS_H

#include <stdbool.h>

#include "tl_abi.h"
#include "traceleft.h"

/* Globs in the making: those of a kind together have room for TL_GLOB_STATES. */
struct tl_globs_maker {
	struct tl_globs *globs;		/* cleared */
	unsigned int n_states, n_ends;
};

/* A text that matches gives these traits. part: of paths, the last part is to match. -ENOSPC: no room. */
int tl_globs_add(struct tl_globs_maker *maker, const char *glob, bool part, uint64_t traits, struct tl_error *err);

/* As the kernel side does it. */
uint64_t tl_globs_match(const struct tl_globs *globs, const char *text);

#endif
