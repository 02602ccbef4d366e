/* SPDX-License-Identifier: MIT */
/*
 * A part of the kernel's types that answers for a battery file as all of them would. libbpf looks through all types
 * for each name that a program's relocations (CO-RE) have: among a thousand instead of a hundred thousand that takes
 * no time.
 */
#ifndef TL_REDUCE_H
#define TL_REDUCE_H

#include "load/raw_btf.h"
#include "load/wanted.h"

struct tl_reduced {
	void *data;			/* BTF */
	size_t size;
	uint32_t *numbers;		/* what the kernel calls the type of each number */
	uint32_t n;
};

/*
 * The types that have one of those names, with what they contain. What they only point to is void, and functions have
 * no arguments. The kernel's types are indexed. -ENOENT: a name that is needed is not among them.
 */
int tl_reduce(struct tl_reduced *reduced, const struct tl_btf *kernel, const struct tl_wanted *wanted);
void tl_reduced_close(struct tl_reduced *reduced);

#endif
