// SPDX-License-Identifier: MIT
#include "decode/naming.h"

#include <string.h>

#include "tl_abi.h"

#define TOLD(word, text) \
	{ .name = word, .doc = text, .meaning = "", .arg = "", .type = TL_TYPE_OF_CGROUP, .named = true, \
	  .offset = offsetof(struct tl_record, cgroup), .size = sizeof(uint64_t), .number = TL_F_CGROUP }

static const struct tl_field fields[TL_CGROUP_TEXTS] = {
	[TL_CGROUP_PATH] = TOLD("cgroup_path", "The path of the process's cgroup."),
	[TL_CGROUP_UNIT] = TOLD("unit", "The unit of systemd that the process belongs to."),
	[TL_CGROUP_CONTAINER] = TOLD("container", "The container that it is in: its name, or else its id."),
	[TL_CGROUP_CONTAINER_ID] = TOLD("container_id", "The id of that container."),
};

const struct tl_field *tl_naming_field(const char *name)
{
	for (size_t i = 0; i < TL_CGROUP_TEXTS; i++)
		if (!strcmp(fields[i].name, name))
			return &fields[i];
	return NULL;
}

const char *tl_naming_name(size_t i)
{
	return i < TL_CGROUP_TEXTS ? fields[i].name : NULL;
}

void tl_naming_read(struct tl_naming *naming, const struct tl_field *field, uint64_t cgroup, struct tl_value *value)
{
	enum tl_cgroup_text which = (enum tl_cgroup_text)(field - fields);
	char *text = naming && naming->fn ? naming->texts[which] : NULL;
	bool settled = false;
	int len = text ? naming->fn(naming->arg, cgroup, which, text, TL_CGROUP_TEXT_MAX, &settled) : -1;

	*value = (struct tl_value){ .kind = TL_NIL };
	if (text && !settled)
		naming->open = true;
	if (len < 0)
		return;
	value->kind = TL_STRING;
	value->cut = len >= TL_CGROUP_TEXT_MAX;
	value->s.ptr = text;
	value->s.len = value->cut ? TL_CGROUP_TEXT_MAX - 1 : (size_t)len;
}
