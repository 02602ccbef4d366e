/* SPDX-License-Identifier: MIT */
/* A battery file as ELF: is it one, for this machine and whole; its catalogue; which program uses which map. */
#ifndef TL_IMAGE_H
#define TL_IMAGE_H

#include "traceleft.h"

#define TL_SHARED_CODE ""		/* as a program's name: functions that programs call */

struct tl_function {
	const char *name;
	size_t section;			/* number of the section with its code */
	size_t begin, size;		/* there */
};

struct tl_image {
	char *origin;			/* for messages: a file's name */
	const void *data;		/* the whole file */
	size_t size;
	void *owned;			/* data, if it is ours to free */
	const char *catalogue;		/* inside data, not NUL-terminated */
	size_t catalogue_size;
	struct Elf *elf;
	size_t n_sections;
	size_t names, maps, text;	/* numbers of sections: their names, .maps, .text; 0: none */
	size_t symbols;			/* that of the symbols */
	size_t *relocations;		/* by section: that of its relocations */
	struct tl_function *functions;	/* programs and what they call, by name */
	size_t n_functions;
};

/* Takes a view of data (which must outlive the image). -EBADMSG: not a battery, cut short, or damaged. */
int tl_image_open(struct tl_image *image, const void *data, size_t size, const char *origin,
		  struct tl_error *err);
int tl_image_read(struct tl_image *image, const char *path, struct tl_error *err);
void tl_image_close(struct tl_image *image);

/* Calls fn with each map that the program refers to, some more than once. */
void tl_image_maps(const struct tl_image *image, const char *program, void (*fn)(void *arg, const char *map), void *arg);

/* The first in the alphabet of the maps that the program refers to and whose name begins so, or NULL. */
const char *tl_image_use(const struct tl_image *image, const char *program, const char *prefix);

/* The program of that name, or NULL. */
const struct tl_function *tl_image_program(const struct tl_image *image, const char *name);

/* The number of the first relocation of a code section at or after that place: they come in the order of the code. */
size_t tl_image_relocation(const struct tl_image *image, size_t section, size_t place);

/* The data of a section, or NULL. */
const void *tl_image_section(const struct tl_image *image, const char *name, size_t *size);

#endif
