// SPDX-License-Identifier: MIT
/*
 * Everything stays at its place in the file: what is left out are pages that nobody touches. Left-out programs lose
 * their type as functions, and libbpf passes over them and their relocations.
 */
#include "load/slice.h"

#include <elf.h>
#include <errno.h>
#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct slicing {
	const struct tl_image *image;
	char *data;
	const struct tl_function **kept;
	size_t n_kept;
	Elf64_Ehdr head;
};

/* Offsets were checked when the image was opened; a hostile file may have others in what is not looked at there. */
static void copy(struct slicing *s, size_t at, size_t size)
{
	if (at <= s->image->size && size <= s->image->size - at)
		memcpy(s->data + at, (const char *)s->image->data + at, size);
}

static void read_header(const struct slicing *s, size_t section, Elf64_Shdr *header)
{
	memcpy(header, (const char *)s->image->data + s->head.e_shoff + section * s->head.e_shentsize, sizeof(*header));
}

static void write_header(struct slicing *s, size_t section, const Elf64_Shdr *header)
{
	memcpy(s->data + s->head.e_shoff + section * s->head.e_shentsize, header, sizeof(*header));
}

static bool has_kept(const struct slicing *s, size_t section)
{
	for (size_t i = 0; i < s->n_kept; i++)
		if (s->kept[i]->section == section)
			return true;
	return false;
}

static void copy_code(struct slicing *s, size_t section, Elf64_Shdr *header)
{
	for (size_t i = 0; i < s->n_kept; i++) {
		const struct tl_function *function = s->kept[i];

		if (function->section == section && function->begin <= header->sh_size &&
		    function->size <= header->sh_size - function->begin)
			copy(s, header->sh_offset + function->begin, function->size);
	}
	if (!has_kept(s, section))
		header->sh_size = 0;
}

/* Of relocations those from the first to the last that is needed. */
static void copy_relocations(struct slicing *s, Elf64_Shdr *header)
{
	size_t begin = SIZE_MAX, end = 0, first, last;

	for (size_t i = 0; i < s->n_kept; i++) {
		const struct tl_function *function = s->kept[i];

		if (function->section != header->sh_info)
			continue;
		begin = function->begin < begin ? function->begin : begin;
		end = function->begin + function->size > end ? function->begin + function->size : end;
	}
	first = end ? tl_image_relocation(s->image, header->sh_info, begin) : 0;
	last = end ? tl_image_relocation(s->image, header->sh_info, end) : 0;
	header->sh_offset += first * sizeof(Elf64_Rel);
	header->sh_size = last > first ? (last - first) * sizeof(Elf64_Rel) : 0;
	copy(s, header->sh_offset, header->sh_size);
}

static bool is_kept(const struct slicing *s, const Elf64_Sym *symbol)
{
	for (size_t i = 0; i < s->n_kept; i++)
		if (s->kept[i]->section == symbol->st_shndx && s->kept[i]->begin == symbol->st_value)
			return true;
	return false;
}

static void copy_symbols(struct slicing *s, const Elf64_Shdr *header)
{
	copy(s, header->sh_offset, header->sh_size);
	for (size_t i = 0; i < header->sh_size / sizeof(Elf64_Sym); i++) {
		char *at = s->data + header->sh_offset + i * sizeof(Elf64_Sym);
		Elf64_Sym symbol;

		memcpy(&symbol, at, sizeof(symbol));
		if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_shndx == s->image->text || is_kept(s, &symbol))
			continue;
		symbol.st_info = ELF64_ST_INFO(ELF64_ST_BIND(symbol.st_info), STT_NOTYPE);
		memcpy(at, &symbol, sizeof(symbol));
	}
}

static void copy_section(struct slicing *s, size_t section)
{
	Elf64_Shdr header, target = { 0 };

	read_header(s, section, &header);
	if (header.sh_type == SHT_REL && header.sh_info < s->image->n_sections)
		read_header(s, header.sh_info, &target);
	if (header.sh_type == SHT_NOBITS)
		return;
	if (section == s->image->symbols)
		copy_symbols(s, &header);
	else if (header.sh_flags & SHF_EXECINSTR && section != s->image->text)
		copy_code(s, section, &header);
	else if (target.sh_flags & SHF_EXECINSTR && header.sh_info != s->image->text)
		copy_relocations(s, &header);
	else if ((const char *)s->image->data + header.sh_offset != s->image->catalogue)
		copy(s, header.sh_offset, header.sh_size);
	write_header(s, section, &header);
}

static int fill(struct slicing *s, const char *const *names, size_t n)
{
	const struct tl_image *image = s->image;

	memcpy(&s->head, image->data, sizeof(s->head));
	s->kept = calloc(n + 1, sizeof(*s->kept));
	if (!s->kept)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		const struct tl_function *function = tl_image_program(image, names[i]);

		if (function)
			s->kept[s->n_kept++] = function;
	}
	copy(s, 0, sizeof(s->head));
	copy(s, s->head.e_shoff, image->n_sections * s->head.e_shentsize);
	for (size_t i = 1; i < image->n_sections; i++)
		copy_section(s, i);
	free(s->kept);
	return 0;
}

int tl_slice_open(struct tl_slice *slice, const struct tl_image *image, const char *const *names, size_t n)
{
	struct slicing s = { .image = image };
	int ret;

	*slice = (struct tl_slice){ 0 };
	s.data = mmap(NULL, image->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (s.data == MAP_FAILED)
		return -errno;
	slice->data = s.data;
	slice->size = image->size;
	ret = fill(&s, names, n);
	if (ret)
		tl_slice_close(slice);
	return ret;
}

void tl_slice_close(struct tl_slice *slice)
{
	if (slice->data)
		munmap(slice->data, slice->size);
	*slice = (struct tl_slice){ 0 };
}
