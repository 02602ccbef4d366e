/* SPDX-License-Identifier: MIT */
/* test_query.c: tests core/session/query.c: expressions of subscriptions, from the text to what is told of them, in a replay. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <unistd.h>

#include "battery_file.h"
#include "session/session.h"

#define N(array)	(sizeof(array) / sizeof(*(array)))

#define HEAD_OF(name)	"event\t" name "\t128\t\t\nfield\tret\ts64\t\t96\t8\t10\t\t\nfield\tn\ts32\t\t104\t4\t11\t\t\n" \
			"field\tpath\tstr\t\t112\t8\t12\t\t\nfield\tname\tstr\t\t120\t8\t13\t\t\n"

static const struct battery_file file = {
	.catalogue = CATALOGUE_HEAD
		HEAD_OF("q.call") "exit\t1\th_call\nraw\tret\tret\nraw\tn\t0\n"
		HEAD_OF("q.other") "attach\tp_other\n"
		"event\tq.small\t104\t\t\nfield\tret\ts64\t\t96\t8\t10\t\t\nattach\tp_other\nend\t3\n",
	.programs = { "h_call", "p_other" }, .maps = { "tl_shared" },
};

struct record {
	struct tl_record head;
	int64_t ret;
	int32_t n, reserved;
	struct tl_str path, name;
	char tail[8];
};

static struct tl_session *session;
static unsigned int heard;
static struct tl_error err;

static void hear(struct tl_subscription *sub, const struct tl_view *view, void *arg)
{
	(void)sub, (void)view, (void)arg;
	heard++;
}

static int setup(void **state)
{
	char folder[] = "/tmp/tl-query-XXXXXX", path[64];
	const char *battery[] = { path, NULL };
	struct tl_open_opts opts = { .sz = sizeof(opts), .battery = battery, .replay = true };
	int ret;

	(void)state;
	heard = 0;
	memset(&err, 0, sizeof(err));
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/traceleft.bpf.o", folder);
	write_battery(&file, path);
	ret = tl_session_open(&session, &opts, &err);
	unlink(path);
	rmdir(folder);
	return ret;
}

static int teardown(void **state)
{
	(void)state;
	for (int i = 0; i < TL_SUBS_MAX; i++)
		tl_subscription_stop(session->subs[i]);
	tl_session_close(session);
	return 0;
}

static int ask(const char *events, const char *where, const struct tl_variable *vars,
	       const struct tl_aggregate_opts *aggregate, struct tl_subscription **sub)
{
	const char *names[] = { events, NULL };
	struct tl_subscribe_opts opts = { .sz = sizeof(opts), .events = names, .where = where, .vars = vars,
					  .aggregate = aggregate, .fn = aggregate ? NULL : hear };

	return tl_subscribe(session, &opts, sub, &err);
}

static struct tl_subscription *must_ask(const char *events, const char *where, const struct tl_variable *vars)
{
	struct tl_subscription *sub;

	if (ask(events, where, vars, NULL, &sub))
		fail_msg("%s", err.message);
	return sub;
}

/* How many callbacks a record with that result and path makes. */
static unsigned int feed(int64_t ret, const char *path)
{
	struct record record = { .head = { .size = sizeof(record), .event = 0, .mask = UINT64_MAX }, .ret = ret };

	record.path = record.name = (struct tl_str){ .offset = offsetof(struct record, tail) };
	record.path.length = (uint16_t)strlen(path);
	memcpy(record.tail, path, strlen(path));
	heard = 0;
	assert_int_equal(tl_session_feed(session, &record, sizeof(record), &err), 0);
	return heard;
}

/* ---- replay ---------------------------------------------------------------------------------- */

static void decides_here_in_a_replay(void **state)
{
	(void)state;
	must_ask("q.*", "ret < 0 and path == '/etc'", NULL);
	assert_int_equal(feed(-1, "/etc"), 1);
	assert_int_equal(feed(1, "/etc"), 0);
	assert_int_equal(feed(-1, "/"), 0);
	must_ask("q.call", "ret < 0 or path == name", NULL);
	must_ask("q.call", NULL, NULL);
	assert_int_equal(feed(-1, "/etc"), 3);
	assert_int_equal(feed(1, "/etc"), 1);
	assert_int_equal(feed(1, ""), 2);
}

static void counts_errors(void **state)
{
	struct tl_subscription *sub = must_ask("q.call", "10 // ret > 2", NULL);
	struct tl_subscription_counts counts;

	(void)state;
	assert_int_equal(feed(0, ""), 0);
	assert_int_equal(feed(0, ""), 0);
	assert_int_equal(feed(3, ""), 1);
	tl_subscription_counts(sub, &counts);
	assert_int_equal(counts.errors, 2);
	assert_int_equal(counts.held + counts.full, 0);
	assert_int_equal(tl_subscription_seen(sub), 1);
}

/* ---- variables ------------------------------------------------------------------------------- */

static const int64_t numbers[] = { 5, -7, 9 };
static const char *const strings[] = { "/a", "/b" };

static const struct tl_variable variables[] = {
	{ .name = "limit", .type = TL_VARIABLE_INT, .number = 5 },
	{ .name = "who", .type = TL_VARIABLE_STR, .string = "/etc", .len = 4 },
	{ .name = "set", .type = TL_VARIABLE_INTS, .numbers = numbers, .len = N(numbers) },
	{ .name = "paths", .type = TL_VARIABLE_STRS, .strings = strings, .len = N(strings) },
	{ 0 },
};

static void takes_variables(void **state)
{
	struct tl_variable v = variables[0];
	struct tl_subscription *sub = must_ask("q.call", "ret < limit and path == who", variables);

	(void)state;
	must_ask("q.call", "ret in set or path in paths", variables);
	assert_int_equal(feed(4, "/etc"), 1);
	assert_int_equal(feed(-7, "/x"), 1);
	assert_int_equal(feed(8, "/b"), 1);
	assert_int_equal(feed(8, "/c"), 0);
	v.number = 100;
	assert_int_equal(tl_subscription_set(sub, &v, &err), 0);
	assert_int_equal(feed(8, "/etc"), 1);
	v = variables[1];
	v.string = "/x";
	v.len = 2;
	assert_int_equal(tl_subscription_set(sub, &v, &err), 0);
	assert_int_equal(feed(8, "/etc"), 0);
	assert_int_equal(feed(8, "/x"), 1);
}

static void refuses_other_variables(void **state)
{
	struct tl_subscription *with = must_ask("q.call", "ret < limit", variables);
	struct tl_subscription *without = must_ask("q.call", "ret < 0", NULL);
	struct tl_variable v = { .name = "nobody" };

	(void)state;
	assert_int_equal(tl_subscription_set(with, &v, &err), -ENOENT);
	assert_int_equal(tl_subscription_set(without, &v, &err), -ENOENT);
	assert_string_equal(err.message, "nobody: the subscription has no variables");
	v.name = "who";
	assert_int_equal(tl_subscription_set(with, &v, &err), -EINVAL);
	*(int *)(void *)&v.type = 99;
	assert_int_equal(tl_subscription_set(with, &v, &err), -EINVAL);
	assert_string_equal(err.message, "vars: who: of no known type");
}

/* ---- refusals -------------------------------------------------------------------------------- */

static const char *const by[] = { "ret", NULL };
static const char *const bad[] = { "rett", NULL };
static const char *const nine[] = { "1", "1", "1", "1", "1", "1", "1", "1", "1", NULL };

#define AGGREGATE(...)	(const struct tl_aggregate_opts[]){ { .sz = sizeof(struct tl_aggregate_opts), __VA_ARGS__ } }

static const struct {
	const char *where;
	const struct tl_aggregate_opts *aggregate;
	int code;
	const char *message;
} refused[] = {
	{ "ret <", NULL, -EINVAL, "where: something is missing at the end\nret <\n     ^" },
	{ "rett < 0", NULL, -ENOENT, "where: no field 'rett'; did you mean 'ret'?\nrett < 0\n^" },
	{ "ret < nobody", NULL, -ENOENT, NULL },
	{ NULL, AGGREGATE(.kind = TL_COUNT, .value = "ret"), -EINVAL, "value: of a count there is none" },
	{ NULL, AGGREGATE(.kind = TL_SUM), -EINVAL, "value: none given" },
	{ NULL, AGGREGATE(.kind = TL_LHIST, .value = "ret", .low = 5, .high = 5, .step = 1), -EINVAL,
	  "lhist: low below high and a step of 1 or more are needed" },
	{ NULL, AGGREGATE(.kind = TL_LHIST, .value = "ret", .low = 5, .high = 9, .step = 0), -EINVAL,
	  "lhist: low below high and a step of 1 or more are needed" },
	{ NULL, AGGREGATE(.kind = TL_COUNT, .by = bad), -ENOENT, "by: no field 'rett'; did you mean 'ret'?\nrett\n^" },
	{ NULL, AGGREGATE(.kind = TL_COUNT, .by = nine), -EINVAL, "by: 8 keys at most" },
	{ NULL, AGGREGATE(.kind = TL_SUM, .value = "path"), -EINVAL,
	  "value: 'path' is a string where a number is needed\npath\n^" },
	{ NULL, AGGREGATE(.kind = TL_COUNT, .by = by), -EOPNOTSUPP,
	  "aggregate: a replay has no kernel to count in; count in the script" },
};

static void refuses_what_is_wrong(void **state)
{
	struct tl_subscription *sub;

	(void)state;
	for (size_t i = 0; i < N(refused); i++) {
		assert_int_equal(ask("q.call", refused[i].where, NULL, refused[i].aggregate, &sub), refused[i].code);
		assert_null(sub);
		if (refused[i].message)
			assert_string_equal(err.message, refused[i].message);
		assert_null(session->subs[session->last_bit]);	/* the bit is free again */
	}
}

/* Of an aggregate all must be done in the kernel. */
static void refuses_aggregates_that_need_this_process(void **state)
{
	struct tl_subscription *sub;

	(void)state;
	session->replay = false;	/* not started: nothing is asked of a kernel */
	assert_int_equal(ask("q.call", "ret < 0 and path == name", NULL, AGGREGATE(.kind = TL_COUNT), &sub), -EOPNOTSUPP);
	assert_string_equal(err.message, "where: 'path == name' cannot be decided in the kernel: two strings of the record "
			    "are compared");
	assert_int_equal(ask("q.call", "ret < 0", NULL, AGGREGATE(.kind = TL_COUNT, .by = by), &sub), 0);
	assert_int_equal(tl_subscription_seen(sub), 0);
	tl_subscription_stop(sub);
	session->replay = true;
}

static bool no_row(const struct tl_row *row, void *arg)
{
	(void)row, (void)arg;
	return true;
}

static void reads_aggregates_alone(void **state)
{
	struct tl_subscription *sub = must_ask("q.call", NULL, NULL);

	(void)state;
	assert_int_equal(tl_subscription_read(sub, false, no_row, NULL, NULL, &err), -EINVAL);
	assert_string_equal(err.message, "read: this subscription is no aggregate");
}

/* ---- explain --------------------------------------------------------------------------------- */

static char told[4000];

static void tell(const struct tl_explanation *e, void *arg)
{
	size_t n = strlen(told);

	(void)arg;
	snprintf(told + n, sizeof(told) - n, "%s: %.*s: %s: %s: %zu\n", e->event, (int)e->len,
		 e->clause ? e->clause : "", e->where, e->why, e->instructions);
}

static void explains(void **state)
{
	struct tl_subscription *sub = must_ask("q.*", "ret < 0 and path == '/x' and path == name", NULL);

	(void)state;
	told[0] = '\0';
	tl_subscription_explain(sub, tell, NULL);
	assert_string_equal(told,
		"q.call: ret < 0: kernel, before the handler: : 0\n"
		"q.call: path == '/x': kernel, after the handler: path is not known where the kernel decides: 0\n"
		"q.call: path == name: the tracer's process: two strings of the record are compared: 0\n"
		"q.call: : sent to the tracer's process: : 0\n"
		"q.other: ret < 0: kernel, after the handler: q.other has no arguments that are known before its handler: 0\n"
		"q.other: path == '/x': kernel, after the handler: q.other has no arguments that are known before its "
		"handler: 0\n"
		"q.other: path == name: the tracer's process: two strings of the record are compared: 0\n"
		"q.other: : sent to the tracer's process: : 0\n"
		"q.small: ret < 0: kernel, after the handler: q.small has no arguments that are known before its handler: 0\n"
		"q.small: path == '/x': kernel, after the handler: q.small has no arguments that are known before its "
		"handler: 0\n"
		"q.small: path == name: kernel, after the handler: q.small has no arguments that are known before its "
		"handler: 0\n"
		"q.small: : sent to the tracer's process: : 0\n");
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(decides_here_in_a_replay), TEST(counts_errors), TEST(takes_variables),
		TEST(refuses_other_variables), TEST(refuses_what_is_wrong),
		TEST(refuses_aggregates_that_need_this_process), TEST(reads_aggregates_alone), TEST(explains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
