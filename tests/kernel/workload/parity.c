// SPDX-License-Identifier: MIT
/* The twelve system calls that TraceLeft had, each with success and without; and a call of each of strace's classes. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

/* twelve FOLDER: open close read write mkdir mkdirat chmod fchmod fchmodat chown fchown fchownat, in that folder. */
static int run_twelve(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[1] : "";
	int at = open(folder, O_PATH | O_DIRECTORY), fd;
	char bytes[16];

	if (at < 0 || fchdir(at))
		die(folder);
	dup2(at, 400);
	fd = (int)syscall(SYS_open, "file", O_RDWR | O_CREAT, 0640);
	dup2(fd, 401);
	say_file("file", 401);
	say_file("folder", 400);
	syscall(SYS_open, "none", O_RDONLY);
	syscall(SYS_write, 401, "content", 7);
	lseek(401, 0, SEEK_SET);
	syscall(SYS_read, 401, bytes, sizeof(bytes));
	syscall(SYS_read, 499, bytes, sizeof(bytes));
	syscall(SYS_write, 499, "content", 7);
	syscall(SYS_mkdir, "one", 0750);
	syscall(SYS_mkdir, "none/one", 0750);
	syscall(SYS_mkdirat, 400, "two", 0705);
	syscall(SYS_mkdirat, 499, "two", 0705);
	syscall(SYS_chmod, "file", 0604);
	syscall(SYS_chmod, "none", 0604);
	syscall(SYS_fchmod, 401, 0644);
	syscall(SYS_fchmod, 499, 0644);
	syscall(SYS_fchmodat, 400, "file", 0600);
	syscall(SYS_fchmodat, 400, "none", 0600);
	syscall(SYS_chown, "file", 11, 12);
	syscall(SYS_chown, "none", 11, 12);
	syscall(SYS_fchown, 401, 13, -1);
	syscall(SYS_fchown, 499, 13, -1);
	syscall(SYS_fchownat, 400, "file", 15, 16, AT_SYMLINK_NOFOLLOW);
	syscall(SYS_fchownat, 400, "none", 15, 16, 0);
	syscall(SYS_close, 401);
	syscall(SYS_close, 499);
	return 0;
}

/* classes: one call, or a few, of each class, with numbers that are always the same. */
static int run_classes(int argc, char **argv)
{
	int fd, ends[2];
	void *memory;

	(void)argc, (void)argv;
	fd = (int)syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY | O_CLOEXEC, 0);	/* file, desc */
	syscall(SYS_dup3, fd, 500, O_CLOEXEC);						/* desc */
	syscall(SYS_access, "/no/such/file", R_OK | W_OK);				/* file */
	fd = (int)syscall(SYS_socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);		/* network */
	syscall(SYS_shutdown, 499, SHUT_WR);
	memory = (void *)syscall(SYS_mmap, 0x10000000000, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
				 -1, 0);						/* memory, desc */
	syscall(SYS_mprotect, memory, 4096, PROT_NONE);
	syscall(SYS_munmap, memory, 4096);
	syscall(SYS_rt_sigprocmask, SIG_BLOCK, &(unsigned long){ 1UL << (SIGUSR1 - 1) }, NULL, 8);	/* signal */
	syscall(SYS_kill, getpid(), 0);							/* process, signal */
	syscall(SYS_semget, 0x1234567, 0, 0);						/* ipc */
	syscall(SYS_wait4, -1, NULL, WNOHANG, NULL);					/* process */
	if (pipe(ends))
		die("pipe");
	return 0;
}

/* odd-name FOLDER: a thread's name, a path and a file's name with bytes that a terminal would obey. */
static int run_odd_name(int argc, char **argv)
{
	static const char odd[] = "\x1b[2J\n\xff\xc3\r\"\\x";
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", argc > 1 ? argv[1] : "", odd);
	prctl(PR_SET_NAME, "\x1b]0;\n\xfe\"x");
	fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		die("openat");
	syscall(SYS_write, fd, odd, sizeof(odd) - 1);
	if (chdir("/"))
		die("/");
	syscall(SYS_access, odd, F_OK);
	return 0;
}

const struct command parity_commands[] = {
	{ "twelve", "FOLDER", run_twelve },
	{ "classes", "", run_classes },
	{ "odd-name", "FOLDER", run_odd_name },
	{ 0 },
};
