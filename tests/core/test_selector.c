/* SPDX-License-Identifier: MIT */
/* test_selector.c: tests core/target/selector.c. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "target/selector.h"

static struct tl_leaves leaves;

static const uint64_t one[] = { 1 }, two[] = { 2 };
static const char *const sh[] = { "sh" }, *const cron[] = { "cron" };
static const struct tl_selector pid1 = { .kind = TL_SELECT_PID, .n = 1, .numbers = one };
static const struct tl_selector pid2 = { .kind = TL_SELECT_PID, .n = 1, .numbers = two };
static const struct tl_selector uid1 = { .kind = TL_SELECT_UID, .n = 1, .numbers = one };
static const struct tl_selector is_sh = { .kind = TL_SELECT_COMM, .n = 1, .texts = sh };
static const struct tl_selector is_cron = { .kind = TL_SELECT_COMM, .n = 1, .texts = cron };

static int tear_down(void **state)
{
	(void)state;
	tl_leaves_sweep(&leaves, NULL, 0);
	return 0;
}

static struct tl_terms *must_make(const struct tl_selector *selector)
{
	struct tl_terms *terms;
	struct tl_error err = { 0 };

	if (tl_terms_make(&leaves, selector, true, &terms, &err))
		fail_msg("%s", err.message);
	return terms;
}

/* The bit of a simple selector, wherever it is. */
static uint64_t bit_of(const struct tl_selector *selector)
{
	struct tl_terms *terms = must_make(selector);
	uint64_t bit = terms->list[0].marks | terms->list[0].traits;

	free(terms);
	return bit;
}

/* Whether the terms hold for a process with these marks and traits. */
static bool holds(const struct tl_terms *terms, uint64_t marks, uint64_t traits)
{
	for (size_t i = 0; i < terms->n; i++) {
		const struct tl_literals *l = &terms->list[i];

		if (!((l->marks & ~marks) | (l->no_marks & marks) | (l->traits & ~traits) | (l->no_traits & traits)))
			return true;
	}
	return false;
}

static void equal_ones_share_a_bit(void **state)
{
	(void)state;
	assert_int_equal(bit_of(&is_sh), bit_of(&is_sh));
	assert_int_not_equal(bit_of(&is_sh), bit_of(&is_cron));
	assert_int_not_equal(bit_of(&is_sh), bit_of(&uid1));
	assert_int_equal(bit_of(&pid1), bit_of(&pid1));
	assert_int_not_equal(bit_of(&pid1), bit_of(&pid2));
}

/* Every way of putting any, all and no into one another, held against what it means. */
static bool means(const struct tl_selector *s, uint64_t marks, uint64_t traits)
{
	bool any = false, all = true;

	if (s->kind > TL_SELECT_FOLLOW)
		return (tl_selector_is_mark(s->kind) ? marks : traits) & bit_of(s);
	for (size_t i = 0; i < s->n; i++) {
		bool part = means(&s->parts[i], marks, traits);

		any |= part;
		all &= part;
	}
	return s->kind == TL_SELECT_ANY ? any : s->kind == TL_SELECT_ALL ? all : !any;
}

static void grow(struct tl_selector *s, struct tl_selector **spare, int depth)
{
	const struct tl_selector *leaf[] = { &pid1, &pid2, &uid1, &is_sh, &is_cron };
	struct tl_selector *parts;

	if (!depth || rand() % 3 == 0) {
		*s = *leaf[rand() % 5];
		return;
	}
	*s = (struct tl_selector){ .kind = (enum tl_selector_kind)(rand() % 3), .n = (size_t)(rand() % 4) };
	parts = *spare;
	*spare += s->n;
	s->parts = parts;
	for (size_t i = 0; i < s->n; i++)
		grow(&parts[i], spare, depth - 1);
}

static void means_what_it_says(void **state)
{
	const struct tl_selector *leaf[] = { &pid1, &pid2, &uid1, &is_sh, &is_cron };
	static struct tl_selector room[4096];

	(void)state;
	srand(4);
	for (int round = 0; round < 2000; round++) {
		struct tl_selector *spare = room + 1;
		struct tl_terms *terms;

		grow(room, &spare, 3);
		if (tl_terms_make(&leaves, room, true, &terms, NULL))
			continue;	/* more cases than there is room for */
		for (unsigned int set = 0; set < 32; set++) {
			uint64_t marks = 0, traits = 0;

			for (int i = 0; i < 5; i++)
				if (set & (1u << i))
					*(i < 2 ? &marks : &traits) |= bit_of(leaf[i]);
			if (holds(terms, marks, traits) != means(room, marks, traits))
				fail_msg("round %d, set %#x", round, set);
		}
		assert_int_equal(tl_terms_everyone(terms), means(room, 0, 0));
		free(terms);
	}
}

static void leaves_the_tracer_out(void **state)
{
	static const uint64_t self[1];
	struct tl_selector me = { .kind = TL_SELECT_PID, .n = 1, .numbers = self };
	struct tl_selector all = { .kind = TL_SELECT_ALL };
	struct tl_terms *terms;
	uint64_t pid = (uint64_t)getpid();

	(void)state;
	assert_int_equal(tl_terms_make(&leaves, &uid1, false, &terms, NULL), 0);
	assert_false(holds(terms, TL_MARK_SELF, UINT64_MAX));
	assert_true(holds(terms, 0, UINT64_MAX));
	free(terms);
	assert_int_equal(tl_terms_make(&leaves, &all, true, &terms, NULL), 0);
	assert_true(holds(terms, TL_MARK_SELF, 0));
	free(terms);
	me.numbers = &pid;
	assert_int_equal(tl_terms_make(&leaves, &me, false, &terms, NULL), 0);	/* named */
	assert_true(holds(terms, UINT64_MAX, 0));
	free(terms);
}

static void follows_what_it_selects(void **state)
{
	struct tl_selector follow = { .kind = TL_SELECT_FOLLOW, .n = 1, .parts = &is_sh };
	struct tl_terms *terms = must_make(&follow);
	uint64_t mark = 0;

	(void)state;
	for (size_t i = 0; i < terms->n; i++)
		mark |= terms->list[i].marks;
	assert_int_equal(__builtin_popcountll(mark), 1);
	assert_true(holds(terms, mark, 0) && holds(terms, 0, bit_of(&is_sh)) && !holds(terms, 0, 0));
	assert_true(holds(leaves.marks[__builtin_ctzll(mark)].of, 0, bit_of(&is_sh)));
	assert_int_equal(tl_terms_kinds(&leaves, terms), 1u << TL_SELECT_FOLLOW | 1u << TL_SELECT_COMM);
	free(terms);
}

static void forgets_what_nobody_names(void **state)
{
	struct tl_selector follow = { .kind = TL_SELECT_FOLLOW, .n = 1, .parts = &is_sh };
	const struct tl_terms *terms = must_make(&follow);

	(void)state;
	free(must_make(&pid1));
	tl_leaves_sweep(&leaves, &terms, 1);
	for (int i = 0; i < TL_MARKS_MAX; i++)
		assert_int_equal(leaves.marks[i].used, leaves.marks[i].of != NULL);
	assert_true(leaves.traits[0].used && leaves.traits[0].kind == TL_SELECT_COMM);	/* it is followed */
	free((void *)(uintptr_t)terms);
}

static const struct {
	struct tl_selector selector;
	int code;
	const char *message;
} refused[] = {
	{ { .kind = TL_SELECTORS }, -EINVAL, "target: no such kind of selector: 18" },
	{ { .kind = TL_SELECT_UID }, -EINVAL, "uid: an empty list names no process" },
	{ { .kind = TL_SELECT_COMM, .n = 1, .texts = (const char *const[]){ "a[b" } }, -EINVAL,
	  "comm 'a[b': the [ is not closed" },
	{ { .kind = TL_SELECT_COMM, .n = 1, .texts = (const char *const[]){ "" } }, -EINVAL, "comm '': empty" },
};

static void refuses_nonsense(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		struct tl_terms *terms;
		struct tl_error err;

		assert_int_equal(tl_terms_make(&leaves, &refused[i].selector, false, &terms, &err), refused[i].code);
		assert_string_equal(err.message, refused[i].message);
		assert_null(terms);
	}
}

static void refuses_the_65th_selector(void **state)
{
	struct tl_terms *terms;
	struct tl_error err;
	uint64_t number = 0;
	struct tl_selector uid = { .kind = TL_SELECT_UID, .n = 1, .numbers = &number };

	(void)state;
	for (; number < TL_TRAITS_MAX; number++)
		free(must_make(&uid));
	assert_int_equal(tl_terms_make(&leaves, &uid, false, &terms, &err), -ENOSPC);
	assert_string_equal(err.message, "target: more than 64 different selectors in all subscriptions");
}

static void tells_what_a_leaf_is(void **state)
{
	char text[64];

	(void)state;
	bit_of(&is_sh);
	bit_of(&pid1);
	tl_leaf_text(&leaves.traits[0], text, sizeof(text));
	assert_string_equal(text, "comm sh");
	tl_leaf_text(&leaves.marks[0], text, sizeof(text));
	assert_string_equal(text, "pid 1");
	assert_int_equal(tl_leaf_text(&leaves.marks[0], text, 4), 5);
	assert_string_equal(text, "pid");
}

#define TEST(name) cmocka_unit_test_teardown(name, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(equal_ones_share_a_bit), TEST(means_what_it_says), TEST(leaves_the_tracer_out),
		TEST(follows_what_it_selects), TEST(forgets_what_nobody_names), TEST(refuses_nonsense),
		TEST(refuses_the_65th_selector), TEST(tells_what_a_leaf_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
