/* SPDX-License-Identifier: MIT */
/*
 * fuzz_catalogue.c: any bytes as a catalogue, once as they are and once behind a good head. What is
 * accepted must keep the promises that the decoder relies on.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../core/battery_file.h"
#include "catalogue/catalogue.h"
#include "catalogue/schema.h"
#include "tl_abi.h"

#define HEAD CATALOGUE_HEAD

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int held)
{
	if (!held)
		abort();
}

static void check_layout(const struct tl_layout *layout)
{
	require(layout->size > 0 && layout->name[0]);
	for (size_t i = 0; i < layout->n_members; i++) {
		const struct tl_field *member = &layout->members[i];

		require(member->type <= TL_TYPE_S64 && tl_type_fits(member->type, member->size));
		require(member->offset + member->size <= layout->size);
	}
}

/* Whether the text of the catalogue holds this string: nothing may point elsewhere. */
static int inside(const struct tl_catalogue *catalogue, size_t len, const char *string)
{
	return string >= catalogue->text && string + strlen(string) < catalogue->text + len;
}

static void check_event(const struct tl_catalogue *catalogue, size_t len, const struct tl_event *event)
{
	require(event->fixed_size >= sizeof(struct tl_record));
	require(event->fixed_size <= TL_DATA_MAX - TL_STR_MAX);
	require(event->n_fields >= TL_F_OWN && event->n_fields <= TL_FIELDS_MAX);
	require(inside(catalogue, len, event->name) && inside(catalogue, len, event->classes));
	for (size_t i = 0; i < event->n_fields; i++) {
		const struct tl_field *field = &event->fields[i];

		require(field->number < TL_FIELDS_MAX);
		require(field->offset + field->size <= event->fixed_size);
		require(tl_type_fits(field->type, field->size));
		require(tl_event_field(event, field->name) == field);
		require(i < TL_F_OWN || inside(catalogue, len, field->arg));
		require((field->type == TL_TYPE_ARRAY) == (field->layout != NULL));
		require(!!(event->tails & TL_BIT(i)) == tl_type_in_tail(field->type));
	}
}

static void check_needs(const struct tl_entry *entry)
{
	for (size_t i = 0; i < entry->n_needs; i++) {
		const struct tl_need *need = &entry->needs[i];

		require(need->nr >= 0 && need->nr < TL_SYSCALLS_MAX && need->side < TL_SIDES);
		require(need->fields && need->part < TL_PARTS);
		require(!need->work != !need->part_work);
		require(need->part_work <= TL_PART_HELD_STRING);
	}
}

static void check_routes(const struct tl_entry *entry)
{
	for (size_t i = 0; i < entry->n_routes; i++) {
		require(entry->routes[i].nr >= 0 && entry->routes[i].nr < TL_SYSCALLS_MAX);
		require(entry->routes[i].side < TL_SIDES && entry->routes[i].program[0]);
	}
	for (size_t i = 0; i < entry->n_attaches; i++)
		require(entry->attaches[i][0]);
}

static void parse(const char *text, size_t len)
{
	struct tl_catalogue *catalogue;
	struct tl_error err = { 0 };

	if (tl_catalogue_parse(text, len, "fuzz", &catalogue, &err)) {
		require(err.code < 0 && err.message[0] && !catalogue);
		return;
	}
	for (size_t i = 0; i < catalogue->n_layouts; i++)
		check_layout(catalogue->layouts[i]);
	for (size_t i = 0; i < catalogue->n; i++) {
		require(catalogue->entries[i].event.number == i);
		check_event(catalogue, len, &catalogue->entries[i].event);
		check_routes(&catalogue->entries[i]);
		check_needs(&catalogue->entries[i]);
	}
	tl_catalogue_free(catalogue);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(sizeof(HEAD) + size);

	if (!text)
		return 0;
	memcpy(text, HEAD, sizeof(HEAD) - 1);
	if (size)
		memcpy(text + sizeof(HEAD) - 1, data, size);
	parse(text, sizeof(HEAD) - 1 + size);
	parse((const char *)data, size);
	free(text);
	return 0;
}
