/* SPDX-License-Identifier: MIT */
/*
 * battery_file.h: makes a small battery file (an ELF object for BPF) out of a description, for tests
 * that want one to be just so, or just wrong.
 */
#ifndef BATTERY_FILE_H
#define BATTERY_FILE_H

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue/catalogue.h"
#include "tl_abi.h"

/* The first line of a catalogue that this program takes. */
#define CATALOGUE_ABI(version)	"traceleft\tABI\t" CATALOGUE_WORD(version) "\t" TL_ARCH "\n"
#define CATALOGUE_WORD(word)	#word
#define CATALOGUE_HEAD		CATALOGUE_ABI(TL_ABI_VERSION)

#define FILE_PROGRAMS	40
#define FILE_MAPS	20
#define FILE_SIZE	65536
#define CODE_SIZE	16	/* bytes of each program */

enum { SEC_NULL, SEC_CODE, SEC_REL, SEC_MAPS, SEC_CATALOGUE, SEC_SYMTAB, SEC_STRTAB, SEC_NAMES, SEC_TEXT, SEC_TEXT_REL,
       SECTIONS };

struct battery_file {
	const char *catalogue;			/* text of the section .traceleft */
	const char *programs[FILE_PROGRAMS];	/* ends with NULL; each uses the first map … */
	const char *maps[FILE_MAPS];
	const char *special[FILE_MAPS];		/* … and, where not NULL, this program the map of that number */
	bool shared[FILE_MAPS];			/* a function that programs call uses the map of that number */
};

struct battery_image {
	char *data;
	size_t size;
};

/* The header of a section, to be changed by a test. */
static inline Elf64_Shdr *image_section(struct battery_image *image, int section)
{
	return (Elf64_Shdr *)(void *)(image->data + ((Elf64_Ehdr *)(void *)image->data)->e_shoff) + section;
}

static inline size_t image_append(struct battery_image *image, const void *data, size_t size)
{
	size_t at = (image->size + 7) & ~(size_t)7;

	if (at + size > FILE_SIZE)
		abort();
	if (data)
		memcpy(image->data + at, data, size);
	image->size = at + size;
	return at;
}

static inline void image_set(Elf64_Shdr *header, uint32_t type, size_t at, size_t size, size_t entry)
{
	*header = (Elf64_Shdr){ .sh_type = type, .sh_offset = at, .sh_size = size, .sh_entsize = entry,
				.sh_addralign = 8, .sh_name = header->sh_name };
}

static inline uint32_t image_string(char *strings, size_t *n, const char *text)
{
	size_t at = *n;

	strcpy(strings + at, text);
	*n += strlen(text) + 1;
	return (uint32_t)at;
}

/* The symbols: the programs, then the maps, then the function `helper` of .text. Returns how many, with the empty first. */
static inline size_t image_symbols(const struct battery_file *file, Elf64_Sym *symbols, char *strings, size_t *n)
{
	size_t count = 1;

	for (size_t i = 0; file->programs[i]; i++)
		symbols[count++] = (Elf64_Sym){ .st_name = image_string(strings, n, file->programs[i]),
						.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), .st_shndx = SEC_CODE,
						.st_value = i * CODE_SIZE, .st_size = CODE_SIZE };
	for (size_t i = 0; file->maps[i]; i++)
		symbols[count++] = (Elf64_Sym){ .st_name = image_string(strings, n, file->maps[i]),
						.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT), .st_shndx = SEC_MAPS,
						.st_value = i * 32, .st_size = 32 };
	symbols[count++] = (Elf64_Sym){ .st_name = image_string(strings, n, "helper"),
					.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), .st_shndx = SEC_TEXT,
					.st_size = FILE_MAPS * 8 };
	return count;
}

static inline size_t image_relocations(const struct battery_file *file, Elf64_Rel *rels)
{
	size_t programs = 0, count = 0;

	while (file->programs[programs])
		programs++;
	for (size_t i = 0; i < programs && file->maps[0]; i++) {
		rels[count++] = (Elf64_Rel){ .r_offset = i * CODE_SIZE, .r_info = ELF64_R_INFO(1 + programs, 1) };
		for (size_t k = 1; file->maps[k]; k++)
			if (file->special[k] && !strcmp(file->special[k], file->programs[i]))
				rels[count++] = (Elf64_Rel){ .r_offset = i * CODE_SIZE + 8,
							     .r_info = ELF64_R_INFO(1 + programs + k, 1) };
	}
	return count;
}

static inline size_t image_relocations_of_text(const struct battery_file *file, Elf64_Rel *rels)
{
	size_t programs = 0, count = 0;

	while (file->programs[programs])
		programs++;
	for (size_t k = 0; file->maps[k]; k++)
		if (file->shared[k])
			rels[count++] = (Elf64_Rel){ .r_offset = k * 8, .r_info = ELF64_R_INFO(1 + programs + k, 1) };
	return count;
}

static inline struct battery_image make_image(const struct battery_file *file)
{
	static const char *const names[SECTIONS] = { "", "tp_btf/x", ".reltp_btf/x", ".maps", ".traceleft",
						     ".symtab", ".strtab", ".shstrtab", ".text", ".rel.text" };
	struct battery_image image = { calloc(1, FILE_SIZE), sizeof(Elf64_Ehdr) };
	Elf64_Ehdr *head = (void *)image.data;
	Elf64_Shdr headers[SECTIONS] = { { 0 } };
	Elf64_Sym symbols[2 + FILE_PROGRAMS + FILE_MAPS] = { { 0 } };
	Elf64_Rel rels[FILE_PROGRAMS + FILE_MAPS], of_text[FILE_MAPS];
	char strings[4096] = "";
	size_t n = 1, count = image_symbols(file, symbols, strings, &n), n_rels = image_relocations(file, rels), at;

	at = image_append(&image, NULL, FILE_PROGRAMS * CODE_SIZE);
	image_set(&headers[SEC_CODE], SHT_PROGBITS, at, FILE_PROGRAMS * CODE_SIZE, 0);
	at = image_append(&image, rels, n_rels * sizeof(*rels));
	image_set(&headers[SEC_REL], SHT_REL, at, n_rels * sizeof(*rels), sizeof(*rels));
	at = image_append(&image, NULL, FILE_MAPS * 32);
	image_set(&headers[SEC_MAPS], SHT_PROGBITS, at, FILE_MAPS * 32, 0);
	at = image_append(&image, file->catalogue, strlen(file->catalogue));
	image_set(&headers[SEC_CATALOGUE], SHT_PROGBITS, at, strlen(file->catalogue), 0);
	at = image_append(&image, symbols, count * sizeof(*symbols));
	image_set(&headers[SEC_SYMTAB], SHT_SYMTAB, at, count * sizeof(*symbols), sizeof(*symbols));
	at = image_append(&image, strings, n);
	image_set(&headers[SEC_STRTAB], SHT_STRTAB, at, n, 0);
	at = image_append(&image, NULL, FILE_MAPS * 8);
	image_set(&headers[SEC_TEXT], SHT_PROGBITS, at, FILE_MAPS * 8, 0);
	n_rels = image_relocations_of_text(file, of_text);
	at = image_append(&image, of_text, n_rels * sizeof(*of_text));
	image_set(&headers[SEC_TEXT_REL], SHT_REL, at, n_rels * sizeof(*of_text), sizeof(*of_text));
	n = 0;
	for (int i = 0; i < SECTIONS; i++)
		headers[i].sh_name = image_string(strings, &n, names[i]);
	at = image_append(&image, strings, n);
	image_set(&headers[SEC_NAMES], SHT_STRTAB, at, n, 0);
	headers[SEC_REL].sh_link = SEC_SYMTAB;
	headers[SEC_REL].sh_info = SEC_CODE;
	headers[SEC_TEXT_REL].sh_link = SEC_SYMTAB;
	headers[SEC_TEXT_REL].sh_info = SEC_TEXT;
	headers[SEC_SYMTAB].sh_link = SEC_STRTAB;
	headers[SEC_SYMTAB].sh_info = 1;
	at = image_append(&image, headers, sizeof(headers));
	*head = (Elf64_Ehdr){ .e_type = ET_REL, .e_machine = EM_BPF, .e_version = EV_CURRENT, .e_shoff = at,
			      .e_ehsize = sizeof(*head), .e_shentsize = sizeof(*headers), .e_shnum = SECTIONS,
			      .e_shstrndx = SEC_NAMES };
	memcpy(head->e_ident, ELFMAG, SELFMAG);
	head->e_ident[EI_CLASS] = ELFCLASS64;
	head->e_ident[EI_DATA] = ELFDATA2LSB;
	head->e_ident[EI_VERSION] = EV_CURRENT;
	return image;
}

static inline void write_image(const struct battery_image *image, const char *path)
{
	FILE *out = fopen(path, "we");

	if (!out || fwrite(image->data, 1, image->size, out) != image->size || fclose(out))
		abort();
}

static inline void write_battery(const struct battery_file *file, const char *path)
{
	struct battery_image image = make_image(file);

	write_image(&image, path);
	free(image.data);
}

#endif
