/* SPDX-License-Identifier: MIT */
/*
 * readers.h: who reads what this program writes into a pipe. Traced, they would have an event for each event that they
 * are told.
 */
#ifndef TL_READERS_H
#define TL_READERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TL_READERS_PIPES 8
#define TL_READERS_PIDS 16

struct tl_readers {
	/* Our pipe, and those that its readers write into. Whoever has one of them as standard input is a reader. */
	struct {
		uint64_t inode;
		uint32_t dev;	/* as the kernel has it */
	} pipes[TL_READERS_PIPES];
	size_t n_pipes;		/* 0: what we write goes elsewhere */
	uint32_t pids[TL_READERS_PIDS];	/* who reads ours by another descriptor */
	size_t n_pids;
};

/* Those of the standard output, as they are now. */
void tl_readers_find(struct tl_readers *readers);

/* Whether that process is one of them, now. */
bool tl_readers_have(const struct tl_readers *readers, int pid);

#endif
