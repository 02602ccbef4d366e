// SPDX-License-Identifier: MIT
/* Threads that rewrite what another one passes to the kernel. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "workload.h"

struct race {
	char path[256];
	char *letter;		/* of the path, the one that changes */
	long turn, done;	/* turn: how often the racer has been let go */
	int over;
};

static void pause_a_bit(unsigned int *seed)
{
	for (volatile int i = rand_r(seed) % 2000; i > 0; i--)
		;
}

/* ---- to and fro ------------------------------------------------------------------------------ */

static void *flip(void *arg)
{
	struct race *race = arg;
	unsigned int seed = 1;

	while (!__atomic_load_n(&race->over, __ATOMIC_RELAXED)) {
		__atomic_store_n(race->letter, 'a', __ATOMIC_RELAXED);
		pause_a_bit(&seed);
		__atomic_store_n(race->letter, 'b', __ATOMIC_RELAXED);
		pause_a_bit(&seed);
	}
	return NULL;
}

/* flips FOLDER N: N opens of a path that changes between two files all the time; "open INODE" for each. */
static int run_flips(int argc, char **argv)
{
	struct race race = { .turn = 0 };
	long n = number(argc > 2 ? argv[2] : "");
	ino_t *inodes = calloc((size_t)n, sizeof(*inodes));
	pthread_t thread;
	struct stat st;

	say_file("a", new_file(argv[1], "a"));
	say_file("b", new_file(argv[1], "b"));
	race.letter = race.path + snprintf(race.path, sizeof(race.path), "%s/a", argv[1]) - 1;
	if (!inodes || pthread_create(&thread, NULL, flip, &race))
		die("pthread_create");
	for (long i = 0; i < n; i++) {
		int fd = (int)syscall(SYS_openat, AT_FDCWD, race.path, O_PATH, 0);

		if (fd < 0 || fstat(fd, &st))
			die("openat");
		inodes[i] = st.st_ino;
		close(fd);
	}
	__atomic_store_n(&race.over, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	for (long i = 0; i < n; i++)
		printf("open %lu\n", (unsigned long)inodes[i]);
	return 0;
}

/* ---- once per call --------------------------------------------------------------------------- */

static void *change_once(void *arg)
{
	struct race *race = arg;
	unsigned int seed = 2;
	long seen = 0;

	while (!__atomic_load_n(&race->over, __ATOMIC_SEQ_CST)) {
		if (__atomic_load_n(&race->turn, __ATOMIC_SEQ_CST) == seen) {
			sched_yield();
			continue;
		}
		seen++;
		pause_a_bit(&seed);
		__atomic_store_n(race->letter, 'b', __ATOMIC_SEQ_CST);
		__atomic_store_n(&race->done, seen, __ATOMIC_SEQ_CST);
	}
	return NULL;
}

/*
 * once FOLDER N: N calls of access with a path that becomes another one, once, at some time about the
 * call. The first exists, the second does not, so the result says which one the kernel has read.
 */
static int run_once(int argc, char **argv)
{
	struct race race = { .turn = 0 };
	long n = number(argc > 2 ? argv[2] : ""), found = 0;
	pthread_t thread;

	close(new_file(argv[1], "a"));
	race.letter = race.path + snprintf(race.path, sizeof(race.path), "%s/a", argv[1]) - 1;
	if (pthread_create(&thread, NULL, change_once, &race))
		die("pthread_create");
	for (long i = 0; i < n; i++) {
		__atomic_store_n(race.letter, 'a', __ATOMIC_SEQ_CST);
		__atomic_add_fetch(&race.turn, 1, __ATOMIC_SEQ_CST);
		found += !syscall(SYS_access, race.path, F_OK);
		while (__atomic_load_n(&race.done, __ATOMIC_SEQ_CST) <= i)
			sched_yield();
	}
	__atomic_store_n(&race.over, 1, __ATOMIC_SEQ_CST);
	pthread_join(thread, NULL);
	printf("found %ld\n", found);
	return 0;
}

/* ---- while the call sleeps ------------------------------------------------------------------- */

struct slow {
	char path[256];
	int tid;
};

static void *open_slowly(void *arg)
{
	struct slow *slow = arg;

	__atomic_store_n(&slow->tid, (int)syscall(SYS_gettid), __ATOMIC_SEQ_CST);
	if (syscall(SYS_openat, AT_FDCWD, slow->path, O_RDONLY, 0) < 0)
		die("openat");
	return NULL;
}

/* rewritten FOLDER: the open of a fifo sleeps; meanwhile its path becomes that of another, harmless file. */
static int run_rewritten(int argc, char **argv)
{
	struct slow slow = { .tid = 0 };
	char fifo[256];
	pthread_t thread;
	int tid;

	snprintf(fifo, sizeof(fifo), "%s/fifo", argc > 1 ? argv[1] : "");
	strcpy(slow.path, fifo);
	close(new_file(argv[1], "nice"));
	if (mkfifo(fifo, 0600) || pthread_create(&thread, NULL, open_slowly, &slow))
		die("fifo");
	while (!(tid = __atomic_load_n(&slow.tid, __ATOMIC_SEQ_CST)))
		sched_yield();
	await_call(tid, SYS_openat);
	memcpy(slow.path + strlen(slow.path) - 4, "nice", 4);
	if (open(fifo, O_WRONLY) < 0)
		die(fifo);
	pthread_join(thread, NULL);
	printf("opener %d\n", tid);
	return 0;
}

/* links FOLDER: opens by another name than the file's own. */
static int run_links(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[1] : "";
	int fd = open(folder, O_PATH | O_DIRECTORY);

	say_file("target", new_file(folder, "target"));
	if (fd < 0 || symlinkat("target", fd, "link") || linkat(fd, "target", fd, "twin", 0) || fchdir(fd))
		die(folder);
	syscall(SYS_openat, AT_FDCWD, "link", O_RDONLY, 0);
	syscall(SYS_openat, AT_FDCWD, "twin", O_RDONLY, 0);
	syscall(SYS_openat, AT_FDCWD, "/proc/self/fd/0", O_RDONLY, 0);
	return 0;
}

const struct command race_commands[] = {
	{ "flips", "FOLDER N", run_flips },
	{ "once", "FOLDER N", run_once },
	{ "rewritten", "FOLDER", run_rewritten },
	{ "links", "FOLDER", run_links },
	{ 0 },
};
