/* SPDX-License-Identifier: MIT */
/* constants.h: names of flags and enums; the tables are generated from the system's headers. */
#ifndef TL_CONSTANTS_H
#define TL_CONSTANTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tl_constant {
	const char *name;
	uint64_t value;
};

struct tl_domain {
	const char *name;
	bool flags;			/* values are combined; else one of them */
	uint64_t mask;			/* bits of the flags that are an enum: O_ACCMODE */
	const struct tl_constant *constants;	/* those of several bits first */
	size_t n;
	const char *kernel, *prefix;	/* not NULL: an enum of the running kernel's, and what its names begin with */
};

extern const struct tl_domain tl_domains[];
extern const size_t tl_n_domains;

/* The domain with its names, which of an enum of the kernel's are read when they are first asked for. */
const struct tl_domain *tl_domain_named(const struct tl_domain *domain);

#endif
