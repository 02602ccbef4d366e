/* SPDX-License-Identifier: MIT */
/* test_targets.c: tests which programs core/target/targets.c wants for which targets; the rest is in test_subscription.c. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/session.h"

#define KIND(kind) (1u << TL_SELECT_##kind)

static const struct {
	uint32_t kinds;
	bool globs;
	const char *programs;		/* those that are only loaded have a minus */
} wanted[] = {
	{ KIND(PID), false, "tl_follow_free -tl_pass " },
	{ KIND(COMMAND), false, "tl_follow_exec tl_follow_free -tl_pass " },
	{ KIND(TREE), false, "tl_follow_fork tl_follow_free -tl_pass " },
	{ KIND(PID) | KIND(FOLLOW), false, "tl_follow_fork tl_follow_free -tl_pass " },
	{ KIND(COMM), false, "tl_follow_fork tl_follow_exec tl_follow_rename tl_follow_free -tl_pass " },
	{ KIND(EXE), false, "tl_follow_fork tl_follow_exec tl_follow_free -tl_ask_file -tl_pass " },
	{ KIND(UID), false, "tl_follow_fork tl_follow_exec tl_follow_calls tl_follow_free -tl_pass " },
	{ KIND(CGROUP), false, "tl_follow_fork tl_follow_exec tl_follow_rmdir tl_follow_mkdir tl_follow_cgroup "
	  "tl_follow_free -tl_pass " },
	{ KIND(CGROUP_NAME), true, "tl_follow_fork tl_follow_exec tl_follow_rmdir tl_follow_mkdir "
	  "tl_follow_mkdir_globs tl_follow_cgroup tl_follow_free -tl_pass " },
};

static void wants_what_is_watched(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		char found[512] = "";
		const char *name;
		bool attach;

		for (size_t k = 0; (name = tl_targets_program(wanted[i].kinds, wanted[i].globs, k, &attach)); k++)
			snprintf(found + strlen(found), sizeof(found) - strlen(found), "%s%s ", attach ? "" : "-", name);
		assert_string_equal(found, wanted[i].programs);
	}
}

static void knows_globs_of_cgroups(void **state)
{
	static const char *const star[] = { "/a/*" }, *const plain[] = { "/a/b" };
	struct tl_selector cgroup = { .kind = TL_SELECT_CGROUP, .n = 1, .texts = star };
	struct tl_selector comm = { .kind = TL_SELECT_COMM, .n = 1, .texts = star };
	struct tl_session *session = calloc(1, sizeof(*session));
	struct tl_terms *terms;

	(void)state;
	session->replay = true;
	assert_int_equal(tl_targets_make(session, &cgroup, false, &terms, NULL), 0);
	assert_true(tl_targets_has_globs(session, terms));
	free(terms);
	assert_int_equal(tl_targets_make(session, &comm, false, &terms, NULL), 0);
	assert_false(tl_targets_has_globs(session, terms));
	free(terms);
	cgroup.texts = plain;
	assert_int_equal(tl_targets_make(session, &cgroup, false, &terms, NULL), 0);
	assert_false(tl_targets_has_globs(session, terms));
	free(terms);
	tl_leaves_sweep(&session->targets.leaves, NULL, 0);
	free(session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wants_what_is_watched), cmocka_unit_test(knows_globs_of_cgroups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
