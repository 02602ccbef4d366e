/* SPDX-License-Identifier: MIT */
/* test_watch.c: tests core/target/watch.c. */
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
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include "session_fixture.h"
#include "target/watch.h"

static struct tl_session *session;

static int started(void **state)
{
	(void)state;
	memset(&heard, 0, sizeof(heard));
	session = open_session(false);
	return tl_session_start(session, NULL);
}

static int replay(void **state)
{
	(void)state;
	session = open_session(true);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	tl_session_close(session);
	return 0;
}

static struct tl_subscription *must_watch(const char *event)
{
	struct tl_subscription *sub;
	const int pid = 42;

	assert_int_equal(subscribe_pids(session, event, &pid, 1, false, false, &sub, NULL), 0);
	return sub;
}

static void knows_what_is_told(void **state)
{
	const struct tl_batteries *batteries = &session->batteries;

	(void)state;
	assert_true(tl_entry_is_told(tl_batteries_entry(batteries, W_IN)));
	assert_true(tl_entry_is_told(tl_batteries_entry(batteries, W_OUT)));
	assert_false(tl_entry_is_told(tl_batteries_entry(batteries, T_ONE)));	/* a hook of its own */
	assert_false(tl_entry_is_told(tl_batteries_entry(batteries, S_A)));	/* a call */
}

static void all_events_are_not_those(void **state)
{
	struct tl_subscription *all = must_subscribe(session, "*", NULL, "a"), *own = must_subscribe(session, "w.*", NULL, "w");

	(void)state;
	assert_int_equal(tl_subscription_index(all, W_IN), -1);
	assert_int_equal(tl_subscription_index(all, S_H) >= 0, true);
	assert_int_equal(own->n_events, 2);
}

static void members_are_watched_while_somebody_wants_them(void **state)
{
	const __u64 *watched = &fake.shared->selection.watched;
	struct tl_subscription *sub = must_watch("w.in"), *plain = must_watch("t.one");

	(void)state;
	assert_int_equal(*watched, bit_of(sub));
	assert_int_equal(fake.shared->events[W_IN].subs, bit_of(sub));
	assert_int_equal(fake.shared->events[W_OUT].subs, 0);
	tl_subscription_pause(sub);
	assert_int_equal(*watched, 0);
	assert_int_equal(tl_subscription_resume(sub, NULL), 0);
	assert_int_equal(*watched, bit_of(sub));
	tl_subscription_stop(sub);
	assert_int_equal(*watched, 0);
	tl_subscription_stop(plain);
}

static void look_at_walk(const char *call)
{
	if (!strcmp(call, "walk"))
		assert_int_not_equal(fake.shared->selection.watched, 0);
}

static void those_there_already_are_told_too(void **state)
{
	(void)state;
	fake.look = look_at_walk;
	must_watch("w.in");
	assert_int_equal(fake_count("walk"), 2);
	assert_true(fake_place("attach tl_follow_end") < fake_place("walk"));
}

/* All others would join. */
static void a_target_that_leaves_some_out_has_no_members(void **state)
{
	const uint64_t self = 42;
	struct tl_selector pid = { .kind = TL_SELECT_PID, .n = 1, .numbers = &self };
	struct tl_selector no = { .kind = TL_SELECT_NO, .n = 1, .parts = &pid };
	const char *events[] = { "w.in", NULL };
	struct tl_subscribe_opts opts = { .sz = sizeof(opts), .events = events, .target = &no, .fn = hear,
					  .arg = (void *)(uintptr_t)"n" };
	struct tl_subscription *sub;

	(void)state;
	assert_int_equal(tl_subscribe(session, &opts, &sub, NULL), 0);
	must_subscribe(session, "w.out", NULL, "e");
	assert_int_equal(fake.shared->selection.watched, 0);
}

static bool is_known(unsigned int sub)
{
	for (size_t i = 0; i < fake.n_told; i++)
		if (fake.told[i].sub == (int)sub)
			return true;
	return false;
}

static void told_again_after_a_pause_and_forgotten_after_the_end(void **state)
{
	struct tl_subscription *one = must_watch("w.in"), *other = must_watch("w.out");
	const struct fake_told told[] = { { 7, 42, (int)one->bit }, { 7, 42, (int)other->bit }, { 9, 43, (int)one->bit } };

	(void)state;
	memcpy(fake.told, told, sizeof(told));
	fake.n_told = 3;
	tl_subscription_pause(one);
	assert_int_equal(fake.n_told, 3);
	fake_forget();
	assert_int_equal(tl_subscription_resume(one, NULL), 0);
	assert_false(is_known(one->bit));
	assert_true(is_known(other->bit));
	assert_int_equal(fake_count("walk"), 2);
	tl_subscription_stop(other);
	assert_int_equal(fake.n_told, 0);
}

static void a_plain_subscription_forgets_nothing(void **state)
{
	struct tl_subscription *one = must_watch("t.one");

	(void)state;
	fake.told[0] = (struct fake_told){ 7, 42, (int)one->bit };
	fake.n_told = 1;
	tl_watch_anew(one);
	tl_watch_anew(NULL);
	assert_int_equal(fake.n_told, 1);
}

static int limited(const char *event, struct tl_error *err)
{
	const char *events[] = { event, NULL };
	struct tl_subscribe_opts opts = { .sz = sizeof(opts), .events = events, .limit = 5, .limit_ns = 1000000000,
					  .fn = hear, .arg = (void *)(uintptr_t)"l" };
	struct tl_subscription *sub;

	return tl_subscribe(session, &opts, &sub, err);
}

/* Without some of those who leave, what a script knows of its members would be wrong. */
static void no_verdicts(void **state)
{
	struct tl_error err = { 0 };

	(void)state;
	assert_int_equal(limited("w.in", &err), -EOPNOTSUPP);
	assert_string_equal(err.message, "w.in: cannot be limited");
	assert_int_equal(limited("t.one", &err), 0);
}

static void a_recording_may_be_limited(void **state)
{
	(void)state;
	assert_int_equal(limited("w.in", NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(knows_what_is_told, replay, tear_down),
		cmocka_unit_test_setup_teardown(all_events_are_not_those, replay, tear_down),
		cmocka_unit_test_setup_teardown(members_are_watched_while_somebody_wants_them, started, tear_down),
		cmocka_unit_test_setup_teardown(those_there_already_are_told_too, started, tear_down),
		cmocka_unit_test_setup_teardown(a_target_that_leaves_some_out_has_no_members, started, tear_down),
		cmocka_unit_test_setup_teardown(told_again_after_a_pause_and_forgotten_after_the_end, started, tear_down),
		cmocka_unit_test_setup_teardown(a_plain_subscription_forgets_nothing, started, tear_down),
		cmocka_unit_test_setup_teardown(no_verdicts, started, tear_down),
		cmocka_unit_test_setup_teardown(a_recording_may_be_limited, replay, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
