// SPDX-License-Identifier: MIT
/*
 * Reads battery files through libelf, before libbpf sees them: libbpf would name neither the file
 * nor the remedy, and does not tell which maps a program needs. That is looked up when it is asked for: a session
 * asks for a few of hundreds of programs.
 */
#include "load/image.h"

#include <errno.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "common/error.h"

#define CATALOGUE_SECTION ".traceleft"

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OUR_DATA ELFDATA2LSB
#else
#define OUR_DATA ELFDATA2MSB
#endif

static const char *section_name(const struct tl_image *image, const GElf_Shdr *header)
{
	const char *name = elf_strptr(image->elf, image->names, header->sh_name);

	return name ? name : "";
}

static int check_header(struct tl_image *image, struct tl_error *err)
{
	GElf_Ehdr header;

	if (elf_kind(image->elf) != ELF_K_ELF || !gelf_getehdr(image->elf, &header))
		return tl_fail(err, -EBADMSG, "%s: not a battery file (no ELF object)", image->origin);
	if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_machine != EM_BPF)
		return tl_fail(err, -EBADMSG, "%s: not a battery file (made for another machine than BPF)",
			       image->origin);
	if (header.e_ident[EI_DATA] != OUR_DATA)
		return tl_fail(err, -EBADMSG, "%s: made for the other byte order; rebuild the battery",
			       image->origin);
	if (!header.e_shnum || header.e_shentsize != sizeof(Elf64_Shdr))	/* none, over 65,279, or of another size */
		return tl_fail(err, -EBADMSG, "%s: damaged section table", image->origin);
	if (header.e_shoff > image->size ||
	    (size_t)header.e_shnum * header.e_shentsize > image->size - header.e_shoff)
		return tl_fail(err, -EBADMSG, "%s: the file is cut short; copy or build it again",
			       image->origin);
	return 0;
}

/* ---- what is in it ----------------------------------------------------------------------------- */

static int read_section(struct tl_image *image, size_t index, const GElf_Shdr *header, struct tl_error *err)
{
	const char *name = section_name(image, header);

	if ((header->sh_type != SHT_NOBITS || !strcmp(name, CATALOGUE_SECTION)) &&
	    (header->sh_offset > image->size || header->sh_size > image->size - header->sh_offset))
		return tl_fail(err, -EBADMSG, "%s: the file is cut short in section %s; copy or build it again",
			       image->origin, name);
	if (!strcmp(name, CATALOGUE_SECTION)) {
		image->catalogue = (const char *)image->data + header->sh_offset;
		image->catalogue_size = header->sh_size;
	} else if (!strcmp(name, ".maps")) {
		image->maps = index;
	} else if (!strcmp(name, ".text")) {
		image->text = index;
	} else if (header->sh_type == SHT_SYMTAB && header->sh_entsize) {
		image->symbols = index;
	} else if (header->sh_type == SHT_REL && header->sh_entsize && header->sh_info < image->n_sections) {
		image->relocations[header->sh_info] = index;
	}
	return 0;
}

static int read_sections(struct tl_image *image, struct tl_error *err)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(image->elf, section))) {
		int ret;

		if (!gelf_getshdr(section, &header))
			return tl_fail(err, -EBADMSG, "%s: damaged section table", image->origin);
		ret = read_section(image, elf_ndxscn(section), &header, err);
		if (ret)
			return ret;
	}
	if (!image->catalogue)
		return tl_fail(err, -EBADMSG, "%s: not a battery file (no %s section)", image->origin,
			       CATALOGUE_SECTION);
	return 0;
}

/* The data of a section that holds entries, their number, and what the section refers to. NULL: there is none. */
static Elf_Data *entries_of(const struct tl_image *image, size_t index, size_t *n, size_t *link)
{
	Elf_Scn *section = index ? elf_getscn(image->elf, index) : NULL;
	GElf_Shdr header;

	*n = 0;
	if (!section || !gelf_getshdr(section, &header) || !header.sh_entsize)
		return NULL;
	*n = header.sh_size / header.sh_entsize;
	*link = header.sh_link;
	return elf_getdata(section, NULL);
}

static int by_name(const void *a, const void *b)
{
	const struct tl_function *one = a, *other = b;

	return strcmp(one->name, other->name);
}

/* Functions that programs call lie in .text; which program calls them is not looked into. */
static int read_functions(struct tl_image *image)
{
	size_t n, link;
	Elf_Data *symbols = entries_of(image, image->symbols, &n, &link);
	GElf_Sym symbol;

	image->functions = symbols ? calloc(n + 1, sizeof(*image->functions)) : NULL;
	for (size_t i = 0; image->functions && i < n; i++) {
		const char *name;

		if (!gelf_getsym(symbols, (int)i, &symbol) || GELF_ST_TYPE(symbol.st_info) != STT_FUNC)
			continue;
		name = elf_strptr(image->elf, link, symbol.st_name);
		if (name)
			image->functions[image->n_functions++] = (struct tl_function){
				.name = symbol.st_shndx == image->text ? TL_SHARED_CODE : name,
				.section = symbol.st_shndx, .begin = symbol.st_value, .size = symbol.st_size };
	}
	if (image->n_functions)
		qsort(image->functions, image->n_functions, sizeof(*image->functions), by_name);
	return symbols && !image->functions ? -ENOMEM : 0;
}

static int read_elf(struct tl_image *image, struct tl_error *err)
{
	int ret = check_header(image, err);

	if (ret)
		return ret;
	if (elf_getshdrstrndx(image->elf, &image->names) || elf_getshdrnum(image->elf, &image->n_sections))
		return tl_fail(err, -EBADMSG, "%s: damaged section table", image->origin);
	image->relocations = calloc(image->n_sections + 1, sizeof(*image->relocations));
	if (!image->relocations)
		return tl_fail(err, -ENOMEM, "%s: out of memory", image->origin);
	ret = read_sections(image, err);
	if (!ret && read_functions(image))
		ret = tl_fail(err, -ENOMEM, "%s: out of memory", image->origin);
	return ret;
}

int tl_image_open(struct tl_image *image, const void *data, size_t size, const char *origin,
		  struct tl_error *err)
{
	int ret;

	*image = (struct tl_image){ .data = data, .size = size, .origin = strdup(origin) };
	if (!image->origin)
		return tl_fail(err, -ENOMEM, "%s: out of memory", origin);
	elf_version(EV_CURRENT);
	image->elf = elf_memory((char *)(uintptr_t)data, size);	/* only reads */
	ret = image->elf ? read_elf(image, err)
		  : tl_fail(err, -EBADMSG, "%s: not a battery file (%s)", origin, elf_errmsg(-1));
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
	elf_end(image->elf);
	free(image->relocations);
	free(image->functions);
	free(image->origin);
	free(image->owned);
	*image = (struct tl_image){ 0 };
}

/* ---- asking ------------------------------------------------------------------------------------ */

/* The first function of that name, or NULL. */
static const struct tl_function *find_function(const struct tl_image *image, const char *name)
{
	size_t low = 0, high = image->n_functions;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(image->functions[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < image->n_functions && !strcmp(image->functions[low].name, name) ? &image->functions[low] : NULL;
}

const struct tl_function *tl_image_program(const struct tl_image *image, const char *name)
{
	return *name ? find_function(image, name) : NULL;
}

static Elf_Data *relocations_of(const struct tl_image *image, size_t section, size_t *n)
{
	size_t link;

	*n = 0;
	return section < image->n_sections ? entries_of(image, image->relocations[section], n, &link) : NULL;
}

size_t tl_image_relocation(const struct tl_image *image, size_t section, size_t place)
{
	size_t low = 0, high;
	Elf_Data *data = relocations_of(image, section, &high);
	GElf_Rel rel;

	while (data && low < high) {
		size_t middle = low + (high - low) / 2;

		if (gelf_getrel(data, (int)middle, &rel) && rel.r_offset < place)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* What a relocation refers to, if that is a map; else NULL. */
static const char *map_of(const struct tl_image *image, const GElf_Rel *rel)
{
	size_t n, link;
	Elf_Data *symbols = entries_of(image, image->symbols, &n, &link);
	GElf_Sym symbol;

	if (!symbols || !image->maps || !gelf_getsym(symbols, (int)GELF_R_SYM(rel->r_info), &symbol) ||
	    symbol.st_shndx != image->maps)
		return NULL;
	return elf_strptr(image->elf, link, symbol.st_name);
}

void tl_image_maps(const struct tl_image *image, const char *program, void (*fn)(void *arg, const char *map), void *arg)
{
	const struct tl_function *function = find_function(image, program), *end = image->functions + image->n_functions;

	for (; function && function < end && !strcmp(function->name, program); function++) {
		size_t n, i = tl_image_relocation(image, function->section, function->begin);
		Elf_Data *data = relocations_of(image, function->section, &n);
		GElf_Rel rel;

		for (; data && i < n && gelf_getrel(data, (int)i, &rel); i++) {
			const char *map;

			if (rel.r_offset - function->begin >= function->size)
				break;
			map = map_of(image, &rel);
			if (map)
				fn(arg, map);
		}
	}
}

struct search {
	const char *prefix, *found;
};

static void look_at_map(void *arg, const char *map)
{
	struct search *search = arg;

	if (!strncmp(map, search->prefix, strlen(search->prefix)) && (!search->found || strcmp(map, search->found) < 0))
		search->found = map;
}

const char *tl_image_use(const struct tl_image *image, const char *program, const char *prefix)
{
	struct search search = { .prefix = prefix };

	tl_image_maps(image, program, look_at_map, &search);
	return search.found;
}

const void *tl_image_section(const struct tl_image *image, const char *name, size_t *size)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(image->elf, section))) {
		if (!gelf_getshdr(section, &header) || header.sh_type == SHT_NOBITS ||
		    strcmp(section_name(image, &header), name))
			continue;
		*size = header.sh_size;
		return (const char *)image->data + header.sh_offset;
	}
	return NULL;
}
