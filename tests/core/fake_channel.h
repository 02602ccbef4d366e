/* SPDX-License-Identifier: MIT */
/* fake_channel.h: libbpf's ring buffer and perf buffer, with records that a test puts into them. */
#ifndef FAKE_CHANNEL_H
#define FAKE_CHANNEL_H

#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define FAKE_BUFFERS 3		/* CPUs of the perf buffer */

#define FAKE_CHANNEL(type, name, ...) type __wrap_##name(__VA_ARGS__); type __wrap_##name(__VA_ARGS__)

static struct {
	char record[512];
	size_t size;
	unsigned int waiting[FAKE_BUFFERS];	/* copies of the record in each buffer; the ring is the first */
	unsigned int lost;			/* reports of losses before them, perf only */
	int open;				/* buffers open now */
	int code;				/* what opening or consuming fails with */
	int fd;
	size_t pages;
	ring_buffer_sample_fn on_ring;
	perf_buffer_event_fn on_perf;
	void *arg;
} channel_fake = { .fd = -1 };

static inline int count_fds(void)
{
	int n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static inline bool fake_buffer_open(void *arg)
{
	if (channel_fake.code) {
		errno = channel_fake.code;
		return false;
	}
	channel_fake.arg = arg;
	channel_fake.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	channel_fake.open++;
	return true;
}

static inline void fake_buffer_free(const void *buffer)
{
	if (!buffer)
		return;
	close(channel_fake.fd);
	channel_fake.fd = -1;
	channel_fake.open--;
}

FAKE_CHANNEL(struct ring_buffer *, ring_buffer__new, int fd, ring_buffer_sample_fn fn, void *arg,
	     const struct ring_buffer_opts *opts)
{
	(void)fd;
	(void)opts;
	channel_fake.on_ring = fn;
	return fake_buffer_open(arg) ? (struct ring_buffer *)(void *)&channel_fake : NULL;
}

FAKE_CHANNEL(void, ring_buffer__free, struct ring_buffer *ring) { fake_buffer_free(ring); }

FAKE_CHANNEL(int, ring_buffer__epoll_fd, const struct ring_buffer *ring)
{
	(void)ring;
	return channel_fake.fd;
}

FAKE_CHANNEL(int, ring_buffer__consume, struct ring_buffer *ring)
{
	int n = 0;

	(void)ring;
	for (; channel_fake.waiting[0]; n++) {
		int ret;

		channel_fake.waiting[0]--;
		ret = channel_fake.on_ring(channel_fake.arg, channel_fake.record, channel_fake.size);
		if (ret < 0)
			return ret;
	}
	return channel_fake.code ? -channel_fake.code : n;
}

FAKE_CHANNEL(struct perf_buffer *, perf_buffer__new_raw, int fd, size_t pages, struct perf_event_attr *attr,
	     perf_buffer_event_fn fn, void *arg, const struct perf_buffer_raw_opts *opts)
{
	(void)fd;
	(void)attr;
	(void)opts;
	channel_fake.on_perf = fn;
	channel_fake.pages = pages;
	return fake_buffer_open(arg) ? (struct perf_buffer *)(void *)&channel_fake : NULL;
}

FAKE_CHANNEL(void, perf_buffer__free, struct perf_buffer *perf) { fake_buffer_free(perf); }

FAKE_CHANNEL(int, perf_buffer__epoll_fd, const struct perf_buffer *perf)
{
	(void)perf;
	return channel_fake.fd;
}

FAKE_CHANNEL(size_t, perf_buffer__buffer_cnt, const struct perf_buffer *perf)
{
	(void)perf;
	return FAKE_BUFFERS;
}

static inline enum bpf_perf_event_ret fake_sample(int cpu, uint32_t type)
{
	struct {
		struct perf_event_header header;
		uint32_t size;
		char data[sizeof(channel_fake.record)];
	} sample = { .header = { .type = type }, .size = (uint32_t)channel_fake.size };

	memcpy(sample.data, channel_fake.record, channel_fake.size);
	return channel_fake.on_perf(channel_fake.arg, cpu, &sample.header);
}

FAKE_CHANNEL(int, perf_buffer__consume_buffer, struct perf_buffer *perf, size_t i)
{
	(void)perf;
	for (; channel_fake.lost; channel_fake.lost--)
		if (fake_sample((int)i, PERF_RECORD_LOST) != LIBBPF_PERF_EVENT_CONT)
			return -EINVAL;
	while (channel_fake.waiting[i]) {
		channel_fake.waiting[i]--;
		if (fake_sample((int)i, PERF_RECORD_SAMPLE) != LIBBPF_PERF_EVENT_CONT)
			return LIBBPF_PERF_EVENT_ERROR;
	}
	return -channel_fake.code;
}

#endif
