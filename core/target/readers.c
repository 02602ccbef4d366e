// SPDX-License-Identifier: MIT
#include "target/readers.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define PATH_ROOM 600	/* two names of directory entries */

static void add_pipe(struct tl_readers *readers, const struct stat *st)
{
	uint32_t dev = (uint32_t)(major(st->st_dev) << 20 | minor(st->st_dev));

	for (size_t i = 0; i < readers->n_pipes; i++)
		if (readers->pipes[i].inode == st->st_ino && readers->pipes[i].dev == dev)
			return;
	if (readers->n_pipes == TL_READERS_PIPES)
		return;
	readers->pipes[readers->n_pipes].inode = st->st_ino;
	readers->pipes[readers->n_pipes++].dev = dev;
}

static bool is_pipe(const struct tl_readers *readers, const struct stat *st, size_t from, size_t to)
{
	for (size_t i = from; S_ISFIFO(st->st_mode) && i < to; i++)
		if (readers->pipes[i].inode == st->st_ino &&
		    readers->pipes[i].dev == (uint32_t)(major(st->st_dev) << 20 | minor(st->st_dev)))
			return true;
	return false;
}

static bool stat_fd(const char *pid, const char *fd, struct stat *st)
{
	char path[PATH_ROOM];

	snprintf(path, sizeof(path), "/proc/%s/fd/%s", pid, fd);
	return !stat(path, st);
}

/* The mode of the link says for what it is open. */
static bool is_read(const char *pid, const char *fd)
{
	char path[PATH_ROOM];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%s/fd/%s", pid, fd);
	return !lstat(path, &st) && (st.st_mode & S_IRUSR);
}

static bool reads_one(const struct tl_readers *readers, const char *pid)
{
	char path[PATH_ROOM];
	struct dirent *entry;
	bool found = false;
	struct stat st;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	dir = opendir(path);
	while (!found && dir && (entry = readdir(dir)))
		found = isdigit((unsigned char)entry->d_name[0]) && stat_fd(pid, entry->d_name, &st) &&
			is_pipe(readers, &st, 0, 1) && is_read(pid, entry->d_name);
	if (dir)
		closedir(dir);
	return found;
}

static void each_process(struct tl_readers *readers, void (*act)(struct tl_readers *, const char *pid))
{
	struct dirent *entry;
	DIR *dir = opendir("/proc");

	while (dir && (entry = readdir(dir)))
		if (isdigit((unsigned char)entry->d_name[0]) && atoi(entry->d_name) != getpid())
			act(readers, entry->d_name);
	if (dir)
		closedir(dir);
}

static void add_other(struct tl_readers *readers, const char *pid)
{
	if (readers->n_pids < TL_READERS_PIDS && reads_one(readers, pid))
		readers->pids[readers->n_pids++] = (uint32_t)atoi(pid);
}

/* What it reads by standard input goes on by standard output. */
static void add_next(struct tl_readers *readers, const char *pid)
{
	struct stat in, out;

	if (stat_fd(pid, "0", &in) && is_pipe(readers, &in, 0, readers->n_pipes) && stat_fd(pid, "1", &out) &&
	    S_ISFIFO(out.st_mode))
		add_pipe(readers, &out);
}

static void count_inputs(struct tl_readers *readers, const char *pid)
{
	struct stat in;

	if (stat_fd(pid, "0", &in) && is_pipe(readers, &in, 0, 1))
		readers->n_pids++;
}

/* Most have it as standard input: only if nobody has, all descriptors of all processes are looked at. */
void tl_readers_find(struct tl_readers *readers)
{
	struct stat st;
	size_t before, by_input;

	*readers = (struct tl_readers){ 0 };
	if (fstat(STDOUT_FILENO, &st) || !S_ISFIFO(st.st_mode))
		return;
	add_pipe(readers, &st);
	each_process(readers, count_inputs);
	by_input = readers->n_pids;
	readers->n_pids = 0;
	if (!by_input)
		each_process(readers, add_other);
	do {
		before = readers->n_pipes;
		each_process(readers, add_next);
	} while (readers->n_pipes > before);
}

bool tl_readers_have(const struct tl_readers *readers, int pid)
{
	struct stat in;
	char text[16];

	for (size_t i = 0; i < readers->n_pids; i++)
		if (readers->pids[i] == (uint32_t)pid)
			return true;
	snprintf(text, sizeof(text), "%d", pid);
	return readers->n_pipes && stat_fd(text, "0", &in) && is_pipe(readers, &in, 0, readers->n_pipes);
}
