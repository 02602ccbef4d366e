// SPDX-License-Identifier: MIT
/* Files in awkward places: deep, long names, under mounts, in other namespaces, without a name any more. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

#define PATH_ROOM 8192

static void say_mntns(const char *key)
{
	struct stat st;

	if (stat("/proc/self/ns/mnt", &st))
		die("/proc/self/ns/mnt");
	printf("%s %lu\n", key, (unsigned long)st.st_ino);
}

/* ---- deep ------------------------------------------------------------------------------------ */

/* Goes down one folder, which it makes. */
static int descend(int folder, const char *name)
{
	int below;

	if (mkdirat(folder, name, 0755) || (below = openat(folder, name, O_RDONLY | O_DIRECTORY)) < 0)
		die(name);
	close(folder);
	return below;
}

/* Goes up one folder and removes the one that it was in: rm cannot, as their paths may be too long for it. */
static int ascend(int folder, const char *name)
{
	int above = openat(folder, "..", O_RDONLY | O_DIRECTORY);

	if (above < 0 || unlinkat(above, name, AT_REMOVEDIR))
		die(name);
	close(folder);
	return above;
}

static void fill_name(char name[256], long i, long length)
{
	memset(name, 'a' + (int)(i % 26), (size_t)length);
	name[length] = '\0';
}

/* deep FOLDER DEPTH LENGTH: a file DEPTH folders down, whose names have LENGTH letters. */
static int run_deep(int argc, char **argv)
{
	static char path[256 * 512];
	long depth = number(argc > 3 ? argv[2] : ""), length = number(argv[3]);
	int at = open(argv[1], O_RDONLY | O_DIRECTORY), fd;
	size_t used = (size_t)snprintf(path, sizeof(path), "%s", argv[1]);
	char name[256];

	if (at < 0)
		die(argv[1]);
	for (long i = 0; i < depth; i++) {
		fill_name(name, i, length);
		at = descend(at, name);
		used += (size_t)snprintf(path + used, sizeof(path) - used, "/%s", name);
	}
	memset(name, 'Z', (size_t)length);
	name[length] = '\0';
	fd = openat(at, name, O_RDWR | O_CREAT, 0600);
	if (fd < 0)
		die("deep file");
	snprintf(path + used, sizeof(path) - used, "/%s", name);
	touch(fd);
	say_file_as("deep", fd, path);
	if (unlinkat(at, name, 0))
		die("deep file");
	for (long i = depth - 1; i >= 0; i--) {
		fill_name(name, i, length);
		at = ascend(at, name);
	}
	return 0;
}

/* ---- mounts ---------------------------------------------------------------------------------- */

static void join(char out[PATH_ROOM], const char *folder, const char *name)
{
	snprintf(out, PATH_ROOM, "%s/%s", folder, name);
}

static void make_folder(const char *folder, const char *name)
{
	char path[PATH_ROOM];

	join(path, folder, name);
	if (mkdir(path, 0755))
		die(path);
}

/* A mount namespace of one's own, which tells nobody about its mounts. */
static void own_mounts(int flags)
{
	if (unshare(CLONE_NEWNS | flags) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		die("mount namespace");
}

/* In folder/NAME, touched and said as a path with that begin. */
static void show_in(const char *key, const char *folder, const char *name)
{
	char path[PATH_ROOM];
	int fd;

	join(path, folder, name);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		die(path);
	touch(fd);
	say_file(key, fd);
	close(fd);
}

/* bind FOLDER: the same file under its own path, in a bind mount of its folder, and as a bind mount itself. */
static int run_bind(int argc, char **argv)
{
	char from[PATH_ROOM], to[PATH_ROOM];
	const char *folder = argc > 1 ? argv[1] : "";

	say_mntns("outer");
	own_mounts(0);
	say_mntns("inner");
	make_folder(folder, "real");
	make_folder(folder, "bound");
	close(new_file(folder, "single"));
	join(from, folder, "real");
	close(new_file(from, "file"));
	join(to, folder, "bound");
	if (mount(from, to, NULL, MS_BIND, NULL))
		die("bind mount");
	join(from, folder, "real/file");
	join(to, folder, "single");
	if (mount(from, to, NULL, MS_BIND, NULL))
		die("bind mount of a file");
	show_in("real", folder, "real/file");
	show_in("bound", folder, "bound/file");
	show_in("single", folder, "single");
	return 0;
}

/* overlay FOLDER: a file of the lower layer, one of the upper, and the former once it was written to. */
static int run_overlay(int argc, char **argv)
{
	static const char *const folders[] = { "lower", "upper", "work", "merged" };
	const char *folder = argc > 1 ? argv[1] : "";
	char path[PATH_ROOM], options[4 * PATH_ROOM];
	int fd;

	own_mounts(0);
	if (mount("tmpfs", folder, "tmpfs", 0, NULL))
		die("tmpfs");
	for (int i = 0; i < 4; i++)
		make_folder(folder, folders[i]);
	join(path, folder, "lower");
	close(new_file(path, "old"));
	snprintf(options, sizeof(options), "lowerdir=%s/lower,upperdir=%s/upper,workdir=%s/work", folder, folder,
		 folder);
	join(path, folder, "merged");
	if (mount("overlay", path, "overlay", 0, options)) {
		printf("none %s\n", error_name(errno));
		return 0;
	}
	close(new_file(path, "new"));
	say_mntns("mntns");
	show_in("old", folder, "merged/old");
	show_in("new", folder, "merged/new");
	join(path, folder, "merged/old");
	fd = open(path, O_WRONLY | O_APPEND);
	touch(fd);
	say_file("copied", fd);
	return 0;
}

/* chroot FOLDER: a file opened inside; its path is told from the outside. And the folder itself, as "/". */
static int run_chroot(int argc, char **argv)
{
	char path[PATH_ROOM];
	const char *folder = argc > 1 ? argv[1] : "";
	int fd;

	make_folder(folder, "jail");
	join(path, folder, "jail");
	close(new_file(path, "prisoner"));
	if (chroot(path) || chdir("/"))
		die("chroot");
	fd = (int)syscall(SYS_openat, AT_FDCWD, "/prisoner", O_RDONLY, 0);
	touch(fd);
	join(path, folder, "jail/prisoner");
	say_file_as("prisoner", fd, path);
	fd = (int)syscall(SYS_openat, AT_FDCWD, "/", O_RDONLY | O_DIRECTORY, 0);
	touch(fd);
	join(path, folder, "jail");
	say_file_as("jail", fd, path);
	return 0;
}

/* ---- a container ----------------------------------------------------------------------------- */

/* The first root of a machine cannot be changed for another one: that is moved over it. */
static void move_root(const char *folder)
{
	if (chdir(folder) || mount(folder, "/", NULL, MS_MOVE, NULL) || chroot("."))
		die("new root");
}

static void enter_root(const char *folder)
{
	char path[PATH_ROOM];

	own_mounts(0);
	if (mount("tmpfs", folder, "tmpfs", 0, NULL))
		die("tmpfs");
	make_folder(folder, "old");
	make_folder(folder, "proc");
	join(path, folder, "old");
	if (!syscall(SYS_pivot_root, folder, path)) {
		if (chdir("/") || umount2("/old", MNT_DETACH))
			die("old root");
	} else {
		move_root(folder);
	}
	if (mount("proc", "/proc", "proc", 0, NULL))
		die("/proc");
}

static void live_in_container(const char *folder)
{
	int fd;

	enter_root(folder);
	say_mntns("inner");
	printf("pid_inside %d\n", getpid());
	make_folder("", "etc");
	fd = new_file("/etc", "inside");
	touch(fd);
	say_file("inside", fd);
	fflush(stdout);
	_exit(0);
}

/* container FOLDER: a process with mounts, a root and pids of its own. */
static int run_container(int argc, char **argv)
{
	int pid, status;

	say_mntns("outer");
	if (unshare(CLONE_NEWPID))
		die("pid namespace");
	pid = quiet_fork();
	if (!pid)
		live_in_container(argc > 1 ? argv[1] : "");
	printf("pid_outside %d\n", pid);
	if (waitpid(pid, &status, 0) != pid || status)
		die("container");
	return 0;
}

/* ---- names that change ----------------------------------------------------------------------- */

/* nameless FOLDER: files that were renamed, removed, are in a removed folder, never had a name, whose mount is gone. */
static int run_nameless(int argc, char **argv)
{
	char path[PATH_ROOM], other[PATH_ROOM];
	const char *folder = argc > 1 ? argv[1] : "";
	int fd;

	fd = new_file(folder, "before");
	join(path, folder, "before");
	join(other, folder, "after");
	if (rename(path, other))
		die("rename");
	touch(fd);
	say_file("renamed", fd);

	if (unlink(other))
		die("unlink");
	touch(fd);
	say_file("removed", fd);

	make_folder(folder, "gone");
	join(path, folder, "gone");
	fd = open(path, O_RDONLY | O_DIRECTORY);
	if (fd < 0 || rmdir(path))
		die("gone");
	touch(fd);
	say_file("folder", fd);

	fd = open(folder, O_TMPFILE | O_RDWR, 0600);
	if (fd >= 0) {
		touch(fd);
		say_file("unnamed", fd);
	}

	own_mounts(0);
	make_folder(folder, "lazy");
	join(path, folder, "lazy");
	if (mount("tmpfs", path, "tmpfs", 0, NULL))
		die("tmpfs");
	fd = new_file(path, "detached");
	if (umount2(path, MNT_DETACH))
		die("umount2");
	touch(fd);
	say_file("detached", fd);
	return 0;
}

/* at-folder FOLDER: relative paths, from a descriptor, from the working directory, and from one that is gone. */
static int run_at_folder(int argc, char **argv)
{
	char path[PATH_ROOM];
	const char *folder = argc > 1 ? argv[1] : "";
	int fd = open(folder, O_PATH | O_DIRECTORY);

	if (fd < 0)
		die(folder);
	say_file("folder", fd);
	syscall(SYS_openat, fd, "nothing/here", O_RDONLY, 0);
	if (fchdir(fd))
		die("fchdir");
	syscall(SYS_openat, AT_FDCWD, "nothing/there", O_RDONLY, 0);
	make_folder(folder, "leaving");
	join(path, folder, "leaving");
	if (chdir(path) || rmdir(path))
		die(path);
	syscall(SYS_openat, AT_FDCWD, "nothing/left", O_RDONLY, 0);
	return 0;
}

const struct command place_commands[] = {
	{ "deep", "FOLDER DEPTH LENGTH", run_deep },
	{ "bind", "FOLDER", run_bind },
	{ "overlay", "FOLDER", run_overlay },
	{ "chroot", "FOLDER", run_chroot },
	{ "container", "FOLDER", run_container },
	{ "nameless", "FOLDER", run_nameless },
	{ "at-folder", "FOLDER", run_at_folder },
	{ 0 },
};
