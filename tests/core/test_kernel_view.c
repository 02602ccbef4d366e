/* SPDX-License-Identifier: MIT */
/* test_kernel_view.c: tests core/load/kernel_view.c: what libbpf is given, and what the kernel is told, by fakes of both. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "load/kernel_view.h"

struct btf *__wrap_btf__load_vmlinux_btf(void);
int __wrap_bpf_prog_load(enum bpf_prog_type type, const char *name, const char *license, const struct bpf_insn *insns,
			 size_t n, const struct bpf_prog_load_opts *opts);
struct btf *__real_btf__load_vmlinux_btf(void);
int __real_bpf_prog_load(enum bpf_prog_type type, const char *name, const char *license, const struct bpf_insn *insns,
			 size_t n, const struct bpf_prog_load_opts *opts);

static int n_all;
static uint32_t attached;

struct btf *__real_btf__load_vmlinux_btf(void)
{
	n_all++;
	return btf__new_empty();
}

int __real_bpf_prog_load(enum bpf_prog_type type, const char *name, const char *license, const struct bpf_insn *insns,
			 size_t n, const struct bpf_prog_load_opts *opts)
{
	(void)type, (void)name, (void)license, (void)insns, (void)n;
	attached = opts ? opts->attach_btf_id : 77;
	return 5;
}

static uint32_t numbers[] = { 0, 1000, 2000 };

/* A part with one type, which the kernel knows by other numbers. */
static struct tl_reduced make(struct btf **owner)
{
	struct tl_reduced reduced = { .numbers = numbers, .n = 3 };
	uint32_t size;

	*owner = btf__new_empty();
	assert_int_equal(btf__add_struct(*owner, "task", 4), 1);
	reduced.data = (void *)(uintptr_t)btf__raw_data(*owner, &size);
	reduced.size = size;
	return reduced;
}

static void is_what_libbpf_gets(void **state)
{
	struct btf *owner, *seen;
	struct tl_reduced reduced = make(&owner);
	char path[TL_KERNEL_PATH], *data = malloc(reduced.size + 1);
	int fd = tl_kernel_begin(&reduced, path);
	FILE *file;

	(void)state;
	assert_true(fd >= 0);
	file = fopen(path, "re");
	assert_int_equal(fread(data, 1, reduced.size + 1, file), reduced.size);
	assert_memory_equal(data, reduced.data, reduced.size);
	fclose(file);
	seen = __wrap_btf__load_vmlinux_btf();
	assert_int_equal(btf__find_by_name(seen, "task"), 1);
	assert_int_equal(n_all, 0);
	btf__free(seen);
	tl_kernel_end(fd);
	assert_int_equal(access(path, F_OK), -1);
	seen = __wrap_btf__load_vmlinux_btf();
	assert_int_equal(n_all, 1);
	btf__free(seen);
	btf__free(owner);
	free(data);
}

static uint32_t load(uint32_t number, uint32_t obj_fd, uint32_t prog_fd)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .attach_btf_id = number, .attach_btf_obj_fd = obj_fd,
		    .attach_prog_fd = prog_fd);

	assert_int_equal(__wrap_bpf_prog_load(BPF_PROG_TYPE_TRACING, "p", "GPL", NULL, 0, &opts), 5);
	assert_int_equal(opts.attach_btf_id, number);	/* libbpf's own is as it was */
	return attached;
}

/* What a program is attached to has another number for the kernel; but not in types of a module or a program. */
static void the_kernel_gets_its_own_numbers(void **state)
{
	struct btf *owner;
	struct tl_reduced reduced = make(&owner);
	char path[TL_KERNEL_PATH];
	int fd;

	(void)state;
	assert_int_equal(load(1, 0, 0), 1);
	fd = tl_kernel_begin(&reduced, path);
	assert_int_equal(load(1, 0, 0), 1000);
	assert_int_equal(load(2, 0, 0), 2000);
	assert_int_equal(load(0, 0, 0), 0);
	assert_int_equal(load(3, 0, 0), 3);	/* none of the part's */
	assert_int_equal(load(1, 9, 0), 1);
	assert_int_equal(load(1, 0, 9), 1);
	assert_int_equal(__wrap_bpf_prog_load(BPF_PROG_TYPE_TRACING, "p", "GPL", NULL, 0, NULL), 5);
	assert_int_equal(attached, 77);
	tl_kernel_end(fd);
	assert_int_equal(load(1, 0, 0), 1);
	btf__free(owner);
}

static void does_not_reduce_what_names_do_not_say(void **state)
{
	const struct tl_wanted all = { .all = true };
	struct tl_reduced reduced;

	(void)state;
	assert_int_equal(tl_kernel_reduce(&reduced, &all), -ENOTSUP);
	assert_null(reduced.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_what_libbpf_gets),
		cmocka_unit_test(the_kernel_gets_its_own_numbers),
		cmocka_unit_test(does_not_reduce_what_names_do_not_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
