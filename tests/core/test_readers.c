/* SPDX-License-Identifier: MIT */
/* test_readers.c: tests core/target/readers.c, on pipes between processes of its own. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <signal.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "target/readers.h"

static int kept = -1;		/* the standard output of the tests */
static int children[3];
static size_t n_children;

/* A process that waits with these as standard input and output, or -1: /dev/null, and `other` as descriptor 9. */
static int start(int in, int out, int other)
{
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC), ready[2];
	char byte;
	int pid;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	pid = fork();
	if (!pid) {
		dup2(in < 0 ? nothing : in, 0);
		dup2(out < 0 ? nothing : out, 1);
		if (other >= 0)
			dup2(other, 9);
		for (int fd = 3; fd < 64; fd++)
			if (fd != 9 && fd != ready[1])
				close(fd);
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	close(nothing);
	children[n_children++] = pid;
	return pid;
}

static void find_with_output(struct tl_readers *readers, int fd)
{
	kept = fcntl(1, F_DUPFD_CLOEXEC, 20);
	dup2(fd, 1);
	tl_readers_find(readers);
	dup2(kept, 1);
	close(kept);
}

static int end_children(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_children; i++) {
		kill(children[i], SIGKILL);
		waitpid(children[i], NULL, 0);
	}
	n_children = 0;
	return 0;
}

static uint64_t inode_of(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	return st.st_ino;
}

static void a_file_has_no_readers(void **state)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct tl_readers readers;

	(void)state;
	find_with_output(&readers, fd);
	assert_int_equal(readers.n_pipes, 0);
	assert_false(tl_readers_have(&readers, getppid()));
	close(fd);
}

static void by_standard_input_and_on_and_on(void **state)
{
	struct tl_readers readers;
	int ours[2], next[2], other[2], first, second, stranger;

	(void)state;
	assert_int_equal(pipe2(ours, O_CLOEXEC) || pipe2(next, O_CLOEXEC) || pipe2(other, O_CLOEXEC), 0);
	first = start(ours[0], next[1], -1);
	second = start(next[0], -1, -1);
	stranger = start(other[0], other[1], -1);
	find_with_output(&readers, ours[1]);
	assert_int_equal(readers.n_pipes, 2);
	assert_int_equal(readers.pipes[0].inode, inode_of(ours[0]));
	assert_int_equal(readers.pipes[1].inode, inode_of(next[0]));
	assert_int_equal(readers.n_pids, 0);
	assert_true(tl_readers_have(&readers, first));
	assert_true(tl_readers_have(&readers, second));
	assert_false(tl_readers_have(&readers, stranger));
	for (int i = 0; i < 2; i++)
		close(ours[i]), close(next[i]), close(other[i]);
}

static void by_another_descriptor(void **state)
{
	struct tl_readers readers;
	int ours[2], reader, writer;

	(void)state;
	assert_int_equal(pipe2(ours, O_CLOEXEC), 0);
	reader = start(-1, -1, ours[0]);
	writer = start(-1, -1, ours[1]);
	find_with_output(&readers, ours[1]);
	assert_int_equal(readers.n_pids, 1);
	assert_int_equal(readers.pids[0], reader);
	assert_true(tl_readers_have(&readers, reader));
	assert_false(tl_readers_have(&readers, writer));
	close(ours[0]);
	close(ours[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_has_no_readers),
		cmocka_unit_test_teardown(by_standard_input_and_on_and_on, end_children),
		cmocka_unit_test_teardown(by_another_descriptor, end_children),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
