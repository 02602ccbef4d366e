/* SPDX-License-Identifier: MIT */
/*
 * fuzz_image.c: a hostile battery file through the ELF reader and the catalogue's parser. The bytes
 * are taken as a file, and as changes to a good one: place (2), length (1), what is there instead.
 */
#include <stdlib.h>
#include <string.h>

#include "../core/battery_file.h"
#include "catalogue/catalogue.h"
#include "load/image.h"
#include "load/slice.h"
#include "load/wanted.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct battery_file good = {
	.catalogue = CATALOGUE_HEAD
		     "event\ta.b\t104\t\tdoc\nfield\tn\tu64\t\t96\t8\t10\t\t\nexit\t1\tone\nattach\ttwo\nend\t1\n",
	.programs = { "one", "two" },
	.maps = { "shared", "extra" },
	.special = { NULL, "two" },
	.shared = { true },
};

static void require(int held)
{
	if (!held)
		abort();
}

static void take_map(void *arg, const char *map)
{
	(void)arg;
	require(strlen(map) < FILE_SIZE);
}

static void look_at_slice(const struct tl_image *image)
{
	static const char *const names[] = { "two", "none" };
	struct tl_slice slice;

	require(!tl_slice_open(&slice, image, names, 2) && slice.size == image->size);
	tl_slice_close(&slice);
}

static void look(const struct tl_image *image)
{
	struct tl_catalogue *catalogue;
	struct tl_wanted wanted;
	struct tl_error err = { 0 };

	require(image->catalogue >= (const char *)image->data);
	require(image->catalogue_size <= image->size - (size_t)(image->catalogue - (const char *)image->data));
	for (size_t i = 0; i < image->n_functions; i++) {
		require(!*image->functions[i].name || tl_image_program(image, image->functions[i].name));
		tl_image_maps(image, image->functions[i].name, take_map, NULL);
	}
	look_at_slice(image);
	if (!tl_wanted_read(&wanted, image))
		tl_wanted_close(&wanted);
	if (tl_catalogue_parse(image->catalogue, image->catalogue_size, "fuzz", &catalogue, &err))
		require(err.code < 0 && !strncmp(err.message, "fuzz: ", 6));
	else
		tl_catalogue_free(catalogue);
}

static void try(const void *data, size_t size)
{
	struct tl_error err = { 0 };
	struct tl_image image;
	char *copy = malloc(size ? size : 1);	/* of that very size, for the sanitizer's sake */

	require(copy != NULL);
	if (size)
		memcpy(copy, data, size);
	if (tl_image_open(&image, copy, size, "fuzz", &err)) {
		require(err.code < 0 && !strncmp(err.message, "fuzz: ", 6) && !image.origin);
	} else {
		look(&image);
		tl_image_close(&image);
	}
	free(copy);
}

static void change(struct battery_image *image, const uint8_t *data, size_t size)
{
	while (size >= 3) {
		size_t at = (data[0] | (size_t)data[1] << 8) % image->size, len = data[2];

		data += 3;
		size -= 3;
		if (len > size)
			len = size;
		if (len > image->size - at)
			len = image->size - at;
		memcpy(image->data + at, data, len);
		data += len;
		size -= len;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct battery_image image = make_image(&good);

	try(data, size);
	change(&image, data, size);
	try(image.data, image.size);
	free(image.data);
	return 0;
}
