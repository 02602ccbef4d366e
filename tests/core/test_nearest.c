/* SPDX-License-Identifier: MIT */
/* test_nearest.c: tests core/common/nearest.c. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include "common/nearest.h"

static const char *const names[] = {
	"syscall.open", "syscall.openat", "syscall.openat2", "syscall.read", "syscall.readv",
	"by.gid", "gid",
	"tcp.connect", "tcp.close", "process.exec",
	"process.exit", "pathname", "flags", "pid", "ret",
	"a.name.of.more.letters.than.anybody.is.going.to.write.in.a.script.by.mistake",
};

static const struct {
	const char *word, *name;
} cases[] = {
	{ "tcp.connect", "tcp.connect" },
	{ "tcp.conect", "tcp.connect" },		/* left out */
	{ "tcp.conncet", "tcp.connect" },		/* swapped */
	{ "tcp.connnect", "tcp.connect" },		/* inserted */
	{ "tcp.cpnnect", "tcp.connect" },		/* replaced */
	{ "TCP.Connect", "tcp.connect" },
	{ "openat", "syscall.openat" },
	{ "openta", "syscall.openat" },
	{ "opent2", "syscall.openat2" },
	{ "connect", "tcp.connect" },
	{ "exec", "process.exec" },
	{ "proces.exec", "process.exec" },
	{ "flag", "flags" },
	{ "pathnam", "pathname" },
	{ "path_name", "pathname" },
	{ "pdi", "pid" },
	{ "ggid", "gid" },				/* rather than by.gid */
	{ "re", "ret" },
	{ "p", NULL },
	{ "", NULL },
	{ "socket", NULL },
	{ "udp.sendmsg", NULL },
	{ "0123456789012345678901234567890123456789012345678901234567890123456789", NULL },
};

static void finds_what_was_meant(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *name = tl_nearest(cases[i].word, names, sizeof(names) / sizeof(*names));

		if (!cases[i].name && !name)
			continue;
		if (!cases[i].name || !name)
			fail_msg("%s gave %s", cases[i].word, name ? name : "nothing");
		assert_string_equal(name, cases[i].name);
	}
}

static void finds_nothing_in_nothing(void **state)
{
	(void)state;
	assert_null(tl_nearest("openat", NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_was_meant),
		cmocka_unit_test(finds_nothing_in_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
