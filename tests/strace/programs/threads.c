// SPDX-License-Identifier: MIT
// Threads that share a lock, a queue and the descriptors; some end inside a call.
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 8, ROUNDS = 60 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t inheriting;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t all;
static sem_t left;
static int ends[2], value;

static void *work(void *argument)
{
	long id = (long)argument;
	struct timespec soon;
	char text[32], byte;
	int i, fd;

	pthread_barrier_wait(&all);
	for (i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&lock);
		value++;
		if (i % 8 == 0)
			usleep(50);
		pthread_cond_signal(&more);
		pthread_mutex_unlock(&lock);
		snprintf(text, sizeof(text), "thread %ld round %d", id, i);
		fd = open("/dev/null", O_WRONLY);
		write(fd, text, sizeof(text));
		close(fd);
	}
	pthread_mutex_lock(&inheriting);
	pthread_mutex_unlock(&inheriting);
	clock_gettime(CLOCK_REALTIME, &soon);
	soon.tv_nsec += 1000000;
	if (soon.tv_nsec >= 1000000000) {
		soon.tv_nsec -= 1000000000;
		soon.tv_sec++;
	}
	pthread_mutex_lock(&lock);
	pthread_cond_timedwait(&more, &lock, &soon);
	pthread_mutex_unlock(&lock);
	sem_post(&left);
	read(ends[0], &byte, 1); // until another ends the process
	return NULL;
}

int main(void)
{
	pthread_mutexattr_t attributes;
	pthread_t threads[THREADS];
	long i;

	pipe(ends);
	sem_init(&left, 0, 0);
	pthread_barrier_init(&all, NULL, THREADS);
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
	pthread_mutex_init(&inheriting, &attributes);
	for (i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	for (i = 0; i < THREADS; i++)
		while (sem_wait(&left) < 0 && errno == EINTR) {}
	write(ends[1], "ab", 2); // two of them return
	usleep(100000); // and are gone, for strace reads nonsense of a thread that is killed while it stops it
	_exit(0);
}
