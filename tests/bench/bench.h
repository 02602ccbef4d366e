/* SPDX-License-Identifier: MIT */
/* What the halves of the meter share: the worker that makes calls, the tracer that is watched. */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* worker.c: a process that makes a tick (one close(-1)) each millisecond, and calls on demand */
struct worker {
	pid_t pid;
	int fd;
};

enum load { LOAD_CLOSE, LOAD_ZERO, LOAD_OPEN, LOAD_CONNECT, LOAD_PATHS, LOAD_NONE };

struct order {
	enum load load;
	long n;
	long rate;			/* calls per second; 0: as fast as they go */
};

struct took {
	uint64_t cpu, wall;		/* ns of the thread, and on the clock */
};

enum load load_named(const char *name);
struct worker worker_start(void);
struct took worker_do(const struct worker *worker, struct order order);
void worker_end(const struct worker *worker);

/* tracer.c: a tracer as a child */
struct tracer {
	pid_t pid;
	int out;			/* of its stdout, -1: that is /dev/null */
	uint64_t begin;			/* when it was executed */
};

struct tracer tracer_start(char **words, bool piped);
void tracer_wait_attached(const struct tracer *tracer, pid_t target);
uint64_t tracer_first_output(const struct tracer *tracer);	/* ns from its exec */
long tracer_memory_kb(const struct tracer *tracer, const char *key);
uint64_t tracer_interrupt(const struct tracer *tracer);		/* ns from SIGINT to exit */

_Noreturn void die(const char *what);
uint64_t now_ns(int clock);

/* fill.c */
int run_fill(long n);

#endif
