// SPDX-License-Identifier: MIT
#include "verdict/refusals.h"

#include <errno.h>
#include <stdlib.h>

#include "common/error.h"
#include "decode/naming.h"
#include "expr/vars.h"

int tl_refusals_open(struct tl_refusals *refusals, bool in_kernel, struct tl_error *err)
{
	static char no_memory;	/* a set needs none */
	int ret = tl_vars_new(&refusals->vars, &no_memory, in_kernel, err);

	refusals->ids = calloc(TL_REFUSED_MAX, sizeof(*refusals->ids));
	if (!ret && !refusals->ids)
		ret = tl_fail(err, -ENOMEM, "where: out of memory");
	return ret ? ret : tl_vars_set_ints(refusals->vars, "refused", NULL, 0, err);
}

void tl_refusals_close(struct tl_refusals *refusals)
{
	tl_vars_free(refusals->vars);
	free(refusals->ids);
	*refusals = (struct tl_refusals){ 0 };
}

static bool has(const struct tl_refusals *refusals, int64_t cgroup)
{
	for (size_t i = 0; i < refusals->n; i++)
		if (refusals->ids[i] == cgroup)
			return true;
	return false;
}

/* Without room for it in the kernel its events go on to come. */
static void add(struct tl_refusals *refusals, int64_t cgroup)
{
	if (refusals->n == TL_REFUSED_MAX)
		refusals->n = 0;
	refusals->ids[refusals->n++] = cgroup;
	tl_vars_set_ints(refusals->vars, "refused", refusals->ids, refusals->n, NULL);
}

void tl_refusals_learn(struct tl_refusals *refusals, const struct tl_bound *clause, const struct tl_view *view,
		       int64_t cgroup)
{
	if (has(refusals, cgroup))
		return;
	view->naming->open = false;
	if (!tl_bound_test(clause, view) && !view->naming->open)
		add(refusals, cgroup);
}
