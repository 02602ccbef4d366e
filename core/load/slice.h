/* SPDX-License-Identifier: MIT */
/* A battery file with some of its programs, for libbpf: it takes its time for each program of a file, wanted or not. */
#ifndef TL_SLICE_H
#define TL_SLICE_H

#include "load/image.h"

struct tl_slice {
	void *data;
	size_t size;
};

/* The file with those programs of `names` that it has, and with what they call. */
int tl_slice_open(struct tl_slice *slice, const struct tl_image *image, const char *const *names, size_t n);
void tl_slice_close(struct tl_slice *slice);

#endif
