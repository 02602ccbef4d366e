/* SPDX-License-Identifier: MIT */
/* test_ask.c: tests core/session/ask.c: where each part of a query is decided, and why not earlier. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>

#include "asking_fixture.h"

#define N(array)	(sizeof(array) / sizeof(*(array)))
#define EARLY		TL_STAGE_EARLY
#define LATE		TL_STAGE_LATE
#define USER		TL_STAGE_USER

static struct asking a;

static int setup(void **state)
{
	(void)state;
	asking_make(&a);
	return 0;
}

static int bind_at(size_t at, const char *where, const char *by, const char *value, struct tl_ask *ask,
		   struct tl_error *err)
{
	struct tl_query query;
	int ret;

	asking_query(&query, where, by, value);
	ret = tl_ask_bind(ask, &query, a.list, ENTRIES, at, err);
	asking_free(&query);	/* what was bound keeps what it needs */
	return ret;
}

static void must_bind(size_t at, const char *where, const char *by, const char *value, struct tl_ask *ask)
{
	struct tl_error err;

	if (bind_at(at, where, by, value, ask, &err))
		fail_msg("%s", err.message);
}

/* ---- stages ---------------------------------------------------------------------------------- */

static const struct {
	const char *where;
	enum tl_stage stage, other;	/* at the event with arguments, and at the other one */
	const char *why, *why_other;
} clauses[] = {
#define NONE "a.other has no arguments that are known before its handler"
	{ "ret < 0", EARLY, LATE, "", NONE },
	{ "error == ENOENT", EARLY, LATE, "", NONE },
	{ "duration > 1ms", EARLY, LATE, "", NONE },
	{ "dirfd == AT_FDCWD", EARLY, LATE, "", NONE },
	{ "has(flags, O_CREAT)", EARLY, LATE, "", NONE },
	{ "comm == 'cat'", EARLY, LATE, "", NONE },
	{ "pid == 1 or uid == 0", EARLY, LATE, "", NONE },
	{ "u32 == 1", LATE, LATE, "u32 is not known where the kernel decides", NONE },
	{ "ret < 0 or pathname == '/x'", LATE, LATE, "pathname is not known where the kernel decides", NONE },
	{ "daddr == '10.0.0.0/8'", LATE, LATE, "daddr is not known where the kernel decides", NONE },
	{ "pathname == comm", USER, USER, "two strings of the record are compared",
	  "two strings of the record are compared" },
};

static void decides_as_early_as_can_be(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(clauses); i++) {
		for (size_t at = 0; at < ENTRIES; at++) {
			struct tl_ask ask;

			must_bind(at, clauses[i].where, NULL, NULL, &ask);
			assert_int_equal(ask.n_clauses, 1);
			assert_int_equal(ask.clauses[0].stage, at == CALL ? clauses[i].stage : clauses[i].other);
			assert_string_equal(ask.clauses[0].why, at == CALL ? clauses[i].why : clauses[i].why_other);
			assert_memory_equal(ask.clauses[0].text, clauses[i].where, ask.clauses[0].len);
			tl_ask_free(&ask);
		}
	}
}

static void decides_each_clause_by_itself(void **state)
{
	struct tl_ask ask;

	(void)state;
	must_bind(CALL, "ret < 0 and pathname == '/x' and pathname == comm and dirfd == 3", NULL, NULL, &ask);
	assert_int_equal(ask.n_clauses, 4);
	assert_int_equal(ask.clauses[0].stage, EARLY);
	assert_int_equal(ask.clauses[1].stage, LATE);
	assert_int_equal(ask.clauses[2].stage, USER);
	assert_int_equal(ask.clauses[3].stage, EARLY);
	assert_int_equal(ask.stage, LATE);	/* the last in the kernel */
	assert_ptr_equal(tl_ask_user_clause(&ask), &ask.clauses[2]);
	assert_true(tl_ask_has_stage(&ask, EARLY) && tl_ask_has_stage(&ask, LATE) && tl_ask_has_stage(&ask, USER));
	assert_int_equal(ask.fields, TL_BIT(S_RET) | TL_BIT(S_PATHNAME) | TL_BIT(TL_F_COMM) | TL_BIT(S_DIRFD));
	tl_ask_free(&ask);
	assert_null(ask.clauses);
	tl_ask_free(&ask);		/* twice is harmless */
}

static void asks_nothing(void **state)
{
	struct tl_ask ask;

	(void)state;
	must_bind(CALL, NULL, NULL, NULL, &ask);
	assert_int_equal(ask.stage, EARLY);
	assert_null(tl_ask_user_clause(&ask));
	assert_false(tl_ask_has_stage(&ask, EARLY));
	tl_ask_free(&ask);
	must_bind(OTHER, NULL, NULL, NULL, &ask);
	assert_int_equal(ask.stage, LATE);
	tl_ask_free(&ask);
}

static const struct {
	const char *by, *value;
	enum tl_stage stage;		/* at the event with arguments */
} measures[] = {
	{ "comm", NULL, EARLY }, { "event", NULL, EARLY }, { "dirfd", NULL, EARLY }, { "error", NULL, EARLY },
	{ "ret // 2", "duration", EARLY }, { "ret < 0", "ret * dirfd", EARLY }, { "pathname", NULL, LATE },
	{ "daddr", "duration", LATE }, { "u32 % 8", NULL, LATE }, { "comm", "u32", LATE }, { "ok", NULL, LATE },
};

/* An aggregate is updated where all that it needs is known. */
static void updates_at_the_last_stage(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(measures); i++) {
		struct tl_ask ask;

		must_bind(CALL, NULL, measures[i].by, measures[i].value, &ask);
		assert_int_equal(ask.stage, measures[i].stage);
		tl_ask_free(&ask);
		must_bind(OTHER, NULL, measures[i].by, measures[i].value, &ask);
		assert_int_equal(ask.stage, LATE);
		tl_ask_free(&ask);
	}
}

/* A key that this event does not have is missing there, whatever its type. */
static void takes_keys_of_other_events(void **state)
{
	static const char *const names[] = { "daddr", "pathname", "u32", "argv" };
	struct sample_event less = a.samples[CALL];
	struct tl_ask ask;

	(void)state;
	for (size_t i = 0; i < N(names); i++) {
		less.event.n_fields = S_OK;
		less.event.fields = less.fields;
		a.entries[CALL].event = less.event;
		must_bind(CALL, NULL, names[i], NULL, &ask);
		assert_int_equal(ask.stage, EARLY);
		assert_true(tl_bound_is_missing(ask.keys[0]));
		tl_ask_free(&ask);
	}
}

/* ---- refusals -------------------------------------------------------------------------------- */

static const struct {
	const char *where, *by, *value;
	int code;
	const char *message;
} refused[] = {
	{ "rett < 0", NULL, NULL, -ENOENT, "where: no field 'rett'; did you mean 'ret'?\nrett < 0\n^" },
	{ "ret < 0 and comm < 3", NULL, NULL, -EINVAL,
	  "where: comm is a string and 3 a number: they are never equal\nret < 0 and comm < 3\n                 ^" },
	{ NULL, "pathnam", NULL, -ENOENT, "by: no field 'pathnam'; did you mean 'pathname'?\npathnam\n^" },
	{ NULL, "array", NULL, -EINVAL, "by: an array is no key\narray\n^" },
	{ NULL, "comm", "pathname", -EINVAL, "value: 'pathname' is a string where a number is needed\npathname\n^" },
	{ NULL, "pathname == comm", NULL, -EOPNOTSUPP, "by: two strings of the record are compared" },
};

static void refuses_what_does_not_fit(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(refused); i++) {
		struct tl_error err;
		struct tl_ask ask;

		assert_int_equal(bind_at(CALL, refused[i].where, refused[i].by, refused[i].value, &ask, &err),
				 refused[i].code);
		assert_string_equal(err.message, refused[i].message);
		assert_null(ask.clauses);	/* nothing is left */
	}
}

/* ---- answers --------------------------------------------------------------------------------- */

static void tests_from_a_stage_on(void **state)
{
	struct sample_record record;
	struct tl_ask ask;

	(void)state;
	sample_begin(&record, &a.samples[CALL]);
	sample_number(&record, S_RET, 5);
	sample_number(&record, S_U32, 7);
	must_bind(CALL, "ret == 5 and u32 == 7 and pathname ~= comm and 10 // ret == 2", NULL, NULL, &ask);
	assert_int_equal(tl_ask_test(&ask, EARLY, &record.view), 1);
	sample_number(&record, S_U32, 8);
	assert_int_equal(tl_ask_test(&ask, EARLY, &record.view), 0);
	assert_int_equal(tl_ask_test(&ask, USER, &record.view), 1);	/* that one was decided before */
	sample_number(&record, S_U32, 7);
	sample_number(&record, S_RET, 0);
	assert_int_equal(tl_ask_test(&ask, EARLY, &record.view), 0);	/* in turn: it never comes to the division */
	tl_ask_free(&ask);
	must_bind(CALL, "10 // ret == 2", NULL, NULL, &ask);
	assert_int_equal(tl_ask_test(&ask, EARLY, &record.view), -EDOM);
	tl_ask_free(&ask);
}

static struct tl_place place_of(enum tl_stage stage, int field)
{
	struct tl_emit_env env = tl_ask_env(stage, &a.entries[CALL]);
	struct tl_place place = { 0 };

	assert_true(env.place(env.arg, &a.entries[CALL].event.fields[field], &place));
	return place;
}

static void says_where_fields_are(void **state)
{
	struct tl_emit_env env = tl_ask_env(EARLY, &a.entries[CALL]);
	const struct tl_field *fields = a.entries[CALL].event.fields;
	struct tl_place place;

	(void)state;
	assert_int_equal(place_of(EARLY, S_DIRFD).offset, offsetof(struct tl_slot, args));
	assert_int_equal(place_of(EARLY, S_FLAGS).offset, offsetof(struct tl_slot, args[2]));
	assert_int_equal(place_of(EARLY, S_FLAGS).missing, TL_NEVER_MISSING);
	assert_int_equal(place_of(EARLY, S_RET).offset, offsetof(struct tl_slot, ret));
	assert_true(place_of(EARLY, S_RET).is_signed);
	assert_int_equal(place_of(EARLY, S_DURATION).offset, offsetof(struct tl_slot, duration));
	assert_int_equal(place_of(EARLY, S_DURATION).missing, TL_MISSING_ONES);
	assert_int_equal(place_of(EARLY, TL_F_PID).offset, offsetof(struct tl_slot, head.pid));
	assert_false(place_of(EARLY, TL_F_PID).is_signed);
	assert_false(env.place(env.arg, &fields[S_U32], &place));
	assert_false(env.place(env.arg, &fields[TL_F_EVENT], &place));
	assert_int_equal(env.unread, offsetof(struct tl_slot, common_unread));
	assert_int_equal(place_of(LATE, S_U32).offset, offsetof(struct tl_slot, data) + fields[S_U32].offset);
	assert_int_equal(place_of(LATE, S_U32).missing, TL_MISSING_BITS);
	env = tl_ask_env(LATE, &a.entries[CALL]);
	assert_int_equal(env.unread, offsetof(struct tl_slot, head.unread));
	assert_int_equal(env.absent, offsetof(struct tl_slot, head.absent));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(decides_as_early_as_can_be, setup),
		cmocka_unit_test_setup(decides_each_clause_by_itself, setup),
		cmocka_unit_test_setup(asks_nothing, setup),
		cmocka_unit_test_setup(updates_at_the_last_stage, setup),
		cmocka_unit_test_setup(takes_keys_of_other_events, setup),
		cmocka_unit_test_setup(refuses_what_does_not_fit, setup),
		cmocka_unit_test_setup(tests_from_a_stage_on, setup),
		cmocka_unit_test_setup(says_where_fields_are, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
