/* SPDX-License-Identifier: MIT */
/* identity.h: who processes are, kept by the kernel side while somebody asks: see bpf/identity.bpf.c. */
#ifndef TL_IDENTITY_H
#define TL_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>

struct tl_session;
struct tl_error;

/* The i-th program that is needed; NULL at the end. attach: or only load. They come before those of events. */
const char *tl_identity_program(size_t i, bool *attach);

/*
 * Whether somebody asks for it comes into force. The hooks are attached by then, and no event that has it is wanted
 * yet: a walk makes known who is there already.
 */
int tl_identity_settle(struct tl_session *session, bool wanted, struct tl_error *err);

#endif
