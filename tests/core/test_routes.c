/* SPDX-License-Identifier: MIT */
/* test_routes.c: tests core/routes.c through sessions on a libbpf that is none. */
/* link: -Wl,--wrap=bpf_object__open_mem,--wrap=bpf_object__close,--wrap=bpf_object__load */
/* link: -Wl,--wrap=bpf_object__next_program,--wrap=bpf_object__next_map,--wrap=bpf_program__name */
/* link: -Wl,--wrap=bpf_program__section_name,--wrap=bpf_program__autoload,--wrap=bpf_program__set_autoload */
/* link: -Wl,--wrap=bpf_program__fd,--wrap=bpf_program__attach,--wrap=bpf_link__destroy,--wrap=bpf_map__name */
/* link: -Wl,--wrap=bpf_map__fd,--wrap=bpf_map__set_autocreate,--wrap=bpf_map__set_max_entries */
/* link: -Wl,--wrap=bpf_map__reuse_fd,--wrap=bpf_map__set_initial_value,--wrap=bpf_map_lookup_elem */
/* link: -Wl,--wrap=bpf_map_update_elem,--wrap=bpf_map_delete_elem,--wrap=bpf_map_get_next_key */
/* link: -Wl,--wrap=libbpf_num_possible_cpus,--wrap=bpf_obj_get_info_by_fd,--wrap=bpf_prog_test_run_opts,--wrap=kill */
/* link: -Wl,--wrap=tl_has_btf,--wrap=tl_has_ring_buffer,--wrap=tl_has_task_storage */
/* link: -Wl,--wrap=ring_buffer__new,--wrap=ring_buffer__free,--wrap=ring_buffer__epoll_fd,--wrap=ring_buffer__consume */
/* link: -Wl,--wrap=perf_buffer__new_raw,--wrap=perf_buffer__free,--wrap=perf_buffer__epoll_fd */
/* link: -Wl,--wrap=perf_buffer__buffer_cnt,--wrap=perf_buffer__consume_buffer */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <signal.h>
#include <ucontext.h>

#include "session_fixture.h"

static struct tl_session *session;
static struct tl_shared *shared;

static int set_up(void **state)
{
	struct tl_error err = { 0 };

	(void)state;
	memset(&heard, 0, sizeof(heard));
	session = open_session(false);
	if (tl_session_start(session, &err))
		fail_msg("%s", err.message);
	shared = fake.shared;
	fake_forget();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	fake.look = NULL;
	for (int i = 0; i < TL_SUBS_MAX; i++)
		tl_subscription_stop(session->subs[i]);
	tl_session_close(session);
	return fake.objects || fake.links || channel_fake.open;
}

static uint64_t subs_of_call(int nr)
{
	return shared->exit_routes[nr].subs;
}

static const char *handler(int nr, int place)
{
	for (size_t i = 0; i < session->programs.n; i++)
		if (session->programs.list[i].slot && session->programs.list[i].slot == shared->exit_routes[nr].handlers[place])
			return session->programs.list[i].name;
	return "";
}

static bool is_attached(const char *name)
{
	const struct tl_program *program = tl_programs_find(&session->programs, name);

	return program && program->link;
}

static void assert_idle(void)
{
	assert_int_equal(shared->everyone, 0);
	for (int i = 0; i < TL_EVENTS_MAX; i++)
		assert_true(!shared->events[i].subs && !shared->events[i].fields);
	for (int i = 0; i < TL_SYSCALLS_MAX; i++)
		assert_true(!subs_of_call(i) && !shared->exit_routes[i].fields && !shared->exit_routes[i].timed &&
			    !shared->enter_subs[i]);
	assert_int_equal(fake.links, 0);
	assert_int_equal(count_subs(session), 0);
}

/* ---- what is written ------------------------------------------------------------------------- */

static void starts_with_nothing(void **state)
{
	(void)state;
	assert_idle();
}

static void routes_a_plain_event(void **state)
{
	struct tl_subscription *sub = must_subscribe(session, "t.one", "n", "a");

	(void)state;
	assert_int_equal(shared->everyone, bit_of(sub));
	assert_int_equal(shared->events[T_ONE].subs, bit_of(sub));
	assert_int_equal(shared->events[T_ONE].fields, TL_BIT(10));
	assert_int_equal(shared->events[T_TWO].subs, 0);
	assert_int_equal(fake.links, 1);
	assert_true(is_attached("p_one"));
	tl_subscription_stop(sub);
	assert_idle();
}

static void routes_a_call(void **state)
{
	struct tl_subscription *sub = must_subscribe(session, "s.a", "ret", "a");

	(void)state;
	assert_int_equal(subs_of_call(1), bit_of(sub));
	assert_int_equal(shared->exit_routes[1].fields, TL_BIT(10));
	assert_int_equal(shared->exit_routes[1].timed, 0);
	assert_int_equal(shared->enter_subs[1], 0);
	assert_string_equal(handler(1, 0), "h_a");
	assert_string_equal(handler(1, 1), "");
	assert_true(is_attached("tl_sys_exit"));
	assert_null(tl_programs_find(&session->programs, "tl_sys_enter"));	/* nobody pays for it */
	tl_subscription_stop(sub);
	assert_idle();
}

static void entry_is_for_those_who_want_it(void **state)
{
	struct tl_subscription *plain = must_subscribe(session, "s.a", "ret", "a");
	struct tl_subscription *timed = must_subscribe(session, "s.a", "duration", "b");

	(void)state;
	assert_int_equal(subs_of_call(1), bit_of(plain) | bit_of(timed));
	assert_int_equal(shared->enter_subs[1], bit_of(timed));
	assert_int_equal(shared->exit_routes[1].timed, 1);
	assert_int_equal(shared->exit_routes[1].fields, TL_BIT(10) | TL_BIT(11));
	assert_true(is_attached("tl_sys_enter"));
	tl_subscription_stop(timed);
	assert_int_equal(shared->enter_subs[1], 0);
	assert_int_equal(shared->exit_routes[1].timed, 0);
	assert_int_equal(shared->exit_routes[1].fields, TL_BIT(10));
	assert_false(is_attached("tl_sys_enter"));
	assert_true(is_attached("tl_sys_exit"));
	tl_subscription_stop(plain);
	assert_idle();
}

/* '-' in the catalogue: whatever fields are wanted. */
static void entry_may_be_always_wanted(void **state)
{
	struct tl_subscription *sub = must_subscribe(session, "s.b", "ret", "a");

	(void)state;
	assert_int_equal(shared->enter_subs[2], bit_of(sub));
	assert_int_equal(shared->enter_subs[1], 0);
	assert_int_equal(subs_of_call(1) & subs_of_call(2), bit_of(sub));
}

static void entries_before_a_pause_are_of_another_time(void **state)
{
	struct tl_subscription *sub = must_subscribe(session, "s.a", NULL, "a");
	uint64_t since = shared->enter_since;

	(void)state;
	assert_true(since > 0 && since <= tl_now());
	tl_subscription_pause(sub);
	tl_subscription_resume(sub, NULL);
	assert_true(shared->enter_since > since);
	since = shared->enter_since;
	must_subscribe(session, "s.a", NULL, "b");	/* the hook stays: so do its times */
	assert_int_equal(shared->enter_since, since);
}

static void several_want_one_event(void **state)
{
	struct tl_subscription *a = must_subscribe(session, "t.one", "n", "a");
	struct tl_subscription *b = must_subscribe(session, "t.one", "pid", "b");
	struct tl_subscription *c = must_subscribe(session, "t.*", "pid", "c");

	(void)state;
	assert_int_equal(shared->events[T_ONE].subs, bit_of(a) | bit_of(b) | bit_of(c));
	assert_int_equal(shared->events[T_ONE].fields, TL_BIT(10) | TL_BIT(TL_F_PID));
	assert_int_equal(fake_count("attach p_one"), 1);
	tl_subscription_stop(a);
	assert_int_equal(shared->events[T_ONE].fields, TL_BIT(TL_F_PID));
	tl_subscription_stop(c);
	assert_false(is_attached("p_two"));
	assert_true(is_attached("p_one"));
	tl_subscription_stop(b);
	assert_idle();
}

/* ---- chains ---------------------------------------------------------------------------------- */

static void chains_never_move(void **state)
{
	struct tl_subscription *a = must_subscribe(session, "s.a", NULL, "a");
	struct tl_subscription *b = must_subscribe(session, "s.b", NULL, "b");
	struct tl_subscription *c = must_subscribe(session, "s.c", NULL, "c");

	(void)state;
	tl_subscription_stop(a);
	assert_string_equal(handler(1, 0), "h_a");	/* it may be under way on another CPU */
	assert_string_equal(handler(1, 1), "h_b");
	tl_subscription_stop(b);
	must_subscribe(session, "s.d", NULL, "d");
	assert_string_equal(handler(1, 0), "h_a");
	assert_string_equal(handler(1, 2), "h_c");
	assert_string_equal(handler(1, 3), "h_d");
	tl_subscription_stop(c);
	must_subscribe(session, "s.b", NULL, "b");	/* comes back to its place */
	assert_string_equal(handler(1, 1), "h_b");
	assert_string_equal(handler(1, 4), "");
	assert_string_equal(handler(2, 0), "h_b");
	assert_int_equal(fake_count("update tl_exit_handlers 1"), 1);
	assert_int_equal(fake_count("update tl_exit_handlers 5"), 0);
}

static void a_chain_has_an_end(void **state)
{
	struct tl_subscription *sub, *six;
	struct tl_error err;

	(void)state;
	assert_int_equal(subscribe(session, "s.*", NULL, "a", &sub, &err), -ENOSPC);	/* h_a to h_g on call 1 */
	assert_string_equal(err.message, "system call 1: more than 6 handlers");
	assert_idle();
	six = must_subscribe(session, "s.[a-f]", NULL, "a");
	tl_subscription_stop(six);
	assert_int_equal(subscribe(session, "s.g", NULL, "a", &sub, &err), -ENOSPC);
	assert_string_equal(err.message, "h_g: more than 6 handlers on one system call");
	assert_null(sub);
	assert_idle();
	must_subscribe(session, "s.f", NULL, "a");
	assert_string_equal(handler(1, 5), "h_f");
}

/* ---- order ----------------------------------------------------------------------------------- */

static const int pids[] = { 42, 43 };

static void attaches_followers_first(void **state)
{
	struct tl_subscription *sub;

	(void)state;
	must_subscribe(session, "t.one", NULL, "a");
	assert_int_equal(subscribe_pids(session, "[ts].[oa]*", pids, 2, true, true, &sub, NULL), 0);
	assert_true(fake_place("update tl_targets 43") < fake_place("attach tl_follow_fork"));
	assert_true(fake_place("update tl_targets 42") >= 0);
	assert_true(fake_place("attach tl_follow_fork") < fake_place("attach tl_follow_exec"));
	assert_true(fake_place("attach tl_follow_exec") < fake_place("attach tl_follow_free"));
	assert_true(fake_place("attach tl_follow_free") < fake_place("attach tl_sys_enter"));
	assert_true(fake_place("attach tl_sys_enter") < fake_place("attach tl_sys_exit"));
	assert_true(fake_place("update tl_exit_handlers 1") < fake_place("attach tl_sys_exit"));
	assert_true(fake_place("attach tl_sys_enter") >= 0);
	assert_int_equal(shared->everyone & bit_of(sub), 0);
}

static void follows_as_far_as_asked(void **state)
{
	struct tl_subscription *sub;

	(void)state;
	assert_int_equal(subscribe_pids(session, "t.one", pids, 2, false, false, &sub, NULL), 0);
	assert_true(is_attached("tl_follow_free"));
	assert_int_equal(fake.links, 2);
	tl_subscription_stop(sub);
	assert_idle();
	assert_int_equal(fake_count("delete tl_targets 42"), 1);
	assert_true(fake_place("detach p_one") < fake_place("delete tl_targets 42"));
	for (int i = 0; i < TL_PIDS_MAX; i++)
		assert_int_equal(shared->target_filter[i], 0);
}

static void a_paused_one_keeps_its_targets_true(void **state)
{
	struct tl_subscription *sub;

	(void)state;
	assert_int_equal(subscribe_pids(session, "t.one", pids, 2, true, false, &sub, NULL), 0);
	tl_subscription_pause(sub);
	assert_true(is_attached("tl_follow_fork") && is_attached("tl_follow_free"));
	assert_false(is_attached("p_one"));
	assert_int_equal(shared->events[T_ONE].subs, 0);
	assert_int_equal(fake_place("delete tl_targets 42"), -1);
	assert_int_equal(tl_subscription_resume(sub, NULL), 0);
	assert_int_equal(shared->events[T_ONE].subs, bit_of(sub));
	assert_true(is_attached("p_one"));
}

/* Nothing is wanted of a hook that is not attached, and of a process that is no target yet. */
static void look_at_calls(const char *call)
{
	if (!strcmp(call, "attach p_one") || !strcmp(call, "detach p_one"))
		assert_int_equal(shared->events[T_ONE].subs, 0);
	if (!strcmp(call, "attach tl_sys_exit") || !strcmp(call, "detach tl_sys_exit"))
		assert_int_equal(subs_of_call(1) | shared->everyone, 0);
	if (!strcmp(call, "attach tl_sys_exit"))
		assert_int_not_equal(shared->exit_routes[1].handlers[0], 0);
	if (!strncmp(call, "update tl_targets", 17) || !strncmp(call, "delete tl_targets", 17))
		assert_int_equal(shared->events[T_ONE].subs | subs_of_call(1), 0);
}

static void wants_nothing_before_it_can_come(void **state)
{
	struct tl_subscription *sub;

	(void)state;
	fake.look = look_at_calls;
	tl_subscription_stop(must_subscribe(session, "[ts].[oa]*", NULL, "a"));
	assert_int_equal(subscribe_pids(session, "[ts].[oa]*", pids, 2, true, true, &sub, NULL), 0);
	tl_subscription_stop(sub);
	assert_idle();
}

#ifdef __x86_64__
/*
 * Every write to the shared memory is seen by itself: the memory is read-only, the fault lets one
 * instruction through, and after it what the kernel side could see must make sense.
 */
static unsigned int n_writes, n_wrong;

static void protect(int flags)
{
	mprotect(session->shared, sizeof(*shared), flags);
}

static void on_fault(int signal, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	(void)signal;
	if ((char *)info->si_addr < (char *)session->shared || (char *)info->si_addr >= (char *)(session->shared + 1))
		abort();
	protect(PROT_READ | PROT_WRITE);
	uc->uc_mcontext.gregs[REG_EFL] |= 0x100;	/* trap after this instruction */
}

static void on_step(int signal, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	uint64_t called = 0;

	(void)signal;
	(void)info;
	uc->uc_mcontext.gregs[REG_EFL] &= ~0x100;
	n_writes++;
	for (int nr = 1; nr <= 3; nr++) {
		const struct tl_route *route = &shared->exit_routes[nr];

		called |= route->subs;
		n_wrong += route->subs && (!route->fields || !route->handlers[0]);
		n_wrong += (route->subs & shared->enter_subs[nr]) && !route->timed;
	}
	for (int i = 0; i < EVENTS; i++)
		n_wrong += shared->events[i].subs && !shared->events[i].fields;
	/* Whoever comes through a call finds its event wanted: bits of events first, calls last. */
	n_wrong += called & ~(shared->events[S_A].subs | shared->events[S_B].subs);
	protect(PROT_READ);
}

static void writes_in_order(void **state)
{
	struct sigaction fault = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO }, old_fault;
	struct sigaction step = { .sa_sigaction = on_step, .sa_flags = SA_SIGINFO }, old_step;
	struct tl_subscription *a, *b;

	(void)state;
	sigaction(SIGSEGV, &fault, &old_fault);
	sigaction(SIGTRAP, &step, &old_step);
	protect(PROT_READ);
	a = must_subscribe(session, "s.a", NULL, "a");
	b = must_subscribe(session, "s.b", NULL, "b");
	tl_subscription_pause(a);
	tl_subscription_resume(a, NULL);
	tl_subscription_stop(a);
	a = must_subscribe(session, "s.a", NULL, "a");
	tl_subscription_stop(b);
	tl_subscription_stop(a);
	protect(PROT_READ | PROT_WRITE);
	sigaction(SIGSEGV, &old_fault, NULL);
	sigaction(SIGTRAP, &old_step, NULL);
	assert_true(n_writes > 1000);
	assert_int_equal(n_wrong, 0);
	assert_idle();
}
#endif

/* ---- unwinding ------------------------------------------------------------------------------- */

static const struct {
	const char *fail;
	int code;
	const char *message;
} failures[] = {
	{ "open 0", ENOMEM, NULL },
	{ "load h_b", EINVAL, NULL },
	{ "make own_of_p_two", ENOMEM, NULL },
	{ "update tl_exit_handlers 2", E2BIG,
	  "h_b: cannot be put into the tail-call table: Argument list too long" },
	{ "attach tl_follow_fork", EINVAL, "tl_follow_fork: cannot be attached to tp_btf/x: Invalid argument" },
	{ "attach p_two", ENODEV, "p_two: cannot be attached to tp_btf/x: No such device" },
	{ "attach tl_sys_enter", EBUSY, "tl_sys_enter: cannot be attached to tp_btf/x: Device or resource busy" },
	{ "attach tl_sys_exit", EBUSY, "tl_sys_exit: cannot be attached to tp_btf/x: Device or resource busy" },
	{ "update tl_targets 43", ENOSPC, "process 43: cannot be made a target: No space left on device" },
};

static void unwinding_leaves_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++) {
		struct tl_subscription *sub = NULL;
		struct tl_error err = { 0 };
		int ret, objects;

		set_up(state);
		objects = fake.objects;
		fake.fail = failures[i].fail;
		fake.code = failures[i].code;
		ret = subscribe_pids(session, "[st].[abot]*", pids, 2, true, true, &sub, &err);
		if (ret >= 0 || err.code >= 0 || !err.message[0])
			fail_msg("%s: %d (%d) %s", failures[i].fail, ret, err.code, err.message);
		if (failures[i].message) {
			assert_int_equal(ret, -failures[i].code);
			assert_string_equal(err.message, failures[i].message);
		}
		assert_null(sub);
		assert_idle();
		for (int k = 0; k < TL_PIDS_MAX; k++)
			assert_int_equal(shared->target_filter[k], 0);
		assert_true(fake.objects <= objects + 1);	/* what was loaded may stay for the next try */
		fake_forget();
		assert_int_equal(subscribe_pids(session, "[st].[abot]*", pids, 2, true, true, &sub, &err), 0);
		assert_int_equal(subs_of_call(1), bit_of(sub));
		assert_int_equal(tear_down(state), 0);
	}
}

static void a_failure_leaves_others_alone(void **state)
{
	struct tl_subscription *good = must_subscribe(session, "t.one", NULL, "a"), *sub;

	(void)state;
	fake.fail = "attach p_two";
	fake.code = EBUSY;
	assert_int_equal(subscribe(session, "t.two", NULL, "b", &sub, NULL), -EBUSY);
	assert_int_equal(shared->events[T_ONE].subs, bit_of(good));
	assert_int_equal(shared->events[T_TWO].subs, 0);
	assert_true(is_attached("p_one"));
	assert_int_equal(fake_place("detach p_one"), -1);
}

/* Else it would stand in the way of every later change. */
static void a_failed_resume_stays_paused(void **state)
{
	struct tl_subscription *sub = must_subscribe(session, "t.*", NULL, "a");

	(void)state;
	tl_subscription_pause(sub);
	fake_forget();
	fake.fail = "attach p_two";
	fake.code = EBUSY;
	assert_int_equal(tl_subscription_resume(sub, NULL), -EBUSY);
	assert_true(sub->paused);
	assert_false(is_attached("p_one"));
	must_subscribe(session, "s.a", NULL, "b");
	fake_forget();
	assert_int_equal(tl_subscription_resume(sub, NULL), 0);
	assert_int_equal(shared->events[T_TWO].subs, bit_of(sub));
}

/* ---- any order ------------------------------------------------------------------------------- */

static const char *const globs[] = { "t.one", "t.*", "s.a", "s.b", "[ts].[abo]*" };

static void assert_plan(struct tl_subscription *const *subs, size_t n)
{
	uint64_t one = 0, a = 0, b = 0, two = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t bit = subs[i] && !subs[i]->paused ? bit_of(subs[i]) : 0;

		one |= i == 0 || i == 1 || i == 4 ? bit : 0;
		two |= i == 1 ? bit : 0;
		a |= i == 2 || i == 4 ? bit : 0;
		b |= i == 3 || i == 4 ? bit : 0;
	}
	assert_int_equal(shared->events[T_ONE].subs, one);
	assert_int_equal(shared->events[T_TWO].subs, two);
	assert_int_equal(subs_of_call(1), a | b);
	assert_int_equal(subs_of_call(2), b);
	assert_int_equal(shared->enter_subs[1], a);
	assert_int_equal(shared->everyone, one | two | a | b);
	assert_int_equal(is_attached("p_one"), !!one);
	assert_int_equal(is_attached("p_two"), !!two);
	assert_int_equal(is_attached("tl_sys_exit"), !!(a | b));
	assert_int_equal(is_attached("tl_sys_enter"), !!(a | b));
}

static void come_and_go_in_any_order(void **state)
{
	struct tl_subscription *subs[5] = { NULL };
	unsigned int dice = 1;

	(void)state;
	for (int i = 0; i < 400; i++) {
		struct tl_subscription **sub = &subs[(dice = dice * 1103515245 + 12345) / 65536 % 5];
		unsigned int what = (dice = dice * 1103515245 + 12345) / 65536 % 3;

		if (!*sub) {
			*sub = must_subscribe(session, globs[sub - subs], NULL, "a");
		} else if (!what) {
			tl_subscription_stop(*sub);
			*sub = NULL;
		} else if (what == 1) {
			tl_subscription_pause(*sub);
		} else {
			assert_int_equal(tl_subscription_resume(*sub, NULL), 0);
		}
		assert_plan(subs, 5);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(starts_with_nothing),
		TEST(routes_a_plain_event),
		TEST(routes_a_call),
		TEST(entry_is_for_those_who_want_it),
		TEST(entry_may_be_always_wanted),
		TEST(entries_before_a_pause_are_of_another_time),
		TEST(several_want_one_event),
		TEST(chains_never_move),
		TEST(a_chain_has_an_end),
		TEST(attaches_followers_first),
		TEST(follows_as_far_as_asked),
		TEST(a_paused_one_keeps_its_targets_true),
		TEST(wants_nothing_before_it_can_come),
#ifdef __x86_64__
		TEST(writes_in_order),
#endif
		cmocka_unit_test(unwinding_leaves_nothing),
		TEST(a_failure_leaves_others_alone),
		TEST(a_failed_resume_stays_paused),
		TEST(come_and_go_in_any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
