/* SPDX-License-Identifier: MIT */
/* property.h: the parts of the property test of expressions. */
#ifndef PROPERTY_H
#define PROPERTY_H

#include <stdbool.h>
#include <stdio.h>

#include "../core/expr_fixture.h"

/* random.c: the same numbers for the same seed */
void seed_set(uint64_t seed);
uint64_t rnd(void);
static inline unsigned int below(unsigned int n) { return (unsigned int)(rnd() >> 33) % n; }
static inline bool chance(unsigned int percent) { return below(100) < percent; }
int64_t rnd_number(void);
/* A string out of few, so that equal ones meet; its length in *len. */
const char *rnd_string(size_t *len);
const char *rnd_path(size_t *len);	/* in the record's form */
const char *rnd_address(void);

/* generate.c: a condition, as we and as Lua write it */
#define TEXT_MAX	3000

struct text {
	char ours[TEXT_MAX + 200], lua[TEXT_MAX + 200];
	bool in_lua;		/* Lua can say it */
};

void generate(struct text *text);

/* hard.c: the i-th text that is much work; false: there are no more */
bool hard(int i, char *to, size_t room);

/* records.c */
void record_fill(struct sample_record *r);

/* kernel.c: a program of several conditions over one record */
#define SLOT_RECORD	64	/* where the record lies in a slot */
#define SLOT_DURATION	24
#define BATCH_MAX	48

enum answer { NO, YES, ERROR, NONE };

struct kernel;

struct kernel *kernel_open(void);	/* NULL: told on stderr */
void *kernel_vars(struct kernel *kernel);
const struct tl_emit_env *kernel_env(void);

/* false: the verifier refused; told on stderr. */
bool kernel_load(struct kernel *kernel, const struct tl_bound *const *bounds, size_t n);
/* How many of them fit into one program. */
size_t kernel_fit(const struct tl_bound *const *bounds, size_t n);
/* Instructions that the verifier looked at; 0: this kernel does not say. */
unsigned int kernel_verified(const struct kernel *kernel);
bool kernel_run(struct kernel *kernel, const struct sample_record *r, enum answer answers[BATCH_MAX]);
void kernel_close(struct kernel *kernel);

#endif
