/* SPDX-License-Identifier: MIT */
/*
 * The channel from the kernel: ring buffer or perf buffer behind one pollable descriptor.
 *
 * Waking a reader costs a producer as much as twenty records, so while records come the reader looks
 * by itself, on a timer. After two empty looks it asks to be woken and stops the timer. Two, because a
 * program that read "nobody waits" a moment ago may only now write its record.
 */
#ifndef TL_CHANNEL_H
#define TL_CHANNEL_H

#include "tl_abi.h"
#include "traceleft.h"

struct ring_buffer;
struct perf_buffer;

/* What the owner does with a record. false: stop after this one. */
typedef bool (*tl_channel_fn)(void *arg, const void *data, size_t size);

enum tl_channel_mood { TL_CHANNEL_HOT, TL_CHANNEL_CALM, TL_CHANNEL_ASLEEP };

struct tl_channel {
	struct ring_buffer *ring;	/* one of the two is there */
	struct perf_buffer *perf;
	struct tl_shared *shared;
	tl_channel_fn fn;
	void *arg;
	enum tl_channel_mood mood;
	int epoll_fd, timer_fd, event_fd;
	unsigned int batch;		/* records of the batch in hand */
	bool stopped;			/* the owner wants no more of it */
};

/* The ring's map, or the perf array's with the size of each CPU's buffer. */
int tl_channel_open(struct tl_channel *channel, struct tl_shared *shared, int ring_fd, int perf_fd,
		    size_t perf_size, tl_channel_fn fn, void *arg, struct tl_error *err);
void tl_channel_close(struct tl_channel *channel);

/* Delivers what is there, at most one batch. Returns the number of records. */
int tl_channel_consume(struct tl_channel *channel, struct tl_error *err);

/* Whether the next look is due by the timer: looking earlier would find little and calm the reader down. */
bool tl_channel_hot(const struct tl_channel *channel);

/* Waits until there may be something. 0, or -EINTR for a signal, or another -errno. */
int tl_channel_wait(struct tl_channel *channel, int timeout_ms, struct tl_error *err);

/* Makes the wait under way or the next one return. Safe in signal handlers. */
void tl_channel_interrupt(struct tl_channel *channel);

#endif
