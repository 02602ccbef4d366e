// SPDX-License-Identifier: MIT
#include "load/raw_btf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int tl_btf_view(struct tl_btf *btf, const void *data, size_t size)
{
	const struct btf_header *head = data;
	uint64_t types, strings;

	*btf = (struct tl_btf){ 0 };
	if (size < sizeof(*head) || (uintptr_t)data % sizeof(uint32_t) || head->magic != BTF_MAGIC)
		return -EBADMSG;
	types = (uint64_t)head->hdr_len + head->type_off;
	strings = (uint64_t)head->hdr_len + head->str_off;
	if (types + head->type_len > size || strings + head->str_len > size || types % sizeof(uint32_t) ||
	    (head->str_len && ((const char *)data)[strings + head->str_len - 1]))
		return -EBADMSG;
	btf->types = (const char *)data + types;
	btf->types_size = head->type_len;
	btf->strings = (const char *)data + strings;
	btf->strings_size = head->str_len;
	return 0;
}

/* Bytes that follow a type's head. */
static size_t rest_of(const struct btf_type *type)
{
	size_t n = BTF_INFO_VLEN(type->info);

	switch (BTF_INFO_KIND(type->info)) {
	case BTF_KIND_INT: case BTF_KIND_VAR: case BTF_KIND_DECL_TAG: return sizeof(uint32_t);
	case BTF_KIND_ARRAY: return sizeof(struct btf_array);
	case BTF_KIND_STRUCT: case BTF_KIND_UNION: return n * sizeof(struct btf_member);
	case BTF_KIND_ENUM: return n * sizeof(struct btf_enum);
	case BTF_KIND_FUNC_PROTO: return n * sizeof(struct btf_param);
	case BTF_KIND_DATASEC: return n * sizeof(struct btf_var_secinfo);
	case BTF_KIND_ENUM64: return n * sizeof(struct btf_enum64);
	default: return 0;
	}
}

const struct btf_type *tl_btf_at(const struct tl_btf *btf, size_t offset, size_t *next)
{
	const struct btf_type *type = (const void *)(btf->types + offset);
	size_t room = btf->types_size - offset;

	if (offset > btf->types_size || room < sizeof(*type) || rest_of(type) > room - sizeof(*type))
		return NULL;
	*next = offset + sizeof(*type) + rest_of(type);
	return type;
}

int tl_btf_index(struct tl_btf *btf)
{
	/* As many as there can be: of what is not written to, nothing is taken. */
	uint32_t *offsets = malloc((btf->types_size / sizeof(struct btf_type) + 2) * sizeof(*offsets));

	if (!offsets)
		return -ENOMEM;
	btf->n = 1;
	for (size_t at = 0, next; tl_btf_at(btf, at, &next); at = next)
		offsets[btf->n++] = (uint32_t)at;
	btf->offsets = offsets;
	return 0;
}

void tl_btf_close(struct tl_btf *btf)
{
	free(btf->offsets);
	*btf = (struct tl_btf){ 0 };
}

const struct btf_type *tl_btf_type(const struct tl_btf *btf, uint32_t number)
{
	return number && number < btf->n ? (const void *)(btf->types + btf->offsets[number]) : NULL;
}

const char *tl_btf_string(const struct tl_btf *btf, uint32_t offset)
{
	return offset < btf->strings_size ? btf->strings + offset : "";
}
