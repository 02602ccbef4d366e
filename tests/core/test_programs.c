/* SPDX-License-Identifier: MIT */
/* test_programs.c: tests core/load/programs.c and core/load/loading.c on a libbpf that is none. */
/* link: -Wl,--wrap=bpf_object__open_mem,--wrap=bpf_object__close,--wrap=bpf_object__load */
/* link: -Wl,--wrap=bpf_object__next_program,--wrap=bpf_object__next_map,--wrap=bpf_program__name */
/* link: -Wl,--wrap=bpf_program__section_name,--wrap=bpf_program__autoload,--wrap=bpf_program__set_autoload */
/* link: -Wl,--wrap=bpf_program__fd,--wrap=bpf_program__attach,--wrap=bpf_link__destroy,--wrap=bpf_map__name */
/* link: -Wl,--wrap=bpf_map__fd,--wrap=bpf_map__set_autocreate,--wrap=bpf_map__set_max_entries */
/* link: -Wl,--wrap=bpf_map__reuse_fd,--wrap=bpf_map__set_initial_value,--wrap=bpf_map_lookup_elem */
/* link: -Wl,--wrap=bpf_map_update_elem,--wrap=bpf_map_delete_elem,--wrap=bpf_map_get_next_key */
/* link: -Wl,--wrap=libbpf_num_possible_cpus,--wrap=bpf_obj_get_info_by_fd,--wrap=bpf_prog_test_run_opts,--wrap=kill,--wrap=tl_processes_walk */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <bpf/bpf.h>
#include <stdbool.h>
#include <stdio.h>
#include "load/battery.h"
#include "fake_libbpf.h"
#include "load/libbpf_log.h"
#include "load/programs.h"

#define HEAD CATALOGUE_HEAD

static const struct battery_file one = {
	.catalogue = HEAD "event\ta.one\t96\t\t\nend\t1\n",
	.programs = { "p_one", "p_two", "p_three" },
	.maps = { "tl_shared", "tl_ring", "tl_perf", "tl_inflight_task", "tl_inflight_hash", "tl_exit_handlers", "big",
		  "helpers", "tl_enter_handlers", "tl_exit_handlers_classic", "tl_enter_handlers_classic",
		  "tl_kept_task", "tl_kept_hash", "tl_kept_none" },
	.special = { [4] = "p_one", [6] = "p_two" },
	.shared = { [3] = true, [7] = true, [11] = true, [12] = true, [13] = true },
};

static const struct battery_file two = {
	.catalogue = HEAD "event\tb.one\t96\t\t\nend\t1\n",
	.programs = { "p_else" },
	.maps = { "tl_shared" },
};

static struct tl_programs programs;
static struct tl_batteries batteries;

static int set_up(void **state)
{
	const struct battery_file *files[] = { &one, &two };

	(void)state;
	memset(&fake, 0, sizeof(fake));
	fake.next_fd = 5000;
	batteries = (struct tl_batteries){ .list = calloc(2, sizeof(*batteries.list)), .n = 2 };
	for (int i = 0; i < 2; i++) {
		struct battery_image image = make_image(files[i]);
		struct tl_battery *battery = &batteries.list[i];

		fake.files[i] = files[i];
		if (tl_image_open(&battery->image, image.data, image.size, i ? "two" : "one", NULL))
			return -1;
		battery->image.owned = image.data;
		battery->first_event = (uint16_t)i;
	}
	programs = (struct tl_programs){ .batteries = &batteries, .ring_size = 65536,
					 .config = { .self = 7, .has_task_btf = 1 } };
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	tl_programs_close(&programs);
	tl_programs_close(&programs);
	tl_batteries_close(&batteries);
	return fake.objects || fake.links || programs.n || programs.n_maps;
}

static int load(const char *first, const char *second, struct tl_error *err)
{
	const char *names[] = { first, second };

	return tl_programs_load(&programs, names, second ? 2 : 1, err);
}

static void loads_what_is_named(void **state)
{
	(void)state;
	assert_int_equal(load("p_one", NULL, NULL), 0);
	assert_int_equal(fake_count("load p_one"), 1);
	assert_int_equal(fake_place("load p_two"), -1);
	assert_int_equal(fake_place("open 1"), -1);
	assert_non_null(tl_programs_find(&programs, "p_one"));
	assert_null(tl_programs_find(&programs, "p_two"));
	assert_null(tl_programs_find(&programs, "p_one")->link);
	fake_forget();
	assert_int_equal(load("p_one", NULL, NULL), 0);
	assert_int_equal(fake.n_calls, 0);
	assert_int_equal(tl_programs_load(&programs, NULL, 0, NULL), 0);
}

static void loads_what_is_missing(void **state)
{
	(void)state;
	assert_int_equal(load("p_one", NULL, NULL), 0);
	assert_int_equal(load("p_one", "p_two", NULL), 0);
	assert_int_equal(fake_count("load p_one"), 1);
	assert_int_equal(fake_count("load p_two"), 1);
	assert_int_equal(fake.objects, 2);
	assert_int_equal(programs.n, 2);
}

static void makes_maps_once_and_when_needed(void **state)
{
	int shared;

	(void)state;
	assert_int_equal(tl_programs_map(&programs, "tl_shared"), -1);
	assert_int_equal(load("p_one", NULL, NULL), 0);
	shared = tl_programs_map(&programs, "tl_shared");
	assert_true(shared >= 0);
	assert_int_equal(fake_count("size tl_ring 65536"), 1);
	assert_int_equal(fake_place("make tl_perf"), -1);		/* the other channel's */
	assert_int_equal(fake_place("make tl_inflight_hash"), -1);	/* the other kernels' */
	assert_int_equal(fake_place("make tl_kept_hash"), -1);
	assert_int_equal(fake_place("make tl_kept_none"), -1);
	assert_int_equal(fake_count("make tl_kept_task"), 1);
	assert_int_equal(fake_place("make tl_exit_handlers_classic"), -1);	/* the other flavour's */
	assert_int_equal(fake_place("make tl_enter_handlers_classic"), -1);
	assert_int_equal(fake_count("make tl_enter_handlers"), 1);
	assert_int_equal(fake_place("make big"), -1);			/* p_two's */
	assert_int_equal(tl_programs_map(&programs, "big"), -1);
	assert_true(tl_programs_map(&programs, "helpers") >= 0);	/* of code that programs share */
	assert_int_equal(tl_programs_map(&programs, ".rodata.tl"), -1);
	assert_int_equal(load("p_two", "p_else", NULL), 0);
	assert_int_equal(fake_count("make tl_shared"), 1);
	assert_int_equal(fake_count("reuse tl_shared"), 2);
	assert_int_equal(fake_count("make big"), 1);
	assert_int_equal(tl_programs_map(&programs, "tl_shared"), shared);
}

static void makes_the_other_kind_of_maps(void **state)
{
	(void)state;
	programs.config.use_perf = 1;
	programs.config.has_task_btf = 0;
	assert_int_equal(load("p_one", NULL, NULL), 0);
	assert_int_equal(fake_place("make tl_ring"), -1);
	assert_int_equal(fake_count("make tl_perf"), 1);
	assert_int_equal(fake_count("make tl_inflight_hash"), 1);
	assert_int_equal(fake_place("make tl_inflight_task"), -1);
	assert_int_equal(fake_count("make tl_kept_hash"), 1);
	assert_int_equal(fake_count("make tl_kept_none"), 1);
	assert_int_equal(fake_place("make tl_kept_task"), -1);
}

static void makes_the_other_flavour_of_maps(void **state)
{
	(void)state;
	programs.classic = true;
	assert_int_equal(load("p_two", NULL, NULL), 0);
	assert_int_equal(fake_count("make tl_exit_handlers_classic"), 1);
	assert_int_equal(fake_count("make tl_enter_handlers_classic"), 1);
	assert_int_equal(fake_place("make tl_exit_handlers"), -1);
	assert_int_equal(fake_place("make tl_enter_handlers"), -1);
	assert_int_equal(tl_programs_slot(&programs, tl_programs_find(&programs, "p_two"), TL_ENTER, NULL), 1);
	assert_int_equal(fake_count("update tl_enter_handlers_classic 1"), 1);
}

static void tells_each_battery_its_numbers(void **state)
{
	(void)state;
	assert_int_equal(load("p_one", NULL, NULL), 0);
	assert_int_equal(fake.config.first_event, 0);
	assert_int_equal(fake.config.self, 7);
	assert_int_equal(load("p_else", NULL, NULL), 0);
	assert_int_equal(fake.config.first_event, 1);
}

static const struct {
	const char *fail;
	int code;
	const char *verifier;
	int ret;
	const char *message;
} failures[] = {
	{ "load p_two", EPERM, "", -EPERM, "the kernel does not let this user load BPF programs; "
					   "run as root, or with CAP_BPF and CAP_PERFMON" },
	{ "load p_two", EACCES, "", -EPERM, NULL },
	{ "load p_two", EACCES, "R1 invalid mem access 'scalar'\nprocessed 3 insns\n", -EACCES,
	  "one: the kernel refused a program: R1 invalid mem access 'scalar'" },
	{ "load p_two", E2BIG, "BPF program is too large.\n", -E2BIG,
	  "one: the kernel refused a program: BPF program is too large." },
	{ "load p_two", EINVAL, "", -EINVAL, "one: the kernel refused a program: no reason given" },
	{ "make tl_ring", ENOMEM, "", -ENOMEM, NULL },
	{ "size tl_ring 65536", EINVAL, "", -EINVAL, "one: map tl_ring: Invalid argument" },
	{ "config", EINVAL, "", -EINVAL, "one: map .rodata.tl: Invalid argument" },
	{ "open 0", ENOMEM, "", -ENOMEM, "one: no reason given" },
};

static void loads_all_or_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++) {
		struct tl_error err = { 0 };

		fake.fail = failures[i].fail;
		fake.code = failures[i].code;
		fake.verifier = failures[i].verifier;
		assert_int_equal(load("p_one", "p_two", &err), failures[i].ret);
		assert_int_equal(err.code, failures[i].ret);
		if (failures[i].message)
			assert_string_equal(err.message, failures[i].message);
		assert_int_equal(programs.n + programs.n_maps + programs.n_objects, 0);
		assert_int_equal(fake.objects, 0);
	}
	fake_forget();
	assert_int_equal(load("p_one", "p_two", NULL), 0);
}

/* ---- how far it is --------------------------------------------------------------------------- */

int __wrap_bpf_prog_load(enum bpf_prog_type type, const char *name, const char *license, const struct bpf_insn *insns,
			 size_t n, const struct bpf_prog_load_opts *opts);
int __real_bpf_prog_load(enum bpf_prog_type type, const char *name, const char *license, const struct bpf_insn *insns,
			 size_t n, const struct bpf_prog_load_opts *opts);

int __real_bpf_prog_load(enum bpf_prog_type type, const char *name, const char *license, const struct bpf_insn *insns,
			 size_t n, const struct bpf_prog_load_opts *opts)
{
	(void)type, (void)name, (void)license, (void)insns, (void)n, (void)opts;
	return 0;
}

static int before_program(const char *name)
{
	return __wrap_bpf_prog_load(BPF_PROG_TYPE_TRACING, name, "GPL", NULL, 0, NULL);
}

struct told {
	char text[128];
	size_t most;		/* with so many it is to stop */
};

static bool on_loading(void *arg, size_t done, size_t total)
{
	struct told *told = arg;
	size_t used = strlen(told->text);

	snprintf(told->text + used, sizeof(told->text) - used, "%zu/%zu ", done, total);
	return done < told->most;
}

static void tells_how_far_it_is(void **state)
{
	const char *names[] = { "p_one", "p_else", "p_two" };
	struct told told = { .most = 9 };

	(void)state;
	fake.before_program = before_program;
	programs.loading = on_loading;
	programs.loading_arg = &told;
	assert_int_equal(tl_programs_load(&programs, names, 3, NULL), 0);
	assert_string_equal(told.text, "0/3 1/3 2/3 3/3 ");
	told.text[0] = '\0';
	assert_int_equal(tl_programs_load(&programs, names, 3, NULL), 0);	/* there is nothing to do */
	assert_string_equal(told.text, "");
}

static void stops_loading(void **state)
{
	struct told told = { .most = 1 };
	struct tl_error err;

	(void)state;
	fake.before_program = before_program;
	programs.loading = on_loading;
	programs.loading_arg = &told;
	assert_int_equal(load("p_one", "p_two", &err), -ECANCELED);
	assert_string_equal(err.message, "loading: it was stopped");
	assert_string_equal(told.text, "0/2 1/2 2/2 ");
	assert_int_equal(fake_count("open 0"), 1);	/* it is not tried again */
	assert_int_equal(programs.n, 0);
	told = (struct told){ .most = 9 };
	assert_int_equal(load("p_one", "p_two", NULL), 0);
}

static void refuses_unknown_programs(void **state)
{
	struct tl_error err;

	(void)state;
	assert_int_equal(load("p_one", "p_four", &err), -ENOENT);
	assert_string_equal(err.message, "program p_four: not in any battery file; "
					 "name a complete battery with --battery");
	assert_int_equal(fake.n_calls, 0);
}

/* A function of the file that libbpf knows as no program. */
static void refuses_functions_that_are_no_programs(void **state)
{
	static const struct battery_file shorter = { .catalogue = HEAD "event\ta.one\t96\t\t\nend\t1\n",
						     .programs = { "p_one" }, .maps = { "tl_shared" } };
	struct tl_error err;

	(void)state;
	fake.files[0] = &shorter;
	assert_int_equal(load("p_one", "p_two", &err), -ENOENT);
	assert_string_equal(err.message, "program p_two: its battery file has no program of that name");
}

static void attaches_once(void **state)
{
	struct tl_program *program;
	struct tl_error err;

	(void)state;
	load("p_one", NULL, NULL);
	program = tl_programs_find(&programs, "p_one");
	fake.fail = "attach p_one";
	fake.code = ENODEV;
	assert_int_equal(tl_programs_attach(program, &err), -ENODEV);
	assert_string_equal(err.message, "p_one: cannot be attached to tp_btf/x: No such device");
	assert_null(program->link);
	tl_programs_detach(program);
	fake_forget();
	assert_int_equal(tl_programs_attach(program, NULL), 0);
	assert_int_equal(tl_programs_attach(program, NULL), 0);
	assert_int_equal(fake_count("attach p_one"), 1);
	tl_programs_detach(program);
	tl_programs_detach(program);
	assert_int_equal(fake_count("detach p_one"), 1);
}

static void gives_slots(void **state)
{
	struct tl_program *first, *second;
	struct tl_error err;

	(void)state;
	load("p_one", "p_two", NULL);
	first = tl_programs_find(&programs, "p_one");
	second = tl_programs_find(&programs, "p_two");
	fake.fail = "update tl_exit_handlers 1";
	fake.code = EINVAL;
	assert_int_equal(tl_programs_slot(&programs, first, TL_EXIT, &err), -EINVAL);
	assert_string_equal(err.message, "p_one: cannot be put into the tail-call table: Invalid argument");
	fake_forget();
	assert_int_equal(tl_programs_slot(&programs, first, TL_EXIT, NULL), 1);	/* 0 stays empty */
	assert_int_equal(tl_programs_slot(&programs, second, TL_ENTER, NULL), 2);
	assert_int_equal(tl_programs_slot(&programs, first, TL_EXIT, NULL), 1);
	assert_int_equal(fake.n_calls, 2);
	assert_int_equal(fake_count("update tl_exit_handlers 1"), 1);
	assert_int_equal(fake_count("update tl_enter_handlers 2"), 1);
	second->slot = 0;
	programs.next_slot = TL_HANDLERS_MAX - 1;
	assert_int_equal(tl_programs_slot(&programs, second, TL_ENTER, &err), -ENOSPC);
	assert_string_equal(err.message, "p_two: the tail-call table is full");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(loads_what_is_named),
		TEST(loads_what_is_missing),
		TEST(makes_maps_once_and_when_needed),
		TEST(makes_the_other_kind_of_maps),
		TEST(makes_the_other_flavour_of_maps),
		TEST(tells_each_battery_its_numbers),
		TEST(loads_all_or_none),
		TEST(tells_how_far_it_is),
		TEST(stops_loading),
		TEST(refuses_unknown_programs),
		TEST(refuses_functions_that_are_no_programs),
		TEST(attaches_once),
		TEST(gives_slots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
