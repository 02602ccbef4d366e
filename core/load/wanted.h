/* SPDX-License-Identifier: MIT */
/* What a battery file asks of the kernel's types: the names in its relocations (CO-RE) and of what it is attached to. */
#ifndef TL_WANTED_H
#define TL_WANTED_H

#include "load/image.h"

struct tl_name {
	char *text;			/* without what follows three underscores (___old) */
	bool needed;			/* a relocation does not only ask whether it is there */
};

struct tl_wanted {
	struct tl_name *names;		/* ascending, each once */
	size_t n;
	bool all;			/* it asks for more than names can say */
};

int tl_wanted_read(struct tl_wanted *wanted, const struct tl_image *image);
void tl_wanted_close(struct tl_wanted *wanted);

#endif
