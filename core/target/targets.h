/* SPDX-License-Identifier: MIT */
/*
 * targets.h: makes the kernel side select what the subscriptions name. See struct tl_selection, and
 * bpf/selectors.bpf.h for what happens there.
 */
#ifndef TL_TARGETS_H
#define TL_TARGETS_H

#include "target/cgroups.h"
#include "target/selector.h"

struct tl_session;

struct tl_targets {
	int map_fd;			/* of tl_targets; -1: nothing is loaded yet */
	struct tl_leaves leaves;
	struct tl_cgroups cgroups;	/* once a selector asked for them */
	bool dirty;			/* what is selected is not what the kernel side knows */
	bool selecting;			/* it knows of some target */
	const struct tl_terms *kept;	/* of a target that may come back; NULL: none */
};

/* The terms of a target, whose leaves are checked: processes and files must be there. Freed by the caller. */
int tl_targets_make(struct tl_session *session, const struct tl_selector *target, bool self, struct tl_terms **terms,
		    struct tl_error *err);

/* The i-th program that targets with such kinds of leaves need; NULL at the end. attach: or only load. */
const char *tl_targets_program(uint32_t kinds, bool globs, size_t i, bool *attach);

/* Whether one of the cgroups that the terms name is a glob. */
bool tl_targets_has_globs(const struct tl_session *session, const struct tl_terms *terms);

/*
 * Tells the kernel side what is selected, and lets it walk over all processes. The hooks are attached:
 * whoever is born or changes meanwhile is not missed. -ESRCH: a process that was named is gone.
 */
int tl_targets_settle(struct tl_session *session, struct tl_error *err);

#endif
