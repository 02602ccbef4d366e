/* SPDX-License-Identifier: MIT */
/* test_stats.c: tests core/session/stats.c. */
/* link: -Wl,--wrap=bpf_object__open_mem,--wrap=bpf_object__close,--wrap=bpf_object__load */
/* link: -Wl,--wrap=bpf_object__next_program,--wrap=bpf_object__next_map,--wrap=bpf_program__name */
/* link: -Wl,--wrap=bpf_program__section_name,--wrap=bpf_program__autoload,--wrap=bpf_program__set_autoload */
/* link: -Wl,--wrap=bpf_program__fd,--wrap=bpf_program__attach,--wrap=bpf_link__destroy,--wrap=bpf_map__name */
/* link: -Wl,--wrap=bpf_map__fd,--wrap=bpf_map__set_autocreate,--wrap=bpf_map__set_max_entries */
/* link: -Wl,--wrap=bpf_map__reuse_fd,--wrap=bpf_map__set_initial_value,--wrap=bpf_map_lookup_elem */
/* link: -Wl,--wrap=bpf_map_update_elem,--wrap=bpf_map_delete_elem,--wrap=bpf_map_get_next_key */
/* link: -Wl,--wrap=libbpf_num_possible_cpus,--wrap=bpf_obj_get_info_by_fd,--wrap=bpf_prog_test_run_opts,--wrap=kill,--wrap=tl_processes_walk */
/* link: -Wl,--wrap=tl_has_btf,--wrap=tl_has_ring_buffer,--wrap=tl_has_task_storage */
/* link: -Wl,--wrap=ring_buffer__new,--wrap=ring_buffer__free,--wrap=ring_buffer__epoll_fd,--wrap=ring_buffer__consume */
/* link: -Wl,--wrap=perf_buffer__new_raw,--wrap=perf_buffer__free,--wrap=perf_buffer__epoll_fd */
/* link: -Wl,--wrap=perf_buffer__buffer_cnt,--wrap=perf_buffer__consume_buffer */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include "session_fixture.h"

static void names_causes(void **state)
{
	(void)state;
	assert_string_equal(tl_lost_cause(TL_LOST_CHANNEL), "channel full");
	assert_string_equal(tl_lost_cause(TL_LOST_INVALID), "invalid record");
	for (size_t i = 0; i < TL_LOST_CAUSES; i++)
		assert_non_null(tl_lost_cause(i));
	assert_null(tl_lost_cause(TL_LOST_CAUSES));
	assert_null(tl_lost_cause(SIZE_MAX));
}

static void starts_at_zero(void **state)
{
	struct tl_session *session = open_session(false);
	struct tl_subscription *sub = must_subscribe(session, "t.one", NULL, "a");
	struct tl_stats stats, zero = { 0 };

	(void)state;
	memset(&stats, 0xff, sizeof(stats));
	assert_int_equal(tl_session_stats(session, &stats, NULL), 0);
	assert_memory_equal(&stats, &zero, sizeof(stats));
	assert_int_equal(tl_subscription_lost(sub), 0);
	assert_int_equal(tl_lost_of_bit(session, 63), 0);
	tl_subscription_stop(sub);
	tl_session_close(session);
}

static void adds_up(void **state)
{
	struct tl_session *session = open_session(false);
	struct tl_stats stats;

	(void)state;
	assert_int_equal(tl_session_start(session, NULL), 0);
	/* The fake answers so for each event, with the event's number added to the first CPU's `made`. */
	fake.counts[0] = (struct tl_counts){ .made = 10, .lost = { 1, 2 } };
	fake.counts[1] = (struct tl_counts){ .made = 3, .lost = { 4, [TL_LOST_INVALID] = 1 } };
	fake.shared->wakeups = 9;
	/* Of each of the four programs that are loaded; all but 3 were made up for, says the last row. */
	fake.missed = (13 + TL_EVENTS_MAX + 3) / 4;
	feed(session, EVENTS, 1);	/* invalid */
	feed(session, T_ONE, 1);	/* unclaimed */
	assert_int_equal(tl_session_stats(session, &stats, NULL), 0);
	assert_int_equal(stats.made, 13 * EVENTS + EVENTS * (EVENTS - 1) / 2);
	assert_int_equal(stats.causes[TL_LOST_CHANNEL], 5 * (EVENTS + 1));
	assert_int_equal(stats.causes[TL_LOST_NESTING], 2 * (EVENTS + 1));
	assert_int_equal(stats.causes[TL_LOST_INVALID], EVENTS + 1 + 1);
	assert_int_equal(stats.causes[TL_LOST_MISSED], 3);
	assert_int_equal(stats.lost, 8 * (EVENTS + 1) + 1 + 3);
	assert_int_equal(stats.wakeups, 9);
	assert_int_equal(stats.unclaimed, 1);
	assert_int_equal(stats.delivered, 0);
	tl_session_close(session);
}

/* Per CPU more calls may have ended than begun there: threads move. */
static void counts_calls_under_way(void **state)
{
	struct tl_session *session = open_session(false);
	struct tl_stats stats;

	(void)state;
	assert_int_equal(tl_session_start(session, NULL), 0);
	fake.counts[0] = (struct tl_counts){ .begun = 9, .ended = 2 };
	fake.counts[1] = (struct tl_counts){ .begun = 1, .ended = 5 };
	assert_int_equal(tl_session_stats(session, &stats, NULL), 0);
	assert_int_equal(stats.unfinished, 3 * (EVENTS + 1));	/* the fake answers so for every row */
	assert_int_equal(stats.lost, 0);
	fake.counts[1].ended = 50;	/* begun before the tracing */
	assert_int_equal(tl_session_stats(session, &stats, NULL), 0);
	assert_int_equal(stats.unfinished, 0);
	tl_session_close(session);
}

static void sums_the_loss_of_a_bit(void **state)
{
	struct tl_session *session = open_session(false);

	(void)state;
	assert_int_equal(tl_session_start(session, NULL), 0);
	fake.losses[0] = (struct fake_loss){ TL_BIT(63), { 3, 4 } };
	fake.losses[1] = (struct fake_loss){ TL_BIT(0) | TL_BIT(1), { 1, 0 } };
	fake.losses[2] = (struct fake_loss){ TL_BIT(63) | TL_BIT(1), { 0, 10 } };
	assert_int_equal(tl_lost_of_bit(session, 63), 17);	/* whoever else lost it too */
	assert_int_equal(tl_lost_of_bit(session, 62), 0);
	assert_int_equal(tl_lost_of_bit(session, 1), 11);
	assert_int_equal(tl_lost_of_bit(session, 0), 1);
	tl_session_close(session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_causes),
		cmocka_unit_test(starts_at_zero),
		cmocka_unit_test(adds_up),
		cmocka_unit_test(counts_calls_under_way),
		cmocka_unit_test(sums_the_loss_of_a_bit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
