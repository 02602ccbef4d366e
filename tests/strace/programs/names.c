// SPDX-License-Identifier: MIT
// names FILE  makes the calls of FILE, a line each: its number and six arguments. A line "-" begins another process.
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 1 << 16, WORDS = 7 };

static long calls[MOST][WORDS]; // a number of -1 begins another process

static int read_calls(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[256];
	int n = 0;

	if (!file)
		return -1;
	while (n < MOST && fgets(line, sizeof(line), file)) {
		char *at = line;
		int i;

		calls[n][0] = -1;
		for (i = 0; i < WORDS && line[0] != '-'; i++)
			calls[n][i] = strtol(at, &at, 10);
		n++;
	}
	fclose(file);
	return n;
}

static int make_calls(int from, int n)
{
	for (; from < n && calls[from][0] >= 0; from++) {
		const long *c = calls[from];

		syscall(c[0], c[1], c[2], c[3], c[4], c[5], c[6]);
	}
	return from;
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? read_calls(argv[1]) : -1;
	int at, status;

	if (n < 0 || unshare(CLONE_NEWIPC)) // what is made in it ends with it
		return 1;
	for (at = 0; at < n; at++) {
		if (calls[at][0] >= 0)
			continue;
		if (fork() == 0) {
			make_calls(at + 1, n);
			_exit(0);
		}
		if (wait(&status) < 0 || status)
			return 2;
	}
	return 0;
}
