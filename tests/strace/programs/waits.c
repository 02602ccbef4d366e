// SPDX-License-Identifier: MIT
// Whatever one can wait with: poll, select, epoll, eventfd, timerfd, inotify, clocks.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

static int ends[2], events, timer;

static void make(void)
{
	uint64_t count = 5;
	struct itimerspec spec = { { 0, 1000000 }, { 0, 2000000 } }, old;

	pipe(ends);
	events = eventfd(3, EFD_NONBLOCK | EFD_CLOEXEC);
	syscall(SYS_eventfd, 0);
	write(events, &count, sizeof(count));
	read(events, &count, sizeof(count));
	read(events, &count, sizeof(count));
	timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	timerfd_settime(timer, 0, &spec, &old);
	timerfd_gettime(timer, &old);
	write(events, &count, sizeof(count));
}

static void polls(void)
{
	struct pollfd fds[4] = { { ends[0], POLLIN, 0 }, { ends[1], POLLOUT | POLLERR, 0 }, { -1, POLLPRI, 0 },
				 { 999, POLLIN, 0 } };
	struct pollfd many[200];
	struct timespec time = { 0, 3000000 };
	sigset_t mask;
	int i;

	sigemptyset(&mask);
	sigaddset(&mask, SIGALRM);
	poll(fds, 4, 5);
	poll(fds, 1, 1);
	poll(NULL, 0, 1);
	ppoll(fds, 1, &time, &mask);
	ppoll(fds, 2, NULL, NULL);
	for (i = 0; i < 200; i++)
		many[i] = (struct pollfd){ i % 2 ? events : ends[0], POLLIN, 0 };
	poll(many, 200, 1);
}

static void selects(void)
{
	struct timeval tv = { 0, 3000 };
	struct timespec time = { 0, 3000000 };
	fd_set in, out, bad;
	sigset_t mask;

	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_ZERO(&bad);
	FD_SET(ends[0], &in);
	FD_SET(events, &in);
	FD_SET(ends[1], &out);
	FD_SET(500, &bad);
	syscall(SYS_select, 20, &in, &out, NULL, &tv);
	FD_ZERO(&in);
	FD_SET(ends[0], &in);
	syscall(SYS_select, 20, &in, NULL, NULL, &tv);
	syscall(SYS_select, 501, NULL, NULL, &bad, &tv);
	syscall(SYS_select, 0, NULL, NULL, NULL, &tv);
	sigfillset(&mask);
	FD_SET(ends[0], &in);
	pselect(20, &in, NULL, NULL, &time, &mask);
}

static void epolls(void)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC), old = epoll_create(7);
	struct epoll_event event = { EPOLLIN | EPOLLET, { .u64 = 0x1122334455667788 } }, got[8];
	struct timespec time = { 0, 1000000 };
	sigset_t mask;

	sigemptyset(&mask);
	epoll_ctl(epoll, EPOLL_CTL_ADD, events, &event);
	event.events = EPOLLOUT | EPOLLRDHUP | EPOLLONESHOT;
	epoll_ctl(epoll, EPOLL_CTL_ADD, ends[1], &event);
	epoll_ctl(epoll, EPOLL_CTL_ADD, ends[1], &event);
	epoll_ctl(epoll, EPOLL_CTL_MOD, ends[1], &event);
	event.events = EPOLLIN;
	epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &event);
	epoll_wait(epoll, got, 8, 10);
	epoll_pwait(epoll, got, 8, 10, &mask);
	syscall(441 /* epoll_pwait2 */, epoll, got, 8, &time, &mask, 8);
	epoll_ctl(epoll, EPOLL_CTL_DEL, ends[1], NULL);
	epoll_ctl(epoll, EPOLL_CTL_DEL, 999, NULL);
	epoll_wait(epoll, got, 0, 0);
	close(old);
	close(epoll);
}

static void watches(void)
{
	char buffer[512];
	int fd = inotify_init1(IN_NONBLOCK), watch;

	syscall(SYS_inotify_init);
	watch = inotify_add_watch(fd, ".", IN_CREATE | IN_CLOSE_WRITE | IN_ONLYDIR);
	close(open("watch<ed>", O_WRONLY | O_CREAT, 0600));
	read(fd, buffer, sizeof(buffer));
	inotify_rm_watch(fd, watch);
	inotify_rm_watch(fd, 77);
	close(fd);
}

static void clocks(void)
{
	struct timespec time, past = { 1, 5 };
	struct timeval tv;
	struct timezone zone;
	struct timex adjust = { 0 };
	struct itimerval interval;
	struct itimerspec spec = { { 0, 0 }, { 50, 7 } };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	timer_t id;
	struct tms tms;

	syscall(SYS_clock_gettime, CLOCK_REALTIME, &time);
	syscall(SYS_clock_gettime, CLOCK_BOOTTIME, &time);
	syscall(SYS_clock_gettime, 77, &time);
	syscall(SYS_clock_getres, CLOCK_MONOTONIC_RAW, &time);
	syscall(SYS_clock_getres, CLOCK_MONOTONIC, NULL);
	syscall(SYS_gettimeofday, &tv, &zone);
	syscall(SYS_gettimeofday, &tv, NULL);
	syscall(SYS_time, NULL);
	clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &past, NULL);
	adjtimex(&adjust);
	getitimer(ITIMER_VIRTUAL, &interval);
	syscall(SYS_timer_create, CLOCK_REALTIME, &event, &id);
	syscall(SYS_timer_settime, id, 0, &spec, NULL);
	syscall(SYS_timer_gettime, id, &spec);
	syscall(SYS_timer_getoverrun, id);
	syscall(SYS_timer_delete, id);
	times(&tms);
}

int main(void)
{
	make();
	polls();
	selects();
	epolls();
	watches();
	clocks();
	return 0;
}
