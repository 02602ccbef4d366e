// SPDX-License-Identifier: MIT
/* Spans of known length between two calls that fail and do nothing else, told apart by a number that both have. */
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "workload.h"

struct bounds {
	uint64_t before_begin, after_begin, before_end, after_end;
	int pid;	/* who ended it */
};

/* lseek(-1, key): where a span begins. */
static void begin(struct bounds *b, long key)
{
	b->before_begin = now_ns();
	syscall(SYS_lseek, -1, key, 0);
	b->after_begin = now_ns();
}

/* ftruncate(-1, key): where it ends. */
static void end(struct bounds *b, long key)
{
	b->before_end = now_ns();
	syscall(SYS_ftruncate, -1, key);
	b->after_end = now_ns();
	b->pid = getpid();
}

static void nap(long ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&ts, NULL);
}

static void end_some(struct bounds *all, long n, int rest)
{
	for (long i = rest; i < n; i += 2)
		end(&all[i], i);
}

#define UNBEGUN 3
#define UNENDED 5

/*
 * spans N MS: N spans at a time, keys 0 to N - 1. The odd ones begin twice, MS milliseconds apart; MS later a
 * child ends the even ones, then this process the odd ones. Three more ends have no begin, five begins no end.
 * "span KEY LEAST MOST PID", nanoseconds from the last begin to the end.
 */
static int run_spans(int argc, char **argv)
{
	long n = number(argv[1]), ms = argc > 2 ? number(argv[2]) : 1;
	struct bounds *all = shared_memory((unsigned long)n * sizeof(*all)), other;
	int child;

	for (long i = 0; i < n; i++)
		begin(&all[i], i);
	nap(ms);
	for (long i = 1; i < n; i += 2)
		begin(&all[i], i);
	nap(ms);
	child = quiet_fork();
	if (!child) {
		end_some(all, n, 0);
		_exit(0);
	}
	reap(child);
	end_some(all, n, 1);
	for (long i = 0; i < UNBEGUN; i++)
		end(&other, n + i);
	for (long i = 0; i < UNENDED; i++)
		begin(&other, 2 * n + i);
	for (long i = 0; i < n; i++)
		printf("span %ld %llu %llu %d\n", i, (unsigned long long)(all[i].before_end - all[i].after_begin),
		       (unsigned long long)(all[i].after_end - all[i].before_begin), all[i].pid);
	printf("pid %d\nchild %d\nunbegun %d\n", getpid(), child, UNBEGUN);
	return 0;
}

const struct command span_commands[] = {
	{ "spans", "N [MS]", run_spans },
	{ NULL, NULL, NULL }
};
