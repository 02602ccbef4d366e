// SPDX-License-Identifier: MIT
/*
 * Random trees of processes. Each process takes a number from memory that all share and opens a file of that
 * name, which is not there: what the tracer must see, and nothing else, are all numbers, each once.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

static struct shared {
	int taken, most;
} *shared;

/* Not that of `self`: a first thread that has ended has none any more. */
static char *const program = (char *)"/proc/thread-self/exe";
static const char *name;
static int memory;

static int take_number(void)
{
	int n = __atomic_add_fetch(&shared->taken, 1, __ATOMIC_SEQ_CST);
	char path[128];

	snprintf(path, sizeof(path), "/no/such/%s-%d", name, n);
	syscall(SYS_openat, AT_FDCWD, path, O_RDONLY, 0);
	return n;
}

static void live(unsigned int seed, int depth);

/* A process that is this program anew; it is told of the memory by its descriptor. */
static void become(unsigned int seed, int depth)
{
	char a[16], b[16], c[16];
	char *argv[] = { (char *)"workload", (char *)"grove-again", (char *)(uintptr_t)name, a, b, c, NULL };

	snprintf(a, sizeof(a), "%u", seed);
	snprintf(b, sizeof(b), "%d", depth);
	snprintf(c, sizeof(c), "%d", memory);
	execv(program, argv);
	_exit(97);
}

static void child(unsigned int seed, int depth)
{
	take_number();
	live(seed, depth - 1);
}

static void by_fork(unsigned int seed, int depth)
{
	int pid = spawned(fork());

	if (!pid) {
		child(seed, depth);
		_exit(0);
	}
	reap(pid);
}

static void by_vfork(unsigned int seed, int depth)
{
	int pid = spawned(vfork());

	if (!pid)
		become(seed, depth);
	reap(pid);
}

/* Its parent is ours, who does not know of it and does not wait for it. */
static void as_sibling(unsigned int seed, int depth)
{
	struct clone_args args = { .flags = CLONE_PARENT };
	int pid = spawned((int)syscall(SYS_clone3, &args, sizeof(args)));
	if (!pid) {
		child(seed, depth);
		_exit(0);
	}
}

static void as_orphan(unsigned int seed, int depth)
{
	int pid = spawned(fork());

	if (!pid) {
		take_number();
		if (spawned(fork()))
			_exit(0);
		child(seed, depth);
		_exit(0);
	}
	reap(pid);
}

struct task {
	unsigned int seed;
	int depth;
	int execs;
};

static void *in_thread(void *arg)
{
	struct task *task = arg;

	if (task->execs)
		become(task->seed, task->depth);
	by_fork(task->seed, task->depth);
	return NULL;
}

/* The child is made by another thread than the first. */
static void by_thread(unsigned int seed, int depth)
{
	struct task task = { seed, depth, 0 };
	pthread_t thread;

	if (pthread_create(&thread, NULL, in_thread, &task) || pthread_join(thread, NULL))
		die("pthread_create");
}

/* A thread becomes a program; and the first thread ends before another goes on. */
static void by_thread_alone(unsigned int seed, int depth, int execs)
{
	int pid = spawned(fork());

	if (!pid) {
		static struct task task;
		pthread_t thread;

		take_number();
		task = (struct task){ seed, depth, execs };
		if (pthread_create(&thread, NULL, in_thread, &task))
			die("pthread_create");
		syscall(SYS_exit, 0);	/* of this thread alone, and without a lock that a fork beside it would copy */
	}
	reap(pid);
}

static unsigned int next(unsigned int *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static void live(unsigned int seed, int depth)
{
	unsigned int n = depth > 0 ? 1 + next(&seed) % 3 : 0;

	for (unsigned int i = 0; i < n && __atomic_load_n(&shared->taken, __ATOMIC_SEQ_CST) < shared->most; i++) {
		unsigned int way = next(&seed) % 8, own = next(&seed);

		switch (way) {
		case 0: by_vfork(own, depth); break;
		case 1: as_sibling(own, depth); break;
		case 2: as_orphan(own, depth); break;
		case 3: by_thread(own, depth); break;
		case 4: by_thread_alone(own, depth, 0); break;
		case 5: by_thread_alone(own, depth, 1); break;
		default: by_fork(own, depth); break;
		}
	}
}

static int run_grove_again(int argc, char **argv)
{
	if (argc != 5)
		return 2;
	name = argv[1];
	memory = (int)number(argv[4]);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
	if (shared == MAP_FAILED)
		die("mmap");
	child((unsigned int)number(argv[2]), (int)number(argv[3]));
	return 0;
}

/* grove NAME SEED MOST: about as many processes. Siblings are ours too: we adopt what is left alone. */
static int run_grove(int argc, char **argv)
{
	unsigned int seed = argc > 3 ? (unsigned int)number(argv[2]) : 0;

	name = argc > 3 ? argv[1] : "";
	memory = memfd_create("grove", 0);
	if (argc < 4 || memory < 0 || ftruncate(memory, sizeof(*shared)) || prctl(PR_SET_CHILD_SUBREAPER, 1))
		die("grove");
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
	if (shared == MAP_FAILED)
		die("mmap");
	shared->most = (int)number(argv[3]);
	take_number();
	while (shared->taken < shared->most) {
		int pid = quiet_fork();	/* so that a sibling of it is a child of ours */

		if (!pid) {
			child(seed++, 6);
			_exit(0);
		}
		seed++;
		while (waitpid(-1, NULL, 0) > 0)
			;
	}
	printf("processes %d\n", shared->taken);
	return 0;
}

const struct command grove_commands[] = {
	{ "grove", "NAME SEED MOST", run_grove },
	{ "grove-again", "NAME SEED DEPTH MEMORY", run_grove_again },
	{ 0 },
};
