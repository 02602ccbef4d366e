// SPDX-License-Identifier: MIT
/* What the tools for files are asked about: N things that a tool must show, and as many that it must not. */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "workload.h"

static const char *in_folder(const char *folder, const char *name, long i)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s%ld", folder, name, i);
	return path;
}

/* ---- bytes ----------------------------------------------------------------------------------- */

/* transfers FOLDER N: N writes of 100 bytes to FOLDER/out0 and to a pipe, N reads of 50 from FOLDER/in0; one fails. */
static int run_transfers(int argc, char **argv)
{
	char bytes[100] = "";
	int out, in, ends[2];

	if (argc < 3)
		return 2;
	out = open(in_folder(argv[1], "out", 0), O_RDWR | O_CREAT | O_TRUNC, 0600);
	must(out, "out");
	in = open(in_folder(argv[1], "in", 0), O_RDWR | O_CREAT | O_TRUNC, 0600);
	must(in, "in");
	must(ftruncate(in, 50), "ftruncate");
	must(pipe(ends), "pipe");
	for (long i = 0; i < number(argv[2]); i++) {
		must(write(out, bytes, 100), "write");
		must(write(ends[1], bytes, 100), "pipe");
		must(read(ends[0], bytes, 100), "pipe");
		must(pread(in, bytes, 50, 0), "pread");
	}
	if (read(out, NULL, 0) < 0 || read(-1, bytes, 1) >= 0)
		die("read");
	return 0;
}

/* says FOLDER N: N times "hello N\n" is written to FOLDER/said0, and other words to FOLDER/other0; both are read back. */
static int run_says(int argc, char **argv)
{
	char text[64];
	int said, other;

	if (argc < 3)
		return 2;
	said = open(in_folder(argv[1], "said", 0), O_RDWR | O_CREAT | O_TRUNC, 0600);
	other = open(in_folder(argv[1], "other", 0), O_RDWR | O_CREAT | O_TRUNC, 0600);
	must(said, "said");
	must(other, "other");
	for (long i = 1; i <= number(argv[2]); i++) {
		int length = snprintf(text, sizeof(text), "hello %ld\n", i);

		must(pwrite(said, text, (size_t)length, 0), "pwrite");
		must(pwrite(other, "secret\n", 7, 0), "pwrite");
		must(pread(said, text, sizeof(text), 0), "pread");
		must(pread(other, text, sizeof(text), 0), "pread");
	}
	return 0;
}

/*
 * slow-writes FOLDER N MEGABYTES LEAST_US: N writes of so many megabytes, and of one byte. "large K" and "small K" of
 * them took LEAST_US or longer, the one byte as seen from here, so that at most so many did.
 */
static int run_slow_writes(int argc, char **argv)
{
	long n, size, large = 0, small = 0;
	uint64_t least, begin;
	char *bytes;
	int fd;

	if (argc < 5)
		return 2;
	n = number(argv[2]);
	size = number(argv[3]) << 20;
	least = (uint64_t)number(argv[4]) * 1000;
	bytes = calloc(1, (size_t)size);
	fd = open(in_folder(argv[1], "slow", 0), O_RDWR | O_CREAT | O_TRUNC, 0600);
	must(bytes ? fd : -1, "slow");
	for (long i = 0; i < n; i++) {
		begin = now_ns();
		if (pwrite(fd, bytes, (size_t)size, 0) != size)
			die("pwrite");
		large += now_ns() - begin >= least;
		begin = now_ns();
		must(pwrite(fd, bytes, 1, 0), "pwrite");
		small += now_ns() - begin >= least;
	}
	printf("large %ld\nsmall %ld\n", large, small);
	return 0;
}

/* ---- the life of files ----------------------------------------------------------------------- */

static void make(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	must(fd, path);
	close(fd);
}

/*
 * lives FOLDER N MS: N files are made and removed MS later, half of them under another name. As many were there before
 * (FOLDER/old0 …), are opened with O_CREAT and removed; as many are made and stay. In the end names without their folder.
 */
static int run_lives(int argc, char **argv)
{
	long n;

	if (argc < 4)
		return 2;
	n = number(argv[2]);
	for (long i = 0; i < n; i++) {
		char path[4096];

		strcpy(path, in_folder(argv[1], "brief", i));
		make(path);
		usleep((useconds_t)number(argv[3]) * 1000);
		if (i % 2) {
			must(rename(path, in_folder(argv[1], "renamed", i)), "rename");
			must(unlink(in_folder(argv[1], "renamed", i)), "unlink");
		} else {
			must(syscall(SYS_unlinkat, AT_FDCWD, path, 0), "unlinkat");
		}
		make(in_folder(argv[1], "old", i));
		must(unlink(in_folder(argv[1], "old", i)), "unlink");
		make(in_folder(argv[1], "stays", i));
	}
	must(chdir(argv[1]), "chdir");
	make("bare");
	must(unlink("bare"), "unlink");
	return 0;
}

/* syncs FOLDER N: N of each call that brings a file to the disk, and of one that asks how much is there. */
static int run_syncs(int argc, char **argv)
{
	char *memory;
	struct stat st;
	int fd;

	if (argc < 3)
		return 2;
	fd = open(in_folder(argv[1], "synced", 0), O_RDWR | O_CREAT | O_TRUNC, 0600);
	must(fd, "synced");
	must(ftruncate(fd, 4096), "ftruncate");
	memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		die("mmap");
	for (long i = 0; i < number(argv[2]); i++) {
		memory[0] = (char)i;
		must(fsync(fd), "fsync");
		must(fdatasync(fd), "fdatasync");
		must(sync_file_range(fd, 0, 4096, SYNC_FILE_RANGE_WRITE), "sync_file_range");
		must(msync(memory, 4096, MS_SYNC), "msync");
		must(fstat(fd, &st), "fstat");
		if (fsync(-1) == 0)
			die("fsync");
	}
	return 0;
}

/* mounts FOLDER N: N mounts of a tmpfs and their unmounts, N unmounts of what is no mount. */
static int run_mounts(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	must(unshare(CLONE_NEWNS), "unshare");
	must(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), "private");
	for (long i = 0; i < number(argv[2]); i++) {
		must(mount("a source", argv[1], "tmpfs", MS_NOSUID | MS_NOEXEC, "size=64k"), "mount");
		must(umount2(argv[1], MNT_DETACH), "umount2");
		if (umount2("/no/such/file", 0) == 0)
			die("umount2");
	}
	return 0;
}

const struct command file_chore_commands[] = {
	{ "transfers", "FOLDER N", run_transfers },
	{ "says", "FOLDER N", run_says },
	{ "slow-writes", "FOLDER N MEGABYTES LEAST_US", run_slow_writes },
	{ "lives", "FOLDER N MS", run_lives },
	{ "syncs", "FOLDER N", run_syncs },
	{ "mounts", "FOLDER N", run_mounts },
	{ NULL, NULL, NULL },
};
