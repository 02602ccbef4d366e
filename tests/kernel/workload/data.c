// SPDX-License-Identifier: MIT
/* Bytes that go over: in several buffers, fewer than there is room for, many of them. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "workload.h"

/*
 * vectors FOLDER: writev of "one", "", "three33" into a file; readv of them into buffers that are larger and
 * full of 'X'; preadv at 3; pwritev2. Then one of 100 buffers with a letter each.
 */
static int run_vectors(int argc, char **argv)
{
	char out[100], a[8], b[8], c[8];
	struct iovec some[] = { { (char *)"one", 3 }, { NULL, 0 }, { (char *)"three33", 7 } };
	struct iovec room[] = { { a, 4 }, { b, 2 }, { c, sizeof(c) } }, many[100];
	int fd = new_file(argc > 1 ? argv[1] : "", "vectors");

	memset(a, 'X', sizeof(a));
	memset(b, 'X', sizeof(b));
	memset(c, 'X', sizeof(c));
	syscall(SYS_writev, fd, some, 3);
	lseek(fd, 0, SEEK_SET);
	syscall(SYS_readv, fd, room, 3);		/* 10 of the 14 bytes that there is room for */
	memset(b, 'X', sizeof(b));
	syscall(SYS_preadv, fd, room, 2, 7, 0);		/* 3 of 6 */
	syscall(SYS_pwritev2, fd, some, 1, 1, 0, 0);
	syscall(SYS_readv, fd, room, 3);		/* 0: the end */
	for (int i = 0; i < 100; i++) {
		out[i] = (char)('0' + i % 10);
		many[i] = (struct iovec){ &out[i], 1 };
	}
	syscall(SYS_writev, fd, many, 100);
	syscall(SYS_writev, 987, some, 3);		/* fails */
	syscall(SYS_readv, fd, (void *)16, 3);		/* no memory there */
	return 0;
}

/* large SIZE: SIZE bytes are written to a file and read back, with room for twice as many. */
static int run_large(int argc, char **argv)
{
	long size = number(argc > 2 ? argv[2] : "");
	unsigned char *bytes = malloc((size_t)size * 2);
	int fd = new_file(argv[1], "large");

	if (!bytes)
		die("malloc");
	memset(bytes, 'X', (size_t)size * 2);
	for (long i = 0; i < size; i++)
		bytes[i] = (unsigned char)(i * 7 + size);
	syscall(SYS_write, fd, bytes, size);
	memset(bytes, 'X', (size_t)size * 2);
	syscall(SYS_pread64, fd, bytes, size * 2, 0);
	return 0;
}

/* short-write: into a pipe that has room for 4096 bytes more, 10000 are offered; and the half of a buffer is gone. */
static int run_short_write(int argc, char **argv)
{
	static char bytes[65536];
	char *edge = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int ends[2];

	(void)argc, (void)argv;
	if (edge == MAP_FAILED || mprotect(edge + 4096, 4096, PROT_NONE) || pipe2(ends, O_NONBLOCK))
		die("pipe");
	memset(bytes, 's', sizeof(bytes));
	if (write(ends[1], bytes, 61440) != 61440)
		die("write");
	printf("short %ld\n", syscall(SYS_write, ends[1], bytes, 10000));
	printf("full %ld\n", syscall(SYS_write, ends[1], bytes, 10000));
	while (read(ends[0], bytes, sizeof(bytes)) > 0)
		;
	memset(edge, 'e', 4096);
	printf("edge %ld\n", syscall(SYS_write, ends[1], edge + 4000, 200));
	return 0;
}

/* locks FOLDER: F_SETLK; a child asks who has it; F_GETFL; then F_SETLK with NULL. */
static int run_locks(int argc, char **argv)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 10, .l_len = 20, .l_pid = 12345 };
	int fd = new_file(argc > 1 ? argv[1] : "", "locked"), pid;

	syscall(SYS_fcntl, fd, F_SETLK, &lock);
	printf("owner %d\n", getpid());
	pid = quiet_fork();
	if (!pid) {
		syscall(SYS_fcntl, fd, F_GETLK, &lock);
		_exit(0);
	}
	reap(pid);
	syscall(SYS_fcntl, fd, F_GETFL, &lock);
	syscall(SYS_fcntl, fd, F_SETLK, NULL);
	return 0;
}

const struct command data_commands[] = {
	{ "locks", "FOLDER", run_locks },
	{ "vectors", "FOLDER", run_vectors },
	{ "large", "FOLDER SIZE", run_large },
	{ "short-write", "", run_short_write },
	{ 0 },
};
