// SPDX-License-Identifier: MIT
/*
 * The kernel's types as libbpf sees them. It reads and parses all of them for each object that it loads, and looks
 * through all of them for each name in a relocation: nine tenths of the time to the first event. So it is given a
 * part that answers the same, see reduce.h.
 *
 * Linked with --wrap=btf__load_vmlinux_btf, which libbpf calls for each object that it loads, and
 * --wrap=bpf_prog_load: what a program is attached to the kernel knows by its own number. Without these options libbpf
 * does as it always did. Since Linux 6.16 the file can be mapped.
 */
#include "kernel_btf.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define BTF_PATH "/sys/kernel/btf/vmlinux"

/* What the linker makes of the options; a test may have hooks of its own. */
struct btf *__wrap_btf__load_vmlinux_btf(void) __attribute__((weak));
int __wrap_bpf_prog_load(enum bpf_prog_type type, const char *name, const char *license, const struct bpf_insn *insns,
			 size_t n, const struct bpf_prog_load_opts *opts) __attribute__((weak));
struct btf *__real_btf__load_vmlinux_btf(void) __attribute__((weak));
int __real_bpf_prog_load(enum bpf_prog_type type, const char *name, const char *license, const struct bpf_insn *insns,
			 size_t n, const struct bpf_prog_load_opts *opts) __attribute__((weak));

static _Thread_local const struct tl_reduced *used;

/* ---- reading ----------------------------------------------------------------------------------- */

struct file {
	void *data;
	size_t size;
	bool mapped;
};

/* Page by page, as the kernel gives it. */
static void *read_pages(int fd, size_t size)
{
	char *data = malloc(size);
	size_t got = 0;
	ssize_t n = 1;

	for (; data && n > 0 && got < size; got += n > 0 ? (size_t)n : 0)
		n = read(fd, data + got, size - got);
	if (got == size)
		return data;
	free(data);
	return NULL;
}

static int open_file(struct file *file)
{
	int fd = open(BTF_PATH, O_RDONLY | O_CLOEXEC);
	struct stat st;

	*file = (struct file){ 0 };
	if (fd < 0)
		return -errno;
	if (!fstat(fd, &st) && st.st_size > 0) {
		file->size = (size_t)st.st_size;
		file->data = mmap(NULL, file->size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
		file->mapped = file->data != MAP_FAILED;
		if (!file->mapped)
			file->data = read_pages(fd, file->size);
	}
	close(fd);
	return file->data ? 0 : -ENOENT;
}

static void close_file(struct file *file)
{
	if (file->mapped)
		munmap(file->data, file->size);
	else
		free(file->data);
}

static int find_typedef(const struct tl_btf *btf, const char *name)
{
	size_t len = strlen(name) + 1, next;
	const struct btf_type *type;

	for (size_t at = 0, number = 1; (type = tl_btf_at(btf, at, &next)); at = next, number++)
		if (BTF_INFO_KIND(type->info) == BTF_KIND_TYPEDEF && len <= btf->strings_size &&
		    type->name_off <= btf->strings_size - len && !memcmp(btf->strings + type->name_off, name, len))
			return (int)number;
	return -ENOENT;
}

int tl_kernel_typedef(const char *name)
{
	struct tl_btf btf;
	struct file file;
	int ret = open_file(&file);

	if (ret)
		return ret;
	ret = tl_btf_view(&btf, file.data, file.size);
	if (!ret)
		ret = find_typedef(&btf, name);
	close_file(&file);
	return ret;
}

int tl_kernel_reduce(struct tl_reduced *reduced, const struct tl_wanted *wanted)
{
	struct tl_btf btf;
	struct file file;
	int ret;

	*reduced = (struct tl_reduced){ 0 };
	if (wanted->all)
		return -ENOTSUP;
	ret = open_file(&file);
	if (ret)
		return ret;
	ret = tl_btf_view(&btf, file.data, file.size);
	if (!ret)
		ret = tl_btf_index(&btf);
	if (!ret)
		ret = tl_reduce(reduced, &btf, wanted);
	tl_btf_close(&btf);
	close_file(&file);
	return ret;
}

/* ---- what libbpf sees -------------------------------------------------------------------------- */

/* For relocations it takes them from a file only. */
int tl_kernel_begin(const struct tl_reduced *reduced, char path[TL_KERNEL_PATH])
{
	int fd = memfd_create("tl_kernel_types", MFD_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (write(fd, reduced->data, reduced->size) != (ssize_t)reduced->size) {
		close(fd);
		return -ENOMEM;
	}
	snprintf(path, TL_KERNEL_PATH, "/proc/self/fd/%d", fd);
	used = reduced;
	return fd;
}

void tl_kernel_end(int fd)
{
	close(fd);
	used = NULL;
}

struct btf *__wrap_btf__load_vmlinux_btf(void)
{
	return used && __real_bpf_prog_load ? btf__new(used->data, (uint32_t)used->size) : __real_btf__load_vmlinux_btf();
}

int __wrap_bpf_prog_load(enum bpf_prog_type type, const char *name, const char *license, const struct bpf_insn *insns,
			 size_t n, const struct bpf_prog_load_opts *opts)
{
	/* libbpf's own, which it tries again with if the kernel refuses. */
	struct bpf_prog_load_opts *given = (struct bpf_prog_load_opts *)(uintptr_t)opts;
	uint32_t number = given && used ? given->attach_btf_id : 0;
	int ret;

	if (!number || number >= used->n || given->attach_btf_obj_fd || given->attach_prog_fd)
		return __real_bpf_prog_load(type, name, license, insns, n, opts);
	given->attach_btf_id = used->numbers[number];
	ret = __real_bpf_prog_load(type, name, license, insns, n, opts);
	given->attach_btf_id = number;
	return ret;
}
