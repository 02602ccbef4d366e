// SPDX-License-Identifier: MIT
#include "target/cgroups.h"

#include <bpf/btf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/error.h"

#define PATH_ROOM 4096

/* Controllers that count on machines without version 2: what every manager of services uses comes first. */
static const char *const controllers[] = { "pids", "memory", "cpu", "cpuacct", "freezer", "devices", "blkio" };

#define N_CONTROLLERS (sizeof(controllers) / sizeof(controllers[0]))

struct mount {
	char root[PATH_ROOM], point[256], type[64], options[1024];	/* one that lies deeper is none of these */
};

/* 36 35 98:0 / /sys/fs/cgroup rw,noatime shared:1 - cgroup2 cgroup2 rw */
static bool parse_mount(const char *line, struct mount *mount)
{
	const char *dash = strstr(line, " - ");

	return dash && sscanf(line, "%*d %*d %*s %4095s %255s", mount->root, mount->point) == 2 &&
	       sscanf(dash, " - %63s %*s %1023s", mount->type, mount->options) == 2;
}

static bool has_option(const char *options, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = options; (at = strstr(at, word)); at += len)
		if ((at == options || at[-1] == ',') && (at[len] == ',' || !at[len]))
			return true;
	return false;
}

/* How good a mount is: 1 is version 2, more are the controllers in turn; 0: none of those. */
static size_t rank(const struct mount *mount)
{
	if (!strcmp(mount->type, "cgroup2"))
		return 1;
	for (size_t i = 0; !strcmp(mount->type, "cgroup") && i < N_CONTROLLERS; i++)
		if (has_option(mount->options, controllers[i]))
			return i + 2;
	return 0;
}

/* Of several mounts of a kind the last one, which may lie over the others; one of the whole before one of a part. */
static size_t find_mount(struct tl_cgroups *cgroups)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	static char line[3 * PATH_ROOM];
	static struct mount mount;
	size_t best = 0;
	bool whole = false;

	while (file && fgets(line, sizeof(line), file)) {
		size_t r = parse_mount(line, &mount) ? rank(&mount) : 0;
		bool is_whole = !strcmp(mount.root, "/");

		if (!r || strlen(mount.point) == sizeof(mount.point) - 1 || (best && r > best) ||
		    (r == best && whole && !is_whole))
			continue;
		best = r;
		whole = is_whole;
		snprintf(cgroups->mount, sizeof(cgroups->mount), "%s", mount.point);
	}
	if (file)
		fclose(file);
	return best;
}

/* The number of the hierarchy that a controller belongs to. */
static unsigned int hierarchy_of(const char *controller)
{
	FILE *file = fopen("/proc/cgroups", "re");
	unsigned int number = 0, found = 0;
	char line[256], name[64];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%63s %u", name, &number) == 2 && !strcmp(name, controller))
			found = number;
	if (file)
		fclose(file);
	return found;
}

/* 1 + the number that this kernel gives the controller; 0 if it does not tell. */
static unsigned int number_of(const char *controller)
{
	struct btf *btf = btf__load_vmlinux_btf();
	int id = btf ? btf__find_by_name_kind(btf, "cgroup_subsys_id", BTF_KIND_ENUM) : -1;
	const struct btf_type *type = id > 0 ? btf__type_by_id(btf, (uint32_t)id) : NULL;
	unsigned int found = 0;
	char name[64];

	snprintf(name, sizeof(name), "%s_cgrp_id", controller);
	for (unsigned int i = 0; type && i < btf_vlen(type); i++) {
		const struct btf_enum *value = btf_enum(type) + i;

		if (!strcmp(btf__name_by_offset(btf, value->name_off), name))
			found = (unsigned int)value->val + 1;
	}
	btf__free(btf);
	return found;
}

static int no_cgroups(struct tl_error *err)
{
	return tl_fail(err, -ENOENT, "cgroups: none are mounted here; mount -t cgroup2 none /sys/fs/cgroup");
}

int tl_cgroups_find(struct tl_cgroups *cgroups, struct tl_error *err)
{
	size_t found = find_mount(cgroups);
	const char *name;

	if (!found)
		return no_cgroups(err);
	if (found == 1)
		return 0;
	name = controllers[found - 2];
	snprintf(cgroups->controller, sizeof(cgroups->controller), "%s", name);
	cgroups->root = hierarchy_of(name);
	cgroups->subsys = number_of(name);
	if (!cgroups->root || !cgroups->subsys)
		return tl_fail(err, -ENOTSUP, "cgroups: version 2 is not mounted, and this kernel does not tell where "
			       "the %s controller is", name);
	return 0;
}

const char *tl_cgroup_mount(void)
{
	static struct tl_cgroups cgroups;

	return find_mount(&cgroups) ? cgroups.mount : NULL;
}

/* ---- walking --------------------------------------------------------------------------------- */

struct walk {
	char path[PATH_ROOM];	/* of the one in hand, with the mount before it */
	size_t mount_len;
	tl_cgroup_fn fn;
	void *arg;
};

static void walk_folder(struct walk *walk, int fd, size_t len, uint64_t from_parent);

static void walk_entry(struct walk *walk, int parent, size_t len, const char *name, uint64_t from_parent)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int more = fd < 0 ? -1 : snprintf(walk->path + len, sizeof(walk->path) - len, "/%s", name);

	if (more > 0 && (size_t)more < sizeof(walk->path) - len)
		walk_folder(walk, fd, len + (size_t)more, from_parent);
	else if (fd >= 0)
		close(fd);
	walk->path[len] = '\0';
}

/* Takes the descriptor. A cgroup that is gone meanwhile is none. */
static void walk_folder(struct walk *walk, int fd, size_t len, uint64_t from_parent)
{
	const char *path = walk->path + walk->mount_len;
	DIR *dir = fdopendir(fd);
	struct dirent *entry;
	struct stat st;

	if (!dir) {
		close(fd);
		return;
	}
	if (!fstat(fd, &st)) {
		const char *name = strrchr(path, '/');

		from_parent = walk->fn(walk->arg, *path ? path : "/", name ? name + 1 : "", st.st_ino, from_parent);
		while ((entry = readdir(dir)))
			if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
				walk_entry(walk, fd, len, entry->d_name, from_parent);
	}
	closedir(dir);
}

int tl_cgroups_walk(const struct tl_cgroups *cgroups, tl_cgroup_fn fn, void *arg, struct tl_error *err)
{
	struct walk walk = { .fn = fn, .arg = arg, .mount_len = strlen(cgroups->mount) };
	int fd = open(cgroups->mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return tl_fail(err, -errno, "cgroups: %s: %s", cgroups->mount, strerror(errno));
	snprintf(walk.path, sizeof(walk.path), "%s", cgroups->mount);
	walk_folder(&walk, fd, walk.mount_len, 0);
	return 0;
}

struct each {
	void (*fn)(void *arg, const char *path);
	void *arg;
};

static uint64_t on_each(void *arg, const char *path, const char *name, uint64_t id, uint64_t from_parent)
{
	const struct each *each = arg;

	(void)name, (void)id;
	each->fn(each->arg, path);
	return from_parent;
}

int tl_cgroups_each(void (*fn)(void *arg, const char *path), void *arg, struct tl_error *err)
{
	struct tl_cgroups cgroups = { .mount = "" };
	struct each each = { fn, arg };

	if (!find_mount(&cgroups))
		return no_cgroups(err);
	return tl_cgroups_walk(&cgroups, on_each, &each, err);
}
