/* SPDX-License-Identifier: MIT */
/* The battery files of a session: the built-in one and those that were named. Numbers their events. */
#ifndef TL_BATTERY_H
#define TL_BATTERY_H

#include "catalogue/catalogue.h"
#include "load/image.h"
#include "load/reduce.h"

struct tl_battery {
	struct tl_image image;
	struct tl_catalogue *catalogue;
	uint16_t first_event;
	struct tl_reduced kernel;	/* the types of the kernel that its programs need */
	bool has_kernel;		/* that was tried, with or without success */
};

struct tl_batteries {
	struct tl_battery *list;
	size_t n;
	size_t n_events;
};

/*
 * Opens the files, and the *.bpf.o files in folders, that `paths` names (ends with NULL; may be NULL),
 * after the built-in one; a file of the built-in one's name takes its place.
 */
int tl_batteries_open(struct tl_batteries *batteries, const char *const *paths, struct tl_error *err);
void tl_batteries_close(struct tl_batteries *batteries);

/* The event of that number in the session, or NULL. */
const struct tl_entry *tl_batteries_entry(const struct tl_batteries *batteries, size_t event);

/* The name of the program's classic flavour if there is one, else `name`. Lives as long as the batteries. */
const char *tl_batteries_classic(const struct tl_batteries *batteries, const char *name);

/* The battery with that program, or NULL. */
const struct tl_battery *tl_batteries_program(const struct tl_batteries *batteries, const char *program);

#endif
