// SPDX-License-Identifier: MIT
/*
 * meter: one measurement of one tracer. It prints numbers, bench.lua makes medians of them.
 *
 *	meter first TRACER…	ns to first output, VmRSS kB, VmHWM kB, ns from SIGINT to exit
 *	meter pair LOAD N self|other TRACER…
 *					ns per call before, with, and after the tracer: of CPU, then
					on the clock
 *	meter burst N RATE TRACER…		calls per second reached
 *	meter fill N				nothing: see fill.c
 *
 * @PID@ in the tracer's words: the process to trace. `other`: one that makes only the ticks.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

#define DRAIN_US	300000

_Noreturn void die(const char *what)
{
	fprintf(stderr, "meter: ");
	perror(what);
	exit(1);
}

uint64_t now_ns(int clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* Puts the pid where the words say @PID@. */
static char **with_pid(char **words, pid_t pid)
{
	for (char **word = words; *word; word++) {
		char *at = strstr(*word, "@PID@"), *text;

		if (at && asprintf(&text, "%.*s%d%s", (int)(at - *word), *word, pid,
				   at + strlen("@PID@")) > 0)
			*word = text;
	}
	return words;
}

static int run_first(char **argv)
{
	struct worker worker = worker_start();
	struct tracer tracer = tracer_start(with_pid(argv, worker.pid), true);
	uint64_t first = tracer_first_output(&tracer), quit;
	long rss = tracer_memory_kb(&tracer, "VmRSS"), peak = tracer_memory_kb(&tracer, "VmHWM");

	quit = tracer_interrupt(&tracer);
	worker_end(&worker);
	printf("%llu %ld %ld %llu\n", (unsigned long long)first, rss, peak,
	       (unsigned long long)quit);
	return 0;
}

struct per_call {
	double cpu, wall;
};

static struct per_call per_call(const struct worker *worker, struct order order)
{
	struct took took = worker_do(worker, order);

	return (struct per_call){ (double)took.cpu / (double)order.n, (double)took.wall / (double)order.n };
}

static int run_pair(char **argv)
{
	struct order order = { load_named(argv[0]), atol(argv[1]), 0 };
	struct worker worker = worker_start(), other = worker;
	struct tracer tracer;
	struct per_call before, with, after;

	if (order.load == LOAD_NONE || order.n < 1)
		return 2;
	if (!strcmp(argv[2], "other"))
		other = worker_start();
	before = per_call(&worker, order);
	tracer = tracer_start(with_pid(argv + 3, other.pid), false);
	tracer_wait_attached(&tracer, other.pid);
	with = per_call(&worker, order);
	tracer_interrupt(&tracer);
	after = per_call(&worker, order);
	printf("%.1f %.1f %.1f %.1f %.1f %.1f\n", before.cpu, with.cpu, after.cpu, before.wall, with.wall, after.wall);
	if (other.pid != worker.pid)
		worker_end(&other);	/* first: it holds an end of the worker's socket too */
	worker_end(&worker);
	return 0;
}

static int run_burst(char **argv)
{
	struct order order = { LOAD_CLOSE, atol(argv[0]), atol(argv[1]) };
	struct worker worker = worker_start();
	struct tracer tracer = tracer_start(with_pid(argv + 2, worker.pid), false);
	struct took took;

	tracer_wait_attached(&tracer, worker.pid);
	took = worker_do(&worker, order);
	usleep(DRAIN_US);
	tracer_interrupt(&tracer);
	worker_end(&worker);
	printf("%.0f\n", (double)order.n * 1e9 / (double)took.wall);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "first"))
		return run_first(argv + 2);
	if (argc > 5 && !strcmp(argv[1], "pair"))
		return run_pair(argv + 2);
	if (argc > 4 && !strcmp(argv[1], "burst"))
		return run_burst(argv + 2);
	if (argc > 2 && !strcmp(argv[1], "fill"))
		return run_fill(atol(argv[2]));
	fprintf(stderr, "usage: see the head of meter.c\n");
	return 2;
}
