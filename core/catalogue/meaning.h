/* SPDX-License-Identifier: MIT */
/* meaning.h: what a number stands for; tl_meaning_text() and tl_errno_name() are in traceleft.h. */
#ifndef TL_MEANING_H
#define TL_MEANING_H

#include <stddef.h>
#include <stdint.h>

#include "catalogue/constants.h"

#define TL_ERRNO_MAX	4095	/* the kernel's MAX_ERRNO: -1 to -4095 are errors */

/* The number in the names of one domain, returned as tl_meaning_text() does. */
int tl_domain_text(const struct tl_domain *domain, uint64_t number, char *buf, size_t size);

#endif
