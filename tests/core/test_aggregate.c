/* SPDX-License-Identifier: MIT */
/* link: -Wl,--wrap=bpf_map_create,--wrap=bpf_map_update_elem */
/*
 * test_aggregate.c: tests core/aggregate/aggregate.c and core/aggregate/aggregate_emit.c: how keys lie, the maps, and what the code
 * that is made counts, run over records of every kind.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "asking_fixture.h"
#include "bpf_machine.h"

#define N(array)	(sizeof(array) / sizeof(*(array)))

enum { NO_MAP, OUTER, INNER };

static struct asking a;
static struct tl_aggregate aggregate;
static struct tl_ask asks[ENTRIES];
static struct tl_slot slot;

static int setup(void **state)
{
	(void)state;
	machine_reset();
	asking_make(&a);
	memset(&aggregate, 0, sizeof(aggregate));
	memset(asks, 0, sizeof(asks));
	memset(&slot, 0, sizeof(slot));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < ENTRIES; i++)
		tl_ask_free(&asks[i]);
	machine_reset();
	return 0;
}

static int lay_out(enum tl_aggregate_kind kind, const char *const *by, size_t n, const char *value,
		   struct tl_error *err)
{
	struct tl_query query = { .value = asking_parse("value", value), .value_is_key = kind == TL_DISTINCT };

	for (; query.n_keys < n; query.n_keys++)
		query.keys[query.n_keys] = asking_parse("by", by[query.n_keys]);
	for (size_t i = 0; i < ENTRIES; i++)
		if (tl_ask_bind(&asks[i], &query, a.list, ENTRIES, i, err))
			fail_msg("%s", err->message);
	asking_free(&query);
	aggregate.opts.kind = kind;
	return tl_aggregate_layout(&aggregate, asks, a.list, ENTRIES, err);
}

static void must_lay_out(enum tl_aggregate_kind kind, const char *by, const char *value)
{
	struct tl_error err;

	if (lay_out(kind, &by, by != NULL, value, &err))
		fail_msg("%s", err.message);
	aggregate.outer = OUTER;
	machine.maps[OUTER] = (struct machine_map){ .kind = MACHINE_OUTER, .inner = INNER };
	machine_hash(INNER, aggregate.key_size, MACHINE_ENTRIES);
	machine.maps[INNER].size = (size_t)aggregate.stride * TL_LEVELS;
}

/* ---- layout ---------------------------------------------------------------------------------- */

static void lays_out_keys(void **state)
{
	static const char *const by[] = { "ret", "comm", "pathname", "daddr", "error", "ok", "event" };
	static const enum tl_key_kind kinds[] = { TL_KEY_INT, TL_KEY_COMM, TL_KEY_TAIL, TL_KEY_IP, TL_KEY_ERROR,
						  TL_KEY_BOOL, TL_KEY_EVENT };
	uint16_t at = 8;
	struct tl_error err;

	(void)state;
	assert_int_equal(lay_out(TL_HIST, by, N(by), "duration", &err), 0);
	assert_int_equal(aggregate.n_keys, N(by));
	assert_int_equal(aggregate.n_parts, N(by));
	for (size_t i = 0; i < N(by); i++) {
		assert_int_equal(aggregate.parts[i].kind, kinds[i]);
		assert_int_equal(aggregate.parts[i].offset, at);
		assert_int_equal(aggregate.parts[i].size % 8, 0);
		at = (uint16_t)(at + aggregate.parts[i].size);
	}
	assert_int_equal(aggregate.parts[2].size, 8 + 256);
	assert_int_equal(aggregate.bucket, at);
	assert_int_equal(aggregate.key_size, at + 8);
	assert_true(aggregate.key_size <= TL_KEY_MAX);
	assert_int_equal(aggregate.opts.max_entries, 65536);
}

static void shares_the_room_among_strings(void **state)
{
	static const char *const two[] = { "pathname", "path", "comm" };
	static const char *const many[] = { "pathname", "path", "path2", "file", "data", "argv", "sockaddr", "daddr" };
	struct tl_error err;

	(void)state;
	assert_int_equal(lay_out(TL_COUNT, two, N(two), NULL, &err), 0);
	assert_int_equal(aggregate.parts[0].size, aggregate.parts[1].size);
	assert_true(aggregate.key_size <= TL_KEY_MAX && aggregate.key_size > TL_KEY_MAX - 24);
	teardown(NULL);
	setup(NULL);
	assert_int_equal(lay_out(TL_COUNT, many, N(many), NULL, &err), 0);
	assert_true(aggregate.key_size <= TL_KEY_MAX && aggregate.parts[0].size >= 8 + 32);
	teardown(NULL);
	setup(NULL);
	assert_int_equal(lay_out(TL_DISTINCT, many, N(many), "name", &err), 0);
	assert_true(aggregate.key_size <= TL_KEY_MAX);
	assert_int_equal(aggregate.n_parts, N(many) + 1);
}

static void has_room_for_the_values(void **state)
{
	static const uint16_t strides[] = { [TL_COUNT] = 8, [TL_SUM] = 16, [TL_AVG] = 16, [TL_MIN] = 24, [TL_MAX] = 24,
					    [TL_HIST] = 8, [TL_LHIST] = 8, [TL_QUANTILE] = 8, [TL_DISTINCT] = 8 };
	struct tl_error err;

	(void)state;
	for (enum tl_aggregate_kind kind = TL_COUNT; kind <= TL_DISTINCT; kind++) {
		assert_int_equal(lay_out(kind, NULL, 0, kind == TL_COUNT ? NULL : "ret", &err), 0);
		assert_int_equal(aggregate.stride, strides[kind]);
		assert_int_equal(aggregate.bucket != 0, kind >= TL_HIST && kind <= TL_QUANTILE);
		teardown(NULL);
		setup(NULL);
	}
}

/* One column of rows has one type, in all events. */
static void refuses_what_differs_between_events(void **state)
{
	static const char *const by[] = { "pathname" };
	struct tl_error err = { 0 };

	(void)state;
	a.entries[OTHER].event.fields = a.samples[OTHER].fields;
	a.samples[OTHER].fields[S_PATHNAME].type = TL_TYPE_PATH;
	assert_int_equal(lay_out(TL_COUNT, by, 1, NULL, &err), -EINVAL);
	assert_string_equal(err.message, "by: pathname is something else in a.other than in a.call");
}

/* ---- maps ------------------------------------------------------------------------------------ */

static struct {
	int fail, n, inner, put;	/* fail: the n-th call does, from 1 on; put: last inner map */
	uint32_t max_entries, key_size, value_size;
} kernel;

int __wrap_bpf_map_create(enum bpf_map_type type, const char *name, __u32 key_size, __u32 value_size, __u32 max,
			  const struct bpf_map_create_opts *opts);
int __wrap_bpf_map_create(enum bpf_map_type type, const char *name, __u32 key_size, __u32 value_size, __u32 max,
			  const struct bpf_map_create_opts *opts)
{
	if (++kernel.n == kernel.fail) {
		errno = EPERM;
		return -EPERM;
	}
	if (type == BPF_MAP_TYPE_PERCPU_HASH) {
		kernel.key_size = key_size;
		kernel.value_size = value_size;
		kernel.max_entries = max;
	} else {
		assert_int_equal(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
		kernel.inner = (int)opts->inner_map_fd;
	}
	return memfd_create(name, MFD_CLOEXEC);
}

int __wrap_bpf_map_update_elem(int fd, const void *key, const void *value, __u64 flags);
int __wrap_bpf_map_update_elem(int fd, const void *key, const void *value, __u64 flags)
{
	(void)fd;
	assert_int_equal(*(const uint32_t *)key, 0);
	assert_int_equal(flags, BPF_ANY);
	if (++kernel.n == kernel.fail) {
		errno = E2BIG;
		return -E2BIG;
	}
	kernel.put = *(const int *)value;
	return 0;
}

static bool is_open(int fd)
{
	return dup2(fd, fd) == fd;
}

static void makes_maps(void **state)
{
	const char *by = "comm";
	struct tl_error err;
	int old;

	(void)state;
	memset(&kernel, 0, sizeof(kernel));
	assert_int_equal(lay_out(TL_AVG, &by, 1, "ret", &err), 0);
	aggregate.opts.max_entries = 77;
	assert_int_equal(tl_aggregate_open(&aggregate, &err), 0);
	assert_int_equal(kernel.key_size, aggregate.key_size);
	assert_int_equal(kernel.value_size, 16 * TL_LEVELS);
	assert_int_equal(kernel.max_entries, 77);
	assert_true(aggregate.since > 0);
	assert_int_equal(tl_aggregate_open(&aggregate, &err), 0);	/* twice is harmless */
	assert_int_equal(kernel.n, 1);
	assert_int_equal(tl_aggregate_open_outer(&aggregate, &err), 0);
	assert_int_equal(kernel.inner, aggregate.inner);
	assert_int_equal(kernel.put, aggregate.inner);
	assert_int_equal(tl_aggregate_open_outer(&aggregate, &err), 0);
	assert_int_equal(kernel.n, 3);
	assert_int_equal(tl_aggregate_swap(&aggregate, &old, &err), 0);
	assert_int_equal(kernel.put, aggregate.inner);
	assert_int_not_equal(old, aggregate.inner);
	close(old);
	old = aggregate.inner;
	for (int call = 1; call <= 2; call++) {
		kernel.n = 0;
		kernel.fail = call;
		assert_int_equal(tl_aggregate_swap(&aggregate, &old, &err), call == 1 ? -EPERM : -E2BIG);
		assert_true(is_open(aggregate.inner));	/* the one in use stays */
	}
	old = aggregate.outer;
	tl_aggregate_close(&aggregate);
	assert_int_equal(aggregate.outer, -1);
	assert_false(is_open(old));
	tl_aggregate_close(&aggregate);
}

static void leaves_nothing_of_what_fails(void **state)
{
	struct tl_error err;

	(void)state;
	assert_int_equal(lay_out(TL_COUNT, NULL, 0, NULL, &err), 0);
	memset(&kernel, 0, sizeof(kernel));
	kernel.fail = 1;
	assert_int_equal(tl_aggregate_open(&aggregate, &err), -EPERM);
	assert_string_equal(err.message, "the kernel does not let this user make maps; run as root, or with CAP_BPF and "
			    "CAP_PERFMON");
	assert_int_equal(aggregate.inner, -1);
	assert_int_equal(tl_aggregate_open(&aggregate, &err), 0);
	for (int call = 1; call <= 2; call++) {
		kernel.n = 0;
		kernel.fail = call;
		assert_int_equal(tl_aggregate_open_outer(&aggregate, &err), call == 1 ? -EPERM : -E2BIG);
		assert_int_equal(aggregate.outer, -1);
		assert_true(is_open(aggregate.inner));
	}
	assert_string_equal(err.message, "aggregate: its map cannot be made: Argument list too long");
	tl_aggregate_close(&aggregate);
}

/* ---- counting -------------------------------------------------------------------------------- */

#define FRAME_SKIP	1
#define FRAME_FULL	2
static const struct tl_verdict_frame frame = { .zero = -16, .level = -24, .value = -40, .stack = -48 };

/* Runs the update as part of a program: 0: counted; FRAME_SKIP; FRAME_FULL. */
static uint64_t count_at(size_t at, uint64_t level)
{
	struct tl_emit_env env = tl_ask_env(TL_STAGE_LATE, &a.entries[at]);
	struct tl_code code;
	struct tl_error err;
	int skip, full, error;
	uint64_t ret;

	tl_code_init(&code);
	skip = tl_code_label(&code);
	full = tl_code_label(&code);
	error = tl_code_label(&code);
	env.stack = frame.stack;
	env.error = error;
	tl_code_imm64(&code, TL_REG_BASE, (uintptr_t)&slot);
	tl_code_store_imm(&code, BPF_W, BPF_REG_10, frame.zero, 0);
	tl_code_store_imm(&code, BPF_DW, BPF_REG_10, frame.level, (int32_t)level);
	tl_aggregate_emit(&aggregate, &asks[at], TL_STAGE_LATE, &a.entries[at], &frame, &code, &env, skip, full);
	tl_code_alu_imm(&code, BPF_MOV, BPF_REG_0, 0);
	tl_code_exit(&code);
	tl_code_place(&code, skip);
	tl_code_place(&code, error);
	tl_code_alu_imm(&code, BPF_MOV, BPF_REG_0, FRAME_SKIP);
	tl_code_exit(&code);
	tl_code_place(&code, full);
	tl_code_alu_imm(&code, BPF_MOV, BPF_REG_0, FRAME_FULL);
	tl_code_exit(&code);
	if (tl_code_finish(&code, &err))
		fail_msg("%s", err.message);
	ret = machine_run(&code, NULL);
	tl_code_free(&code);
	return ret;
}

static uint64_t count(void)
{
	return count_at(CALL, 0);
}

static void put(int field, int64_t number)
{
	memcpy(slot.data + a.samples[CALL].fields[field].offset, &number, a.samples[CALL].fields[field].size);
}

static size_t rows(void)
{
	return machine.maps[INNER].n;
}

static int64_t word_of_key(size_t row, size_t offset)
{
	int64_t word;

	memcpy(&word, machine.maps[INNER].entries[row].key + offset, sizeof(word));
	return word;
}

static int64_t word_of_value(size_t row, size_t i)
{
	int64_t word;

	memcpy(&word, machine.maps[INNER].entries[row].value + 8 * i, sizeof(word));
	return word;
}

static void adds_up(void **state)
{
	(void)state;
	must_lay_out(TL_SUM, "dirfd", "ret");
	for (int64_t i = 0; i < 10; i++) {
		put(S_DIRFD, i % 2 - 1);
		put(S_RET, i * i - 20);
		assert_int_equal(count(), 0);
	}
	assert_int_equal(rows(), 2);
	assert_int_equal(word_of_key(0, 8), -1);	/* sign and all */
	assert_int_equal(word_of_value(0, 0), 5);
	assert_int_equal(word_of_value(0, 1), 0 + 4 + 16 + 36 + 64 - 100);
	assert_int_equal(word_of_key(1, 8), 0);
	assert_int_equal(word_of_value(1, 1), 1 + 9 + 25 + 49 + 81 - 100);
}

/* Before it is cleared for the first time, its map is the only one. */
static void needs_no_map_of_maps(void **state)
{
	(void)state;
	must_lay_out(TL_COUNT, "u32", NULL);
	aggregate.outer = -1;
	aggregate.inner = INNER;
	assert_int_equal(count(), 0);
	assert_int_equal(count(), 0);
	assert_int_equal(rows(), 1);
	assert_int_equal(word_of_value(0, 0), 2);
	aggregate.inner = -1;
}

/* Whoever interrupts an update has values of his own. */
static void keeps_levels_apart(void **state)
{
	(void)state;
	must_lay_out(TL_MAX, NULL, "ret");
	for (uint64_t level = 0; level < TL_LEVELS; level++) {
		put(S_RET, (int64_t)level * 10);
		assert_int_equal(count_at(CALL, level), 0);
		put(S_RET, (int64_t)level * 10 + 3);
		assert_int_equal(count_at(CALL, level), 0);
	}
	assert_int_equal(rows(), 1);
	for (int64_t level = 0; level < TL_LEVELS; level++) {
		assert_int_equal(word_of_value(0, 3 * (size_t)level), 2);
		assert_int_equal(word_of_value(0, 3 * (size_t)level + 1), level * 10);
		assert_int_equal(word_of_value(0, 3 * (size_t)level + 2), level * 10 + 3);
	}
}

static void finds_the_extremes(void **state)
{
	static const int64_t numbers[] = { 5, -7, INT64_MAX, 0, INT64_MIN, 12 };

	(void)state;
	must_lay_out(TL_MIN, NULL, "ret");
	for (size_t i = 0; i < N(numbers); i++) {
		put(S_RET, numbers[i]);
		assert_int_equal(count(), 0);
		assert_int_equal(word_of_value(0, 1), i == 0 ? 5 : i < 4 ? -7 : INT64_MIN);
		assert_int_equal(word_of_value(0, 2), i < 2 ? 5 : INT64_MAX);
	}
}

static void skips_what_has_no_value(void **state)
{
	(void)state;
	must_lay_out(TL_SUM, "comm", "10 // u32");
	assert_int_equal(count(), FRAME_SKIP);		/* by zero */
	put(S_U32, 5);
	assert_int_equal(count(), 0);
	slot.head.unread = TL_BIT(S_U32);
	assert_int_equal(count(), FRAME_SKIP);
	assert_int_equal(word_of_value(0, 0), 1);
}

static void says_when_there_is_no_room(void **state)
{
	(void)state;
	must_lay_out(TL_COUNT, "u32", NULL);
	machine.maps[INNER].max = 3;
	for (int64_t i = 0; i < 8; i++) {
		put(S_U32, i % 4);
		assert_int_equal(count(), i % 4 == 3 ? FRAME_FULL : 0);
	}
	assert_int_equal(rows(), 3);
}

/* ---- keys ------------------------------------------------------------------------------------ */

static void tells_missing_keys_apart(void **state)
{
	(void)state;
	must_lay_out(TL_COUNT, "u32", NULL);
	assert_int_equal(count(), 0);
	slot.head.unread = TL_BIT(S_U32);
	assert_int_equal(count(), 0);
	slot.head.unread = 0;
	slot.head.absent = TL_BIT(S_U32);
	put(S_U32, 9);			/* whatever is there */
	assert_int_equal(count(), 0);
	assert_int_equal(rows(), 2);
	assert_int_equal(word_of_key(0, 0), 0);
	assert_int_equal(word_of_key(1, 0), 1);
	assert_int_equal(word_of_key(1, 8), 0);
	assert_int_equal(word_of_value(1, 0), 2);
}

static void counts_errors_by_number(void **state)
{
	static const int64_t returned[] = { -2, -4095, 0, 5, -4096, INT64_MIN };
	static const int64_t keys[] = { 2, 4095, 0 };

	(void)state;
	must_lay_out(TL_COUNT, "error", NULL);
	for (size_t i = 0; i < N(returned); i++) {
		put(S_ERROR, returned[i]);
		assert_int_equal(count(), 0);
	}
	assert_int_equal(rows(), N(keys));
	for (size_t i = 0; i < N(keys); i++) {
		assert_int_equal(word_of_key(i, 0), keys[i] == 0);
		assert_int_equal(word_of_key(i, 8), keys[i]);
		assert_int_equal(word_of_value(i, 0), keys[i] ? 1 : 4);
	}
}

static void counts_conditions(void **state)
{
	(void)state;
	must_lay_out(TL_COUNT, "u32 > 1 and ret ~= 3", NULL);
	assert_int_equal(aggregate.parts[0].kind, TL_KEY_BOOL);
	for (int64_t i = 0; i < 6; i++) {
		put(S_U32, i);
		put(S_RET, i);
		assert_int_equal(count(), 0);
	}
	assert_int_equal(rows(), 2);
	assert_int_equal(word_of_key(0, 8), 0);
	assert_int_equal(word_of_value(0, 0), 3);
	assert_int_equal(word_of_key(1, 8), 1);
	assert_int_equal(word_of_value(1, 0), 3);
}

static void put_string(const char *bytes, uint16_t length, uint16_t flags)
{
	struct tl_str str = { .offset = a.samples[CALL].event.fixed_size, .length = length, .flags = flags };

	memcpy(slot.data + str.offset, bytes, length);
	memcpy(slot.data + a.samples[CALL].fields[S_PATHNAME].offset, &str, sizeof(str));
}

static struct tl_str string_of_key(size_t row)
{
	struct tl_str str;

	memcpy(&str, machine.maps[INNER].entries[row].key + 8, sizeof(str));
	return str;
}

static void counts_strings(void **state)
{
	char longest[300];

	(void)state;
	memset(longest, 'x', sizeof(longest));
	must_lay_out(TL_COUNT, "pathname", NULL);
	put_string("/etc", 4, TL_STR_LATE);
	assert_int_equal(count(), 0);
	put_string("/etc/passwd", 4, TL_STR_CHANGED);	/* the same, whatever lies behind it */
	assert_int_equal(count(), 0);
	put_string("", 0, 0);
	assert_int_equal(count(), 0);
	put_string(longest, 256, 0);
	assert_int_equal(count(), 0);
	put_string(longest, 257, 0);
	assert_int_equal(count(), 0);
	put_string(longest, 300, 0);
	assert_int_equal(count(), 0);
	assert_int_equal(rows(), 4);
	assert_int_equal(word_of_value(0, 0), 2);
	assert_memory_equal(machine.maps[INNER].entries[0].key + 16, "/etc\0\0\0\0", 8);
	assert_int_equal(string_of_key(0).flags, 0);
	assert_int_equal(string_of_key(1).length, 0);
	assert_int_equal(string_of_key(2).flags, 0);
	assert_int_equal(string_of_key(3).length, 256);
	assert_int_equal(string_of_key(3).flags, TL_STR_CUT);
	assert_int_equal(word_of_value(3, 0), 2);
}

static void counts_addresses(void **state)
{
	struct tl_ip ip = { .family = AF_INET, .bytes = { 10, 0, 0, 1 } };
	char *at = (char *)slot.data + a.samples[CALL].fields[S_DADDR].offset;

	(void)state;
	must_lay_out(TL_COUNT, "daddr", NULL);
	assert_int_equal(count(), 0);		/* none */
	memcpy(at, &ip, sizeof(ip));
	assert_int_equal(count(), 0);
	ip.family = AF_INET6;
	memcpy(at, &ip, sizeof(ip));
	assert_int_equal(count(), 0);
	assert_int_equal(rows(), 3);
	assert_int_equal(word_of_key(0, 0), 1);
	assert_memory_equal(machine.maps[INNER].entries[2].key + 8, &ip, sizeof(ip));
}

static void counts_by_event(void **state)
{
	(void)state;
	must_lay_out(TL_COUNT, "event", NULL);
	for (uint16_t i = 0; i < 3; i++) {
		slot.head.event = i % ENTRIES;
		assert_int_equal(count_at(i % ENTRIES, 0), 0);
	}
	assert_int_equal(rows(), 2);
	assert_int_equal(word_of_key(0, 8), CALL);
	assert_int_equal(word_of_value(0, 0), 2);
	assert_int_equal(word_of_key(1, 8), OTHER);
}

static void tells_different_values_apart(void **state)
{
	(void)state;
	must_lay_out(TL_DISTINCT, "dirfd", "u32");
	for (int64_t i = 0; i < 12; i++) {
		put(S_DIRFD, i % 2);
		put(S_U32, i % 3);
		assert_int_equal(count(), 0);
	}
	assert_int_equal(rows(), 6);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(word_of_value(i, 0), 2);
}

/* ---- buckets --------------------------------------------------------------------------------- */

static int64_t bucket_of(int64_t number)
{
	machine.maps[INNER].n = 0;
	put(S_RET, number);
	assert_int_equal(count(), 0);
	return word_of_key(0, aggregate.bucket);
}

static void has_bars_of_powers_of_two(void **state)
{
	(void)state;
	must_lay_out(TL_HIST, NULL, "ret");
	assert_int_equal(bucket_of(-1), -1);
	assert_int_equal(bucket_of(INT64_MIN), -1);
	assert_int_equal(bucket_of(0), 0);
	for (int64_t bit = 0; bit < 63; bit++) {
		assert_int_equal(bucket_of(1LL << bit), bit + 1);
		assert_int_equal(bucket_of((1LL << bit) - 1), bit);
		if (bit > 1)
			assert_int_equal(bucket_of((1LL << bit) + 1), bit + 1);
	}
	assert_int_equal(bucket_of(INT64_MAX), 63);
}

/* As the header says: below 64 the value; else ((e - 6) << 6) + (value >> (e - 6)). */
static int64_t quantile_of(int64_t number)
{
	int e = 63 - __builtin_clzll((uint64_t)number | 1);

	if (number < 0)
		return -1;
	return number < 64 ? number : ((int64_t)(e - 6) << 6) + (number >> (e - 6));
}

static void has_fine_bars_for_quantiles(void **state)
{
	int64_t before = -1;

	(void)state;
	must_lay_out(TL_QUANTILE, NULL, "ret");
	for (int64_t i = -2; i < 5000; i++) {
		int64_t bucket = bucket_of(i);

		assert_int_equal(bucket, quantile_of(i));
		assert_true(bucket == before || bucket == before + 1);	/* none is left out */
		before = bucket;
	}
	for (uint64_t seed = 1, n = 0; n < 2000; n++) {
		int64_t number;

		seed *= 0x9e3779b97f4a7c15ULL;
		number = (int64_t)(seed >> seed % 64);
		assert_int_equal(bucket_of(number), quantile_of(number));
	}
	assert_int_equal(bucket_of(INT64_MAX), quantile_of(INT64_MAX));
}

static void has_bars_of_one_size(void **state)
{
	static const struct {
		int64_t low, high, step, number, bucket;
	} bars[] = {
		{ 0, 10, 5, -1, -1 }, { 0, 10, 5, 0, 0 }, { 0, 10, 5, 4, 0 }, { 0, 10, 5, 5, 1 }, { 0, 10, 5, 9, 1 },
		{ 0, 10, 5, 10, 2 }, { 0, 10, 5, INT64_MAX, 2 }, { 0, 11, 5, 10, 2 }, { 0, 11, 5, 11, 3 },
		{ -100, 100, 10, -100, 0 }, { -100, 100, 10, -101, -1 }, { -100, 100, 10, 99, 19 },
		{ INT64_MIN, INT64_MAX, 1, INT64_MIN, 0 }, { INT64_MIN, INT64_MAX, 1LL << 62, 0, 2 },
		{ INT64_MIN, INT64_MAX, 1LL << 62, INT64_MAX, 4 },
	};

	(void)state;
	must_lay_out(TL_LHIST, NULL, "ret");
	for (size_t i = 0; i < N(bars); i++) {
		aggregate.opts.low = bars[i].low;
		aggregate.opts.high = bars[i].high;
		aggregate.opts.step = bars[i].step;
		assert_int_equal(bucket_of(bars[i].number), bars[i].bucket);
	}
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lays_out_keys), TEST(shares_the_room_among_strings), TEST(has_room_for_the_values),
		TEST(refuses_what_differs_between_events), TEST(makes_maps), TEST(leaves_nothing_of_what_fails),
		TEST(adds_up), TEST(needs_no_map_of_maps), TEST(keeps_levels_apart), TEST(finds_the_extremes), TEST(skips_what_has_no_value),
		TEST(says_when_there_is_no_room), TEST(tells_missing_keys_apart), TEST(counts_errors_by_number),
		TEST(counts_conditions), TEST(counts_strings), TEST(counts_addresses), TEST(counts_by_event),
		TEST(tells_different_values_apart), TEST(has_bars_of_powers_of_two),
		TEST(has_fine_bars_for_quantiles), TEST(has_bars_of_one_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
