/* SPDX-License-Identifier: MIT */
/*
 * catalogue.c: parses the catalogue line by line, columns between tabs. Nothing is taken on trust:
 * whoever decodes records may rely on each offset, size and number that passed here.
 */
#include "catalogue/catalogue.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue/schema.h"
#include "common/error.h"
#include "common/line.h"
#include "tl_abi.h"

#define ATTACHES_MAX	64	/* programs that one event attaches */
#define FIXED_MAX	(TL_DATA_MAX - TL_STR_MAX)

struct parser {
	struct tl_line line;
	struct tl_catalogue *catalogue;
	struct tl_entry *entry;		/* the event whose lines these are */
	struct tl_field fields[TL_FIELDS_MAX];
	size_t n_fields;
	struct tl_layout *layout;	/* the one whose members these lines are */
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
	fields = malloc(size + sizeof(tl_identity_fields));
	if (!fields)
		return no_memory(p);
	memcpy(fields, p->fields, size);
	for (size_t i = 0; i < TL_IDENTITIES; i++) {
		fields[p->n_fields + i] = tl_identity_fields[i];
		fields[p->n_fields + i].offset += p->entry->event.fixed_size;
	}
	p->n_fields += TL_IDENTITIES;
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
		.classes = columns[3],
		.doc = columns[4],
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

static bool is_identity(const char *name)
{
	for (size_t i = 0; i < TL_IDENTITIES; i++)
		if (strcmp(tl_identity_fields[i].name, name) == 0)
			return true;
	return false;
}

static int check_field(const struct parser *p, const struct tl_field *field, const char *type_name)
{
	if (tl_line_name(&p->line, field->name))
		return -1;
	if (find_field(p, field->name) || is_identity(field->name))
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

/* "array:pollfd" means elements of that layout. */
static int find_layout(const struct parser *p, struct tl_field *field)
{
	if (field->type != TL_TYPE_ARRAY)
		return 0;
	for (size_t i = 0; i < p->catalogue->n_layouts; i++) {
		if (strncmp(field->meaning, "array:", 6) == 0 &&
		    strcmp(field->meaning + 6, p->catalogue->layouts[i]->name) == 0) {
			field->layout = p->catalogue->layouts[i];
			return 0;
		}
	}
	return REFUSE(p, "field `%s`: no such layout `%s`", field->name, field->meaning);
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
	    tl_line_number(&p->line, columns[6], TL_F_OWN, TL_F_NSPID - 1, "number", &number))
		return -1;
	field = (struct tl_field){
		.name = columns[1], .doc = columns[8], .meaning = columns[3], .arg = columns[7],
		.type = (enum tl_type)type, .offset = (uint16_t)offset, .size = (uint16_t)size,
		.number = (uint16_t)number,
	};
	if (check_field(p, &field, columns[2]) || find_layout(p, &field))
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

static int route_line(struct parser *p, enum tl_side side)
{
	struct tl_entry *entry = p->entry;
	unsigned int nr;

	if (parse_syscall(p, &nr) || tl_line_program(&p->line, p->line.columns[2]))
		return -1;
	for (size_t i = 0; i < entry->n_routes; i++) {
		if (entry->routes[i].nr == (int)nr && entry->routes[i].side == side)
			return REFUSE(p, "system call %u has two handlers", nr);
	}
	if (grow(p, &entry->routes, entry->n_routes, sizeof(*entry->routes)))
		return -1;
	entry->routes[entry->n_routes++] =
		(struct tl_call_route){ (int)nr, side, p->line.columns[2] };
	return 0;
}

static int exit_line(struct parser *p)
{
	return route_line(p, TL_EXIT);
}

static int enter_line(struct parser *p)
{
	return route_line(p, TL_ENTER);
}

static int parse_side(const struct parser *p, const char *word, enum tl_side *side)
{
	*side = strcmp(word, "exit") == 0 ? TL_EXIT : TL_ENTER;
	if (*side == TL_ENTER && strcmp(word, "enter") != 0)
		return REFUSE(p, "`%s` is neither `enter` nor `exit`", word);
	return 0;
}

/* "file,inode": bits of the fields; "-": all bits. The column is taken apart. */
static int parse_fields(const struct parser *p, char *column, uint64_t *fields)
{
	char *rest = NULL;

	*fields = 0;
	if (strcmp(column, "-") == 0) {
		*fields = UINT64_MAX;
		return 0;
	}
	for (char *name = strtok_r(column, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
		const struct tl_field *field = find_field(p, name);

		if (!field)
			return REFUSE(p, "the event has no field `%s`", name);
		*fields |= TL_BIT(field->number);
	}
	return *fields ? 0 : REFUSE(p, "no field is named");
}

/* By enum tl_part_work, which has holes. */
static const char *const part_words[] = {
	[TL_PART_STRING] = "string", [TL_PART_FILE] = "file", [TL_PART_DIR] = "dir",
	[TL_PART_HELD] = "held", [TL_PART_HELD_DIR] = "held_dir",
	[TL_PART_HELD_STRING] = "held_string", [TL_PART_HELD_BYTES] = "held_bytes",
	[TL_PART_EXEC_PATH] = "exec_path", [TL_PART_EXEC_ARGV] = "exec_argv",
};

/* "time", "args", or what is done with which part: "string:1". */
static int parse_work(const struct parser *p, const char *column, struct tl_need *need)
{
	const char *colon = strchr(column, ':');
	unsigned int part;

	if (strcmp(column, "time") == 0)
		need->work = TL_WORK_TIME;
	else if (strcmp(column, "args") == 0)
		need->work = TL_WORK_ARGS | TL_WORK_TIME;
	if (need->work)
		return 0;
	for (uint8_t i = 1; colon && i < sizeof(part_words) / sizeof(*part_words); i++) {
		if (part_words[i] && strncmp(column, part_words[i], (size_t)(colon - column)) == 0 &&
		    part_words[i][colon - column] == '\0')
			need->part_work = i;
	}
	if (!need->part_work)
		return REFUSE(p, "no such work `%s`", column);
	if (tl_line_number(&p->line, colon + 1, 0, TL_PARTS - 1, "part", &part))
		return -1;
	need->part = (uint8_t)part;
	return 0;
}

static int need_line(struct parser *p)
{
	struct tl_entry *entry = p->entry;
	char **columns = p->line.columns;
	struct tl_need need = { 0 };
	unsigned int nr;

	if (parse_syscall(p, &nr) || parse_side(p, columns[2], &need.side) ||
	    parse_fields(p, columns[3], &need.fields) || parse_work(p, columns[4], &need) ||
	    grow(p, &entry->needs, entry->n_needs, sizeof(*entry->needs)))
		return -1;
	need.nr = (int)nr;
	entry->needs[entry->n_needs++] = need;
	return 0;
}

/* "raw fd 0", "raw ret ret" */
static int raw_line(struct parser *p)
{
	char **columns = p->line.columns;
	const struct tl_field *field = find_field(p, columns[1]);
	unsigned int arg;

	if (!field)
		return REFUSE(p, "the event has no field `%s`", columns[1]);
	if (tl_type_in_tail(field->type) || field->size > 8)
		return REFUSE(p, "`%s` is no number", columns[1]);
	if (strcmp(columns[2], "ret") == 0)
		p->entry->raw[field->number] = TL_RAW_RET;
	else if (strcmp(columns[2], "duration") == 0)
		p->entry->raw[field->number] = TL_RAW_DURATION;
	else if (tl_line_number(&p->line, columns[2], 0, 5, "argument", &arg))
		return -1;
	else
		p->entry->raw[field->number] = (uint8_t)(TL_RAW_ARG + arg);
	return 0;
}

/* A call of which nothing but the common fields is known before its handler. */
static int early_line(struct parser *p)
{
	p->entry->early = true;
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

static int maybe_line(struct parser *p)
{
	struct tl_entry *entry = p->entry;

	if (tl_line_program(&p->line, p->line.columns[1]) || tl_line_program(&p->line, p->line.columns[2]))
		return -1;
	if (entry->n_maybes == ATTACHES_MAX)
		return REFUSE(p, "more than %d programs to attach", ATTACHES_MAX);
	if (grow(p, &entry->maybes, entry->n_maybes, sizeof(*entry->maybes)))
		return -1;
	entry->maybes[entry->n_maybes++] = (struct tl_maybe){ p->line.columns[1], p->line.columns[2], 0 };
	return 0;
}

/* The tracepoint of the programs above, which not every kernel has. */
static int hook_line(struct parser *p)
{
	if (tl_line_program(&p->line, p->line.columns[1]))
		return -1;
	p->entry->hook = p->line.columns[1];
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

/* ---- the layouts of arrays ------------------------------------------------------------------- */

#define MEMBERS_MAX	16
#define ELEMENT_MAX	1024

static int layout_line(struct parser *p)
{
	struct tl_catalogue *catalogue = p->catalogue;
	struct tl_layout *layout;
	unsigned int size;

	if (p->entry)
		return REFUSE(p, "`layout` after an event");
	if (tl_line_name(&p->line, p->line.columns[1]) ||
	    tl_line_number(&p->line, p->line.columns[2], 1, ELEMENT_MAX, "size", &size) ||
	    grow(p, &catalogue->layouts, catalogue->n_layouts, sizeof(*catalogue->layouts)))
		return -1;
	layout = calloc(1, sizeof(*layout) + MEMBERS_MAX * sizeof(*layout->members));
	if (!layout)
		return no_memory(p);
	layout->name = p->line.columns[1];
	layout->size = size;
	layout->members = (struct tl_field *)(layout + 1);
	catalogue->layouts[catalogue->n_layouts++] = layout;
	p->layout = layout;
	return 0;
}

static int member_line(struct parser *p)
{
	char **columns = p->line.columns;
	int type = tl_type_parse(columns[2]);
	struct tl_layout *layout = p->layout;
	unsigned int offset, size;

	if (!layout || p->entry)
		return REFUSE(p, "`member` without a layout");
	if (type < 0 || type > TL_TYPE_S64)
		return REFUSE(p, "`%s`: a member is a number", columns[2]);
	if (layout->n_members == MEMBERS_MAX)
		return REFUSE(p, "more than %d members", MEMBERS_MAX);
	if (tl_line_name(&p->line, columns[1]) ||
	    tl_line_number(&p->line, columns[4], 0, (unsigned int)layout->size, "offset", &offset) ||
	    tl_line_number(&p->line, columns[5], 1, 8, "size", &size))
		return -1;
	if (!tl_type_fits((enum tl_type)type, size) || offset + size > layout->size)
		return REFUSE(p, "member `%s` lies outside its element", columns[1]);
	((struct tl_field *)layout->members)[layout->n_members++] = (struct tl_field){
		.name = columns[1], .doc = columns[6], .meaning = columns[3], .arg = "",
		.type = (enum tl_type)type, .offset = (uint16_t)offset, .size = (uint16_t)size,
	};
	return 0;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static const struct keyword {
	const char *word;
	size_t n_columns;
	bool inside;		/* only after an event line */
	int (*parse)(struct parser *p);
} keywords[] = {
	{ "layout", 3, false, layout_line },
	{ "member", 7, false, member_line },
	{ "event", 5, false, event_line },
	{ "field", 9, true, field_line },
	{ "exit", 3, true, exit_line },
	{ "enter", 3, true, enter_line },
	{ "need", 5, true, need_line },
	{ "raw", 3, true, raw_line },
	{ "early", 1, true, early_line },
	{ "attach", 2, true, attach_line },
	{ "maybe", 3, true, maybe_line },
	{ "hook", 2, true, hook_line },
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
		free(catalogue->entries[i].routes);
		free(catalogue->entries[i].needs);
		free(catalogue->entries[i].attaches);
		free(catalogue->entries[i].maybes);
	}
	for (size_t i = 0; i < catalogue->n_layouts; i++)
		free(catalogue->layouts[i]);
	free(catalogue->layouts);
	free(catalogue->entries);
	free(catalogue->text);
	free(catalogue);
}

bool tl_entry_is_early(const struct tl_entry *entry)
{
	for (size_t i = 0; i < TL_FIELDS_MAX; i++)
		if (entry->raw[i])
			return true;
	return entry->early;
}

bool tl_entry_is_told(const struct tl_entry *entry)
{
	static const char follow[] = "tl_follow_";

	return !entry->n_routes && entry->n_attaches && !strncmp(entry->attaches[0], follow, strlen(follow));
}
