/* SPDX-License-Identifier: MIT */
/*
 * What libbpf and the verifier say, for the message of an error. libbpf's print hook is one for the
 * whole process: it is set for the time of a call and put back; the texts are kept per thread. Nests.
 */
#ifndef TL_LIBBPF_LOG_H
#define TL_LIBBPF_LOG_H

#include <stddef.h>

#define TL_LOG_VERIFIER	(1 << 18)	/* bytes; the end of the verifier's log is what matters */

void tl_log_begin(void);
void tl_log_end(void);

/* Forgets what was said: what comes is another try. */
void tl_log_restart(void);

/* The buffer for the verifier's log, TL_LOG_VERIFIER bytes. */
char *tl_log_verifier(void);

/* The line that best says why: the verifier's last words, or libbpf's first. Valid until the next begin. */
const char *tl_log_reason(void);

#endif
