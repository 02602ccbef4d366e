/* SPDX-License-Identifier: MIT */
/* test_refusals.c: tests core/verdict/refusals.c: which cgroups a clause is known to refuse, and what is not learned. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

#include "asking_fixture.h"

#define EARLY	TL_STAGE_EARLY

static struct asking a;
static int told;
static struct tl_naming naming = { .fn = asking_tell, .arg = &told };

static int setup(void **state)
{
	(void)state;
	asking_make(&a);
	return 0;
}

static struct tl_view record_of(struct tl_record *record, uint64_t cgroup)
{
	*record = (struct tl_record){ .size = sizeof(*record), .cgroup = cgroup };
	return (struct tl_view){ .event = &a.entries[CALL].event, .data = record, .size = sizeof(*record),
				 .naming = &naming };
}

static void learns_which_cgroups_are_refused(void **state)
{
	struct tl_record record;
	struct tl_query query;
	struct tl_error err;
	struct tl_view view;
	struct tl_ask ask;

	(void)state;
	asking_named(&query, &naming, "unit == '110.service' and pid == 0", NULL, NULL);
	assert_int_equal(tl_ask_bind(&ask, &query, a.list, ENTRIES, CALL, &err), 0);
	view = record_of(&record, 115);
	assert_true(tl_ask_test_cgroup(&ask, &view));
	tl_ask_learn(&ask, &view);
	assert_int_equal(query.refusals[0].n, 0);
	view = record_of(&record, 7);
	assert_int_equal(tl_ask_test(&ask, EARLY, &view), 0);
	for (int i = 0; i < 3; i++)
		tl_ask_learn(&ask, &view);
	assert_int_equal(query.refusals[0].n, 1);
	assert_int_equal(query.refusals[0].ids[0], 7);
	told = 0;
	assert_int_equal(tl_ask_test(&ask, EARLY, &view), 0);
	assert_int_equal(told, 0);	/* it is known */
	for (uint64_t id = 1000; id < 1000 + 4095; id++) {
		view = record_of(&record, id);
		tl_ask_learn(&ask, &view);
	}
	assert_int_equal(query.refusals[0].n, 4096);
	view = record_of(&record, 99);
	tl_ask_learn(&ask, &view);
	assert_int_equal(query.refusals[0].n, 1);	/* begun anew */
	tl_ask_free(&ask);
	asking_free(&query);
}

/* What may be called otherwise later, and what a variable is in, is asked each time. */
static void learns_nothing_that_may_change(void **state)
{
	struct tl_record record;
	struct tl_query query;
	struct tl_error err;
	struct tl_view view;
	char memory[64];
	struct tl_ask ask;

	(void)state;
	asking_named(&query, &naming, "container == 'web'", NULL, NULL);
	assert_int_equal(tl_ask_bind(&ask, &query, a.list, ENTRIES, CALL, &err), 0);
	view = record_of(&record, 7);
	tl_ask_learn(&ask, &view);
	assert_int_equal(query.refusals[0].n, 0);
	tl_ask_free(&ask);
	asking_free(&query);
	asking_named(&query, &naming, "pid == wanted or unit == '110.service'", NULL, NULL);
	assert_int_equal(tl_vars_new(&query.vars, memory, false, &err), 0);
	assert_int_equal(tl_vars_set_int(query.vars, "wanted", 5, &err), 0);
	assert_int_equal(tl_ask_bind(&ask, &query, a.list, ENTRIES, CALL, &err), 0);
	assert_int_equal(ask.n_clauses, 1);
	assert_null(ask.clauses[0].refusals);
	tl_ask_free(&ask);
	tl_vars_free(query.vars);
	asking_free(&query);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(learns_which_cgroups_are_refused, setup),
		cmocka_unit_test_setup(learns_nothing_that_may_change, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
