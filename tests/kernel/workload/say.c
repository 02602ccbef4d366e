// SPDX-License-Identifier: MIT
/* Truth about files: what they are, in words without blanks. */
#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "workload.h"

void say_word(const char *bytes, unsigned long length)
{
	for (unsigned long i = 0; i < length; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (isgraph(c) && c != '%')
			putchar(c);
		else
			printf("%%%02X", c);
	}
}

void say_file_as(const char *key, int fd, const char *name)
{
	struct stat st;

	if (fstat(fd, &st))
		die("fstat");
	printf("%s %d %lu %u ", key, fd, (unsigned long)st.st_ino,
	       major(st.st_dev) << 20 | minor(st.st_dev));	/* the kernel's own form */
	say_word(name, strlen(name));
	printf("\n");
}

void say_file(const char *key, int fd)
{
	char link[64], name[8192];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, name, sizeof(name) - 1);
	if (n < 0)
		die(link);
	name[n] = '\0';
	say_file_as(key, fd, name);
}

void touch(int fd)
{
	syscall(SYS_flock, fd, LOCK_UN);
}

int new_file(const char *folder, const char *name)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
	if (fd < 0)
		die(path);
	return fd;
}

void await_call(int tid, long number)
{
	char path[64], text[64];

	snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", tid);
	for (int i = 0; i < 10000; i++) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
		long found;

		if (fd >= 0)
			close(fd);
		if (n > 0) {
			text[n] = '\0';
			if (sscanf(text, "%ld", &found) == 1 && found == number)
				return;
		}
		usleep(1000);
	}
	die("a thread that waits");
}
