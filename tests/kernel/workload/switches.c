// SPDX-License-Identifier: MIT
/* Threads that share one CPU, and what the kernel itself says of how often and how long they ran and waited. */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "workload.h"

struct counters {
	uint64_t time;			/* ns since boot */
	unsigned long long cpu, delay, ran;	/* ns on CPUs, ns in their queues, times that it got one */
	long voluntary, involuntary;
};

struct side {
	int pid;
	struct counters begin, end;
};

static int schedstat = -1;

static uint64_t boot_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static void count(struct counters *c)
{
	struct rusage usage;
	char text[128] = "";

	memset(c, 0, sizeof(*c));
	c->time = boot_ns();
	if (pread(schedstat, text, sizeof(text) - 1, 0) <= 0 ||
	    sscanf(text, "%llu %llu %llu", &c->cpu, &c->delay, &c->ran) != 3)
		die("schedstat");
	if (getrusage(RUSAGE_THREAD, &usage))
		die("getrusage");
	c->voluntary = usage.ru_nvcsw;
	c->involuntary = usage.ru_nivcsw;
}

/* What holds at the time: nothing has happened between two looks at it. */
static void look(struct counters *c)
{
	struct counters again;

	for (count(&again); ; again = *c) {
		count(c);
		if (c->ran == again.ran && c->voluntary == again.voluntary && c->involuntary == again.involuntary)
			return;
	}
}

static void begin(struct side *side)
{
	side->pid = getpid();
	schedstat = open("/proc/thread-self/schedstat", O_RDONLY);
	look(&side->begin);
}

static void say_side(const struct side *s)
{
	printf("side %d %llu %llu %ld %ld %llu %llu %llu\n", s->pid, (unsigned long long)s->begin.time,
	       (unsigned long long)s->end.time, s->end.voluntary - s->begin.voluntary,
	       s->end.involuntary - s->begin.involuntary, s->end.ran - s->begin.ran, s->end.delay - s->begin.delay,
	       s->end.cpu - s->begin.cpu);
}

/* A byte comes and goes, `n` times; `first`: it goes first. */
static void play(int in, int out, long n, bool first)
{
	char byte = 0;

	for (long i = 0; i < n; i++) {
		if (first && write(out, &byte, 1) != 1)
			die("write");
		if (read(in, &byte, 1) != 1)
			die("read");
		if (!first && write(out, &byte, 1) != 1)
			die("write");
	}
}

/*
 * switches N: two processes on one CPU hand each other a byte, N times there and back.
 * "side PID BEGIN END VOLUNTARY INVOLUNTARY RAN DELAY CPU" of both: ns since boot, and what came between.
 */
static int run_switches(int argc, char **argv)
{
	long n = number(argv[1]);
	struct side *sides = shared_memory(2 * sizeof(*sides));
	int there[2], back[2], child;

	(void)argc;
	stay_on_one_cpu();
	if (pipe(there) || pipe(back))
		die("pipe");
	child = quiet_fork();
	begin(&sides[!child]);
	play(child ? back[0] : there[0], child ? there[1] : back[1], n, child);
	look(&sides[!child].end);
	if (!child)
		_exit(0);
	reap(child);
	say_side(&sides[0]);
	say_side(&sides[1]);
	return 0;
}

static void burn(long ms)
{
	struct timespec ts;

	do
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	while (ts.tv_sec * 1000 + ts.tv_nsec / 1000000 < ms);
}

#define BURNERS_MAX	16

/* burn N MS: N processes on one CPU take MS ms of it each. The same lines of all. */
static int run_burn(int argc, char **argv)
{
	long n = number(argv[1]), ms = argc > 2 ? number(argv[2]) : 100;
	struct side *sides = shared_memory(BURNERS_MAX * sizeof(*sides));
	int children[BURNERS_MAX];

	n = n > BURNERS_MAX ? BURNERS_MAX : n;
	stay_on_one_cpu();
	for (long i = 0; i < n; i++) {
		children[i] = quiet_fork();
		if (children[i])
			continue;
		begin(&sides[i]);
		burn(ms);
		look(&sides[i].end);
		_exit(0);
	}
	for (long i = 0; i < n; i++)
		reap(children[i]);
	for (long i = 0; i < n; i++)
		say_side(&sides[i]);
	return 0;
}

const struct command switch_commands[] = {
	{ "switches", "N", run_switches },
	{ "burn", "N MS", run_burn },
	{ 0 },
};
