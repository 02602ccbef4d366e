// SPDX-License-Identifier: MIT
/* The kernel's types, one by one: parsing them all for one name takes ten times as long. */
#include "load/kernel_btf.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define BTF_PATH "/sys/kernel/btf/vmlinux"

/* Page by page, as the kernel gives it. */
static void *read_pages(int fd, size_t from, size_t size)
{
	char *data = malloc(size);
	size_t got = 0;
	ssize_t n = 1;

	for (; data && n > 0 && got < size; got += n > 0 ? (size_t)n : 0)
		n = pread(fd, data + got, size - got, (off_t)(from + got));
	if (got == size)
		return data;
	free(data);
	return NULL;
}

/* Since Linux 6.16 the file can be mapped. */
static void *read_file(struct tl_kernel_types *types)
{
	int fd = open(BTF_PATH, O_RDONLY | O_CLOEXEC);
	void *data = NULL;
	struct stat st;

	if (fd < 0)
		return NULL;
	if (!fstat(fd, &st) && st.st_size > 0) {
		types->size = (size_t)st.st_size;
		data = mmap(NULL, types->size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
		types->mapped = data != MAP_FAILED;
		if (!types->mapped)
			data = read_pages(fd, 0, types->size);
	}
	close(fd);
	return data;
}

int tl_kernel_open(struct tl_kernel_types *types)
{
	int ret;

	*types = (struct tl_kernel_types){ 0 };
	types->data = read_file(types);
	if (!types->data)
		return -ENOENT;
	ret = tl_btf_view(&types->btf, types->data, types->size);
	if (ret)
		tl_kernel_close(types);
	return ret;
}

void tl_kernel_close(struct tl_kernel_types *types)
{
	tl_btf_close(&types->btf);
	if (types->mapped)
		munmap(types->data, types->size);
	else
		free(types->data);
	*types = (struct tl_kernel_types){ 0 };
}

/* Its number, and the type; -ENOENT. */
static int find_type(const struct tl_btf *btf, unsigned int kind, const char *name, const struct btf_type **found)
{
	size_t len = strlen(name) + 1, next;

	*found = NULL;
	for (size_t at = 0, number = 1; (*found = tl_btf_at(btf, at, &next)); at = next, number++)
		if (BTF_INFO_KIND((*found)->info) == kind && len <= btf->strings_size &&
		    (*found)->name_off <= btf->strings_size - len &&
		    !memcmp(btf->strings + (*found)->name_off, name, len))
			return (int)number;
	return -ENOENT;
}

int tl_kernel_typedef(const char *name)
{
	const struct btf_type *type;
	struct tl_kernel_types types;
	int ret = tl_kernel_open(&types);

	if (ret)
		return ret;
	ret = find_type(&types.btf, BTF_KIND_TYPEDEF, name, &type);
	tl_kernel_close(&types);
	return ret;
}

static bool has_name(int fd, const char *name)
{
	size_t len = strlen(name) + 1, from;
	struct btf_header head;
	char *names, *found;

	if (pread(fd, &head, sizeof(head), 0) != sizeof(head) || head.magic != BTF_MAGIC)
		return false;
	from = (size_t)head.hdr_len + head.str_off;
	names = read_pages(fd, from, head.str_len);
	found = names ? memmem(names, head.str_len, name, len) : NULL;
	while (found && found > names && found[-1])	/* the end of a longer one */
		found = memmem(found + 1, (size_t)(names + head.str_len - found - 1), name, len);
	free(names);
	return found != NULL;
}

bool tl_kernel_has_name(const char *name)
{
	int fd = open(BTF_PATH, O_RDONLY | O_CLOEXEC);
	bool has = fd >= 0 && has_name(fd, name);

	if (fd >= 0)
		close(fd);
	return has;
}

bool tl_kernel_has_hook(const char *name)
{
	char type[64];
	int n = snprintf(type, sizeof(type), "btf_trace_%s", name);

	return n > 0 && (size_t)n < sizeof(type) && tl_kernel_typedef(type) > 0;
}

/* ---- the names of an enum ---------------------------------------------------------------------- */

/* Members of an enum and their names, the latter behind the former in one block. */
static struct tl_constant *copy_members(const struct tl_btf *btf, const struct btf_type *type, const char *prefix,
					size_t *n)
{
	const struct btf_enum *members = (const struct btf_enum *)(type + 1);
	size_t count = BTF_INFO_VLEN(type->info), skip = strlen(prefix), bytes = 0;
	struct tl_constant *list;
	char *names;

	for (size_t i = 0; i < count; i++)
		bytes += strlen(tl_btf_string(btf, members[i].name_off)) + 1;
	list = malloc(count * sizeof(*list) + bytes + 1);
	names = (char *)(list + count);
	for (size_t i = 0; list && i < count; i++) {
		const char *name = tl_btf_string(btf, members[i].name_off);

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
	const struct btf_type *type;
	struct tl_kernel_types types;

	*n = 0;
	if (tl_kernel_open(&types))
		return NULL;
	if (find_type(&types.btf, BTF_KIND_ENUM, name, &type) > 0)
		list = copy_members(&types.btf, type, prefix, n);
	tl_kernel_close(&types);
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
