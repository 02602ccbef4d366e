// SPDX-License-Identifier: MIT
#include "load/settle.h"

#include <errno.h>

#include "common/error.h"
#include "load/kernel_btf.h"

static int settle(struct tl_entry *entry, struct tl_error *err)
{
	bool has = tl_kernel_has_hook(entry->hook);

	if (!has && !entry->n_routes)
		return tl_fail(err, -ENOTSUP, "%s: this kernel has no tracepoint %s, and there is no other way in",
			       entry->event.name, entry->hook);
	if (has)
		entry->n_routes = entry->n_needs = 0;
	else
		entry->n_attaches = 0;
	entry->settled = true;
	return 0;
}

int tl_batteries_settle(struct tl_batteries *batteries, size_t event, struct tl_error *err)
{
	struct tl_entry *entry = (struct tl_entry *)tl_batteries_entry(batteries, event);

	return !entry || !entry->hook || entry->settled ? 0 : settle(entry, err);
}
