/* SPDX-License-Identifier: MIT */
/* kernel_btf.h: the kernel's types, as far as core looks at them itself. */
#ifndef TL_KERNEL_BTF_H
#define TL_KERNEL_BTF_H

#include <stdbool.h>

#include "catalogue/constants.h"
#include "load/raw_btf.h"

/* All of them, not indexed, as they are in a file or a copy of it. To be closed. */
struct tl_kernel_types {
	struct tl_btf btf;
	void *data;
	size_t size;
	bool mapped;
};

int tl_kernel_open(struct tl_kernel_types *types);
void tl_kernel_close(struct tl_kernel_types *types);

/* The number of the type definition of that name: "btf_trace_sys_exit". -ENOENT: there is none. */
int tl_kernel_typedef(const char *name);

/* Whether any type or member of the kernel has that name. Looks at the names alone: a tenth of what tl_kernel_typedef() takes. */
bool tl_kernel_has_name(const char *name);

/* Whether there is a tracepoint of that name. */
bool tl_kernel_has_hook(const char *name);

/*
 * The members of the enum of that name, less the prefix that all of them have, for the caller to free with free():
 * one block. NULL: the kernel has no such enum, or none can be read.
 */
struct tl_constant *tl_kernel_enum(const char *name, const char *prefix, size_t *n);

#endif
