/* SPDX-License-Identifier: MIT */
/* nearest.c: Damerau-Levenshtein distance (with swaps of neighbours) over a list of names. */
#include "common/nearest.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#define WORD_MAX 64	/* longer words have no neighbours */

static bool same(char a, char b)
{
	if (a >= 'A' && a <= 'Z')
		a = (char)(a - 'A' + 'a');
	if (b >= 'A' && b <= 'Z')
		b = (char)(b - 'A' + 'a');
	return a == b;
}

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* One row of the table: rows[i] from rows[i - 1] and rows[i - 2], each taken modulo 3. */
static void distance_row(unsigned int rows[3][WORD_MAX + 1], const char *a, const char *b, size_t n,
			 size_t i)
{
	unsigned int *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];

	row[0] = (unsigned int)i;
	for (size_t j = 1; j <= n; j++) {
		bool equal = same(a[i - 1], b[j - 1]);

		row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + !equal);
		if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
			row[j] = least(row[j], two_above[j - 2] + 1);
	}
}

static unsigned int distance(const char *a, const char *b)
{
	unsigned int rows[3][WORD_MAX + 1] = { 0 };
	size_t m = strlen(a), n = strlen(b);

	if (m > WORD_MAX || n > WORD_MAX)
		return UINT_MAX;
	for (size_t j = 0; j <= n; j++)
		rows[0][j] = (unsigned int)j;
	for (size_t i = 1; i <= m; i++)
		distance_row(rows, a, b, n, i);
	return rows[m % 3][n];
}

/* A whole name is preferred to an equally near end of one, hence the doubled distance. */
static unsigned int rank(const char *word, const char *name, unsigned int near)
{
	const char *dot = strchr(name, '.');
	unsigned int whole = distance(word, name);
	unsigned int part = dot ? distance(word, dot + 1) : UINT_MAX;

	whole = whole <= near ? 2 * whole : UINT_MAX;
	part = part <= near ? 2 * part + 1 : UINT_MAX;
	return least(whole, part);
}

const char *tl_nearest(const char *word, const char *const *names, size_t n)
{
	size_t len = strlen(word);
	unsigned int near = len < 6 ? 1 : (unsigned int)(len / 3);
	unsigned int best_rank = UINT_MAX;
	const char *best = NULL;

	if (len == 0 || len > WORD_MAX)
		return NULL;
	if (len == 1)
		near = 0;	/* one letter, replaced, is another word */
	for (size_t i = 0; i < n; i++) {
		unsigned int r = rank(word, names[i], near);

		if (r < best_rank) {
			best_rank = r;
			best = names[i];
		}
	}
	return best;
}
