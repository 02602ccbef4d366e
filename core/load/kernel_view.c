// SPDX-License-Identifier: MIT
/*
 * The kernel's types as libbpf sees them. It reads and parses all of them for each object that it loads, and looks
 * through all of them for each name in a relocation: nine tenths of the time to the first event. So it is given a
 * part that answers the same, see reduce.h.
 *
 * Linked with --wrap=btf__load_vmlinux_btf, which libbpf calls for each object that it loads, and
 * --wrap=bpf_prog_load: what a program is attached to the kernel knows by its own number, and somebody may watch how
 * far a load is. Without these options libbpf does as it always did.
 */
#include "load/kernel_view.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "load/kernel_btf.h"

/* What the linker makes of the options; a test may have hooks of its own. */
struct btf *__wrap_btf__load_vmlinux_btf(void) __attribute__((weak));
int __wrap_bpf_prog_load(enum bpf_prog_type type, const char *name, const char *license, const struct bpf_insn *insns,
			 size_t n, const struct bpf_prog_load_opts *opts) __attribute__((weak));
struct btf *__real_btf__load_vmlinux_btf(void) __attribute__((weak));
int __real_bpf_prog_load(enum bpf_prog_type type, const char *name, const char *license, const struct bpf_insn *insns,
			 size_t n, const struct bpf_prog_load_opts *opts) __attribute__((weak));

static _Thread_local const struct tl_reduced *used;
static _Thread_local bool (*watcher)(void *arg);
static _Thread_local void *watcher_arg;

void tl_kernel_watch(bool (*fn)(void *arg), void *arg)
{
	watcher = fn;
	watcher_arg = arg;
}

int tl_kernel_reduce(struct tl_reduced *reduced, const struct tl_wanted *wanted)
{
	struct tl_kernel_types types;
	int ret;

	*reduced = (struct tl_reduced){ 0 };
	if (wanted->all)
		return -ENOTSUP;
	ret = tl_kernel_open(&types);
	if (ret)
		return ret;
	ret = tl_btf_index(&types.btf);
	if (!ret)
		ret = tl_reduce(reduced, &types.btf, wanted);
	tl_kernel_close(&types);
	return ret;
}

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

	if (watcher && !watcher(watcher_arg)) {
		errno = ECANCELED;	/* libbpf looks there */
		return -ECANCELED;
	}
	if (!number || number >= used->n || given->attach_btf_obj_fd || given->attach_prog_fd)
		return __real_bpf_prog_load(type, name, license, insns, n, opts);
	given->attach_btf_id = used->numbers[number];
	ret = __real_bpf_prog_load(type, name, license, insns, n, opts);
	given->attach_btf_id = number;
	return ret;
}
