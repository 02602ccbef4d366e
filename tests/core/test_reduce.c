/* SPDX-License-Identifier: MIT */
/* test_reduce.c: tests core/load/reduce.c and core/load/raw_btf.c on types that libbpf made, read back by libbpf. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <bpf/btf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "load/reduce.h"

/* What stands for the kernel's types; `last` is the number of the last one. */
static struct btf *make_kernel(int *last)
{
	struct btf *btf = btf__new_empty();
	int integer = btf__add_int(btf, "int", 4, BTF_INT_SIGNED), other, inner, pointer, array, proto;

	other = btf__add_struct(btf, "far", 4);
	btf__add_field(btf, "x", integer, 0, 0);
	inner = btf__add_struct(btf, "inner", 8);
	btf__add_field(btf, "y", btf__add_const(btf, integer), 0, 0);
	pointer = btf__add_ptr(btf, other);
	array = btf__add_array(btf, integer, inner, 3);
	btf__add_struct(btf, "task", 48);
	btf__add_field(btf, "pid", integer, 0, 0);
	btf__add_field(btf, "far", pointer, 64, 0);
	btf__add_field(btf, "inners", array, 128, 0);
	btf__add_enum(btf, "colour", 4);
	btf__add_enum_value(btf, "RED", 7);
	btf__add_struct(btf, "task_group", 4);
	btf__add_struct(btf, "task___old", 4);
	btf__add_fwd(btf, "only_declared", BTF_FWD_STRUCT);
	proto = btf__add_func_proto(btf, integer);
	btf__add_func_param(btf, "task", pointer);
	btf__add_typedef(btf, "hook", btf__add_ptr(btf, proto));
	*last = btf__add_func(btf, "called", BTF_FUNC_GLOBAL, proto);
	return btf;
}

static struct tl_reduced reduced;

static int reduce(struct btf *kernel, const struct tl_name *names, size_t n)
{
	struct tl_wanted wanted = { .names = (struct tl_name *)(uintptr_t)names, .n = n };
	struct tl_btf raw;
	uint32_t size;
	const void *data = btf__raw_data(kernel, &size);
	int ret;

	assert_int_equal(tl_btf_view(&raw, data, size), 0);
	assert_int_equal(tl_btf_index(&raw), 0);
	assert_int_equal(raw.n, btf__type_cnt(kernel));
	ret = tl_reduce(&reduced, &raw, &wanted);
	tl_btf_close(&raw);
	return ret;
}

static struct btf *parse(void)
{
	struct btf *btf = btf__new(reduced.data, (uint32_t)reduced.size);

	assert_non_null(btf);
	assert_int_equal(btf__type_cnt(btf), reduced.n);
	return btf;
}

static void keeps_what_is_named_and_in_it(void **state)
{
	static const struct tl_name names[] = { { (char *)"task", true } };
	int last;
	struct btf *kernel = make_kernel(&last), *btf;
	const struct btf_type *task;

	(void)state;
	assert_int_equal(reduce(kernel, names, 1), 0);
	btf = parse();
	task = btf__type_by_id(btf, (uint32_t)btf__find_by_name_kind(btf, "task", BTF_KIND_STRUCT));
	assert_int_equal(task->size, 48);
	assert_int_equal(btf_vlen(task), 3);
	assert_string_equal(btf__name_by_offset(btf, btf_members(task)[2].name_off), "inners");
	assert_int_equal(btf_members(task)[2].offset, 128);
	assert_int_equal(btf__resolve_size(btf, btf_members(task)[2].type), 24);	/* three of 8 bytes */
	assert_int_equal(btf__resolve_size(btf, btf_members(task)[1].type), sizeof(void *));
	assert_true(btf__find_by_name_kind(btf, "inner", BTF_KIND_STRUCT) > 0);
	assert_true(btf__find_by_name_kind(btf, "task___old", BTF_KIND_STRUCT) > 0);
	assert_int_equal(btf__find_by_name_kind(btf, "far", BTF_KIND_STRUCT), -ENOENT);
	assert_int_equal(btf__find_by_name_kind(btf, "task_group", BTF_KIND_STRUCT), -ENOENT);
	assert_int_equal(btf__find_by_name_kind(btf, "called", BTF_KIND_FUNC), -ENOENT);
	for (uint32_t i = 1; i < reduced.n; i++)
		assert_string_equal(btf__name_by_offset(btf, btf__type_by_id(btf, i)->name_off),
				    btf__name_by_offset(kernel, btf__type_by_id(kernel, reduced.numbers[i])->name_off));
	btf__free(btf);
	btf__free(kernel);
	tl_reduced_close(&reduced);
}

static void knows_the_kernel_s_numbers(void **state)
{
	static const struct tl_name names[] = { { (char *)"called", false }, { (char *)"colour", true },
						{ (char *)"hook", false } };
	int last, number;
	struct btf *kernel = make_kernel(&last), *btf;
	const struct btf_type *type;

	(void)state;
	assert_int_equal(reduce(kernel, names, 3), 0);
	btf = parse();
	number = btf__find_by_name_kind(btf, "called", BTF_KIND_FUNC);
	assert_int_equal(reduced.numbers[number], last);
	number = btf__find_by_name_kind(btf, "hook", BTF_KIND_TYPEDEF);
	assert_int_equal(reduced.numbers[number], btf__find_by_name_kind(kernel, "hook", BTF_KIND_TYPEDEF));
	type = btf__type_by_id(btf, (uint32_t)btf__find_by_name_kind(btf, "colour", BTF_KIND_ENUM));
	assert_string_equal(btf__name_by_offset(btf, btf_enum(type)->name_off), "RED");
	assert_int_equal(btf_enum(type)->val, 7);
	btf__free(btf);
	btf__free(kernel);
	tl_reduced_close(&reduced);
	tl_reduced_close(&reduced);	/* twice is harmless */
}

/* It may be a module that has them. */
static void does_without_names_that_need_not_be_there(void **state)
{
	struct tl_name names[] = { { (char *)"int", true }, { (char *)"nothing", false } };
	struct tl_name declared[] = { { (char *)"only_declared", true } };
	int last;
	struct btf *kernel = make_kernel(&last);

	(void)state;
	assert_int_equal(reduce(kernel, names, 2), 0);
	assert_int_equal(reduced.n, 2);
	tl_reduced_close(&reduced);
	names[1].needed = true;
	assert_int_equal(reduce(kernel, names, 2), -ENOENT);
	assert_null(reduced.data);
	assert_int_equal(reduce(kernel, declared, 1), -ENOENT);
	assert_int_equal(reduce(kernel, NULL, 0), 0);
	assert_int_equal(reduced.n, 1);
	tl_reduced_close(&reduced);
	btf__free(kernel);
}

static void takes_no_nonsense(void **state)
{
	int last;
	struct btf *kernel = make_kernel(&last);
	struct tl_btf raw;
	uint32_t size;
	const void *data = btf__raw_data(kernel, &size);
	char *copy = malloc(size);

	(void)state;
	for (uint32_t cut = 0; cut < size; cut++) {
		memcpy(copy, data, cut);
		assert_int_equal(tl_btf_view(&raw, copy, cut), -EBADMSG);
	}
	memcpy(copy, data, size);
	copy[size - 1] = 'x';		/* the last string has no end */
	assert_int_equal(tl_btf_view(&raw, copy, size), -EBADMSG);
	memcpy(copy, data, size);
	memset(copy + sizeof(struct btf_header), 0xff, 64);	/* types that reach far beyond the end */
	assert_int_equal(tl_btf_view(&raw, copy, size), 0);
	assert_int_equal(tl_btf_index(&raw), 0);
	assert_null(tl_btf_type(&raw, raw.n));
	assert_null(tl_btf_type(&raw, 0));
	assert_string_equal(tl_btf_string(&raw, UINT32_MAX), "");
	tl_btf_close(&raw);
	free(copy);
	btf__free(kernel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_what_is_named_and_in_it),
		cmocka_unit_test(knows_the_kernel_s_numbers),
		cmocka_unit_test(does_without_names_that_need_not_be_there),
		cmocka_unit_test(takes_no_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
