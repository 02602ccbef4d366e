/* SPDX-License-Identifier: MIT */
/* nearest.h: what somebody who misspelt a name may have meant. */
#ifndef TL_NEAREST_H
#define TL_NEAREST_H

#include <stddef.h>

/*
 * The name nearest to the word, or NULL if none is near: at most a third of the word's letters (at
 * least one) inserted, left out, replaced or swapped. A name also counts by what follows its first
 * dot, so that "openat" finds "syscall.openat". Of equals the first. Case does not matter.
 */
const char *tl_nearest(const char *word, const char *const *names, size_t n);

#endif
