/* SPDX-License-Identifier: MIT */
/* expr_emit_ip.c: addresses, made IPv6, as two words in the order of memory. */
#include <string.h>

#include "expr/expr_emit.h"

#define FAMILY_V4	2
#define FAMILY_V6	10

/* The words of ::ffff:0.0.0.0 behind its first 8 bytes, and what an address of 4 bytes is shifted by. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define MAPPED		0xffff0000ULL
#define MAPPED_SHIFT	32
#else
#define MAPPED		0x0000ffff00000000ULL
#define MAPPED_SHIFT	0
#endif

/* R2 and R3: the address. Uses R5. */
static void load(struct tl_emitter *e, const struct tl_field *field, int no)
{
	int v4 = tl_code_label(e->code), end = tl_code_label(e->code);
	struct tl_place place;
	int bytes;

	if (!tl_emit_place(e, field, &place))
		return;
	bytes = place.offset + (int)offsetof(struct tl_ip, bytes);
	tl_emit_bits(e, field, &place, BPF_REG_5, no);
	tl_code_load(e->code, BPF_B, BPF_REG_5, TL_REG_BASE, place.offset + (int)offsetof(struct tl_ip, family));
	tl_code_jump_imm(e->code, BPF_JEQ, BPF_REG_5, FAMILY_V4, v4);
	tl_code_jump_imm(e->code, BPF_JNE, BPF_REG_5, FAMILY_V6, no);
	tl_code_load(e->code, BPF_DW, BPF_REG_2, TL_REG_BASE, bytes);
	tl_code_load(e->code, BPF_DW, BPF_REG_3, TL_REG_BASE, bytes + 8);
	tl_code_goto(e->code, end);
	tl_code_place(e->code, v4);
	tl_code_imm64(e->code, BPF_REG_2, 0);
	tl_code_load(e->code, BPF_W, BPF_REG_3, TL_REG_BASE, bytes);
	if (MAPPED_SHIFT)
		tl_code_alu_imm(e->code, BPF_LSH, BPF_REG_3, MAPPED_SHIFT);
	tl_code_imm64(e->code, BPF_REG_5, MAPPED);
	tl_code_alu(e->code, BPF_OR, BPF_REG_3, BPF_REG_5);
	tl_code_place(e->code, end);
}

static void compare_half(struct tl_emitter *e, int reg, const uint8_t *bytes, int prefix, int no)
{
	uint8_t mask_bytes[8];
	uint64_t word, mask;

	if (prefix <= 0)
		return;
	for (int i = 0; i < 8; i++) {
		int bits = prefix - i * 8;

		mask_bytes[i] = bits >= 8 ? 0xff : bits <= 0 ? 0 : (uint8_t)(0xff00 >> bits);
	}
	memcpy(&word, bytes, sizeof(word));
	memcpy(&mask, mask_bytes, sizeof(mask));
	tl_code_alu(e->code, BPF_MOV, BPF_REG_5, reg);
	if (mask != UINT64_MAX) {
		tl_code_imm64(e->code, BPF_REG_4, mask);
		tl_code_alu(e->code, BPF_AND, BPF_REG_5, BPF_REG_4);
	}
	tl_code_imm64(e->code, BPF_REG_4, word);
	tl_code_jump(e->code, BPF_JNE, BPF_REG_5, BPF_REG_4, no);
}

static void compare_net(struct tl_emitter *e, const struct tl_net *net, int no)
{
	compare_half(e, BPF_REG_2, net->bytes, net->prefix, no);
	compare_half(e, BPF_REG_3, net->bytes + 8, net->prefix - 64, no);
}

void tl_emit_ip_equal(struct tl_emitter *e, const struct tl_bnode *node, int no)
{
	const struct tl_bnode *a = tl_bnode(e->bound, node->a), *b = tl_bnode(e->bound, node->b);
	const struct tl_bnode *field = a->op == TL_OP_FIELD ? a : b, *other = field == a ? b : a;

	load(e, field->field, no);
	if (other->op == TL_OP_NET) {
		compare_net(e, &other->net, no);
		return;
	}
	tl_code_store(e->code, BPF_DW, BPF_REG_10, e->key, BPF_REG_2);
	tl_code_store(e->code, BPF_DW, BPF_REG_10, e->key + 8, BPF_REG_3);
	load(e, other->field, no);
	tl_code_load(e->code, BPF_DW, BPF_REG_4, BPF_REG_10, e->key);
	tl_code_jump(e->code, BPF_JNE, BPF_REG_2, BPF_REG_4, no);
	tl_code_load(e->code, BPF_DW, BPF_REG_4, BPF_REG_10, e->key + 8);
	tl_code_jump(e->code, BPF_JNE, BPF_REG_3, BPF_REG_4, no);
}

void tl_emit_ip_in(struct tl_emitter *e, const struct tl_bnode *node, int no)
{
	const struct tl_bnode *a = tl_bnode(e->bound, node->a), *set = tl_bnode(e->bound, node->b);
	int yes;

	load(e, a->field, no);
	if (set->op == TL_OP_VAR) {	/* the key: bits in 4 bytes, then the address, which is aligned so */
		tl_code_store_imm(e->code, BPF_W, BPF_REG_10, e->key + 4, 128);
		tl_code_store(e->code, BPF_DW, BPF_REG_10, e->key + 8, BPF_REG_2);
		tl_code_store(e->code, BPF_DW, BPF_REG_10, e->key + 16, BPF_REG_3);
		tl_emit_look_up(e, &set->var->nets, e->key + 4, no);
		return;
	}
	yes = tl_code_label(e->code);
	for (int i = node->b; i >= 0; i = tl_bnode(e->bound, i)->next) {
		int next = tl_code_label(e->code);

		tl_emit_if(e, false, next);
		compare_net(e, &tl_bnode(e->bound, i)->net, next);
		tl_code_goto(e->code, yes);
		tl_code_place(e->code, next);
	}
	tl_code_goto(e->code, no);
	tl_code_place(e->code, yes);
}
