/* SPDX-License-Identifier: MIT */
/*
 * refusals.h: the cgroups that a clause of `where` refuses, whatever else there is of an event. TL_NOT_REFUSED stands
 * for the clause in the kernel; what it says of a cgroup is found out here, when the first event of one comes.
 */
#ifndef TL_REFUSALS_H
#define TL_REFUSALS_H

#include "expr/expr.h"

#define TL_NOT_REFUSED	"not (cgroup in refused)"
#define TL_REFUSED_MAX	4096	/* with more of them it is begun anew */

struct tl_refusals {
	struct tl_vars *vars;		/* for TL_NOT_REFUSED: with the set alone */
	int64_t *ids;
	size_t n;
};

int tl_refusals_open(struct tl_refusals *refusals, bool in_kernel, struct tl_error *err);
void tl_refusals_close(struct tl_refusals *refusals);

/* Remembers that cgroup if the clause refuses it in this record, and always will. */
void tl_refusals_learn(struct tl_refusals *refusals, const struct tl_bound *clause, const struct tl_view *view,
		       int64_t cgroup);

#endif
