/* SPDX-License-Identifier: MIT */
/*
 * catalogue.c: parses the catalogue line by line, columns between tabs. Nothing is taken on trust:
 * whoever decodes records may rely on each offset, size and number that passed here.
 */
#include "catalogue.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "line.h"
#include "schema.h"
#include "tl_abi.h"

#define ATTACHES_MAX	64	/* programs that one event attaches */
#define FIXED_MAX	(TL_DATA_MAX - TL_STR_MAX)

struct parser {
	struct tl_line line;
	struct tl_catalogue *catalogue;
	struct tl_entry *entry;		/* the event whose lines these are */
	struct tl_field fields[TL_FIELDS_MAX];
	size_t n_fields;
	uint64_t numbers;		/* bit per field number in use */
	bool ended;
};

#define REFUSE(p, ...) tl_line_refuse(&(p)->line, __VA_ARGS__)

static int no_memory(const struct parser *p)
{
	return tl_fail(p->line.err, -ENOMEM, "%s: no memory for the catalogue", p->line.origin);
}

static int next_line(struct parser *p)
{
	int code = tl_line_next(&p->line);

	if (code == -ENODATA)
		return tl_fail(p->line.err, -EBADMSG, "%s: catalogue cut short after %zu events",
			       p->line.origin, p->catalogue->n);
	return code;
}

/* Makes room for one more; the room doubles, so it is full whenever n is a power of two. */
static int grow(const struct parser *p, void *array, size_t n, size_t size)
{
	void *old, *room;

	if (n & (n - 1))
		return 0;
	memcpy(&old, array, sizeof(old));
	room = reallocarray(old, n ? 2 * n : 1, size);
	if (!room)
		return no_memory(p);
	memcpy(array, &room, sizeof(room));
	return 0;
}

/* ---- the lines of an event ------------------------------------------------------------------- */

/* Gives the event before this line its fields. */
static int finish_event(struct parser *p)
{
	size_t size = p->n_fields * sizeof(*p->fields);
	struct tl_field *fields;

	if (!p->entry)
		return 0;
	fields = malloc(size);
	if (!fields)
		return no_memory(p);
	memcpy(fields, p->fields, size);
	p->entry->event.fields = fields;
	p->entry->event.n_fields = p->n_fields;
	for (size_t i = 0; i < p->n_fields; i++) {
		if (tl_type_in_tail(fields[i].type))
			p->entry->event.tails |= TL_BIT(i);
	}
	p->entry = NULL;
	return 0;
}

static int check_new_event(const struct parser *p, const char *name)
{
	const struct tl_catalogue *catalogue = p->catalogue;

	for (size_t i = 0; i < catalogue->n; i++) {
		if (strcmp(catalogue->entries[i].event.name, name) == 0)
			return REFUSE(p, "event `%s` is there twice", name);
	}
	if (catalogue->n == TL_EVENTS_MAX)
		return REFUSE(p, "more than %d events", TL_EVENTS_MAX);
	return tl_line_name(&p->line, name);
}

static int event_line(struct parser *p)
{
	struct tl_catalogue *catalogue = p->catalogue;
	char **columns = p->line.columns;
	unsigned int fixed_size;

	if (finish_event(p) || check_new_event(p, columns[1]) ||
	    tl_line_number(&p->line, columns[2], sizeof(struct tl_record), FIXED_MAX, "size",
			   &fixed_size) ||
	    grow(p, &catalogue->entries, catalogue->n, sizeof(*catalogue->entries)))
		return -1;
	p->entry = &catalogue->entries[catalogue->n];
	*p->entry = (struct tl_entry){ .event = {
		.name = columns[1],
		.doc = columns[3],
		.number = (uint16_t)catalogue->n,
		.fixed_size = (uint16_t)fixed_size,
	} };
	catalogue->n++;
	memcpy(p->fields, tl_common_fields, sizeof(tl_common_fields));
	p->n_fields = TL_F_OWN;
	p->numbers = TL_BIT(TL_F_OWN) - 1;
	return 0;
}

static const struct tl_field *find_field(const struct parser *p, const char *name)
{
	for (size_t i = 0; i < p->n_fields; i++) {
		if (strcmp(p->fields[i].name, name) == 0)
			return &p->fields[i];
	}
	return NULL;
}

static int check_field(const struct parser *p, const struct tl_field *field, const char *type_name)
{
	if (tl_line_name(&p->line, field->name))
		return -1;
	if (find_field(p, field->name))
		return REFUSE(p, "field `%s` is there twice", field->name);
	if (!tl_type_fits(field->type, field->size))
		return REFUSE(p, "field `%s`: no %s has %u bytes", field->name, type_name,
			      (unsigned int)field->size);
	if (field->offset + field->size > p->entry->event.fixed_size)
		return REFUSE(p, "field `%s` lies outside the record", field->name);
	if (p->numbers & TL_BIT(field->number))
		return REFUSE(p, "field `%s`: number %u is taken", field->name,
			      (unsigned int)field->number);
	return 0;
}

static int field_line(struct parser *p)
{
	char **columns = p->line.columns;
	int type = tl_type_parse(columns[2]);
	unsigned int offset, size, number;
	struct tl_field field;

	if (type < 0 || type == TL_TYPE_EVENT)
		return REFUSE(p, "no such type `%s`", columns[2]);
	if (tl_line_number(&p->line, columns[4], sizeof(struct tl_record), FIXED_MAX, "offset",
			   &offset) ||
	    tl_line_number(&p->line, columns[5], 1, FIXED_MAX, "size", &size) ||
	    tl_line_number(&p->line, columns[6], TL_F_OWN, TL_FIELDS_MAX - 1, "number", &number))
		return -1;
	field = (struct tl_field){
		.name = columns[1], .doc = columns[7], .meaning = columns[3],
		.type = (enum tl_type)type, .offset = (uint16_t)offset, .size = (uint16_t)size,
		.number = (uint16_t)number,
	};
	if (check_field(p, &field, columns[2]))
		return -1;
	p->numbers |= TL_BIT(number);
	p->fields[p->n_fields++] = field;	/* numbers are unique, so there is room */
	return 0;
}

static int parse_syscall(const struct parser *p, unsigned int *nr)
{
	return tl_line_number(&p->line, p->line.columns[1], 0, TL_SYSCALLS_MAX - 1, "system call",
			      nr);
}

static int exit_line(struct parser *p)
{
	struct tl_entry *entry = p->entry;
	unsigned int nr;

	if (parse_syscall(p, &nr) || tl_line_program(&p->line, p->line.columns[2]))
		return -1;
	for (size_t i = 0; i < entry->n_exits; i++) {
		if (entry->exits[i].nr == (int)nr)
			return REFUSE(p, "system call %u has two handlers", nr);
	}
	if (grow(p, &entry->exits, entry->n_exits, sizeof(*entry->exits)))
		return -1;
	entry->exits[entry->n_exits++] = (struct tl_exit_route){ (int)nr, p->line.columns[2] };
	return 0;
}

static int enter_line(struct parser *p)
{
	struct tl_entry *entry = p->entry;
	bool always = strcmp(p->line.columns[2], "-") == 0;
	const struct tl_field *field = find_field(p, p->line.columns[2]);
	uint64_t fields = always ? UINT64_MAX : 0;
	unsigned int nr;

	if (!always && !field)
		return REFUSE(p, "the event has no field `%s`", p->line.columns[2]);
	if (parse_syscall(p, &nr))
		return -1;
	if (!always)
		fields = TL_BIT(field->number);
	for (size_t i = 0; i < entry->n_enters; i++) {
		if (entry->enters[i].nr == (int)nr) {
			entry->enters[i].fields |= fields;
			return 0;
		}
	}
	if (grow(p, &entry->enters, entry->n_enters, sizeof(*entry->enters)))
		return -1;
	entry->enters[entry->n_enters++] = (struct tl_enter_route){ (int)nr, fields };
	return 0;
}

static int attach_line(struct parser *p)
{
	struct tl_entry *entry = p->entry;

	if (tl_line_program(&p->line, p->line.columns[1]))
		return -1;
	if (entry->n_attaches == ATTACHES_MAX)
		return REFUSE(p, "more than %d programs to attach", ATTACHES_MAX);
	for (size_t i = 0; i < entry->n_attaches; i++) {
		if (strcmp(entry->attaches[i], p->line.columns[1]) == 0)
			return REFUSE(p, "program `%s` is there twice", p->line.columns[1]);
	}
	if (grow(p, &entry->attaches, entry->n_attaches, sizeof(*entry->attaches)))
		return -1;
	entry->attaches[entry->n_attaches++] = p->line.columns[1];
	return 0;
}

static int end_line(struct parser *p)
{
	unsigned int n;

	if (finish_event(p) || tl_line_number(&p->line, p->line.columns[1], 0, TL_EVENTS_MAX,
					      "number of events", &n))
		return -1;
	if (n != p->catalogue->n)
		return REFUSE(p, "%u events were promised, %zu are there", n, p->catalogue->n);
	if (p->line.at != p->line.end)
		return REFUSE(p, "text follows the end");
	p->ended = true;
	return 0;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static const struct keyword {
	const char *word;
	size_t n_columns;
	bool inside;		/* only after an event line */
	int (*parse)(struct parser *p);
} keywords[] = {
	{ "event", 4, false, event_line },
	{ "field", 8, true, field_line },
	{ "exit", 3, true, exit_line },
	{ "enter", 3, true, enter_line },
	{ "attach", 2, true, attach_line },
	{ "end", 2, false, end_line },
};

static int parse_line(struct parser *p)
{
	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++) {
		const struct keyword *keyword = &keywords[i];

		if (strcmp(keyword->word, p->line.columns[0]) != 0)
			continue;
		if (p->line.n_columns != keyword->n_columns)
			return REFUSE(p, "`%s` has %zu columns, not %zu", keyword->word,
				      keyword->n_columns, p->line.n_columns);
		if (keyword->inside && !p->entry)
			return REFUSE(p, "`%s` before the first event", keyword->word);
		return keyword->parse(p);
	}
	return REFUSE(p, "no such word `%s`", p->line.columns[0]);
}

/* First of all: a file of another version may differ in everything that follows. */
static int parse_head(struct parser *p)
{
	unsigned int abi;

	if (next_line(p))
		return -1;
	if (p->line.n_columns < 3 || strcmp(p->line.columns[0], "traceleft") != 0 ||
	    strcmp(p->line.columns[1], "ABI") != 0)
		return tl_fail(p->line.err, -ENOEXEC, "%s: no battery of traceleft",
			       p->line.origin);
	if (tl_line_number(&p->line, p->line.columns[2], 0, 999999999, "ABI", &abi))
		return -1;
	if (abi != TL_ABI_VERSION)
		return tl_fail(p->line.err, -ENOEXEC,
			       "%s: made by another version of traceleft (ABI %u, this is %d)",
			       p->line.origin, abi, TL_ABI_VERSION);
	if (p->line.n_columns != 4)
		return REFUSE(p, "the head has 4 columns, not %zu", p->line.n_columns);
	if (strcmp(p->line.columns[3], TL_ARCH) != 0)
		return tl_fail(p->line.err, -ENOEXEC,
			       "%s: made for %s, this program is for " TL_ARCH
			       "; rebuild the battery",
			       p->line.origin, p->line.columns[3]);
	return 0;
}

static int parse_text(struct parser *p)
{
	if (parse_head(p))
		return -1;
	while (!p->ended) {
		if (next_line(p) || parse_line(p))
			return -1;
	}
	return 0;
}

int tl_catalogue_parse(const char *text, size_t len, const char *origin,
		       struct tl_catalogue **catalogue, struct tl_error *err)
{
	struct tl_error own = { 0 };
	struct parser p = { .line = { .origin = origin, .err = err ? err : &own } };

	*catalogue = NULL;
	p.catalogue = calloc(1, sizeof(*p.catalogue));
	if (!p.catalogue)
		return no_memory(&p);
	p.catalogue->text = malloc(len + 1);
	if (!p.catalogue->text) {
		no_memory(&p);
		goto fail;
	}
	memcpy(p.catalogue->text, text, len);
	p.line.at = p.catalogue->text;
	p.line.end = p.line.at + len;
	if (parse_text(&p))
		goto fail;
	*catalogue = p.catalogue;
	return 0;
fail:
	tl_catalogue_free(p.catalogue);
	return p.line.err->code;
}

void tl_catalogue_free(struct tl_catalogue *catalogue)
{
	if (!catalogue)
		return;
	for (size_t i = 0; i < catalogue->n; i++) {
		free((void *)catalogue->entries[i].event.fields);
		free(catalogue->entries[i].exits);
		free(catalogue->entries[i].enters);
		free(catalogue->entries[i].attaches);
	}
	free(catalogue->entries);
	free(catalogue->text);
	free(catalogue);
}
