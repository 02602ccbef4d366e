/* SPDX-License-Identifier: MIT */
/* test_vars.c: tests core/expr/vars.c, core/expr/set.c and core/expr/net.c; what they do with maps, only as root. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "expr/set.h"
#include "expr/vars.h"

#define N(array)	(sizeof(array) / sizeof(*(array)))

static char memory[TL_VARS_BYTES] __attribute__((aligned(8)));

static struct tl_vars *vars_new(bool in_kernel)
{
	struct tl_vars *vars;

	assert_int_equal(tl_vars_new(&vars, memory, in_kernel, NULL), 0);
	return vars;
}

static void keeps_numbers_and_strings(void **state)
{
	struct tl_vars *vars = vars_new(false);
	const struct tl_var_string *string;
	struct tl_var *var;

	(void)state;
	assert_int_equal(tl_vars_set_int(vars, "port", 80, NULL), 0);
	assert_int_equal(tl_vars_set_string(vars, "who", "cat", 3, NULL), 0);
	assert_int_equal(tl_vars_set_int(vars, "port", -1, NULL), 0);
	assert_int_equal(tl_vars_set_string(vars, "who", "ca", 2, NULL), 0);
	var = tl_vars_find(vars, "port");
	assert_int_equal(*(int64_t *)(void *)(memory + var->offset), -1);
	var = tl_vars_find(vars, "who");
	string = (const void *)(memory + var->offset);
	assert_int_equal(string->strings[string->which].len, 2);
	assert_memory_equal(string->strings[string->which].bytes, "ca\0\0", 4);
	assert_memory_equal(string->strings[!string->which].bytes, "cat\0", 4);	/* whoever reads it still can */
	assert_null(tl_vars_find(vars, "wh"));
	tl_vars_free(vars);
}

static void refuses_what_does_not_fit(void **state)
{
	static const int64_t numbers[] = { 1 };
	static char longer[TL_VAR_STRING + 2];
	struct tl_vars *vars = vars_new(false);
	const char *const strings[] = { longer }, *const nets[] = { "::1" }, *const names[] = { "x" };
	struct tl_error err;
	char name[32];
	int ret = 0;

	(void)state;
	memset(longer, 'x', sizeof(longer) - 1);
	assert_int_equal(tl_vars_set_int(vars, "a", 1, &err), 0);
	assert_int_equal(tl_vars_set_string(vars, "a", "", 0, &err), -EINVAL);
	assert_string_equal(err.message, "'a' is a number and stays so");
	assert_int_equal(tl_vars_set_ints(vars, "a", numbers, 1, &err), -EINVAL);
	assert_int_equal(tl_vars_set_string(vars, "b", longer, sizeof(longer) - 1, &err), -EINVAL);
	assert_string_equal(err.message, "'b': a string of 65 bytes; a variable's has at most 64");
	assert_int_equal(tl_vars_set_strings(vars, "b", strings, 1, &err), -EINVAL);
	assert_int_equal(tl_vars_set_ints(vars, "b", numbers, TL_SET_MAX + 1, &err), -EINVAL);
	assert_int_equal(tl_vars_set_int(vars, "and", 1, &err), -EINVAL);
	assert_int_equal(tl_vars_set_int(vars, "1x", 1, &err), -EINVAL);
	assert_int_equal(tl_vars_set_int(vars, "", 1, &err), -EINVAL);
	assert_int_equal(tl_vars_set_strings(vars, "nets", nets, 1, &err), 0);
	assert_int_equal(tl_var_use(tl_vars_find(vars, "nets"), TL_SET_NETS, &err), 0);
	assert_int_equal(tl_vars_set_strings(vars, "nets", names, 1, &err), -EINVAL);
	assert_string_equal(err.message, "'nets': 'x' is no address");
	assert_int_equal(tl_vars_set_int(vars, "net", 1, &err), -ENOENT);
	assert_string_equal(err.message, "no variable 'net'; did you mean 'nets'?");
	tl_vars_free(vars);
	vars = vars_new(false);
	for (int i = 0; i <= TL_VARS_BYTES / 8; i++) {
		snprintf(name, sizeof(name), "v%d", i);
		ret = tl_vars_set_int(vars, name, i, &err);
		assert_int_equal(ret, i < TL_VARS_BYTES / 8 ? 0 : -E2BIG);
	}
	tl_vars_free(vars);
}

static void holds_sets(void **state)
{
	static const int64_t numbers[] = { 5, -1, 5, INT64_MIN, 7 };
	const char *const strings[] = { "cat", "", "dog", "cat" };
	struct tl_vars *vars = vars_new(false);
	const struct tl_set *set;

	(void)state;
	assert_int_equal(tl_vars_set_ints(vars, "ports", numbers, N(numbers), NULL), 0);
	set = &tl_vars_find(vars, "ports")->set;
	assert_int_equal(set->n, 4);
	assert_true(tl_set_has_int(set, 5) && tl_set_has_int(set, -1) && tl_set_has_int(set, INT64_MIN));
	assert_false(tl_set_has_int(set, 6) || tl_set_has_int(set, 0));
	assert_int_equal(tl_vars_set_ints(vars, "ports", NULL, 0, NULL), 0);
	assert_false(tl_set_has_int(set, 5));
	assert_int_equal(tl_vars_set_strings(vars, "names", strings, N(strings), NULL), 0);
	set = &tl_vars_find(vars, "names")->set;
	assert_int_equal(set->n, 3);
	assert_true(tl_set_has_string(set, "cat", 3) && tl_set_has_string(set, "", 0));
	assert_false(tl_set_has_string(set, "ca", 2) || tl_set_has_string(set, "cat\0", 4));
	tl_vars_free(vars);
}

static const struct {
	const char *text;
	int prefix;		/* -1: no address */
} nets[] = {
	{ "10.0.0.1", 128 }, { "10.0.0.0/8", 104 }, { "0.0.0.0/0", 96 }, { "::1", 128 }, { "fe80::/10", 10 }, { "::/0", 0 },
	{ "", -1 }, { "10", -1 }, { "10.0.0.0/", -1 }, { "10.0.0.0/33", -1 }, { "::/129", -1 }, { "::/-1", -1 },
	{ "10.0.0.0/08", -1 }, { "/8", -1 }, { "10.0.0.256", -1 }, { "x", -1 }, { "::1 ", -1 },
};

static void reads_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(nets); i++) {
		struct tl_net net;

		assert_int_equal(tl_net_parse(nets[i].text, strlen(nets[i].text), &net), nets[i].prefix >= 0);
		if (nets[i].prefix >= 0)
			assert_int_equal(net.prefix, nets[i].prefix);
	}
}

static bool holds(const struct tl_set *set, const char *address)
{
	struct tl_net net;

	assert_true(tl_net_parse(address, strlen(address), &net));
	return tl_set_has_address(set, net.bytes);
}

static void finds_addresses_in_nets(void **state)
{
	const char *const texts[] = { "10.1.2.3/8", "192.168.1.1", "fe80::/10", "10.0.0.0/8", "2001:db8::/33" };
	struct tl_vars *vars = vars_new(false);
	const struct tl_set *set;

	(void)state;
	assert_int_equal(tl_vars_set_strings(vars, "nets", texts, N(texts), NULL), 0);
	set = &tl_vars_find(vars, "nets")->nets;
	assert_int_equal(set->n, 4);
	assert_true(holds(set, "10.255.0.1") && holds(set, "192.168.1.1") && holds(set, "febf::1") &&
		    holds(set, "2001:db8:7fff::1") && holds(set, "::ffff:10.0.0.1"));
	assert_false(holds(set, "11.0.0.1") || holds(set, "192.168.1.2") || holds(set, "fec0::1") ||
		     holds(set, "2001:db8:8000::1") || holds(set, "::10.0.0.1"));
	tl_vars_free(vars);
}

static bool in_map(const struct tl_set *set, int64_t number)
{
	uint32_t value;

	return bpf_map_lookup_elem(set->fd, &number, &value) == 0;
}

static void changes_maps(void **state)
{
	static int64_t many[TL_SET_MAX];
	static const int64_t few[] = { 1, 2, 3 };
	struct tl_vars *vars;
	struct tl_var *var;
	struct tl_error err;

	(void)state;
	if (geteuid() != 0)
		skip();
	vars = vars_new(true);
	assert_int_equal(tl_vars_set_ints(vars, "ports", few, N(few), NULL), 0);
	var = tl_vars_find(vars, "ports");
	assert_int_equal(var->set.fd, -1);	/* nobody uses it yet */
	if (tl_var_use(var, TL_SET_INTS, &err)) {
		tl_vars_free(vars);
		skip();
	}
	assert_true(in_map(&var->set, 1) && in_map(&var->set, 3) && !in_map(&var->set, 4));
	for (int i = 0; i < TL_SET_MAX; i++)
		many[i] = 3 + i;
	assert_int_equal(tl_vars_set_ints(vars, "ports", many, TL_SET_MAX, NULL), 0);
	assert_true(!in_map(&var->set, 2) && in_map(&var->set, 3) && in_map(&var->set, 65538));
	for (int i = 0; i < TL_SET_MAX; i++)
		many[i] = -i - 1;		/* none that was there: there is room for both */
	assert_int_equal(tl_vars_set_ints(vars, "ports", many, TL_SET_MAX, NULL), 0);
	assert_true(in_map(&var->set, -1) && in_map(&var->set, -65536) && !in_map(&var->set, 3));
	tl_vars_free(vars);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_numbers_and_strings),
		cmocka_unit_test(refuses_what_does_not_fit),
		cmocka_unit_test(holds_sets),
		cmocka_unit_test(reads_addresses),
		cmocka_unit_test(finds_addresses_in_nets),
		cmocka_unit_test(changes_maps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
