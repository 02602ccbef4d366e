// SPDX-License-Identifier: MIT
#include "verdict/verdicts.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/error.h"
#include "load/kernel_btf.h"
#include "load/libbpf_log.h"
#include "verdict/verdict.h"

#define TABLE	"tl_verdicts_"
#define JUDGED	"tl_judged_"
#define CLASSIC	TABLE "classic"

struct tl_verdict_program {
	struct tl_verdict_program *next;
	const struct tl_hook *hook;
	struct bpf_insn *insns;
	size_t n;
	int fd;
	bool used;
};

void tl_verdicts_init(struct tl_verdicts *verdicts)
{
	*verdicts = (struct tl_verdicts){ .vars_fd = -1 };
}

/* ---- variables --------------------------------------------------------------------------------- */

#define VARS_SIZE	((size_t)TL_SUBS_MAX * TL_VARS_BYTES)

static int make_vars(struct tl_verdicts *verdicts, bool in_kernel, struct tl_error *err)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = BPF_F_MMAPABLE);
	int flags = in_kernel ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;
	void *memory;

	if (in_kernel) {
		verdicts->vars_fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "tl_vars", sizeof(uint32_t), VARS_SIZE, 1, &opts);
		if (verdicts->vars_fd < 0)
			return tl_fail(err, -errno, "vars: no map for them: %s", strerror(errno));
	}
	memory = mmap(NULL, VARS_SIZE, PROT_READ | PROT_WRITE, flags, verdicts->vars_fd, 0);
	if (memory == MAP_FAILED)
		return tl_fail(err, -errno, "vars: %s", strerror(errno));
	verdicts->vars = memory;
	return 0;
}

void *tl_verdicts_vars(struct tl_session *session, unsigned int bit, struct tl_error *err)
{
	struct tl_verdicts *verdicts = &session->verdicts;
	char *memory;

	if (!verdicts->vars && make_vars(verdicts, !session->replay, err))
		return NULL;
	memory = verdicts->vars + (size_t)bit * TL_VARS_BYTES;
	memset(memory, 0, TL_VARS_BYTES);
	return memory;
}

/* ---- hooks ------------------------------------------------------------------------------------- */

/* The hook of that table, made if it is new. */
static struct tl_hook *hook_of(struct tl_verdicts *verdicts, const char *table, struct tl_error *err)
{
	struct tl_hook *hook;

	for (size_t i = 0; i < verdicts->n_hooks; i++)
		if (!strcmp(verdicts->hooks[i]->table_name, table))
			return verdicts->hooks[i];
	hook = verdicts->n_hooks < TL_HOOKS_MAX ? calloc(1, sizeof(*hook)) : NULL;
	if (!hook) {
		tl_fail(err, -ENOMEM, "%s: no room for another table of verdicts", table);
		return NULL;
	}
	snprintf(hook->table_name, sizeof(hook->table_name), "%s", table);
	snprintf(hook->judged_name, sizeof(hook->judged_name), JUDGED "%.*s",
		 (int)(sizeof(hook->judged_name) - sizeof(JUDGED)), table + strlen(TABLE));
	verdicts->hooks[verdicts->n_hooks++] = hook;
	return hook;
}

/* Adds the hook that a program is at, if verdicts are asked there. */
static int add_hook(struct tl_session *session, const char *program, struct tl_hook **hooks, int n,
		    struct tl_error *err)
{
	const char *name = session->programs.classic ? tl_batteries_classic(&session->batteries, program) : program;
	const struct tl_battery *battery = tl_batteries_program(&session->batteries, name);
	const char *table = battery ? tl_image_use(&battery->image, name, TABLE) : NULL;
	struct tl_hook *hook;

	if (!table)
		return n;
	hook = hook_of(&session->verdicts, table, err);
	if (!hook)
		return -ENOMEM;
	for (int i = 0; i < n; i++)
		if (hooks[i] == hook)
			return n;
	hooks[n] = hook;
	return n + 1;
}

int tl_verdicts_hooks(struct tl_session *session, const struct tl_entry *entry, bool early,
		      struct tl_hook *hooks[TL_HOOKS_MAX], struct tl_error *err)
{
	int n = 0;

	for (size_t i = 0; n >= 0 && i < entry->n_routes; i++)
		n = add_hook(session, entry->routes[i].program, hooks, n, err);
	for (size_t i = 0; !early && n >= 0 && i < entry->n_attaches; i++)
		n = add_hook(session, entry->attaches[i], hooks, n, err);
	return n;
}

/* ---- programs ---------------------------------------------------------------------------------- */

/* The program that verdicts go on to has it, and since 5.17 the kernel says so: no types need to be read. */
static int known_btf_id(const struct tl_session *session, const struct tl_hook *hook)
{
	const struct tl_program *judged = tl_programs_find(&session->programs, hook->judged_name);
	struct bpf_prog_info info = { 0 };
	uint32_t size = sizeof(info);

	if (!judged || bpf_obj_get_info_by_fd(bpf_program__fd(judged->prog), &info, &size))
		return 0;
	return (int)info.attach_btf_id;
}

static int find_btf_id(const struct tl_session *session, struct tl_hook *hook, struct tl_error *err)
{
	char name[TL_NAME_LEN];

	if (!hook->btf_id)
		hook->btf_id = known_btf_id(session, hook);
	if (hook->btf_id)
		return 0;
	snprintf(name, sizeof(name), "btf_trace_%s", hook->table_name + strlen(TABLE));
	hook->btf_id = tl_kernel_typedef(name);
	if (hook->btf_id > 0)
		return 0;
	hook->btf_id = 0;
	return tl_fail(err, -ENOTSUP, "%s: this kernel's types do not have it", name);
}

static bool is_classic(const struct tl_hook *hook)
{
	return !strcmp(hook->table_name, CLASSIC);
}

static int load_insns(const struct tl_hook *hook, const struct tl_code *code, char *log, size_t log_size)
{
	bool classic = is_classic(hook);
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .log_buf = log, .log_size = (uint32_t)log_size, .log_level = log ? 1 : 0);

	if (!classic) {
		opts.expected_attach_type = BPF_TRACE_RAW_TP;
		opts.attach_btf_id = (uint32_t)hook->btf_id;
	}
	return bpf_prog_load(classic ? BPF_PROG_TYPE_TRACEPOINT : BPF_PROG_TYPE_TRACING, "tl_verdict", "Dual BSD/GPL",
			     code->insns, code->n, &opts);
}

/* The second try is for what the verifier says. */
static int refused(const struct tl_hook *hook, const struct tl_code *code, int error, struct tl_error *err)
{
	char *log = tl_log_verifier();
	int fd = load_insns(hook, code, log, TL_LOG_VERIFIER);

	if (fd >= 0)
		return fd;	/* it was something passing */
	if (error == -EPERM && !log[0])
		return tl_fail(err, error, "the kernel does not let this user load BPF programs; run as root, or with "
			       "CAP_BPF and CAP_PERFMON");
	return tl_fail(err, error, "where: the kernel refused the program that was made of it (%zu instructions): %s",
		       code->n, tl_log_reason());
}

static struct tl_verdict_program *find_program(const struct tl_verdicts *verdicts, const struct tl_hook *hook,
					       const struct tl_code *code)
{
	for (struct tl_verdict_program *p = verdicts->programs; p; p = p->next)
		if (p->hook == hook && p->n == code->n && !memcmp(p->insns, code->insns, p->n * sizeof(*p->insns)))
			return p;
	return NULL;
}

/* Takes the instructions. NULL with the error told. */
static struct tl_verdict_program *load_program(struct tl_verdicts *verdicts, struct tl_hook *hook,
					       struct tl_code *code, struct tl_error *err)
{
	struct tl_verdict_program *program = calloc(1, sizeof(*program));
	int fd = program ? load_insns(hook, code, NULL, 0) : tl_fail(err, -ENOMEM, "where: out of memory");

	if (program && fd < 0)
		fd = refused(hook, code, -errno, err);
	if (fd < 0) {
		free(program);
		return NULL;
	}
	*program = (struct tl_verdict_program){ .next = verdicts->programs, .hook = hook, .insns = code->insns,
						.n = code->n, .fd = fd };
	code->insns = NULL;
	verdicts->programs = program;
	return program;
}

static struct tl_verdict_program *make_program(struct tl_session *session, struct tl_hook *hook, uint16_t event,
					       enum tl_stage stage, struct tl_error *err)
{
	struct tl_verdict_maps maps = {
		.depth = tl_programs_map(&session->programs, "tl_depth"),
		.scratch = tl_programs_map(&session->programs, "tl_scratch"),
		.shared = tl_programs_map(&session->programs, "tl_shared"),
		.table = tl_programs_map(&session->programs, hook->table_name),
	};
	struct tl_verdict_program *program = NULL;
	struct tl_code code;

	tl_code_init(&code);
	if (!tl_verdict_make(session, event, stage, &maps, &code, err)) {
		program = find_program(&session->verdicts, hook, &code);
		if (!program)
			program = load_program(&session->verdicts, hook, &code, err);
	}
	tl_code_free(&code);
	return program;
}

static void free_unused(struct tl_verdicts *verdicts)
{
	struct tl_verdict_program **at = &verdicts->programs, *program;

	for (program = verdicts->programs; program; program = program->next)
		program->used = false;
	for (size_t h = 0; h < verdicts->n_hooks; h++)
		for (size_t i = 0; i < TL_VERDICT_JUDGED; i++)
			if (verdicts->hooks[h]->at[i])
				verdicts->hooks[h]->at[i]->used = true;
	while ((program = *at)) {
		if (program->used) {
			at = &program->next;
			continue;
		}
		*at = program->next;
		close(program->fd);
		free(program->insns);
		free(program);
	}
}

/* ---- load and install -------------------------------------------------------------------------- */

static int load_event(struct tl_session *session, uint16_t event, enum tl_stage stage, struct tl_error *err)
{
	bool early = stage == TL_STAGE_EARLY;
	struct tl_hook *hooks[TL_HOOKS_MAX];
	int n = tl_verdict_needed(session, event, stage)
			? tl_verdicts_hooks(session, tl_batteries_entry(&session->batteries, event), early, hooks, err)
			: 0;

	for (int i = 0; i < n; i++) {
		size_t at = event + (early ? TL_VERDICT_EARLY : 0);

		if (!is_classic(hooks[i]) && find_btf_id(session, hooks[i], err))
			return -ENOTSUP;
		hooks[i]->next[at] = make_program(session, hooks[i], event, stage, err);
		if (!hooks[i]->next[at])
			return err && err->code ? err->code : -EINVAL;
	}
	return n < 0 ? n : 0;
}

int tl_verdicts_load(struct tl_session *session, struct tl_error *given)
{
	struct tl_error own = { 0 }, *err = given ? given : &own;
	int ret = 0;

	for (size_t h = 0; h < session->verdicts.n_hooks; h++)
		memset(session->verdicts.hooks[h]->next, 0, sizeof(session->verdicts.hooks[h]->next));
	err->code = 0;
	for (size_t event = 0; !ret && event < session->batteries.n_events; event++) {
		ret = load_event(session, (uint16_t)event, TL_STAGE_EARLY, err);
		if (!ret)
			ret = load_event(session, (uint16_t)event, TL_STAGE_LATE, err);
	}
	return ret;
}

static int put(const struct tl_session *session, const struct tl_hook *hook, uint32_t at, int fd)
{
	return bpf_map_update_elem(tl_programs_map(&session->programs, hook->table_name), &at, &fd, BPF_ANY);
}

/* Where verdicts go on to must be there before the first of them. */
static int put_judged(struct tl_session *session, struct tl_hook *hook, struct tl_error *err)
{
	struct tl_program *judged = tl_programs_find(&session->programs, hook->judged_name);

	if (hook->has_judged || !judged)
		return 0;
	if (put(session, hook, TL_VERDICT_JUDGED, bpf_program__fd(judged->prog)))
		return tl_fail(err, -errno, "%s: cannot be put into its table: %s", hook->judged_name, strerror(errno));
	hook->has_judged = true;
	return 0;
}

/*
 * Instead of no verdict at all there is the program that verdicts go on to, which lets pass. When an
 * element is deleted the kernel waits until nobody runs the program, some ms for each of them.
 */
static int passing(const struct tl_session *session, const struct tl_hook *hook)
{
	struct tl_program *judged = tl_programs_find(&session->programs, hook->judged_name);

	return judged ? bpf_program__fd(judged->prog) : -1;
}

static int install_hook(struct tl_session *session, struct tl_hook *hook, struct tl_error *err)
{
	int ret = put_judged(session, hook, err);

	for (uint32_t i = 0; !ret && i < TL_VERDICT_JUDGED; i++) {
		struct tl_verdict_program *next = hook->next[i];

		if (hook->at[i] == next)
			continue;
		if (put(session, hook, i, next ? next->fd : passing(session, hook)))
			return tl_fail(err, -errno, "%s: %s", hook->table_name, strerror(errno));
		hook->at[i] = next;
	}
	return ret;
}

int tl_verdicts_install(struct tl_session *session, struct tl_error *err)
{
	int ret = 0;

	for (size_t h = 0; !ret && h < session->verdicts.n_hooks; h++)
		ret = install_hook(session, session->verdicts.hooks[h], err);
	free_unused(&session->verdicts);
	return ret;
}

const struct bpf_insn *tl_verdicts_code(const struct tl_session *session, uint16_t event, bool early, size_t *n)
{
	size_t at = event + (early ? TL_VERDICT_EARLY : 0);

	for (size_t h = 0; h < session->verdicts.n_hooks; h++) {
		const struct tl_verdict_program *program = session->verdicts.hooks[h]->at[at];

		*n = program ? program->n : 0;
		if (program)
			return program->insns;
	}
	*n = 0;
	return NULL;
}

void tl_verdicts_unload(struct tl_verdicts *verdicts)
{
	for (size_t h = 0; h < verdicts->n_hooks; h++)
		memset(verdicts->hooks[h]->at, 0, sizeof(verdicts->hooks[h]->at));
	free_unused(verdicts);
	for (size_t h = 0; h < verdicts->n_hooks; h++)
		free(verdicts->hooks[h]);
	verdicts->n_hooks = 0;
}

void tl_verdicts_close(struct tl_verdicts *verdicts)
{
	tl_verdicts_unload(verdicts);
	if (verdicts->vars)
		munmap(verdicts->vars, VARS_SIZE);
	if (verdicts->vars_fd >= 0)
		close(verdicts->vars_fd);
	tl_verdicts_init(verdicts);
}
