/* SPDX-License-Identifier: MIT */
/* link: -Wl,--wrap=sched_getscheduler,--wrap=sched_setscheduler */
/* link: -Wl,--wrap=bpf_map_create,--wrap=bpf_map_update_elem,--wrap=bpf_map_lookup_batch,--wrap=libbpf_num_possible_cpus */
/* test_aggregate_read.c: tests core/aggregate/aggregate_read.c on maps whose entries the test has put down. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "asking_fixture.h"

#define N(array)	(sizeof(array) / sizeof(*(array)))
#define CPUS		3
#define ROWS		1500

static struct asking a;
static struct tl_aggregate aggregate;
static struct tl_ask asks[ENTRIES];
static char scratch[TL_SCRATCH_SIZE];
static struct tl_error err;

/* What is in the map: keys, and for each CPU and level the values. */
static struct {
	uint8_t keys[ROWS][TL_KEY_MAX];
	int64_t values[ROWS][CPUS * TL_LEVELS][3];
	size_t n;
	size_t bucket;		/* so many entries come together or not at all */
	int broken;		/* errno of each read */
	int cpus;
	int calls, map;		/* map: that was read */
	int policy, refused;	/* of this thread; whether it cannot be changed */
	int at_read;		/* the policy while the map was read */
} kernel;

int __wrap_sched_getscheduler(pid_t pid);
int __wrap_sched_getscheduler(pid_t pid)
{
	assert_int_equal(pid, 0);
	return kernel.policy;
}

int __wrap_sched_setscheduler(pid_t pid, int policy, const struct sched_param *param);
int __wrap_sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)
{
	(void)pid, (void)param;
	if (kernel.refused) {
		errno = EPERM;
		return -1;
	}
	kernel.policy = policy & ~SCHED_RESET_ON_FORK;
	return 0;
}

int __wrap_libbpf_num_possible_cpus(void);
int __wrap_libbpf_num_possible_cpus(void)
{
	return kernel.cpus;
}

int __wrap_bpf_map_create(enum bpf_map_type type, const char *name, __u32 key_size, __u32 value_size, __u32 max,
			  const struct bpf_map_create_opts *opts);
int __wrap_bpf_map_create(enum bpf_map_type type, const char *name, __u32 key_size, __u32 value_size, __u32 max,
			  const struct bpf_map_create_opts *opts)
{
	(void)type, (void)key_size, (void)value_size, (void)max, (void)opts;
	return memfd_create(name, MFD_CLOEXEC);
}

int __wrap_bpf_map_update_elem(int fd, const void *key, const void *value, __u64 flags);
int __wrap_bpf_map_update_elem(int fd, const void *key, const void *value, __u64 flags)
{
	(void)fd, (void)key, (void)value, (void)flags;
	return 0;
}

static void copy_out(size_t from, size_t n, char *keys, char *values)
{
	size_t words = aggregate.stride / 8u;

	for (size_t i = from; i < from + n; i++) {
		memcpy(keys, kernel.keys[i], aggregate.key_size);
		keys += aggregate.key_size;
		for (size_t k = 0; k < CPUS * TL_LEVELS; k++, values += words * 8)
			memcpy(values, kernel.values[i][k], words * 8);
	}
}

int __wrap_bpf_map_lookup_batch(int fd, void *in, void *out, void *keys, void *values, __u32 *count,
				const struct bpf_map_batch_opts *opts);
int __wrap_bpf_map_lookup_batch(int fd, void *in, void *out, void *keys, void *values, __u32 *count,
				const struct bpf_map_batch_opts *opts)
{
	size_t from = in ? *(uint32_t *)in : 0, room = *count, n = kernel.n - from;

	(void)opts;
	kernel.calls++;
	kernel.map = fd;
	kernel.at_read = kernel.policy;
	*count = 0;
	errno = kernel.broken;
	if (errno)
		return -errno;
	if (n > room)
		n = room - room % kernel.bucket;
	if (n == 0 && from < kernel.n) {
		errno = ENOSPC;
		return -ENOSPC;
	}
	copy_out(from, n, keys, values);
	*count = (uint32_t)n;
	*(uint32_t *)out = (uint32_t)(from + n);
	errno = from + n == kernel.n ? ENOENT : 0;
	return -errno;
}

/* ---- fixture --------------------------------------------------------------------------------- */

static int setup(void **state)
{
	(void)state;
	asking_make(&a);
	memset(&aggregate, 0, sizeof(aggregate));
	memset(&kernel, 0, sizeof(kernel));
	kernel.cpus = CPUS;
	kernel.bucket = 1;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < ENTRIES; i++)
		tl_ask_free(&asks[i]);
	tl_aggregate_close(&aggregate);
	return 0;
}

static void open_aggregate(enum tl_aggregate_kind kind, const char *by, const char *value)
{
	struct tl_query query;

	asking_query(&query, NULL, by, value);
	query.value_is_key = kind == TL_DISTINCT;
	for (size_t i = 0; i < ENTRIES; i++)
		if (tl_ask_bind(&asks[i], &query, a.list, ENTRIES, i, &err))
			fail_msg("%s", err.message);
	asking_free(&query);
	aggregate.opts.kind = kind;
	if (tl_aggregate_layout(&aggregate, asks, a.list, ENTRIES, &err) || tl_aggregate_open(&aggregate, &err))
		fail_msg("%s", err.message);
}

/* An entry whose key is zeros so far. */
static uint8_t *add(int64_t n)
{
	size_t row = kernel.n++;

	kernel.values[row][0][0] = n;
	return kernel.keys[row];
}

static void put_word(uint8_t *key, size_t offset, int64_t word)
{
	memcpy(key + offset, &word, sizeof(word));
}

static struct tl_row rows[ROWS];
static struct tl_value values[ROWS];
static const struct tl_field *fields[ROWS];
static char texts[ROWS][300];
static size_t n_rows;

static bool take(const struct tl_row *row, void *arg)
{
	struct tl_value value;

	rows[n_rows] = *row;
	fields[n_rows] = tl_row_key(row, 0, &value);
	values[n_rows] = value;
	if (value.kind == TL_STRING)
		snprintf(texts[n_rows], sizeof(texts[0]), "%.*s", (int)value.s.len, value.s.ptr);
	n_rows++;
	return !arg || n_rows < *(size_t *)arg;
}

static int read_rows(bool clear)
{
	n_rows = 0;
	errno = ENOSPC;		/* whatever it was before */
	return tl_aggregate_read(&aggregate, clear, take, NULL, scratch, &err);
}

/* ---- values ---------------------------------------------------------------------------------- */

static void adds_cpus_and_levels(void **state)
{
	(void)state;
	open_aggregate(TL_AVG, NULL, "ret");
	add(0);
	for (size_t k = 0; k < CPUS * TL_LEVELS; k++) {
		kernel.values[0][k][0] = (int64_t)k;
		kernel.values[0][k][1] = -(int64_t)(k * k);
	}
	assert_int_equal(read_rows(false), 1);
	assert_int_equal(rows[0].n, 66);
	assert_int_equal(rows[0].sum, -506);
	assert_int_equal(rows[0].n_keys, 0);
	assert_int_equal(rows[0].kind, TL_AVG);
}

/* A level where nothing was counted has no extremes. */
static void takes_the_extremes_of_those_that_counted(void **state)
{
	(void)state;
	open_aggregate(TL_MIN, NULL, "ret");
	add(0);
	kernel.values[0][3][0] = 2;
	kernel.values[0][3][1] = 50;
	kernel.values[0][3][2] = 70;
	kernel.values[0][9][0] = 1;
	kernel.values[0][9][1] = kernel.values[0][9][2] = 60;
	assert_int_equal(read_rows(false), 1);
	assert_int_equal(rows[0].n, 3);
	assert_int_equal(rows[0].min, 50);
	assert_int_equal(rows[0].max, 70);
}

static void passes_over_what_has_not_counted_yet(void **state)
{
	(void)state;
	open_aggregate(TL_COUNT, "u32", NULL);
	add(0);
	put_word(add(5), 8, 7);
	read_rows(false);
	assert_int_equal(n_rows, 1);
	assert_int_equal(values[0].i, 7);
}

static void has_buckets(void **state)
{
	(void)state;
	open_aggregate(TL_HIST, "u32", "ret");
	put_word(add(3), aggregate.bucket, -1);
	put_word(add(4), aggregate.bucket, 63);
	assert_int_equal(read_rows(false), 2);
	assert_int_equal(rows[0].bucket, -1);
	assert_int_equal(rows[1].bucket, 63);
}

/* ---- many ------------------------------------------------------------------------------------ */

static void reads_in_chunks(void **state)
{
	(void)state;
	open_aggregate(TL_COUNT, "u32", NULL);
	for (int64_t i = 0; i < ROWS; i++)
		put_word(add(i + 1), 8, i);
	for (size_t bucket = 1; bucket < 2000; bucket = bucket * 9 + 1) {	/* larger than a chunk, too */
		kernel.bucket = bucket;
		kernel.calls = 0;
		assert_int_equal(read_rows(false), ROWS);
		assert_int_equal(n_rows, ROWS);
		for (size_t i = 0; i < ROWS; i++) {
			assert_int_equal(values[i].i, i);
			assert_int_equal(rows[i].n, i + 1);
		}
		assert_true(kernel.calls > 1);
	}
}

static void stops_when_it_is_told(void **state)
{
	size_t most = 700;

	(void)state;
	open_aggregate(TL_COUNT, "u32", NULL);
	while (kernel.n < ROWS)
		add(1);
	n_rows = 0;
	assert_int_equal(tl_aggregate_read(&aggregate, false, take, &most, scratch, &err), 700);
	assert_int_equal(n_rows, 700);
}

/* The callback may leave any errno. */
static bool spoil(const struct tl_row *row, void *arg)
{
	(void)row;
	errno = ENOSPC;
	return ++*(size_t *)arg < ROWS;
}

static void ends_whatever_the_callback_does(void **state)
{
	size_t n = 0;

	(void)state;
	open_aggregate(TL_COUNT, "u32", NULL);
	for (int i = 0; i < 10; i++)
		add(1);
	assert_int_equal(tl_aggregate_read(&aggregate, false, spoil, &n, scratch, &err), 10);
	assert_int_equal(n, 10);
}

static void clears(void **state)
{
	int before;
	uint64_t since;

	(void)state;
	open_aggregate(TL_COUNT, NULL, NULL);
	add(5);
	before = aggregate.inner;
	since = aggregate.since;
	assert_int_equal(tl_aggregate_seen(&aggregate, scratch), 5);
	assert_int_equal(read_rows(true), 1);
	assert_int_equal(kernel.map, before);		/* the old one is read … */
	assert_int_not_equal(aggregate.inner, before);	/* … when another one has taken its place */
	assert_true(aggregate.since > since);
	kernel.n = 0;
	assert_int_equal(read_rows(false), 0);
	assert_int_equal(kernel.map, aggregate.inner);
	assert_int_equal(tl_aggregate_seen(&aggregate, scratch), 5);
	add(2);
	assert_int_equal(tl_aggregate_seen(&aggregate, scratch), 7);
}

/* Where programs are skipped while a map is read, nobody may come between. */
static void keeps_its_cpu_where_that_matters(void **state)
{
	(void)state;
	open_aggregate(TL_COUNT, NULL, NULL);
	add(5);
	for (int i = 0; i < 8; i++) {
		aggregate.classic = i & 1;
		kernel.refused = i & 2;
		kernel.policy = i & 4 ? SCHED_RR : SCHED_BATCH;	/* the former is not preempted either */
		assert_int_equal(read_rows(false), 1);
		assert_int_equal(kernel.at_read, i == 1 ? SCHED_FIFO : kernel.policy);
		assert_int_equal(kernel.policy, i & 4 ? SCHED_RR : SCHED_BATCH);
	}
}

static void tells_what_went_wrong(void **state)
{
	(void)state;
	assert_int_equal(tl_aggregate_read(&(struct tl_aggregate){ .inner = -1 }, false, take, NULL, scratch, &err), 0);
	open_aggregate(TL_COUNT, NULL, NULL);
	kernel.broken = EPERM;
	assert_int_equal(read_rows(false), -EPERM);
	assert_string_equal(err.message, "aggregate: its map cannot be read: Operation not permitted");
	kernel.broken = 0;
	kernel.cpus = -ENODEV;
	assert_int_equal(read_rows(false), -ENODEV);
}

/* ---- keys ------------------------------------------------------------------------------------ */

static void reads_numbers(void **state)
{
	(void)state;
	open_aggregate(TL_COUNT, "dirfd", NULL);
	put_word(add(1), 8, -100);
	put_word(add(1), 0, 1);			/* missing */
	read_rows(false);
	assert_int_equal(values[0].kind, TL_INT);
	assert_int_equal(values[0].i, -100);
	assert_string_equal(fields[0]->name, "dirfd");
	assert_int_equal(values[1].kind, TL_NIL);
}

static void reads_what_was_reckoned(void **state)
{
	(void)state;
	open_aggregate(TL_COUNT, "ret * 2", NULL);
	put_word(add(1), 8, 14);
	read_rows(false);
	assert_int_equal(values[0].i, 14);
	assert_string_equal(fields[0]->name, "");
	teardown(NULL);
	setup(NULL);
	open_aggregate(TL_COUNT, "ret < 2", NULL);
	put_word(add(1), 8, 1);
	add(1);
	read_rows(false);
	assert_int_equal(values[0].kind, TL_BOOL);
	assert_int_equal(values[0].i, 1);
	assert_int_equal(values[1].kind, TL_BOOL);
	assert_int_equal(values[1].i, 0);
}

static void reads_errors(void **state)
{
	(void)state;
	open_aggregate(TL_COUNT, "error", NULL);
	put_word(add(1), 8, ENOENT);
	put_word(add(1), 8, 4001);		/* has no name */
	read_rows(false);
	assert_string_equal(texts[0], "ENOENT");
	assert_int_equal(values[1].kind, TL_INT);
	assert_int_equal(values[1].i, 4001);
}

static void reads_strings(void **state)
{
	struct tl_str str = { .length = 4 }, cut = { .length = 256, .flags = TL_STR_CUT };
	uint8_t *key;

	(void)state;
	open_aggregate(TL_COUNT, "pathname", NULL);
	key = add(1);
	memcpy(key + 8, &str, sizeof(str));
	memcpy(key + 16, "/etcxxx", 7);
	key = add(1);
	memcpy(key + 8, &cut, sizeof(cut));
	memset(key + 16, 'y', 256);
	add(1);					/* empty */
	read_rows(false);
	assert_string_equal(texts[0], "/etc");
	assert_false(values[0].cut);
	assert_int_equal(strlen(texts[1]), 256);
	assert_true(values[1].cut);
	assert_int_equal(values[2].kind, TL_STRING);
	assert_string_equal(texts[2], "");
}

static void reads_other_fields(void **state)
{
	struct tl_ip ip = { .family = AF_INET, .bytes = { 10, 0, 0, 1 } };

	(void)state;
	open_aggregate(TL_COUNT, "comm", NULL);
	memcpy(add(1) + 8, "cat", 3);
	read_rows(false);
	assert_string_equal(texts[0], "cat");
	teardown(NULL);
	setup(NULL);
	open_aggregate(TL_COUNT, "daddr", NULL);
	memcpy(add(1) + 8, &ip, sizeof(ip));
	read_rows(false);
	assert_int_equal(values[0].kind, TL_IP);
	assert_int_equal(values[0].ip.family, AF_INET);
	teardown(NULL);
	setup(NULL);
	open_aggregate(TL_COUNT, "event", NULL);
	put_word(add(1), 8, OTHER);
	read_rows(false);
	assert_int_equal(values[0].i, OTHER);
	assert_int_equal(fields[0]->type, TL_TYPE_EVENT);
}

static bool take_both(const struct tl_row *row, void *arg)
{
	struct tl_value value;

	(void)arg;
	assert_non_null(tl_row_key(row, 1, &value));
	assert_int_equal(value.i, 77);
	assert_null(tl_row_key(row, 2, &value));
	assert_int_equal(value.kind, TL_NIL);
	return true;
}

static void has_the_different_value_behind_the_keys(void **state)
{
	(void)state;
	open_aggregate(TL_DISTINCT, "dirfd", "u32");
	put_word(add(1), 16, 77);
	assert_int_equal(tl_aggregate_read(&aggregate, false, take_both, NULL, scratch, &err), 1);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(adds_cpus_and_levels), TEST(takes_the_extremes_of_those_that_counted),
		TEST(passes_over_what_has_not_counted_yet), TEST(has_buckets), TEST(reads_in_chunks),
		TEST(stops_when_it_is_told), TEST(ends_whatever_the_callback_does), TEST(clears),
		TEST(keeps_its_cpu_where_that_matters), TEST(tells_what_went_wrong), TEST(reads_numbers), TEST(reads_what_was_reckoned), TEST(reads_errors),
		TEST(reads_strings), TEST(reads_other_fields), TEST(has_the_different_value_behind_the_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
