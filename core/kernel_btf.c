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

static int find_typedef(const char *data, size_t size, const char *name)
{
	const struct btf_header *head = (const struct btf_header *)data;
	const char *strings, *at, *end;
	size_t len = strlen(name) + 1;

	if (size < sizeof(*head) || head->magic != BTF_MAGIC ||
	    (uint64_t)head->hdr_len + head->str_off + head->str_len > size ||
	    (uint64_t)head->hdr_len + head->type_off + head->type_len > size)
		return -EBADMSG;
	strings = data + head->hdr_len + head->str_off;
	at = data + head->hdr_len + head->type_off;
	end = at + head->type_len;
	for (int id = 1; end - at >= (ptrdiff_t)sizeof(struct btf_type); id++) {
		const struct btf_type *type = (const struct btf_type *)at;

		if (BTF_INFO_KIND(type->info) == BTF_KIND_TYPEDEF && len <= head->str_len &&
		    type->name_off <= head->str_len - len && !memcmp(strings + type->name_off, name, len))
			return id;
		at += sizeof(*type) + rest_of(type);
	}
	return -ENOENT;
}

int tl_kernel_typedef(const char *name)
{
	size_t size = 0;
	void *mapped = map_file(&size), *data = mapped ? mapped : read_file(&size);
	int ret = data ? find_typedef(data, size, name) : -ENOENT;

	if (mapped)
		munmap(mapped, size);
	else
		free(data);
	return ret;
}

bool tl_kernel_has_hook(const char *name)
{
	char type[64];
	int n = snprintf(type, sizeof(type), "btf_trace_%s", name);

	return n > 0 && (size_t)n < sizeof(type) && tl_kernel_typedef(type) > 0;
}
