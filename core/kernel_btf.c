// SPDX-License-Identifier: MIT
/*
 * The kernel's types, faster: libbpf reads them page by page into a buffer and copies that, which was
 * a third of the time to the first event. Since 6.16 the file can be mapped; then one copy is left.
 *
 * Linked with --wrap=btf__load_vmlinux_btf, which libbpf calls for each object that it loads. Without
 * that option this is unused and libbpf does as it always did.
 */
#include <bpf/btf.h>
#include <fcntl.h>
#include <stdint.h>
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
