/* SPDX-License-Identifier: MIT */
/*
 * set.c: sorted arrays here, BPF maps there. A set is replaced by adding what is new and then taking
 * away what is not in it any more, so that what stays is never missing; a map has room for both.
 */
#include "expr/set.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/error.h"

size_t tl_set_key_size(enum tl_set_kind kind)
{
	switch (kind) {
	case TL_SET_INTS: return sizeof(int64_t);
	case TL_SET_STRINGS: return sizeof(struct tl_set_string);
	default: return sizeof(struct tl_net);
	}
}

static int compare_ints(const void *a, const void *b)
{
	int64_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

static int compare_strings(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct tl_set_string));
}

/* Those of one prefix are neighbours. */
static int compare_nets(const void *a, const void *b)
{
	const struct tl_net *x = a, *y = b;

	if (x->prefix != y->prefix)
		return x->prefix < y->prefix ? -1 : 1;
	return memcmp(x->bytes, y->bytes, sizeof(x->bytes));
}

static int compare(enum tl_set_kind kind, const void *a, const void *b)
{
	switch (kind) {
	case TL_SET_INTS: return compare_ints(a, b);
	case TL_SET_STRINGS: return compare_strings(a, b);
	default: return compare_nets(a, b);
	}
}

static const char *key_at(const struct tl_set *set, const void *keys, size_t i)
{
	return (const char *)keys + i * tl_set_key_size(set->kind);
}

/* Sorts, and leaves one of each. Returns how many are left. */
static size_t tidy(enum tl_set_kind kind, char *keys, size_t n)
{
	size_t size = tl_set_key_size(kind), left = 0;

	if (n == 0)
		return 0;
	qsort(keys, n, size, kind == TL_SET_INTS ? compare_ints :
	      kind == TL_SET_STRINGS ? compare_strings : compare_nets);
	for (size_t i = 1; i < n; i++) {
		if (compare(kind, keys + left * size, keys + i * size) != 0)
			memmove(keys + ++left * size, keys + i * size, size);
	}
	return left + 1;
}

/* ---- the map --------------------------------------------------------------------------------------- */

struct lpm_key {
	uint32_t prefix;
	uint8_t bytes[16];
};

static int change(const struct tl_set *set, const char *key, bool add)
{
	const struct tl_net *net = (const void *)key;
	struct lpm_key lpm = { 0 };
	const void *map_key = key;
	uint32_t value = 1;
	int ret;

	if (set->kind == TL_SET_NETS) {
		lpm.prefix = net->prefix;
		memcpy(lpm.bytes, net->bytes, sizeof(lpm.bytes));
		map_key = &lpm;
	}
	ret = add ? bpf_map_update_elem(set->fd, map_key, &value, BPF_ANY) : bpf_map_delete_elem(set->fd, map_key);
	return ret ? -errno : 0;
}

/* For each key of `keys` that is not among `others`. Both are sorted. Stops at the first error. */
static int change_all(const struct tl_set *set, const void *keys, size_t n, const void *others, size_t n_others,
		      bool add)
{
	int ret = 0;

	for (size_t i = 0, k = 0; i < n && !ret; i++) {
		while (k < n_others && compare(set->kind, key_at(set, others, k), key_at(set, keys, i)) < 0)
			k++;
		if (k == n_others || compare(set->kind, key_at(set, others, k), key_at(set, keys, i)) != 0)
			ret = change(set, key_at(set, keys, i), add);
	}
	return ret;
}

int tl_set_replace(struct tl_set *set, void *keys, size_t n, struct tl_error *err)
{
	int ret = 0;

	n = tidy(set->kind, keys, n);
	if (set->fd >= 0)
		ret = change_all(set, keys, n, set->keys, set->n, true);
	if (ret) {
		change_all(set, keys, n, set->keys, set->n, false);
		free(keys);
		return tl_fail(err, ret, "a set: %s", strerror(-ret));
	}
	if (set->fd >= 0)
		change_all(set, set->keys, set->n, keys, n, false);
	free(set->keys);
	set->keys = keys;
	set->n = n;
	return 0;
}

int tl_set_to_kernel(struct tl_set *set, struct tl_error *err)
{
	bool nets = set->kind == TL_SET_NETS;
	uint32_t key_size = (uint32_t)(nets ? sizeof(struct lpm_key) : tl_set_key_size(set->kind));
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = BPF_F_NO_PREALLOC);
	int ret;

	if (set->fd >= 0)
		return 0;
	set->fd = bpf_map_create(nets ? BPF_MAP_TYPE_LPM_TRIE : BPF_MAP_TYPE_HASH, "tl_set", key_size,
				 sizeof(uint32_t), 2 * TL_SET_MAX, &opts);
	if (set->fd < 0) {
		ret = -errno;
		set->fd = -1;
		return tl_fail(err, ret, "a map for a set: %s", strerror(-ret));
	}
	ret = change_all(set, set->keys, set->n, NULL, 0, true);
	if (!ret)
		return 0;
	close(set->fd);
	set->fd = -1;
	return tl_fail(err, ret, "a map for a set: %s", strerror(-ret));
}

void tl_set_free(struct tl_set *set)
{
	if (set->fd >= 0)
		close(set->fd);
	set->fd = -1;
	free(set->keys);
	set->keys = NULL;
	set->n = 0;
}

/* ---- look-ups here ------------------------------------------------------------------------------------- */

bool tl_set_has_int(const struct tl_set *set, int64_t number)
{
	return set->n && bsearch(&number, set->keys, set->n, sizeof(number), compare_ints);
}

bool tl_set_has_string(const struct tl_set *set, const char *bytes, size_t len)
{
	struct tl_set_string key = { .len = len };

	if (!set->n || len > sizeof(key.bytes))
		return false;
	memcpy(key.bytes, bytes, len);
	return bsearch(&key, set->keys, set->n, sizeof(key), compare_strings);
}

static bool has_net(const struct tl_set *set, const uint8_t mapped[16], uint8_t prefix)
{
	struct tl_net key = { .prefix = prefix };

	for (int i = 0; i < 16; i++) {
		int bits = prefix - i * 8;

		key.bytes[i] = bits >= 8 ? mapped[i] : bits <= 0 ? 0 : mapped[i] & (uint8_t)(0xff00 >> bits);
	}
	return bsearch(&key, set->keys, set->n, sizeof(key), compare_nets);
}

bool tl_set_has_address(const struct tl_set *set, const uint8_t mapped[16])
{
	const struct tl_net *nets = set->keys;
	int last = -1;

	for (size_t i = 0; i < set->n; i++) {
		if (nets[i].prefix == last)
			continue;
		last = nets[i].prefix;
		if (has_net(set, mapped, nets[i].prefix))
			return true;
	}
	return false;
}
