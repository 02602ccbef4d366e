// SPDX-License-Identifier: MIT
/* Paths that lie in awkward places of memory. Each command makes one openat with such a path. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "workload.h"

#define PAGE 4096

static const char path[] = "/no/such/file/in/an/awkward/place";

static void open_it(const char *where)
{
	long fd = syscall(SYS_openat, AT_FDCWD, where, O_RDONLY, 0);

	printf("path %s\nret %ld\n", path, fd < 0 ? -errno : fd);
}

/* A temporary file of two pages with the path at `offset`, thrown out of memory as far as it goes. */
static char *cold_pages(long offset)
{
	char name[] = "/tmp/workload.XXXXXX", *pages;
	int fd = mkstemp(name);

	if (fd < 0 || unlink(name) || ftruncate(fd, 2 * PAGE))
		die(name);
	if (pwrite(fd, path, sizeof(path), offset) != sizeof(path))
		die("pwrite");
	fsync(fd);
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	pages = mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	if (pages == MAP_FAILED)
		die("mmap");
	return pages;
}

/* cold: the page with the path is mapped but was never touched. */
static int run_cold(int argc, char **argv)
{
	(void)argc, (void)argv;
	open_it(cold_pages(100) + 100);
	return 0;
}

/* half-cold: the path begins on a page that is there and goes on on one that is not. */
static int run_half_cold(int argc, char **argv)
{
	const char *pages = cold_pages(PAGE - 10);

	(void)argc, (void)argv;
	/* no fault-around: a single page is to come */
	madvise((void *)(uintptr_t)pages, 2 * PAGE, MADV_RANDOM);
	if (*(volatile const char *)pages)
		die("temporary file");
	madvise((void *)(uintptr_t)(pages + PAGE), PAGE, MADV_DONTNEED);
	open_it(pages + PAGE - 10);
	return 0;
}

/* edge: the path's NUL is the last byte of a page, and nothing may be read after it. */
static int run_edge(int argc, char **argv)
{
	char *pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)argc, (void)argv;
	if (pages == MAP_FAILED || mprotect(pages + PAGE, PAGE, PROT_NONE))
		die("mmap");
	memcpy(pages + PAGE - sizeof(path), path, sizeof(path));
	open_it(pages + PAGE - sizeof(path));
	return 0;
}

/* long-path: 4095 bytes, the longest path that there is, and it exists. */
static int run_long_path(int argc, char **argv)
{
	static char longest[PAGE];
	size_t at = 1;

	(void)argc, (void)argv;
	longest[0] = '/';
	while (at < PAGE - sizeof("dev/null"))
		at += (size_t)sprintf(longest + at, "./");
	strcpy(longest + at, "dev/null");
	if (strlen(longest) != PAGE - 1)
		die("length of the path");
	printf("ret %ld\n", syscall(SYS_openat, AT_FDCWD, longest, O_RDONLY, 0));
	return 0;
}

/* bad-path: no memory at all. */
static int run_bad_path(int argc, char **argv)
{
	(void)argc, (void)argv;
	open_it((const char *)(uintptr_t)16);
	return 0;
}

const struct command memory_commands[] = {
	{ "cold", "", run_cold },
	{ "half-cold", "", run_half_cold },
	{ "edge", "", run_edge },
	{ "long-path", "", run_long_path },
	{ "bad-path", "", run_bad_path },
	{ 0 },
};
