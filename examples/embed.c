/* SPDX-License-Identifier: MIT */
/*
 * embed.c: the tracer inside a program's own event loop.
 *
 *   cc -o embed embed.c -ltraceleft && sudo ./embed 10
 *
 * Prints TCP events and the programs that are started, until Ctrl-C or for that many seconds.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <traceleft.h>

/* What traced processes named reaches no terminal as it is: it may hold escape sequences. */
static void print_text(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		printf(text[i] > 0x1f && text[i] < 0x7f ? "%c" : "\\x%02x", (unsigned char)text[i]);
}

/* Numbers, text and addresses; a real program knows which fields it asked for. */
static void print_field(const struct tl_view *view, const struct tl_field *field)
{
	char text[INET6_ADDRSTRLEN];
	struct tl_value value;

	tl_field_read(view, field, &value);
	if (value.kind == TL_UNREAD || value.kind == TL_NIL)
		return;
	printf(" %s=", field->name);
	if (value.kind == TL_STRING || value.kind == TL_LIST)
		print_text(value.s.ptr, value.s.len);
	else if (value.kind == TL_IP)
		fputs(inet_ntop(value.ip.family, value.ip.bytes, text, sizeof(text)), stdout);
	else if (value.kind == TL_UINT)
		printf("%llu", (unsigned long long)value.u);
	else
		printf("%lld", (long long)value.i);
}

static void on_record(struct tl_subscription *sub, const struct tl_view *view, void *arg)
{
	unsigned long *count = arg;

	(void)sub;
	for (size_t i = 0; i < view->event->n_fields; i++)
		print_field(view, &view->event->fields[i]);
	putchar('\n');
	++*count;
}

/* A descriptor that becomes readable at Ctrl-C. */
static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int open_timer(long seconds)
{
	const struct itimerspec when = { .it_value.tv_sec = seconds };	/* 0: never */
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);

	timerfd_settime(fd, 0, &when, NULL);
	return fd;
}

static void add(int epoll, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

/* The program's own loop: the session is one descriptor among others. Any other one ends it. */
static int loop(struct tl_session *session, long seconds, struct tl_error *err)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC), tracer = tl_session_fd(session), ret = 0;
	int signals = open_signals(), timer = open_timer(seconds);
	struct epoll_event event = { .data.fd = tracer };

	add(epoll, tracer);
	add(epoll, signals);
	add(epoll, timer);
	while (ret >= 0 && event.data.fd == tracer) {
		if (epoll_wait(epoll, &event, 1, -1) < 1 || event.data.fd == tracer)
			ret = tl_session_poll(session, 0, err);
		fflush(stdout);
	}
	close(timer);
	close(signals);
	close(epoll);
	return ret;
}

int main(int argc, char **argv)
{
	static const char *const events[] = { "tcp.connect", "tcp.accept", "tcp.close", "tcp.listen", "process.exec", NULL };
	unsigned long count = 0;
	struct tl_subscribe_opts opts = { .sz = sizeof(opts), .events = events, .fn = on_record,
					  .arg = &count };
	struct tl_session *session = NULL;
	struct tl_subscription *sub;
	struct tl_error err = { 0 };
	int ret = tl_session_open(&session, NULL, &err);

	if (!ret)
		ret = tl_subscribe(session, &opts, &sub, &err);
	if (!ret)
		ret = tl_session_start(session, &err);
	if (!ret)
		ret = loop(session, argc > 1 ? atol(argv[1]) : 0, &err);
	if (ret < 0)
		fprintf(stderr, "embed: %s\n", err.message);
	tl_session_close(session);
	fprintf(stderr, "%lu events\n", count);
	return ret < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
