/* SPDX-License-Identifier: MIT */
/*
 * The programs and maps of a session, by name: loaded when asked for, attached and let go. Loading
 * goes through libbpf, one object for all programs that are missing at that moment: parsing the
 * kernel's types is what costs. Maps are made once and shared by all objects.
 */
#ifndef TL_PROGRAMS_H
#define TL_PROGRAMS_H

#include "load/battery.h"
#include "tl_abi.h"

#define TL_NAME_LEN	64
#define TL_MAPS_MAX	128

struct bpf_object;
struct bpf_program;
struct bpf_link;

struct tl_program {
	char name[TL_NAME_LEN];
	struct bpf_program *prog;
	struct bpf_link *link;		/* NULL: not attached */
	uint16_t slot;			/* in the tail-call table of its flavour; 0: none */
};

struct tl_map {
	char name[TL_NAME_LEN];
	int fd;				/* owned by the object that made it */
};

/* Tail-call tables with the handlers of each side, by flavour. */
extern const char *const tl_handler_tables[TL_SIDES][2];

struct tl_programs {
	const struct tl_batteries *batteries;
	struct tl_config config;
	bool classic;			/* the flavour of the programs, see bpf/flavour.bpf.h */
	size_t ring_size;
	struct bpf_object **objects;
	size_t n_objects;
	struct tl_program *list;
	size_t n;
	struct tl_map maps[TL_MAPS_MAX];
	size_t n_maps;
	uint16_t next_slot;
	bool (*loading)(void *arg, size_t done, size_t total);	/* see tl_open_opts; may be NULL */
	void *loading_arg;
};

/* Loads those of `names` that are not loaded yet, of each battery all or none. -EPERM: no privileges. */
int tl_programs_load(struct tl_programs *p, const char *const *names, size_t n, struct tl_error *err);

/* Runs that the kernel skipped because the program was busy on that CPU, over all programs. */
uint64_t tl_programs_missed(const struct tl_programs *p);

struct tl_program *tl_programs_find(const struct tl_programs *p, const char *name);
int tl_programs_attach(struct tl_program *program, struct tl_error *err);
void tl_programs_detach(struct tl_program *program);

/* Puts the program into the tail-call table, once. Returns its slot. */
int tl_programs_slot(struct tl_programs *p, struct tl_program *program, enum tl_side side,
		     struct tl_error *err);

/* The map's descriptor, -1 if no program loaded so far needed it. */
int tl_programs_map(const struct tl_programs *p, const char *name);

void tl_programs_close(struct tl_programs *p);

#endif
