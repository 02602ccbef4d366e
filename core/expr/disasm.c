// SPDX-License-Identifier: MIT
#include "expr/disasm.h"

#include <stdint.h>
#include <stdio.h>

static const char *const alu_ops[16] = { "+=", "-=", "*=", "/=", "|=", "&=", "<<=", ">>=", NULL, "%=", "^=", "=", "s>>=" };
static const char *const jump_ops[16] = { NULL, "==", ">", ">=", "&", "!=", "s>", "s>=", NULL, NULL, "<", "<=", "s<",
					  "s<=" };

static const char *size_name(uint8_t code)
{
	switch (BPF_SIZE(code)) {
	case BPF_B: return "u8";
	case BPF_H: return "u16";
	case BPF_W: return "u32";
	default: return "u64";
	}
}

static const char *helper_name(int32_t number)
{
	switch (number) {
	case BPF_FUNC_map_lookup_elem: return "map_lookup_elem";
	case BPF_FUNC_map_update_elem: return "map_update_elem";
	case BPF_FUNC_tail_call: return "tail_call";
	case BPF_FUNC_probe_read_kernel: return "probe_read_kernel";
	case BPF_FUNC_probe_read_kernel_str: return "probe_read_kernel_str";
	default: return NULL;
	}
}

static int unknown(const struct bpf_insn *insn, char *text)
{
	return snprintf(text, TL_DISASM_MAX, ".insn %02x r%d r%d %d %d", insn->code, insn->dst_reg, insn->src_reg,
			insn->off, insn->imm);
}

static void alu(const struct bpf_insn *insn, char *text)
{
	const char *op = alu_ops[BPF_OP(insn->code) >> 4], *half = BPF_CLASS(insn->code) == BPF_ALU ? "w" : "r";

	if (BPF_OP(insn->code) == BPF_NEG)
		snprintf(text, TL_DISASM_MAX, "%s%d = -%s%d", half, insn->dst_reg, half, insn->dst_reg);
	else if (!op)
		unknown(insn, text);
	else if (BPF_SRC(insn->code) == BPF_X)
		snprintf(text, TL_DISASM_MAX, "%s%d %s %s%d", half, insn->dst_reg, op, half, insn->src_reg);
	else
		snprintf(text, TL_DISASM_MAX, "%s%d %s %d", half, insn->dst_reg, op, insn->imm);
}

static void call(const struct bpf_insn *insn, char *text)
{
	const char *name = helper_name(insn->imm);

	if (name)
		snprintf(text, TL_DISASM_MAX, "call %s", name);
	else
		snprintf(text, TL_DISASM_MAX, "call helper %d", insn->imm);
}

static void jump(const struct bpf_insn *insn, size_t i, char *text)
{
	const char *op = jump_ops[BPF_OP(insn->code) >> 4], *half = BPF_CLASS(insn->code) == BPF_JMP32 ? "w" : "r";
	long to = (long)i + 1 + insn->off;

	if (BPF_OP(insn->code) == BPF_CALL)
		call(insn, text);
	else if (BPF_OP(insn->code) == BPF_EXIT)
		snprintf(text, TL_DISASM_MAX, "exit");
	else if (BPF_OP(insn->code) == BPF_JA)
		snprintf(text, TL_DISASM_MAX, "goto %ld", to);
	else if (!op)
		unknown(insn, text);
	else if (BPF_SRC(insn->code) == BPF_X)
		snprintf(text, TL_DISASM_MAX, "if %s%d %s %s%d goto %ld", half, insn->dst_reg, op, half, insn->src_reg, to);
	else
		snprintf(text, TL_DISASM_MAX, "if %s%d %s %d goto %ld", half, insn->dst_reg, op, insn->imm, to);
}

static void store(const struct bpf_insn *insn, char *text)
{
	const char *size = size_name(insn->code);

	if (BPF_CLASS(insn->code) == BPF_ST)
		snprintf(text, TL_DISASM_MAX, "*(%s *)(r%d %+d) = %d", size, insn->dst_reg, insn->off, insn->imm);
	else if (BPF_MODE(insn->code) == BPF_ATOMIC)
		snprintf(text, TL_DISASM_MAX, "lock *(%s *)(r%d %+d) += r%d", size, insn->dst_reg, insn->off,
			 insn->src_reg);
	else
		snprintf(text, TL_DISASM_MAX, "*(%s *)(r%d %+d) = r%d", size, insn->dst_reg, insn->off, insn->src_reg);
}

/* A number of 64 bits, or the address of a map or of a byte in one. */
static void address(const struct bpf_insn *insn, char *text)
{
	uint64_t number = (uint64_t)(uint32_t)insn[1].imm << 32 | (uint32_t)insn->imm;

	if (insn->src_reg == BPF_PSEUDO_MAP_FD)
		snprintf(text, TL_DISASM_MAX, "r%d = map %d", insn->dst_reg, insn->imm);
	else if (insn->src_reg == BPF_PSEUDO_MAP_VALUE)
		snprintf(text, TL_DISASM_MAX, "r%d = value of map %d + %d", insn->dst_reg, insn->imm, insn[1].imm);
	else
		snprintf(text, TL_DISASM_MAX, "r%d = 0x%llx", insn->dst_reg, (unsigned long long)number);
}

size_t tl_disasm(const struct bpf_insn *insns, size_t n, size_t i, char text[TL_DISASM_MAX])
{
	const struct bpf_insn *insn = &insns[i];

	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU: case BPF_ALU64: alu(insn, text); break;
	case BPF_JMP: case BPF_JMP32: jump(insn, i, text); break;
	case BPF_ST: case BPF_STX: store(insn, text); break;
	case BPF_LDX:
		snprintf(text, TL_DISASM_MAX, "r%d = *(%s *)(r%d %+d)", insn->dst_reg, size_name(insn->code),
			 insn->src_reg, insn->off);
		break;
	default:
		if (insn->code != (BPF_LD | BPF_DW | BPF_IMM) || i + 1 >= n) {
			unknown(insn, text);
			break;
		}
		address(insn, text);
		return i + 2;
	}
	return i + 1;
}
