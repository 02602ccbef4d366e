// SPDX-License-Identifier: MIT
/* What BPF objects the kernel holds, asked without any library. */
#include <dirent.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "workload.h"

static void say_ids(const char *kind, int command)
{
	union bpf_attr attr;
	unsigned int id = 0;

	for (;;) {
		memset(&attr, 0, sizeof(attr));
		attr.start_id = id;
		if (syscall(SYS_bpf, command, &attr, sizeof(attr)))
			break;
		id = attr.next_id;
		printf("%s %u\n", kind, id);
	}
	if (errno != ENOENT)
		die(kind);
}

/* bpf-ids: the ids of all programs, maps and links; needs CAP_SYS_ADMIN. */
static int run_bpf_ids(int argc, char **argv)
{
	(void)argc, (void)argv;
	say_ids("program", BPF_PROG_GET_NEXT_ID);
	say_ids("map", BPF_MAP_GET_NEXT_ID);
	say_ids("link", BPF_LINK_GET_NEXT_ID);
	return 0;
}

/* ---- what a process holds ---------------------------------------------------------------------- */

static unsigned long entries_of(int map, unsigned int key_size)
{
	char key[64], next[64];
	union bpf_attr attr = { .map_fd = (unsigned int)map, .next_key = (uintptr_t)next };
	unsigned long n = 0;

	if (key_size > sizeof(key))
		return 0;
	while (!syscall(SYS_bpf, BPF_MAP_GET_NEXT_KEY, &attr, sizeof(attr))) {
		memcpy(key, next, key_size);
		attr.key = (uintptr_t)key;
		n++;
	}
	return n;
}

static bool is_hash(unsigned int type)
{
	return type == BPF_MAP_TYPE_HASH || type == BPF_MAP_TYPE_LRU_HASH;
}

static void say_map(unsigned int id)
{
	struct bpf_map_info info = { 0 };
	union bpf_attr attr = { .map_id = id };
	int fd = (int)syscall(SYS_bpf, BPF_MAP_GET_FD_BY_ID, &attr, sizeof(attr));

	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = (unsigned int)fd;
	attr.info.info_len = sizeof(info);
	attr.info.info = (uintptr_t)&info;
	if (fd < 0 || syscall(SYS_bpf, BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr)))
		return;
	printf("map %s\n", info.name);
	if (is_hash(info.type))
		printf("entries %s %lu\n", info.name, entries_of(fd, info.key_size));
	close(fd);
}

static void say_program(unsigned int id)
{
	struct bpf_prog_info info = { 0 };
	union bpf_attr attr = { .prog_id = id };
	int fd = (int)syscall(SYS_bpf, BPF_PROG_GET_FD_BY_ID, &attr, sizeof(attr));

	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = (unsigned int)fd;
	attr.info.info_len = sizeof(info);
	attr.info.info = (uintptr_t)&info;
	if (fd >= 0 && !syscall(SYS_bpf, BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr)))
		printf("program %s\n", info.name);
	close(fd);
}

static void say_object(const char *path)
{
	FILE *in = fopen(path, "r");
	unsigned int id;
	char line[256];

	while (in && fgets(line, sizeof(line), in)) {
		if (sscanf(line, "map_id: %u", &id) == 1)
			say_map(id);
		else if (sscanf(line, "prog_id: %u", &id) == 1)
			say_program(id);
	}
	if (in)
		fclose(in);
}

/* bpf-of PID: "map NAME" of its maps, "entries MAP N" of its hash maps, "program NAME" of its programs (those of links, too). */
static int run_bpf_of(int argc, char **argv)
{
	char path[512];
	struct dirent *entry;
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%s/fdinfo", argc > 1 ? argv[1] : "self");
	folder = opendir(path);
	if (!folder)
		die(path);
	while ((entry = readdir(folder))) {
		snprintf(path, sizeof(path), "/proc/%s/fdinfo/%s", argv[1], entry->d_name);
		say_object(path);
	}
	closedir(folder);
	return 0;
}

const struct command bpf_commands[] = {
	{ "bpf-ids", "", run_bpf_ids },
	{ "bpf-of", "PID", run_bpf_of },
	{ 0 },
};
