/* SPDX-License-Identifier: MIT */
/* test_image.c: tests core/load/image.c on files made by hand, and on the real battery cut short everywhere. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "battery_file.h"
#include "catalogue/catalogue.h"
#include "load/image.h"

extern const unsigned char tl_builtin_battery[] __attribute__((weak));
extern const size_t tl_builtin_battery_size __attribute__((weak));

static const struct battery_file plain = {
	.catalogue = CATALOGUE_HEAD "end\t0\n",
	.programs = { "one", "two", "three" },
	.maps = { "shared", "extra" },
	.special = { NULL, "two" },
};

static void append(void *arg, const char *map)
{
	strcat(strcat(arg, map), " ");
}

/* What a program refers to, in the order of its code. */
static const char *maps_of(const struct tl_image *image, const char *program)
{
	static char maps[1024];

	maps[0] = '\0';
	tl_image_maps(image, program, append, maps);
	return maps;
}

static void reads_what_is_in_it(void **state)
{
	struct battery_image file = make_image(&plain);
	struct tl_image image;

	(void)state;
	assert_int_equal(tl_image_open(&image, file.data, file.size, "x.bpf.o", NULL), 0);
	assert_string_equal(image.origin, "x.bpf.o");
	assert_int_equal(image.catalogue_size, strlen(plain.catalogue));
	assert_memory_equal(image.catalogue, plain.catalogue, image.catalogue_size);
	assert_string_equal(tl_image_program(&image, "one")->name, "one");
	assert_int_equal(tl_image_program(&image, "three")->begin, 2 * CODE_SIZE);
	assert_null(tl_image_program(&image, "shared"));
	assert_null(tl_image_program(&image, "four"));
	assert_null(tl_image_program(&image, ""));
	assert_string_equal(maps_of(&image, "one"), "shared ");
	assert_string_equal(maps_of(&image, "two"), "shared extra ");
	assert_string_equal(maps_of(&image, "three"), "shared ");
	assert_string_equal(maps_of(&image, "extra"), "");
	tl_image_close(&image);
	assert_null(image.origin);
	tl_image_close(&image);		/* twice is harmless */
	free(file.data);
}

static void finds_maps_by_how_they_begin(void **state)
{
	struct battery_image file = make_image(&plain);
	struct tl_image image;

	(void)state;
	assert_int_equal(tl_image_open(&image, file.data, file.size, "x", NULL), 0);
	assert_string_equal(tl_image_use(&image, "two", "ext"), "extra");
	assert_string_equal(tl_image_use(&image, "two", "extra"), "extra");
	assert_null(tl_image_use(&image, "two", "extras"));
	assert_string_equal(tl_image_use(&image, "two", ""), "extra");
	assert_null(tl_image_use(&image, "one", "ext"));
	assert_null(tl_image_use(&image, "four", ""));
	tl_image_close(&image);
	free(file.data);
}

/* Whose programs call a function of .text is not known: its maps are nobody's, and the function is no program. */
static void tells_shared_code_apart(void **state)
{
	struct battery_file with = plain;
	struct battery_image file;
	struct tl_image image;

	(void)state;
	with.shared[1] = true;
	file = make_image(&with);
	assert_int_equal(tl_image_open(&image, file.data, file.size, "x", NULL), 0);
	assert_string_equal(maps_of(&image, TL_SHARED_CODE), "extra ");
	assert_null(tl_image_program(&image, "helper"));
	tl_image_close(&image);
	free(file.data);
}

static void finds_relocations_by_place(void **state)
{
	struct battery_image file = make_image(&plain);
	struct tl_image image;

	(void)state;
	assert_int_equal(tl_image_open(&image, file.data, file.size, "x", NULL), 0);
	assert_int_equal(tl_image_relocation(&image, SEC_CODE, 0), 0);
	assert_int_equal(tl_image_relocation(&image, SEC_CODE, 1), 1);
	assert_int_equal(tl_image_relocation(&image, SEC_CODE, CODE_SIZE), 1);
	assert_int_equal(tl_image_relocation(&image, SEC_CODE, CODE_SIZE + 1), 2);
	assert_int_equal(tl_image_relocation(&image, SEC_CODE, 3 * CODE_SIZE), 4);
	assert_int_equal(tl_image_relocation(&image, SEC_MAPS, 0), 0);
	assert_int_equal(tl_image_relocation(&image, 999, 0), 0);
	tl_image_close(&image);
	free(file.data);
}


/* ---- what is refused ------------------------------------------------------------------------- */

static void other_machine(struct battery_image *file)
{
	((Elf64_Ehdr *)(void *)file->data)->e_machine = EM_X86_64;
}

static void other_class(struct battery_image *file)
{
	file->data[EI_CLASS] = ELFCLASS32;
}

static void other_order(struct battery_image *file)
{
	Elf64_Ehdr *head = (void *)file->data;

	head->e_ident[EI_DATA] = ELFDATA2MSB;
	head->e_machine = __builtin_bswap16(EM_BPF);
	head->e_shoff = head->e_shnum = head->e_shstrndx = 0;
	head->e_version = __builtin_bswap32(EV_CURRENT);
}

static void no_elf(struct battery_image *file)
{
	memcpy(file->data, "traceleft", 9);
}

static void archive(struct battery_image *file)
{
	memcpy(file->data, "!<arch>\n", 8);
}

static void no_catalogue(struct battery_image *file)
{
	image_section(file, SEC_CATALOGUE)->sh_name = image_section(file, SEC_MAPS)->sh_name;
}

static void section_outside(struct battery_image *file)
{
	image_section(file, SEC_CATALOGUE)->sh_offset = file->size - 3;
}

static void section_too_long(struct battery_image *file)
{
	image_section(file, SEC_CATALOGUE)->sh_size = UINT64_MAX;
}

static void catalogue_without_bytes(struct battery_image *file)
{
	image_section(file, SEC_CATALOGUE)->sh_type = SHT_NOBITS;
	image_section(file, SEC_CATALOGUE)->sh_offset = 1 << 30;
}

static void names_outside(struct battery_image *file)
{
	image_section(file, SEC_NAMES)->sh_offset = UINT64_MAX - 1;
}

static void headers_outside(struct battery_image *file)
{
	((Elf64_Ehdr *)(void *)file->data)->e_shoff = file->size - sizeof(Elf64_Shdr);
}

static void headers_around_the_end(struct battery_image *file)
{
	((Elf64_Ehdr *)(void *)file->data)->e_shoff = UINT64_MAX - sizeof(Elf64_Shdr) * SECTIONS + 9;
}

static void headers_of_other_size(struct battery_image *file)
{
	((Elf64_Ehdr *)(void *)file->data)->e_shentsize = 0x22;
}

static void headers_not_counted(struct battery_image *file)
{
	((Elf64_Ehdr *)(void *)file->data)->e_shnum = 0;
}

static const struct {
	void (*spoil)(struct battery_image *file);
	const char *message;	/* what it says, or NULL: libelf has a word in it */
} refused[] = {
	{ other_machine, "x.bpf.o: not a battery file (made for another machine than BPF)" },
	{ other_class, NULL },
	{ other_order, "x.bpf.o: made for the other byte order; rebuild the battery" },
	{ no_elf, "x.bpf.o: not a battery file (no ELF object)" },
	{ archive, "x.bpf.o: not a battery file (no ELF object)" },
	{ no_catalogue, "x.bpf.o: not a battery file (no .traceleft section)" },
	{ section_outside, "x.bpf.o: the file is cut short in section .traceleft; copy or build it again" },
	{ section_too_long, "x.bpf.o: the file is cut short in section .traceleft; copy or build it again" },
	{ headers_of_other_size, "x.bpf.o: damaged section table" },
	{ headers_not_counted, "x.bpf.o: damaged section table" },
	{ catalogue_without_bytes, NULL },
	{ names_outside, NULL },
	{ headers_outside, NULL },
	{ headers_around_the_end, NULL },
};

static void refuses_what_is_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		struct battery_image file = make_image(&plain);
		struct tl_error err = { 0 };
		struct tl_image image;

		refused[i].spoil(&file);
		assert_int_equal(tl_image_open(&image, file.data, file.size, "x.bpf.o", &err), -EBADMSG);
		assert_int_equal(err.code, -EBADMSG);
		if (refused[i].message)
			assert_string_equal(err.message, refused[i].message);
		assert_memory_equal(err.message, "x.bpf.o: ", 9);
		assert_null(image.origin);
		assert_null(image.functions);
		assert_int_equal(tl_image_open(&image, file.data, file.size, "x.bpf.o", NULL), -EBADMSG);
		free(file.data);
	}
}

/* Without symbols no use is known, and relocations that point nowhere are passed over. */
static void lives_without_uses(void **state)
{
	struct battery_image file = make_image(&plain);
	Elf64_Rel *rels = (void *)(file.data + image_section(&file, SEC_REL)->sh_offset);
	struct tl_image image;

	(void)state;
	rels[1].r_info = ELF64_R_INFO(UINT32_MAX, 1);
	rels[2].r_info = ELF64_R_INFO(999, 1);
	rels[3].r_offset = UINT64_MAX;
	assert_int_equal(tl_image_open(&image, file.data, file.size, "x", NULL), 0);
	assert_string_equal(maps_of(&image, "one"), "shared ");
	assert_string_equal(maps_of(&image, "two"), "");
	assert_string_equal(maps_of(&image, "three"), "");
	assert_non_null(tl_image_program(&image, "three"));
	tl_image_close(&image);
	image_section(&file, SEC_SYMTAB)->sh_type = SHT_PROGBITS;
	assert_int_equal(tl_image_open(&image, file.data, file.size, "x", NULL), 0);
	assert_null(tl_image_program(&image, "one"));
	assert_string_equal(maps_of(&image, "one"), "");
	tl_image_close(&image);
	free(file.data);
}

/* ---- cut short ---------------------------------------------------------------------------- */

static char *guarded(size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), room = (size + page - 1) / page * page;
	char *memory = mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(memory, MAP_FAILED);
	assert_int_equal(mprotect(memory + room, page, PROT_NONE), 0);
	return memory + room;
}

static void opens_the_real_one(void **state)
{
	struct tl_image image;

	(void)state;
	if (!&tl_builtin_battery_size)
		skip();
	assert_int_equal(tl_image_open(&image, tl_builtin_battery, tl_builtin_battery_size, "real", NULL), 0);
	assert_non_null(tl_image_program(&image, "tl_sys_exit"));
	assert_string_equal(tl_image_use(&image, "tl_sys_exit", "tl_shar"), "tl_shared");
	tl_image_close(&image);
}

/* Bytes at the end of the room, with nothing behind them. */
static void refuse(char *end, const void *data, size_t len)
{
	struct tl_error err = { 0 };
	struct tl_image image;
	int ret;

	memcpy(end - len, data, len);
	ret = tl_image_open(&image, end - len, len, "cut", &err);
	if (ret != -EBADMSG)
		fail_msg("%zu bytes: %d", len, ret);
	if (strncmp(err.message, "cut: ", 5))
		fail_msg("%zu bytes: %s", len, err.message);
}

static void refuses_every_beginning(void **state)
{
	struct battery_image file = make_image(&plain);
	char *end = guarded(file.size);

	(void)state;
	for (size_t len = 0; len < file.size; len++)
		refuse(end, file.data, len);
	free(file.data);
}

/* The real one is too large to be cut everywhere: it is cut where sections begin and end. */
static void refuses_beginnings_of_the_real_one(void **state)
{
	const Elf64_Ehdr *head = (const void *)tl_builtin_battery;
	const Elf64_Shdr *sections;
	char *end;

	(void)state;
	if (!&tl_builtin_battery_size)
		skip();
	sections = (const void *)(tl_builtin_battery + head->e_shoff);
	end = guarded(tl_builtin_battery_size);
	assert_true(head->e_shnum > 8);
	for (size_t i = 0; i < head->e_shnum; i++) {
		refuse(end, tl_builtin_battery, sections[i].sh_offset);
		if (sections[i].sh_type != SHT_NOBITS)
			refuse(end, tl_builtin_battery, sections[i].sh_offset + sections[i].sh_size);
		refuse(end, tl_builtin_battery, head->e_shoff + i * sizeof(*sections));
	}
	for (size_t back = 1; back < 100; back++)
		refuse(end, tl_builtin_battery, tl_builtin_battery_size - back);
}

/* ---- files ----------------------------------------------------------------------------------- */

static void reads_a_file(void **state)
{
	char path[] = "/tmp/tl-image-XXXXXX";
	struct tl_image image;

	(void)state;
	close(mkstemp(path));
	write_battery(&plain, path);
	assert_int_equal(tl_image_read(&image, path, NULL), 0);
	unlink(path);
	assert_string_equal(image.origin, path);
	assert_ptr_equal(image.owned, image.data);
	assert_non_null(tl_image_program(&image, "one"));
	tl_image_close(&image);
}

static void refuses_files(void **state)
{
	char path[] = "/tmp/tl-image-XXXXXX", expected[128];
	struct tl_error err;
	struct tl_image image;

	(void)state;
	close(mkstemp(path));
	assert_int_equal(tl_image_read(&image, path, &err), -EBADMSG);	/* empty */
	snprintf(expected, sizeof(expected), "%s: not a battery file", path);
	assert_memory_equal(err.message, expected, strlen(expected));
	unlink(path);
	assert_int_equal(tl_image_read(&image, path, &err), -ENOENT);
	snprintf(expected, sizeof(expected), "%s: No such file or directory", path);
	assert_string_equal(err.message, expected);
	assert_int_equal(tl_image_read(&image, "/tmp", &err), -EISDIR);
	assert_string_equal(err.message, "/tmp: Is a directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_is_in_it),
		cmocka_unit_test(finds_maps_by_how_they_begin),
		cmocka_unit_test(tells_shared_code_apart),
		cmocka_unit_test(finds_relocations_by_place),
		cmocka_unit_test(refuses_what_is_wrong),
		cmocka_unit_test(lives_without_uses),
		cmocka_unit_test(opens_the_real_one),
		cmocka_unit_test(refuses_every_beginning),
		cmocka_unit_test(refuses_beginnings_of_the_real_one),
		cmocka_unit_test(reads_a_file),
		cmocka_unit_test(refuses_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
