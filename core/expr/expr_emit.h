/* SPDX-License-Identifier: MIT */
/*
 * expr_emit.h: what the files of the emitter share. Code goes straight ahead: what is false or missing
 * jumps to `no`, what is true goes on. R0 holds results, R1 to R5 and R9 are for use in between.
 */
#ifndef TL_EXPR_EMIT_H
#define TL_EXPR_EMIT_H

#include "expr/expr_tree.h"

#define TL_EMIT_INSNS	4096	/* of one expression; a program has TL_CODE_MAX */
#define TL_EMIT_KEY	80	/* bytes of stack for what helpers look at */

struct tl_emitter {
	const struct tl_bound *bound;
	const struct tl_emit_env *env;
	struct tl_code *code;
	struct tl_error *err;
	int key;		/* offset in the stack; 8-byte aligned. Kept values lie below */
	int refused;		/* why not here: told in err */
};

/* It cannot be done there. */
void tl_emit_refuse(struct tl_emitter *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A jump that is always or never taken; the verifier wants to see a way to all that follows. */
void tl_emit_if(struct tl_emitter *e, bool taken, int label);

/* expr_emit_leaf.c: fields. false: refused. */
bool tl_emit_place(struct tl_emitter *e, const struct tl_field *field, struct tl_place *place);
void tl_emit_number(struct tl_emitter *e, const struct tl_bnode *leaf, int reg, int no);
void tl_emit_missing(struct tl_emitter *e, const struct tl_field *field, int missing);
void tl_emit_bits(struct tl_emitter *e, const struct tl_field *field, const struct tl_place *place, int scratch,
		  int missing);

/* expr_emit_number.c: any number, in R0. Uses R1 to R5. */
void tl_emit_int(struct tl_emitter *e, int node, int no, int depth);
/* Both operands of a node: the first that is computed in R0, the second in R1. */
void tl_emit_operands(struct tl_emitter *e, const struct tl_bnode *node, int no, int depth);
int tl_emit_slot(const struct tl_emitter *e, int depth);

/* expr_emit_string.c */
void tl_emit_string_test(struct tl_emitter *e, const struct tl_bnode *node, int no);
void tl_emit_string_in(struct tl_emitter *e, const struct tl_bnode *node, int no);

/* Where a string of the record lies: its offset in R2, its length in R3; neither is trusted. */
void tl_emit_str(struct tl_emitter *e, const struct tl_field *field, const struct tl_place *place, int no);
/* R1: the record's byte at the offset in `reg`, of which n can be read, at tl_emit_at(). */
void tl_emit_point(struct tl_emitter *e, int reg, int n, int no);
/* Compares n bytes at ptr + offset. Uses R4 and R5. */
void tl_emit_bytes(struct tl_emitter *e, int ptr, int offset, const char *bytes, size_t n, int no);

/* expr_emit_key.c: strings that change, and sets of them */
void tl_emit_var_test(struct tl_emitter *e, enum tl_op op, const struct tl_bnode *s, const struct tl_bnode *var, int no);
void tl_emit_set_string(struct tl_emitter *e, const struct tl_bnode *s, const struct tl_var *var, int no);
void tl_emit_look_up(struct tl_emitter *e, const struct tl_set *set, int key, int no);

/* expr_emit_path.c */
void tl_emit_path_test(struct tl_emitter *e, enum tl_op op, const struct tl_field *field, const char *bytes, size_t n,
		       int no);

/* The parts of an end of a path, in the order of the record. */
void tl_emit_path_end(struct tl_emitter *e, const char *bytes, size_t n, int no);
/* The length of the NUL-terminated string at the offset in R9, in R0; of 255 bytes at most. */
void tl_emit_length(struct tl_emitter *e, int no);
/* expr_emit_file.c: whether starts() of a file asks for a kind that is no path. Goes to `no`, or on. */
bool tl_emit_file_begin(struct tl_emitter *e, const struct tl_field *field, const struct tl_place *place,
			const char *s, size_t n, int no);
/* ends() of a file that is no path. The kind is in R4. Goes to `yes` or `no`. */
void tl_emit_file_end(struct tl_emitter *e, const char *bytes, size_t n, int yes, int no);

/* expr_emit_ip.c */
void tl_emit_ip_equal(struct tl_emitter *e, const struct tl_bnode *node, int no);
void tl_emit_ip_in(struct tl_emitter *e, const struct tl_bnode *node, int no);

#endif
