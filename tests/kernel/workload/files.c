// SPDX-License-Identifier: MIT
/* Opens, reads, writes and closes, by their system calls and not by what the C library makes of them. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "workload.h"

static int run_nothing(int argc, char **argv)
{
	(void)argc, (void)argv;
	return 0;
}

/* open N PATH: N times openat(AT_FDCWD, PATH, O_RDONLY|O_CLOEXEC), each closed again if it succeeded. */
static int run_open(int argc, char **argv)
{
	long n = argc > 2 ? number(argv[1]) : 0, fd = -1;

	for (long i = 0; i < n; i++) {
		fd = syscall(SYS_openat, AT_FDCWD, argv[2], O_RDONLY | O_CLOEXEC, 0);
		if (fd >= 0)
			syscall(SYS_close, fd);
	}
	printf("opens %ld\nfd %ld\n", n, fd);
	return 0;
}

static void say_result(const char *call, long result)
{
	printf("%s %ld %s\n", call, result < 0 ? -errno : result, error_name(result < 0 ? errno : 0));
	if (result >= 0)
		syscall(SYS_close, result);
}

/* opens FOLDER: each way to open once with success and once without. FOLDER must be there and be empty. */
static int run_opens(int argc, char **argv)
{
	struct open_how how = { .flags = O_RDWR | O_CREAT, .mode = 0600, .resolve = RESOLVE_BENEATH };
	int folder = open(argc > 1 ? argv[1] : "", O_PATH | O_DIRECTORY);

	if (folder < 0 || fchdir(folder))
		die("folder");
	printf("folder %d\n", folder);
	say_result("open", syscall(SYS_open, "one", O_WRONLY | O_CREAT | O_TRUNC, 0640));
	say_result("open", syscall(SYS_open, "one/two", O_RDONLY, 0));
	say_result("openat", syscall(SYS_openat, folder, "two", O_RDWR | O_CREAT | O_EXCL, 0604));
	say_result("openat", syscall(SYS_openat, folder, "two", O_RDWR | O_CREAT | O_EXCL, 0604));
	say_result("openat2", syscall(SYS_openat2, folder, "three", &how, sizeof(how)));
	say_result("openat2", syscall(SYS_openat2, folder, "../three", &how, sizeof(how)));
	return 0;
}

static void fill(unsigned char *buffer, long size)
{
	for (long i = 0; i < size; i++)
		buffer[i] = (unsigned char)(i * 7 + size);
}

/*
 * payload SIZE…: per SIZE a write of SIZE bytes into a pipe and a read with room for 8192, whose byte
 * number i is (i * 7 + SIZE) & 255. A SIZE of 0 writes nothing and skips the read. Then both fail with EBADF.
 */
static int run_payload(int argc, char **argv)
{
	static unsigned char out[65536], in[8192];
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		die("pipe");
	for (int i = 1; i < argc; i++) {
		long size = number(argv[i]);

		fill(out, size);
		if (syscall(SYS_write, ends[1], out, size) != size)
			die("write");
		if (size && syscall(SYS_read, ends[0], in, sizeof(in)) != size)
			die("read");
	}
	syscall(SYS_write, 987, out, 5);
	syscall(SYS_read, 988, in, 5);
	printf("in %d\nout %d\n", ends[0], ends[1]);
	return 0;
}

/* closes N: closes descriptor number 900 N times; only the first time it is open. */
static int run_closes(int argc, char **argv)
{
	long n = number(argc > 1 ? argv[1] : "1");

	if (dup2(0, 900) != 900 && dup2(1, 900) != 900)
		die("dup2");
	for (long i = 0; i < n; i++)
		syscall(SYS_close, 900);
	printf("closes %ld\n", n);
	return 0;
}

const struct command file_commands[] = {
	{ "true", "[ANYTHING]…", run_nothing },
	{ "first", "", run_nothing },
	{ "open", "N PATH", run_open },
	{ "opens", "FOLDER", run_opens },
	{ "payload", "SIZE…", run_payload },
	{ "closes", "N", run_closes },
	{ 0 },
};
