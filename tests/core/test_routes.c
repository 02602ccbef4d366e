/* SPDX-License-Identifier: MIT */
/* test_routes.c: tests core/session/routes.c through sessions on a libbpf that is none. */
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

/* What happens at the begin and at the end of a system call. */
static struct tl_route *begin(int nr)
{
	return &shared->routes[TL_ENTER][nr];
}

static struct tl_route *end(int nr)
{
	return &shared->routes[TL_EXIT][nr];
}

static const char *handler(const struct tl_route *route, int place)
{
	for (size_t i = 0; i < session->programs.n; i++)
		if (session->programs.list[i].slot && session->programs.list[i].slot == route->handlers[place])
			return session->programs.list[i].name;
	return "";
}

static bool is_attached(const char *name)
{
	const struct tl_program *program = tl_programs_find(&session->programs, name);

	return program && program->link;
}

/* Handlers stay: see chains_never_move(). */
static void assert_idle_route(const struct tl_route *route)
{
	static const uint8_t nothing[TL_PARTS];

	assert_true(!route->subs && !route->fields && !route->work);
	assert_memory_equal(route->parts, nothing, sizeof(nothing));
}

static void assert_idle(void)
{
	assert_int_equal(shared->everyone, 0);
	for (int i = 0; i < TL_EVENTS_MAX; i++)
		assert_true(!shared->events[i].subs && !shared->events[i].fields && !shared->events[i].payload);
	for (int i = 0; i < TL_SYSCALLS_MAX; i++) {
		assert_idle_route(begin(i));
		assert_idle_route(end(i));
	}
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
	assert_int_equal(end(1)->subs, bit_of(sub));
	assert_int_equal(end(1)->fields, TL_BIT(10));
	assert_int_equal(end(1)->work, 0);
	assert_int_equal(begin(1)->subs, 0);
	assert_string_equal(handler(end(1), 0), "h_a");
	assert_string_equal(handler(end(1), 1), "");
	assert_true(is_attached("tl_sys_exit"));
	assert_false(is_attached("tl_sys_enter"));	/* nobody pays for it */
	tl_subscription_stop(sub);
	assert_idle();
}

static void entry_is_for_those_who_want_it(void **state)
{
	struct tl_subscription *plain = must_subscribe(session, "s.a", "ret", "a");
	struct tl_subscription *timed = must_subscribe(session, "s.a", "duration", "b");

	(void)state;
	assert_int_equal(end(1)->subs, bit_of(plain) | bit_of(timed));
	assert_int_equal(begin(1)->subs, bit_of(timed));
	assert_int_equal(end(1)->work, TL_WORK_TIME);
	assert_int_equal(end(1)->fields, TL_BIT(10) | TL_BIT(11));
	assert_true(is_attached("tl_sys_enter"));
	tl_subscription_stop(timed);
	assert_int_equal(begin(1)->subs, 0);
	assert_int_equal(end(1)->work, 0);
	assert_int_equal(end(1)->fields, TL_BIT(10));
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
	assert_int_equal(begin(2)->subs, bit_of(sub));
	assert_int_equal(begin(1)->subs, 0);
	assert_int_equal(end(1)->subs & end(2)->subs, bit_of(sub));
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

/* A call that never returns is told of when it begins, and nobody pays for an end. */
static void routes_a_begin(void **state)
{
	struct tl_subscription *sub = must_subscribe(session, "c.exit", "n", "a");

	(void)state;
	assert_int_equal(begin(1)->subs, bit_of(sub));
	assert_int_equal(begin(1)->fields, TL_BIT(10));
	assert_int_equal(begin(1)->work, 0);
	assert_string_equal(handler(begin(1), 0), "h_exit");
	assert_int_equal(fake_count("update tl_enter_handlers 1"), 1);
	assert_true(is_attached("tl_sys_enter"));
	assert_false(is_attached("tl_sys_exit"));
	assert_int_equal(end(1)->subs | end(1)->work, 0);
	tl_subscription_stop(sub);
	assert_idle();
}

static void needs_are_for_those_who_have_them(void **state)
{
	struct tl_subscription *file = must_subscribe(session, "c.open", "file", "a"), *path;

	(void)state;
	assert_int_equal(end(4)->parts[TL_PART_RET], TL_PART_FILE);
	assert_int_equal(end(4)->parts[1], TL_PART_NOTHING);
	assert_int_equal(end(4)->work | begin(4)->work | begin(4)->subs, 0);
	assert_false(is_attached("tl_sys_enter"));
	path = must_subscribe(session, "c.open", "path", "b");
	assert_int_equal(begin(4)->subs, bit_of(path));
	assert_int_equal(begin(4)->parts[1], TL_PART_STRING);
	assert_int_equal(end(4)->subs, bit_of(file) | bit_of(path));
	assert_int_equal(end(4)->parts[1], TL_PART_STRING);
	assert_int_equal(end(4)->parts[TL_PART_RET], TL_PART_FILE);
	assert_int_equal(begin(4)->handlers[0], 0);
	tl_subscription_stop(file);
	assert_int_equal(end(4)->parts[TL_PART_RET], TL_PART_NOTHING);
	assert_int_equal(end(4)->parts[1], TL_PART_STRING);
	tl_subscription_stop(path);
	assert_idle();
}

static const char *prepared(const struct tl_route *route)
{
	for (size_t i = 0; i < session->programs.n; i++)
		if (session->programs.list[i].slot && session->programs.list[i].slot == route->prepare)
			return session->programs.list[i].name;
	return "";
}

/* The programs that work on parts: tail-called by the base programs, never attached, one per side. */
static void parts_have_a_program(void **state)
{
	struct tl_subscription *file = must_subscribe(session, "c.open", "file", "a"), *path;

	(void)state;
	assert_string_equal(prepared(end(4)), "tl_prepare_exit");
	assert_int_equal(begin(4)->prepare, 0);
	assert_null(tl_programs_find(&session->programs, "tl_prepare_enter"));
	assert_false(is_attached("tl_prepare_exit"));
	assert_string_equal(handler(end(4), 0), "h_open");	/* it is no handler of the call */
	assert_string_equal(handler(end(4), 1), "");
	assert_true(fake_place("update tl_exit_handlers 1") < fake_place("attach tl_sys_exit"));
	path = must_subscribe(session, "c.open", "path", "b");
	assert_string_equal(prepared(begin(4)), "tl_prepare_enter");
	assert_string_equal(prepared(end(4)), "tl_prepare_exit");
	assert_int_equal(begin(1)->prepare | end(1)->prepare | end(5)->prepare, 0);
	tl_subscription_stop(path);
	assert_int_equal(begin(4)->prepare, 0);
	assert_string_equal(prepared(end(4)), "tl_prepare_exit");
	tl_subscription_stop(file);
	assert_int_equal(end(4)->prepare, 0);
	assert_idle();
}

static void calls_without_parts_have_none(void **state)
{
	(void)state;
	must_subscribe(session, "s.a", NULL, "a");
	must_subscribe(session, "c.saved", NULL, "b");
	assert_null(tl_programs_find(&session->programs, "tl_prepare_enter"));
	assert_null(tl_programs_find(&session->programs, "tl_prepare_exit"));
	assert_int_equal(end(1)->prepare | begin(1)->prepare | end(5)->prepare | begin(5)->prepare, 0);
}

/* What was kept at a begin is found by its time. */
static void what_is_kept_has_a_time(void **state)
{
	(void)state;
	must_subscribe(session, "c.open", "path", "a");
	assert_int_equal(begin(4)->work, TL_WORK_TIME);
	assert_int_equal(end(4)->work, TL_WORK_TIME);
}

static void needs_of_several_events_add_up(void **state)
{
	struct tl_subscription *both = must_subscribe(session, "c.[oc]*", NULL, "a");
	struct tl_subscription *open = must_subscribe(session, "c.open", "path", "b");

	(void)state;
	assert_int_equal(begin(4)->parts[0], TL_PART_HELD);
	assert_int_equal(begin(4)->parts[1], TL_PART_STRING);
	assert_int_equal(end(4)->parts[0], TL_PART_HELD);
	assert_int_equal(end(4)->parts[1], TL_PART_STRING);
	assert_int_equal(end(4)->parts[TL_PART_RET], TL_PART_FILE);
	assert_int_equal(begin(4)->subs, bit_of(both) | bit_of(open));
	tl_subscription_stop(both);
	assert_int_equal(begin(4)->parts[0] | end(4)->parts[0], TL_PART_NOTHING);
	assert_int_equal(begin(4)->parts[1], TL_PART_STRING);
	assert_int_equal(begin(4)->subs, bit_of(open));
}

static void saves_arguments_whatever_is_wanted(void **state)
{
	struct tl_subscription *sub = must_subscribe(session, "c.saved", "pid", "a");

	(void)state;
	assert_int_equal(begin(5)->work, TL_WORK_ARGS | TL_WORK_TIME);
	assert_true(end(5)->work & TL_WORK_TIME);
	assert_int_equal(begin(5)->subs & end(5)->subs, bit_of(sub));
	assert_string_equal(handler(begin(5), 0), "h_begin");
	assert_string_equal(handler(end(5), 0), "h_saved");
}

/* ---- payload --------------------------------------------------------------------------------- */

static struct tl_subscription *with_payload(const char *event, size_t payload)
{
	const char *events[] = { event, NULL };
	struct tl_subscribe_opts opts = { .sz = sizeof(opts), .events = events, .payload = payload, .fn = hear,
					  .arg = (void *)(uintptr_t)"p" };
	struct tl_subscription *sub;

	assert_int_equal(tl_subscribe(session, &opts, &sub, NULL), 0);
	return sub;
}

static void the_largest_payload_counts(void **state)
{
	struct tl_subscription *little = with_payload("t.*", 100), *much = with_payload("t.one", 4096);

	(void)state;
	assert_int_equal(shared->events[T_ONE].payload, 4096);
	assert_int_equal(shared->events[T_TWO].payload, 100);
	must_subscribe(session, "t.two", NULL, "a");
	assert_int_equal(shared->events[T_TWO].payload, TL_PAYLOAD);
	tl_subscription_pause(much);
	assert_int_equal(shared->events[T_ONE].payload, 100);
	tl_subscription_resume(much, NULL);
	assert_int_equal(shared->events[T_ONE].payload, 4096);
	tl_subscription_stop(much);
	assert_int_equal(shared->events[T_ONE].payload, 100);
	tl_subscription_stop(little);
	assert_int_equal(shared->events[T_ONE].payload, 0);
}

/* ---- chains ---------------------------------------------------------------------------------- */

static void chains_never_move(void **state)
{
	struct tl_subscription *a = must_subscribe(session, "s.a", NULL, "a");
	struct tl_subscription *b = must_subscribe(session, "s.b", NULL, "b");
	struct tl_subscription *c = must_subscribe(session, "s.c", NULL, "c");

	(void)state;
	tl_subscription_stop(a);
	assert_string_equal(handler(end(1), 0), "h_a");	/* it may be under way on another CPU */
	assert_string_equal(handler(end(1), 1), "h_b");
	tl_subscription_stop(b);
	must_subscribe(session, "s.d", NULL, "d");
	assert_string_equal(handler(end(1), 0), "h_a");
	assert_string_equal(handler(end(1), 2), "h_c");
	assert_string_equal(handler(end(1), 3), "h_d");
	tl_subscription_stop(c);
	must_subscribe(session, "s.b", NULL, "b");	/* comes back to its place */
	assert_string_equal(handler(end(1), 1), "h_b");
	assert_string_equal(handler(end(1), 4), "");
	assert_string_equal(handler(end(2), 0), "h_b");
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
	assert_string_equal(handler(end(1), 5), "h_f");
}

static void each_side_has_a_chain(void **state)
{
	struct tl_subscription *sub;
	struct tl_error err;

	(void)state;
	must_subscribe(session, "s.[a-f]", NULL, "a");	/* no room is left at the end of call 1 */
	tl_subscription_stop(must_subscribe(session, "c.exit", NULL, "a"));
	assert_string_equal(handler(begin(1), 0), "h_exit");
	assert_string_equal(handler(end(1), 5), "h_f");
	for (int i = 0; i < TL_CHAIN_MAX; i++)
		begin(1)->handlers[i] = end(1)->handlers[i];
	assert_int_equal(subscribe(session, "c.exit", NULL, "a", &sub, &err), -ENOSPC);
	assert_string_equal(err.message, "h_exit: more than 6 handlers on one system call");
	assert_int_equal(begin(1)->subs & ~end(1)->subs, 0);
}

/* ---- order ----------------------------------------------------------------------------------- */

static const int pids[] = { 42, 43 };

static void attaches_followers_first(void **state)
{
	struct tl_subscription *sub;

	(void)state;
	must_subscribe(session, "t.one", NULL, "a");
	assert_int_equal(subscribe_pids(session, "[ts].[oa]*", pids, 2, true, true, &sub, NULL), 0);
	assert_true(fake_place("update tl_seeds 42") >= 0);
	assert_true(fake_place("attach tl_follow_fork") < fake_place("attach tl_follow_exec"));
	assert_true(fake_place("attach tl_follow_exec") < fake_place("attach tl_follow_free"));
	assert_true(fake_place("attach tl_follow_free") < fake_place("attach tl_sys_enter"));
	assert_true(fake_place("attach tl_sys_enter") < fake_place("attach tl_sys_exit"));
	assert_true(fake_place("update tl_exit_handlers 1") < fake_place("attach tl_sys_exit"));
	assert_true(fake_place("attach tl_sys_exit") < fake_place("update tl_seeds 43"));
	assert_true(fake_place("update tl_seeds 43") < fake_place("walk"));
	assert_true(fake_place("walk") < fake_place("delete tl_seeds 43"));
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
		assert_int_equal(end(1)->subs | shared->everyone, 0);
	if (!strcmp(call, "attach tl_sys_exit"))
		assert_int_not_equal(end(1)->handlers[0], 0);
	if (!strcmp(call, "walk"))
		assert_int_equal(shared->events[T_ONE].subs | end(1)->subs, 0);
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

/* Bits of those who come to the end of a call, and were not there a moment ago. */
static uint64_t newcomers(int nr)
{
	static uint64_t before[TL_SYSCALLS_MAX];
	uint64_t new = end(nr)->subs & ~before[nr];

	before[nr] = end(nr)->subs;
	return new;
}

/* Returns how much is wrong with a call; adds to `called` who comes through it. */
static unsigned int look_at_call(int nr, uint64_t *called)
{
	const struct tl_route *first = begin(nr), *last = end(nr);
	uint64_t needs = nr == 4 || nr == 5 ? UINT64_MAX : 0;	/* these need their begin whoever asks */
	bool kept = first->parts[0] || first->parts[1] || first->work & TL_WORK_ARGS;
	unsigned int wrong = 0;

	*called |= first->subs | last->subs;
	wrong += last->subs && (!last->fields || !last->handlers[0]);
	wrong += kept && !(first->work & TL_WORK_TIME);		/* it could not be found again */
	wrong += (last->parts[0] || last->parts[1]) && !(last->work & TL_WORK_TIME);
	wrong += (first->work & TL_WORK_TIME) && (first->subs & last->subs) && !(last->work & TL_WORK_TIME);
	wrong += !!(newcomers(nr) & needs & ~first->subs);	/* whose end is seen, its begin was wanted */
	return wrong;
}

static void on_step(int signal, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	uint64_t called = 0, wanted = 0;

	(void)signal;
	(void)info;
	uc->uc_mcontext.gregs[REG_EFL] &= ~0x100;
	n_writes++;
	for (int nr = 1; nr <= 5; nr++)
		n_wrong += look_at_call(nr, &called);
	for (int i = 0; i < EVENTS; i++) {
		const struct tl_event_state *event = &shared->events[i];

		wanted |= event->subs;
		n_wrong += event->subs && !(event->fields && event->payload);
	}
	/* Work on parts that is wanted has somebody who does it. */
	n_wrong += end(4)->subs && end(4)->parts[TL_PART_RET] && shared->events[C_OPEN].fields && !end(4)->prepare;
	n_wrong += begin(4)->subs && begin(4)->parts[1] && shared->events[C_OPEN].fields && !begin(4)->prepare;
	/* Whoever comes through a call finds its event wanted: bits of events first, calls last. */
	n_wrong += called & ~wanted;
	protect(PROT_READ);
}

static void writes_in_order(void **state)
{
	struct sigaction fault = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO }, old_fault;
	struct sigaction step = { .sa_sigaction = on_step, .sa_flags = SA_SIGINFO }, old_step;
	struct tl_subscription *a, *b, *c;

	(void)state;
	sigaction(SIGSEGV, &fault, &old_fault);
	sigaction(SIGTRAP, &step, &old_step);
	protect(PROT_READ);
	a = must_subscribe(session, "s.a", NULL, "a");
	b = must_subscribe(session, "s.b", NULL, "b");
	c = must_subscribe(session, "c.*", NULL, "c");
	tl_subscription_pause(a);
	tl_subscription_resume(a, NULL);
	tl_subscription_stop(a);
	a = must_subscribe(session, "s.a", NULL, "a");
	tl_subscription_stop(b);
	tl_subscription_pause(c);
	tl_subscription_resume(c, NULL);
	tl_subscription_stop(a);
	tl_subscription_stop(c);
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
	{ "load tl_prepare_exit", EINVAL, NULL },
	{ "update tl_enter_handlers 1", E2BIG,
	  "tl_prepare_enter: cannot be put into the tail-call table: Argument list too long" },
	{ "update tl_exit_handlers 2", E2BIG,
	  "tl_prepare_exit: cannot be put into the tail-call table: Argument list too long" },
	{ "update tl_enter_handlers 3", E2BIG,
	  "h_exit: cannot be put into the tail-call table: Argument list too long" },
	{ "update tl_exit_handlers 5", E2BIG,
	  "h_b: cannot be put into the tail-call table: Argument list too long" },
	{ "attach tl_follow_fork", EINVAL, "tl_follow_fork: cannot be attached to tp_btf/x: Invalid argument" },
	{ "attach p_two", ENODEV, "p_two: cannot be attached to tp_btf/x: No such device" },
	{ "attach tl_sys_enter", EBUSY, "tl_sys_enter: cannot be attached to tp_btf/x: Device or resource busy" },
	{ "attach tl_sys_exit", EBUSY, "tl_sys_exit: cannot be attached to tp_btf/x: Device or resource busy" },
	{ "update tl_seeds 43", ENOSPC, "process 43: cannot be made a target: No space left on device" },
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
		ret = subscribe_pids(session, "[cst].[abeot]*", pids, 2, true, true, &sub, &err);
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
		assert_int_equal(subscribe_pids(session, "[cst].[abeot]*", pids, 2, true, true, &sub, &err), 0);
		assert_int_equal(end(1)->subs, bit_of(sub));
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

static const char *const globs[] = { "t.one", "t.*", "s.a", "s.b", "[ts].[abo]*", "c.open", "c.exit" };

/* The bits of those that are active, of the subscriptions whose places the string lists. */
static uint64_t bits_of(struct tl_subscription *const *subs, const char *places)
{
	uint64_t bits = 0;

	for (; *places; places++) {
		const struct tl_subscription *sub = subs[*places - '0'];

		bits |= sub && !sub->paused ? bit_of(sub) : 0;
	}
	return bits;
}

static void assert_plan(struct tl_subscription *const *subs)
{
	uint64_t everyone = 0;

	assert_int_equal(shared->events[T_ONE].subs, bits_of(subs, "014"));
	assert_int_equal(shared->events[T_TWO].subs, bits_of(subs, "1"));
	assert_int_equal(end(1)->subs, bits_of(subs, "234"));
	assert_int_equal(end(2)->subs, bits_of(subs, "34"));
	assert_int_equal(end(4)->subs, bits_of(subs, "5"));
	assert_int_equal(begin(1)->subs, bits_of(subs, "246"));
	assert_int_equal(begin(4)->subs, bits_of(subs, "5"));
	assert_int_equal(begin(4)->parts[1], bits_of(subs, "5") ? TL_PART_STRING : TL_PART_NOTHING);
	assert_int_equal(begin(1)->work, bits_of(subs, "24") ? TL_WORK_TIME : 0);
	for (int i = 0; i < 7; i++)
		everyone |= subs[i] ? bit_of(subs[i]) : 0;
	assert_int_equal(shared->everyone, everyone);	/* paused or not: events tell that */
	assert_int_equal(is_attached("p_one"), !!bits_of(subs, "014"));
	assert_int_equal(is_attached("p_two"), !!bits_of(subs, "1"));
	assert_int_equal(is_attached("tl_sys_exit"), !!bits_of(subs, "2345"));
	assert_int_equal(is_attached("tl_sys_enter"), !!bits_of(subs, "23456"));
}

static void come_and_go_in_any_order(void **state)
{
	struct tl_subscription *subs[7] = { NULL };
	unsigned int dice = 1;

	(void)state;
	for (int i = 0; i < 400; i++) {
		struct tl_subscription **sub = &subs[(dice = dice * 1103515245 + 12345) / 65536 % 7];
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
		assert_plan(subs);
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
		TEST(routes_a_begin),
		TEST(needs_are_for_those_who_have_them),
		TEST(parts_have_a_program),
		TEST(calls_without_parts_have_none),
		TEST(what_is_kept_has_a_time),
		TEST(needs_of_several_events_add_up),
		TEST(saves_arguments_whatever_is_wanted),
		TEST(the_largest_payload_counts),
		TEST(chains_never_move),
		TEST(a_chain_has_an_end),
		TEST(each_side_has_a_chain),
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
