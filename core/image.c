// SPDX-License-Identifier: MIT
/*
 * Reads battery files through libelf, before libbpf sees them: libbpf would name neither the file
 * nor the remedy, and does not tell which maps a program needs.
 */
#include "image.h"

#include <errno.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "error.h"

#define CATALOGUE_SECTION ".traceleft"

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OUR_DATA ELFDATA2LSB
#else
#define OUR_DATA ELFDATA2MSB
#endif

struct function {
	size_t section, begin, size;
	const char *name;
};

/* What is known of the ELF file while it is being read. */
struct reader {
	struct tl_image *image;
	Elf *elf;
	size_t names;			/* section with the sections' names */
	Elf_Data *symbols;
	size_t n_symbols;
	size_t symbol_names;
	size_t maps, text;		/* sections .maps and .text */
	struct function *functions;
	size_t n_functions;
	const struct function *last;	/* found last: relocations come in the order of the code */
};

static const char *section_name(struct reader *r, const GElf_Shdr *header)
{
	const char *name = elf_strptr(r->elf, r->names, header->sh_name);

	return name ? name : "";
}

static int check_header(struct tl_image *image, Elf *elf, struct tl_error *err)
{
	GElf_Ehdr header;

	if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header))
		return tl_fail(err, -EBADMSG, "%s: not a battery file (no ELF object)", image->origin);
	if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_machine != EM_BPF)
		return tl_fail(err, -EBADMSG, "%s: not a battery file (made for another machine than BPF)",
			       image->origin);
	if (header.e_ident[EI_DATA] != OUR_DATA)
		return tl_fail(err, -EBADMSG, "%s: made for the other byte order; rebuild the battery",
			       image->origin);
	if (header.e_shoff > image->size ||
	    (size_t)header.e_shnum * header.e_shentsize > image->size - header.e_shoff)
		return tl_fail(err, -EBADMSG, "%s: the file is cut short; copy or build it again",
			       image->origin);
	return 0;
}

static int read_section(struct reader *r, size_t index, Elf_Scn *section, const GElf_Shdr *header,
			struct tl_error *err)
{
	const char *name = section_name(r, header);

	if ((header->sh_type != SHT_NOBITS || !strcmp(name, CATALOGUE_SECTION)) &&
	    (header->sh_offset > r->image->size || header->sh_size > r->image->size - header->sh_offset))
		return tl_fail(err, -EBADMSG, "%s: the file is cut short in section %s; copy or build it again",
			       r->image->origin, name);
	if (!strcmp(name, CATALOGUE_SECTION)) {
		r->image->catalogue = (const char *)r->image->data + header->sh_offset;
		r->image->catalogue_size = header->sh_size;
	} else if (!strcmp(name, ".maps")) {
		r->maps = index;
	} else if (!strcmp(name, ".text")) {
		r->text = index;
	} else if (header->sh_type == SHT_SYMTAB && header->sh_entsize) {
		r->symbols = elf_getdata(section, NULL);
		r->n_symbols = header->sh_size / header->sh_entsize;
		r->symbol_names = header->sh_link;
	}
	return 0;
}

static int read_sections(struct reader *r, struct tl_error *err)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(r->elf, section))) {
		int ret;

		if (!gelf_getshdr(section, &header))
			return tl_fail(err, -EBADMSG, "%s: damaged section table", r->image->origin);
		ret = read_section(r, elf_ndxscn(section), section, &header, err);
		if (ret)
			return ret;
	}
	if (!r->image->catalogue)
		return tl_fail(err, -EBADMSG, "%s: not a battery file (no %s section)", r->image->origin,
			       CATALOGUE_SECTION);
	return 0;
}

/* Functions that programs call lie in .text; which program calls them is not looked into. */
static const char *user_name(struct reader *r, const GElf_Sym *symbol)
{
	return symbol->st_shndx == r->text ? TL_SHARED_CODE : elf_strptr(r->elf, r->symbol_names, symbol->st_name);
}

static int read_functions(struct reader *r)
{
	GElf_Sym symbol;

	r->functions = calloc(r->n_symbols + 1, sizeof(*r->functions));
	if (!r->functions)
		return -ENOMEM;
	for (size_t i = 0; i < r->n_symbols; i++) {
		if (!gelf_getsym(r->symbols, (int)i, &symbol) || GELF_ST_TYPE(symbol.st_info) != STT_FUNC)
			continue;
		r->functions[r->n_functions++] = (struct function){
			.section = symbol.st_shndx, .begin = symbol.st_value, .size = symbol.st_size,
			.name = user_name(r, &symbol) };
	}
	return 0;
}

static bool covers(const struct function *function, size_t section, size_t offset)
{
	return function->section == section && offset >= function->begin &&
	       offset - function->begin < function->size;
}

/* The function of a code section that covers an offset, or NULL. */
static const char *function_at(struct reader *r, size_t section, size_t offset)
{
	if (r->last && covers(r->last, section, offset))
		return r->last->name;
	for (size_t i = 0; i < r->n_functions; i++) {
		if (covers(&r->functions[i], section, offset)) {
			r->last = &r->functions[i];
			return r->last->name;
		}
	}
	return NULL;
}

/* The uses of one program lie together, so a look back to its first one is enough. */
static bool is_known(const struct tl_image *image, const char *program, const char *map)
{
	for (size_t i = image->n_uses; i-- > 0 && !strcmp(image->uses[i].program, program);)
		if (!strcmp(image->uses[i].map, map))
			return true;
	return false;
}

static int add_use(struct tl_image *image, const char *program, const char *map)
{
	struct tl_map_use *uses;

	if (is_known(image, program, map))
		return 0;
	uses = realloc(image->uses, (image->n_uses + 1) * sizeof(*uses));
	if (!uses)
		return -ENOMEM;
	image->uses = uses;
	uses[image->n_uses].program = strdup(program);
	uses[image->n_uses].map = strdup(map);
	image->n_uses++;
	return uses[image->n_uses - 1].program && uses[image->n_uses - 1].map ? 0 : -ENOMEM;
}

static int by_program(const void *a, const void *b)
{
	const struct tl_map_use *one = a, *other = b;
	int order = strcmp(one->program, other->program);

	return order ? order : strcmp(one->map, other->map);
}

/* The relocations of one code section: which functions name which maps. */
static int read_relocations(struct reader *r, Elf_Scn *section, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t n = data && header->sh_entsize ? header->sh_size / header->sh_entsize : 0;
	GElf_Sym symbol;
	GElf_Rel rel;

	for (size_t i = 0; i < n; i++) {
		const char *map, *program;

		if (!gelf_getrel(data, (int)i, &rel) ||
		    !gelf_getsym(r->symbols, (int)GELF_R_SYM(rel.r_info), &symbol) ||
		    symbol.st_shndx != r->maps)
			continue;
		map = elf_strptr(r->elf, r->symbol_names, symbol.st_name);
		program = function_at(r, header->sh_info, rel.r_offset);
		if (map && program && add_use(r->image, program, map))
			return -ENOMEM;
	}
	return 0;
}

static int read_uses(struct reader *r, struct tl_error *err)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	if (!r->symbols || !r->maps)
		return 0;
	if (read_functions(r))
		return tl_fail(err, -ENOMEM, "%s: out of memory", r->image->origin);
	while ((section = elf_nextscn(r->elf, section)))
		if (gelf_getshdr(section, &header) && header.sh_type == SHT_REL &&
		    read_relocations(r, section, &header))
			return tl_fail(err, -ENOMEM, "%s: out of memory", r->image->origin);
	if (r->image->n_uses)
		qsort(r->image->uses, r->image->n_uses, sizeof(*r->image->uses), by_program);
	return 0;
}

static int read_elf(struct tl_image *image, Elf *elf, struct tl_error *err)
{
	struct reader r = { .image = image, .elf = elf };
	int ret = check_header(image, elf, err);

	if (ret)
		return ret;
	if (elf_getshdrstrndx(elf, &r.names))
		return tl_fail(err, -EBADMSG, "%s: damaged section table", image->origin);
	ret = read_sections(&r, err);
	if (!ret)
		ret = read_uses(&r, err);
	free(r.functions);
	return ret;
}

int tl_image_open(struct tl_image *image, const void *data, size_t size, const char *origin,
		  struct tl_error *err)
{
	Elf *elf;
	int ret;

	*image = (struct tl_image){ .data = data, .size = size, .origin = strdup(origin) };
	if (!image->origin)
		return tl_fail(err, -ENOMEM, "%s: out of memory", origin);
	elf_version(EV_CURRENT);
	elf = elf_memory((char *)(uintptr_t)data, size);	/* only reads */
	ret = elf ? read_elf(image, elf, err)
		  : tl_fail(err, -EBADMSG, "%s: not a battery file (%s)", origin, elf_errmsg(-1));
	elf_end(elf);
	if (ret)
		tl_image_close(image);
	return ret;
}

static int read_file(const char *path, void **data, size_t *size, struct tl_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), saved;
	struct stat st;
	ssize_t n = -1;

	*data = NULL;
	if (fd < 0)
		return tl_fail(err, -errno, "%s: %s", path, strerror(errno));
	if (!fstat(fd, &st) && (*data = malloc((size_t)st.st_size + 1)))
		n = read(fd, *data, (size_t)st.st_size);
	saved = errno;
	close(fd);
	if (n < 0) {
		free(*data);
		return tl_fail(err, -saved, "%s: %s", path, strerror(saved));
	}
	*size = (size_t)n;
	return 0;
}

int tl_image_read(struct tl_image *image, const char *path, struct tl_error *err)
{
	size_t size = 0;
	void *data;
	int ret = read_file(path, &data, &size, err);

	if (ret)
		return ret;
	ret = tl_image_open(image, data, size, path, err);
	if (ret)
		free(data);
	else
		image->owned = data;
	return ret;
}

void tl_image_close(struct tl_image *image)
{
	for (size_t i = 0; i < image->n_uses; i++) {
		free(image->uses[i].program);
		free(image->uses[i].map);
	}
	free(image->uses);
	free(image->origin);
	free(image->owned);
	*image = (struct tl_image){ 0 };
}

/* The first use at or after that one in the order of programs and maps. */
static const struct tl_map_use *first_use(const struct tl_image *image, const char *program, const char *map)
{
	struct tl_map_use wanted = { .program = (char *)(uintptr_t)program, .map = (char *)(uintptr_t)map };
	size_t low = 0, high = image->n_uses;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_program(&image->uses[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < image->n_uses && !strcmp(image->uses[low].program, program) ? &image->uses[low] : NULL;
}

bool tl_image_uses(const struct tl_image *image, const char *program, const char *map)
{
	const struct tl_map_use *use = first_use(image, program, map);

	return use && !strcmp(use->map, map);
}

const char *tl_image_use(const struct tl_image *image, const char *program, const char *prefix, size_t i)
{
	const struct tl_map_use *use = first_use(image, program, prefix), *end = image->uses + image->n_uses;

	for (; use && use < end && !strcmp(use->program, program) && !strncmp(use->map, prefix, strlen(prefix)); use++)
		if (!i--)
			return use->map;
	return NULL;
}

/* Every program looks something up in a map. */
bool tl_image_has(const struct tl_image *image, const char *program)
{
	return first_use(image, program, "");
}
