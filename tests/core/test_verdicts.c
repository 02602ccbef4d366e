/* SPDX-License-Identifier: MIT */
/* test_verdicts.c: tests core/verdict/verdicts.c: which programs are loaded, and when they are put where. */
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
/* link: -Wl,--wrap=bpf_prog_load,--wrap=bpf_map_create,--wrap=tl_kernel_typedef */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <bpf/bpf.h>
#include <stdio.h>

#include "fake_channel.h"
#include "fake_libbpf.h"
#include "load/kernel_btf.h"
#include "session/session.h"
#include "verdict/verdict.h"

#define CALL_FIELDS	"field\tret\ts64\t\t96\t8\t10\t\t\nfield\tname\tstr\t\t104\t8\t11\t\t\n"
#define CALL(name, nr, handler) \
	"event\t" name "\t112\t\t\n" CALL_FIELDS "exit\t" nr "\t" handler "\nraw\tret\tret\n"

enum { V_A, V_B, V_HOOK, EVENTS };

/* Each program uses the first map; p_one also another table, which comes first by its name. */
static const struct battery_file file = {
	.catalogue = CATALOGUE_HEAD CALL("v.a", "1", "h_a") CALL("v.b", "2", "h_b")
		"event\tv.hook\t112\t\t\n" CALL_FIELDS "attach\tp_one\nend\t3\n",
	.programs = { "p_one", "h_a", "h_b", "tl_sys_enter", "tl_sys_exit", "tl_judged_sys_exit",
		      "tl_judged_hook", "tl_follow_free" },
	.maps = { "tl_verdicts_sys_exit", "tl_shared", "tl_targets", "tl_ring", "tl_perf", "tl_counts", "tl_sub_lost",
		  "tl_enter_handlers", "tl_exit_handlers", "tl_depth", "tl_scratch", "tl_verdicts_hook" },
	.special = { [11] = "p_one" },
};

static struct tl_session *session;
static struct tl_error err;

/* ---- the kernel ------------------------------------------------------------------------------ */

#define FIRST_PROGRAM	700

static struct {
	int fail;			/* errno of the next loads */
	int loads, loaded[64];		/* of each by number: type */
	__u32 btf_id;			/* of the last */
	size_t insns;
	int btf;			/* what the kernel's types have */
} kernel;

int __wrap_bpf_prog_load(enum bpf_prog_type type, const char *name, const char *license, const struct bpf_insn *insns,
			 size_t n, const struct bpf_prog_load_opts *opts);
int __wrap_bpf_prog_load(enum bpf_prog_type type, const char *name, const char *license, const struct bpf_insn *insns,
			 size_t n, const struct bpf_prog_load_opts *opts)
{
	assert_string_equal(name, "tl_verdict");
	assert_string_equal(license, "Dual BSD/GPL");
	assert_int_equal(insns[n - 1].code, BPF_JMP | BPF_EXIT);
	if (kernel.fail) {
		if (opts->log_buf)
			snprintf(opts->log_buf, opts->log_size, "R1 is no pointer\n");
		errno = kernel.fail;
		return -kernel.fail;
	}
	fake_call("verdict %d", kernel.loads);
	kernel.loaded[kernel.loads++ % 64] = (int)type;
	kernel.btf_id = opts->attach_btf_id;
	kernel.insns = n;
	return memfd_create(name, MFD_CLOEXEC);
}

int __wrap_bpf_map_create(enum bpf_map_type type, const char *name, __u32 key_size, __u32 value_size, __u32 max,
			  const struct bpf_map_create_opts *opts);
int __wrap_bpf_map_create(enum bpf_map_type type, const char *name, __u32 key_size, __u32 value_size, __u32 max,
			  const struct bpf_map_create_opts *opts)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	(void)type, (void)key_size, (void)opts;
	if (ftruncate(fd, (off_t)value_size * max))
		abort();
	return fake_call("create %s", name) ? fd : -1;
}

int __wrap_tl_kernel_typedef(const char *name);
int __wrap_tl_kernel_typedef(const char *name)
{
	fake_call("typedef %s", name);
	return kernel.btf;
}

/* ---- fixture --------------------------------------------------------------------------------- */

static void hear(struct tl_subscription *sub, const struct tl_view *view, void *arg)
{
	(void)sub, (void)view, (void)arg;
}

static int setup(void **state)
{
	char folder[] = "/tmp/tl-verdicts-XXXXXX", path[64];
	const char *battery[] = { path, NULL };
	struct tl_open_opts opts = { .sz = sizeof(opts), .battery = battery };
	struct tl_shared *shared = fake.shared;
	int ret;

	(void)state;
	memset(&fake, 0, sizeof(fake));
	fake.shared = shared;
	fake.next_fd = 5000;
	fake.files[0] = &file;
	memset(&channel_fake, 0, sizeof(channel_fake));
	channel_fake.fd = -1;
	memset(&kernel, 0, sizeof(kernel));
	kernel.btf = 77;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/traceleft.bpf.o", folder);
	write_battery(&file, path);
	ret = tl_session_open(&session, &opts, &err);
	unlink(path);
	rmdir(folder);
	return ret;
}

static int teardown(void **state)
{
	(void)state;
	fake.look = NULL;
	for (int i = 0; i < TL_SUBS_MAX; i++)
		tl_subscription_stop(session->subs[i]);
	tl_session_close(session);
	return fake.objects || fake.links || channel_fake.open;
}

static int try_ask(const char *event, const char *where, struct tl_subscription **sub)
{
	const char *events[] = { event, NULL };
	struct tl_subscribe_opts opts = { .sz = sizeof(opts), .events = events, .where = where, .fn = hear };

	return tl_subscribe(session, &opts, sub, &err);
}

static struct tl_subscription *ask(const char *event, const char *where)
{
	struct tl_subscription *sub;

	if (try_ask(event, where, &sub))
		fail_msg("%s", err.message);
	return sub;
}

static void start(void)
{
	if (tl_session_start(session, &err))
		fail_msg("%s", err.message);
}

static const char *update_of(const char *table, unsigned int at)
{
	static char text[64];

	snprintf(text, sizeof(text), "update tl_verdicts_%s %u", table, at);
	return text;
}

static const char *delete_of(unsigned int at)
{
	static char text[64];

	snprintf(text, sizeof(text), "delete tl_verdicts_sys_exit %u", at);
	return text;
}

/* Instructions of the verdict that is in place. */
static size_t size_of(uint16_t event, bool early)
{
	size_t n;

	return tl_verdicts_code(session, event, early, &n) ? n : 0;
}

/* ---- tables ---------------------------------------------------------------------------------- */

static void look(const char *call)
{
	if (!strcmp(call, "update tl_verdicts_sys_exit 1024"))	/* what is decided there is not wanted yet */
		assert_int_equal(fake.shared->routes[TL_EXIT][1].subs, 0);
}

static void are_there_before_they_are_needed(void **state)
{
	struct tl_subscription *sub = ask("v.a", "ret < 0");

	(void)state;
	fake.look = look;
	start();
	assert_int_equal(kernel.loads, 1);
	assert_int_equal(kernel.loaded[0], BPF_PROG_TYPE_TRACING);
	assert_int_equal(kernel.btf_id, 77);
	assert_int_equal(fake_count("typedef btf_trace_sys_exit"), 1);
	assert_int_equal(fake_count("load tl_judged_sys_exit"), 1);
	assert_true(fake_place(update_of("sys_exit", TL_VERDICT_JUDGED)) >= 0);
	assert_true(fake_place(update_of("sys_exit", TL_VERDICT_JUDGED)) <
		    fake_place("update tl_verdicts_sys_exit 1024"));
	assert_int_equal(fake.shared->routes[TL_EXIT][1].early, V_A + 1);
	assert_int_equal(fake.shared->events[V_A].verdict, 0);
	assert_int_equal(fake.shared->routes[TL_EXIT][1].subs, TL_BIT(sub->bit));
	assert_int_equal(size_of(V_A, true), kernel.insns);
	assert_int_equal(size_of(V_A, false), 0);
	assert_int_equal(size_of(V_B, true), 0);
}

static void are_behind_the_handler_too(void **state)
{
	(void)state;
	ask("v.a", "ret < 0 and name == 'x'");
	start();
	assert_int_equal(kernel.loads, 2);
	assert_int_equal(fake_count(update_of("sys_exit", V_A)), 1);
	assert_int_equal(fake_count(update_of("sys_exit", TL_VERDICT_EARLY + V_A)), 1);
	assert_int_equal(fake.shared->events[V_A].verdict, 1);
	assert_int_equal(fake.shared->routes[TL_EXIT][1].early, V_A + 1);
}

static void are_at_the_hook_of_the_event(void **state)
{
	(void)state;
	ask("v.hook", "ret < 0");
	start();
	assert_int_equal(kernel.loads, 1);
	assert_int_equal(fake_count("typedef btf_trace_hook"), 1);
	assert_int_equal(fake_count(update_of("hook", V_HOOK)), 1);
	assert_int_equal(fake_count(update_of("hook", TL_VERDICT_JUDGED)), 1);
	assert_int_equal(fake.shared->events[V_HOOK].verdict, 1);
}

/* Events that ask the same share one. */
static void are_shared(void **state)
{
	(void)state;
	ask("v.a", "ret < 0");
	ask("v.*", NULL);
	start();
	fake_forget();
	assert_int_equal(kernel.loads, 1);
	tl_subscription_stop(session->subs[1]);
	tl_subscription_stop(session->subs[2]);
	fake_forget();
	ask("v.?", "ret < 0");
	assert_int_equal(kernel.loads, 2);	/* another bit: one more, for both */
	assert_int_equal(fake_count(update_of("sys_exit", TL_VERDICT_EARLY + V_A)), 1);
	assert_int_equal(fake_count(update_of("sys_exit", TL_VERDICT_EARLY + V_B)), 1);
}

static void change_in_one_step(void **state)
{
	struct tl_subscription *second;

	(void)state;
	ask("v.a", "ret < 0");
	start();
	fake_forget();
	ask("v.a", NULL);			/* asks nothing early: nothing changes */
	assert_int_equal(kernel.loads, 1);
	assert_int_equal(fake_count(update_of("sys_exit", TL_VERDICT_EARLY + V_A)), 0);
	second = ask("v.a", "ret == 7");
	assert_int_equal(kernel.loads, 2);
	assert_int_equal(fake_count(update_of("sys_exit", TL_VERDICT_EARLY + V_A)), 1);
	assert_int_equal(fake_count(delete_of(TL_VERDICT_EARLY + V_A)), 0);	/* it is never empty */
	tl_subscription_pause(second);
	assert_int_equal(fake_count(update_of("sys_exit", TL_VERDICT_EARLY + V_A)), 2);
	assert_int_equal(tl_subscription_resume(second, &err), 0);
	tl_subscription_stop(second);
	assert_int_equal(fake_count(update_of("sys_exit", TL_VERDICT_EARLY + V_A)), 4);
	assert_int_equal(fake_count(delete_of(TL_VERDICT_EARLY + V_A)), 0);
	assert_int_equal(fake_count(update_of("sys_exit", TL_VERDICT_JUDGED)), 0);	/* once is enough */
}

/* Verdicts that this process holds. */
static size_t programs(void)
{
	size_t n = 0;

	for (int fd = 3; fd < 1024; fd++) {
		char path[64], name[64] = "";

		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		n += readlink(path, name, sizeof(name) - 1) > 0 && strstr(name, "memfd:tl_verdict ") != NULL;
	}
	return n;
}

static void go_when_nobody_needs_them(void **state)
{
	struct tl_subscription *sub = ask("v.a", "ret < 0 and name == 'x'");

	(void)state;
	start();
	assert_int_equal(programs(), 2);
	fake_forget();
	tl_subscription_stop(sub);
	assert_int_equal(programs(), 0);
	assert_int_equal(fake_count(update_of("sys_exit", V_A)), 1);	/* by the program that lets pass: … */
	assert_int_equal(fake_count(update_of("sys_exit", TL_VERDICT_EARLY + V_A)), 1);
	assert_int_equal(fake_count(delete_of(V_A)), 0);		/* … the kernel waits after each delete */
	assert_int_equal(fake.shared->routes[TL_EXIT][1].early, 0);
	assert_int_equal(fake.shared->events[V_A].verdict, 0);
}

/* ---- what goes wrong ------------------------------------------------------------------------- */

static void what_is_refused_leaves_the_others(void **state)
{
	struct tl_subscription *sub = ask("v.a", "ret < 0"), *none;
	size_t size;

	(void)state;
	start();
	size = size_of(V_A, true);
	fake_forget();
	kernel.fail = EACCES;
	assert_int_equal(try_ask("v.a", "ret == 7", &none), -EACCES);
	assert_non_null(strstr(err.message, "where: the kernel refused the program that was made of it ("));
	assert_non_null(strstr(err.message, "R1 is no pointer"));
	assert_null(none);
	assert_int_equal(fake_count(update_of("sys_exit", TL_VERDICT_EARLY + V_A)), 0);
	assert_int_equal(size_of(V_A, true), size);
	assert_int_equal(fake.shared->routes[TL_EXIT][1].subs, TL_BIT(sub->bit));
	kernel.fail = 0;
	tl_subscription_stop(ask("v.a", "ret == 7"));
	assert_int_equal(programs(), 1);
}

static void a_table_that_takes_nothing_is_told(void **state)
{
	struct tl_subscription *none;

	(void)state;
	ask("v.b", NULL);
	start();
	fake.fail = "update tl_verdicts_sys_exit 1024";
	fake.code = E2BIG;
	assert_int_equal(try_ask("v.a", "ret < 0", &none), -E2BIG);
	assert_string_equal(err.message, "tl_verdicts_sys_exit: Argument list too long");
	fake.fail = NULL;
	assert_int_equal(fake.shared->routes[TL_EXIT][1].subs, 0);
	assert_int_equal(programs(), 0);
	ask("v.a", "ret < 0");
	assert_int_equal(programs(), 1);
}

static void a_hook_that_the_kernel_does_not_know_is_told(void **state)
{
	struct tl_subscription *none;

	(void)state;
	ask("v.a", NULL);
	start();
	kernel.btf = -ENOENT;
	assert_int_equal(try_ask("v.a", "ret < 0", &none), -ENOTSUP);
	assert_string_equal(err.message, "btf_trace_sys_exit: this kernel's types do not have it");
	kernel.btf = 5;
	ask("v.a", "ret < 0");
	ask("v.a", "ret < 1");
	assert_int_equal(fake_count("typedef btf_trace_sys_exit"), 2);	/* looked for until it is found */
}

/* ---- variables ------------------------------------------------------------------------------- */

static void have_memory_of_their_own(void **state)
{
	char *one = tl_verdicts_vars(session, 0, &err), *last = tl_verdicts_vars(session, TL_SUBS_MAX - 1, &err);

	(void)state;
	assert_ptr_equal(last, one + (size_t)(TL_SUBS_MAX - 1) * TL_VARS_BYTES);
	memset(one, 1, TL_VARS_BYTES);
	memset(last, 2, TL_VARS_BYTES);
	assert_int_equal(fake_count("create tl_vars"), 1);
	assert_ptr_equal(tl_verdicts_vars(session, 0, &err), one);
	assert_int_equal(one[0] | one[TL_VARS_BYTES - 1], 0);	/* what the former owner had is gone */
	assert_int_equal(last[0], 2);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(are_there_before_they_are_needed), TEST(are_behind_the_handler_too),
		TEST(are_at_the_hook_of_the_event), TEST(are_shared), TEST(change_in_one_step),
		TEST(go_when_nobody_needs_them), TEST(what_is_refused_leaves_the_others),
		TEST(a_table_that_takes_nothing_is_told), TEST(a_hook_that_the_kernel_does_not_know_is_told),
		TEST(have_memory_of_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
