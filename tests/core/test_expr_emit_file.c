/* SPDX-License-Identifier: MIT */
/* test_expr_emit_file.c: tests core/expr/expr_emit_file.c: ends of files that are no paths. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "emit_fixture.h"

/* No pipe, namespace or address ends so. */
static const char *const ends[] = { "p", "map", "-map", "bpf-map", "k", ".sock", "/run/a.sock", "n/a.sock",
				    "ock", "abstract", "stract", "pipe", "mnt" };

static void ask_all(void)
{
	char text[128];

	for (size_t i = 0; i < N(ends); i++) {
		snprintf(text, sizeof(text), "ends(file, '%s')", ends[i]);
		emit_answer(text);
		snprintf(text, sizeof(text), "not ends(file, '%s')", ends[i]);
		emit_answer(text);
	}
}

static void put(const void *head, size_t size, const char *name, size_t len, int kind)
{
	char bytes[256];

	memcpy(bytes, head, size);
	memcpy(bytes + size, name, len);
	sample_begin(&emit_record, &emit_event);
	sample_tail(&emit_record, S_FILE, bytes, size + len, 0, kind);
}

static void of_what_has_a_number(void **state)
{
	const struct tl_file_number number = { .inode = 45 };

	(void)state;
	put(&number, sizeof(number), "", 0, TL_FILE_PIPE);
	ask_all();
	put(&number, sizeof(number), "mnt", 3, TL_FILE_NS);
	ask_all();
}

static void of_what_has_a_name(void **state)
{
	(void)state;
	put("", 0, "bpf-map", 7, TL_FILE_ANON);
	ask_all();
	assert_int_equal(emit_answer("ends(file, '-map')"), 1);
	assert_int_equal(emit_answer("ends(file, 'x-map')"), 0);
}

/* With a NUL behind the name, or none; abstract, with one before it; without a name; of another family. */
static void of_sockets(void **state)
{
	static const struct {
		const char *name;
		size_t len;
		int sock, abstract;	/* what ends(file, 'a.sock') and ends(file, 'abstract') are */
	} names[] = {
		{ "/run/a.sock", 11, 1, 0 }, { "/run/a.sock", 12, 1, 0 }, { "\0abstract", 9, 0, 1 },
		{ "", 0, 0, 0 }, { "\0", 1, 0, 0 }, { "k", 1, 0, 0 },
	};
	struct tl_file_socket socket = { .family = AF_UNIX };

	(void)state;
	for (size_t i = 0; i < N(names); i++) {
		put(&socket, sizeof(socket), names[i].name, names[i].len, TL_FILE_SOCKET);
		ask_all();
		assert_int_equal(emit_answer("ends(file, 'a.sock')"), names[i].sock);
		assert_int_equal(emit_answer("ends(file, 'abstract')"), names[i].abstract);
	}
	socket.family = AF_INET;
	put(&socket, sizeof(socket), "", 0, TL_FILE_SOCKET);
	ask_all();
}

/* Their texts are made here alone. */
static void refuses_what_pipes_and_sockets_end_with(void **state)
{
	static const char *const texts[] = { "ends(file, ']')", "ends(file, '[45]')", "ends(file, ':80')",
					     "ends(file, 'a b')", "ends(file, '@x')" };

	(void)state;
	put("", 0, "bpf-map", 7, TL_FILE_ANON);
	for (size_t i = 0; i < N(texts); i++)
		assert_int_equal(emit_try(texts[i]), REFUSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		EMIT_TEST(of_what_has_a_number), EMIT_TEST(of_what_has_a_name), EMIT_TEST(of_sockets),
		EMIT_TEST(refuses_what_pipes_and_sockets_end_with),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
