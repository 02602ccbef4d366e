/* SPDX-License-Identifier: MIT */
/* test_meaning.c: tests core/catalogue/meaning.c, most of it on a table of its own. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue/meaning.h"
#include "traceleft.h"

#define N(array) (sizeof(array) / sizeof(*(array)))

static const struct tl_constant flag_names[] = {
	{ "RDONLY", 0 }, { "WRONLY", 1 }, { "RDWR", 2 },
	{ "TMPFILE", 0x410000 }, { "SYNC", 0x101000 },
	{ "CREAT", 0x40 }, { "DSYNC", 0x1000 }, { "DIRECTORY", 0x10000 }, { "TOP", 0x80000000 },
};
static const struct tl_domain masked = { "masked", true, 3, flag_names, N(flag_names), NULL, NULL };
static const struct tl_constant plain_names[] = { { "A", 1 }, { "B", 2 } };
static const struct tl_domain plain = { "plain", true, 0, plain_names, N(plain_names), NULL, NULL };
static const struct tl_constant zero_names[] = { { "NONE", 0 }, { "READ", 1 } };
static const struct tl_domain zeroed = { "zeroed", true, 0, zero_names, N(zero_names), NULL, NULL };
static const struct tl_constant enum_names[] = {
	{ "FIRST", 0 }, { "MINUS", (uint64_t)-2 }, { "NINE", 9 },
};
static const struct tl_domain list = { "list", false, 0, enum_names, N(enum_names), NULL, NULL };

static const struct {
	const struct tl_domain *domain;
	uint64_t number;
	const char *text;
} domains[] = {
	{ &masked, 0, "RDONLY" },
	{ &masked, 2, "RDWR" },
	{ &masked, 0x42, "RDWR|CREAT" },
	{ &masked, 3, "0x3" },
	{ &masked, 0x43, "CREAT|0x3" },
	{ &masked, 0x410000, "RDONLY|TMPFILE" },
	{ &masked, 0x10000, "RDONLY|DIRECTORY" },
	{ &masked, 0x101001, "WRONLY|SYNC" },
	{ &masked, 0x1001, "WRONLY|DSYNC" },
	{ &masked, 0x20000002, "RDWR|0x20000000" },
	{ &masked, 0x80000000, "RDONLY|TOP" },
	{ &masked, 0xffffffff80000000, "RDONLY|TOP" },
	{ &masked, 0x100000000, "RDONLY|0x100000000" },
	{ &plain, 0, "0" },
	{ &plain, 3, "A|B" },
	{ &plain, 8, "0x8" },
	{ &zeroed, 0, "NONE" },
	{ &zeroed, 1, "READ" },
	{ &list, 0, "FIRST" },
	{ &list, 9, "NINE" },
	{ &list, 0xfffffffe, "MINUS" },
	{ &list, (uint64_t)-2, "MINUS" },
	{ &list, 5, "" },
};

static void names_flags_and_enums(void **state)
{
	char text[128];

	(void)state;
	for (size_t i = 0; i < N(domains); i++) {
		text[0] = '\0';
		assert_int_equal(tl_domain_text(domains[i].domain, domains[i].number, text,
						sizeof(text)), strlen(domains[i].text));
		assert_string_equal(text, domains[i].text);
	}
}

static const struct {
	const char *meaning;
	uint64_t number;
	const char *text;
} meanings[] = {
	{ "", 7, "" },
	{ "duration", 7, "" },
	{ "flags:open", 0102, "O_RDWR|O_CREAT" },
	{ "flags:no such domain", 1, "" },
	{ "enum:signal", 9, "SIGKILL" },
	{ "enum:family", 2, "AF_INET" },
	{ "enum:open", 1, "" },
	{ "mode", 0644, "0644" },
	{ "mode", 04755, "04755" },
	{ "mode", 07, "007" },
	{ "mode", 0, "000" },
	{ "mode", 0100755, "S_IFREG|0755" },
	{ "mode", 0106000, "S_IFREG|S_ISUID|S_ISGID|000" },
	{ "mode", 0041777, "S_IFDIR|S_ISVTX|0777" },
	{ "mode", 0120777, "S_IFLNK|0777" },
	{ "mode", 0020620, "S_IFCHR|0620" },
	{ "mode", 0060660, "S_IFBLK|0660" },
	{ "mode", 0010007, "S_IFIFO|007" },
	{ "mode", 0140644, "S_IFSOCK|0644" },
	{ "mode", 0160644, "0160644" },		/* no type at all */
	{ "mode", 0100644 | 1ULL << 32, "040000100644" },	/* openat2 takes 64 bits */
	{ "fd", 3, "" },
	{ "dirfd", (uint64_t)-100, "AT_FDCWD" },
	{ "dirfd", (uint32_t)-100, "AT_FDCWD" },
	{ "fd", (uint64_t)-100, "AT_FDCWD" },
	{ "dirfd", (uint64_t)-1, "" },
	{ "dev", 8 << 20 | 1, "8:1" },
	{ "dev", 259ULL << 20 | 0xfffff, "259:1048575" },
	{ "ptr", 0, "NULL" },
	{ "ptr", 0x7fff12345678, "0x7fff12345678" },
	{ "ptr", UINT64_MAX, "0xffffffffffffffff" },
	{ "hex", 0, "0" },
	{ "hex", 0xabc, "0xabc" },
	{ "timespec", 0, "{tv_sec=0, tv_nsec=0}" },
	{ "timespec", 1000000001, "{tv_sec=1, tv_nsec=1}" },
	{ "timespec", (uint64_t)-1, "{tv_sec=-1, tv_nsec=999999999}" },
	{ "timespec", (uint64_t)-1000000000, "{tv_sec=-1, tv_nsec=0}" },
	{ "timespec", INT64_MIN, "{tv_sec=-9223372037, tv_nsec=145224192}" },
	{ "timeval", 2500000999, "{tv_sec=2, tv_usec=500000}" },
	{ "timeval", (uint64_t)-1000, "{tv_sec=-1, tv_usec=999999}" },
	{ "enum:signal", 31, "SIGSYS" },
	{ "enum:signal", 32, "SIGRTMIN" },
	{ "enum:signal", 34, "SIGRT_2" },
	{ "enum:signal", 64, "SIGRT_32" },
	{ "enum:signal", 65, "" },
	{ "enum:signal", 0, "" },
	{ "sigset", 0, "[]" },
	{ "sigset", 1 << 1 | 1 << 14, "[INT TERM]" },
	{ "sigset", 3ULL << 30 | 1ULL << 32 | 1ULL << 63, "[SYS RTMIN RT_1 RT_32]" },
	{ "sigset", UINT64_MAX, "~[]" },
	{ "sigset", ~(1ULL << 8 | 1ULL << 18), "~[KILL STOP]" },
	{ "sigset", ~0ULL << 22, "~[HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT "
				 "CHLD CONT STOP TSTP TTIN TTOU]" },
	{ "sigset", ~0ULL << 23, "[XCPU XFSZ VTALRM PROF WINCH IO PWR SYS RTMIN RT_1 RT_2 RT_3 RT_4 RT_5 RT_6 RT_7 RT_8 RT_9 RT_10 RT_11 RT_12 RT_13 RT_14 RT_15 RT_16"
				 " RT_17 RT_18 RT_19 RT_20 RT_21 RT_22 RT_23 RT_24 RT_25 RT_26 RT_27 RT_28 RT_29 RT_30 RT_31 RT_32]" },	/* 41: strace lists them up to here */
	{ "sigset", ~0ULL << 55, "[RT_24 RT_25 RT_26 RT_27 RT_28 RT_29 RT_30 RT_31 RT_32]" },
	{ "wait_status", 0, "WIFEXITED(s) && WEXITSTATUS(s) == 0" },
	{ "wait_status", 0xff00, "WIFEXITED(s) && WEXITSTATUS(s) == 255" },
	{ "wait_status", 9, "WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL" },
	{ "wait_status", 0x8b, "WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV && WCOREDUMP(s)" },
	{ "wait_status", 34, "WIFSIGNALED(s) && WTERMSIG(s) == SIGRT_2" },
	{ "wait_status", 0x137f, "WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP" },
	{ "wait_status", 0x857f, "WIFSTOPPED(s) && WSTOPSIG(s) == 133" },	/* SIGTRAP | 0x80 of ptrace */
	{ "wait_status", 0xffff, "WIFCONTINUED(s)" },
	{ "fdset", 7, "" },
	{ "error", (uint64_t)-2, "ENOENT" },
	{ "error", (uint32_t)-2, "ENOENT" },
	{ "error", 111, "ECONNREFUSED" },
	{ "error", 0, "" },
	{ "error", 5000, "" },
	{ "error", INT64_MIN, "" },
};

static void tells_what_numbers_mean(void **state)
{
	char text[512];

	(void)state;
	for (size_t i = 0; i < N(meanings); i++) {
		int n;

		memset(text, 'x', sizeof(text));
		n = tl_meaning_text(meanings[i].meaning, meanings[i].number, text, sizeof(text));
		assert_string_equal(text, meanings[i].text);
		assert_int_equal(n, strlen(text));
	}
}

/* The longest is told in full, or cut with its length told, into whatever room there is. */
static void writes_no_further_than_the_room(void **state)
{
	static const char *const wordy[] = { "sigset", "wait_status", "mode", "timespec", "flags:open", "ptr", "dev" };
	const uint64_t number = 0x2aaaaaaaaaaa018bULL;
	char whole[1024];

	(void)state;
	for (size_t i = 0; i < N(wordy); i++) {
		int len = tl_meaning_text(wordy[i], number, whole, sizeof(whole));

		assert_in_range(len, 1, sizeof(whole) - 1);
		for (size_t size = 0; size <= (size_t)len + 1; size++) {
			char *room = malloc(size);	/* of that very size, for the sanitizer's sake */

			assert_int_equal(tl_meaning_text(wordy[i], number, room, size), len);
			if (size)
				assert_memory_equal(room, whole, size - 1);
			free(room);
		}
	}
}

static void counts_like_snprintf(void **state)
{
	char text[6];

	(void)state;
	assert_int_equal(tl_domain_text(&masked, 0x42, text, sizeof(text)), 10);
	assert_string_equal(text, "RDWR|");
	assert_int_equal(tl_domain_text(&masked, 0x2000042, NULL, 0), 20);
	assert_int_equal(tl_domain_text(&list, 9, NULL, 0), 4);
	assert_int_equal(tl_meaning_text("mode", 0644, NULL, 0), 4);
	assert_int_equal(tl_meaning_text("", 1, NULL, 0), 0);
}

static void names_errnos(void **state)
{
	(void)state;
	assert_string_equal(tl_errno_name(ENOENT), "ENOENT");
	assert_string_equal(tl_errno_name(EAGAIN), "EAGAIN");
	assert_string_equal(tl_errno_name(512), "ERESTARTSYS");
	assert_string_equal(tl_errno_name(516), "ERESTART_RESTARTBLOCK");
	assert_string_equal(tl_errno_name(524), "ENOTSUPP");
	assert_null(tl_errno_name(0));
	assert_null(tl_errno_name(-2));
	assert_null(tl_errno_name(4000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_flags_and_enums),
		cmocka_unit_test(tells_what_numbers_mean),
		cmocka_unit_test(writes_no_further_than_the_room),
		cmocka_unit_test(counts_like_snprintf),
		cmocka_unit_test(names_errnos),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
