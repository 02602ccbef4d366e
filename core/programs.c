// SPDX-License-Identifier: MIT
#include "programs.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "kernel_view.h"
#include "libbpf_log.h"
#include "slice.h"
#include "wanted.h"

struct tl_program *tl_programs_find(const struct tl_programs *p, const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (!strcmp(p->list[i].name, name))
			return &p->list[i];
	return NULL;
}

int tl_programs_map(const struct tl_programs *p, const char *name)
{
	for (size_t i = 0; i < p->n_maps; i++)
		if (!strcmp(p->maps[i].name, name))
			return p->maps[i].fd;
	return -1;
}

/* Where handlers of each side are, by flavour. */
static const char *const handler_tables[TL_SIDES][2] = {
	[TL_ENTER] = { "tl_enter_handlers", "tl_enter_handlers_classic" },
	[TL_EXIT] = { "tl_exit_handlers", "tl_exit_handlers_classic" },
};

/* ---- maps ------------------------------------------------------------------------------------ */

static bool is_wanted(const char *name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

/* What a session works with, whatever it traces. */
static bool is_base_map(const char *map)
{
	static const char *const names[] = { "tl_shared", "tl_targets", "tl_seeds", "tl_ring", "tl_perf", "tl_counts",
					     "tl_sub_lost", "tl_enter_handlers", "tl_exit_handlers",
					     "tl_enter_handlers_classic", "tl_exit_handlers_classic" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(map, names[i]))
			return true;
	return false;
}

/* Of these pairs one is in use; a program may not even name the other one, if it holds another type. */
static bool is_other_map(const struct tl_programs *p, const char *map)
{
	return !strcmp(map, p->config.use_perf ? "tl_ring" : "tl_perf") ||
	       !strcmp(map, handler_tables[TL_ENTER][!p->classic]) ||
	       !strcmp(map, handler_tables[TL_EXIT][!p->classic]) ||
	       !strcmp(map, p->config.has_task_btf ? "tl_inflight_hash" : "tl_inflight_task") ||
	       !strcmp(map, p->config.has_task_btf ? "tl_kept_hash" : "tl_kept_task") ||
	       (p->config.has_task_btf && !strcmp(map, "tl_kept_none"));
}

/* What is being loaded from one battery. */
struct loading {
	struct tl_battery *battery;
	struct bpf_object *object;
	const char *const *names;	/* all of the battery, and not loaded yet */
	size_t n;
	const char *maps[TL_MAPS_MAX];	/* that they refer to */
	size_t n_maps;
};

static void note_map(void *arg, const char *map)
{
	struct loading *l = arg;

	if (l->n_maps < TL_MAPS_MAX && !is_wanted(map, l->maps, l->n_maps))
		l->maps[l->n_maps++] = map;
}

static void note_maps(struct loading *l)
{
	tl_image_maps(&l->battery->image, TL_SHARED_CODE, note_map, l);
	for (size_t i = 0; i < l->n; i++)
		tl_image_maps(&l->battery->image, l->names[i], note_map, l);
}

/* Large maps cost time and memory: one is made only when a program that is being loaded uses it. */
static bool is_map_needed(const struct loading *l, const char *map)
{
	return is_base_map(map) || is_wanted(map, l->maps, l->n_maps);
}

static int prepare_map(const struct tl_programs *p, const struct loading *l, struct bpf_map *map)
{
	const char *name = bpf_map__name(map);
	int fd = tl_programs_map(p, name);

	if (!strcmp(name, ".rodata.tl"))
		return bpf_map__set_initial_value(map, &p->config, sizeof(p->config));
	if (name[0] == '.')
		return 0;
	if (is_other_map(p, name))
		return bpf_map__set_autocreate(map, false);
	if (fd >= 0)
		return bpf_map__reuse_fd(map, fd);
	if (!is_map_needed(l, name))
		return bpf_map__set_autocreate(map, false);
	if (!strcmp(name, "tl_ring"))
		return bpf_map__set_max_entries(map, (uint32_t)p->ring_size);
	return 0;
}

static int prepare_maps(struct tl_programs *p, const struct loading *l, struct tl_error *err)
{
	struct bpf_map *map;

	p->config.first_event = l->battery->first_event;
	bpf_object__for_each_map(map, l->object) {
		int ret = prepare_map(p, l, map);

		if (ret)
			return tl_fail(err, ret, "%s: map %s: %s", l->battery->image.origin,
				       bpf_map__name(map), strerror(-ret));
	}
	return 0;
}

static int keep_maps(struct tl_programs *p, struct bpf_object *object, struct tl_error *err)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, object) {
		const char *name = bpf_map__name(map);

		if (name[0] == '.' || bpf_map__fd(map) < 0 || tl_programs_map(p, name) >= 0)
			continue;
		if (p->n_maps == TL_MAPS_MAX)
			return tl_fail(err, -ENOSPC, "battery: more than %d maps", TL_MAPS_MAX);
		snprintf(p->maps[p->n_maps].name, TL_NAME_LEN, "%s", name);
		p->maps[p->n_maps++].fd = bpf_map__fd(map);
	}
	return 0;
}

/* ---- loading --------------------------------------------------------------------------------- */

static int keep_programs(struct tl_programs *p, struct bpf_object *object, struct tl_error *err)
{
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, object) {
		struct tl_program *list;

		if (!bpf_program__autoload(prog))
			continue;
		list = realloc(p->list, (p->n + 1) * sizeof(*list));
		if (!list)
			return tl_fail(err, -ENOMEM, "programs: out of memory");
		p->list = list;
		list[p->n] = (struct tl_program){ .prog = prog };
		snprintf(list[p->n].name, TL_NAME_LEN, "%s", bpf_program__name(prog));
		p->n++;
	}
	return 0;
}

static int keep_object(struct tl_programs *p, struct bpf_object *object, struct tl_error *err)
{
	struct bpf_object **objects = realloc(p->objects, (p->n_objects + 1) * sizeof(*objects));
	int ret;

	if (!objects) {
		bpf_object__close(object);
		return tl_fail(err, -ENOMEM, "programs: out of memory");
	}
	p->objects = objects;
	objects[p->n_objects++] = object;
	ret = keep_maps(p, object, err);
	return ret ? ret : keep_programs(p, object, err);
}

static int load_failed(const struct tl_battery *battery, int code, struct tl_error *err)
{
	const char *origin = battery->image.origin;

	if (code == -ECANCELED)
		return tl_fail(err, code, "loading: it was stopped");
	if (code == -EPERM || code == -EACCES)
		if (!tl_log_verifier()[0])
			return tl_fail(err, -EPERM, "the kernel does not let this user load BPF programs; "
				       "run as root, or with CAP_BPF and CAP_PERFMON");
	return tl_fail(err, code, "%s: the kernel refused a program: %s", origin, tl_log_reason());
}

/* The kernel's types as this battery needs them; all of them where that cannot be told. */
static const struct tl_reduced *kernel_types(struct tl_battery *battery)
{
	struct tl_wanted wanted;

	if (!battery->has_kernel && !tl_wanted_read(&wanted, &battery->image)) {
		tl_kernel_reduce(&battery->kernel, &wanted);
		tl_wanted_close(&wanted);
	}
	battery->has_kernel = true;
	return battery->kernel.data ? &battery->kernel : NULL;
}

static int open_object(struct loading *l, const char *types, struct tl_error *err)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "traceleft", .btf_custom_path = types,
		    .kernel_log_buf = tl_log_verifier(), .kernel_log_size = TL_LOG_VERIFIER);
	const char *origin = l->battery->image.origin;
	struct tl_slice slice;
	int ret = tl_slice_open(&slice, &l->battery->image, l->names, l->n);

	if (ret)
		return tl_fail(err, ret, "%s: %s", origin, strerror(-ret));
	l->object = bpf_object__open_mem(slice.data, slice.size, &opts);
	if (!l->object)
		ret = tl_fail(err, -errno, "%s: %s", origin, tl_log_reason());
	tl_slice_close(&slice);
	return ret;
}

/* Marks the programs that are wanted; returns their number. */
static size_t choose_programs(const struct loading *l)
{
	struct bpf_program *prog;
	size_t wanted = 0;

	bpf_object__for_each_program(prog, l->object) {
		bool load = is_wanted(bpf_program__name(prog), l->names, l->n);

		bpf_program__set_autoload(prog, load);
		wanted += load;
	}
	return wanted;
}

/* With `types`, a file's name, instead of all that the kernel has. */
static int try_load(struct tl_programs *p, struct loading *l, const char *types, struct tl_error *err)
{
	size_t wanted;
	int ret = open_object(l, types, err);

	if (ret)
		return ret;
	wanted = choose_programs(l);
	ret = wanted ? prepare_maps(p, l, err) : 0;
	if (!ret && wanted) {
		ret = bpf_object__load(l->object);
		if (ret)
			ret = load_failed(l->battery, ret, err);
	}
	if (ret || !wanted) {
		bpf_object__close(l->object);
		return ret;
	}
	return keep_object(p, l->object, err);
}

/* The first try is with as few of the kernel's types as will do. -ENOTSUP: that cannot be told. */
static int load_reduced(struct tl_programs *p, struct loading *l, struct tl_error *err)
{
	const struct tl_reduced *types = kernel_types(l->battery);
	char path[TL_KERNEL_PATH];
	int fd = types ? tl_kernel_begin(types, path) : -ENOTSUP, ret;

	if (fd < 0)
		return -ENOTSUP;
	ret = try_load(p, l, path, err);
	tl_kernel_end(fd);
	return ret;
}

/*
 * Loads the programs of one battery that are in `names`. What only a module has is not among the reduced types; and
 * what is wrong is to be told as it is with all.
 */
static int load_battery(struct tl_programs *p, struct tl_battery *battery, const char *const *names, size_t n,
			struct tl_error *err)
{
	struct loading l = { .battery = battery, .names = names, .n = n };
	int ret;

	note_maps(&l);
	ret = load_reduced(p, &l, err);
	if (!ret || ret == -EPERM || ret == -ENOMEM || ret == -ECANCELED)
		return ret;
	tl_log_restart();
	return try_load(p, &l, NULL, err);
}

static int check_known(struct tl_programs *p, const char *const *names, size_t n, struct tl_error *err)
{
	for (size_t i = 0; i < n; i++)
		if (!tl_batteries_program(p->batteries, names[i]))
			return tl_fail(err, -ENOENT, "program %s: not in any battery file; "
				       "name a complete battery with --battery", names[i]);
	return 0;
}

/* Those of the names that this battery has and that are not loaded. */
static size_t missing(const struct tl_programs *p, const struct tl_battery *battery, const char *const *names, size_t n,
		      const char **found)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		if (!tl_programs_find(p, names[i]) && tl_batteries_program(p->batteries, names[i]) == battery)
			found[count++] = names[i];
	return count;
}

/* A battery may have a function of that name which is no program, or a name longer than is kept. */
static int check_loaded(struct tl_programs *p, const char *const *names, size_t n, struct tl_error *err)
{
	for (size_t i = 0; i < n; i++)
		if (!tl_programs_find(p, names[i]))
			return tl_fail(err, -ENOENT, "program %s: its battery file has no program of that name",
				       names[i]);
	return 0;
}

/* How far it is. */
struct progress {
	const struct tl_programs *p;
	size_t done, total;
	bool stopped;
};

/* libbpf loads what was refused again, to hear why: that is not told, and may come to more than there are. */
static bool on_program(void *arg)
{
	struct progress *progress = arg;

	if (!progress->stopped && progress->done < progress->total)
		progress->stopped = !progress->p->loading(progress->p->loading_arg, progress->done++, progress->total);
	return !progress->stopped;
}

static int load_missing(struct tl_programs *p, const char *const *names, size_t n, const char **found,
			struct tl_error *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < p->batteries->n; i++) {
		struct tl_battery *battery = &p->batteries->list[i];
		size_t count = missing(p, battery, names, n, found);

		if (!count)
			continue;
		tl_log_begin();
		ret = load_battery(p, battery, found, count, err);
		tl_log_end();
	}
	return ret;
}

static int load_watched(struct tl_programs *p, const char *const *names, size_t n, const char **found,
			struct tl_error *err)
{
	struct progress progress = { .p = p };
	int ret;

	for (size_t i = 0; i < p->batteries->n; i++)
		progress.total += missing(p, &p->batteries->list[i], names, n, found);
	if (!progress.total || !p->loading)
		return load_missing(p, names, n, found, err);
	tl_kernel_watch(on_program, &progress);
	ret = load_missing(p, names, n, found, err);
	tl_kernel_watch(NULL, NULL);
	p->loading(p->loading_arg, progress.total, progress.total);
	return ret;
}

int tl_programs_load(struct tl_programs *p, const char *const *names, size_t n, struct tl_error *err)
{
	const char **found = calloc(n + 1, sizeof(*found));
	int ret = found ? check_known(p, names, n, err) : tl_fail(err, -ENOMEM, "programs: out of memory");

	if (!ret)
		ret = load_watched(p, names, n, found, err);
	free(found);
	return ret ? ret : check_loaded(p, names, n, err);
}

/* ---- attaching ------------------------------------------------------------------------------- */

int tl_programs_attach(struct tl_program *program, struct tl_error *err)
{
	int ret = 0;

	if (program->link)
		return 0;
	tl_log_begin();
	program->link = bpf_program__attach(program->prog);
	if (!program->link)
		ret = tl_fail(err, -errno, "%s: cannot be attached to %s: %s", program->name,
			      bpf_program__section_name(program->prog), strerror(errno));
	tl_log_end();
	return ret;
}

void tl_programs_detach(struct tl_program *program)
{
	bpf_link__destroy(program->link);
	program->link = NULL;
}

int tl_programs_slot(struct tl_programs *p, struct tl_program *program, enum tl_side side, struct tl_error *err)
{
	uint32_t slot = p->next_slot + 1u;
	const char *table = handler_tables[side][p->classic];
	int fd = bpf_program__fd(program->prog);

	if (program->slot)
		return program->slot;
	if (slot >= TL_HANDLERS_MAX)
		return tl_fail(err, -ENOSPC, "%s: the tail-call table is full", program->name);
	if (bpf_map_update_elem(tl_programs_map(p, table), &slot, &fd, BPF_ANY))
		return tl_fail(err, -errno, "%s: cannot be put into the tail-call table: %s",
			       program->name, strerror(errno));
	program->slot = p->next_slot = (uint16_t)slot;
	return program->slot;
}

int tl_programs_probe(struct tl_programs *p, const char *name, struct tl_error *err)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	struct tl_program *probe = tl_programs_find(p, name);
	int ret = probe ? bpf_prog_test_run_opts(bpf_program__fd(probe->prog), &opts) : -ENOENT;

	if (ret)
		return tl_fail(err, ret, "%s: cannot be run: %s", name, strerror(-ret));
	p->classic = opts.retval != 0;
	return 0;
}

/* Programs named so make up for what the one before them missed; what they miss themselves was seen. */
static bool is_second(const char *name)
{
	const char *suffix = "_again";
	size_t len = strlen(name);

	return len > strlen(suffix) && !strcmp(name + len - strlen(suffix), suffix);
}

uint64_t tl_programs_missed(const struct tl_programs *p)
{
	uint64_t missed = 0;

	for (size_t i = 0; i < p->n; i++) {
		struct bpf_prog_info info = { 0 };	/* 5.10 does not count these: 0 */
		uint32_t size = sizeof(info);

		if (is_second(p->list[i].name))
			continue;
		if (!bpf_obj_get_info_by_fd(bpf_program__fd(p->list[i].prog), &info, &size))
			missed += info.recursion_misses;
	}
	return missed;
}

void tl_programs_close(struct tl_programs *p)
{
	for (size_t i = 0; i < p->n; i++)
		tl_programs_detach(&p->list[i]);
	for (size_t i = 0; i < p->n_objects; i++)
		bpf_object__close(p->objects[i]);
	free(p->objects);
	free(p->list);
	*p = (struct tl_programs){ 0 };
}
