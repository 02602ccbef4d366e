/* SPDX-License-Identifier: MIT */
/* loading.h: one battery's programs and maps on their way into the kernel. */
#ifndef TL_LOADING_H
#define TL_LOADING_H

#include "load/programs.h"

/* Loads those programs of the battery, none of which is loaded yet, and makes the maps that they need: all or none. */
int tl_load_battery(struct tl_programs *p, struct tl_battery *battery, const char *const *names, size_t n,
		    struct tl_error *err);

#endif
