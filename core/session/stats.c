// SPDX-License-Identifier: MIT
/* Counting: what the kernel side counted per CPU, and what user space did. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/error.h"
#include "session/session.h"

_Static_assert((int)TL_LOST_CAUSES <= TL_CAUSES_MAX, "struct tl_stats has room for all causes");

static const char *const cause_names[TL_LOST_CAUSES] = {
	[TL_LOST_CHANNEL] = "channel full",
	[TL_LOST_NESTING] = "nested too deep",
	[TL_LOST_HANDLER] = "handler gone",
	[TL_LOST_TARGETS] = "target map full",
	[TL_LOST_SOCKETS] = "socket map full",
	[TL_LOST_MISSED] = "program busy",
	[TL_LOST_INVALID] = "invalid record",
};

static void add_counts(struct tl_counts *sum, const struct tl_counts *one)
{
	sum->made += one->made;
	for (int cause = 0; cause < TL_LOST_CAUSES; cause++)
		sum->lost[cause] += one->lost[cause];
	sum->begun += one->begun;
	sum->ended += one->ended;
	sum->held += one->held;
}

/* Sums one event's counters over the CPUs. `row` has room for all of them. */
static void add_event(int map_fd, uint32_t event, struct tl_counts *row, int cpus, struct tl_counts *sum)
{
	if (bpf_map_lookup_elem(map_fd, &event, row))
		return;
	for (int cpu = 0; cpu < cpus; cpu++)
		add_counts(sum, &row[cpu]);
}

/* Runs that the kernel skipped and nothing made up for: `made_up` of them did not matter in the end. */
static uint64_t missed_runs(const struct tl_session *session, uint64_t made_up)
{
	uint64_t missed = tl_programs_missed(&session->programs);

	return missed > made_up ? missed - made_up : 0;
}

/* Everything that was counted in the kernel; zeros before the start. */
static int sum_counts(const struct tl_session *session, struct tl_counts *sum)
{
	uint64_t made;

	int map_fd = tl_programs_map(&session->programs, "tl_counts"), cpus = libbpf_num_possible_cpus();
	struct tl_counts *row;

	memset(sum, 0, sizeof(*sum));
	if (map_fd < 0)
		return 0;
	if (cpus <= 0)
		return -EINVAL;		/* a row too short would be overrun */
	row = calloc((size_t)cpus, sizeof(*row));
	if (!row)
		return -ENOMEM;
	for (uint32_t event = 0; event < session->batteries.n_events; event++)
		add_event(map_fd, event, row, cpus, sum);
	made = sum->made;
	add_event(map_fd, TL_EVENTS_MAX, row, cpus, sum);
	sum->lost[TL_LOST_MISSED] += missed_runs(session, sum->made - made);
	sum->made = made;
	free(row);
	return 0;
}

/* Records that the channel took and that nobody has read yet. */
static uint64_t pending(const struct tl_session *session, const struct tl_counts *sum)
{
	uint64_t gone = sum->lost[TL_LOST_CHANNEL] + session->delivered + session->unclaimed + session->invalid;

	return sum->made > gone ? sum->made - gone : 0;
}

int tl_session_stats(const struct tl_session *session, struct tl_stats *stats, struct tl_error *err)
{
	struct tl_counts sum;
	int ret = sum_counts(session, &sum);

	if (ret)
		return tl_fail(err, ret, "stats: %s", strerror(-ret));
	*stats = (struct tl_stats){
		.made = sum.made,
		.delivered = session->delivered,
		.unclaimed = session->unclaimed,
		.held = sum.held,
		.unfinished = sum.begun > sum.ended ? sum.begun - sum.ended : 0,
		.wakeups = session->shared ? session->shared->wakeups : 0,
	};
	stats->pending = pending(session, &sum);
	sum.lost[TL_LOST_INVALID] += session->invalid;
	for (int cause = 0; cause < TL_LOST_CAUSES; cause++) {
		stats->causes[cause] = sum.lost[cause];
		stats->lost += sum.lost[cause];
	}
	return 0;
}

const char *tl_lost_cause(size_t i)
{
	return i < TL_LOST_CAUSES ? cause_names[i] : NULL;
}

/* One row of the map: a set of subscriptions, and for each CPU how many records these did not get. */
static uint64_t sum_row(int map_fd, uint64_t mask, uint64_t *row, int cpus)
{
	uint64_t sum = 0;

	if (!bpf_map_lookup_elem(map_fd, &mask, row))
		for (int cpu = 0; cpu < cpus; cpu++)
			sum += row[cpu];
	return sum;
}

uint64_t tl_lost_of_bit(const struct tl_session *session, unsigned int bit)
{
	int map_fd = tl_programs_map(&session->programs, "tl_sub_lost"), cpus = libbpf_num_possible_cpus();
	uint64_t mask, next, *row, sum = 0;
	const uint64_t *from = NULL;

	if (map_fd < 0 || cpus <= 0)
		return 0;
	row = calloc((size_t)cpus, sizeof(*row));
	while (row && !bpf_map_get_next_key(map_fd, from, &next)) {
		mask = next;
		from = &mask;
		if (mask >> bit & 1)
			sum += sum_row(map_fd, mask, row, cpus);
	}
	free(row);
	return sum;
}
