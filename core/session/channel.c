// SPDX-License-Identifier: MIT
#include "session/channel.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "common/error.h"
#include "load/libbpf_log.h"

#define BATCH_MAX	4096	/* records of one poll, so that timers and signals get their turn */
#define LOOK_NS		2000000	/* between looks while records come */
#define PERF_LOOK_NS	5000000	/* a perf buffer cannot be asked to wake us: looks go on for ever */
#define STOPPED		(-ECANCELED)

static bool deliver(struct tl_channel *channel, const void *data, size_t size)
{
	channel->batch++;
	channel->stopped = !channel->fn(channel->arg, data, size);
	return !channel->stopped && channel->batch < BATCH_MAX;
}

static int on_ring(void *arg, void *data, size_t size)
{
	return deliver(arg, data, size) ? 0 : STOPPED;
}

static enum bpf_perf_event_ret on_perf(void *arg, int cpu, struct perf_event_header *header)
{
	const struct {
		struct perf_event_header header;
		uint32_t size;
		char data[];
	} *sample = (const void *)header;

	(void)cpu;
	/* Lost records need no look: the kernel side counted each when its output was refused. */
	if (header->type != PERF_RECORD_SAMPLE)
		return LIBBPF_PERF_EVENT_CONT;
	return deliver(arg, sample->data, sample->size) ? LIBBPF_PERF_EVENT_CONT : LIBBPF_PERF_EVENT_ERROR;
}

static int open_perf(struct tl_channel *channel, int fd, size_t size)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_BPF_OUTPUT,
		.sample_type = PERF_SAMPLE_RAW,
		.sample_period = 1,
		.watermark = 1,
		.wakeup_watermark = (uint32_t)(size / 2),
	};
	size_t pages = size / (size_t)sysconf(_SC_PAGESIZE);

	channel->perf = perf_buffer__new_raw(fd, pages ? pages : 1, &attr, on_perf, channel, NULL);
	return channel->perf ? 0 : -errno;
}

static int watch(struct tl_channel *channel, int fd, uint32_t edge)
{
	struct epoll_event event = { .events = EPOLLIN | edge, .data.fd = fd };

	return epoll_ctl(channel->epoll_fd, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static int open_fds(struct tl_channel *channel, int buffer_fd)
{
	int ret;

	channel->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	channel->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	channel->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (channel->epoll_fd < 0 || channel->timer_fd < 0 || channel->event_fd < 0)
		return -errno;
	/* A ring is readable whenever anything is in it; what counts is that the kernel side woke us. */
	ret = watch(channel, buffer_fd, channel->ring ? EPOLLET : 0);
	if (!ret)
		ret = watch(channel, channel->timer_fd, 0);
	return ret ? ret : watch(channel, channel->event_fd, 0);
}

static void set_timer(struct tl_channel *channel, long ns)
{
	struct itimerspec spec = { .it_value.tv_nsec = ns };

	timerfd_settime(channel->timer_fd, 0, &spec, NULL);
}

int tl_channel_open(struct tl_channel *channel, struct tl_shared *shared, int ring_fd, int perf_fd,
		    size_t perf_size, tl_channel_fn fn, void *arg, struct tl_error *err)
{
	int ret = 0;

	*channel = (struct tl_channel){ .shared = shared, .fn = fn, .arg = arg,
					.epoll_fd = -1, .timer_fd = -1, .event_fd = -1 };
	if (ring_fd >= 0) {
		channel->ring = ring_buffer__new(ring_fd, on_ring, channel, NULL);
		ret = channel->ring ? 0 : -errno;
	} else {
		ret = open_perf(channel, perf_fd, perf_size);
	}
	if (!ret)
		ret = open_fds(channel, channel->ring ? ring_buffer__epoll_fd(channel->ring)
						      : perf_buffer__epoll_fd(channel->perf));
	if (ret) {
		tl_channel_close(channel);
		return tl_fail(err, ret, "%s buffer: %s", ring_fd >= 0 ? "ring" : "perf", strerror(-ret));
	}
	set_timer(channel, LOOK_NS);
	return 0;
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

void tl_channel_close(struct tl_channel *channel)
{
	if (!channel->fn)
		return;
	ring_buffer__free(channel->ring);
	perf_buffer__free(channel->perf);
	close_fd(channel->epoll_fd);
	close_fd(channel->timer_fd);
	close_fd(channel->event_fd);
	*channel = (struct tl_channel){ .epoll_fd = -1, .timer_fd = -1, .event_fd = -1 };
}

/* Every CPU's buffer gets its batch, so that a busy one cannot starve the others. */
static int consume_perf(struct tl_channel *channel)
{
	size_t cpus = perf_buffer__buffer_cnt(channel->perf);
	unsigned int total = 0;
	int ret = 0;

	tl_log_begin();			/* libbpf would print that a batch was ended early */
	for (size_t i = 0; i < cpus && !channel->stopped; i++) {
		channel->batch = 0;
		ret = perf_buffer__consume_buffer(channel->perf, i);
		total += channel->batch;
	}
	tl_log_end();
	channel->batch = total;
	return ret;
}

static int consume_buffer(struct tl_channel *channel)
{
	return channel->ring ? ring_buffer__consume(channel->ring) : consume_perf(channel);
}

/* How to go on after a look that found `found` records. */
static void set_mood(struct tl_channel *channel, unsigned int found)
{
	if (channel->perf) {
		set_timer(channel, PERF_LOOK_NS);
	} else if (found) {
		channel->mood = TL_CHANNEL_HOT;
		set_timer(channel, found < BATCH_MAX ? LOOK_NS : 1);	/* there is more already */
	} else if (channel->mood == TL_CHANNEL_HOT) {
		channel->mood = TL_CHANNEL_CALM;
		__atomic_store_n(&channel->shared->waiting, 1, __ATOMIC_SEQ_CST);
		set_timer(channel, LOOK_NS);
	} else if (channel->mood == TL_CHANNEL_CALM) {
		channel->mood = TL_CHANNEL_ASLEEP;
	}
}

int tl_channel_consume(struct tl_channel *channel, struct tl_error *err)
{
	uint64_t ticks;
	int ret;

	channel->batch = 0;
	channel->stopped = false;
	while (read(channel->timer_fd, &ticks, sizeof(ticks)) > 0 ||
	       read(channel->event_fd, &ticks, sizeof(ticks)) > 0)
		continue;
	ret = consume_buffer(channel);
	if (ret < 0 && ret != STOPPED && ret != -EINTR && ret != -EAGAIN && !channel->batch)
		return tl_fail(err, ret, "channel: %s", strerror(-ret));
	set_mood(channel, channel->batch);
	return (int)channel->batch;
}

int tl_channel_wait(struct tl_channel *channel, int timeout_ms, struct tl_error *err)
{
	struct epoll_event event;

	if (epoll_wait(channel->epoll_fd, &event, 1, timeout_ms) >= 0)
		return 0;
	return errno == EINTR ? -EINTR : tl_fail(err, -errno, "channel: %s", strerror(errno));
}

bool tl_channel_hot(const struct tl_channel *channel)
{
	return channel->ring && channel->mood == TL_CHANNEL_HOT;
}

void tl_channel_interrupt(struct tl_channel *channel)
{
	uint64_t one = 1;
	int saved = errno;

	if (channel->event_fd >= 0 && write(channel->event_fd, &one, sizeof(one)) < 0)
		errno = saved;		/* full: it is readable already */
}
