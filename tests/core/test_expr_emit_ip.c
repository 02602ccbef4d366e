/* SPDX-License-Identifier: MIT */
/* test_expr_emit_ip.c: tests core/expr/expr_emit_ip.c: addresses of both families, and nets. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "emit_fixture.h"

static const char *const addresses[] = {
	"0.0.0.0", "10.0.0.1", "10.255.255.255", "11.0.0.0", "127.0.0.1", "255.255.255.255", "::", "::1",
	"::ffff:10.0.0.1", "fe80::1", "fec0::", "2001:db8::8000:0:0:1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
};

/* One in all nets that it is in, and in some that it is next to. */
static void knows_nets_of_each_size(void **state)
{
	char text[128];

	(void)state;
	for (size_t i = 0; i < N(addresses); i++) {
		for (size_t k = 0; k < N(addresses); k++) {
			int bits = strchr(addresses[k], ':') ? 128 : 32;

			sample_ip(&emit_record, S_SADDR, addresses[i]);
			for (int prefix = 0; prefix <= bits; prefix++) {
				snprintf(text, sizeof(text), "saddr == '%s/%d'", addresses[k], prefix);
				emit_answer(text);
			}
			snprintf(text, sizeof(text), "saddr ~= '%s'", addresses[k]);
			emit_answer(text);
		}
	}
}

static void compares_two(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(addresses); i++) {
		for (size_t k = 0; k < N(addresses); k++) {
			sample_ip(&emit_record, S_SADDR, addresses[i]);
			sample_ip(&emit_record, S_DADDR, addresses[k]);
			assert_int_equal(emit_answer("saddr == daddr"), i == k || (i + k == 9 && i * k == 8));	/* 10.0.0.1 twice */
			emit_answer("saddr ~= daddr");
		}
	}
}

static void looks_through_lists(void **state)
{
	static const struct emit_sample samples[] = {
		{ "saddr in { '127.0.0.1', '10.0.0.0/8' }", 1 }, { "saddr in { '127.0.0.0/8', '::1' }", 0 },
		{ "not (saddr in { '127.0.0.0/8', '::1' })", 1 }, { "saddr in { '::/0' }", 1 },
		{ "saddr in { '::ffff:10.0.0.0/104' }", 1 }, { "saddr in { '0.0.0.0/0' }", 1 },
	};

	(void)state;
	sample_ip(&emit_record, S_SADDR, "10.1.2.3");
	emit_check(samples, N(samples));
}

/* And of a family that is neither. */
static void knows_none(void **state)
{
	static const struct emit_sample samples[] = {
		{ "saddr == '::/0'", 0 }, { "saddr ~= '::/0'", 1 }, { "saddr == daddr", 0 }, { "daddr == saddr", 0 },
		{ "saddr in { '::/0' }", 0 },
	};
	struct tl_ip unix_socket = { .family = 1 };

	(void)state;
	sample_ip(&emit_record, S_DADDR, "10.1.2.3");
	emit_check(samples, N(samples));
	sample_bytes(&emit_record, S_SADDR, &unix_socket, sizeof(unix_socket));
	emit_check(samples, N(samples));
	sample_ip(&emit_record, S_SADDR, "10.1.2.3");
	sample_missing(&emit_record, S_SADDR, false);
	emit_check(samples, N(samples));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		EMIT_TEST(knows_nets_of_each_size),
		EMIT_TEST(compares_two),
		EMIT_TEST(looks_through_lists),
		EMIT_TEST(knows_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
