// SPDX-License-Identifier: MIT
/* As many calls as fast as they go. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "workload.h"

#define THREADS_MAX 64

static void *flood_thread(void *arg)
{
	long n = *(long *)arg;

	for (long i = 0; i < n; i++)
		syscall(SYS_close, -1);
	return NULL;
}

/* flood N [THREADS]: N times close(-1) in each of THREADS threads. */
static int run_flood(int argc, char **argv)
{
	long n = argc > 1 ? number(argv[1]) : 0, threads = argc > 2 ? number(argv[2]) : 1;
	pthread_t ids[THREADS_MAX];

	if (threads > THREADS_MAX)
		threads = THREADS_MAX;
	for (long i = 1; i < threads; i++)
		if (pthread_create(&ids[i], NULL, flood_thread, &n))
			die("pthread_create");
	flood_thread(&n);
	for (long i = 1; i < threads; i++)
		pthread_join(ids[i], NULL);
	printf("calls %ld\n", n * threads);
	return 0;
}

#define ASCEND_FIRST	10000000L	/* of the first thread; of the second twice that … */

struct ascent {
	long first, n, every;
};

static void *ascend_thread(void *arg)
{
	const struct ascent *ascent = arg;

	for (long i = 0; i < ascent->n; i++) {
		syscall(SYS_close, (int)(ascent->first + i));
		if (ascent->every && i % ascent->every == 0)
			usleep(100);
	}
	return NULL;
}

/*
 * ascend N [THREADS [EVERY]]: closes ASCEND_FIRST, the next, and so on, N numbers in each thread, none of which is
 * open: each call is told from any other. After EVERY of them a nap.
 */
static int run_ascend(int argc, char **argv)
{
	long n = argc > 1 ? number(argv[1]) : 0, threads = argc > 2 ? number(argv[2]) : 1;
	struct ascent ascents[THREADS_MAX];
	pthread_t ids[THREADS_MAX];

	if (threads > THREADS_MAX)
		threads = THREADS_MAX;
	for (long i = 0; i < threads; i++) {
		ascents[i] = (struct ascent){ (i + 1) * ASCEND_FIRST, n, argc > 3 ? number(argv[3]) : 0 };
		if (i && pthread_create(&ids[i], NULL, ascend_thread, &ascents[i]))
			die("pthread_create");
	}
	ascend_thread(&ascents[0]);
	for (long i = 1; i < threads; i++)
		pthread_join(ids[i], NULL);
	printf("calls %ld\n", n * threads);
	return 0;
}

/* zeros N: N times read(fd of /dev/zero, 1 byte). */
static int run_zeros(int argc, char **argv)
{
	long n = argc > 1 ? number(argv[1]) : 0;
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	char byte;

	if (fd < 0)
		die("/dev/zero");
	for (long i = 0; i < n; i++)
		syscall(SYS_read, fd, &byte, 1);
	printf("reads %ld\nfd %d\n", n, fd);
	return 0;
}

const struct command flood_commands[] = {
	{ "flood", "N [THREADS]", run_flood },
	{ "ascend", "N [THREADS [EVERY]]", run_ascend },
	{ "zeros", "N", run_zeros },
	{ 0 },
};
