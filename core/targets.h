/* SPDX-License-Identifier: MIT */
/* The target map from user space: which processes each subscription names. See struct tl_target. */
#ifndef TL_TARGETS_H
#define TL_TARGETS_H

#include <sys/types.h>

#include "tl_abi.h"
#include "traceleft.h"

struct tl_targets {
	int map_fd;
	struct tl_shared *shared;
};

/* Whether there is such a process. -ESRCH: there is none, or it is only a thread of one. */
int tl_target_check(int pid, struct tl_error *err);

/* The process joins the bits of `target`. */
int tl_targets_add(struct tl_targets *targets, int pid, const struct tl_target *bits, struct tl_error *err);

/* Takes the subscriptions in `mask` away from every process. */
void tl_targets_clear(struct tl_targets *targets, uint64_t mask);

#endif
