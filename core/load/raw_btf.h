/* SPDX-License-Identifier: MIT */
/* Types in the binary form of compilers and kernels (BTF), walked over without parsing them all as libbpf does. */
#ifndef TL_RAW_BTF_H
#define TL_RAW_BTF_H

#include <linux/btf.h>
#include <stddef.h>
#include <stdint.h>

struct tl_btf {
	const char *types, *strings;
	size_t types_size, strings_size;
	uint32_t *offsets;		/* of a type among the types, by its number; there is no type 0 */
	uint32_t n;			/* numbers below it are types */
};

/* A view of data, which must outlive it. -EBADMSG: that is not BTF, or cut short. */
int tl_btf_view(struct tl_btf *btf, const void *data, size_t size);

/* For tl_btf_type(): one walk over all. To be closed; closing twice is harmless. */
int tl_btf_index(struct tl_btf *btf);
void tl_btf_close(struct tl_btf *btf);

/* The type of that number, with all that belongs to it, or NULL. */
const struct btf_type *tl_btf_type(const struct tl_btf *btf, uint32_t number);

/* The type at that offset, or NULL at the end, and where one is cut short; `next`: where the one after it is. */
const struct btf_type *tl_btf_at(const struct tl_btf *btf, size_t offset, size_t *next);

/* The string at that offset, or "". */
const char *tl_btf_string(const struct tl_btf *btf, uint32_t offset);

#endif
