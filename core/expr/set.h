/* SPDX-License-Identifier: MIT */
/* set.h: sets that change while they are in use, here and in the kernel; and nets, which are sets of addresses. */
#ifndef TL_SET_H
#define TL_SET_H

#include "expr/expr.h"

/* Addresses as IPv6 has them: those of IPv4 are ::ffff:a.b.c.d. */
struct tl_net {
	uint8_t bytes[16];
	uint8_t prefix;		/* bits that count, of 128 */
};

/* "10.0.0.1", "10.0.0.0/8", "::1", "fe80::/10". Bits behind the prefix are cleared. */
bool tl_net_parse(const char *text, size_t len, struct tl_net *net);

/* An address of a record as IPv6 has it; false: neither family. */
bool tl_net_map(uint8_t family, const uint8_t *bytes, uint8_t mapped[16]);

bool tl_net_holds(const struct tl_net *net, const uint8_t address[16]);

/* The key of a string, in the kernel and here. */
struct tl_set_string {
	char bytes[TL_VAR_STRING];	/* zeros behind the string */
	uint64_t len;
};

enum tl_set_kind { TL_SET_INTS, TL_SET_STRINGS, TL_SET_NETS, TL_SET_KINDS };

/* One set of one kind; sorted, without doubles. */
struct tl_set {
	enum tl_set_kind kind;
	void *keys;
	size_t n;
	int fd;			/* of the map; -1: there is none */
};

size_t tl_set_key_size(enum tl_set_kind kind);

/* Sorts n keys and takes them over; the map, if there is one, follows. What was there stays upon errors. */
int tl_set_replace(struct tl_set *set, void *keys, size_t n, struct tl_error *err);

/* Makes the map, with what the set holds. */
int tl_set_to_kernel(struct tl_set *set, struct tl_error *err);
void tl_set_free(struct tl_set *set);

bool tl_set_has_int(const struct tl_set *set, int64_t number);
bool tl_set_has_string(const struct tl_set *set, const char *bytes, size_t len);
bool tl_set_has_address(const struct tl_set *set, const uint8_t mapped[16]);

/* ---- variables, as the binder and the emitter see them ------------------------------------------------- */

enum tl_var_kind { TL_VAR_INT, TL_VAR_STR, TL_VAR_INTS, TL_VAR_STRINGS };

/* A string in memory: the other of two is written while one is in use. */
struct tl_var_string {
	uint64_t which;
	struct tl_set_string strings[2];
};

struct tl_var {
	char *name;
	enum tl_var_kind kind;
	struct tl_vars *vars;
	int offset;			/* in memory; sets: none */
	void *at;			/* the same as an address */
	struct tl_set set;		/* of numbers, or of strings … */
	struct tl_set nets;		/* … and of addresses, as long as all the strings are some */
	bool are_nets;
	bool used_as_nets;
	struct tl_var *next;
};

struct tl_var *tl_vars_find(const struct tl_vars *vars, const char *name);

/* Names for messages: those of variables, at most max. */
size_t tl_vars_names(const struct tl_vars *vars, const char **names, size_t max);

/* An expression uses the variable as this: its map is made if it needs one. -EINVAL: it is no such thing. */
int tl_var_use(struct tl_var *var, enum tl_set_kind kind, struct tl_error *err);

#endif
