// SPDX-License-Identifier: MIT
#include "load/reduce.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define FILTER	(1u << 16)

struct reducer {
	const struct tl_btf *kernel;
	const struct tl_wanted *wanted;
	struct { size_t begin, end; } letters[256];	/* the names that begin so */
	bool pairs[1 << 16];		/* a name begins with these two */
	struct {
		uint32_t offset;	/* among the kernel's strings, ascending */
		uint32_t wanted;	/* the number of that name */
	} *names;
	size_t n_names;
	bool *found;			/* by wanted name: there is such a type */
	bool filter[FILTER];		/* false: no name is at such an offset */
	uint32_t *numbers;		/* by the kernel's number: 0 if it is left out, else the new one */
	uint32_t *todo;			/* kept, but not what they contain */
	size_t n_todo;
	uint32_t n;			/* new numbers, with 0 */
	char *types, *strings;
	size_t types_size, strings_size, strings_room;
};

/* ---- names ------------------------------------------------------------------------------------- */

static void note_letters(struct reducer *r)
{
	const struct tl_wanted *wanted = r->wanted;

	for (size_t i = 0; i < wanted->n; i++) {
		unsigned char first = (unsigned char)wanted->names[i].text[0];

		if (!r->letters[first].end)
			r->letters[first].begin = i;
		r->letters[first].end = i + 1;
		r->pairs[first << 8 | (unsigned char)wanted->names[i].text[1]] = true;
	}
}

/*
 * The number of the wanted name that this one is, or -1. For libbpf a name ends before three underscores; it decides
 * itself, so more may be kept.
 */
static int64_t which_name(const struct reducer *r, const char *name)
{
	unsigned char first = (unsigned char)name[0];

	for (size_t i = r->letters[first].begin; i < r->letters[first].end; i++) {
		const char *wanted = r->wanted->names[i].text;
		size_t len;

		if (wanted[1] != name[1])
			continue;
		len = strlen(wanted);
		if (!strncmp(name, wanted, len) && (!name[len] || !strncmp(name + len, "___", 3)))
			return (int64_t)i;
	}
	return -1;
}

static int note_name(struct reducer *r, uint32_t offset, uint32_t wanted)
{
	if (!(r->n_names & (r->n_names + 1))) {
		void *names = realloc(r->names, 2 * (r->n_names + 1) * sizeof(*r->names));

		if (!names)
			return -ENOMEM;
		r->names = names;
	}
	r->names[r->n_names].offset = offset;
	r->names[r->n_names++].wanted = wanted;
	r->filter[offset % FILTER] = true;
	return 0;
}

static int find_names(struct reducer *r)
{
	const char *strings = r->kernel->strings, *end = strings + r->kernel->strings_size;

	note_letters(r);
	for (const char *at = strings; at < end; at += strlen(at) + 1) {
		const unsigned char *first = (const unsigned char *)at;
		int64_t wanted = first[0] && r->pairs[first[0] << 8 | first[1]] ? which_name(r, at) : -1;

		if (wanted >= 0 && note_name(r, (uint32_t)(at - strings), (uint32_t)wanted))
			return -ENOMEM;
	}
	return 0;
}

/* The number of the wanted name at that offset, or -1. */
static int64_t name_at(const struct reducer *r, uint32_t offset)
{
	size_t low = 0, high = r->n_names;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (r->names[middle].offset < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low < r->n_names && r->names[low].offset == offset ? (int64_t)r->names[low].wanted : -1;
}

/* ---- what is kept ------------------------------------------------------------------------------ */

static void keep(struct reducer *r, uint32_t number)
{
	if (number >= r->kernel->n || !number || r->numbers[number])
		return;
	r->numbers[number] = 1;
	r->todo[r->n_todo++] = number;
}

/* Whether a relocation can be about it. */
static bool is_layout(unsigned int kind)
{
	switch (kind) {
	case BTF_KIND_INT: case BTF_KIND_STRUCT: case BTF_KIND_UNION: case BTF_KIND_ENUM: case BTF_KIND_TYPEDEF:
	case BTF_KIND_FLOAT: case BTF_KIND_ENUM64: return true;
	default: return false;
	}
}

static void keep_named(struct reducer *r)
{
	for (uint32_t i = 1; i < r->kernel->n; i++) {
		const struct btf_type *type = tl_btf_type(r->kernel, i);
		unsigned int kind = BTF_INFO_KIND(type->info);
		int64_t wanted;

		if (!r->filter[type->name_off % FILTER] || !(is_layout(kind) || kind == BTF_KIND_FUNC || kind == BTF_KIND_FWD))
			continue;
		wanted = name_at(r, type->name_off);
		if (wanted < 0)
			continue;
		keep(r, i);
		r->found[wanted] |= is_layout(kind);
	}
}

/* What is missing may be in a module, and that is not looked into here. */
static bool has_all_needed(const struct reducer *r)
{
	for (size_t i = 0; i < r->wanted->n; i++)
		if (r->wanted->names[i].needed && !r->found[i])
			return false;
	return true;
}

/* Whether `type` of the head names a type that comes along. */
static bool is_same_thing(const struct btf_type *type)
{
	switch (BTF_INFO_KIND(type->info)) {
	case BTF_KIND_TYPEDEF: case BTF_KIND_VOLATILE: case BTF_KIND_CONST: case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG: return true;
	default: return false;
	}
}

static void keep_contents(struct reducer *r, const struct btf_type *type)
{
	unsigned int kind = BTF_INFO_KIND(type->info);
	const struct btf_array *array = (const void *)(type + 1);
	const struct btf_member *members = (const void *)(type + 1);

	if (is_same_thing(type))
		keep(r, type->type);
	if (kind == BTF_KIND_ARRAY) {
		keep(r, array->type);
		keep(r, array->index_type);
	}
	if (kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION)
		for (unsigned int i = 0; i < BTF_INFO_VLEN(type->info); i++)
			keep(r, members[i].type);
}

/* In the order of the kernel, which is that in which libbpf would find them. */
static void give_numbers(struct reducer *r)
{
	size_t next = 0;

	r->n = 1;
	for (uint32_t i = 1; i < r->kernel->n; i++) {
		if (!r->numbers[i])
			continue;
		r->numbers[i] = r->n++;
		tl_btf_at(r->kernel, r->kernel->offsets[i], &next);
		r->types_size += next - r->kernel->offsets[i];
	}
}

static int choose(struct reducer *r)
{
	int ret;

	r->numbers = calloc(r->kernel->n, sizeof(*r->numbers));
	r->todo = malloc(r->kernel->n * sizeof(*r->todo));
	r->found = calloc(r->wanted->n + 1, sizeof(*r->found));
	ret = r->numbers && r->todo && r->found ? find_names(r) : -ENOMEM;
	if (ret)
		return ret;
	keep_named(r);
	if (!has_all_needed(r))
		return -ENOENT;
	while (r->n_todo)
		keep_contents(r, tl_btf_type(r->kernel, r->todo[--r->n_todo]));
	give_numbers(r);
	return 0;
}

/* ---- writing ----------------------------------------------------------------------------------- */

/* The string's new offset; -ENOMEM. */
static int64_t put_string(struct reducer *r, uint32_t offset)
{
	const char *string = tl_btf_string(r->kernel, offset);
	size_t size = strlen(string) + 1, at = r->strings_size;

	if (size == 1 && at)
		return 0;
	if (size > r->strings_room - at) {
		size_t room = 2 * r->strings_room + size;
		char *strings = realloc(r->strings, room);

		if (!strings)
			return -ENOMEM;
		r->strings = strings;
		r->strings_room = room;
	}
	memcpy(r->strings + at, string, size);
	r->strings_size += size;
	return (int64_t)at;
}

static int rename_at(struct reducer *r, uint32_t *name_off)
{
	int64_t offset = put_string(r, *name_off);

	if (offset < 0)
		return (int)offset;
	*name_off = (uint32_t)offset;
	return 0;
}

static int write_members(struct reducer *r, struct btf_member *members, unsigned int n)
{
	int ret = 0;

	for (unsigned int i = 0; !ret && i < n; i++) {
		ret = rename_at(r, &members[i].name_off);
		members[i].type = members[i].type < r->kernel->n ? r->numbers[members[i].type] : 0;
	}
	return ret;
}

/* Values of 32 and of 64 bits begin with their name. */
static int write_values(struct reducer *r, char *values, unsigned int n, size_t size)
{
	int ret = 0;

	for (unsigned int i = 0; !ret && i < n; i++)
		ret = rename_at(r, (uint32_t *)(void *)(values + i * size));
	return ret;
}

static void write_array(const struct reducer *r, struct btf_array *array)
{
	array->type = array->type < r->kernel->n ? r->numbers[array->type] : 0;
	array->index_type = array->index_type < r->kernel->n ? r->numbers[array->index_type] : 0;
}

/* A copy of the kernel's, with numbers and names as they are here. */
static int write_type(struct reducer *r, struct btf_type *type)
{
	unsigned int kind = BTF_INFO_KIND(type->info), n = BTF_INFO_VLEN(type->info);
	int ret = rename_at(r, &type->name_off);

	if (ret)
		return ret;
	if (is_same_thing(type))
		type->type = type->type < r->kernel->n ? r->numbers[type->type] : 0;
	else if (kind == BTF_KIND_PTR || kind == BTF_KIND_FUNC || kind == BTF_KIND_FUNC_PROTO)
		type->type = 0;
	else if (kind == BTF_KIND_ARRAY)
		write_array(r, (void *)(type + 1));
	else if (kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION)
		ret = write_members(r, (void *)(type + 1), n);
	else if (kind == BTF_KIND_ENUM)
		ret = write_values(r, (void *)(type + 1), n, sizeof(struct btf_enum));
	else if (kind == BTF_KIND_ENUM64)
		ret = write_values(r, (void *)(type + 1), n, sizeof(struct btf_enum64));
	if (kind == BTF_KIND_FUNC_PROTO)
		memset(type + 1, 0, n * sizeof(struct btf_param));
	return ret;
}

static int write_types(struct reducer *r, struct tl_reduced *reduced)
{
	size_t at = 0, next = 0;
	int ret = (int)put_string(r, 0);

	for (uint32_t i = 1; !ret && i < r->kernel->n; i++) {
		if (!r->numbers[i])
			continue;
		reduced->numbers[r->numbers[i]] = i;
		tl_btf_at(r->kernel, r->kernel->offsets[i], &next);
		next -= r->kernel->offsets[i];
		memcpy(r->types + at, tl_btf_type(r->kernel, i), next);
		ret = write_type(r, (void *)(r->types + at));
		at += next;
	}
	return ret;
}

static int write_all(struct reducer *r, struct tl_reduced *reduced)
{
	struct btf_header head = { .magic = BTF_MAGIC, .version = BTF_VERSION, .hdr_len = sizeof(head) };
	int ret;

	reduced->n = r->n;
	reduced->numbers = calloc(r->n, sizeof(*reduced->numbers));
	r->types = malloc(r->types_size + 1);
	ret = reduced->numbers && r->types ? write_types(r, reduced) : -ENOMEM;
	if (ret)
		return ret;
	head.type_len = head.str_off = (uint32_t)r->types_size;
	head.str_len = (uint32_t)r->strings_size;
	reduced->size = sizeof(head) + r->types_size + r->strings_size;
	reduced->data = malloc(reduced->size);
	if (!reduced->data)
		return -ENOMEM;
	memcpy(reduced->data, &head, sizeof(head));
	memcpy((char *)reduced->data + sizeof(head), r->types, r->types_size);
	memcpy((char *)reduced->data + sizeof(head) + r->types_size, r->strings, r->strings_size);
	return 0;
}

int tl_reduce(struct tl_reduced *reduced, const struct tl_btf *kernel, const struct tl_wanted *wanted)
{
	struct reducer *r = calloc(1, sizeof(*r));
	int ret = -ENOMEM;

	*reduced = (struct tl_reduced){ 0 };
	if (r) {
		r->kernel = kernel;
		r->wanted = wanted;
		ret = choose(r);
		if (!ret)
			ret = write_all(r, reduced);
		free(r->names);
		free(r->found);
		free(r->numbers);
		free(r->todo);
		free(r->types);
		free(r->strings);
		free(r);
	}
	if (ret)
		tl_reduced_close(reduced);
	return ret;
}

void tl_reduced_close(struct tl_reduced *reduced)
{
	free(reduced->data);
	free(reduced->numbers);
	*reduced = (struct tl_reduced){ 0 };
}
