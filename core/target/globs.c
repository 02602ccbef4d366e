// SPDX-License-Identifier: MIT
#include "target/globs.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "common/error.h"

static void set_bit(__u64 words[TL_GLOB_WORDS], unsigned int state)
{
	words[state / 64] |= TL_BIT(state % 64);
}

/* The end of the element at `at`: one byte, or a set in brackets, whose [ was checked to be closed. */
static const char *element_end(const char *at)
{
	if (*at++ != '[')
		return at;
	if (*at == '!' || *at == '^')
		at++;
	if (*at == ']')
		at++;
	for (; *at && *at != ']'; at++)
		if (at[0] == '[' && at[1] == ':' && strstr(at + 2, ":]"))
			at = strstr(at + 2, ":]") + 1;
	return *at ? at + 1 : at;
}

/* Which bytes the element takes: fnmatch knows all about sets. */
static void take_element(struct tl_globs *globs, const char *at, const char *end, unsigned int state)
{
	char element[TL_CGROUP_MAX] = { 0 }, text[2] = { 0 };

	memcpy(element, at, (size_t)(end - at));
	for (int byte = 1; byte < 256; byte++) {
		text[0] = (char)byte;
		if (*at == '?' || (*at != '[' ? text[0] == *at : !fnmatch(element, text, FNM_NOESCAPE)))
			set_bit(globs->takes[byte], state);
	}
}

static unsigned int count_states(const char *glob)
{
	unsigned int n = 1;

	for (const char *at = glob; *at; at = element_end(at))
		n += *at != '*';
	return n;
}

int tl_globs_add(struct tl_globs_maker *maker, const char *glob, bool part, uint64_t traits, struct tl_error *err)
{
	struct tl_globs *globs = maker->globs;
	unsigned int state = maker->n_states, n = count_states(glob);

	if (state + n > TL_GLOB_STATES || maker->n_ends == TL_GLOBS_MAX)
		return tl_fail(err, -ENOSPC, "'%s': no more room for it; all names of targets together may have %d "
			       "characters, and be %d", glob, TL_GLOB_STATES, TL_GLOBS_MAX);
	set_bit(globs->begins, state);
	for (unsigned int i = 0; part && i < n; i++)
		set_bit(globs->parts, state + i);
	for (const char *at = glob, *end; *at; at = end) {
		end = element_end(at);
		if (*at == '*')
			set_bit(globs->stays, state);
		else
			take_element(globs, at, end, state++);
	}
	set_bit(globs->ends[maker->n_ends].states, state);
	globs->ends[maker->n_ends++].traits = traits;
	maker->n_states += n;
	return 0;
}

static void step(const struct tl_globs *globs, uint64_t states[TL_GLOB_WORDS], unsigned char byte)
{
	uint64_t carry = 0;

	for (int i = 0; i < TL_GLOB_WORDS; i++) {
		uint64_t going = states[i] & globs->takes[byte][i];

		states[i] = going << 1 | carry | (states[i] & globs->stays[i]);
		carry = going >> 63;
		if (byte == '/')
			states[i] = (states[i] & ~globs->parts[i]) | (globs->begins[i] & globs->parts[i]);
	}
}

uint64_t tl_globs_match(const struct tl_globs *globs, const char *text)
{
	uint64_t states[TL_GLOB_WORDS], traits = 0;

	memcpy(states, globs->begins, sizeof(states));
	for (size_t i = 0; text[i] && i < TL_CGROUP_MAX - 1; i++)
		step(globs, states, (unsigned char)text[i]);
	for (int i = 0; i < TL_GLOBS_MAX; i++)
		for (int k = 0; k < TL_GLOB_WORDS; k++)
			if (states[k] & globs->ends[i].states[k])
				traits |= globs->ends[i].traits;
	return traits;
}
