/* SPDX-License-Identifier: MIT */
/* A battery file as ELF: is it one, for this machine and whole; its catalogue; which program uses which map. */
#ifndef TL_IMAGE_H
#define TL_IMAGE_H

#include "traceleft.h"

#define TL_SHARED_CODE ""		/* as a program's name: functions that programs call */

struct tl_map_use {
	char *program;
	char *map;
};

struct tl_image {
	char *origin;			/* for messages: a file's name */
	const void *data;		/* the whole file */
	size_t size;
	void *owned;			/* data, if it is ours to free */
	const char *catalogue;		/* inside data, not NUL-terminated */
	size_t catalogue_size;
	struct tl_map_use *uses;	/* by program, then by map */
	size_t n_uses;
};

/* Takes a view of data (which must outlive the image). -EBADMSG: not a battery, cut short, or damaged. */
int tl_image_open(struct tl_image *image, const void *data, size_t size, const char *origin,
		  struct tl_error *err);
int tl_image_read(struct tl_image *image, const char *path, struct tl_error *err);
void tl_image_close(struct tl_image *image);

/* Whether that program refers to that map. */
bool tl_image_uses(const struct tl_image *image, const char *program, const char *map);

/* The i-th map that the program refers to and whose name begins so; NULL at the end. */
const char *tl_image_use(const struct tl_image *image, const char *program, const char *prefix, size_t i);

/* Whether there is a program of that name. */
bool tl_image_has(const struct tl_image *image, const char *program);

#endif
