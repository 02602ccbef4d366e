// SPDX-License-Identifier: MIT
#include "load/libbpf_log.h"

#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static _Thread_local struct {
	libbpf_print_fn_t previous;
	unsigned int depth;
	size_t used;
	char said[4096];
	char reason[512];
	char verifier[TL_LOG_VERIFIER];
} log_state;

static int keep(enum libbpf_print_level level, const char *fmt, va_list args)
{
	size_t room = sizeof(log_state.said) - log_state.used;
	int n;

	if (level != LIBBPF_WARN || room < 2)
		return 0;
	n = vsnprintf(log_state.said + log_state.used, room, fmt, args);
	if (n > 0)
		log_state.used += (size_t)n < room ? (size_t)n : room - 1;
	return n;
}

void tl_log_restart(void)
{
	log_state.used = 0;
	log_state.said[0] = '\0';
	log_state.verifier[0] = '\0';
}

void tl_log_begin(void)
{
	tl_log_restart();
	if (!log_state.depth++)
		log_state.previous = libbpf_set_print(keep);
}

void tl_log_end(void)
{
	if (!--log_state.depth)
		libbpf_set_print(log_state.previous);
}

char *tl_log_verifier(void)
{
	return log_state.verifier;
}

/* Copies one line without libbpf's own prefix. */
static const char *line_at(const char *at)
{
	size_t len = strcspn(at, "\n");

	if (!strncmp(at, "libbpf: ", 8)) {
		at += 8;
		len -= 8;
	}
	snprintf(log_state.reason, sizeof(log_state.reason), "%.*s", (int)len, at);
	return log_state.reason;
}

/* The last line of the verifier's log that is not its statistics. */
static const char *last_words(const char *text)
{
	const char *best = NULL;

	for (const char *at = text; *at; at += strcspn(at, "\n") + 1) {
		if (*at != '\n' && strncmp(at, "processed ", 10) && strncmp(at, "verification time", 17) &&
		    strncmp(at, "stack depth", 11))
			best = at;
		if (!at[strcspn(at, "\n")])
			break;
	}
	return best;
}

const char *tl_log_reason(void)
{
	const char *words = last_words(log_state.verifier);

	if (words)
		return line_at(words);
	return log_state.said[0] ? line_at(log_state.said) : "no reason given";
}
