/* SPDX-License-Identifier: MIT */
/* test_session.c: tests core/session/session.c. */
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

static struct tl_session *session;

static int set_up(void **state)
{
	(void)state;
	memset(&heard, 0, sizeof(heard));
	session = open_session(false);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	for (int i = 0; session && i < TL_SUBS_MAX; i++)
		tl_subscription_stop(session->subs[i]);
	tl_session_close(session);
	return fake.objects || fake.links || channel_fake.open;
}

static void queue(unsigned int n, uint64_t mask)
{
	struct sample sample = make_sample(T_ONE, mask, UINT64_MAX);

	memcpy(channel_fake.record, &sample, sizeof(sample));
	channel_fake.size = sizeof(sample);
	channel_fake.waiting[0] = n;
}

/* ---- open ------------------------------------------------------------------------------------ */

static void asks_nothing_of_the_kernel(void **state)
{
	(void)state;
	must_subscribe(session, "t.one", NULL, "a");
	assert_int_equal(fake.n_calls, 0);
	assert_int_equal(tl_session_fd(session), -1);
}

static void refuses_options(void **state)
{
	static const char *const missing[] = { "/no/such.bpf.o", NULL };
	struct tl_open_opts opts = { .sz = sizeof(opts), .ring_size = ((size_t)1 << 31) + 1 };
	struct tl_session *other = session;
	struct tl_error err;

	(void)state;
	assert_int_equal(tl_session_open(&other, &opts, &err), -EINVAL);
	assert_string_equal(err.message, "ring: at most 2048 MiB");
	assert_null(other);
	opts = (struct tl_open_opts){ .sz = sizeof(opts), .battery = missing };
	assert_int_equal(tl_session_open(&other, &opts, &err), -ENOENT);
	assert_string_equal(err.message, "battery /no/such.bpf.o: No such file or directory");
	assert_null(other);
	opts.sz = sizeof(opts.sz);	/* from a caller that knows no option: the file is not looked for */
	assert_int_equal(tl_session_open(&other, &opts, &err), -ENOENT);
	assert_string_equal(err.message, "this build has no battery inside; "
			    "name one with --battery (build/battery in the source tree)");
	assert_null(other);
	tl_session_close(NULL);
}

static void finds_events(void **state)
{
	(void)state;
	for (size_t i = 0; i < EVENTS; i++) {
		assert_int_equal(tl_session_event(session, i)->number, i);
		assert_ptr_equal(tl_session_find(session, tl_session_event(session, i)->name), tl_session_event(session, i));
	}
	assert_null(tl_session_event(session, EVENTS));
	assert_null(tl_session_find(session, "t"));
	assert_string_equal(tl_session_nearest(session, NULL, "t.tow"), "t.two");
	assert_string_equal(tl_session_nearest(session, "s.a", "durations"), "duration");
	assert_null(tl_session_nearest(session, "no.such", "duration"));
	assert_null(tl_session_nearest(session, "t.one", "something"));
	assert_string_not_equal(tl_version(), "unknown");
}

/* ---- start ----------------------------------------------------------------------------------- */

static void starts_once(void **state)
{
	struct tl_subscription *sub = must_subscribe(session, "t.one", NULL, "a");

	(void)state;
	assert_int_equal(tl_session_start(session, NULL), 0);
	assert_int_equal(tl_session_start(session, NULL), 0);
	assert_int_equal(fake_count("attach p_one"), 1);
	assert_int_equal(fake_count("open 0"), 1);	/* one object for all */
	assert_int_equal(fake.shared->events[T_ONE].subs, bit_of(sub));
	assert_true(tl_session_fd(session) >= 0);
	assert_int_equal(fake.config.self, getpid());
	assert_int_equal(fake.config.use_perf, 0);
	assert_int_equal(fake.config.has_task_btf, 1);
	assert_int_equal(fake_count("size tl_ring 4194304"), 1);
	assert_int_equal(fake_place("make tl_perf"), -1);
	assert_true(sub->since > 0);
}

static void starts_with_nothing_asked(void **state)
{
	(void)state;
	assert_int_equal(tl_session_start(session, NULL), 0);
	assert_int_equal(fake.links, 0);
	must_subscribe(session, "t.two", NULL, "a");
	assert_int_equal(fake.links, 2);
	assert_int_equal(fake_count("make tl_shared"), 1);	/* maps are made once */
	assert_int_equal(fake_count("reuse tl_shared"), 1);
	assert_int_equal(fake_count("make own_of_p_two"), 1);
}

static void comes_to_rest(void **state)
{
	struct tl_subscription *sub = must_subscribe(session, "t.one", NULL, "a");
	struct tl_stats stats;

	(void)state;
	tl_session_quiesce(session);	/* not started: nothing to be quiet about */
	assert_false(session->quiet);
	assert_int_equal(tl_session_start(session, NULL), 0);
	assert_int_equal(fake.shared->events[T_ONE].subs, bit_of(sub));
	tl_session_quiesce(session);
	assert_int_equal(fake.shared->events[T_ONE].subs, 0);
	assert_null(tl_programs_find(&session->programs, "p_one")->link);
	fake.counts[0].made = 5;	/* the fake says so of each event, with its number added */
	feed(session, T_ONE, bit_of(sub));
	assert_int_equal(tl_session_stats(session, &stats, NULL), 0);
	assert_int_equal(stats.delivered + stats.unclaimed, 1);	/* read, though of before its time */
	assert_int_equal(stats.pending, stats.made - 1);
	assert_int_equal(tl_session_start(session, NULL), 0);
	assert_int_equal(fake.shared->events[T_ONE].subs, bit_of(sub));
}

static void keeps_a_budget(void **state)
{
	struct tl_error err;

	(void)state;
	assert_int_equal(tl_session_budget(session, 1.5, &err), -EINVAL);
	assert_string_equal(err.message, "budget: a share from 0 to 1 of each CPU's time");
	assert_int_equal(tl_session_budget(session, -0.1, &err), -EINVAL);
	assert_int_equal(tl_session_budget(session, 0.02, &err), 0);	/* before the start, too */
	must_subscribe(session, "t.one", NULL, "a");
	assert_int_equal(tl_session_start(session, NULL), 0);
	assert_int_equal(fake.shared->budget, 0.02 * TL_BUDGET_WINDOW);
	assert_int_equal(tl_session_budget(session, 1e-12, &err), 0);	/* something, but not nothing */
	assert_int_equal(fake.shared->budget, 1);
	assert_int_equal(tl_session_budget(session, 0, &err), 0);
	assert_int_equal(fake.shared->budget, 0);
}

static void falls_back_to_perf(void **state)
{
	(void)state;
	fake.fail = "ring";
	assert_int_equal(tl_session_start(session, NULL), 0);
	assert_int_equal(fake.config.use_perf, 1);
	assert_int_equal(fake_place("make tl_ring"), -1);
	assert_int_equal(fake_count("make tl_perf"), 1);
	assert_int_equal(channel_fake.pages * (size_t)sysconf(_SC_PAGESIZE), 512 << 10);
}

static void takes_the_channel_named(void **state)
{
	(void)state;
	session->channel_kind = TL_CHANNEL_PERF;
	session->ring_size = 100000;
	assert_int_equal(tl_session_start(session, NULL), 0);
	assert_int_equal(fake_place("ring"), -1);
	assert_int_equal(channel_fake.pages * (size_t)sysconf(_SC_PAGESIZE), 131072);
}

static const struct {
	const char *fail;
	int code, buffer_code, ret;
	const char *message;
} failures[] = {
	{ "btf", ENOENT, 0, -ENOTSUP, NULL },
	{ "load p_two", EPERM, 0, -EPERM, "the kernel does not let this user load BPF programs; "
					  "run as root, or with CAP_BPF and CAP_PERFMON" },
	{ "make tl_shared", ENOMEM, 0, -ENOMEM, NULL },
	{ NULL, 0, EMFILE, -EMFILE, "ring buffer: Too many open files" },
	{ "update tl_seeds 42", ENOSPC, 0, -ENOSPC,
	  "process 42: cannot be made a target: No space left on device" },
	{ "attach tl_follow_free", EBUSY, 0, -EBUSY,
	  "tl_follow_free: cannot be attached to tp_btf/x: Device or resource busy" },
	{ "attach p_two", EBUSY, 0, -EBUSY, "p_two: cannot be attached to tp_btf/x: Device or resource busy" },
};

static void a_failed_start_leaves_nothing(void **state)
{
	static const int pids[] = { 42 };

	(void)state;
	tl_session_close(session);
	for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++) {
		struct tl_subscription *sub;
		struct tl_error err = { 0 };
		int before = count_fds();

		session = open_session(false);
		assert_int_equal(subscribe_pids(session, "t.*", pids, 1, true, true, &sub, NULL), 0);
		fake.fail = failures[i].fail;
		fake.code = failures[i].code;
		channel_fake.code = failures[i].buffer_code;
		assert_int_equal(tl_session_start(session, &err), failures[i].ret);
		assert_int_equal(err.code, failures[i].ret);
		if (failures[i].message)
			assert_string_equal(err.message, failures[i].message);
		assert_int_equal(fake.objects + fake.links + channel_fake.open, 0);
		assert_int_equal(tl_session_fd(session), -1);
		assert_null(session->shared);
		assert_int_equal(count_fds(), before);
		assert_int_equal(tl_session_poll(session, 0, NULL), failures[i].ret);	/* tries again */
		fake_forget();
		channel_fake.code = 0;
		assert_int_equal(tl_session_start(session, &err), 0);
		assert_int_equal(fake.shared->events[T_TWO].subs, bit_of(sub));
		tl_subscription_stop(sub);
		tl_session_close(session);
	}
	session = NULL;
}

/* ---- poll ------------------------------------------------------------------------------------ */

static void polls(void **state)
{
	struct tl_subscription *sub = must_subscribe(session, "t.one", NULL, "a");

	(void)state;
	assert_int_equal(tl_session_poll(session, 0, NULL), 0);		/* starts by itself */
	assert_true(session->started);
	queue(3, bit_of(sub));
	assert_int_equal(tl_session_poll(session, -1, NULL), 3);	/* what is there needs no wait */
	assert_string_equal(heard.got, "aaa");
	assert_int_equal(tl_session_poll(session, 1, NULL), 0);
	channel_fake.code = EIO;
	assert_int_equal(tl_session_poll(session, 0, NULL), -EIO);
	channel_fake.code = 0;
}

static int nested;

static void poll_again(struct tl_subscription *sub, char letter)
{
	struct tl_error err;

	(void)sub;
	(void)letter;
	nested = tl_session_poll(session, 0, &err);
	assert_string_equal(err.message, "poll: called from a callback");
}

static void refuses_to_poll_in_a_callback(void **state)
{
	struct tl_subscription *sub = must_subscribe(session, "t.one", NULL, "a");

	(void)state;
	tl_session_start(session, NULL);
	heard.act = poll_again;
	queue(1, bit_of(sub));
	assert_int_equal(tl_session_poll(session, 0, NULL), 1);
	assert_int_equal(nested, -EBUSY);
}

static void interrupt_at_second(struct tl_subscription *sub, char letter)
{
	(void)letter;
	if (tl_subscription_seen(sub) == 2)
		tl_session_interrupt(session);
}

static void interrupts(void **state)
{
	struct tl_subscription *sub = must_subscribe(session, "t.one", NULL, "a");
	struct tl_error err;

	(void)state;
	tl_session_interrupt(session);		/* before the start: the next poll */
	assert_int_equal(tl_session_poll(session, -1, &err), -ECANCELED);
	assert_string_equal(err.message, "poll: interrupted");
	heard.act = interrupt_at_second;
	queue(5, bit_of(sub));
	assert_int_equal(tl_session_poll(session, -1, NULL), -ECANCELED);
	assert_string_equal(heard.got, "aa");
	assert_int_equal(tl_session_poll(session, -1, NULL), 3);
	tl_session_interrupt(session);
	assert_int_equal(tl_session_poll(session, 0, NULL), -ECANCELED);
	assert_int_equal(tl_session_poll(session, 0, NULL), 0);
}

static void replays(void **state)
{
	struct tl_session *other = open_session(true);
	struct tl_subscription *sub = must_subscribe(other, "t.one", NULL, "a");

	(void)state;
	assert_int_equal(tl_session_start(other, NULL), 0);
	assert_int_equal(tl_session_poll(other, -1, NULL), 0);
	assert_int_equal(feed(other, T_ONE, bit_of(sub)), 0);
	must_subscribe(other, "s.*", NULL, "b");
	tl_subscription_pause(sub);
	tl_subscription_resume(sub, NULL);
	tl_subscription_stop(sub);
	assert_int_equal(fake.n_calls, 0);
	assert_string_equal(heard.got, "a");
	tl_session_close(other);	/* with a live subscription */
}

static void replay_is_interrupted_too(void **state)
{
	struct tl_session *other = open_session(true);

	(void)state;
	tl_session_interrupt(other);
	assert_int_equal(tl_session_poll(other, -1, NULL), -ECANCELED);
	assert_int_equal(tl_session_poll(other, -1, NULL), 0);
	tl_session_close(other);
}

/* The owner of a session need not stop its subscriptions first. */
static void closes_with_live_subscriptions(void **state)
{
	static const int pids[] = { 42 };
	struct tl_subscription *sub;

	(void)state;
	must_subscribe(session, "t.one", NULL, "a");
	assert_int_equal(tl_session_start(session, NULL), 0);
	must_subscribe(session, "s.*[ab]", NULL, "b");
	assert_int_equal(subscribe_pids(session, "t.two", pids, 1, true, false, &sub, NULL), 0);
	tl_session_close(session);
	session = NULL;
	assert_int_equal(fake.objects + fake.links + channel_fake.open, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(asks_nothing_of_the_kernel),
		TEST(refuses_options),
		TEST(finds_events),
		TEST(starts_once),
		TEST(starts_with_nothing_asked),
		TEST(comes_to_rest),
		TEST(keeps_a_budget),
		TEST(falls_back_to_perf),
		TEST(takes_the_channel_named),
		TEST(a_failed_start_leaves_nothing),
		TEST(polls),
		TEST(refuses_to_poll_in_a_callback),
		TEST(interrupts),
		TEST(replays),
		TEST(replay_is_interrupted_too),
		TEST(closes_with_live_subscriptions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
