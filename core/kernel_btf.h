/* SPDX-License-Identifier: MIT */
/* kernel_btf.h: the kernel's types, as far as core looks at them itself, and as libbpf sees them. */
#ifndef TL_KERNEL_BTF_H
#define TL_KERNEL_BTF_H

#include "reduce.h"

/* The number of the type definition of that name: "btf_trace_sys_exit". -ENOENT: there is none. */
int tl_kernel_typedef(const char *name);

/* The part that is wanted. -ENOTSUP: libbpf cannot be given it. */
int tl_kernel_reduce(struct tl_reduced *reduced, const struct tl_wanted *wanted);

/* From now on libbpf takes these for all of the kernel's types, in this thread; NULL: no longer. */
void tl_kernel_use(const struct tl_reduced *reduced);

#endif
