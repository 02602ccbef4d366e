// SPDX-License-Identifier: MIT
/*
 * The kernel's types, faster: libbpf reads them page by page into a buffer and copies that, which was
 * a third of the time to the first event. Since 6.16 the file can be mapped; then one copy is left.
 *
 * Linked with --wrap=btf__load_vmlinux_btf, which libbpf calls for each object that it loads. Without
 * that option this is unused and libbpf does as it always did.
 */
#include "kernel_btf.h"

#include <bpf/btf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/btf.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define BTF_PATH "/sys/kernel/btf/vmlinux"

struct btf *__wrap_btf__load_vmlinux_btf(void) __attribute__((weak));	/* a test may put its own there */

/* The file mapped, or NULL where the kernel does not do that. */
static void *map_file(size_t *size)
{
	int fd = open(BTF_PATH, O_RDONLY | O_CLOEXEC);
	void *memory = MAP_FAILED;
	struct stat st;

	if (fd < 0)
		return NULL;
	if (!fstat(fd, &st) && st.st_size > 0) {
		*size = (size_t)st.st_size;
		memory = mmap(NULL, *size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	}
	close(fd);
	return memory == MAP_FAILED ? NULL : memory;
}

struct btf *__wrap_btf__load_vmlinux_btf(void)
{
	size_t size = 0;
	void *memory = map_file(&size);
	struct btf *btf;

	if (!memory)
		return btf__parse(BTF_PATH, NULL);
	btf = btf__new(memory, (uint32_t)size);
	munmap(memory, size);
	return btf;
}

/* ---- one type ----------------------------------------------------------------------------------
 *
 * Found by walking over the raw types: parsing them all for one name takes ten times as long.
 */

/* Older kernels do not map the file. The caller frees it. */
static void *read_file(size_t *size)
{
	int fd = open(BTF_PATH, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *data;
	ssize_t n = 1;

	*size = 0;
	if (fd < 0)
		return NULL;
	data = !fstat(fd, &st) && st.st_size > 0 ? malloc((size_t)st.st_size) : NULL;
	while (data && n > 0 && *size < (size_t)st.st_size) {
		n = read(fd, data + *size, (size_t)st.st_size - *size);
		*size += n > 0 ? (size_t)n : 0;
	}
	close(fd);
	return data;
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

struct raw_types {
	void *mapped, *data;		/* one of them is to be given back */
	size_t size;
	const char *strings, *at, *end;
	size_t n_strings;
};

static void close_types(struct raw_types *types)
{
	if (types->mapped)
		munmap(types->mapped, types->size);
	else
		free(types->data);
}

static int open_types(struct raw_types *types)
{
	const struct btf_header *head;

	*types = (struct raw_types){ 0 };
	types->mapped = map_file(&types->size);
	types->data = types->mapped ? types->mapped : read_file(&types->size);
	head = types->data;
	if (!head)
		return -ENOENT;
	if (types->size < sizeof(*head) || head->magic != BTF_MAGIC ||
	    (uint64_t)head->hdr_len + head->str_off + head->str_len > types->size ||
	    (uint64_t)head->hdr_len + head->type_off + head->type_len > types->size) {
		close_types(types);
		return -EBADMSG;
	}
	types->strings = (const char *)types->data + head->hdr_len + head->str_off;
	types->n_strings = head->str_len;
	types->at = (const char *)types->data + head->hdr_len + head->type_off;
	types->end = types->at + head->type_len;
	return 0;
}

/* The string at that place; "" if it lies outside, or does not end. */
static const char *string_at(const struct raw_types *types, uint32_t offset)
{
	const char *string = types->strings + offset;

	return offset < types->n_strings && memchr(string, 0, types->n_strings - offset) ? string : "";
}

/* Goes on to the type of that kind and name. Returns its number, or -ENOENT. */
static int find_type(struct raw_types *types, unsigned int kind, const char *name)
{
	size_t len = strlen(name) + 1;

	for (int id = 1; types->end - types->at >= (ptrdiff_t)sizeof(struct btf_type); id++) {
		const struct btf_type *type = (const struct btf_type *)types->at;

		if (BTF_INFO_KIND(type->info) == kind && len <= types->n_strings &&
		    type->name_off <= types->n_strings - len && !memcmp(types->strings + type->name_off, name, len))
			return id;
		types->at += sizeof(*type) + rest_of(type);
	}
	return -ENOENT;
}

int tl_kernel_typedef(const char *name)
{
	struct raw_types types;
	int ret = open_types(&types);

	if (ret)
		return ret == -EBADMSG ? ret : -ENOENT;
	ret = find_type(&types, BTF_KIND_TYPEDEF, name);
	close_types(&types);
	return ret;
}

bool tl_kernel_has_hook(const char *name)
{
	char type[64];
	int n = snprintf(type, sizeof(type), "btf_trace_%s", name);

	return n > 0 && (size_t)n < sizeof(type) && tl_kernel_typedef(type) > 0;
}

/* ---- the names of an enum ---------------------------------------------------------------------- */

/* Members of an enum and their names, the latter behind the former in one block. */
static struct tl_constant *copy_members(const struct raw_types *types, const char *prefix, size_t *n)
{
	const struct btf_type *type = (const struct btf_type *)types->at;
	const struct btf_enum *members = (const struct btf_enum *)(type + 1);
	size_t count = BTF_INFO_VLEN(type->info), skip = strlen(prefix), bytes = 0;
	struct tl_constant *list;
	char *names;

	if ((size_t)(types->end - types->at) < sizeof(*type) + rest_of(type))
		return NULL;
	for (size_t i = 0; i < count; i++)
		bytes += strlen(string_at(types, members[i].name_off)) + 1;
	list = malloc(count * sizeof(*list) + bytes + 1);
	names = (char *)(list + count);
	for (size_t i = 0; list && i < count; i++) {
		const char *name = string_at(types, members[i].name_off);

		if (!strncmp(name, prefix, skip))
			name += skip;
		list[i] = (struct tl_constant){ names, (uint32_t)members[i].val };
		names = stpcpy(names, name) + 1;
	}
	*n = list ? count : 0;
	return list;
}

struct tl_constant *tl_kernel_enum(const char *name, const char *prefix, size_t *n)
{
	struct tl_constant *list = NULL;
	struct raw_types types;

	*n = 0;
	if (open_types(&types))
		return NULL;
	if (find_type(&types, BTF_KIND_ENUM, name) > 0)
		list = copy_members(&types, prefix, n);
	close_types(&types);
	return list;
}

/* ---- domains of which the kernel knows the names ------------------------------------------------ */

#define NAMED_MAX	8

/* Read once for the whole program: the kernel stays the same. */
static struct tl_domain named[NAMED_MAX];
static size_t n_named;
static pthread_mutex_t named_lock = PTHREAD_MUTEX_INITIALIZER;

static const struct tl_domain *find_named(const struct tl_domain *domain)
{
	for (size_t i = 0; i < n_named; i++)
		if (!strcmp(named[i].name, domain->name))
			return &named[i];
	if (n_named == NAMED_MAX)
		return domain;
	named[n_named] = *domain;
	named[n_named].constants = tl_kernel_enum(domain->kernel, domain->prefix, &named[n_named].n);
	return &named[n_named++];
}

const struct tl_domain *tl_domain_named(const struct tl_domain *domain)
{
	if (!domain->kernel)
		return domain;
	pthread_mutex_lock(&named_lock);
	domain = find_named(domain);
	pthread_mutex_unlock(&named_lock);
	return domain;
}
