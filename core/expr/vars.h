/* SPDX-License-Identifier: MIT */
/* vars.h: the values of `vars`, which expressions name: kept in memory that the kernel side reads, sets in maps. */
#ifndef TL_VARS_H
#define TL_VARS_H

#include "expr/expr.h"

/*
 * `memory` is TL_VARS_BYTES that the session maps from the kernel side (or plain memory, in a replay).
 * Sets are BPF maps if `in_kernel`, made when the first expression uses them, and always known here too,
 * for the evaluator. Sets of literals are comparisons in the program and need none.
 */
int tl_vars_new(struct tl_vars **vars, void *memory, bool in_kernel, struct tl_error *err);
void tl_vars_free(struct tl_vars *vars);

/*
 * Until an expression uses one of them: adds, with the type for good. Later: changes the value, at once. -EINVAL:
 * another type, too long, no name for a variable; -ENOENT: no such variable; -E2BIG: no room for one more.
 */
int tl_vars_set_int(struct tl_vars *vars, const char *name, int64_t value, struct tl_error *err);
int tl_vars_set_string(struct tl_vars *vars, const char *name, const char *value, size_t len, struct tl_error *err);

/* Variables live as long as what was bound to them. A set: numbers, or strings (n of them); those of addresses are strings: '10.0.0.0/8', '::1'. Replaces the old elements. */
int tl_vars_set_ints(struct tl_vars *vars, const char *name, const int64_t *values, size_t n, struct tl_error *err);
int tl_vars_set_strings(struct tl_vars *vars, const char *name, const char *const *values, size_t n,
			struct tl_error *err);

#endif
