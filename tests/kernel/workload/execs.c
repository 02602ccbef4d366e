// SPDX-License-Identifier: MIT
/* execve and execveat: that fail, that succeed, with long lists. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

static char *const environment[] = { (char *)"ONE=1", (char *)"EMPTY=", (char *)"BLANK= \n", NULL };

static char *self(void)
{
	static char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (n < 0)
		die("/proc/self/exe");
	path[n] = '\0';
	return path;
}

/* execs: an execve and an execveat that fail, then a child for each way that succeeds. */
static int run_execs(int argc, char **argv)
{
	char *const words[] = { (char *)"workload", (char *)"true", (char *)"b c", (char *)"", NULL };
	char *const lost[] = { (char *)"zero", (char *)"first", NULL };
	char *path = self();
	int fd = open(path, O_PATH | O_CLOEXEC), pid;

	(void)argc, (void)argv;
	printf("self %s\nfd %d\n", path, fd);
	syscall(SYS_execve, "/no/such/program", lost, environment);
	syscall(SYS_execve, "/no/such/program", NULL, NULL);
	syscall(SYS_execveat, fd, "no/such", lost, environment, 0);
	pid = quiet_fork();
	if (!pid) {
		syscall(SYS_execve, path, words, environment);
		_exit(1);
	}
	printf("execve %d\n", pid);
	reap(pid);
	pid = quiet_fork();
	if (!pid) {
		syscall(SYS_execveat, fd, "", words, environment, AT_EMPTY_PATH);
		_exit(1);
	}
	printf("execveat %d\n", pid);
	reap(pid);
	return 0;
}

/* many-words N LENGTH: becomes itself with N arguments of LENGTH letters. */
static int run_many_words(int argc, char **argv)
{
	long n = number(argc > 2 ? argv[1] : ""), length = number(argv[2]);
	char **words = calloc((size_t)n + 3, sizeof(*words)), *word = calloc(1, (size_t)length + 1);

	if (!words || !word)
		die("memory");
	memset(word, 'w', (size_t)length);
	words[0] = (char *)"workload";
	words[1] = (char *)"true";
	for (long i = 0; i < n; i++)
		words[i + 2] = word;
	syscall(SYS_execve, self(), words, environment);
	die("execve");
}

const struct command exec_commands[] = {
	{ "execs", "", run_execs },
	{ "many-words", "N LENGTH", run_many_words },
	{ 0 },
};
