/* SPDX-License-Identifier: MIT */
/* settle.h: events with several ways in, settled on the one that this kernel allows. */
#ifndef TL_SETTLE_H
#define TL_SETTLE_H

#include "load/battery.h"

/*
 * An event that names its hook is attached there, or where there is no such hook comes from the ends of its system
 * calls. What is not taken is forgotten. -ENOTSUP: neither is possible.
 */
int tl_batteries_settle(struct tl_batteries *batteries, size_t event, struct tl_error *err);

#endif
