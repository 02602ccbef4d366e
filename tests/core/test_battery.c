/* SPDX-License-Identifier: MIT */
/* test_battery.c: tests core/load/battery.c. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "load/battery.h"
#include "battery_file.h"
#include "tl_abi.h"

#define HEAD CATALOGUE_HEAD

extern const size_t tl_builtin_battery_size __attribute__((weak));

static const struct battery_file own = {
	.catalogue = HEAD "event\town.a\t96\t\t\nevent\town.b\t96\t\t\nend\t2\n", .programs = { "own_program" }, .maps = { "m" } };
static const struct battery_file more = {
	.catalogue = HEAD "event\tmore.a\t96\t\t\nend\t1\n", .programs = { "more_program" }, .maps = { "m" } };
static const struct battery_file again = { .catalogue = HEAD "event\town.b\t96\t\t\nend\t1\n" };
static const struct battery_file damaged = { .catalogue = HEAD "event\tbad.a\t96\t\t\n" };
static const struct battery_file foreign = { .catalogue = "traceleft\tABI\t5\triscv64\nend\t0\n" };
static const struct battery_file old = { .catalogue = CATALOGUE_ABI(0) "end\t0\n" };

static char folder[64], paths[8][128];
static int n_paths;
static struct tl_batteries batteries;
static struct tl_error err;

static int set_up(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/tl-battery-XXXXXX");
	n_paths = 0;
	memset(&err, 0, sizeof(err));
	return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	while (n_paths)
		remove(paths[--n_paths]);
	return rmdir(folder);
}

static const char *put(const char *name, const struct battery_file *file)
{
	char *path = paths[n_paths++];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	if (file)
		write_battery(file, path);
	return path;
}

static int open_two(const char *first, const char *second)
{
	const char *const names[] = { first, second, NULL };

	return tl_batteries_open(&batteries, names, &err);
}

static void assert_refused(int ret, int code, const char *fmt, const char *name)
{
	char expected[256];

	snprintf(expected, sizeof(expected), fmt, name);
	assert_string_equal(err.message, expected);
	assert_int_equal(ret, code);
	assert_int_equal(err.code, code);
	assert_null(batteries.list);
	assert_int_equal(batteries.n + batteries.n_events, 0);
}

static void has_one_inside(void **state)
{
	(void)state;
	if (!&tl_builtin_battery_size)
		skip();
	assert_int_equal(tl_batteries_open(&batteries, NULL, &err), 0);
	assert_int_equal(batteries.n, 1);
	assert_true(batteries.n_events > 0);
	assert_string_equal(batteries.list[0].image.origin, "built-in battery");
	assert_ptr_equal(tl_batteries_program(&batteries, "tl_sys_exit"), &batteries.list[0]);
	for (size_t i = 0; i < batteries.n_events; i++)
		assert_int_equal(tl_batteries_entry(&batteries, i)->event.number, i);
	tl_batteries_close(&batteries);
	tl_batteries_close(&batteries);
}

static void numbers_the_events_of_all(void **state)
{
	(void)state;
	assert_int_equal(open_two(put("traceleft.bpf.o", &own), put("more.bpf.o", &more)), 0);
	assert_int_equal(batteries.n, 2);	/* the built-in one's place is taken */
	assert_int_equal(batteries.n_events, 3);
	assert_int_equal(batteries.list[1].first_event, 2);
	assert_string_equal(tl_batteries_entry(&batteries, 1)->event.name, "own.b");
	assert_string_equal(tl_batteries_entry(&batteries, 2)->event.name, "more.a");
	assert_int_equal(tl_batteries_entry(&batteries, 2)->event.number, 2);
	assert_null(tl_batteries_entry(&batteries, 3));
	assert_null(tl_batteries_entry(&batteries, SIZE_MAX));
	assert_ptr_equal(tl_batteries_program(&batteries, "more_program"), &batteries.list[1]);
	assert_null(tl_batteries_program(&batteries, "no_program"));
	tl_batteries_close(&batteries);
}

static void comes_beside_the_one_inside(void **state)
{
	(void)state;
	if (!&tl_builtin_battery_size)
		skip();
	assert_int_equal(open_two(put("own.bpf.o", &own), NULL), 0);
	assert_int_equal(batteries.n, 2);
	assert_string_equal(tl_batteries_entry(&batteries, 0)->event.name, "own.a");
	tl_batteries_close(&batteries);
}

static void reads_folders(void **state)
{
	(void)state;
	put("traceleft.bpf.o", &own);
	put("a.bpf.o", &more);
	put("b.o", &damaged);			/* no battery's name */
	put(".bpf.o", &damaged);
	assert_int_equal(open_two(folder, NULL), 0);
	assert_int_equal(batteries.n, 2);
	assert_string_equal(tl_batteries_entry(&batteries, 0)->event.name, "more.a");	/* by name */
	tl_batteries_close(&batteries);
}

static void refuses_folders_without_files(void **state)
{
	(void)state;
	assert_refused(open_two(folder, NULL), -ENOENT, "%s: no battery file (*.bpf.o) in this folder", folder);
}

static void refuses_missing_paths(void **state)
{
	const char *path = put("traceleft.bpf.o", &own), *missing = put("no", NULL);

	(void)state;
	assert_refused(open_two(path, missing), -ENOENT, "battery %s: No such file or directory", missing);
}

static void refuses_names_that_two_define(void **state)
{
	const char *path = put("traceleft.bpf.o", &own), *second = put("again.bpf.o", &again);

	(void)state;
	assert_refused(open_two(path, second), -EEXIST, "%s: event own.b is in another battery file too", second);
	assert_refused(open_two(path, path), -EEXIST, "%s: event own.a is in another battery file too", path);
}

static void refuses_bad_files(void **state)
{
	const char *path;

	(void)state;
	path = put("damaged.bpf.o", &damaged);
	assert_refused(open_two(path, NULL), -EBADMSG, "%s: catalogue cut short after 1 events", path);
	path = put("foreign.bpf.o", &foreign);
	assert_refused(open_two(path, NULL), -ENOEXEC,
		       "%s: made for riscv64, this program is for " TL_ARCH "; rebuild the battery", path);
	path = put("old.bpf.o", &old);
	assert_refused(open_two(path, NULL), -ENOEXEC,
		       "%s: made by another version of traceleft (ABI 0, this is 5)", path);
	assert_int_equal(open_two(folder, NULL), -EBADMSG);	/* one bad file in a folder is enough */
}

static void refuses_too_many_events(void **state)
{
	static char text[2][32768];
	struct battery_file files[2] = { { .catalogue = text[0] }, { .catalogue = text[1] } };
	const char *names[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		size_t n = (size_t)sprintf(text[i], HEAD);

		for (int k = 0; k < TL_EVENTS_MAX / 2 + i; k++)
			n += (size_t)sprintf(text[i] + n, "event\te%d.%d\t96\t\t\n", i, k);
		sprintf(text[i] + n, "end\t%d\n", TL_EVENTS_MAX / 2 + i);
		names[i] = put(i ? "many.bpf.o" : "traceleft.bpf.o", &files[i]);
	}
	assert_refused(open_two(names[0], names[1]), -ENOSPC, "%s: more than 1024 events in all", names[1]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(has_one_inside),
		TEST(numbers_the_events_of_all),
		TEST(comes_beside_the_one_inside),
		TEST(reads_folders),
		TEST(refuses_folders_without_files),
		TEST(refuses_missing_paths),
		TEST(refuses_names_that_two_define),
		TEST(refuses_bad_files),
		TEST(refuses_too_many_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
