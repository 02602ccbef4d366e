/* SPDX-License-Identifier: MIT */
/*
 * expr_emit_path.c: literals against paths, which the record has leaf first: "/etc/passwd" is "passwd\0etc\0".
 * A directory that the kernel calls "/" may come last, and is none. core/decode/file.c makes texts of them.
 */
#include <string.h>

#include "expr/expr_emit.h"

#define ELLIPSIS	"\xe2\x80\xa6"	/* the begin of a path that was cut */
#define DELETED		" (deleted)"
#define PART_MAX	(TL_EMIT_STRING + 1)
#define LENGTH_STEP	(TL_VAR_STRING - 1)	/* bytes of a name that one helper call looks at */
#define LENGTH_STEPS	5			/* … enough for 255 */

static bool begins(const char *s, size_t n, const char *with)
{
	return n >= strlen(with) && memcmp(s, with, strlen(with)) == 0;
}

static bool ends(const char *s, size_t n, const char *with)
{
	return n >= strlen(with) && memcmp(s + n - strlen(with), with, strlen(with)) == 0;
}

/* "/etc/passwd" as "passwd\0etc\0". Returns its length; -1: no path has this text. */
static int reverse(const char *s, size_t n, char out[PART_MAX])
{
	size_t end = n, used = 0;

	if (n == 0 || s[0] != '/' || memchr(s, '\0', n))
		return -1;
	if (n == 1)
		return 0;
	for (size_t i = n; i-- > 0; ) {
		if (s[i] != '/')
			continue;
		if (i + 1 == end)
			return -1;
		memcpy(out + used, s + i + 1, end - i - 1);
		used += end - i - 1;
		out[used++] = '\0';
		end = i;
	}
	return (int)used;
}

/* R4: the kind of the file, or its flags. */
static void load_word(struct tl_emitter *e, const struct tl_place *place, size_t member)
{
	tl_code_load(e->code, BPF_H, BPF_REG_4, TL_REG_BASE, place->offset + (int)member);
}

static void need_path(struct tl_emitter *e, const struct tl_field *field, const struct tl_place *place, int no)
{
	int yes;

	if (field->type != TL_TYPE_FILE)
		return;
	yes = tl_code_label(e->code);
	load_word(e, place, offsetof(struct tl_str, kind));
	tl_code_jump_imm(e->code, BPF_JEQ, BPF_REG_4, TL_FILE_PATH, yes);
	tl_code_jump_imm(e->code, BPF_JNE, BPF_REG_4, TL_FILE_LOOSE, no);
	tl_code_place(e->code, yes);
}

static void need_cut(struct tl_emitter *e, const struct tl_place *place, bool cut, int no)
{
	load_word(e, place, offsetof(struct tl_str, flags));
	tl_code_alu_imm(e->code, BPF_AND, BPF_REG_4, TL_STR_CUT);
	tl_code_jump_imm(e->code, BPF_JNE, BPF_REG_4, cut ? TL_STR_CUT : 0, no);
}

/* ---- == --------------------------------------------------------------------------------------------- */

/* The root alone: no part, an empty one, or "/". */
static void equal_root(struct tl_emitter *e, int no)
{
	int yes = tl_code_label(e->code);

	tl_code_jump_imm(e->code, BPF_JEQ, BPF_REG_3, 0, yes);
	tl_code_jump_imm(e->code, BPF_JGT, BPF_REG_3, 2, no);
	tl_emit_point(e, BPF_REG_2, 2, no);
	tl_code_load(e->code, BPF_B, BPF_REG_4, BPF_REG_1, e->env->record);
	tl_code_jump_imm(e->code, BPF_JEQ, BPF_REG_4, '/', yes);
	tl_code_jump_imm(e->code, BPF_JNE, BPF_REG_4, 0, no);
	tl_code_jump_imm(e->code, BPF_JNE, BPF_REG_3, 1, no);
	tl_code_place(e->code, yes);
}

/* The string at R2, R3 long, is this path. */
static void equal(struct tl_emitter *e, const char *s, size_t n, int no)
{
	int same = tl_code_label(e->code);
	char parts[PART_MAX];
	int len = reverse(s, n, parts);

	if (len < 0) {
		tl_emit_if(e, true, no);
		tl_code_place(e->code, same);
		return;
	}
	if (len == 0) {
		equal_root(e, no);
		tl_code_place(e->code, same);
		return;
	}
	tl_emit_point(e, BPF_REG_2, len + 2, no);
	tl_code_jump_imm(e->code, BPF_JEQ, BPF_REG_3, len, same);
	tl_code_jump_imm(e->code, BPF_JNE, BPF_REG_3, len + 2, no);
	tl_emit_bytes(e, BPF_REG_1, e->env->record + len, "/", 2, no);
	tl_code_place(e->code, same);
	tl_emit_bytes(e, BPF_REG_1, e->env->record, parts, (size_t)len, no);
}

typedef void (*match_fn)(struct tl_emitter *e, const char *bytes, size_t n, int no);

/* A file that was deleted has that said behind its path. Goes on if it matches. */
static void with_deleted(struct tl_emitter *e, const struct tl_field *field, const struct tl_place *place,
			 match_fn match, const char *s, size_t n, int no)
{
	int deleted = tl_code_label(e->code), yes = tl_code_label(e->code);
	size_t mark = strlen(DELETED);

	if (field->type != TL_TYPE_FILE) {
		match(e, s, n, no);
		return;
	}
	load_word(e, place, offsetof(struct tl_str, flags));
	tl_code_jump_imm(e->code, BPF_JSET, BPF_REG_4, TL_STR_DELETED, deleted);
	match(e, s, n, no);
	tl_code_goto(e->code, yes);
	tl_code_place(e->code, deleted);
	if (ends(s, n, DELETED) && n > mark)
		match(e, s, n - mark, no);
	else	/* the mark alone can be what ends so */
		tl_emit_if(e, match == equal || n > mark || memcmp(&DELETED[mark - n], s, n) != 0, no);
	tl_code_place(e->code, yes);
}

static void path_equal(struct tl_emitter *e, const struct tl_field *field, const struct tl_place *place,
		       const char *s, size_t n, int no)
{
	bool cut = begins(s, n, ELLIPSIS);

	if (field->type == TL_TYPE_FILE && !cut && (n == 0 || s[0] != '/')) {
		tl_emit_refuse(e, "%s is compared with what is no path", field->name);
		return;
	}
	tl_emit_str(e, field, place, no);
	need_path(e, field, place, no);
	need_cut(e, place, cut, no);
	if (cut) {
		s += strlen(ELLIPSIS);
		n -= strlen(ELLIPSIS);
	}
	with_deleted(e, field, place, equal, s, n, no);
}

/* ---- starts() --------------------------------------------------------------------------------------- */

/* R4: behind the last part that counts, R3: bytes up to there. */
static void find_end(struct tl_emitter *e, int no)
{
	int end = tl_code_label(e->code);

	tl_code_jump_imm(e->code, BPF_JLT, BPF_REG_3, 2, no);
	tl_code_alu(e->code, BPF_MOV, BPF_REG_4, BPF_REG_2);
	tl_code_alu(e->code, BPF_ADD, BPF_REG_4, BPF_REG_3);
	tl_code_alu(e->code, BPF_MOV, BPF_REG_5, BPF_REG_4);
	tl_code_alu_imm(e->code, BPF_SUB, BPF_REG_5, 2);
	tl_emit_point(e, BPF_REG_5, 2, no);
	tl_code_load(e->code, BPF_B, BPF_REG_5, BPF_REG_1, e->env->record);
	tl_code_jump_imm(e->code, BPF_JNE, BPF_REG_5, '/', end);
	tl_code_alu_imm(e->code, BPF_SUB, BPF_REG_3, 2);
	tl_code_alu_imm(e->code, BPF_SUB, BPF_REG_4, 2);
	tl_code_place(e->code, end);
}

/* "/etc/": what ends with "\0etc\0" has a part below it. */
static void path_starts(struct tl_emitter *e, const struct tl_field *field, const struct tl_place *place,
			const char *s, size_t n, int no)
{
	char parts[PART_MAX + 1] = "";
	bool root = n == 1 && s[0] == '/';
	int len = root ? 0 : n > 2 ? reverse(s, n - 1, parts + 1) : -1;

	if (field->type == TL_TYPE_FILE && tl_emit_file_begin(e, field, place, s, n, no))
		return;
	if (s[n - 1] != '/' || (field->type == TL_TYPE_FILE && s[0] != '/') || begins(s, n, ELLIPSIS)) {
		tl_emit_refuse(e, "starts(%s, …) with what does not begin and end with '/'", field->name);
		return;
	}
	tl_emit_str(e, field, place, no);
	need_path(e, field, place, no);
	need_cut(e, place, false, no);
	if (root)
		return;
	if (len <= 0) {
		tl_emit_if(e, true, no);
		return;
	}
	find_end(e, no);
	tl_code_jump_imm(e->code, BPF_JLT, BPF_REG_3, len + 2, no);
	tl_code_alu_imm(e->code, BPF_SUB, BPF_REG_4, len + 1);
	tl_emit_point(e, BPF_REG_4, len + 1, no);
	tl_emit_bytes(e, BPF_REG_1, e->env->record, parts, (size_t)len + 1, no);
}

/* ---- ends() ------------------------------------------------------------------------------------------ */

void tl_emit_length(struct tl_emitter *e, int no)
{
	int end = tl_code_label(e->code);

	tl_code_jump_imm(e->code, BPF_JGT, BPF_REG_9, e->env->record_room - LENGTH_STEPS * TL_VAR_STRING, no);
	for (int step = 0; step < LENGTH_STEPS; step++) {
		int next = tl_code_label(e->code);

		tl_code_alu(e->code, BPF_MOV, BPF_REG_1, BPF_REG_10);
		tl_code_alu_imm(e->code, BPF_ADD, BPF_REG_1, e->key);
		tl_code_imm64(e->code, BPF_REG_2, TL_VAR_STRING);
		tl_code_alu(e->code, BPF_MOV, BPF_REG_3, TL_REG_BASE);
		tl_code_alu(e->code, BPF_ADD, BPF_REG_3, BPF_REG_9);
		tl_code_alu_imm(e->code, BPF_ADD, BPF_REG_3, e->env->record + step * LENGTH_STEP);
		tl_code_call(e->code, BPF_FUNC_probe_read_kernel_str);
		tl_code_jump_imm(e->code, BPF_JSLE, BPF_REG_0, 0, no);
		if (step < LENGTH_STEPS - 1)
			tl_code_jump_imm(e->code, BPF_JEQ, BPF_REG_0, TL_VAR_STRING, next);
		tl_code_alu_imm(e->code, BPF_ADD, BPF_REG_0, step * LENGTH_STEP - 1);
		tl_code_goto(e->code, end);
		tl_code_place(e->code, next);
	}
	tl_code_place(e->code, end);
	tl_code_jump_imm(e->code, BPF_JGT, BPF_REG_0, LENGTH_STEPS * LENGTH_STEP, no);
}

/* The part that begins at R2 + skip ends with these bytes. */
static void part_ends(struct tl_emitter *e, int skip, const char *bytes, size_t n, int no)
{
	tl_code_jump_imm(e->code, BPF_JLE, BPF_REG_3, skip, no);
	tl_code_alu(e->code, BPF_MOV, BPF_REG_9, BPF_REG_2);
	if (skip)
		tl_code_alu_imm(e->code, BPF_ADD, BPF_REG_9, skip);
	tl_emit_length(e, no);
	tl_code_jump_imm(e->code, BPF_JLT, BPF_REG_0, (int32_t)n, no);
	tl_code_alu(e->code, BPF_ADD, BPF_REG_9, BPF_REG_0);
	tl_code_alu_imm(e->code, BPF_SUB, BPF_REG_9, (int32_t)n);
	tl_emit_point(e, BPF_REG_9, (int)n, no);
	tl_emit_bytes(e, BPF_REG_1, e->env->record, bytes, n, no);
}

/* "og/messages": the first part is "messages", the second one ends with "og". R2, R3: the string. */
void tl_emit_path_end(struct tl_emitter *e, const char *s, size_t n, int no)
{
	const char *slash = memchr(s, '/', n);
	size_t head = slash ? (size_t)(slash - s) : n;
	char parts[PART_MAX];
	int len = 0;

	if (n == 1 && slash) {
		equal_root(e, no);
		return;
	}
	if (slash)
		len = reverse(slash, n - head, parts);
	if (slash && (ends(s, head, "\xa6") || (n > 1 && ends(s, n - 1, "\xa6")))) {
		tl_emit_refuse(e, "a path that was cut is asked for");
		return;
	}
	if (len < 0 || (slash && len == 0) || memchr(s, '\0', n)) {
		tl_emit_if(e, true, no);
		return;
	}
	tl_code_jump_imm(e->code, BPF_JLT, BPF_REG_3, len, no);
	if (len) {
		tl_emit_point(e, BPF_REG_2, len, no);
		tl_emit_bytes(e, BPF_REG_1, e->env->record, parts, (size_t)len, no);
	}
	if (head)
		part_ends(e, len, s, head, no);
}

static void path_ends(struct tl_emitter *e, const struct tl_field *field, const struct tl_place *place,
		      const char *s, size_t n, int no)
{
	int path = tl_code_label(e->code), yes = tl_code_label(e->code);

	tl_emit_str(e, field, place, no);
	if (field->type == TL_TYPE_FILE) {
		load_word(e, place, offsetof(struct tl_str, kind));
		tl_code_jump_imm(e->code, BPF_JEQ, BPF_REG_4, TL_FILE_PATH, path);
		tl_code_jump_imm(e->code, BPF_JEQ, BPF_REG_4, TL_FILE_LOOSE, path);
		tl_emit_file_end(e, s, n, yes, no);
	}
	tl_code_place(e->code, path);
	with_deleted(e, field, place, tl_emit_path_end, s, n, no);
	tl_code_place(e->code, yes);
}

void tl_emit_path_test(struct tl_emitter *e, enum tl_op op, const struct tl_field *field, const char *s, size_t n, int no)
{
	struct tl_place place;

	if (!tl_emit_place(e, field, &place))
		return;
	if (op == TL_OP_CONTAINS)
		tl_emit_refuse(e, "contains() looks into %s, which is put together in the script's process", field->name);
	else if (op != TL_OP_EQ && n == 0)
		tl_emit_refuse(e, "an empty part of %s is looked for", field->name);
	else if (op == TL_OP_EQ)
		path_equal(e, field, &place, s, n, no);
	else if (op == TL_OP_STARTS)
		path_starts(e, field, &place, s, n, no);
	else
		path_ends(e, field, &place, s, n, no);
}
