/* SPDX-License-Identifier: MIT */
/*
 * verdicts.h: the verdicts of a session, loaded and put into the tables of their hooks. Events that ask
 * the same share a program. A table's element is exchanged in one step, so no event is decided by half
 * of an old and half of a new one.
 */
#ifndef TL_VERDICTS_H
#define TL_VERDICTS_H

#include "catalogue/catalogue.h"
#include "load/programs.h"

#define TL_HOOKS_MAX	64

struct bpf_insn;
struct tl_session;
struct tl_verdict_program;

struct tl_hook {
	char table_name[TL_NAME_LEN];		/* tl_verdicts_sys_exit */
	char judged_name[TL_NAME_LEN];		/* tl_judged_sys_exit: where its verdicts go on to */
	bool has_judged;			/* it is in the table */
	int btf_id;				/* of the hook, for programs on raw tracepoints; 0: not looked up */
	struct tl_verdict_program *at[TL_VERDICT_JUDGED];	/* what is in the table */
	struct tl_verdict_program *next[TL_VERDICT_JUDGED];	/* what shall be there */
};

struct tl_verdicts {
	struct tl_hook *hooks[TL_HOOKS_MAX];
	size_t n_hooks;
	struct tl_verdict_program *programs;
	int vars_fd;			/* map with one value: the variables of all subscriptions; -1: not made */
	char *vars;			/* mapped */
};

void tl_verdicts_init(struct tl_verdicts *verdicts);

/* The memory for the variables of a subscription; NULL with the error told. */
void *tl_verdicts_vars(struct tl_session *session, unsigned int bit, struct tl_error *err);

/*
 * The hooks at which the event is reported (early: at which its call is seen), by the programs of the
 * session's flavour. Returns their number, or -ENOSPC, -ENOMEM.
 */
int tl_verdicts_hooks(struct tl_session *session, const struct tl_entry *entry, bool early,
		      struct tl_hook *hooks[TL_HOOKS_MAX], struct tl_error *err);

/* Makes and loads what the subscriptions ask now; nothing takes effect yet. */
int tl_verdicts_load(struct tl_session *session, struct tl_error *err);

/* Puts it into the tables. */
int tl_verdicts_install(struct tl_session *session, struct tl_error *err);

/* The instructions of the verdict of that event and stage, and their number; NULL: there is none. */
const struct bpf_insn *tl_verdicts_code(const struct tl_session *session, uint16_t event, bool early, size_t *n);

/* Lets go of what is in the kernel's tables; variables stay until the end. */
void tl_verdicts_unload(struct tl_verdicts *verdicts);
void tl_verdicts_close(struct tl_verdicts *verdicts);

#endif
