// SPDX-License-Identifier: MIT
#include "load/programs.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/error.h"
#include "load/kernel_view.h"
#include "load/libbpf_log.h"
#include "load/loading.h"

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
const char *const tl_handler_tables[TL_SIDES][2] = {
	[TL_ENTER] = { "tl_enter_handlers", "tl_enter_handlers_classic" },
	[TL_EXIT] = { "tl_exit_handlers", "tl_exit_handlers_classic" },
};

/* ---- loading --------------------------------------------------------------------------------- */

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
		ret = tl_load_battery(p, battery, found, count, err);
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
	const char *table = tl_handler_tables[side][p->classic];
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
