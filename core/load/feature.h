/* SPDX-License-Identifier: MIT */
/* What this kernel has of the things that it need not have. Found out by trying, never by version. */
#ifndef TL_FEATURE_H
#define TL_FEATURE_H

#include "traceleft.h"

bool tl_has_btf(void);
bool tl_has_ring_buffer(void);
bool tl_has_task_storage(void);

#endif
