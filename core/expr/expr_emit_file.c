/* SPDX-License-Identifier: MIT */
/*
 * expr_emit_file.c: starts() and ends() of an open file that has no path. What begins with "pipe:" or "anon_inode:" is
 * known by its kind. Texts of pipes, namespaces and most sockets end with a digit or ']'; an end that does not can
 * only be that of an anonymous inode's or a unix socket's name.
 */
#include <string.h>

#include "expr/expr_emit.h"

#define FAMILY_UNIX	1

/* R2, R3: the string. It ends with these bytes. */
static void bytes_end(struct tl_emitter *e, const char *bytes, size_t n, int yes, int no)
{
	tl_code_jump_imm(e->code, BPF_JLT, BPF_REG_3, (int32_t)n, no);
	tl_code_alu(e->code, BPF_ADD, BPF_REG_2, BPF_REG_3);
	tl_code_alu_imm(e->code, BPF_SUB, BPF_REG_2, (int32_t)n);
	tl_emit_point(e, BPF_REG_2, (int)n, no);
	tl_emit_bytes(e, BPF_REG_1, e->env->record, bytes, n, no);
	tl_code_goto(e->code, yes);
}

/*
 * A name of the file system has perhaps a NUL at its end; an abstract one has one at its begin, for which the
 * text has '@'. R2, R3: the name.
 */
static void find_name(struct tl_emitter *e, int no)
{
	int abstract = tl_code_label(e->code), end = tl_code_label(e->code);

	tl_emit_point(e, BPF_REG_2, 1, no);
	tl_code_load(e->code, BPF_B, BPF_REG_4, BPF_REG_1, e->env->record);
	tl_code_jump_imm(e->code, BPF_JEQ, BPF_REG_4, 0, abstract);
	tl_code_alu(e->code, BPF_MOV, BPF_REG_5, BPF_REG_2);
	tl_code_alu(e->code, BPF_ADD, BPF_REG_5, BPF_REG_3);
	tl_code_alu_imm(e->code, BPF_SUB, BPF_REG_5, 1);
	tl_emit_point(e, BPF_REG_5, 1, no);
	tl_code_load(e->code, BPF_B, BPF_REG_4, BPF_REG_1, e->env->record);
	tl_code_jump_imm(e->code, BPF_JNE, BPF_REG_4, 0, end);
	tl_code_alu_imm(e->code, BPF_SUB, BPF_REG_3, 1);
	tl_code_goto(e->code, end);
	tl_code_place(e->code, abstract);
	tl_code_alu_imm(e->code, BPF_ADD, BPF_REG_2, 1);
	tl_code_alu_imm(e->code, BPF_SUB, BPF_REG_3, 1);
	tl_code_place(e->code, end);
}

static bool only_in_names(const char *bytes, size_t n)
{
	char last = bytes[n - 1];

	if (last == ']' || (last >= '0' && last <= '9'))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (strchr(" :@>", bytes[i]))	/* and NUL */
			return false;
	}
	return true;
}

bool tl_emit_file_begin(struct tl_emitter *e, const struct tl_field *field, const struct tl_place *place,
			const char *s, size_t n, int no)
{
	static const struct { const char *begin; int kind; } kinds[] = {
		{ "pipe:", TL_FILE_PIPE }, { "pipe:[", TL_FILE_PIPE }, { "anon_inode:", TL_FILE_ANON },
	};
	size_t i = 0, all = sizeof(kinds) / sizeof(*kinds);

	while (i < all && (n != strlen(kinds[i].begin) || memcmp(s, kinds[i].begin, n) != 0))
		i++;
	if (i == all)
		return false;
	tl_emit_str(e, field, place, no);
	tl_code_load(e->code, BPF_H, BPF_REG_4, TL_REG_BASE, place->offset + (int)offsetof(struct tl_str, kind));
	tl_code_jump_imm(e->code, BPF_JNE, BPF_REG_4, kinds[i].kind, no);
	return true;
}

void tl_emit_file_end(struct tl_emitter *e, const char *bytes, size_t n, int yes, int no)
{
	int other = tl_code_label(e->code), header = sizeof(struct tl_file_socket);

	if (!only_in_names(bytes, n)) {
		tl_emit_refuse(e, "what ends so can be a pipe or a socket, whose text is made in the script's process");
		return;
	}
	tl_code_jump_imm(e->code, BPF_JNE, BPF_REG_4, TL_FILE_ANON, other);
	bytes_end(e, bytes, n, yes, no);
	tl_code_place(e->code, other);
	tl_code_jump_imm(e->code, BPF_JNE, BPF_REG_4, TL_FILE_SOCKET, no);
	tl_emit_point(e, BPF_REG_2, header, no);
	tl_code_load(e->code, BPF_H, BPF_REG_4, BPF_REG_1,
		     e->env->record + (int)offsetof(struct tl_file_socket, family));
	tl_code_jump_imm(e->code, BPF_JNE, BPF_REG_4, FAMILY_UNIX, no);
	tl_code_jump_imm(e->code, BPF_JLE, BPF_REG_3, header, no);
	tl_code_alu_imm(e->code, BPF_ADD, BPF_REG_2, header);
	tl_code_alu_imm(e->code, BPF_SUB, BPF_REG_3, header);
	find_name(e, no);
	bytes_end(e, bytes, n, yes, no);
}
