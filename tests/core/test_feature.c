/* SPDX-License-Identifier: MIT */
/* test_feature.c: tests core/load/feature.c with the kernel's answers made up. */
/* link: -Wl,--wrap=bpf_map_create,--wrap=open,--wrap=read,--wrap=btf__load_into_kernel */
/* link: -Wl,--wrap=btf__load_vmlinux_btf,--wrap=btf__find_by_name_kind */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "load/feature.h"

#define N(array)	(sizeof(array) / sizeof(*(array)))
#define N_LINES		31	/* of a kernel that has all */

#define WRAP(type, name, ...) type __wrap_##name(__VA_ARGS__); type __wrap_##name(__VA_ARGS__)

static struct {
	bool btf_file, ring, storage, maps, load_btf, no_iterator;
	uint16_t magic;
	const char *no_hook;
	int made;
} kernel;

WRAP(int, open, const char *path, int flags, ...)
{
	(void)flags;
	assert_string_equal(path, "/sys/kernel/btf/vmlinux");
	if (kernel.btf_file)
		return dup(0);
	errno = ENOENT;
	return -1;
}

WRAP(ssize_t, read, int fd, void *data, size_t size)
{
	(void)fd;
	assert_int_equal(size, sizeof(kernel.magic));
	memcpy(data, &kernel.magic, size);
	return kernel.magic ? (ssize_t)size : 0;
}

WRAP(int, bpf_map_create, enum bpf_map_type type, const char *name, __u32 key, __u32 value, __u32 max,
     const struct bpf_map_create_opts *opts)
{
	bool can = type == BPF_MAP_TYPE_RINGBUF ? kernel.ring : type == BPF_MAP_TYPE_ARRAY ? kernel.maps : kernel.storage;

	(void)name;
	if (type == BPF_MAP_TYPE_RINGBUF)
		assert_int_equal(key + value + max, sysconf(_SC_PAGESIZE));
	if (type == BPF_MAP_TYPE_TASK_STORAGE)
		assert_true(opts->btf_key_type_id && opts->btf_value_type_id && opts->map_flags == BPF_F_NO_PREALLOC);
	kernel.made += can;
	errno = EINVAL;
	return can ? dup(0) : -EINVAL;
}

WRAP(int, btf__load_into_kernel, struct btf *btf)
{
	(void)btf;
	return kernel.load_btf ? 0 : -EPERM;
}

WRAP(struct btf *, btf__load_vmlinux_btf, void) { return btf__new_empty(); }

WRAP(__s32, btf__find_by_name_kind, const struct btf *btf, const char *name, __u32 kind)
{
	(void)btf;
	if (kind == BTF_KIND_STRUCT) {
		assert_string_equal(name, "bpf_iter__task");
		return kernel.no_iterator ? -ENOENT : 5;
	}
	assert_int_equal(kind, BTF_KIND_TYPEDEF);
	assert_memory_equal(name, "btf_trace_", 10);
	return kernel.no_hook && !strcmp(name + 10, kernel.no_hook) ? -ENOENT : 5;
}

static int set_up(void **state)
{
	(void)state;
	memset(&kernel, 0, sizeof(kernel));
	kernel.btf_file = kernel.ring = kernel.storage = kernel.maps = kernel.load_btf = true;
	kernel.magic = BTF_MAGIC;
	return 0;
}

static void finds_types(void **state)
{
	(void)state;
	assert_true(tl_has_btf());
	kernel.magic = 0x1234;
	assert_false(tl_has_btf());
	kernel.magic = 0;	/* empty */
	assert_false(tl_has_btf());
	kernel.btf_file = false;
	assert_false(tl_has_btf());
}

static void finds_maps(void **state)
{
	int before = dup(0), after;

	(void)state;
	close(before);
	assert_true(tl_has_ring_buffer() && tl_has_task_storage());
	assert_int_equal(kernel.made, 2);
	after = dup(0);
	close(after);
	assert_int_equal(before, after);	/* probes are closed */
	kernel.ring = kernel.storage = false;
	assert_false(tl_has_ring_buffer() || tl_has_task_storage());
	kernel.storage = true;
	kernel.load_btf = false;
	assert_false(tl_has_task_storage());
}

static const struct tl_check *line(const struct tl_check *lines, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(lines[i].name, name))
			return &lines[i];
	fail_msg("no line %s", name);
	return NULL;
}

static void checks_a_good_kernel(void **state)
{
	struct tl_check lines[48];
	int n = tl_check(lines, N(lines));

	(void)state;
	assert_int_equal(n, N_LINES);
	for (int i = 0; i < n; i++) {
		assert_int_equal(lines[i].ok, 1);
		assert_true(lines[i].note[0]);
	}
	assert_memory_equal(line(lines, n, "kernel")->note, "Linux ", 6);
	for (size_t max = 0; max < N_LINES; max++)
		assert_int_equal(tl_check(lines, max), max);
}

static void says_what_is_lost(void **state)
{
	struct tl_check lines[48];
	int n;

	(void)state;
	kernel.ring = kernel.storage = kernel.maps = false;
	kernel.no_hook = "tcp_destroy_sock";
	kernel.no_iterator = true;
	n = tl_check(lines, N(lines));
	assert_int_equal(line(lines, n, "ring buffer")->ok, 0);
	assert_string_equal(line(lines, n, "ring buffer")->note, "channel: perf buffer, which costs more per record");
	assert_int_equal(line(lines, n, "task storage")->ok, 0);
	assert_int_equal(line(lines, n, "permission to load programs")->ok, -1);
	assert_int_equal(line(lines, n, "hook tcp_destroy_sock")->ok, 0);
	assert_string_equal(line(lines, n, "hook tcp_destroy_sock")->note, "no tcp.connect, tcp.accept, tcp.close");
	assert_int_equal(line(lines, n, "hook sys_exit")->ok, 1);
	assert_int_equal(line(lines, n, "iterator over processes")->ok, 0);
	kernel.btf_file = false;
	n = tl_check(lines, N(lines));
	assert_int_equal(n, 5);		/* nothing is known of hooks then */
	assert_int_equal(line(lines, n, "types of the kernel (BTF)")->ok, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(finds_types, set_up),
		cmocka_unit_test_setup(finds_maps, set_up),
		cmocka_unit_test_setup(checks_a_good_kernel, set_up),
		cmocka_unit_test_setup(says_what_is_lost, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
