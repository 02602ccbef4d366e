// SPDX-License-Identifier: MIT
#include "target/selector.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/error.h"
#include "common/glob.h"

#define DEPTH_MAX 32		/* selectors in selectors */

static const struct {
	const char *name;
	bool mark, texts;
} kinds[TL_SELECTORS] = {
	[TL_SELECT_ANY] = { "any", false, false }, [TL_SELECT_ALL] = { "all", false, false },
	[TL_SELECT_NO] = { "no", false, false }, [TL_SELECT_FOLLOW] = { "follow", true, false },
	[TL_SELECT_PID] = { "pid", true, false }, [TL_SELECT_TREE] = { "tree", true, false },
	[TL_SELECT_COMMAND] = { "command", true, false }, [TL_SELECT_COMM] = { "comm", false, true },
	[TL_SELECT_EXE] = { "exe", false, true }, [TL_SELECT_UID] = { "uid", false, false },
	[TL_SELECT_GID] = { "gid", false, false }, [TL_SELECT_CGROUP] = { "cgroup", false, true },
	[TL_SELECT_CGROUP_NAME] = { "cgroup", false, true }, [TL_SELECT_NETNS] = { "netns", false, false },
	[TL_SELECT_MNTNS] = { "mntns", false, false }, [TL_SELECT_PIDNS] = { "pidns", false, false },
	[TL_SELECT_TTY] = { "tty", false, false }, [TL_SELECT_READER] = { "reader", false, false },
};

bool tl_selector_is_mark(enum tl_selector_kind kind)
{
	return kinds[kind].mark;
}

static bool has_parts(enum tl_selector_kind kind)
{
	return kind <= TL_SELECT_FOLLOW;
}

/* ---- leaves ---------------------------------------------------------------------------------- */

static void free_leaf(struct tl_leaf *leaf)
{
	for (size_t i = 0; leaf->texts && i < leaf->n; i++)
		free(leaf->texts[i]);
	free(leaf->texts);
	free(leaf->numbers);
	free(leaf->devs);
	free(leaf->of);
	*leaf = (struct tl_leaf){ 0 };
}

static bool same_leaf(const struct tl_leaf *leaf, const struct tl_selector *selector, const struct tl_terms *of)
{
	if (!leaf->used || leaf->kind != selector->kind)
		return false;
	if (of)
		return leaf->of->n == of->n && !memcmp(leaf->of->list, of->list, of->n * sizeof(of->list[0]));
	if (leaf->n != selector->n)
		return false;
	if (!kinds[leaf->kind].texts)
		return !memcmp(leaf->numbers, selector->numbers, leaf->n * sizeof(leaf->numbers[0]));
	for (size_t i = 0; i < leaf->n; i++)
		if (strcmp(leaf->texts[i], selector->texts[i]))
			return false;
	return true;
}

static int copy_texts(struct tl_leaf *leaf, const struct tl_selector *selector)
{
	leaf->texts = calloc(selector->n, sizeof(*leaf->texts));
	leaf->numbers = calloc(selector->n, sizeof(*leaf->numbers));
	leaf->devs = calloc(selector->n, sizeof(*leaf->devs));
	if (!leaf->texts || !leaf->numbers || !leaf->devs)
		return -ENOMEM;
	for (size_t i = 0; i < selector->n; i++) {
		leaf->texts[i] = strdup(selector->texts[i]);
		if (!leaf->texts[i])
			return -ENOMEM;
	}
	return 0;
}

static int copy_numbers(struct tl_leaf *leaf, const struct tl_selector *selector)
{
	leaf->numbers = calloc(selector->n, sizeof(*leaf->numbers));
	if (!leaf->numbers)
		return -ENOMEM;
	memcpy(leaf->numbers, selector->numbers, selector->n * sizeof(*leaf->numbers));
	return 0;
}

static int copy_of(struct tl_leaf *leaf, const struct tl_terms *of)
{
	leaf->of = malloc(sizeof(*of));
	if (!leaf->of)
		return -ENOMEM;
	*leaf->of = *of;
	return 0;
}

static int fill_leaf(struct tl_leaf *leaf, const struct tl_selector *selector, const struct tl_terms *of)
{
	int ret;

	*leaf = (struct tl_leaf){ .kind = selector->kind, .n = of ? 0 : selector->n, .used = true };
	if (of)
		ret = copy_of(leaf, of);
	else
		ret = kinds[selector->kind].texts ? copy_texts(leaf, selector) : copy_numbers(leaf, selector);
	if (ret)
		free_leaf(leaf);
	return ret;
}

/* The number of the leaf that the selector is, an equal one or a new one. */
static int find_leaf(struct tl_leaves *leaves, const struct tl_selector *selector, const struct tl_terms *of,
		     struct tl_error *err)
{
	bool mark = kinds[selector->kind].mark;
	struct tl_leaf *list = mark ? leaves->marks : leaves->traits;
	int n = mark ? TL_MARKS_MAX : TL_TRAITS_MAX, spare = -1;

	for (int i = 0; i < n; i++) {
		if (same_leaf(&list[i], selector, of))
			return i;
		if (!list[i].used && spare < 0)
			spare = i;
	}
	if (spare < 0)
		return tl_fail(err, -ENOSPC, "target: more than %d different selectors in all subscriptions", n);
	if (fill_leaf(&list[spare], selector, of))
		return tl_fail(err, -ENOMEM, "target: out of memory");
	return spare;
}

/* ---- terms ----------------------------------------------------------------------------------- */

static bool contradicts(const struct tl_literals *l)
{
	return (l->marks & l->no_marks) || (l->traits & l->no_traits);
}

/* Whether a holds wherever b does. */
static bool covers(const struct tl_literals *a, const struct tl_literals *b)
{
	return !((a->marks & ~b->marks) | (a->no_marks & ~b->no_marks) | (a->traits & ~b->traits) |
		 (a->no_traits & ~b->no_traits));
}

static int add_term(struct tl_terms *terms, const struct tl_literals *term, struct tl_error *err)
{
	size_t kept = 0;

	if (contradicts(term))
		return 0;
	for (size_t i = 0; i < terms->n; i++)
		if (covers(&terms->list[i], term))
			return 0;
	for (size_t i = 0; i < terms->n; i++)
		if (!covers(term, &terms->list[i]))
			terms->list[kept++] = terms->list[i];
	terms->n = kept;
	if (terms->n == TL_TERMS_MAX)
		return tl_fail(err, -ENOSPC, "target: too much of any, all and no in one another: more than %d cases",
			       TL_TERMS_MAX);
	terms->list[terms->n++] = *term;
	return 0;
}

static struct tl_literals both(const struct tl_literals *a, const struct tl_literals *b)
{
	return (struct tl_literals){ a->marks | b->marks, a->no_marks | b->no_marks, a->traits | b->traits,
				     a->no_traits | b->no_traits };
}

/* all = all and more */
static int and_terms(struct tl_terms *all, const struct tl_terms *more, struct tl_error *err)
{
	struct tl_terms product = { 0 };
	int ret = 0;

	for (size_t i = 0; !ret && i < all->n; i++) {
		for (size_t k = 0; !ret && k < more->n; k++) {
			struct tl_literals term = both(&all->list[i], &more->list[k]);

			ret = add_term(&product, &term, err);
		}
	}
	*all = product;
	return ret;
}

static int or_terms(struct tl_terms *any, const struct tl_terms *more, struct tl_error *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < more->n; i++)
		ret = add_term(any, &more->list[i], err);
	return ret;
}

struct maker {
	struct tl_leaves *leaves;
	struct tl_error *err;
};

static int make(struct maker *m, const struct tl_selector *selector, bool negate, int depth, struct tl_terms *out);

static int make_leaf(struct maker *m, const struct tl_selector *selector, bool negate, const struct tl_terms *of,
		     struct tl_terms *out)
{
	int n = find_leaf(m->leaves, selector, of, m->err);
	struct tl_literals term = { 0 };

	if (n < 0)
		return n;
	if (kinds[selector->kind].mark)
		*(negate ? &term.no_marks : &term.marks) = TL_BIT(n);
	else
		*(negate ? &term.no_traits : &term.traits) = TL_BIT(n);
	out->n = 0;
	return add_term(out, &term, m->err);
}

/* No part of `any` is no part of it, and no `all` is a part that is not. */
static int make_parts(struct maker *m, const struct tl_selector *selector, bool negate, bool any, int depth,
		      struct tl_terms *out)
{
	int ret = 0;

	out->n = 0;
	if (!any)
		out->list[out->n++] = (struct tl_literals){ 0 };
	for (size_t i = 0; !ret && i < selector->n; i++) {
		struct tl_terms part = { 0 };

		ret = make(m, &selector->parts[i], negate, depth + 1, &part);
		if (!ret)
			ret = any ? or_terms(out, &part, m->err) : and_terms(out, &part, m->err);
	}
	return ret;
}

/* What the part selects, or has the mark that is given to its children and handed on by them. */
static int make_follow(struct maker *m, const struct tl_selector *selector, bool negate, int depth, struct tl_terms *out)
{
	struct tl_terms of = { 0 }, mark = { 0 };
	int ret = make(m, &selector->parts[0], false, depth + 1, &of);

	if (!ret)
		ret = make_leaf(m, selector, negate, &of, &mark);
	if (!ret)
		ret = make(m, &selector->parts[0], negate, depth + 1, out);
	if (ret)
		return ret;
	return negate ? and_terms(out, &mark, m->err) : or_terms(out, &mark, m->err);
}

static int check_texts(const struct tl_selector *selector, struct tl_error *err)
{
	for (size_t i = 0; i < selector->n; i++) {
		const char *text = selector->texts[i];

		if (selector->kind != TL_SELECT_EXE && tl_glob_check(text, NULL))
			return tl_fail(err, -EINVAL, "%s '%s': %s", kinds[selector->kind].name, text,
				       *text ? "the [ is not closed" : "empty");
		if (strlen(text) >= (selector->kind == TL_SELECT_EXE ? TL_STR_MAX : TL_CGROUP_MAX))
			return tl_fail(err, -EINVAL, "%s '%.32s…': longer than %d", kinds[selector->kind].name, text,
				       TL_CGROUP_MAX - 1);
	}
	return 0;
}

static int make(struct maker *m, const struct tl_selector *selector, bool negate, int depth, struct tl_terms *out)
{
	int ret;

	if ((unsigned int)selector->kind >= TL_SELECTORS)
		return tl_fail(m->err, -EINVAL, "target: no such kind of selector: %d", (int)selector->kind);
	if (depth > DEPTH_MAX)
		return tl_fail(m->err, -EINVAL, "target: more than %d levels deep", DEPTH_MAX);
	switch (selector->kind) {
	case TL_SELECT_ANY:
		return make_parts(m, selector, negate, !negate, depth, out);
	case TL_SELECT_ALL:
		return make_parts(m, selector, negate, negate, depth, out);
	case TL_SELECT_NO:
		return make_parts(m, selector, !negate, negate, depth, out);
	case TL_SELECT_FOLLOW:
		return make_follow(m, selector, negate, depth, out);
	default:
		if (!selector->n)
			return tl_fail(m->err, -EINVAL, "%s: an empty list names no process",
				       kinds[selector->kind].name);
		ret = kinds[selector->kind].texts ? check_texts(selector, m->err) : 0;
		return ret ? ret : make_leaf(m, selector, negate, NULL, out);
	}
}

/* Whether this process is named by its pid. */
static bool names_self(const struct tl_selector *selector)
{
	if (selector->kind == TL_SELECT_PID)
		for (size_t i = 0; i < selector->n; i++)
			if (selector->numbers[i] == (uint64_t)getpid())
				return true;
	if (has_parts(selector->kind) && selector->kind != TL_SELECT_NO)
		for (size_t i = 0; i < selector->n; i++)
			if (names_self(&selector->parts[i]))
				return true;
	return false;
}

int tl_terms_make(struct tl_leaves *leaves, const struct tl_selector *selector, bool self, struct tl_terms **out,
		  struct tl_error *err)
{
	struct tl_terms not_self = { 1, { { .no_marks = TL_MARK_SELF } } };
	struct maker m = { leaves, err };
	struct tl_terms *terms = calloc(1, sizeof(*terms));
	int ret;

	*out = NULL;
	if (!terms)
		return tl_fail(err, -ENOMEM, "target: out of memory");
	ret = make(&m, selector, false, 0, terms);
	if (!ret && !self && !names_self(selector))
		ret = and_terms(terms, &not_self, err);
	if (ret)
		free(terms);
	else
		*out = terms;
	return ret;
}

void tl_terms_collect(const struct tl_leaves *leaves, const struct tl_terms *terms, struct tl_literals *all)
{
	uint64_t marks = 0;

	for (size_t i = 0; i < terms->n; i++) {
		marks |= (terms->list[i].marks | terms->list[i].no_marks) & ~TL_MARK_SELF;
		all->traits |= terms->list[i].traits | terms->list[i].no_traits;
	}
	marks &= ~all->marks;
	all->marks |= marks;
	for (; marks; marks &= marks - 1) {
		const struct tl_leaf *leaf = &leaves->marks[__builtin_ctzll(marks)];

		if (leaf->of)
			tl_terms_collect(leaves, leaf->of, all);
	}
}

void tl_leaves_sweep(struct tl_leaves *leaves, const struct tl_terms *const *terms, size_t n)
{
	struct tl_literals all = { 0 };

	for (size_t i = 0; i < n; i++)
		if (terms[i])
			tl_terms_collect(leaves, terms[i], &all);
	for (int i = 0; i < TL_MARKS_MAX; i++)
		if (!(all.marks & TL_BIT(i)))
			free_leaf(&leaves->marks[i]);
	for (int i = 0; i < TL_TRAITS_MAX; i++)
		if (!(all.traits & TL_BIT(i)))
			free_leaf(&leaves->traits[i]);
}

uint32_t tl_terms_kinds(const struct tl_leaves *leaves, const struct tl_terms *terms)
{
	struct tl_literals all = { 0 };
	uint32_t found = 0;

	tl_terms_collect(leaves, terms, &all);
	for (uint64_t bits = all.marks; bits; bits &= bits - 1)
		found |= 1u << leaves->marks[__builtin_ctzll(bits)].kind;
	for (uint64_t bits = all.traits; bits; bits &= bits - 1)
		found |= 1u << leaves->traits[__builtin_ctzll(bits)].kind;
	return found;
}

bool tl_terms_everyone(const struct tl_terms *terms)
{
	for (size_t i = 0; i < terms->n; i++)
		if (!terms->list[i].marks && !terms->list[i].traits)
			return true;
	return false;
}

int tl_leaf_text(const struct tl_leaf *leaf, char *buf, size_t size)
{
	int len;

	if (leaf->of)
		return snprintf(buf, size, "descendant");
	len = snprintf(buf, size, "%s", kinds[leaf->kind].name);
	for (size_t i = 0; i < leaf->n && i < 3; i++) {
		size_t room = (size_t)len < size ? size - (size_t)len : 0;
		char *at = room ? buf + len : NULL;

		if (leaf->texts)
			len += snprintf(at, room, "%c%s", i ? ',' : ' ', leaf->texts[i]);
		else
			len += snprintf(at, room, "%c%" PRIu64, i ? ',' : ' ', leaf->numbers[i]);
	}
	return len;
}
