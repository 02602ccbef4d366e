/* SPDX-License-Identifier: MIT */
/* test_subscription.c: tests core/session/subscription.c. */
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

static int replay(void **state)
{
	(void)state;
	memset(&heard, 0, sizeof(heard));
	session = open_session(true);
	return 0;
}

static int started(void **state)
{
	(void)state;
	memset(&heard, 0, sizeof(heard));
	session = open_session(false);
	return tl_session_start(session, NULL);
}

static int tear_down(void **state)
{
	(void)state;
	for (int i = 0; i < TL_SUBS_MAX; i++)
		tl_subscription_stop(session->subs[i]);
	tl_session_close(session);
	return fake.objects || fake.links || channel_fake.open;
}

/* ---- names ----------------------------------------------------------------------------------- */

static void resolves_names(void **state)
{
	const char *events[] = { "s.b", "t.*", "s.b", NULL }, *fields[] = { "pid", "ret", NULL };
	struct tl_subscribe_opts opts = { .sz = sizeof(opts), .events = events, .fields = fields, .fn = hear };
	struct tl_subscription *sub;

	(void)state;
	assert_int_equal(tl_subscribe(session, &opts, &sub, NULL), 0);
	assert_int_equal(sub->n_events, 3);
	assert_int_equal(sub->events[0], T_ONE);	/* ascending, each once */
	assert_int_equal(sub->events[1], T_TWO);
	assert_int_equal(sub->events[2], S_B);
	assert_int_equal(sub->fields[0], TL_BIT(TL_F_PID));	/* it has no `ret` */
	assert_int_equal(sub->fields[2], TL_BIT(TL_F_PID) | TL_BIT(10));
	tl_subscription_stop(sub);
	opts.fields = NULL;
	assert_int_equal(tl_subscribe(session, &opts, &sub, NULL), 0);
	assert_int_equal(sub->fields[1], ~TL_IDENTITY_FIELDS);
}

static const struct {
	const char *name;
	uint64_t events;
} short_names[] = {
	{ "desc", TL_BIT(C_OPEN) | TL_BIT(C_CLOSE) | TL_BIT(SYSCALL_PROCESS) },
	{ "%desc", TL_BIT(C_OPEN) | TL_BIT(C_CLOSE) | TL_BIT(SYSCALL_PROCESS) },
	{ "file", TL_BIT(C_OPEN) }, { "%filesystem", TL_BIT(C_SAVED) },
	{ "process", TL_BIT(SYSCALL_PROCESS) },		/* a call comes before a class */
	{ "%process", TL_BIT(C_EXIT) | TL_BIT(C_SAVED) },
};

static void resolves_calls_and_classes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(short_names) / sizeof(*short_names); i++) {
		struct tl_subscription *sub = must_subscribe(session, short_names[i].name, NULL, "a");
		uint64_t events = 0;

		for (size_t k = 0; k < sub->n_events; k++)
			events |= TL_BIT(sub->events[k]);
		assert_int_equal(events, short_names[i].events);
		tl_subscription_stop(sub);
	}
}

static void takes_a_payload(void **state)
{
	const char *events[] = { "t.one", NULL };
	struct tl_subscribe_opts opts = { .sz = sizeof(opts), .events = events, .fn = hear };
	struct tl_subscription *sub;
	struct tl_error err;

	(void)state;
	assert_int_equal(tl_subscribe(session, &opts, &sub, NULL), 0);
	assert_int_equal(sub->payload, TL_PAYLOAD);
	opts.payload = TL_STR_MAX;
	assert_int_equal(tl_subscribe(session, &opts, &sub, NULL), 0);
	assert_int_equal(sub->payload, TL_STR_MAX);
	opts.payload = TL_STR_MAX + 1;
	assert_int_equal(tl_subscribe(session, &opts, &sub, &err), -EINVAL);
	assert_string_equal(err.message, "payload: 4097 bytes; 4096 are the most that a field holds");
	assert_null(sub);
	opts.payload = TL_NO_PAYLOAD;
	assert_int_equal(tl_subscribe(session, &opts, &sub, NULL), 0);
	assert_int_equal(sub->payload, 0);
}

static const struct {
	const char *event, *field;
	int code;
	const char *message;
} refused[] = {
	{ "t.oen", NULL, -ENOENT, "t.oen: no such event; did you mean t.one?" },
	{ "something", NULL, -ENOENT, "something: no such event; --list shows them all" },
	{ "x.*", NULL, -ENOENT, "x.*: matches no event; --list shows them all" },
	{ "", NULL, -EINVAL, NULL },
	{ "%fil", NULL, -ENOENT, "%fil: no such event; --list shows them all" },
	{ "system", NULL, -ENOENT, "system: no such event; --list shows them all" },
	{ "file desc", NULL, -ENOENT, NULL },
	{ "%", NULL, -ENOENT, "%: no such event; --list shows them all" },
	{ "%%file", NULL, -ENOENT, NULL },
	{ "t.[o", NULL, -EINVAL, NULL },
	{ NULL, NULL, -EINVAL, "events: none named" },
	{ "s.a", "duraton", -ENOENT, "duraton: s.a has no such field; did you mean duration?" },
	{ "t.*", "duration", -ENOENT, "duration: t.one has no such field; --describe t.one shows them all" },
};

static void refuses_names(void **state)
{
	struct tl_subscribe_opts none = { .sz = sizeof(none), .fn = hear };
	struct tl_subscription *sub;
	struct tl_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		int code = subscribe(session, refused[i].event, refused[i].field, "a", &sub, &err);

		assert_int_equal(code, refused[i].code);
		assert_int_equal(err.code, code);
		if (refused[i].message)
			assert_string_equal(err.message, refused[i].message);
		assert_null(sub);
		assert_int_equal(subscribe(session, refused[i].event, refused[i].field, "a", &sub, NULL), code);
	}
	assert_int_equal(tl_subscribe(session, &none, &sub, &err), -EINVAL);
	none.fn = NULL;
	assert_int_equal(tl_subscribe(session, &none, &sub, &err), -EINVAL);
	assert_string_equal(err.message, "fn: give a callback, or an aggregate");
	assert_int_equal(count_subs(session), 0);
}

static void refuses_pids(void **state)
{
	static const int pids[] = { 1, 42, -1 };
	struct tl_subscription *sub;
	struct tl_error err;

	(void)state;
	fake.dead = 42;
	assert_int_equal(subscribe_pids(session, "t.one", pids, 0, false, false, &sub, &err), -EINVAL);
	assert_string_equal(err.message, "pids: an empty list names no process");
	assert_int_equal(subscribe_pids(session, "t.one", pids, 2, false, false, &sub, &err), -ESRCH);
	assert_string_equal(err.message, "process 42: no such process");
	assert_int_equal(subscribe_pids(session, "t.one", pids + 2, 1, false, false, &sub, &err), -EINVAL);
	assert_null(sub);
	assert_int_equal(count_subs(session), 0);
	assert_int_equal(subscribe_pids(session, "t.one", pids, 1, false, false, &sub, &err), 0);
}

/* A recording's processes ended long ago. */
static void replay_asks_for_no_process(void **state)
{
	static const int pids[] = { 42 };
	struct tl_subscription *sub;

	(void)state;
	fake.dead = 42;
	assert_int_equal(subscribe_pids(session, "t.one", pids, 1, true, true, &sub, NULL), 0);
	assert_int_equal(fake.n_calls, 0);
}

/* ---- bits ------------------------------------------------------------------------------------ */

static void gives_bits_in_turn(void **state)
{
	struct tl_subscription *kept = must_subscribe(session, "t.one", NULL, "a");

	(void)state;
	for (unsigned int i = 1; i < 3 * TL_SUBS_MAX; i++) {
		struct tl_subscription *sub = must_subscribe(session, "t.one", NULL, "b");
		unsigned int turn = (i - 1) % (TL_SUBS_MAX - 1);	/* the kept one's is passed over */

		assert_int_equal(sub->bit, (kept->bit + 1 + turn) % TL_SUBS_MAX);
		tl_subscription_stop(sub);
	}
}

static void refuses_the_65th(void **state)
{
	struct tl_subscription *sub;
	struct tl_error err;
	uint64_t bits = 0;

	(void)state;
	for (int i = 0; i < TL_SUBS_MAX; i++)
		bits |= bit_of(must_subscribe(session, "t.one", NULL, "a"));
	assert_int_equal(bits, UINT64_MAX);
	assert_int_equal(subscribe(session, "t.one", NULL, "a", &sub, &err), -ENOSPC);
	assert_string_equal(err.message,
			    "subscription: there are 64 already, the most a session can have; stop one");
	assert_null(sub);
	tl_subscription_stop(session->subs[17]);
	assert_int_equal(must_subscribe(session, "t.one", NULL, "a")->bit, 17);
}

/* What is on its way to a bit's former owner does not reach the new one. */
static void since_guards_a_reused_bit(void **state)
{
	struct tl_subscription *old = must_subscribe(session, "t.one", NULL, "a"), *new = NULL;
	struct sample sample = make_sample(T_ONE, bit_of(old), tl_now());
	uint32_t epoch = fake.shared->epoch;
	unsigned int bit = old->bit;

	(void)state;
	tl_subscription_stop(old);
	while (!new || new->bit != bit) {
		tl_subscription_stop(new);
		new = must_subscribe(session, "t.one", NULL, "b");
	}
	assert_true(new->since > sample.head.time);
	assert_int_equal(fake.shared->epoch, epoch + TL_SUBS_MAX);
	tl_session_feed(session, &sample, sizeof(sample), NULL);
	assert_string_equal(heard.got, "");
	sample.head.time = tl_now();
	tl_session_feed(session, &sample, sizeof(sample), NULL);
	assert_string_equal(heard.got, "b");
}

static void new_owner_inherits_no_loss(void **state)
{
	struct tl_subscription *sub;

	(void)state;
	fake.losses[0] = (struct fake_loss){ TL_BIT(1) | TL_BIT(7), { 5, 2 } };
	sub = must_subscribe(session, "t.one", NULL, "a");
	assert_int_equal(sub->bit, 1);
	assert_int_equal(tl_subscription_lost(sub), 0);
	fake.losses[0].lost[1] = 6;
	assert_int_equal(tl_subscription_lost(sub), 4);
}

static const struct {
	bool follow, at_exec;
} ways[] = { { false, false }, { true, false }, { false, true }, { true, true } };

static void names_targets(void **state)
{
	static const int pids[] = { 42 };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct tl_subscription *sub;
		struct tl_target *target;

		assert_int_equal(subscribe_pids(session, "t.one", pids, 1, ways[i].follow, ways[i].at_exec, &sub, NULL), 0);
		target = &fake_entry(session->targets.map_fd, 42)->target;
		assert_int_equal(target->mask, ways[i].at_exec ? 0 : bit_of(sub));
		assert_int_equal(!!target->gives, ways[i].follow && !ways[i].at_exec);
		assert_int_equal(!!target->at_exec, ways[i].at_exec);
		assert_int_equal(!!target->marks, !ways[i].at_exec);
		tl_subscription_stop(sub);
		assert_null(fake_entry(session->targets.map_fd, 42));
	}
}

static void changes_its_target(void **state)
{
	static const int pids[] = { 42 };
	static const uint64_t other[] = { 43 };
	const struct tl_selector target = { .kind = TL_SELECT_PID, .n = 1, .numbers = other };
	struct tl_member members[4];
	struct tl_subscription *sub;
	struct tl_error err;

	(void)state;
	assert_int_equal(subscribe_pids(session, "t.one", pids, 1, false, false, &sub, NULL), 0);
	assert_int_equal(tl_subscription_target(sub, &target, false, NULL), 0);
	assert_null(fake_entry(session->targets.map_fd, 42));
	assert_int_equal(fake_entry(session->targets.map_fd, 43)->target.mask, bit_of(sub));
	fake.dead = 43;
	assert_int_equal(tl_subscription_target(sub, &target, false, &err), -ESRCH);
	assert_string_equal(err.message, "process 43: no such process");
	assert_int_equal(tl_session_targets(session, members, 4, NULL), 0);	/* it is gone */
	fake.dead = 0;
	assert_int_equal(tl_subscription_target(sub, NULL, false, NULL), 0);
	assert_int_equal(fake.shared->everyone, bit_of(sub));
	assert_int_equal(tl_session_targets(session, members, 4, NULL), 0);
}

static void tells_who_is_in(void **state)
{
	static const int pids[] = { 43, 42 };
	struct tl_member members[4];
	struct tl_subscription *sub, *other;

	(void)state;
	assert_int_equal(subscribe_pids(session, "t.one", pids, 2, true, false, &sub, NULL), 0);
	assert_int_equal(subscribe_pids(session, "t.one", pids, 1, false, false, &other, NULL), 0);
	assert_int_equal(tl_session_targets(session, NULL, 0, NULL), 2);
	assert_int_equal(tl_session_targets(session, members, 4, NULL), 2);
	assert_int_equal(members[0].pid, 42);
	assert_int_equal(members[0].subs, tl_subscription_bit(sub));
	assert_string_equal(members[0].why, "pid 43,42");
	assert_int_equal(members[1].subs, bit_of(sub) | bit_of(other));
	assert_string_equal(members[1].why, "pid 43,42, pid 43");
}

static void a_process_that_goes_meanwhile(void **state)
{
	static const int pids[] = { 42 };
	struct tl_subscription *sub;
	struct tl_error err;

	(void)state;
	fake.dies = 42;
	assert_int_equal(subscribe_pids(session, "t.one", pids, 1, false, false, &sub, &err), -ESRCH);
	assert_string_equal(err.message, "process 42: no such process");
	assert_null(fake_entry(session->targets.map_fd, 42));
	assert_int_equal(count_subs(session), 0);
}

/* ---- life ------------------------------------------------------------------------------------ */

static void stopping_nothing_is_harmless(void **state)
{
	(void)state;
	tl_subscription_stop(NULL);
}

static void pauses_twice(void **state)
{
	struct tl_subscription *sub = must_subscribe(session, "t.one", NULL, "a");

	(void)state;
	tl_subscription_pause(sub);
	tl_subscription_pause(sub);
	assert_int_equal(fake.shared->events[T_ONE].subs, 0);
	assert_int_equal(tl_subscription_resume(sub, NULL), 0);
	assert_int_equal(tl_subscription_resume(sub, NULL), 0);
	assert_int_equal(fake.shared->events[T_ONE].subs, bit_of(sub));
	assert_int_equal(fake_count("attach p_one"), 2);
}

static unsigned int feed_at(uint64_t time, uint64_t mask)
{
	struct sample sample = make_sample(T_ONE, mask, time);

	heard.got[0] = '\0';
	assert_int_equal(tl_session_feed(session, &sample, sizeof(sample), NULL), 0);
	return (unsigned int)strlen(heard.got);
}

/* While it was paused there was no verdict for it: what was on its way then has not been asked its `where`. */
static void gets_nothing_of_before_a_resume(void **state)
{
	struct tl_subscription *sub = must_subscribe(session, "t.one", NULL, "a");
	uint64_t before = tl_now();

	(void)state;
	assert_int_equal(tl_subscription_resume(sub, NULL), 0);	/* it was not paused */
	assert_int_equal(feed_at(before, bit_of(sub)), 1);
	tl_subscription_pause(sub);
	assert_int_equal(feed_at(before, bit_of(sub)), 0);
	assert_int_equal(tl_subscription_resume(sub, NULL), 0);
	assert_int_equal(feed_at(before, bit_of(sub)), 0);
	assert_int_equal(feed_at(tl_now(), bit_of(sub)), 1);
}

/* A record can name an aggregate that was paused or stopped while it was made. */
static void calls_nothing_for_an_aggregate(void **state)
{
	struct tl_subscription *sub = must_subscribe(session, "t.one", NULL, "a");
	struct tl_aggregate aggregate = { .outer = -1, .inner = -1 };

	(void)state;
	sub->aggregate = &aggregate;
	sub->fn = NULL;
	assert_int_equal(feed_at(tl_now(), bit_of(sub)), 0);
	assert_int_equal(session->unclaimed, 1);
	sub->aggregate = NULL;
}

static void stop_and_come_back(struct tl_subscription *sub, char letter)
{
	heard.act = NULL;
	if (letter != 'a')
		return;
	tl_subscription_stop(sub);
	must_subscribe(session, "t.two", NULL, "b");
}

static void changes_in_a_callback(void **state)
{
	struct tl_subscription *sub = must_subscribe(session, "t.one", NULL, "a");
	struct sample sample = make_sample(T_ONE, bit_of(sub), UINT64_MAX);

	(void)state;
	heard.act = stop_and_come_back;
	tl_session_feed(session, &sample, sizeof(sample), NULL);
	assert_int_equal(count_subs(session), 1);
	assert_int_equal(fake.shared->events[T_ONE].subs, 0);
	assert_int_equal(fake.shared->events[T_TWO].subs, TL_BIT(2));
	assert_null(session->stopped);
}

#define REPLAY(name)	cmocka_unit_test_setup_teardown(name, replay, tear_down)
#define STARTED(name)	cmocka_unit_test_setup_teardown(name, started, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		REPLAY(resolves_names), REPLAY(resolves_calls_and_classes), REPLAY(takes_a_payload), REPLAY(refuses_names), STARTED(refuses_names), STARTED(refuses_pids),
		REPLAY(replay_asks_for_no_process), REPLAY(gives_bits_in_turn), STARTED(gives_bits_in_turn),
		REPLAY(refuses_the_65th), STARTED(refuses_the_65th), STARTED(since_guards_a_reused_bit),
		STARTED(new_owner_inherits_no_loss), STARTED(names_targets),
		STARTED(changes_its_target), STARTED(tells_who_is_in), STARTED(a_process_that_goes_meanwhile),
		REPLAY(stopping_nothing_is_harmless), STARTED(pauses_twice), STARTED(changes_in_a_callback),
		STARTED(gets_nothing_of_before_a_resume), STARTED(calls_nothing_for_an_aggregate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
