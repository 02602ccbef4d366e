/* SPDX-License-Identifier: MIT */
/* cgroups.h: where cgroups are mounted, which they are, and how the kernel side knows the hierarchy that counts. */
#ifndef TL_CGROUPS_H
#define TL_CGROUPS_H

#include <stdbool.h>

#include "traceleft.h"

struct tl_cgroups {
	char mount[256];	/* "": none */
	char controller[32];	/* "": version 2 */
	unsigned int root;	/* number of the hierarchy; 0: version 2 */
	unsigned int subsys;	/* 1 + number of the controller in this kernel; 0: version 2 */
};

/* Version 2 where it is mounted, else the first of some controllers. -ENOENT: no cgroups. */
int tl_cgroups_find(struct tl_cgroups *cgroups, struct tl_error *err);

/* Called for each, from the root on, parents before what is in them. Returns what is passed on to its children. */
typedef uint64_t (*tl_cgroup_fn)(void *arg, const char *path, const char *name, uint64_t id, uint64_t from_parent);

/* Those that are made meanwhile may be missed, but only if the one they are in was told before that. */
int tl_cgroups_walk(const struct tl_cgroups *cgroups, tl_cgroup_fn fn, void *arg, struct tl_error *err);

#endif
