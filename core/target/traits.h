/* SPDX-License-Identifier: MIT */
/* traits.h: the values by which the kernel side knows traits: users, files, names, cgroups. */
#ifndef TL_TRAITS_H
#define TL_TRAITS_H

#include "tl_abi.h"
#include "traceleft.h"

struct tl_session;
struct tl_traits;

/*
 * Adds what gives these traits to what is there, and writes the globs beside those that hold. When the
 * rules hold, `settled` takes away what gave others. It frees the traits.
 */
int tl_traits_write(struct tl_session *session, uint64_t used, struct tl_traits **traits, struct tl_error *err);
void tl_traits_settled(struct tl_session *session, struct tl_traits *traits);

#endif
