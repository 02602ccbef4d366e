// SPDX-License-Identifier: MIT
#include "target/processes.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/error.h"
#include "load/libbpf_log.h"

/* The process that a thread belongs to; `pid` itself if it is one, or if /proc does not tell. */
static int leader_of(int pid)
{
	int leader = pid;
	char path[32], line[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	if (!file)
		return pid;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "Tgid: %d", &leader) == 1)
			break;
	fclose(file);
	return leader;
}

bool tl_process_alive(int pid)
{
	return !kill(pid, 0) || errno != ESRCH;
}

int tl_target_check(int pid, struct tl_error *err)
{
	int leader;

	if (pid <= 0)
		return tl_fail(err, -EINVAL, "pid %d: not a process id", pid);
	if (!tl_process_alive(pid))
		return tl_fail(err, -ESRCH, "process %d: no such process", pid);
	leader = leader_of(pid);
	if (leader != pid)
		return tl_fail(err, -ESRCH, "process %d: only a thread; name its process, %d", pid, leader);
	return 0;
}

/* Reading the iterator to its end is what runs the program, once per task. */
static int run_iterator(struct bpf_link *link)
{
	int fd = bpf_iter_create(bpf_link__fd(link)), ret = 0;
	char nothing[64];
	ssize_t n;

	if (fd < 0)
		return -errno;
	do {
		n = read(fd, nothing, sizeof(nothing));
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			ret = -errno;
	} while (n > 0 || (n < 0 && !ret));
	close(fd);
	return ret;
}

static int walk(const struct tl_programs *programs, const char *name, struct tl_error *err)
{
	struct tl_program *pass = tl_programs_find(programs, name);
	struct bpf_link *link;
	int ret;

	tl_log_begin();
	link = pass ? bpf_program__attach(pass->prog) : NULL;
	ret = link ? run_iterator(link) : pass ? -errno : -ENOENT;
	bpf_link__destroy(link);
	tl_log_end();
	return ret ? tl_fail(err, ret, "targets: this kernel does not let us walk over its processes: %s",
			     strerror(-ret)) : 0;
}

int tl_processes_walk(const struct tl_programs *programs, struct tl_error *err)
{
	return walk(programs, TL_PASS, err);
}

int tl_processes_identify(const struct tl_programs *programs, struct tl_error *err)
{
	return walk(programs, TL_IDENTITY_PASS, err);
}

int tl_processes_file(const struct tl_programs *programs, const char *path, struct tl_trait *file, struct tl_error *err)
{
	struct tl_program *ask = tl_programs_find(programs, TL_ASK_FILE);
	int fd = open(path, O_PATH | O_CLOEXEC), ret;
	uint64_t args[12] = { (uint64_t)fd };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = args, .ctx_size_in = sizeof(args));
	uint32_t zero = 0;

	if (fd < 0)
		return tl_fail(err, -errno, "exe '%s': %s", path, strerror(errno));
	ret = ask ? bpf_prog_test_run_opts(bpf_program__fd(ask->prog), &opts) : -ENOENT;
	if (!ret && bpf_map_lookup_elem(tl_programs_map(programs, "tl_asked_file"), &zero, file))
		ret = -errno;
	close(fd);
	return ret ? tl_fail(err, ret, "exe '%s': cannot be asked about: %s", path, strerror(-ret)) : 0;
}
