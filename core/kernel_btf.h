/* SPDX-License-Identifier: MIT */
/* kernel_btf.h: the kernel's types, as far as core looks at them itself. */
#ifndef TL_KERNEL_BTF_H
#define TL_KERNEL_BTF_H

#include <stdbool.h>

/* The number of the type definition of that name: "btf_trace_sys_exit". -ENOENT: there is none. */
int tl_kernel_typedef(const char *name);

/* Whether there is a tracepoint of that name. */
bool tl_kernel_has_hook(const char *name);

#endif
