/* SPDX-License-Identifier: MIT */
/* kernel.c: conditions in a program that the kernel runs over a record in a map, as it does with real ones. */
#include "property.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#define SLOT_SIZE	(SLOT_RECORD + TL_DATA_MAX)
#define STACK_USED	(-16)

enum { SLOT, VARS, OUT, MAPS };

struct kernel {
	int maps[MAPS], prog;
	void *memory[MAPS];
};

static const uint32_t sizes[MAPS] = { SLOT_SIZE, TL_VARS_BYTES, 4096 };

static bool place(void *arg, const struct tl_field *field, struct tl_place *out)
{
	(void)arg;
	*out = (struct tl_place){ .offset = SLOT_RECORD + field->offset, .size = (uint8_t)field->size,
				  .is_signed = field->type >= TL_TYPE_S8 && field->type <= TL_TYPE_S64,
				  .missing = TL_MISSING_BITS };
	if (field->number == S_DURATION) {
		out->offset = SLOT_DURATION;
		out->missing = TL_MISSING_ONES;
	}
	return true;
}

const struct tl_emit_env *kernel_env(void)
{
	static const struct tl_emit_env env = {
		.place = place, .record = SLOT_RECORD, .record_room = TL_DATA_MAX,
		.unread = SLOT_RECORD + offsetof(struct tl_record, unread),
		.absent = SLOT_RECORD + offsetof(struct tl_record, absent), .stack = STACK_USED,
	};

	return &env;
}

struct kernel *kernel_open(void)
{
	struct kernel *kernel = calloc(1, sizeof(*kernel));
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = BPF_F_MMAPABLE);

	if (!kernel)
		return NULL;
	kernel->prog = -1;
	for (int i = 0; i < MAPS; i++) {
		kernel->maps[i] = bpf_map_create(BPF_MAP_TYPE_ARRAY, "tl_expr", 4, sizes[i], 1, &opts);
		kernel->memory[i] = kernel->maps[i] < 0 ? MAP_FAILED :
				    mmap(NULL, sizes[i], PROT_READ | PROT_WRITE, MAP_SHARED, kernel->maps[i], 0);
		if (kernel->memory[i] == MAP_FAILED) {
			fprintf(stderr, "a map: %s\n", strerror(errno));
			return NULL;
		}
	}
	return kernel;
}

void kernel_close(struct kernel *kernel)
{
	for (int i = 0; i < MAPS; i++) {
		munmap(kernel->memory[i], sizes[i]);
		close(kernel->maps[i]);
	}
	if (kernel->prog >= 0)
		close(kernel->prog);
	free(kernel);
}

void *kernel_vars(struct kernel *kernel)
{
	return kernel->memory[VARS];
}

static void look_up(struct tl_code *code, int fd, int reg, int end)
{
	tl_code_map_fd(code, BPF_REG_1, fd);
	tl_code_alu(code, BPF_MOV, BPF_REG_2, BPF_REG_10);
	tl_code_alu_imm(code, BPF_ADD, BPF_REG_2, -4);
	tl_code_store_imm(code, BPF_W, BPF_REG_10, -4, 0);
	tl_code_call(code, BPF_FUNC_map_lookup_elem);
	tl_code_jump_imm(code, BPF_JEQ, BPF_REG_0, 0, end);
	tl_code_alu(code, BPF_MOV, reg, BPF_REG_0);
}

static void answer(struct tl_code *code, const struct tl_bound *bound, size_t i)
{
	struct tl_emit_env env = *kernel_env();
	int no = tl_code_label(code), end = tl_code_label(code);

	env.error = tl_code_label(code);
	tl_code_imm64(code, BPF_REG_0, 0);
	tl_code_jump_imm(code, BPF_JNE, BPF_REG_0, 0, env.error);
	tl_bound_emit_test(bound, code, &env, no);
	tl_code_store_imm(code, BPF_B, TL_REG_KEEP, (int)i, YES);
	tl_code_goto(code, end);
	tl_code_place(code, no);
	tl_code_store_imm(code, BPF_B, TL_REG_KEEP, (int)i, NO);
	tl_code_goto(code, end);
	tl_code_place(code, env.error);
	tl_code_store_imm(code, BPF_B, TL_REG_KEEP, (int)i, ERROR);
	tl_code_place(code, end);
}

static void program(struct tl_code *code, const int maps[MAPS], const struct tl_bound *const *bounds, size_t n)
{
	int end = tl_code_label(code);

	look_up(code, maps[SLOT], TL_REG_BASE, end);
	look_up(code, maps[OUT], TL_REG_KEEP, end);
	look_up(code, maps[VARS], TL_REG_VARS, end);
	for (size_t i = 0; i < n; i++)
		answer(code, bounds[i], i);
	tl_code_place(code, end);
	tl_code_imm64(code, BPF_REG_0, 0);
	tl_code_exit(code);
}

size_t kernel_fit(const struct tl_bound *const *bounds, size_t n)
{
	static const int none[MAPS];

	if (getenv("EACH"))
		return 1;
	size_t fit = n < BATCH_MAX ? n : BATCH_MAX;

	for (; fit > 1; fit--) {
		struct tl_code code;
		int ret;

		tl_code_init(&code);
		program(&code, none, bounds, fit);
		ret = tl_code_finish(&code, NULL);
		tl_code_free(&code);
		if (!ret)
			break;
	}
	return fit;
}

static char log_text[1 << 20];

/* Its last lines say what was wrong. */
static void tell_log(void)
{
	size_t len = strlen(log_text);

	fprintf(stderr, "%s\n", log_text + (len > 3000 ? len - 3000 : 0));
}

bool kernel_load(struct kernel *kernel, const struct tl_bound *const *bounds, size_t n)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts);
	struct tl_error err = { 0 };
	struct tl_code code;
	int ret;

	if (kernel->prog >= 0)
		close(kernel->prog);
	kernel->prog = -1;
	tl_code_init(&code);
	program(&code, kernel->maps, bounds, n);
	ret = tl_code_finish(&code, &err);
	if (ret) {
		fprintf(stderr, "%s\n", err.message);
		tl_code_free(&code);
		return false;
	}
	kernel->prog = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "tl_expr", "GPL", code.insns, code.n, &opts);
	if (kernel->prog < 0) {
		fprintf(stderr, "refused: %s\n", strerror(errno));
		opts.log_buf = log_text;
		opts.log_size = sizeof(log_text);
		opts.log_level = n == 1 ? 1 : 0;
		if (n == 1 && bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "tl_expr", "GPL", code.insns, code.n, &opts) < 0)
			tell_log();
	}
	tl_code_free(&code);
	return kernel->prog >= 0;
}

unsigned int kernel_verified(const struct kernel *kernel)
{
	struct bpf_prog_info info = { 0 };
	uint32_t size = sizeof(info);

	return bpf_obj_get_info_by_fd(kernel->prog, &info, &size) ? 0 : info.verified_insns;
}

bool kernel_run(struct kernel *kernel, const struct sample_record *r, enum answer answers[BATCH_MAX])
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	char *slot = kernel->memory[SLOT], *out = kernel->memory[OUT];
	const struct tl_record *head = (const void *)r->data;
	uint64_t duration = UINT64_MAX;

	if (!((head->unread | head->absent) & TL_BIT(S_DURATION)))
		memcpy(&duration, r->data + r->of->fields[S_DURATION].offset, sizeof(duration));
	memcpy(slot + SLOT_DURATION, &duration, sizeof(duration));
	memcpy(slot + SLOT_RECORD, r->data, sizeof(r->data));
	memset(out, NONE, BATCH_MAX);
	if (bpf_prog_test_run_opts(kernel->prog, &opts)) {
		fprintf(stderr, "a run: %s\n", strerror(errno));
		return false;
	}
	for (size_t i = 0; i < BATCH_MAX; i++)
		answers[i] = (enum answer)out[i];
	return true;
}
