// SPDX-License-Identifier: MIT
/* tracer.c: starts a tracer, and sees from outside when it has attached, spoken, and ended. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

#define LIMIT_MS	20000
#define STEP_US		2000
#define SETTLE_US	20000	/* between the attachment and the last word written to the maps */

static _Noreturn void become(char **words, int out, uint64_t *begin)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (dup2(out, STDOUT_FILENO) < 0)
		_exit(127);
	*begin = now_ns(CLOCK_MONOTONIC);
	execvp(words[0], words);
	_exit(127);
}

struct tracer tracer_start(char **words, bool piped)
{
	struct tracer tracer = { .out = -1 };
	uint64_t *begin = mmap(NULL, sizeof(*begin), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int fds[2] = { -1, open("/dev/null", O_WRONLY | O_CLOEXEC) };

	if (begin == MAP_FAILED || (piped && pipe2(fds, O_CLOEXEC)))
		die("pipe");
	tracer.pid = fork();
	if (tracer.pid < 0)
		die("fork");
	if (!tracer.pid)
		become(words, fds[1], begin);
	close(fds[1]);
	tracer.out = fds[0];
	while (!__atomic_load_n(begin, __ATOMIC_ACQUIRE))
		usleep(100);
	tracer.begin = *begin;
	munmap(begin, sizeof(*begin));
	return tracer;
}

static bool is_link(pid_t pid, const char *fd)
{
	char path[64], text[64] = "";

	snprintf(path, sizeof(path), "/proc/%d/fd/%.16s", pid, fd);
	return readlink(path, text, sizeof(text) - 1) > 0 && strstr(text, "bpf_link");
}

/* Whether the descriptor is a perf event of a tracepoint that has a program. */
static bool is_attached_event(pid_t pid, const char *fd)
{
	char name[64];
	union bpf_attr attr = { .task_fd_query = {
		.pid = (uint32_t)pid, .fd = (uint32_t)atoi(fd),
		.buf = (uint64_t)(uintptr_t)name, .buf_len = sizeof(name) } };

	return !syscall(SYS_bpf, BPF_TASK_FD_QUERY, &attr, sizeof(attr)) &&
	       attr.task_fd_query.fd_type == BPF_FD_TYPE_TRACEPOINT;
}

static bool has_attached(pid_t pid)
{
	char path[64];
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	dir = opendir(path);
	while (dir && !found && (entry = readdir(dir)))
		found = entry->d_name[0] != '.' &&
			(is_link(pid, entry->d_name) || is_attached_event(pid, entry->d_name));
	if (dir)
		closedir(dir);
	return found;
}

/* The number behind a key of /proc/PID/status. */
static long status_number(pid_t pid, const char *key)
{
	char path[64], line[128];
	long number = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	while (file && number < 0 && fgets(line, sizeof(line), file))
		if (!strncmp(line, key, strlen(key)) && line[strlen(key)] == ':')
			number = atol(line + strlen(key) + 1);
	if (file)
		fclose(file);
	return number;
}

static void die_if_ended(const struct tracer *tracer)
{
	if (waitpid(tracer->pid, NULL, WNOHANG)) {
		errno = ECHILD;
		die("the tracer ended by itself");
	}
}

void tracer_wait_attached(const struct tracer *tracer, pid_t target)
{
	for (int i = 0; i < LIMIT_MS * 1000 / STEP_US; i++) {
		die_if_ended(tracer);
		if (has_attached(tracer->pid) ||
		    status_number(target, "TracerPid") == tracer->pid) {
			usleep(SETTLE_US);
			return;
		}
		usleep(STEP_US);
	}
	errno = ETIMEDOUT;
	die("attach");
}

uint64_t tracer_first_output(const struct tracer *tracer)
{
	struct pollfd ready = { .fd = tracer->out, .events = POLLIN };
	uint64_t at;
	char text[4096];

	if (poll(&ready, 1, LIMIT_MS) != 1)
		die("first output");
	at = now_ns(CLOCK_MONOTONIC);
	if (read(tracer->out, text, sizeof(text)) <= 0)
		die("first output");
	return at - tracer->begin;
}

long tracer_memory_kb(const struct tracer *tracer, const char *key)
{
	return status_number(tracer->pid, key);
}

/* Reads on meanwhile, so that no tracer hangs on a full pipe. */
uint64_t tracer_interrupt(const struct tracer *tracer)
{
	struct pollfd ready = { .fd = tracer->out, .events = POLLIN };
	uint64_t begin = now_ns(CLOCK_MONOTONIC);
	char text[4096];

	kill(tracer->pid, SIGINT);
	while (!waitpid(tracer->pid, NULL, WNOHANG)) {
		if (poll(&ready, 1, 1) == 1 && read(tracer->out, text, sizeof(text)) <= 0)
			usleep(100);
		if (now_ns(CLOCK_MONOTONIC) - begin > LIMIT_MS * 1000000ULL)
			kill(tracer->pid, SIGKILL);
	}
	if (tracer->out >= 0)
		close(tracer->out);
	return now_ns(CLOCK_MONOTONIC) - begin;
}
