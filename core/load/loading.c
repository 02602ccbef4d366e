// SPDX-License-Identifier: MIT
/* loading.c: how programs get into the kernel, with the maps that they use. */
#include "load/loading.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/error.h"
#include "load/kernel_view.h"
#include "load/libbpf_log.h"
#include "load/slice.h"
#include "load/wanted.h"

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
	       !strcmp(map, tl_handler_tables[TL_ENTER][!p->classic]) ||
	       !strcmp(map, tl_handler_tables[TL_EXIT][!p->classic]) ||
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

/* What only a module has is not among the reduced types; and what is wrong is to be told as it is with all. */
int tl_load_battery(struct tl_programs *p, struct tl_battery *battery, const char *const *names, size_t n,
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
