/* SPDX-License-Identifier: MIT */
/* test_channel.c: tests core/session/channel.c on buffers that are no buffers. */
/* link: -Wl,--wrap=ring_buffer__new,--wrap=ring_buffer__free,--wrap=ring_buffer__epoll_fd,--wrap=ring_buffer__consume */
/* link: -Wl,--wrap=perf_buffer__new_raw,--wrap=perf_buffer__free,--wrap=perf_buffer__epoll_fd */
/* link: -Wl,--wrap=perf_buffer__buffer_cnt,--wrap=perf_buffer__consume_buffer,--wrap=epoll_wait,--wrap=eventfd */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <poll.h>
#include <sys/epoll.h>

#include "session/channel.h"
#include "fake_channel.h"

static struct tl_shared shared;
static struct tl_channel channel;
static unsigned int seen, stop_at;
static int wait_code, eventfd_code;

int __real_epoll_wait(int fd, struct epoll_event *events, int max, int timeout);
int __real_eventfd(unsigned int count, int flags);

FAKE_CHANNEL(int, epoll_wait, int fd, struct epoll_event *events, int max, int timeout)
{
	if (!wait_code)
		return __real_epoll_wait(fd, events, max, timeout);
	errno = wait_code;
	return -1;
}

FAKE_CHANNEL(int, eventfd, unsigned int count, int flags)
{
	if (!eventfd_code || channel_fake.fd < 0)	/* the first one is the fake's own */
		return __real_eventfd(count, flags);
	errno = eventfd_code;
	return -1;
}

static bool on_record(void *arg, const void *data, size_t size)
{
	assert_ptr_equal(arg, &seen);
	assert_int_equal(size, channel_fake.size);
	assert_memory_equal(data, channel_fake.record, size);
	return ++seen != stop_at;
}

static int open_channel(bool ring, struct tl_error *err)
{
	memset(&shared, 0, sizeof(shared));
	memset(channel_fake.waiting, 0, sizeof(channel_fake.waiting));
	strcpy(channel_fake.record, "record");
	channel_fake.size = 8;
	seen = stop_at = 0;
	return tl_channel_open(&channel, &shared, ring ? 3 : -1, ring ? -1 : 3, 65536, on_record, &seen, err);
}

static bool is_ready(int timeout_ms)
{
	struct pollfd fd = { .fd = channel.epoll_fd, .events = POLLIN };

	return poll(&fd, 1, timeout_ms) == 1;
}

static void assert_look(unsigned int records, enum tl_channel_mood mood, unsigned int waiting)
{
	assert_int_equal(tl_channel_consume(&channel, NULL), records);
	assert_int_equal(channel.mood, mood);
	assert_int_equal(shared.waiting, waiting);
}

static void falls_asleep_and_wakes(void **state)
{
	(void)state;
	assert_int_equal(open_channel(true, NULL), 0);
	assert_int_equal(channel.mood, TL_CHANNEL_HOT);
	assert_true(is_ready(1000));		/* looks by itself: the timer */
	channel_fake.waiting[0] = 3;
	assert_look(3, TL_CHANNEL_HOT, 0);
	assert_false(is_ready(0));
	assert_true(is_ready(1000));
	assert_look(0, TL_CHANNEL_CALM, 1);	/* asks to be woken, but looks once more */
	assert_true(is_ready(1000));
	assert_look(0, TL_CHANNEL_ASLEEP, 1);
	assert_false(is_ready(10));		/* no timer */
	assert_look(0, TL_CHANNEL_ASLEEP, 1);

	shared.waiting = 0;			/* the kernel side wakes: it clears this and the ring gets ready */
	channel_fake.waiting[0] = 1;
	eventfd_write(channel_fake.fd, 1);
	assert_true(is_ready(0));
	eventfd_read(channel_fake.fd, &(eventfd_t){ 0 });
	assert_look(1, TL_CHANNEL_HOT, 0);
	assert_true(is_ready(1000));
	tl_channel_close(&channel);
}

/* A record that comes between the two empty looks: written by one that saw nobody wait. */
static void second_look_finds_the_late_one(void **state)
{
	(void)state;
	open_channel(true, NULL);
	assert_look(0, TL_CHANNEL_CALM, 1);
	channel_fake.waiting[0] = 1;
	assert_true(is_ready(1000));
	assert_look(1, TL_CHANNEL_HOT, 1);	/* the kernel side clears it when it wakes us for nothing */
	assert_look(0, TL_CHANNEL_CALM, 1);
	tl_channel_close(&channel);
}

/* Two looks at once must not skip the timer that guards the second. */
static void timer_outlives_hasty_looks(void **state)
{
	(void)state;
	open_channel(true, NULL);
	assert_look(0, TL_CHANNEL_CALM, 1);
	assert_look(0, TL_CHANNEL_ASLEEP, 1);
	assert_true(is_ready(1000));
	assert_look(0, TL_CHANNEL_ASLEEP, 1);
	assert_false(is_ready(10));
	tl_channel_close(&channel);
}

static void perf_never_sleeps(void **state)
{
	(void)state;
	assert_int_equal(open_channel(false, NULL), 0);
	assert_int_equal(channel_fake.pages, 65536 / sysconf(_SC_PAGESIZE));
	for (int i = 0; i < 4; i++) {
		assert_look(0, TL_CHANNEL_HOT, 0);
		assert_true(is_ready(1000));
	}
	channel_fake.lost = 2;			/* counted elsewhere */
	channel_fake.waiting[2] = 5;
	assert_look(5, TL_CHANNEL_HOT, 0);
	tl_channel_close(&channel);
}

static void ends_a_batch(void **state)
{
	(void)state;
	open_channel(true, NULL);
	channel_fake.waiting[0] = 4096 + 5;
	assert_look(4096, TL_CHANNEL_HOT, 0);
	assert_int_equal(channel_fake.waiting[0], 5);
	assert_true(is_ready(1000));
	assert_look(5, TL_CHANNEL_HOT, 0);
	assert_int_equal(seen, 4101);
	tl_channel_close(&channel);
}

static void every_buffer_has_its_batch(void **state)
{
	(void)state;
	open_channel(false, NULL);
	channel_fake.waiting[0] = 10000;
	channel_fake.waiting[1] = 7;
	channel_fake.waiting[2] = 4096;
	assert_look(4096 + 7 + 4096, TL_CHANNEL_HOT, 0);
	assert_int_equal(channel_fake.waiting[0], 10000 - 4096);
	assert_int_equal(channel_fake.waiting[2], 0);
	tl_channel_close(&channel);
}

static void stops_when_told(void **state)
{
	(void)state;
	for (int ring = 0; ring < 2; ring++) {
		open_channel(ring, NULL);
		channel_fake.waiting[0] = channel_fake.waiting[1] = 5;
		stop_at = 2;
		assert_look(2, TL_CHANNEL_HOT, 0);
		assert_int_equal(channel_fake.waiting[0], 3);
		assert_int_equal(channel_fake.waiting[1], 5);
		assert_int_equal(tl_channel_consume(&channel, NULL), ring ? 3 : 8);	/* not for ever */
		tl_channel_close(&channel);
	}
}

static void interrupts(void **state)
{
	(void)state;
	open_channel(true, NULL);
	assert_look(0, TL_CHANNEL_CALM, 1);
	assert_look(0, TL_CHANNEL_ASLEEP, 1);
	assert_true(is_ready(1000));
	assert_look(0, TL_CHANNEL_ASLEEP, 1);
	assert_false(is_ready(0));
	errno = EAGAIN;
	for (int i = 0; i < 3; i++)
		tl_channel_interrupt(&channel);
	eventfd_write(channel.event_fd, UINT64_MAX - 4);	/* full */
	tl_channel_interrupt(&channel);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(tl_channel_wait(&channel, -1, NULL), 0);
	assert_true(is_ready(0));
	assert_look(0, TL_CHANNEL_ASLEEP, 1);	/* and that was that */
	assert_false(is_ready(0));
	tl_channel_close(&channel);
	tl_channel_interrupt(&channel);
}

static void waits(void **state)
{
	struct tl_error err;

	(void)state;
	open_channel(true, NULL);
	assert_int_equal(tl_channel_wait(&channel, 0, &err), 0);
	wait_code = EINTR;
	assert_int_equal(tl_channel_wait(&channel, -1, &err), -EINTR);
	wait_code = EBADF;
	assert_int_equal(tl_channel_wait(&channel, -1, &err), -EBADF);
	assert_string_equal(err.message, "channel: Bad file descriptor");
	wait_code = 0;
	tl_channel_close(&channel);
}

static void fails_to_consume(void **state)
{
	static const int harmless[] = { EINTR, EAGAIN };
	struct tl_error err = { 0 };

	(void)state;
	for (int ring = 0; ring < 2; ring++) {
		open_channel(ring, NULL);
		channel_fake.code = EIO;
		assert_int_equal(tl_channel_consume(&channel, &err), -EIO);
		assert_string_equal(err.message, "channel: Input/output error");
		channel_fake.waiting[0] = 2;
		assert_int_equal(tl_channel_consume(&channel, &err), 2);	/* what came counts */
		for (size_t i = 0; i < 2; i++) {
			channel_fake.code = harmless[i];
			assert_int_equal(tl_channel_consume(&channel, &err), 0);
		}
		channel_fake.code = 0;
		tl_channel_close(&channel);
	}
}

static void fails_to_open(void **state)
{
	struct tl_error err = { 0 };

	(void)state;
	channel_fake.code = ENOMEM;
	assert_int_equal(open_channel(true, &err), -ENOMEM);
	assert_string_equal(err.message, "ring buffer: Cannot allocate memory");
	assert_int_equal(open_channel(false, &err), -ENOMEM);
	assert_string_equal(err.message, "perf buffer: Cannot allocate memory");
	channel_fake.code = 0;
	eventfd_code = EMFILE;
	assert_int_equal(open_channel(true, &err), -EMFILE);
	assert_string_equal(err.message, "ring buffer: Too many open files");
	eventfd_code = 0;
	assert_int_equal(channel_fake.open, 0);
	assert_int_equal(channel.epoll_fd, -1);
	assert_int_equal(channel.timer_fd, -1);
	tl_channel_close(&channel);
}

static void closes_all(void **state)
{
	int before = count_fds();

	(void)state;
	for (int ring = 0; ring < 2; ring++) {
		open_channel(ring, NULL);
		tl_channel_close(&channel);
		tl_channel_close(&channel);
	}
	assert_int_equal(count_fds(), before);
	assert_int_equal(channel_fake.open, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(falls_asleep_and_wakes),
		cmocka_unit_test(second_look_finds_the_late_one),
		cmocka_unit_test(timer_outlives_hasty_looks),
		cmocka_unit_test(perf_never_sleeps),
		cmocka_unit_test(ends_a_batch),
		cmocka_unit_test(every_buffer_has_its_batch),
		cmocka_unit_test(stops_when_told),
		cmocka_unit_test(interrupts),
		cmocka_unit_test(waits),
		cmocka_unit_test(fails_to_consume),
		cmocka_unit_test(fails_to_open),
		cmocka_unit_test(closes_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
