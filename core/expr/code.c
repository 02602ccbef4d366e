/* SPDX-License-Identifier: MIT */
/* code.c: the instructions are an array that grows; jumps get their distances at the end. */
#include "expr/code.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/error.h"

void tl_code_init(struct tl_code *code)
{
	memset(code, 0, sizeof(*code));
}

void tl_code_free(struct tl_code *code)
{
	free(code->insns);
	free(code->labels);
	free(code->used);
	free(code->jumps);
	tl_code_init(code);
}

static void fail(struct tl_code *code, int error)
{
	if (!code->error)
		code->error = error;
}

/* Room for one instruction more, and for what it jumps to. */
static bool grow(struct tl_code *code)
{
	size_t room = code->room ? code->room * 2 : 256;
	struct bpf_insn *insns;
	int *jumps;

	if (code->error)
		return false;
	if (code->n < code->room)
		return true;
	if (code->n >= TL_CODE_MAX) {
		fail(code, -E2BIG);
		return false;
	}
	insns = realloc(code->insns, room * sizeof(*insns));
	if (insns)
		code->insns = insns;
	jumps = realloc(code->jumps, room * sizeof(*jumps));
	if (jumps)
		code->jumps = jumps;
	if (!insns || !jumps) {
		fail(code, -ENOMEM);
		return false;
	}
	code->room = room;
	return true;
}

int tl_code_label(struct tl_code *code)
{
	if ((code->n_labels & (code->n_labels - 1)) == 0) {	/* a power of two: that many are there */
		size_t room = code->n_labels ? code->n_labels * 2 : 1;
		int *labels = realloc(code->labels, room * sizeof(*labels));
		bool *used = realloc(code->used, room * sizeof(*used));

		code->labels = labels ? labels : code->labels;
		code->used = used ? used : code->used;
		if (!labels || !used) {
			fail(code, -ENOMEM);
			return -1;
		}
	}
	code->labels[code->n_labels] = -1;
	code->used[code->n_labels] = false;
	return (int)code->n_labels++;
}

static bool is_label(const struct tl_code *code, int label)
{
	return label >= 0 && (size_t)label < code->n_labels;
}

void tl_code_place(struct tl_code *code, int label)
{
	if (is_label(code, label) && code->labels[label] < 0)
		code->labels[label] = (int)code->n;
	else
		fail(code, -EINVAL);
}

bool tl_code_is_used(const struct tl_code *code, int label)
{
	return is_label(code, label) && code->used[label];
}

static void emit(struct tl_code *code, struct bpf_insn insn, int label)
{
	if (!grow(code))
		return;
	code->insns[code->n] = insn;
	code->jumps[code->n++] = label;
}

void tl_code_emit(struct tl_code *code, struct bpf_insn insn)
{
	emit(code, insn, -1);
}

static struct bpf_insn insn_of(int opcode, int dst, int src, int offset, int32_t imm)
{
	struct bpf_insn insn = { .code = (uint8_t)opcode, .off = (int16_t)offset, .imm = imm };

	insn.dst_reg = (uint8_t)dst & 0xf;
	insn.src_reg = (uint8_t)src & 0xf;
	return insn;
}

void tl_code_alu(struct tl_code *code, int op, int dst, int src)
{
	tl_code_emit(code, insn_of(BPF_ALU64 | op | (op == BPF_NEG ? BPF_K : BPF_X), dst, op == BPF_NEG ? 0 : src, 0, 0));
}

void tl_code_alu_imm(struct tl_code *code, int op, int dst, int32_t imm)
{
	tl_code_emit(code, insn_of(BPF_ALU64 | op | BPF_K, dst, 0, 0, imm));
}

static void wide(struct tl_code *code, int dst, int src, uint64_t imm)
{
	tl_code_emit(code, insn_of(BPF_LD | BPF_DW | BPF_IMM, dst, src, 0, (int32_t)imm));
	tl_code_emit(code, insn_of(0, 0, 0, 0, (int32_t)(imm >> 32)));
}

void tl_code_imm64(struct tl_code *code, int dst, uint64_t imm)
{
	if ((int64_t)imm == (int32_t)imm)
		tl_code_alu_imm(code, BPF_MOV, dst, (int32_t)imm);
	else
		wide(code, dst, 0, imm);
}

void tl_code_map_fd(struct tl_code *code, int dst, int fd)
{
	wide(code, dst, BPF_PSEUDO_MAP_FD, (uint32_t)fd);
}

void tl_code_map_value(struct tl_code *code, int dst, int fd, size_t offset)
{
	wide(code, dst, BPF_PSEUDO_MAP_VALUE, (uint64_t)offset << 32 | (uint32_t)fd);
}

void tl_code_load(struct tl_code *code, int size, int dst, int src, int offset)
{
	if (offset != (int16_t)offset)
		fail(code, -ERANGE);
	tl_code_emit(code, insn_of(BPF_LDX | BPF_MEM | size, dst, src, offset, 0));
}

void tl_code_store(struct tl_code *code, int size, int dst, int offset, int src)
{
	if (offset != (int16_t)offset)
		fail(code, -ERANGE);
	tl_code_emit(code, insn_of(BPF_STX | BPF_MEM | size, dst, src, offset, 0));
}

void tl_code_store_imm(struct tl_code *code, int size, int dst, int offset, int32_t imm)
{
	if (offset != (int16_t)offset)
		fail(code, -ERANGE);
	tl_code_emit(code, insn_of(BPF_ST | BPF_MEM | size, dst, 0, offset, imm));
}

static void jump(struct tl_code *code, struct bpf_insn insn, int label)
{
	if (!is_label(code, label) || code->labels[label] >= 0)		/* there is no such place ahead */
		fail(code, -EINVAL);
	else
		code->used[label] = true;
	emit(code, insn, label);
}

void tl_code_jump(struct tl_code *code, int op, int dst, int src, int label)
{
	jump(code, insn_of(BPF_JMP | op | BPF_X, dst, src, 0, 0), label);
}

void tl_code_jump_imm(struct tl_code *code, int op, int dst, int32_t imm, int label)
{
	jump(code, insn_of(BPF_JMP | op | BPF_K, dst, 0, 0, imm), label);
}

void tl_code_goto(struct tl_code *code, int label)
{
	jump(code, insn_of(BPF_JMP | BPF_JA, 0, 0, 0, 0), label);
}

void tl_code_call(struct tl_code *code, int helper)
{
	tl_code_emit(code, insn_of(BPF_JMP | BPF_CALL, 0, 0, 0, helper));
}

void tl_code_exit(struct tl_code *code)
{
	tl_code_emit(code, insn_of(BPF_JMP | BPF_EXIT, 0, 0, 0, 0));
}

/* A label may stand behind the last instruction only if nothing jumps there. */
static bool resolve(struct tl_code *code, size_t i)
{
	int at = code->labels[code->jumps[i]];

	if (at < 0 || (size_t)at >= code->n)
		return false;
	code->insns[i].off = (int16_t)(at - (int)i - 1);
	return true;
}

int tl_code_finish(struct tl_code *code, struct tl_error *err)
{
	for (size_t i = 0; i < code->n && !code->error; i++) {
		if (code->jumps[i] >= 0 && !resolve(code, i))
			fail(code, -EINVAL);
	}
	if (!code->error && code->n > TL_CODE_MAX)
		fail(code, -E2BIG);
	switch (code->error) {
	case 0:
		return 0;
	case -E2BIG:
		return tl_fail(err, -E2BIG, "the program is longer than %d instructions", TL_CODE_MAX);
	case -ENOMEM:
		return tl_fail(err, -ENOMEM, "no memory for a program");
	case -ERANGE:
		return tl_fail(err, -ERANGE, "the program reaches beyond 32 KiB of memory");
	default:
		return tl_fail(err, code->error, "the program jumps to where nothing is");
	}
}
