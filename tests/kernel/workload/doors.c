// SPDX-License-Identifier: MIT
/* The other doors into the kernel of x86-64: int 0x80, whose numbers are those of i386, and x32. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

#ifdef __x86_64__

static long int80(long nr, long a, long b, long c, long d, long e, long f)
{
	register long sixth __asm__("r12") = f;
	long ret;

	__asm__ volatile("xchg %%r12, %%rbp\n\tint $0x80\n\txchg %%r12, %%rbp"
			 : "=a"(ret), "+r"(sixth)
			 : "a"(nr), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
			 : "memory", "r8", "r9", "r10", "r11");
	return (int)ret;
}

/* A kernel without the door sends a signal instead. */
static bool has_int80(void)
{
	int pid = quiet_fork(), status;

	if (!pid)
		_exit(int80(20, 0, 0, 0, 0, 0, 0) == getpid() ? 0 : 1);
	waitpid(pid, &status, 0);
	return status == 0;
}

/*
 * int80 N: the i386 calls 5 (open; fstat elsewhere), 6 (close; lstat), 3 (read; close), 0x14 (getpid; writev)
 * and a number beyond all, N times each; "call NUMBER RET".
 */
static int run_int80(int argc, char **argv)
{
	static const long numbers[] = { 5, 6, 3, 20, 4000 };
	long n = number(argc > 1 ? argv[1] : "1");

	if (!has_int80()) {
		printf("none here\n");
		return 0;
	}
	printf("pid %d\n", getpid());
	for (long i = 0; i < n; i++)
		for (size_t k = 0; k < sizeof(numbers) / sizeof(numbers[0]); k++) {
			long ret = int80(numbers[k], -1, 22, 33, 44, 55, 66);

			if (!i)
				printf("call %ld %ld\n", numbers[k], ret);
		}
	return 0;
}

/* x32: getpid, close(-1) and a number beyond all with the bit of x32 */
static int run_x32(int argc, char **argv)
{
	static const long numbers[] = { SYS_getpid, SYS_close, 900 };

	(void)argc, (void)argv;
	for (size_t k = 0; k < sizeof(numbers) / sizeof(numbers[0]); k++) {
		long ret = syscall(numbers[k] | 0x40000000, -1, 22, 33, 44, 55, 66);

		printf("call %ld %ld\n", numbers[k], ret < 0 ? -errno : ret);
	}
	return 0;
}

#else

static int run_int80(int argc, char **argv)
{
	(void)argc, (void)argv;
	printf("none here\n");
	return 0;
}

#define run_x32 run_int80

#endif

const struct command door_commands[] = {
	{ "int80", "N", run_int80 },
	{ "x32", "", run_x32 },
	{ 0 },
};
