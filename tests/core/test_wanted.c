/* SPDX-License-Identifier: MIT */
/* test_wanted.c: tests core/load/wanted.c: what the real battery asks of the kernel's types, and what is damaged in copies. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <linux/btf.h>
#include <stdlib.h>
#include <string.h>

#include "battery_file.h"
#include "load/wanted.h"

extern const unsigned char tl_builtin_battery[] __attribute__((weak));
extern const size_t tl_builtin_battery_size __attribute__((weak));

static unsigned char *copy;
static struct tl_image image;

static int open_copy(void **state)
{
	(void)state;
	if (!&tl_builtin_battery_size)
		return 0;
	copy = malloc(tl_builtin_battery_size);
	memcpy(copy, tl_builtin_battery, tl_builtin_battery_size);
	return tl_image_open(&image, copy, tl_builtin_battery_size, "copy", NULL);
}

static int close_copy(void **state)
{
	(void)state;
	tl_image_close(&image);
	free(copy);
	memset(&image, 0, sizeof(image));
	copy = NULL;
	return 0;
}

static bool wants(const struct tl_wanted *wanted, const char *name, bool needed)
{
	for (size_t i = 0; i < wanted->n; i++)
		if (!strcmp(wanted->names[i].text, name))
			return wanted->names[i].needed == needed;
	return false;
}

static void says_what_is_wanted(void **state)
{
	struct tl_wanted wanted;

	(void)state;
	if (!image.data)
		skip();
	assert_int_equal(tl_wanted_read(&wanted, &image), 0);
	assert_false(wanted.all);
	assert_true(wants(&wanted, "task_struct", true));
	assert_true(wants(&wanted, "mm_rss_stat", false));	/* only asked whether it is there */
	assert_true(wants(&wanted, "btf_trace_sys_exit", false));
	assert_true(wants(&wanted, "bpf_iter_task", false));
	for (size_t i = 1; i < wanted.n; i++)
		assert_true(strcmp(wanted.names[i - 1].text, wanted.names[i].text) < 0);
	tl_wanted_close(&wanted);
	tl_wanted_close(&wanted);
}

/* Then all types of the kernel are needed: what the section is for, or names of the kernel, are not known here. */
static void says_when_it_cannot_tell(void **state)
{
	static const struct battery_file plain = { .catalogue = CATALOGUE_HEAD "end\t0\n", .programs = { "one" },
						   .maps = { "shared" } };
	struct battery_image file = make_image(&plain);
	struct tl_wanted wanted;
	struct tl_image small;
	Elf64_Sym *symbols = (void *)(file.data + image_section(&file, SEC_SYMTAB)->sh_offset);

	(void)state;
	for (int i = 0; i < 3; i++) {
		image_section(&file, SEC_CODE)->sh_flags = i == 1 ? SHF_EXECINSTR : 0;
		symbols[2].st_shndx = i == 2 ? SHN_UNDEF : SEC_MAPS;
		assert_int_equal(tl_image_open(&small, file.data, file.size, "x", NULL), 0);
		assert_int_equal(tl_wanted_read(&wanted, &small), 0);
		assert_int_equal(wanted.n, i == 1);
		assert_int_equal(wanted.all, i == 2);
		tl_wanted_close(&wanted);
		tl_image_close(&small);
	}
	free(file.data);
}

/* ---- damaged ----------------------------------------------------------------------------------- */

/* The head of .BTF.ext in words: magic, version and flags; its size; functions, lines; relocations: where, how much. */
enum { SIZE = 1, CORE_AT = 6, CORE_SIZE = 7 };

static uint32_t *ext(void)
{
	size_t size;

	return (uint32_t *)(uintptr_t)tl_image_section(&image, ".BTF.ext", &size);
}

/* The size of an entry; the section's name, its number of entries; instruction, type, access and kind of the first. */
static uint32_t *relocations(void)
{
	return ext() + (ext()[SIZE] + ext()[CORE_AT]) / sizeof(uint32_t);
}

static int read_copy(bool *all)
{
	struct tl_wanted wanted;
	int ret = tl_wanted_read(&wanted, &image);

	*all = wanted.all;
	tl_wanted_close(&wanted);
	return ret;
}

static void refuses_relocations_that_are_damaged(void **state)
{
	const uint32_t wrong[] = { 0, 4, 0x7fffffff, sizeof(uint32_t), 0x10000000 };
	bool all;

	(void)state;
	if (!copy)
		skip();
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		uint32_t *const words[] = { ext(), ext() + SIZE, ext() + CORE_SIZE, relocations(), relocations() + 2 };
		uint32_t right = *words[i];

		*words[i] = wrong[i];
		assert_int_equal(read_copy(&all), -EBADMSG);
		*words[i] = right;
	}
	assert_int_equal(read_copy(&all), 0);
	assert_false(all);
}

/* What a later compiler may ask, and of what has no name. */
static void needs_all_for_what_it_does_not_know(void **state)
{
	bool all;

	(void)state;
	if (!copy)
		skip();
	for (int i = 0; i < 3; i++) {
		uint32_t *entry = relocations() + 3, *word = &entry[i == 2 ? 1 : 3], right = *word;

		*word = (const uint32_t[]){ 12, 7, 0x7fffffff }[i];	/* no kind; the number of a type there; no type */
		assert_int_equal(read_copy(&all), 0);
		assert_true(all);
		*word = right;
	}
}

static void wants_nothing_without_relocations(void **state)
{
	struct tl_wanted wanted;

	(void)state;
	if (!copy)
		skip();
	ext()[CORE_SIZE] = 0;
	assert_int_equal(tl_wanted_read(&wanted, &image), 0);
	assert_true(wants(&wanted, "btf_trace_sys_exit", false));	/* but what it is attached to */
	assert_false(wants(&wanted, "task_struct", true));
	tl_wanted_close(&wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(says_what_is_wanted, open_copy, close_copy),
		cmocka_unit_test_setup_teardown(says_when_it_cannot_tell, open_copy, close_copy),
		cmocka_unit_test_setup_teardown(refuses_relocations_that_are_damaged, open_copy, close_copy),
		cmocka_unit_test_setup_teardown(needs_all_for_what_it_does_not_know, open_copy, close_copy),
		cmocka_unit_test_setup_teardown(wants_nothing_without_relocations, open_copy, close_copy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
