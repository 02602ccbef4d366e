/* SPDX-License-Identifier: MIT */
/* link: -Wl,--wrap=open,--wrap=mmap */
/* test_kernel_btf.c: tests what core/load/kernel_btf.c finds, on types made by hand, mapped and read. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <linux/btf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "load/kernel_btf.h"

static struct {
	char data[4096];
	size_t size;
	bool missing, not_mapped;
} file;

int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
	int fd = memfd_create("btf", (unsigned int)flags & 0);

	assert_string_equal(path, "/sys/kernel/btf/vmlinux");
	if (file.missing || write(fd, file.data, file.size) != (ssize_t)file.size) {
		close(fd);
		errno = ENOENT;
		return -1;
	}
	lseek(fd, 0, SEEK_SET);
	return fd;
}

void *__real_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
	if (file.not_mapped && fd >= 0) {
		errno = ENODEV;
		return MAP_FAILED;
	}
	return __real_mmap(at, size, protection, flags, fd, offset);
}

/* ---- types ----------------------------------------------------------------------------------- */

static const char strings[] = "\0int\0btf_trace_sys_exit\0btf_trace_sys\0why\0WHY_A\0B\0last";
enum { INT = 1, SYS_EXIT = 5, SYS = 24, WHY = 38, WHY_A = 42, B = 48, LAST = 50 };

static size_t types;		/* bytes of them so far */
static size_t enum_ends;	/* where those of the enum end */

static void *put(const void *data, size_t size)
{
	void *at = file.data + sizeof(struct btf_header) + types;

	if (data)
		memcpy(at, data, size);
	types += size;
	return at;
}

static void put_type(uint32_t name, uint32_t kind, uint32_t vlen, size_t rest)
{
	struct btf_type type = { .name_off = name, .info = kind << 24 | vlen };

	put(&type, sizeof(type));
	put(NULL, rest);
}

static int setup(void **state)
{
	struct btf_header *head = (struct btf_header *)(void *)file.data;

	(void)state;
	memset(&file, 0, sizeof(file));
	types = 0;
	put_type(INT, BTF_KIND_INT, 0, 4);			/* 1 */
	put_type(0, BTF_KIND_PTR, 0, 0);			/* 2 */
	put_type(0, BTF_KIND_ARRAY, 0, sizeof(struct btf_array));
	put_type(SYS_EXIT, BTF_KIND_STRUCT, 3, 3 * sizeof(struct btf_member));	/* the same name, and no typedef */
	put_type(0, BTF_KIND_UNION, 1, sizeof(struct btf_member));
	put_type(WHY, BTF_KIND_ENUM, 2, 0);
	put(&(struct btf_enum){ WHY_A, 3 }, sizeof(struct btf_enum));
	put(&(struct btf_enum){ B, -1 }, sizeof(struct btf_enum));
	enum_ends = types;
	put_type(0, BTF_KIND_ENUM64, 2, 2 * sizeof(struct btf_enum64));
	put_type(0, BTF_KIND_FUNC_PROTO, 2, 2 * sizeof(struct btf_param));
	put_type(0, BTF_KIND_FUNC, 0, 0);
	put_type(0, BTF_KIND_VAR, 0, sizeof(struct btf_var));	/* 10 */
	put_type(0, BTF_KIND_DATASEC, 1, sizeof(struct btf_var_secinfo));
	put_type(0, BTF_KIND_DECL_TAG, 0, sizeof(struct btf_decl_tag));
	put_type(SYS, BTF_KIND_TYPEDEF, 0, 0);			/* 13 */
	put_type(SYS_EXIT, BTF_KIND_TYPEDEF, 0, 0);		/* 14 */
	put_type(LAST, BTF_KIND_TYPEDEF, 0, 0);			/* 15 */
	memcpy(file.data + sizeof(*head) + types, strings, sizeof(strings));
	*head = (struct btf_header){ .magic = BTF_MAGIC, .version = 1, .hdr_len = sizeof(*head),
				     .type_len = (uint32_t)types, .str_off = (uint32_t)types,
				     .str_len = sizeof(strings) };
	file.size = sizeof(*head) + types + sizeof(strings);
	return 0;
}

static void finds_typedefs(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		file.not_mapped = i;
		assert_int_equal(tl_kernel_typedef("btf_trace_sys_exit"), 14);
		assert_int_equal(tl_kernel_typedef("btf_trace_sys"), 13);
		assert_int_equal(tl_kernel_typedef("last"), 15);
		assert_int_equal(tl_kernel_typedef("int"), -ENOENT);
		assert_int_equal(tl_kernel_typedef("btf_trace_sys_ex"), -ENOENT);
		assert_int_equal(tl_kernel_typedef("btf_trace_sys_exit2"), -ENOENT);
	}
}

static void finds_names(void **state)
{
	struct btf_header *head = (struct btf_header *)(void *)file.data;

	(void)state;
	assert_true(tl_kernel_has_name("int"));
	assert_true(tl_kernel_has_name("last"));		/* the last one */
	assert_true(tl_kernel_has_name("btf_trace_sys"));	/* also the begin of the one before it */
	assert_false(tl_kernel_has_name("btf_trace_sys_ex"));
	assert_false(tl_kernel_has_name("ast"));		/* the end of one */
	head->str_len -= 2;					/* ends within the name */
	assert_false(tl_kernel_has_name("last"));
	head->str_len += 3;					/* beyond the end of the file */
	assert_false(tl_kernel_has_name("int"));
	head->magic++;
	assert_false(tl_kernel_has_name("int"));
	file.size = 5;
	assert_false(tl_kernel_has_name("int"));
	file.missing = true;
	assert_false(tl_kernel_has_name("int"));
}

static void finds_the_names_of_an_enum(void **state)
{
	size_t n;
	struct tl_constant *list = tl_kernel_enum("why", "WHY_", &n);

	(void)state;
	assert_int_equal(n, 2);
	assert_string_equal(list[0].name, "A");
	assert_int_equal(list[0].value, 3);
	assert_string_equal(list[1].name, "B");
	assert_int_equal(list[1].value, UINT32_MAX);
	free(list);
	assert_null(tl_kernel_enum("last", "", &n));		/* a typedef */
	assert_int_equal(n, 0);
	for (size_t cut = 1; cut < 2 * sizeof(struct btf_enum); cut++) {
		((struct btf_header *)(void *)file.data)->type_len = (uint32_t)(enum_ends - cut);
		assert_null(tl_kernel_enum("why", "WHY_", &n));
	}
}

static void names_a_domain_once(void **state)
{
	static const struct tl_domain domain = { "why", false, 0, NULL, 0, "why", "WHY_" };
	static const struct tl_domain other = { "other", false, 0, NULL, 0, NULL, NULL };
	const struct tl_domain *named = tl_domain_named(&domain);

	(void)state;
	assert_int_equal(named->n, 2);
	file.missing = true;
	assert_ptr_equal(tl_domain_named(&domain), named);
	assert_ptr_equal(tl_domain_named(&other), &other);
}

static void takes_no_nonsense(void **state)
{
	struct btf_header whole, *head = (struct btf_header *)(void *)file.data;

	(void)state;
	memcpy(&whole, head, sizeof(whole));
	for (file.size = 1; file.size < sizeof(whole) + types + sizeof(strings); file.size++)
		assert_int_equal(tl_kernel_typedef("last"), -EBADMSG);
	head->magic++;
	assert_int_equal(tl_kernel_typedef("last"), -EBADMSG);
	*head = whole;
	head->str_off = head->type_off = UINT32_MAX;
	assert_int_equal(tl_kernel_typedef("last"), -EBADMSG);
	*head = whole;
	head->type_len -= 5;			/* ends within a type */
	assert_int_equal(tl_kernel_typedef("last"), -ENOENT);
	*head = whole;
	head->str_len -= 3;			/* ends within the name */
	assert_int_equal(tl_kernel_typedef("lasting"), -EBADMSG);
	*head = whole;
	memset(file.data + sizeof(whole), 0xff, types);	/* types that reach far beyond the end */
	assert_int_equal(tl_kernel_typedef("last"), -ENOENT);
}

static void says_when_there_is_none(void **state)
{
	(void)state;
	file.missing = true;
	assert_int_equal(tl_kernel_typedef("last"), -ENOENT);
	file.missing = false;
	file.size = 0;
	assert_int_equal(tl_kernel_typedef("last"), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(finds_typedefs, setup),
		cmocka_unit_test_setup(finds_names, setup),
		cmocka_unit_test_setup(finds_the_names_of_an_enum, setup),
		cmocka_unit_test_setup(names_a_domain_once, setup),
		cmocka_unit_test_setup(takes_no_nonsense, setup),
		cmocka_unit_test_setup(says_when_there_is_none, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
