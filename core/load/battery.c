// SPDX-License-Identifier: MIT
#include "load/battery.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/error.h"
#include "tl_abi.h"

#define SUFFIX ".bpf.o"
#define BUILTIN_NAME "traceleft" SUFFIX

/* Absent from a build without the embedded battery (make EMBED=0). */
extern const unsigned char tl_builtin_battery[] __attribute__((weak));
extern const size_t tl_builtin_battery_size __attribute__((weak));

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Takes the image over, whatever happens. */
static int add_image(struct tl_batteries *b, struct tl_image *image, struct tl_error *err)
{
	struct tl_battery *list = realloc(b->list, (b->n + 1) * sizeof(*list)), *battery;
	int ret;

	if (!list) {
		tl_image_close(image);
		return tl_fail(err, -ENOMEM, "battery: out of memory");
	}
	b->list = list;
	battery = &list[b->n];
	*battery = (struct tl_battery){ .image = *image };
	ret = tl_catalogue_parse(image->catalogue, image->catalogue_size, image->origin,
				 &battery->catalogue, err);
	if (ret) {
		tl_image_close(&battery->image);
		return ret;
	}
	b->n++;
	return 0;
}

static int add_file(struct tl_batteries *b, const char *path, struct tl_error *err)
{
	struct tl_image image;
	int ret = tl_image_read(&image, path, err);

	return ret ? ret : add_image(b, &image, err);
}

static int is_battery_file(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > strlen(SUFFIX) && !strcmp(entry->d_name + len - strlen(SUFFIX), SUFFIX);
}

static int add_folder(struct tl_batteries *b, const char *path, struct tl_error *err)
{
	struct dirent **entries;
	int n = scandir(path, &entries, is_battery_file, alphasort), ret = 0;

	if (n < 0)
		return tl_fail(err, -errno, "%s: %s", path, strerror(errno));
	if (!n)
		ret = tl_fail(err, -ENOENT, "%s: no battery file (*%s) in this folder", path, SUFFIX);
	for (int i = 0; i < n; i++) {
		char *file = NULL;

		if (!ret && asprintf(&file, "%s/%s", path, entries[i]->d_name) >= 0)
			ret = add_file(b, file, err);
		free(file);
		free(entries[i]);
	}
	free(entries);
	return ret;
}

static int add_path(struct tl_batteries *b, const char *path, struct tl_error *err)
{
	struct stat st;

	if (stat(path, &st))
		return tl_fail(err, -errno, "battery %s: %s", path, strerror(errno));
	return S_ISDIR(st.st_mode) ? add_folder(b, path, err) : add_file(b, path, err);
}

static int add_builtin(struct tl_batteries *b, struct tl_error *err)
{
	struct tl_image image;
	int ret;

	for (size_t i = 0; i < b->n; i++)
		if (!strcmp(base_name(b->list[i].image.origin), BUILTIN_NAME))
			return 0;
	if (!&tl_builtin_battery_size)
		return b->n ? 0 : tl_fail(err, -ENOENT, "this build has no battery inside; "
					  "name one with --battery (build/battery in the source tree)");
	ret = tl_image_open(&image, tl_builtin_battery, tl_builtin_battery_size, "built-in battery", err);
	return ret ? ret : add_image(b, &image, err);
}

/* Gives the events their numbers in the session, and refuses names that two files define. */
static int number_events(struct tl_batteries *b, struct tl_error *err)
{
	for (size_t i = 0; i < b->n; i++) {
		struct tl_catalogue *catalogue = b->list[i].catalogue;

		b->list[i].first_event = (uint16_t)b->n_events;
		for (size_t k = 0; k < catalogue->n; k++) {
			struct tl_event *event = &catalogue->entries[k].event;

			if (b->n_events >= TL_EVENTS_MAX)
				return tl_fail(err, -ENOSPC, "%s: more than %d events in all",
					       b->list[i].image.origin, TL_EVENTS_MAX);
			for (size_t n = 0; n < b->list[i].first_event; n++)	/* within a file it was checked */
				if (!strcmp(tl_batteries_entry(b, n)->event.name, event->name))
					return tl_fail(err, -EEXIST, "%s: event %s is in another battery file too",
						       b->list[i].image.origin, event->name);
			event->number = (uint16_t)b->n_events++;
		}
	}
	return 0;
}

int tl_batteries_open(struct tl_batteries *b, const char *const *paths, struct tl_error *err)
{
	int ret = 0;

	*b = (struct tl_batteries){ 0 };
	for (size_t i = 0; !ret && paths && paths[i]; i++)
		ret = add_path(b, paths[i], err);
	if (!ret)
		ret = add_builtin(b, err);
	if (!ret)
		ret = number_events(b, err);
	if (ret)
		tl_batteries_close(b);
	return ret;
}

void tl_batteries_close(struct tl_batteries *b)
{
	for (size_t i = 0; i < b->n; i++) {
		tl_catalogue_free(b->list[i].catalogue);
		tl_reduced_close(&b->list[i].kernel);
		tl_image_close(&b->list[i].image);
	}
	free(b->list);
	*b = (struct tl_batteries){ 0 };
}

const struct tl_entry *tl_batteries_entry(const struct tl_batteries *b, size_t event)
{
	for (size_t i = 0; i < b->n; i++)
		if (event >= b->list[i].first_event && event - b->list[i].first_event < b->list[i].catalogue->n)
			return &b->list[i].catalogue->entries[event - b->list[i].first_event];
	return NULL;
}

const struct tl_battery *tl_batteries_program(const struct tl_batteries *b, const char *program)
{
	for (size_t i = 0; i < b->n; i++)
		if (tl_image_program(&b->list[i].image, program))
			return &b->list[i];
	return NULL;
}

const char *tl_batteries_classic(const struct tl_batteries *b, const char *name)
{
	char classic[256];

	snprintf(classic, sizeof(classic), "%s_classic", name);
	for (size_t i = 0; i < b->n; i++) {
		const struct tl_function *program = tl_image_program(&b->list[i].image, classic);

		if (program)
			return program->name;
	}
	return name;
}
