/* SPDX-License-Identifier: MIT */
/*
 * fake_libbpf.h: libbpf without a kernel, for tests that link with --wrap. Objects hold the programs
 * and maps of the battery files registered in `fake.files`; every call that changes something is
 * written down, and the call named in `fake.fail` fails. What is open is counted.
 */
#ifndef FAKE_LIBBPF_H
#define FAKE_LIBBPF_H

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "battery_file.h"
#include "tl_abi.h"

#define FAKE_CALLS	512
#define FAKE_CPUS	2

#define FAKE(type, name, ...) type __wrap_##name(__VA_ARGS__); type __wrap_##name(__VA_ARGS__)

struct bpf_program {
	const char *name;
	bool autoload;
	int fd;
};

struct bpf_link {
	struct bpf_program *prog;
};

struct bpf_map {
	const char *name;
	bool create, reused;
	int fd;
	uint32_t max_entries;
};

struct bpf_object {
	struct bpf_program programs[FILE_PROGRAMS];
	struct bpf_map maps[FILE_MAPS + 1];	/* the last is .rodata.tl */
	size_t n_programs, n_maps;
};

struct fake_entry {
	bool used;
	int fd;
	uint32_t key;
	union {
		struct tl_target target;
		struct tl_seed seed;
		int value;
	};
};

/* A set of subscriptions, and what it lost; mask 0: no more. */
struct fake_loss {
	uint64_t mask, lost[FAKE_CPUS];
};

/* What is in tl_told: who was told to which subscription. sub -1: no more. */
struct fake_told {
	uint64_t start;
	uint32_t pid;
	int sub;
};

static struct {
	const struct battery_file *files[3];
	char calls[FAKE_CALLS][48];
	size_t n_calls;
	const char *fail;		/* this call … */
	int code;			/* … ends with this errno */
	const char *verifier;		/* and leaves these words */
	void (*look)(const char *call);	/* sees each call */
	int objects, links;		/* open now */
	struct tl_config config;	/* as it was given to .rodata.tl last */
	const char *map_names[1024];	/* by descriptor */
	struct fake_entry entries[64];
	struct tl_counts counts[FAKE_CPUS];
	struct fake_loss losses[4];	/* what is in tl_sub_lost */
	struct fake_told told[4];
	size_t n_told;
	struct tl_shared *shared;
	int dead;			/* no such process */
	int dies;			/* a process that goes while the kernel side walks over all */
	uint64_t missed;		/* runs of each program that the kernel skipped */
	char *log;			/* the object's room for the verifier's words */
	int (*before_program)(const char *name);	/* what bpf_prog_load() is wrapped by */
	int next_fd;
} fake = { .next_fd = 5000 };

/* Whether that call succeeds; errno if not. */
static inline bool fake_call(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static inline bool fake_call(const char *fmt, ...)
{
	char *call = fake.calls[fake.n_calls % FAKE_CALLS];
	va_list args;

	va_start(args, fmt);
	vsnprintf(call, sizeof(fake.calls[0]), fmt, args);
	va_end(args);
	fake.n_calls++;
	if (fake.look)
		fake.look(call);
	if (!fake.fail || strcmp(call, fake.fail))
		return true;
	errno = fake.code;
	if (fake.log && fake.verifier)
		strcpy(fake.log, fake.verifier);
	return false;
}

/* The place of a call among those made, -1 if it was not made. */
static inline int fake_place(const char *call)
{
	for (size_t i = 0; i < fake.n_calls && i < FAKE_CALLS; i++)
		if (!strcmp(fake.calls[i], call))
			return (int)i;
	return -1;
}

static inline int fake_count(const char *call)
{
	int n = 0;

	for (size_t i = 0; i < fake.n_calls && i < FAKE_CALLS; i++)
		n += !strcmp(fake.calls[i], call);
	return n;
}

static inline void fake_forget(void)
{
	fake.n_calls = 0;
	fake.fail = NULL;
}

/* ---- objects --------------------------------------------------------------------------------- */

/* The file whose first program's name is there: libbpf is not given all of a file. */
static inline size_t fake_which(const void *data, size_t size)
{
	size_t which = 0;

	while (!memmem(data, size, fake.files[which]->programs[0], strlen(fake.files[which]->programs[0]) + 1))
		which++;
	return which;
}

FAKE(struct bpf_object *, bpf_object__open_mem, const void *data, size_t size, const struct bpf_object_open_opts *opts)
{
	struct bpf_object *object;
	size_t which = fake_which(data, size);

	fake.log = opts->kernel_log_buf;
	if (!fake_call("open %zu", which))
		return NULL;
	object = calloc(1, sizeof(*object));
	for (size_t i = 0; fake.files[which]->programs[i]; i++)
		object->programs[object->n_programs++] = (struct bpf_program){ fake.files[which]->programs[i], true, -1 };
	for (size_t i = 0; fake.files[which]->maps[i]; i++)
		object->maps[object->n_maps++] = (struct bpf_map){ fake.files[which]->maps[i], true, false, -1, 1 };
	object->maps[object->n_maps++] = (struct bpf_map){ ".rodata.tl", true, false, -1, 1 };
	fake.objects++;
	return object;
}

FAKE(void, bpf_object__close, struct bpf_object *object)
{
	if (!object)
		return;
	for (size_t i = 0; i < object->n_maps; i++)
		if (object->maps[i].fd >= 0 && !object->maps[i].reused)
			close(object->maps[i].fd);
	fake.objects--;
	free(object);
}

FAKE(struct bpf_program *, bpf_object__next_program, const struct bpf_object *object, struct bpf_program *at)
{
	struct bpf_program *next = at ? at + 1 : (struct bpf_program *)(uintptr_t)object->programs;

	return next < object->programs + object->n_programs ? next : NULL;
}

FAKE(struct bpf_map *, bpf_object__next_map, const struct bpf_object *object, const struct bpf_map *at)
{
	const struct bpf_map *next = at ? at + 1 : object->maps;

	return next < object->maps + object->n_maps ? (struct bpf_map *)(uintptr_t)next : NULL;
}

static inline int fake_make_map(struct bpf_map *map)
{
	if (!fake_call("make %s", map->name))
		return -errno;
	map->fd = memfd_create(map->name, MFD_CLOEXEC);
	fake.map_names[map->fd] = map->name;
	if (strcmp(map->name, "tl_shared"))
		return 0;
	if (ftruncate(map->fd, sizeof(struct tl_shared)))
		abort();
	if (fake.shared)
		munmap(fake.shared, sizeof(struct tl_shared));
	fake.shared = mmap(NULL, sizeof(struct tl_shared), PROT_READ | PROT_WRITE, MAP_SHARED, map->fd, 0);
	return 0;
}

FAKE(int, bpf_object__load, struct bpf_object *object)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < object->n_maps; i++)
		if (object->maps[i].create && object->maps[i].fd < 0)
			ret = fake_make_map(&object->maps[i]);
	for (size_t i = 0; !ret && i < object->n_programs; i++) {
		struct bpf_program *prog = &object->programs[i];

		if (prog->autoload && fake.before_program && fake.before_program(prog->name) < 0)
			ret = -errno;
		else if (prog->autoload && !fake_call("load %s", prog->name))
			ret = -errno;
		else if (prog->autoload)
			prog->fd = fake.next_fd++;
	}
	return ret;
}

FAKE(const char *, bpf_program__name, const struct bpf_program *prog) { return prog->name; }
FAKE(const char *, bpf_program__section_name, const struct bpf_program *prog) { (void)prog; return "tp_btf/x"; }
FAKE(bool, bpf_program__autoload, const struct bpf_program *prog) { return prog->autoload; }
FAKE(int, bpf_program__fd, const struct bpf_program *prog) { return prog->fd; }

FAKE(int, bpf_program__set_autoload, struct bpf_program *prog, bool autoload)
{
	prog->autoload = autoload;
	return 0;
}

FAKE(struct bpf_link *, bpf_program__attach, const struct bpf_program *prog)
{
	struct bpf_link *link;

	if (!fake_call("attach %s", prog->name))
		return NULL;
	link = malloc(sizeof(*link));
	link->prog = (struct bpf_program *)(uintptr_t)prog;
	fake.links++;
	return link;
}

FAKE(int, bpf_link__destroy, struct bpf_link *link)
{
	if (!link)
		return 0;
	fake_call("detach %s", link->prog->name);
	fake.links--;
	free(link);
	return 0;
}

FAKE(int, bpf_prog_test_run_opts, int fd, struct bpf_test_run_opts *opts)
{
	(void)opts;
	return fake_call("run %s", fd < 5000 ? "nothing" : "program") ? 0 : -errno;
}

FAKE(const char *, bpf_map__name, const struct bpf_map *map) { return map->name; }
FAKE(int, bpf_map__fd, const struct bpf_map *map) { return map->fd; }

FAKE(int, bpf_map__set_autocreate, struct bpf_map *map, bool create)
{
	map->create = create;
	return 0;
}

FAKE(int, bpf_map__set_max_entries, struct bpf_map *map, uint32_t n)
{
	map->max_entries = n;
	return fake_call("size %s %u", map->name, n) ? 0 : -errno;
}

FAKE(int, bpf_map__reuse_fd, struct bpf_map *map, int fd)
{
	map->fd = fd;
	map->reused = true;
	return fake_call("reuse %s", map->name) ? 0 : -errno;
}

FAKE(int, bpf_map__set_initial_value, struct bpf_map *map, const void *data, size_t size)
{
	(void)map;
	if (size != sizeof(fake.config))
		return -EINVAL;
	memcpy(&fake.config, data, size);
	return fake_call("config") ? 0 : -errno;
}

/* ---- what is in maps ------------------------------------------------------------------------- */

static inline struct fake_entry *fake_entry(int fd, uint32_t key)
{
	for (size_t i = 0; i < sizeof(fake.entries) / sizeof(*fake.entries); i++)
		if (fake.entries[i].used && fake.entries[i].fd == fd && fake.entries[i].key == key)
			return &fake.entries[i];
	return NULL;
}

static inline const char *fake_map_name(int fd)
{
	return fd >= 0 && fd < 1024 && fake.map_names[fd] ? fake.map_names[fd] : "?";
}

/* The row of that mask; the first if there is no key. */
static inline const struct fake_loss *fake_loss(const void *key)
{
	const struct fake_loss *loss = fake.losses;

	while (key && loss->mask && memcmp(&loss->mask, key, sizeof(loss->mask)))
		loss++;
	return loss;
}

FAKE(int, bpf_map_lookup_elem, int fd, const void *key, void *value)
{
	const char *name = fake_map_name(fd);
	uint32_t number = *(const uint32_t *)key;
	struct fake_entry *entry = fake_entry(fd, number);

	if (!strcmp(name, "tl_counts")) {
		memcpy(value, fake.counts, sizeof(fake.counts));
		((struct tl_counts *)value)->made += number;	/* told apart by it */
		return 0;
	}
	if (!strcmp(name, "tl_sub_lost")) {
		const struct fake_loss *loss = fake_loss(key);

		memcpy(value, loss->lost, sizeof(loss->lost));
		return 0;
	}
	if (!entry) {
		errno = ENOENT;
		return -ENOENT;
	}
	if (!strcmp(name, "tl_seeds"))
		memcpy(value, &entry->seed, sizeof(entry->seed));
	else
		memcpy(value, &entry->target, sizeof(entry->target));
	return 0;
}

FAKE(int, bpf_map_update_elem, int fd, const void *key, const void *value, __u64 flags)
{
	uint32_t number = *(const uint32_t *)key;
	struct fake_entry *entry = fake_entry(fd, number);
	const char *name = fake_map_name(fd);

	(void)flags;
	if (!fake_call("update %s %u", fake_map_name(fd), number))
		return -errno;
	for (size_t i = 0; !entry; i++)
		if (!fake.entries[i].used)
			entry = &fake.entries[i];
	*entry = (struct fake_entry){ .used = true, .fd = fd, .key = number };
	if (!strcmp(name, "tl_targets"))
		entry->target = *(const struct tl_target *)value;
	else if (!strcmp(name, "tl_seeds"))
		entry->seed = *(const struct tl_seed *)value;
	else
		entry->value = *(const int *)value;
	return 0;
}

/* The place of that one behind the key, or the first. */
static inline size_t fake_told_place(const void *key)
{
	for (size_t i = 0; key && i < fake.n_told; i++)
		if (!memcmp(&fake.told[i], key, sizeof(fake.told[i])))
			return i;
	return key ? fake.n_told : 0;
}

static inline int fake_told_delete(const void *key)
{
	size_t i = fake_told_place(key);

	if (i == fake.n_told)
		return -ENOENT;
	fake.n_told--;
	memmove(&fake.told[i], &fake.told[i + 1], (fake.n_told - i) * sizeof(fake.told[0]));
	return 0;
}

static inline int fake_told_next(const void *key, void *next)
{
	size_t i = fake_told_place(key) + (key ? 1 : 0);

	if (i >= fake.n_told)
		return -ENOENT;
	memcpy(next, &fake.told[i], sizeof(fake.told[i]));
	return 0;
}

FAKE(int, bpf_map_delete_elem, int fd, const void *key)
{
	struct fake_entry *entry = fake_entry(fd, *(const uint32_t *)key);

	if (!strcmp(fake_map_name(fd), "tl_told"))
		return fake_told_delete(key);
	if (!fake_call("delete %s %u", fake_map_name(fd), *(const uint32_t *)key) || !entry)
		return -ENOENT;
	entry->used = false;
	return 0;
}

FAKE(int, bpf_map_get_next_key, int fd, const void *key, void *next)
{
	size_t i;

	if (!strcmp(fake_map_name(fd), "tl_told"))
		return fake_told_next(key, next);
	if (!strcmp(fake_map_name(fd), "tl_sub_lost")) {
		const struct fake_loss *loss = fake_loss(key) + (key ? 1 : 0);

		memcpy(next, &loss->mask, sizeof(loss->mask));
		return loss->mask ? 0 : -ENOENT;
	}
	i = key ? (size_t)(fake_entry(fd, *(const uint32_t *)key) - fake.entries) + 1 : 0;

	for (; i < sizeof(fake.entries) / sizeof(*fake.entries); i++) {
		if (!fake.entries[i].used || fake.entries[i].fd != fd)
			continue;
		*(uint32_t *)next = fake.entries[i].key;
		return 0;
	}
	return -ENOENT;
}

FAKE(int, bpf_obj_get_info_by_fd, int fd, void *info, __u32 *size)
{
	if (fd < 5000 || *size < sizeof(struct bpf_prog_info))
		return -EINVAL;
	((struct bpf_prog_info *)info)->recursion_misses = fake.missed;
	return 0;
}

FAKE(int, libbpf_num_possible_cpus, void) { return FAKE_CPUS; }

/* ---- what the kernel side does with targets ---------------------------------------------------- */

static inline void fake_judge(struct tl_target *target)
{
	const struct tl_selection *selection = &fake.shared->selection;

	target->mask = target->gives = 0;
	for (uint32_t i = 0; i < selection->n_rules[selection->current]; i++) {
		const struct tl_rule *rule = &selection->rules[selection->current][i];

		if ((rule->marks & ~target->marks) | (rule->no_marks & target->marks) |
		    (rule->traits & ~target->traits) | (rule->no_traits & target->traits))
			continue;
		target->mask |= rule->subs;
		target->gives |= rule->gives;
	}
}

static inline int fake_map(const char *name)
{
	for (int fd = 0; fd < 1024; fd++)
		if (fake.map_names[fd] && !strcmp(fake.map_names[fd], name))
			return fd;
	return -1;
}

/* What is known of a process and what it is given, decided about anew. */
static inline void fake_meet(uint32_t pid, const struct tl_seed *seed)
{
	const struct tl_selection *selection = &fake.shared->selection;
	int fd = fake_map("tl_targets");
	struct fake_entry *entry = fake_entry(fd, pid);
	struct tl_target target = { .pass = selection->pass };

	if (entry)
		target.marks = entry->target.marks, target.at_exec = entry->target.at_exec;
	target.marks = (target.marks | seed->marks) & selection->marks;
	target.at_exec = (target.at_exec | (seed->at_exec & ~target.marks)) & selection->marks;
	fake_judge(&target);
	if (!target.marks && !target.at_exec) {
		if (entry)
			entry->used = false, fake.shared->target_filter[pid % TL_PIDS_MAX]--;
		return;
	}
	for (size_t i = 0; !entry; i++)
		if (!fake.entries[i].used)
			entry = &fake.entries[i], fake.shared->target_filter[pid % TL_PIDS_MAX]++;
	*entry = (struct fake_entry){ .used = true, .fd = fd, .key = pid, .target = target };
}

struct tl_programs;
struct tl_error;
FAKE(int, tl_processes_walk, const struct tl_programs *programs, struct tl_error *err)
{
	static const struct tl_seed nothing;
	int seeds = fake_map("tl_seeds"), targets = fake_map("tl_targets");

	(void)programs, (void)err;
	if (!fake_call("walk"))
		return -errno;
	if (fake.dies)
		fake.dead = fake.dies;
	for (size_t i = 0; i < sizeof(fake.entries) / sizeof(*fake.entries); i++)
		if (fake.entries[i].used && fake.entries[i].fd == targets && (int)fake.entries[i].key != fake.dead)
			fake_meet(fake.entries[i].key, &nothing);
	for (size_t i = 0; i < sizeof(fake.entries) / sizeof(*fake.entries); i++)
		if (fake.entries[i].used && fake.entries[i].fd == seeds && (int)fake.entries[i].key != fake.dead)
			fake_meet(fake.entries[i].key, &fake.entries[i].seed);
	return 0;
}

/* ---- the kernel around it -------------------------------------------------------------------- */

FAKE(int, kill, int pid, int signal)
{
	(void)signal;
	errno = pid == fake.dead ? ESRCH : EPERM;	/* EPERM: it is there, and somebody else's */
	return -1;
}

FAKE(bool, tl_has_btf, void) { return fake_call("btf"); }
FAKE(bool, tl_has_ring_buffer, void) { return fake_call("ring"); }
FAKE(bool, tl_has_task_storage, void) { return fake_call("storage"); }

#endif
