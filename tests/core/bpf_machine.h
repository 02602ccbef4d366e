/* SPDX-License-Identifier: MIT */
/*
 * bpf_machine.h: runs the programs that core makes, without a kernel: their memory is this process's, and
 * their maps are `machine.maps`. Whatever no such program should do ends the test.
 */
#ifndef BPF_MACHINE_H
#define BPF_MACHINE_H

#include <errno.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expr/code.h"
#include "tl_abi.h"

#define MACHINE_MAPS	16
#define MACHINE_ENTRIES	64
#define MACHINE_VALUE	96
#define MACHINE_STACK	512
#define MACHINE_STEPS	100000
#define MACHINE_MAP	0x6d6170000000ULL	/* + descriptor: what a register has that points to a map */

enum machine_kind { MACHINE_NONE, MACHINE_ARRAY, MACHINE_OUTER, MACHINE_HASH, MACHINE_TABLE };

struct machine_entry {
	uint8_t key[TL_KEY_MAX];
	_Alignas(8) uint8_t value[MACHINE_VALUE];
};

/* Its descriptor is its place among the maps. */
struct machine_map {
	enum machine_kind kind;
	void *memory;		/* of an array, and the size of its elements */
	size_t size, n;		/* n: elements, or entries that there are */
	size_t key_size, max;	/* of a hash */
	int inner;		/* of a map of maps */
	struct machine_entry *entries;
};

static struct {
	struct machine_map maps[MACHINE_MAPS];
	int went_to;		/* index of the tail call that ended the program; -1: none */
	bool empty;		/* tables have nothing in them: the program goes on */
	size_t steps;
} machine;

static inline _Noreturn void machine_die(const char *what, uint64_t number)
{
	fprintf(stderr, "machine: %s %llu\n", what, (unsigned long long)number);
	abort();
}

static inline void machine_reset(void)
{
	for (size_t i = 0; i < MACHINE_MAPS; i++)
		free(machine.maps[i].entries);
	memset(&machine, 0, sizeof(machine));
	machine.went_to = -1;
}

static inline void __attribute__((unused)) machine_array(int fd, void *memory, size_t size, size_t n)
{
	machine.maps[fd] = (struct machine_map){ .kind = MACHINE_ARRAY, .memory = memory, .size = size, .n = n };
}

static inline void __attribute__((unused)) machine_hash(int fd, size_t key_size, size_t max)
{
	machine.maps[fd] = (struct machine_map){ .kind = MACHINE_HASH, .key_size = key_size, .max = max,
						 .entries = calloc(MACHINE_ENTRIES, sizeof(struct machine_entry)) };
}

static inline struct machine_map *machine_map(uint64_t pointer)
{
	if (pointer < MACHINE_MAP || pointer >= MACHINE_MAP + MACHINE_MAPS ||
	    machine.maps[pointer - MACHINE_MAP].kind == MACHINE_NONE)
		machine_die("no map", pointer);
	return &machine.maps[pointer - MACHINE_MAP];
}

static inline struct machine_entry *machine_find(const struct machine_map *map, const void *key)
{
	for (size_t i = 0; i < map->n; i++)
		if (!memcmp(map->entries[i].key, key, map->key_size))
			return &map->entries[i];
	return NULL;
}

/* ---- helpers --------------------------------------------------------------------------------- */

static inline uint64_t machine_lookup(const struct machine_map *map, const void *key)
{
	struct machine_entry *entry;
	uint32_t index;

	if (map->kind == MACHINE_HASH) {
		entry = machine_find(map, key);
		return entry ? (uintptr_t)entry->value : 0;
	}
	memcpy(&index, key, sizeof(index));
	if (map->kind == MACHINE_OUTER)
		return index ? 0 : MACHINE_MAP + (unsigned int)map->inner;
	return index < map->n ? (uintptr_t)map->memory + index * map->size : 0;
}

static inline uint64_t machine_update(struct machine_map *map, const void *key, const void *value, uint64_t flags)
{
	if (map->kind != MACHINE_HASH || flags != BPF_NOEXIST)
		machine_die("update with flags", flags);
	if (machine_find(map, key))
		return (uint64_t)-EEXIST;
	if (map->n >= map->max || map->n >= MACHINE_ENTRIES)
		return (uint64_t)-E2BIG;
	memcpy(map->entries[map->n].key, key, map->key_size);
	memcpy(map->entries[map->n++].value, value, MACHINE_VALUE < map->size ? MACHINE_VALUE : map->size);
	return 0;
}

#define MACHINE_POINTER(number)	((void *)(uintptr_t)(number))

static inline bool machine_call(uint64_t *r, int helper)
{
	switch (helper) {
	case BPF_FUNC_map_lookup_elem:
		r[0] = machine_lookup(machine_map(r[1]), MACHINE_POINTER(r[2]));
		break;
	case BPF_FUNC_map_update_elem:
		r[0] = machine_update(machine_map(r[1]), MACHINE_POINTER(r[2]), MACHINE_POINTER(r[3]), r[4]);
		break;
	case BPF_FUNC_probe_read_kernel:
		memcpy(MACHINE_POINTER(r[1]), MACHINE_POINTER(r[3]), r[2]);
		r[0] = 0;
		break;
	case BPF_FUNC_tail_call:
		if (machine_map(r[2])->kind != MACHINE_TABLE)
			machine_die("no table", r[2]);
		if (!machine.empty) {
			machine.went_to = (int)r[3];
			return false;
		}
		break;
	default:
		machine_die("helper", (uint64_t)helper);
	}
	for (int i = 1; i <= 5; i++)
		r[i] = 0xdead0000dead0000ULL;	/* not kept */
	return true;
}

/* ---- instructions ---------------------------------------------------------------------------- */

static inline uint64_t machine_alu(int op, uint64_t a, uint64_t b)
{
	switch (op) {
	case BPF_ADD: return a + b;
	case BPF_SUB: return a - b;
	case BPF_MUL: return a * b;
	case BPF_DIV: return b ? a / b : 0;
	case BPF_MOD: return b ? a % b : a;
	case BPF_OR: return a | b;
	case BPF_AND: return a & b;
	case BPF_XOR: return a ^ b;
	case BPF_LSH: return a << (b & 63);
	case BPF_RSH: return a >> (b & 63);
	case BPF_ARSH: return (uint64_t)((int64_t)a >> (b & 63));
	case BPF_MOV: return b;
	case BPF_NEG: return -a;
	default: machine_die("operation", (uint64_t)op);
	}
}

static inline bool machine_jumps(int op, uint64_t a, uint64_t b)
{
	int64_t x = (int64_t)a, y = (int64_t)b;

	switch (op) {
	case BPF_JA: return true;
	case BPF_JEQ: return a == b;
	case BPF_JNE: return a != b;
	case BPF_JGT: return a > b;
	case BPF_JGE: return a >= b;
	case BPF_JLT: return a < b;
	case BPF_JLE: return a <= b;
	case BPF_JSET: return (a & b) != 0;
	case BPF_JSGT: return x > y;
	case BPF_JSGE: return x >= y;
	case BPF_JSLT: return x < y;
	case BPF_JSLE: return x <= y;
	default: machine_die("jump", (uint64_t)op);
	}
}

static inline size_t machine_width(int code)
{
	switch (BPF_SIZE(code)) {
	case BPF_B: return 1;
	case BPF_H: return 2;
	case BPF_W: return 4;
	default: return 8;
	}
}

/* Little-endian, as all machines that these tests run on. */
static inline void machine_memory(const struct bpf_insn *insn, uint64_t *r)
{
	uint64_t number = (uint64_t)(int64_t)insn->imm, *to;
	size_t width = machine_width(insn->code);

	if (BPF_CLASS(insn->code) == BPF_LDX) {
		number = 0;
		memcpy(&number, MACHINE_POINTER(r[insn->src_reg] + (uint64_t)(int64_t)insn->off), width);
		r[insn->dst_reg] = number;
		return;
	}
	if (BPF_CLASS(insn->code) == BPF_STX)
		number = r[insn->src_reg];
	to = MACHINE_POINTER(r[insn->dst_reg] + (uint64_t)(int64_t)insn->off);
	if (BPF_MODE(insn->code) == BPF_ATOMIC)
		*to += number;
	else
		memcpy(to, &number, width);
}

static inline uint64_t machine_wide(const struct bpf_insn *insn)
{
	uint64_t low = (uint32_t)insn[0].imm, high = (uint32_t)insn[1].imm;

	if (insn->src_reg == BPF_PSEUDO_MAP_FD)
		return MACHINE_MAP + low;
	if (insn->src_reg == BPF_PSEUDO_MAP_VALUE)
		return (uintptr_t)machine_map(MACHINE_MAP + low)->memory + high;
	return low | high << 32;
}

/* Runs it to its end; returns R0. */
static inline uint64_t machine_run(const struct tl_code *code, void *ctx)
{
	_Alignas(8) uint8_t stack[MACHINE_STACK];
	uint64_t r[11] = { [1] = (uintptr_t)ctx, [10] = (uintptr_t)stack + sizeof(stack) };

	memset(stack, 0xa5, sizeof(stack));	/* what nobody wrote is nothing */
	machine.went_to = -1;
	for (size_t at = 0, steps = 0; at < code->n && steps < MACHINE_STEPS; at++, steps++) {
		const struct bpf_insn *insn = &code->insns[at];
		int class = BPF_CLASS(insn->code);
		uint64_t b = insn->code & BPF_X ? r[insn->src_reg] : (uint64_t)(int64_t)insn->imm;

		machine.steps++;
		if (insn->code == (BPF_JMP | BPF_EXIT))
			return r[0];
		if (insn->code == (BPF_JMP | BPF_CALL)) {
			if (!machine_call(r, insn->imm))
				return 0;
		} else if (class == BPF_ALU64) {
			r[insn->dst_reg] = machine_alu(BPF_OP(insn->code), r[insn->dst_reg], b);
		} else if (class == BPF_JMP) {
			at += machine_jumps(BPF_OP(insn->code), r[insn->dst_reg], b) ? (size_t)insn->off : 0;
		} else if (class == BPF_LD) {
			r[insn->dst_reg] = machine_wide(insn);
			at++;
		} else if (class == BPF_LDX || class == BPF_ST || class == BPF_STX) {
			machine_memory(insn, r);
		} else {
			machine_die("instruction", insn->code);
		}
	}
	machine_die("no end of the program after steps", machine.steps);
}

#endif
