// SPDX-License-Identifier: MIT
/*
 * Meeting points. A process that is there before the tracer runs `wait GO DONE COMMAND…`; the tracer's
 * -c command `gate GO DONE` lets it go once all is attached, and ends when it has ended.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "workload.h"

static int open_or_die(const char *path, int flags)
{
	int fd = open(path, flags);

	if (fd < 0)
		die(path);
	return fd;
}

/* Who waits for others ends by itself when they have failed to come. */
static void give_up_late(void)
{
	alarm(600);
}

/* DONE stays open for writing until this process and all its children have ended. */
static int run_wait(int argc, char **argv)
{
	char line[16];
	int go;

	if (argc < 4)
		return 2;
	give_up_late();
	open_or_die(argv[2], O_RDWR);
	go = open_or_die(argv[1], O_RDWR | O_CLOEXEC);	/* so that it is the read that waits */
	if (read(go, line, sizeof(line)) <= 0)
		die("read");
	alarm(0);
	return run_command(argc - 3, argv + 3);
}

/* gate (GO DONE)…: lets all of them go, then waits until all are done. */
static int run_gate(int argc, char **argv)
{
	char byte;

	give_up_late();
	for (int i = 1; i + 1 < argc; i += 2) {
		int go = open_or_die(argv[i], O_WRONLY | O_CLOEXEC);

		if (write(go, "go\n", 3) != 3)
			die("write");
		close(go);
	}
	for (int i = 2; i < argc; i += 2) {
		int done = open_or_die(argv[i], O_RDONLY | O_NONBLOCK | O_CLOEXEC);

		fcntl(done, F_SETFL, 0);
		while (read(done, &byte, 1) > 0)
			;
		close(done);
	}
	return 0;
}

/* type FIFO TEXT: one byte per write, a newline at last; then the end of the file. */
static int run_type(int argc, char **argv)
{
	int fd;

	give_up_late();
	fd = open_or_die(argc > 2 ? argv[1] : "", O_WRONLY | O_CLOEXEC);

	for (const char *c = argv[2]; *c; c++)
		if (write(fd, c, 1) != 1)
			die("write");
	if (write(fd, "\n", 1) != 1)
		die("write");
	return 0;
}

/* hang: prints its pid and waits for SIGUSR1. */
static int run_hang(int argc, char **argv)
{
	sigset_t set;
	int number;

	(void)argc, (void)argv;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	printf("pid %d\n", getpid());
	fflush(stdout);
	give_up_late();
	sigwait(&set, &number);
	return 0;
}

/* as-nobody PATH ARG…: a program without any privileges. Opened before, since only root may see its folder. */
static int run_as_nobody(int argc, char **argv)
{
	int fd = argc < 2 ? -1 : open(argv[1], O_PATH | O_CLOEXEC);

	if (fd < 0 || setgroups(0, NULL) || setgid(65534) || setuid(65534))
		die("as-nobody");
	fexecve(fd, argv + 1, environ);
	die(argv[1]);
}

/* in-front COMMAND…: COMMAND as a terminal would start it; a shell lets what runs behind it ignore Ctrl-C. */
static int run_in_front(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	signal(SIGINT, SIG_DFL);
	execvp(argv[1], argv + 1);
	die(argv[1]);
}

const struct command gate_commands[] = {
	{ "wait", "GO DONE COMMAND…", run_wait },
	{ "gate", "[GO DONE]…", run_gate },
	{ "type", "FIFO TEXT", run_type },
	{ "hang", "", run_hang },
	{ "in-front", "COMMAND…", run_in_front },
	{ "as-nobody", "COMMAND…", run_as_nobody },
	{ 0 },
};
