/* SPDX-License-Identifier: MIT */
/*
 * fuzz_catalogue.c: any bytes as a catalogue, once as they are and once behind a good head. What is
 * accepted must keep the promises that the decoder relies on.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "schema.h"
#include "tl_abi.h"

#define HEAD "traceleft\tABI\t1\t" TL_ARCH "\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int held)
{
	if (!held)
		abort();
}

static void check_event(const struct tl_event *event)
{
	require(event->fixed_size >= sizeof(struct tl_record));
	require(event->fixed_size <= TL_DATA_MAX - TL_STR_MAX);
	require(event->n_fields >= TL_F_OWN && event->n_fields <= TL_FIELDS_MAX);
	for (size_t i = 0; i < event->n_fields; i++) {
		const struct tl_field *field = &event->fields[i];

		require(field->number < TL_FIELDS_MAX);
		require(field->offset + field->size <= event->fixed_size);
		require(tl_type_fits(field->type, field->size));
		require(tl_event_field(event, field->name) == field);
	}
}

static void check_routes(const struct tl_entry *entry)
{
	for (size_t i = 0; i < entry->n_exits; i++)
		require(entry->exits[i].nr < TL_SYSCALLS_MAX && entry->exits[i].program[0]);
	for (size_t i = 0; i < entry->n_enters; i++)
		require(entry->enters[i].nr < TL_SYSCALLS_MAX && entry->enters[i].fields);
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
	for (size_t i = 0; i < catalogue->n; i++) {
		require(catalogue->entries[i].event.number == i);
		check_event(&catalogue->entries[i].event);
		check_routes(&catalogue->entries[i]);
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
