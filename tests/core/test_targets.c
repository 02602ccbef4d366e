/* SPDX-License-Identifier: MIT */
/* test_targets.c: tests core/targets.c on a target map that is none. */
/* link: -Wl,--wrap=bpf_object__open_mem,--wrap=bpf_object__close,--wrap=bpf_object__load */
/* link: -Wl,--wrap=bpf_object__next_program,--wrap=bpf_object__next_map,--wrap=bpf_program__name */
/* link: -Wl,--wrap=bpf_program__section_name,--wrap=bpf_program__autoload,--wrap=bpf_program__set_autoload */
/* link: -Wl,--wrap=bpf_program__fd,--wrap=bpf_program__attach,--wrap=bpf_link__destroy,--wrap=bpf_map__name */
/* link: -Wl,--wrap=bpf_map__fd,--wrap=bpf_map__set_autocreate,--wrap=bpf_map__set_max_entries */
/* link: -Wl,--wrap=bpf_map__reuse_fd,--wrap=bpf_map__set_initial_value,--wrap=bpf_map_lookup_elem */
/* link: -Wl,--wrap=bpf_map_update_elem,--wrap=bpf_map_delete_elem,--wrap=bpf_map_get_next_key */
/* link: -Wl,--wrap=libbpf_num_possible_cpus,--wrap=bpf_obj_get_info_by_fd,--wrap=bpf_prog_test_run_opts,--wrap=kill */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "fake_libbpf.h"
#include "targets.h"

#define MAP 900		/* a descriptor that only the fake knows */

static struct tl_shared shared;
static struct tl_targets targets;

static int set_up(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	memset(&shared, 0, sizeof(shared));
	fake.map_names[MAP] = "tl_targets";
	targets = (struct tl_targets){ .map_fd = MAP, .shared = &shared };
	return 0;
}

static int add(int pid, uint64_t mask, uint64_t follow, uint64_t at_exec, struct tl_error *err)
{
	struct tl_target bits = { .mask = mask, .follow = follow, .at_exec = at_exec };

	return tl_targets_add(&targets, pid, &bits, err);
}

static void assert_target(int pid, uint64_t mask, uint64_t follow, uint64_t at_exec)
{
	struct fake_entry *entry = fake_entry(MAP, (uint32_t)pid);

	assert_non_null(entry);
	assert_int_equal(entry->target.mask, mask);
	assert_int_equal(entry->target.follow, follow);
	assert_int_equal(entry->target.at_exec, at_exec);
}

static void checks_processes(void **state)
{
	struct tl_error err;

	(void)state;
	assert_int_equal(tl_target_check(0, &err), -EINVAL);
	assert_string_equal(err.message, "pid 0: not a process id");
	assert_int_equal(tl_target_check(-7, &err), -EINVAL);
	fake.dead = 77;
	assert_int_equal(tl_target_check(77, &err), -ESRCH);
	assert_string_equal(err.message, "process 77: no such process");
	assert_int_equal(tl_target_check(getpid(), &err), 0);	/* EPERM: it is there */
}

static void *check_itself(void *arg)
{
	*(int *)arg = tl_target_check(gettid(), NULL);
	return NULL;
}

static void refuses_threads(void **state)
{
	pthread_t thread;
	int ret = 0;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, check_itself, &ret), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(ret, -ESRCH);
}

static void joins_bits(void **state)
{
	(void)state;
	assert_int_equal(add(42, 1, 0, 0, NULL), 0);
	assert_int_equal(add(42, 0, 2, 4, NULL), 0);
	assert_target(42, 1, 2, 4);
	assert_int_equal(shared.target_filter[42], 1);		/* one process, whoever wants it */
	assert_int_equal(add(42 + TL_PIDS_MAX, 8, 0, 0, NULL), 0);
	assert_int_equal(shared.target_filter[42], 2);
}

/* When a process began, told apart from a later one of the same number. */
static void knows_the_start(void **state)
{
	struct timespec now;
	uint64_t start, end;

	(void)state;
	assert_int_equal(add(getpid(), 1, 0, 0, NULL), 0);
	clock_gettime(CLOCK_BOOTTIME, &now);
	end = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
	start = fake_entry(MAP, (uint32_t)getpid())->target.start;
	assert_in_range(start, 1, end);
	assert_true(end - start < 600000000000);	/* not boot, not a column beside it */
	fake_entry(MAP, (uint32_t)getpid())->target.start = 5;
	assert_int_equal(add(getpid(), 2, 0, 0, NULL), 0);
	assert_int_equal(fake_entry(MAP, (uint32_t)getpid())->target.start, 5);	/* the kernel side knows better */
	assert_int_equal(add(0x7ffffff0, 1, 0, 0, NULL), 0);
	assert_int_equal(fake_entry(MAP, 0x7ffffff0)->target.start, 0);
}

static void fails_to_add(void **state)
{
	struct tl_error err;

	(void)state;
	fake.fail = "update tl_targets 42";
	fake.code = E2BIG;
	assert_int_equal(add(42, 1, 0, 0, &err), -E2BIG);
	assert_string_equal(err.message, "process 42: cannot be made a target: Argument list too long");
	assert_int_equal(shared.target_filter[42], 0);
	fake.fail = NULL;
	fake.dead = 42;
	assert_int_equal(add(42, 1, 0, 0, &err), -ESRCH);
	assert_int_equal(err.code, -ESRCH);
	tl_targets_clear(&targets, 1);		/* its owner takes it back */
	assert_null(fake_entry(MAP, 42));
	assert_int_equal(shared.target_filter[42], 0);
}

static void clears_one_subscription(void **state)
{
	(void)state;
	add(1, 1, 1, 0, NULL);
	add(2, 1 | 2, 2, 0, NULL);
	add(3, 2, 0, 0, NULL);
	add(4, 0, 0, 1, NULL);
	add(5, 0, 2, 1, NULL);
	fake_forget();
	tl_targets_clear(&targets, 1);
	assert_null(fake_entry(MAP, 1));
	assert_target(2, 2, 2, 0);
	assert_target(3, 2, 0, 0);
	assert_null(fake_entry(MAP, 4));
	assert_target(5, 0, 2, 0);
	assert_int_equal(shared.target_filter[1], 0);
	assert_int_equal(shared.target_filter[2], 1);
	assert_int_equal(shared.target_filter[4], 0);
	assert_int_equal(fake_place("update tl_targets 3"), -1);	/* left alone: it may be changing */
	tl_targets_clear(&targets, UINT64_MAX);
	for (size_t i = 0; i < sizeof(fake.entries) / sizeof(*fake.entries); i++)
		assert_false(fake.entries[i].used);
	for (int i = 0; i < TL_PIDS_MAX; i++)
		assert_int_equal(shared.target_filter[i], 0);
	tl_targets_clear(&targets, 1);
}

/* The kernel side may delete one that ended between look-up and delete: it counted it then. */
static void counts_no_target_twice(void **state)
{
	(void)state;
	add(9, 1, 0, 0, NULL);
	fake.fail = "delete tl_targets 9";
	tl_targets_clear(&targets, 1);
	assert_int_equal(shared.target_filter[9], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(checks_processes, set_up),
		cmocka_unit_test_setup(refuses_threads, set_up),
		cmocka_unit_test_setup(refuses_threads, set_up),
		cmocka_unit_test_setup(joins_bits, set_up),
		cmocka_unit_test_setup(knows_the_start, set_up),
		cmocka_unit_test_setup(fails_to_add, set_up),
		cmocka_unit_test_setup(clears_one_subscription, set_up),
		cmocka_unit_test_setup(counts_no_target_twice, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
