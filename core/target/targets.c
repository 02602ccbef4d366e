// SPDX-License-Identifier: MIT
#include "target/targets.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/error.h"
#include "common/glob.h"
#include "session/session.h"
#include "target/processes.h"
#include "target/traits.h"

#define KIND(kind) (1u << TL_SELECT_##kind)
#define BY_CGROUP (KIND(CGROUP) | KIND(CGROUP_NAME))
#define BY_CALL (KIND(UID) | KIND(GID) | KIND(NETNS) | KIND(MNTNS) | KIND(PIDNS) | KIND(TTY))
#define BY_TRAIT (BY_CGROUP | BY_CALL | KIND(COMM) | KIND(EXE) | KIND(READER))
#define ANYTHING (~0u)
#define GLOBS (1u << 31)

/* Which programs are needed for which kinds of leaves, in the order in which they are attached. */
static const struct {
	const char *name;
	uint32_t kinds;
	bool attach;
} programs[] = {
	{ "tl_follow_fork", KIND(FOLLOW) | KIND(TREE) | BY_TRAIT, true },
	{ "tl_follow_exec", KIND(COMMAND) | BY_TRAIT, true },
	{ "tl_follow_rename", KIND(COMM), true },
	{ "tl_follow_calls", BY_CALL, true },
	{ "tl_follow_rmdir", BY_CGROUP, true },
	{ "tl_follow_mkdir", BY_CGROUP, true },
	{ "tl_follow_mkdir_globs", GLOBS, true },
	{ "tl_follow_cgroup", BY_CGROUP, true },
	{ "tl_follow_free", ANYTHING, true },
	{ TL_ASK_FILE, KIND(EXE), false },
	{ TL_PASS, ANYTHING, false },
};

#define N_PROGRAMS (sizeof(programs) / sizeof(programs[0]))

const char *tl_targets_program(uint32_t kinds, bool globs, size_t i, bool *attach)
{
	uint32_t wanted = kinds | (globs ? GLOBS : 0);

	for (size_t k = 0; k < N_PROGRAMS; k++) {
		if (programs[k].kinds != ANYTHING && !(programs[k].kinds & wanted))
			continue;
		if (i--)
			continue;
		*attach = programs[k].attach;
		return programs[k].name;
	}
	return NULL;
}

bool tl_targets_has_globs(const struct tl_session *session, const struct tl_terms *terms)
{
	const struct tl_leaves *leaves = &session->targets.leaves;
	struct tl_literals all = { 0 };

	tl_terms_collect(leaves, terms, &all);
	for (uint64_t bits = all.traits; bits; bits &= bits - 1) {
		const struct tl_leaf *leaf = &leaves->traits[__builtin_ctzll(bits)];

		if (!(BY_CGROUP & (1u << leaf->kind)))
			continue;
		for (size_t i = 0; i < leaf->n; i++)
			if (tl_glob_magic(leaf->texts[i]))
				return true;
	}
	return false;
}

/* ---- what one target names ------------------------------------------------------------------- */

static void sweep_leaves(struct tl_session *session)
{
	const struct tl_terms *live[TL_SUBS_MAX + 1] = { [TL_SUBS_MAX] = session->targets.kept };

	for (size_t i = 0; i < TL_SUBS_MAX; i++)
		if (session->subs[i] && !session->subs[i]->stopped)
			live[i] = session->subs[i]->terms;
	tl_leaves_sweep(&session->targets.leaves, live, TL_SUBS_MAX + 1);
}

static int check_mark(const struct tl_leaf *leaf, struct tl_error *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && !leaf->of && i < leaf->n; i++)
		ret = tl_target_check((int)leaf->numbers[i], err);
	return ret;
}

static int check_trait(const struct tl_leaf *leaf, struct tl_error *err)
{
	for (size_t i = 0; leaf->kind == TL_SELECT_EXE && i < leaf->n; i++)
		if (access(leaf->texts[i], F_OK))
			return tl_fail(err, -errno, "exe '%s': %s", leaf->texts[i], strerror(errno));
	return 0;
}

static int check_leaves(struct tl_session *session, const struct tl_terms *terms, struct tl_error *err)
{
	struct tl_targets *targets = &session->targets;
	struct tl_literals all = { 0 };
	int ret = 0;

	tl_terms_collect(&targets->leaves, terms, &all);
	for (uint64_t bits = all.marks; !ret && bits; bits &= bits - 1)
		ret = check_mark(&targets->leaves.marks[__builtin_ctzll(bits)], err);
	for (uint64_t bits = all.traits; !ret && bits; bits &= bits - 1)
		ret = check_trait(&targets->leaves.traits[__builtin_ctzll(bits)], err);
	if (!ret && (tl_terms_kinds(&targets->leaves, terms) & BY_CGROUP))
		ret = tl_cgroups_find(&targets->cgroups, err);
	return ret;
}

/* Whether one of those is named by its pid. */
static bool names_reader(const struct tl_session *session, const struct tl_selector *selector)
{
	if (selector->kind == TL_SELECT_PID || selector->kind == TL_SELECT_TREE)
		for (size_t i = 0; i < selector->n; i++)
			if (tl_readers_have(&session->readers, (int)selector->numbers[i]))
				return true;
	if (selector->kind > TL_SELECT_FOLLOW || selector->kind == TL_SELECT_NO)
		return false;
	for (size_t i = 0; i < selector->n; i++)
		if (names_reader(session, &selector->parts[i]))
			return true;
	return false;
}

/* Whether all that it selects is named, or born from now on of those. */
static bool names_all(const struct tl_selector *selector)
{
	if (selector->kind == TL_SELECT_PID || selector->kind == TL_SELECT_COMMAND)
		return true;
	if (selector->kind > TL_SELECT_FOLLOW || selector->kind == TL_SELECT_NO || !selector->n)
		return false;
	for (size_t i = 0; i < selector->n; i++)
		if (!names_all(&selector->parts[i]))
			return false;
	return true;
}

/* The target without who reads what this process tells of it. */
static int make_terms(struct tl_session *session, const struct tl_selector *target, bool self, struct tl_terms **terms,
		      struct tl_error *err)
{
	static const uint64_t one;
	static const struct tl_selector reader = { .kind = TL_SELECT_READER, .n = 1, .numbers = &one };
	struct tl_selector parts[] = { *target, { .kind = TL_SELECT_NO, .n = 1, .parts = &reader } };
	struct tl_selector both = { .kind = TL_SELECT_ALL, .n = 2, .parts = parts };
	bool spare = !self && session->readers.n_pipes && !names_all(target) && !names_reader(session, target);

	return tl_terms_make(&session->targets.leaves, spare ? &both : target, self, terms, err);
}

int tl_targets_make(struct tl_session *session, const struct tl_selector *target, bool self, struct tl_terms **terms,
		    struct tl_error *err)
{
	int ret;

	sweep_leaves(session);
	ret = make_terms(session, target, self, terms, err);
	if (!ret && !session->replay)
		ret = check_leaves(session, *terms, err);
	if (ret) {
		free(*terms);
		*terms = NULL;
	}
	return ret;
}

/* ---- what all of them make together ---------------------------------------------------------- */

struct choice {
	struct tl_literals used;
	uint64_t everyone;
	bool any;			/* somebody names a target */
	uint32_t n;
	struct tl_rule rules[TL_RULES_MAX];
};

static int add_rule(struct choice *choice, const struct tl_literals *term, uint64_t subs, uint64_t gives,
		    struct tl_error *err)
{
	struct tl_rule rule = { term->marks, term->no_marks, term->traits, term->no_traits, subs, gives };

	for (uint32_t i = 0; i < choice->n; i++) {
		struct tl_rule *other = &choice->rules[i];

		if (memcmp(other, &rule, offsetof(struct tl_rule, subs)))
			continue;
		other->subs |= subs;
		other->gives |= gives;
		return 0;
	}
	if (choice->n == TL_RULES_MAX)
		return tl_fail(err, -ENOSPC, "targets: more than %d cases in all subscriptions together", TL_RULES_MAX);
	choice->rules[choice->n++] = rule;
	return 0;
}

static int choose_subscription(struct choice *choice, const struct tl_session *session,
			       const struct tl_subscription *sub, struct tl_error *err)
{
	static const struct tl_literals not_self = { .no_marks = TL_MARK_SELF };
	uint64_t bit = TL_BIT(sub->bit);
	int ret = 0;

	if (!sub->terms || tl_terms_everyone(sub->terms))
		choice->everyone |= bit;
	if (!sub->terms)
		return add_rule(choice, &not_self, bit, 0, err);
	choice->any = true;
	tl_terms_collect(&session->targets.leaves, sub->terms, &choice->used);
	for (size_t i = 0; !ret && i < sub->terms->n; i++)
		ret = add_rule(choice, &sub->terms->list[i], bit, 0, err);
	return ret;
}

/* Marks that children get: of those that somebody follows, and all that have it hand it on. */
static int choose_gifts(struct choice *choice, const struct tl_leaves *leaves, struct tl_error *err)
{
	int ret = 0;

	for (uint64_t bits = choice->used.marks; !ret && bits; bits &= bits - 1) {
		int n = __builtin_ctzll(bits);
		const struct tl_leaf *leaf = &leaves->marks[n];
		struct tl_literals itself = { .marks = TL_BIT(n) };

		if (leaf->kind != TL_SELECT_TREE && !leaf->of)
			continue;
		ret = add_rule(choice, &itself, 0, TL_BIT(n), err);
		for (size_t i = 0; !ret && leaf->of && i < leaf->of->n; i++)
			ret = add_rule(choice, &leaf->of->list[i], 0, TL_BIT(n), err);
	}
	return ret;
}

static int choose(struct choice *choice, const struct tl_session *session, struct tl_error *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < TL_SUBS_MAX; i++)
		if (session->subs[i] && !session->subs[i]->stopped)
			ret = choose_subscription(choice, session, session->subs[i], err);
	return ret ? ret : choose_gifts(choice, &session->targets.leaves, err);
}

/* ---- the target map -------------------------------------------------------------------------- */

static uint32_t *filter_slot(struct tl_session *session, uint32_t pid)
{
	return &session->shared->target_filter[pid & (TL_PIDS_MAX - 1)];
}

static void forget_process(struct tl_session *session, uint32_t pid)
{
	if (!bpf_map_delete_elem(session->targets.map_fd, &pid))
		__atomic_fetch_sub(filter_slot(session, pid), 1, __ATOMIC_SEQ_CST);
}

/* Forgets the processes that the last walk has not met, as they are gone; or all. */
static void forget_processes(struct tl_session *session, bool all)
{
	int fd = session->targets.map_fd;
	struct tl_target target;
	uint32_t key, next;
	bool more = !bpf_map_get_next_key(fd, NULL, &next);

	while (more) {
		key = next;
		more = !bpf_map_get_next_key(fd, &key, &next);	/* before key goes */
		if (all || (!bpf_map_lookup_elem(fd, &key, &target) &&
			    target.pass != session->shared->selection.pass))
			forget_process(session, key);
	}
}

/* ---- seeds ----------------------------------------------------------------------------------- */

static int sow_process(struct tl_session *session, const struct tl_leaf *leaf, uint64_t bit, uint32_t pid,
		       struct tl_error *err)
{
	int fd = tl_programs_map(&session->programs, "tl_seeds");
	struct tl_seed seed = { 0 };

	bpf_map_lookup_elem(fd, &pid, &seed);
	if (leaf->kind == TL_SELECT_COMMAND)
		seed.at_exec |= bit;
	else
		seed.marks |= bit;
	if (leaf->kind == TL_SELECT_TREE)
		seed.tree |= bit;
	if (bpf_map_update_elem(fd, &pid, &seed, BPF_ANY))
		return tl_fail(err, -errno, "process %u: cannot be made a target: %s", pid, strerror(errno));
	return 0;
}

/* Calls it for each process that a leaf names which has not been told yet. */
static int each_new(struct tl_session *session, uint64_t marks, struct tl_error *err,
		    int (*act)(struct tl_session *, const struct tl_leaf *, uint64_t, uint32_t, struct tl_error *))
{
	int ret = 0;

	for (; !ret && marks; marks &= marks - 1) {
		int n = __builtin_ctzll(marks);
		const struct tl_leaf *leaf = &session->targets.leaves.marks[n];

		for (size_t i = 0; !ret && !leaf->of && !leaf->sown && i < leaf->n; i++)
			ret = act(session, leaf, TL_BIT(n), (uint32_t)leaf->numbers[i], err);
	}
	return ret;
}

/* It may have gone meanwhile. */
static int check_process(struct tl_session *session, const struct tl_leaf *leaf, uint64_t bit, uint32_t pid,
			 struct tl_error *err)
{
	(void)session, (void)leaf, (void)bit;
	return tl_process_alive((int)pid) ? 0 : tl_fail(err, -ESRCH, "process %u: no such process", pid);
}

static int clear_process(struct tl_session *session, const struct tl_leaf *leaf, uint64_t bit, uint32_t pid,
			 struct tl_error *err)
{
	(void)leaf, (void)bit, (void)err;
	bpf_map_delete_elem(tl_programs_map(&session->programs, "tl_seeds"), &pid);
	return 0;
}

static bool has_new_trees(const struct tl_session *session, uint64_t marks)
{
	for (; marks; marks &= marks - 1) {
		const struct tl_leaf *leaf = &session->targets.leaves.marks[__builtin_ctzll(marks)];

		if (leaf->kind == TL_SELECT_TREE && !leaf->sown)
			return true;
	}
	return false;
}

/* Twice, for what changes while it goes on: see tl_pass. */
static int walk(struct tl_session *session, uint64_t marks, struct tl_error *err)
{
	struct tl_selection *selection = &session->shared->selection;
	int ret;

	__atomic_add_fetch(&selection->pass, 1, __ATOMIC_SEQ_CST);
	ret = each_new(session, marks, err, sow_process);
	__atomic_store_n(&selection->sowing, has_new_trees(session, marks), __ATOMIC_SEQ_CST);
	for (int i = 0; !ret && i < 2; i++)
		ret = tl_processes_walk(&session->programs, err);
	__atomic_store_n(&selection->sowing, 0, __ATOMIC_SEQ_CST);
	if (!ret)
		forget_processes(session, false);
	if (!ret)
		ret = each_new(session, marks, err, check_process);
	each_new(session, marks, NULL, clear_process);
	for (; !ret && marks; marks &= marks - 1)
		session->targets.leaves.marks[__builtin_ctzll(marks)].sown = true;
	return ret;
}

/* ---- settling -------------------------------------------------------------------------------- */

/* The new rules are written beside the old ones, and hold from one moment on. */
static void write_rules(struct tl_session *session, const struct choice *choice)
{
	struct tl_selection *selection = &session->shared->selection;
	uint32_t next = !selection->current;

	memcpy(selection->rules[next], choice->rules, sizeof(choice->rules));
	__atomic_store_n(&selection->n_rules[next], choice->n, __ATOMIC_SEQ_CST);
	__atomic_or_fetch(&selection->marks, choice->used.marks, __ATOMIC_SEQ_CST);
	__atomic_store_n(&selection->current, next, __ATOMIC_SEQ_CST);
	__atomic_store_n(&session->shared->everyone, choice->everyone, __ATOMIC_SEQ_CST);
	__atomic_store_n(&selection->marks, choice->used.marks, __ATOMIC_SEQ_CST);
}

static int select_some(struct tl_session *session, const struct choice *choice, struct tl_error *err)
{
	struct tl_traits *traits;
	int ret = tl_traits_write(session, choice->used.traits, &traits, err);

	if (ret)
		return ret;
	session->targets.selecting = true;
	write_rules(session, choice);
	tl_traits_settled(session, traits);
	return walk(session, choice->used.marks, err);
}

/* Nobody names a target any more: nothing is to be known of any process. */
static void select_none(struct tl_session *session, const struct choice *choice)
{
	struct tl_selection *selection = &session->shared->selection;

	__atomic_store_n(&selection->kinds, 0, __ATOMIC_SEQ_CST);
	write_rules(session, choice);
	if (session->targets.selecting)
		forget_processes(session, true);
	session->targets.selecting = false;
}

int tl_targets_settle(struct tl_session *session, struct tl_error *err)
{
	struct choice *choice;
	int ret;

	if (!session->targets.dirty)
		return 0;
	choice = calloc(1, sizeof(*choice));
	if (!choice)
		return tl_fail(err, -ENOMEM, "targets: out of memory");
	ret = choose(choice, session, err);
	if (!ret && choice->any)
		ret = select_some(session, choice, err);
	else if (!ret)
		select_none(session, choice);
	session->targets.dirty = ret != 0;
	free(choice);
	return ret;
}

/* ---- who is in ------------------------------------------------------------------------------- */

static void add_reason(char *why, size_t size, const char *text)
{
	size_t len = strlen(why);

	snprintf(why + len, size - len, "%s%s", len ? ", " : "", text);
}

static void tell_reasons(const struct tl_leaf *list, uint64_t bits, char *why, size_t size)
{
	for (; bits; bits &= bits - 1) {
		char text[256];

		tl_leaf_text(&list[__builtin_ctzll(bits)], text, sizeof(text));
		add_reason(why, size, text);
	}
}

static void read_comm(struct tl_member *member)
{
	char path[32];
	FILE *file;
	size_t n;

	snprintf(path, sizeof(path), "/proc/%d/comm", member->pid);
	file = fopen(path, "re");
	if (!file)
		return;
	n = fread(member->comm, 1, sizeof(member->comm) - 1, file);
	if (n && member->comm[n - 1] == '\n')
		member->comm[n - 1] = '\0';
	fclose(file);
}

/* What speaks for it, of that which the subscriptions that want it ask. */
static void tell(const struct tl_session *session, const struct tl_target *target, struct tl_member *member)
{
	const struct tl_leaves *leaves = &session->targets.leaves;
	struct tl_literals for_it = { 0 };

	for (uint64_t bits = target->mask; bits; bits &= bits - 1) {
		const struct tl_subscription *sub = session->subs[__builtin_ctzll(bits)];

		for (size_t i = 0; sub && sub->terms && i < sub->terms->n; i++) {
			for_it.marks |= sub->terms->list[i].marks;
			for_it.traits |= sub->terms->list[i].traits;
		}
	}
	tell_reasons(leaves->marks, for_it.marks & target->marks & ~TL_MARK_SELF, member->why, sizeof(member->why));
	tell_reasons(leaves->traits, for_it.traits & target->traits, member->why, sizeof(member->why));
	read_comm(member);
}

static int by_pid(const void *a, const void *b)
{
	const struct tl_member *one = a, *other = b;

	return one->pid < other->pid ? -1 : one->pid > other->pid;
}

int tl_session_targets(const struct tl_session *session, struct tl_member *members, size_t max, struct tl_error *err)
{
	int fd = session->targets.map_fd, n = 0;
	struct tl_target target;
	uint32_t pid, *at = NULL;

	if (fd < 0)
		return tl_fail(err, -EBADF, "targets: the session has not been started");
	while (!bpf_map_get_next_key(fd, at, &pid)) {
		at = &pid;
		if (bpf_map_lookup_elem(fd, &pid, &target) || !(target.mask & ~session->shared->everyone))
			continue;
		if ((size_t)n < max) {
			members[n] = (struct tl_member){ .pid = (int)pid, .subs = target.mask };
			tell(session, &target, &members[n]);
		}
		n++;
	}
	if (max)
		qsort(members, (size_t)n < max ? (size_t)n : max, sizeof(*members), by_pid);
	return n;
}
