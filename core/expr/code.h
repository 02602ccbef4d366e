/* SPDX-License-Identifier: MIT */
/*
 * code.h: BPF instructions in the making. Labels stand for places that are not known yet; what does
 * not fit is remembered and told at the end, so that those who emit need not look after each step.
 */
#ifndef TL_CODE_H
#define TL_CODE_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "traceleft.h"

#define TL_CODE_MAX	32768	/* instructions of one program */

struct tl_code {
	struct bpf_insn *insns;
	size_t n, room;
	int *labels;		/* where they are; -1: not placed yet */
	bool *used;		/* per label: something jumps there */
	int *jumps;		/* per instruction: the label that it jumps to; -1: none */
	size_t n_labels;
	int error;		/* the first thing that went wrong; 0: nothing */
};

void tl_code_init(struct tl_code *code);
void tl_code_free(struct tl_code *code);

/* A new label, and the place that it stands for: the next instruction. */
int tl_code_label(struct tl_code *code);
void tl_code_place(struct tl_code *code, int label);

/* Whether something jumps there so far: the kernel takes no code that is never reached. */
bool tl_code_is_used(const struct tl_code *code, int label);

void tl_code_emit(struct tl_code *code, struct bpf_insn insn);

/* op: BPF_ADD, BPF_MOV … on 64 bits. */
void tl_code_alu(struct tl_code *code, int op, int dst, int src);
void tl_code_alu_imm(struct tl_code *code, int op, int dst, int32_t imm);
void tl_code_imm64(struct tl_code *code, int dst, uint64_t imm);
void tl_code_map_fd(struct tl_code *code, int dst, int fd);
/* The address of a byte in the value of a map that has one. */
void tl_code_map_value(struct tl_code *code, int dst, int fd, size_t offset);

/* size: BPF_B, BPF_H, BPF_W, BPF_DW */
void tl_code_load(struct tl_code *code, int size, int dst, int src, int offset);
void tl_code_store(struct tl_code *code, int size, int dst, int offset, int src);
void tl_code_store_imm(struct tl_code *code, int size, int dst, int offset, int32_t imm);

/* op: BPF_JEQ, BPF_JSGT … on 64 bits; tl_code_goto: always. Only forward. */
void tl_code_jump(struct tl_code *code, int op, int dst, int src, int label);
void tl_code_jump_imm(struct tl_code *code, int op, int dst, int32_t imm, int label);
void tl_code_goto(struct tl_code *code, int label);

void tl_code_call(struct tl_code *code, int helper);
void tl_code_exit(struct tl_code *code);

/* Puts in the distances of all jumps. -E2BIG: too long; -ENOMEM; -EINVAL: a label without a place. */
int tl_code_finish(struct tl_code *code, struct tl_error *err);

#endif
