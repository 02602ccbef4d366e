// SPDX-License-Identifier: MIT
/* execve and execveat: that fail, that succeed, with long lists. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

static char *const environment[] = { (char *)"ONE=1", (char *)"EMPTY=", (char *)"BLANK= \n", NULL };

/*
 * The kernel side reads at the begin of an exec what is in memory by then, which after a fork is not what lies in the
 * program's file. Touched, it is.
 */
static void fault_in(const char *path, char *const *words)
{
	char sum = *(const volatile char *)path;

	for (int i = 0; words[i]; i++)
		sum ^= *(const volatile char *)words[i];
	(void)sum;
}

static char *self(void)
{
	static char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (n < 0)
		die("/proc/self/exe");
	path[n] = '\0';
	return path;
}

/* execs: an execve and an execveat that fail, one that only asks (AT_EXECVE_CHECK, from Linux 6.14 on), then a child for each way that succeeds. */
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
	fault_in("", lost);
	printf("checked %ld\n", syscall(SYS_execveat, fd, "", lost, environment, AT_EMPTY_PATH | 0x10000) ? -errno : 0L);
	pid = quiet_fork();
	if (!pid) {
		syscall(SYS_execve, path, words, environment);
		_exit(1);
	}
	printf("execve %d\n", pid);
	reap(pid);
	pid = quiet_fork();
	if (!pid) {
		fault_in("", words);
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

static void become(const char *key, int dirfd, const char *path, char *const *words)
{
	int pid = quiet_fork();

	if (!pid) {
		fault_in(path, words);
		if (dirfd < 0)
			syscall(SYS_execve, path, words, environment);
		else
			syscall(SYS_execveat, dirfd, path, words, environment, 0);
		_exit(1);
	}
	printf("%s %d\n", key, pid);
	reap(pid);
}

/* scripts FOLDER: a script, found by its path and from its folder: the kernel puts an interpreter before it. */
static int run_scripts(int argc, char **argv)
{
	char *const words[] = { (char *)"zero", (char *)"first", (char *)"b c", NULL };
	const char *folder = argc > 1 ? argv[1] : "";
	char path[4096];
	FILE *file;
	int fd = open(folder, O_DIRECTORY);

	snprintf(path, sizeof(path), "%s/script", folder);
	file = fopen(path, "we");
	if (fd < 0 || !file)
		die(path);
	fprintf(file, "#!%s true\n", self());
	if (fclose(file) || chmod(path, 0755))
		die(path);
	become("execve", -1, path, words);
	become("execveat", fd, "script", words);
	return 0;
}

/* flipped-words N: N programs in turn get a word that somebody else keeps rewriting; each says which one it got. */
static int run_flipped_words(int argc, char **argv)
{
	long n = number(argc > 1 ? argv[1] : "");
	volatile uint32_t *word = shared_memory(4096);
	char *const words[] = { (char *)"workload", (char *)"got", (char *)(uintptr_t)word, NULL };
	int flipper;

	memcpy((void *)(uintptr_t)word, "aaaa", 4);
	flipper = quiet_fork();
	for (uint32_t other = 0x62626262 ^ 0x61616161; !flipper;)
		*word ^= other;
	for (long i = 0; i < n; i++)
		become("flipped", -1, self(), words);
	kill(flipper, SIGKILL);
	return 0;
}

static int run_got(int argc, char **argv)
{
	printf("got %d %s\n", getpid(), argc > 1 ? argv[1] : "");
	return 0;
}

const struct command exec_commands[] = {
	{ "scripts", "FOLDER", run_scripts },
	{ "flipped-words", "N", run_flipped_words },
	{ "got", "WORD", run_got },
	{ "execs", "", run_execs },
	{ "many-words", "N LENGTH", run_many_words },
	{ 0 },
};
