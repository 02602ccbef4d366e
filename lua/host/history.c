/* SPDX-License-Identifier: MIT */
/*
 * history.c: the lines of this session and of earlier ones, in a file that nobody else reads. Each line is added to its
 * end at once, so that sessions beside each other lose nothing; a file that grew long is cut at the start of a session.
 */
#include <errno.h>
#include <fcntl.h>
#include <histedit.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host.h"

#define KEPT		2000	/* lines */
#define LONG		(1 << 20)	/* bytes of a file that is worth cutting */

struct tl_history {
	History *history;
	char path[PATH_MAX];	/* "": none */
};

/* Makes the folders that the path names. */
static void make_folders(const char *path)
{
	char folder[PATH_MAX];

	for (const char *end = strchr(path + 1, '/'); end; end = strchr(end + 1, '/')) {
		snprintf(folder, sizeof(folder), "%.*s", (int)(end - path), path);
		if (mkdir(folder, 0700) && errno != EEXIST)
			return;
	}
}

/* The file, opened so that no link leads elsewhere; NULL if that cannot be. */
static FILE *open_file(const struct tl_history *h, int flags, const char *mode)
{
	int fd = *h->path ? open(h->path, flags | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
	FILE *file = fd < 0 ? NULL : fdopen(fd, mode);

	if (!file && fd >= 0)
		close(fd);
	return file;
}

static void load(struct tl_history *h)
{
	struct stat st;
	HistEvent ev;
	FILE *file;

	history(h->history, &ev, H_LOAD, h->path);
	if (stat(h->path, &st) || st.st_size <= LONG)
		return;
	file = open_file(h, O_WRONLY | O_TRUNC, "w");
	if (!file)
		return;
	history(h->history, &ev, H_SAVE_FP, file);
	fclose(file);
}

struct tl_history *tl_history_open(const char *path)
{
	struct tl_history *h = calloc(1, sizeof(*h));
	HistEvent ev;

	if (!h)
		return NULL;
	h->history = history_init();
	if (!h->history) {
		free(h);
		return NULL;
	}
	history(h->history, &ev, H_SETSIZE, KEPT);
	history(h->history, &ev, H_SETUNIQUE, 1);
	if (path && strlen(path) < sizeof(h->path)) {
		strcpy(h->path, path);
		make_folders(path);
		load(h);
	}
	return h;
}

void *tl_history_of(struct tl_history *h)
{
	return h->history;
}

void tl_history_add(struct tl_history *h, const char *text)
{
	HistEvent ev;
	FILE *file;

	if (history(h->history, &ev, H_ENTER, text) <= 0)
		return;			/* the same as before */
	file = open_file(h, O_WRONLY | O_CREAT | O_APPEND, "a");
	if (!file)
		return;
	fseek(file, 0, SEEK_END);	/* a file with something in it has its head line */
	history(h->history, &ev, H_NSAVE_FP, (size_t)0, file);	/* from the newest on */
	fclose(file);
}

void tl_history_close(struct tl_history *h)
{
	if (!h)
		return;
	history_end(h->history);
	free(h);
}
