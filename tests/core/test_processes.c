/* SPDX-License-Identifier: MIT */
/* test_processes.c: tests what core/target/processes.c asks of /proc. Its programs are run by the kernel cases. */
/* link: -Wl,--wrap=kill */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include "target/processes.h"

static int dead;

int __wrap_kill(int pid, int signal);
int __wrap_kill(int pid, int signal)
{
	(void)signal;
	errno = pid == dead ? ESRCH : EPERM;	/* EPERM: it is there, and somebody else's */
	return -1;
}

static void checks_processes(void **state)
{
	struct tl_error err;

	(void)state;
	assert_int_equal(tl_target_check(0, &err), -EINVAL);
	assert_string_equal(err.message, "pid 0: not a process id");
	assert_int_equal(tl_target_check(-7, &err), -EINVAL);
	dead = 77;
	assert_int_equal(tl_target_check(77, &err), -ESRCH);
	assert_string_equal(err.message, "process 77: no such process");
	assert_int_equal(tl_target_check(getpid(), &err), 0);
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

static void needs_its_programs(void **state)
{
	const struct tl_programs none = { 0 };
	struct tl_trait file;
	struct tl_error err;

	(void)state;
	assert_int_equal(tl_processes_walk(&none, &err), -ENOENT);
	assert_int_equal(tl_processes_file(&none, "/no/such/file", &file, &err), -ENOENT);
	assert_string_equal(err.message, "exe '/no/such/file': No such file or directory");
	assert_int_equal(tl_processes_file(&none, "/", &file, &err), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checks_processes), cmocka_unit_test(refuses_threads), cmocka_unit_test(needs_its_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
