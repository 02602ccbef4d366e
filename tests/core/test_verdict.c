/* SPDX-License-Identifier: MIT */
/* test_verdict.c: tests core/verdict/verdict.c: runs what it makes over records of many kinds, for many subscriptions. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>

#include "asking_fixture.h"
#include "bpf_machine.h"
#include "verdict/verdict.h"

#define N(array)	(sizeof(array) / sizeof(*(array)))

enum { NO_MAP, DEPTH, SCRATCH, SHARED, TABLE, OUTER, INNER, VARS };

static struct asking a;
static struct tl_session session;
static struct tl_subscription subs[TL_SUBS_MAX];
static struct tl_aggregate aggregate;
static uint32_t depth;
static struct tl_slot slots[TL_LEVELS];
static struct tl_shared shared;
static uint64_t vars_memory[TL_SUBS_MAX * TL_VARS_BYTES / 8];
static uint16_t event_numbers[] = { CALL, OTHER };
static const struct tl_verdict_maps maps = { .depth = DEPTH, .scratch = SCRATCH, .shared = SHARED, .table = TABLE };

static int setup(void **state)
{
	(void)state;
	machine_reset();
	asking_make(&a);
	memset(&session, 0, sizeof(session));
	memset(subs, 0, sizeof(subs));
	memset(&shared, 0, sizeof(shared));
	memset(slots, 0, sizeof(slots));
	session.batteries = (struct tl_batteries){ .list = &a.battery, .n = 1, .n_events = ENTRIES };
	session.verdicts.vars_fd = VARS;
	machine_array(DEPTH, &depth, sizeof(depth), 1);
	machine_array(SCRATCH, slots, sizeof(*slots), TL_LEVELS);
	machine_array(SHARED, &shared, sizeof(shared), 1);
	machine_array(VARS, vars_memory, sizeof(vars_memory), 1);
	machine.maps[TABLE].kind = MACHINE_TABLE;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < TL_SUBS_MAX; i++) {
		for (size_t e = 0; subs[i].asks && e < subs[i].n_events; e++)
			tl_ask_free(&subs[i].asks[e]);
		free(subs[i].asks);
		tl_vars_free(subs[i].query.vars);
		asking_free(&subs[i].query);
	}
	machine_reset();
	return 0;
}

static void bind_all(struct tl_subscription *sub)
{
	struct tl_error err;

	sub->asks = calloc(sub->n_events, sizeof(*sub->asks));
	for (size_t i = 0; i < sub->n_events; i++)
		if (tl_ask_bind(&sub->asks[i], &sub->query, a.list, ENTRIES, sub->events[i], &err))
			fail_msg("%s", err.message);
}

/* A subscription to both events, with that bit; where: NULL asks nothing. */
static struct tl_subscription *subscribed(unsigned int bit, const char *where)
{
	struct tl_subscription *sub = &subs[bit];

	*sub = (struct tl_subscription){ .session = &session, .bit = bit, .events = event_numbers,
					 .n_events = ENTRIES };
	asking_query(&sub->query, where, NULL, NULL);
	session.subs[bit] = sub;
	if (where)
		bind_all(sub);
	return sub;
}

/* What a slot holds when the base program is done, and when the handler is. */
static struct tl_slot *begin(unsigned int level, uint64_t mask)
{
	struct tl_slot *slot = &slots[level];

	depth = level + 1;
	memset(slot, 0, sizeof(*slot));
	slot->mask = slot->head.mask = mask;
	slot->denied_event = TL_EVENTS_MAX;
	slot->duration = TL_NO_DURATION;
	slot->head.time = 1000;
	memcpy(slot->head.comm, "cat", 4);
	return slot;
}

static void set_field(struct tl_slot *slot, int field, int64_t number)
{
	memcpy(slot->data + a.samples[CALL].fields[field].offset, &number, a.samples[CALL].fields[field].size);
}

static void run(uint16_t event, enum tl_stage stage)
{
	struct tl_code code;
	struct tl_error err;
	int ctx;

	tl_code_init(&code);
	if (tl_verdict_make(&session, event, stage, &maps, &code, &err))
		fail_msg("%s", err.message);
	machine_run(&code, &ctx);
	tl_code_free(&code);
}

/* ---- who is asked ---------------------------------------------------------------------------- */

static void is_made_where_somebody_asks(void **state)
{
	(void)state;
	assert_false(tl_verdict_needed(&session, CALL, TL_STAGE_EARLY));
	subscribed(0, NULL);
	assert_false(tl_verdict_needed(&session, CALL, TL_STAGE_EARLY) ||
		     tl_verdict_needed(&session, CALL, TL_STAGE_LATE));
	subscribed(1, "ret < 0");
	assert_true(tl_verdict_needed(&session, CALL, TL_STAGE_EARLY));
	assert_false(tl_verdict_needed(&session, CALL, TL_STAGE_LATE));
	assert_false(tl_verdict_needed(&session, OTHER, TL_STAGE_EARLY));	/* knows nothing early */
	assert_true(tl_verdict_needed(&session, OTHER, TL_STAGE_LATE));
	subs[1].paused = true;
	assert_false(tl_verdict_needed(&session, CALL, TL_STAGE_EARLY));
	subs[1].paused = false;
	subs[1].stopped = true;
	assert_false(tl_verdict_needed(&session, CALL, TL_STAGE_EARLY));
	subs[1].stopped = false;
	subs[1].n_events = 0;
	assert_false(tl_verdict_needed(&session, CALL, TL_STAGE_EARLY));
	subs[1].n_events = ENTRIES;
}

/* ---- before the handler ---------------------------------------------------------------------- */

static void decides_bits_early(void **state)
{
	struct tl_slot *slot;

	(void)state;
	subscribed(0, "ret < 0");
	subscribed(1, "ret >= 0");
	subscribed(2, "dirfd == 7 and u32 == 9");	/* the second is for later */
	subscribed(3, NULL);
	subscribed(63, "comm == 'cat' and duration == nil");
	slot = begin(0, TL_BIT(0) | TL_BIT(1) | TL_BIT(2) | TL_BIT(3) | TL_BIT(63));
	slot->head.event = CALL;
	slot->ret = -2;
	slot->args[0] = 7;
	run(CALL, TL_STAGE_EARLY);
	assert_int_equal(machine.went_to, TL_VERDICT_JUDGED);
	assert_int_equal(depth, 1);
	assert_int_equal(slot->denied, TL_BIT(1));
	assert_int_equal(slot->denied_event, CALL);
	assert_int_equal(slot->mask, TL_BIT(0) | TL_BIT(1) | TL_BIT(2) | TL_BIT(3) | TL_BIT(63));
	slot->ret = 3;
	slot->args[0] = 8;
	slot->duration = 5;
	run(CALL, TL_STAGE_EARLY);
	assert_int_equal(slot->denied, TL_BIT(0) | TL_BIT(2) | TL_BIT(63));
}

static void leaves_when_nobody_is_left(void **state)
{
	struct tl_slot *slot;

	(void)state;
	subscribed(5, "ret < 0");
	slot = begin(2, TL_BIT(5));
	slot->ret = 1;
	run(CALL, TL_STAGE_EARLY);
	assert_int_equal(machine.went_to, -1);
	assert_int_equal(depth, 2);		/* of the levels below */
	slot = begin(2, TL_BIT(5) | TL_BIT(6));	/* somebody who asks nothing */
	slot->ret = 1;
	run(CALL, TL_STAGE_EARLY);
	assert_int_equal(machine.went_to, TL_VERDICT_JUDGED);
	assert_int_equal(depth, 3);
	slot = begin(2, TL_BIT(5));
	slot->others = TL_BIT(5);		/* it also wants another event of the call */
	slot->ret = 1;
	run(CALL, TL_STAGE_EARLY);
	assert_int_equal(machine.went_to, TL_VERDICT_JUDGED);
	assert_int_equal(slot->denied, TL_BIT(5));
}

static void does_nothing_without_a_slot(void **state)
{
	(void)state;
	subscribed(0, "ret < 0");
	begin(0, 1);
	depth = 0;
	run(CALL, TL_STAGE_EARLY);
	assert_int_equal(machine.went_to, -1);
	assert_int_equal(depth, 0);
	depth = TL_LEVELS + 1;
	run(CALL, TL_STAGE_EARLY);
	assert_int_equal(machine.went_to, -1);
}

/* ---- behind the handler ---------------------------------------------------------------------- */

static void decides_bits_late(void **state)
{
	struct tl_slot *slot;

	(void)state;
	subscribed(0, "u32 == 9");
	subscribed(1, "u32 ~= 9");
	subscribed(2, NULL);
	subscribed(3, "ret < 0");		/* decided before */
	slot = begin(1, TL_BIT(0) | TL_BIT(1) | TL_BIT(2) | TL_BIT(3) | TL_BIT(4));
	set_field(slot, S_U32, 9);
	run(CALL, TL_STAGE_LATE);
	assert_int_equal(machine.went_to, TL_VERDICT_JUDGED);
	assert_int_equal(slot->head.mask, TL_BIT(0) | TL_BIT(2) | TL_BIT(3));	/* 4 has no owner any more */
	slot->head.mask = TL_BIT(0) | TL_BIT(1);
	slot->head.unread = TL_BIT(S_U32);	/* missing: ~= is true */
	run(CALL, TL_STAGE_LATE);
	assert_int_equal(slot->head.mask, TL_BIT(1));
	slot->head.mask = TL_BIT(1);
	set_field(slot, S_U32, 9);
	slot->head.unread = 0;
	run(CALL, TL_STAGE_LATE);
	assert_int_equal(slot->head.mask, 0);
	assert_int_equal(machine.went_to, TL_VERDICT_JUDGED);
	assert_int_equal(depth, 2);
}

/* All 64 at once, in every pair of who wants it and of whom it is true. */
static void decides_each_of_64(void **state)
{
	char where[TL_SUBS_MAX][40];

	(void)state;
	for (unsigned int i = 0; i < TL_SUBS_MAX; i++) {
		snprintf(where[i], sizeof(where[i]), "u64 & %#llx ~= 0", 1ULL << i);
		subscribed(i, where[i]);
	}
	for (uint64_t seed = 1, n = 0; n < 500; n++) {
		uint64_t wanted = seed * 0x9e3779b97f4a7c15ULL, holds = wanted ^ wanted >> 29;
		struct tl_slot *slot = begin((unsigned int)n % TL_LEVELS, wanted);

		set_field(slot, S_U64, (int64_t)holds);
		run(OTHER, TL_STAGE_LATE);
		assert_int_equal(slot->head.mask, wanted & holds);
		seed = holds + n;
	}
}

static void counts_evaluation_errors(void **state)
{
	struct tl_slot *slot;

	(void)state;
	subscribed(7, "10 // u32 >= 0");
	subscribed(8, "10 % u32 >= 0 or ret == 0");
	subscribed(9, "u32 == 0");
	slot = begin(0, TL_BIT(7) | TL_BIT(8) | TL_BIT(9));
	run(OTHER, TL_STAGE_LATE);
	assert_int_equal(slot->head.mask, TL_BIT(9));
	assert_int_equal(shared.subs[7].errors, 1);
	assert_int_equal(shared.subs[8].errors, 1);
	assert_int_equal(shared.subs[9].errors, 0);
	slot->head.mask = TL_BIT(8);		/* who is not asked cannot fail */
	run(OTHER, TL_STAGE_LATE);
	assert_int_equal(shared.subs[7].errors, 1);
	assert_int_equal(shared.subs[8].errors, 2);
}

static void reads_variables(void **state)
{
	struct tl_subscription *sub = &subs[3];
	struct tl_slot *slot;

	(void)state;
	*sub = (struct tl_subscription){ .session = &session, .bit = 3, .events = event_numbers, .n_events = 1 };
	session.subs[3] = sub;
	assert_int_equal(tl_vars_new(&sub->query.vars, (char *)vars_memory + 3 * TL_VARS_BYTES, false, NULL), 0);
	assert_int_equal(tl_vars_set_int(sub->query.vars, "limit", 5, NULL), 0);
	sub->query.where = asking_parse("where", "ret < limit");
	bind_all(sub);
	for (int64_t limit = -1; limit < 9; limit++) {
		assert_int_equal(tl_vars_set_int(sub->query.vars, "limit", limit, NULL), 0);
		slot = begin(0, TL_BIT(3));
		slot->ret = 4;
		run(CALL, TL_STAGE_EARLY);
		assert_int_equal(slot->denied, limit > 4 ? 0 : TL_BIT(3));
	}
}

/* ---- limits ---------------------------------------------------------------------------------- */

static unsigned int passed(uint64_t time, unsigned int n)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < n; i++) {
		struct tl_slot *slot = begin(0, TL_BIT(2));

		slot->head.time = time;
		slot->ret = -1;
		run(CALL, TL_STAGE_EARLY);
		count += !slot->denied;
	}
	return count;
}

static void holds_back_what_is_too_much(void **state)
{
	struct tl_subscription *sub = subscribed(2, "ret < 0");

	(void)state;
	sub->limit = 10;
	sub->limit_ns = 1000000;
	assert_int_equal(passed(5000000, 25), 10);
	assert_int_equal(shared.subs[2].held, 15);
	assert_int_equal(passed(5999999, 5), 0);
	assert_int_equal(passed(4000000, 5), 0);	/* another CPU's clock may be behind */
	assert_int_equal(passed(6000000, 3), 3);	/* the next window */
	assert_int_equal(passed(6500000, 8), 7);
	assert_int_equal(passed(100000000000, 11), 10);
	assert_int_equal(shared.subs[2].held, 15 + 5 + 5 + 1 + 1);
	assert_int_equal(shared.subs[2].errors, 0);
}

/* Who fails its clause takes nothing of the limit. */
static void limits_what_passes(void **state)
{
	struct tl_subscription *sub = subscribed(2, "u32 == 1");

	(void)state;
	sub->limit = 1;
	sub->limit_ns = UINT64_MAX >> 1;
	for (int64_t u32 = 0; u32 < 4; u32++) {
		struct tl_slot *slot = begin(0, TL_BIT(2));

		set_field(slot, S_U32, u32);
		run(CALL, TL_STAGE_LATE);
		assert_int_equal(slot->head.mask, u32 == 1 ? TL_BIT(2) : 0);
	}
	assert_int_equal(shared.subs[2].held, 0);
	assert_int_equal(shared.subs[2].in_window, 1);
}

/* ---- aggregates ------------------------------------------------------------------------------ */

static void counting(struct tl_subscription *sub, const char *where, const char *by)
{
	struct tl_error err;

	*sub = (struct tl_subscription){ .session = &session, .bit = 4, .events = event_numbers, .n_events = 1,
					 .aggregate = &aggregate };
	asking_query(&sub->query, where, by, NULL);
	session.subs[4] = sub;
	bind_all(sub);
	aggregate = (struct tl_aggregate){ .opts = { .kind = TL_COUNT } };
	assert_int_equal(tl_aggregate_layout(&aggregate, sub->asks, a.list, 1, &err), 0);
	aggregate.outer = OUTER;
	machine.maps[OUTER] = (struct machine_map){ .kind = MACHINE_OUTER, .inner = INNER };
	machine_hash(INNER, aggregate.key_size, 2);
	machine.maps[INNER].size = (size_t)aggregate.stride * TL_LEVELS;
}

static void counts_instead_of_sending(void **state)
{
	struct tl_slot *slot;

	(void)state;
	counting(&subs[4], "ret < 0", "dirfd");
	subscribed(5, NULL);
	assert_true(tl_verdict_is_all(&subs[4], 0));
	assert_true(tl_verdict_needed(&session, CALL, TL_STAGE_EARLY));
	assert_false(tl_verdict_needed(&session, CALL, TL_STAGE_LATE));
	for (int i = 0; i < 6; i++) {
		slot = begin(0, TL_BIT(4) | TL_BIT(5));
		slot->ret = i % 3 - 1;
		slot->args[0] = 7;
		run(CALL, TL_STAGE_EARLY);
		assert_int_equal(slot->denied, TL_BIT(4));	/* whether it was counted or not */
		assert_int_equal(machine.went_to, TL_VERDICT_JUDGED);
	}
	assert_int_equal(machine.maps[INNER].n, 1);
	assert_int_equal(*(uint64_t *)(void *)machine.maps[INNER].entries[0].value, 2);
	slot = begin(0, TL_BIT(4));
	slot->ret = -1;
	run(CALL, TL_STAGE_EARLY);
	assert_int_equal(machine.went_to, -1);		/* nobody else: no handler runs */
	assert_int_equal(depth, 0);
}

static void counts_what_finds_no_room(void **state)
{
	(void)state;
	counting(&subs[4], NULL, "dirfd");
	for (uint64_t i = 0; i < 10; i++) {
		struct tl_slot *slot = begin(0, TL_BIT(4));

		slot->args[0] = i % 5;
		run(CALL, TL_STAGE_EARLY);
	}
	assert_int_equal(machine.maps[INNER].n, 2);
	assert_int_equal(shared.subs[4].full, 6);
}

static void counts_late(void **state)
{
	struct tl_slot *slot;

	(void)state;
	counting(&subs[4], "ret < 0", "u32");
	subscribed(5, NULL);
	assert_false(tl_verdict_is_all(&subs[4], 0));
	assert_true(tl_verdict_needed(&session, CALL, TL_STAGE_EARLY) &&
		    tl_verdict_needed(&session, CALL, TL_STAGE_LATE));
	slot = begin(0, TL_BIT(4) | TL_BIT(5));
	slot->ret = -1;
	run(CALL, TL_STAGE_EARLY);
	assert_int_equal(slot->denied, 0);
	assert_int_equal(machine.maps[INNER].n, 0);
	run(CALL, TL_STAGE_LATE);
	assert_int_equal(slot->head.mask, TL_BIT(5));
	assert_int_equal(machine.maps[INNER].n, 1);
}

/* ---- limits of size -------------------------------------------------------------------------- */

static void is_refused_when_it_is_too_long(void **state)
{
	char where[600] = "u32 // 3 == 1";
	struct tl_error err = { 0 };
	struct tl_code code;

	(void)state;
	for (int i = 0; i < 5; i++)
		strcat(where, " or u32 // s8 == u64 % s16 and contains(pathname, 'xyzxyz')");
	for (unsigned int i = 0; i < TL_SUBS_MAX; i++)
		subscribed(i, where);
	tl_code_init(&code);
	assert_int_equal(tl_verdict_make(&session, OTHER, TL_STAGE_LATE, &maps, &code, &err), -E2BIG);
	assert_string_equal(err.message, "the program is longer than 32768 instructions");
	tl_code_free(&code);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(is_made_where_somebody_asks, setup, teardown),
		cmocka_unit_test_setup_teardown(decides_bits_early, setup, teardown),
		cmocka_unit_test_setup_teardown(leaves_when_nobody_is_left, setup, teardown),
		cmocka_unit_test_setup_teardown(does_nothing_without_a_slot, setup, teardown),
		cmocka_unit_test_setup_teardown(decides_bits_late, setup, teardown),
		cmocka_unit_test_setup_teardown(decides_each_of_64, setup, teardown),
		cmocka_unit_test_setup_teardown(counts_evaluation_errors, setup, teardown),
		cmocka_unit_test_setup_teardown(reads_variables, setup, teardown),
		cmocka_unit_test_setup_teardown(holds_back_what_is_too_much, setup, teardown),
		cmocka_unit_test_setup_teardown(limits_what_passes, setup, teardown),
		cmocka_unit_test_setup_teardown(counts_instead_of_sending, setup, teardown),
		cmocka_unit_test_setup_teardown(counts_what_finds_no_room, setup, teardown),
		cmocka_unit_test_setup_teardown(counts_late, setup, teardown),
		cmocka_unit_test_setup_teardown(is_refused_when_it_is_too_long, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
