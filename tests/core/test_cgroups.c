/* SPDX-License-Identifier: MIT */
/* test_cgroups.c: tests the walk of core/target/cgroups.c on folders that are no cgroups. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "target/cgroups.h"

static char root[] = "/tmp/tl-cgroups-XXXXXX";

static const char *const folders[] = { "/a", "/a/b", "/a/b/c.scope", "/d" };

static int set_up(void **state)
{
	(void)state;
	if (!mkdtemp(root))
		return -1;
	for (size_t i = 0; i < 4; i++) {
		char path[128];

		snprintf(path, sizeof(path), "%s%s", root, folders[i]);
		if (mkdir(path, 0700))
			return -1;
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	for (int i = 3; i >= 0; i--) {
		char path[128];

		snprintf(path, sizeof(path), "%s%s", root, folders[i]);
		rmdir(path);
	}
	return rmdir(root);
}

static char seen[512];

/* Passes the length of the path on, so that a child can hold its parent's against its own. */
static uint64_t on_cgroup(void *arg, const char *path, const char *name, uint64_t id, uint64_t from_parent)
{
	size_t len = strlen(path), own = strlen(name);
	struct stat st;
	char full[256];

	assert_ptr_equal(arg, seen);
	snprintf(full, sizeof(full), "%s%s", root, path);
	assert_int_equal(stat(full, &st), 0);
	assert_int_equal(id, st.st_ino);
	assert_int_equal(from_parent, !own ? 0 : len - own - 1 ? len - own - 1 : 1);
	snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen), "%s=%s ", path, name);
	return len;
}

static void walks_parents_first(void **state)
{
	struct tl_cgroups cgroups = { 0 };
	char path[64];

	(void)state;
	snprintf(cgroups.mount, sizeof(cgroups.mount), "%s", root);
	assert_int_equal(tl_cgroups_walk(&cgroups, on_cgroup, seen, NULL), 0);
	assert_ptr_equal(strstr(seen, "/= "), seen);
	snprintf(path, sizeof(path), "/a=a /a/b=b /a/b/c.scope=c.scope ");
	assert_non_null(strstr(seen, path));
	assert_non_null(strstr(seen, "/d=d "));
}

static void needs_a_mount(void **state)
{
	struct tl_cgroups cgroups = { .mount = "/no/such/folder" };
	struct tl_error err;

	(void)state;
	assert_int_equal(tl_cgroups_walk(&cgroups, on_cgroup, seen, &err), -ENOENT);
	assert_string_equal(err.message, "cgroups: /no/such/folder: No such file or directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(walks_parents_first), cmocka_unit_test(needs_a_mount) };

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
