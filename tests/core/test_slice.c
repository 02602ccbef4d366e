/* SPDX-License-Identifier: MIT */
/* test_slice.c: tests core/load/slice.c and core/load/wanted.c: libbpf opens what is left of the real battery. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <bpf/libbpf.h>
#include <string.h>

#include "battery_file.h"
#include "load/slice.h"
#include "load/wanted.h"

extern const unsigned char tl_builtin_battery[] __attribute__((weak));
extern const size_t tl_builtin_battery_size __attribute__((weak));

static struct tl_image image;

static int open_real(void **state)
{
	(void)state;
	return &tl_builtin_battery_size ? tl_image_open(&image, tl_builtin_battery, tl_builtin_battery_size, "real", NULL) : 0;
}

static int close_real(void **state)
{
	(void)state;
	tl_image_close(&image);
	return 0;
}

static const struct bpf_program *find(const struct bpf_object *object, const char *name)
{
	return bpf_object__find_program_by_name(object, name);
}

/* Its programs are what they are in the whole file, instruction by instruction. */
static void leaves_the_others_out(void **state)
{
	static const char *const names[] = { "tl_sys_exit", "nothing", "tl_syscall_close" };
	struct tl_slice slice;
	struct bpf_object *object, *whole;
	size_t n = 0;

	(void)state;
	if (!image.data)
		skip();
	assert_int_equal(tl_slice_open(&slice, &image, names, 3), 0);
	object = bpf_object__open_mem(slice.data, slice.size, NULL);
	tl_slice_close(&slice);
	tl_slice_close(&slice);		/* twice is harmless */
	whole = bpf_object__open_mem(image.data, image.size, NULL);
	assert_non_null(object);
	assert_non_null(whole);
	for (struct bpf_program *p = NULL; (p = bpf_object__next_program(object, p)); n++) {
		const struct bpf_program *same = find(whole, bpf_program__name(p));

		assert_int_equal(bpf_program__insn_cnt(p), bpf_program__insn_cnt(same));
		assert_memory_equal(bpf_program__insns(p), bpf_program__insns(same), 8 * bpf_program__insn_cnt(p));
		assert_string_equal(bpf_program__section_name(p), bpf_program__section_name(same));
	}
	assert_int_equal(n, 2);
	assert_non_null(find(object, "tl_sys_exit"));
	assert_non_null(find(object, "tl_syscall_close"));
	bpf_object__close(object);
	bpf_object__close(whole);
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

static void slices_small_files(void **state)
{
	static const struct battery_file plain = { .catalogue = CATALOGUE_HEAD "end\t0\n", .programs = { "one", "two" },
						   .maps = { "shared", "extra" }, .special = { NULL, "two" } };
	static const char *const names[] = { "two" };
	struct battery_image file = make_image(&plain);
	struct tl_image small, again;
	struct tl_slice slice;

	(void)state;
	image_section(&file, SEC_CODE)->sh_flags = SHF_EXECINSTR;
	assert_int_equal(tl_image_open(&small, file.data, file.size, "x", NULL), 0);
	assert_int_equal(tl_slice_open(&slice, &small, names, 1), 0);
	assert_null(memmem(slice.data, slice.size, plain.catalogue, strlen(plain.catalogue)));
	((Elf64_Shdr *)(void *)((char *)slice.data + ((Elf64_Ehdr *)slice.data)->e_shoff))[SEC_CATALOGUE].sh_size = 0;
	assert_int_equal(tl_image_open(&again, slice.data, slice.size, "x", NULL), 0);
	assert_null(tl_image_program(&again, "one"));
	assert_string_equal(tl_image_use(&again, "two", "ext"), "extra");
	assert_int_equal(tl_image_relocation(&again, SEC_CODE, 2 * CODE_SIZE), 2);	/* those of the other are gone */
	tl_image_close(&again);
	tl_slice_close(&slice);
	tl_image_close(&small);
	free(file.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_the_others_out),
		cmocka_unit_test(says_what_is_wanted),
		cmocka_unit_test(says_when_it_cannot_tell),
		cmocka_unit_test(slices_small_files),
	};

	return cmocka_run_group_tests(tests, open_real, close_real);
}
