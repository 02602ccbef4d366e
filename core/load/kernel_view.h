/* SPDX-License-Identifier: MIT */
/* kernel_view.h: the kernel's types as libbpf sees them. */
#ifndef TL_KERNEL_VIEW_H
#define TL_KERNEL_VIEW_H

#include <stdbool.h>

#include "load/reduce.h"

/* The part that is wanted. -ENOTSUP: names do not say what that is. */
int tl_kernel_reduce(struct tl_reduced *reduced, const struct tl_wanted *wanted);

#define TL_KERNEL_PATH 32

/*
 * From now on libbpf takes these for all of the kernel's types, in this thread. Returns a descriptor to end that with,
 * and the name of a file with them.
 */
int tl_kernel_begin(const struct tl_reduced *reduced, char path[TL_KERNEL_PATH]);
void tl_kernel_end(int fd);

/* Calls fn before each program that this thread loads; false: it is not loaded, -ECANCELED. NULL: no more. */
void tl_kernel_watch(bool (*fn)(void *arg), void *arg);

#endif
