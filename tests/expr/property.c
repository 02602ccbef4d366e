/* SPDX-License-Identifier: MIT */
/*
 * property.c [SEED [COUNT]]: random conditions over random records have one answer: that of the evaluator, of the
 * kernel (a program that BPF_PROG_TEST_RUN runs; as root), and of Lua, where Lua can say it and is there.
 * What the emitter accepts the verifier must accept; with EACH=1 in the environment each condition is a program
 * of its own, and how much work it was is told. The last line: "N passed, N failed, N skipped".
 */
#include <errno.h>
#include <unistd.h>

#include "property.h"

#define RECORDS	24
#define SET	5

/* What a script would have set before each record. */
struct values {
	int64_t port, big, ports[SET];
	const char *who, *names[SET], *nets[SET];
	char strings[SET + 1][TL_VAR_STRING + 1];
};

struct condition {
	struct text text;
	struct tl_expr *expr;
	struct tl_bound *bound;
	bool in_kernel, failed;
	signed char answers[RECORDS];
};

static struct sample_event event;
static struct sample_record records[RECORDS];
static struct values values[RECORDS];
static struct tl_vars *vars;
static struct condition *conditions;
static unsigned int most_verified;
static size_t n_conditions, n_kernel, n_refused, n_lua, n_told;

/* ---- records and variables -------------------------------------------------------------------------- */

static const char *short_string(char to[TL_VAR_STRING + 1])
{
	const char *s;
	size_t len;

	do
		s = rnd_string(&len);
	while (len > TL_VAR_STRING || memchr(s, '\0', len));
	memcpy(to, s, len);
	to[len] = '\0';
	return to;
}

static void make_records(void)
{
	sample_event_make(&event, "syscall.openat");
	for (int i = 0; i < RECORDS; i++) {
		struct values *v = &values[i];

		sample_begin(&records[i], &event);
		record_fill(&records[i]);
		v->port = rnd_number();
		v->big = rnd_number();
		v->who = short_string(v->strings[SET]);
		for (int k = 0; k < SET; k++) {
			v->ports[k] = rnd_number();
			v->names[k] = short_string(v->strings[k]);
			v->nets[k] = rnd_address();
		}
	}
}

static bool set_vars(const struct values *v)
{
	struct tl_error err;

	if (!tl_vars_set_int(vars, "port", v->port, &err) && !tl_vars_set_int(vars, "big", v->big, &err) &&
	    !tl_vars_set_string(vars, "who", v->who, strlen(v->who), &err) &&
	    !tl_vars_set_ints(vars, "ports", v->ports, SET, &err) &&
	    !tl_vars_set_strings(vars, "names", v->names, SET, &err) &&
	    !tl_vars_set_strings(vars, "nets", v->nets, SET, &err))
		return true;
	fprintf(stderr, "%s\n", err.message);
	return false;
}

/* ---- conditions ------------------------------------------------------------------------------------- */

/* false: too long. */
static bool make_condition(struct condition *c, struct kernel *kernel)
{
	const struct tl_event *events[] = { &event.event };
	struct tl_error err;

	static int tried;

	if (!hard(tried++, c->text.ours, sizeof(c->text.ours)))
		generate(&c->text);
	if (strlen(c->text.ours) > TEXT_MAX)
		return false;
	if (tl_expr_parse("where", c->text.ours, &c->expr, &err)) {
		if (!strstr(err.message, "more than")) {
			fprintf(stderr, "%s\n", err.message);
			c->failed = true;
			return true;
		}
		return false;
	}
	if (tl_expr_bind(c->expr, events, 1, 0, vars, TL_WANT_TEST, &c->bound, &err)) {
		fprintf(stderr, "%s\n", err.message);
		tl_expr_free(c->expr);
		c->failed = true;
		return true;
	}
	c->in_kernel = kernel && tl_bound_can_emit(c->bound, kernel_env(), &err) == 0;
	n_kernel += c->in_kernel;
	n_refused += kernel && !c->in_kernel;
	return true;
}

static void make_conditions(size_t count, struct kernel *kernel)
{
	conditions = calloc(count, sizeof(*conditions));
	if (!conditions)
		exit(2);
	while (n_conditions < count)
		n_conditions += make_condition(&conditions[n_conditions], kernel);
}

static void evaluate(void)
{
	for (int r = 0; r < RECORDS; r++) {
		set_vars(&values[r]);
		for (size_t i = 0; i < n_conditions; i++) {
			int ret = conditions[i].bound ? tl_bound_test(conditions[i].bound, &records[r].view) : 0;

			conditions[i].answers[r] = (signed char)(ret == -EDOM ? ERROR : ret);
		}
	}
}

static void tell(struct condition *c, const char *who, int record, int got)
{
	c->failed = true;
	if (n_told++ < 20)
		fprintf(stderr, "not ok - record %d: %s says %d, the evaluator %d: %s\n", record, who, got,
			c->answers[record], c->text.ours);
}

/* ---- the kernel ------------------------------------------------------------------------------------- */

static void run_batch(struct kernel *kernel, struct condition **batch, size_t n)
{
	enum answer answers[BATCH_MAX];

	unsigned int verified = kernel_verified(kernel);

	if (verified > most_verified)
		most_verified = verified;
	if (getenv("EACH") && n == 1)
		printf("%7u %.60s\n", verified, batch[0]->text.ours);
	for (int r = 0; r < RECORDS; r++) {
		if (!set_vars(&values[r]) || !kernel_run(kernel, &records[r], answers))
			exit(2);
		for (size_t i = 0; i < n; i++) {
			if ((int)answers[i] != batch[i]->answers[r])
				tell(batch[i], "the kernel", r, (int)answers[i]);
		}
	}
}

/* One by one, to find the one that the verifier does not like. */
static void load_each(struct kernel *kernel, struct condition **batch, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct tl_bound *bound = batch[i]->bound;

		if (kernel_load(kernel, &bound, 1)) {
			run_batch(kernel, &batch[i], 1);
			continue;
		}
		fprintf(stderr, "not ok - refused by the verifier: %s\n", batch[i]->text.ours);
		batch[i]->failed = true;
	}
}

static void run_kernel(struct kernel *kernel)
{
	struct condition *batch[BATCH_MAX];
	const struct tl_bound *bounds[BATCH_MAX];

	for (size_t i = 0; i < n_conditions; ) {
		size_t n = 0, fit, at = i;

		for (; at < n_conditions && n < BATCH_MAX; at++) {
			if (!conditions[at].in_kernel)
				continue;
			bounds[n] = conditions[at].bound;
			batch[n++] = &conditions[at];
		}
		if (n == 0)
			return;
		fit = kernel_fit(bounds, n);
		if (kernel_load(kernel, bounds, fit))
			run_batch(kernel, batch, fit);
		else
			load_each(kernel, batch, fit);
		i = (size_t)(batch[fit - 1] - conditions) + 1;
	}
}

/* ---- Lua -------------------------------------------------------------------------------------------- */

static void lua_string(FILE *out, const char *bytes, size_t len)
{
	fputc('"', out);
	for (size_t i = 0; i < len; i++)
		fprintf(out, "\\%03u", (unsigned char)bytes[i]);
	fputc('"', out);
}

static void lua_field(FILE *out, struct sample_record *r, const struct tl_field *field)
{
	struct tl_value value;

	tl_field_read(&r->view, field, &value);
	if (value.kind == TL_UNREAD || value.kind == TL_NIL)
		return;
	fprintf(out, "%s = ", field->name);
	if (value.kind == TL_INT || value.kind == TL_UINT)
		fprintf(out, "0x%llx", (unsigned long long)value.u);
	else if (value.kind == TL_BOOL)
		fputs(value.i ? "true" : "false", out);
	else if (value.kind == TL_STRING)
		lua_string(out, value.s.ptr, value.s.len);
	else
		fputs("{}", out);
	fputs("; ", out);
}

static void lua_record(FILE *out, int r)
{
	const struct values *v = &values[r];

	fprintf(out, "records[%d] = { ", r + 1);
	for (int i = 0; i < S_END; i++)
		lua_field(out, &records[r], &event.fields[i]);
	fprintf(out, "port = 0x%llx; big = 0x%llx; who = ", (unsigned long long)v->port, (unsigned long long)v->big);
	lua_string(out, v->who, strlen(v->who));
	fputs("; ports = {", out);
	for (int k = 0; k < SET; k++)
		fprintf(out, "0x%llx,", (unsigned long long)v->ports[k]);
	fputs("}, names = {", out);
	for (int k = 0; k < SET; k++) {
		lua_string(out, v->names[k], strlen(v->names[k]));
		fputc(',', out);
	}
	fputs("}}\n", out);
}

/* contains() looks at the first 128 bytes of what is no path. */
static const char prelude[] =
	"local records, tests = {}, {}\n"
	"local functions = {}\n"
	"function functions.starts(s, p) return s ~= nil and s:sub(1, #p) == p end\n"
	"function functions.ends(s, p) return s ~= nil and (p == '' or #s >= #p and s:sub(-#p) == p) end\n"
	"function functions.contains(s, p) return s ~= nil and s:find(p, 1, true) ~= nil end\n"
	"function functions.begin(s) return s and s:sub(1, 128) end\n"
	"function functions.isin(x, set) for _, v in ipairs(set) do if x == v then return true end end return false end\n";

static const char coda[] =
	"local current\n"
	"local env = setmetatable({}, { __index = function(_, k) return functions[k] or current[k] end })\n"
	"for r, record in ipairs(records) do\n"
	"  current = record\n"
	"  local line = {}\n"
	"  for i = 1, count do\n"
	"    local good, result = false, ''\n"
	"    if tests[i] then good, result = pcall(tests[i], env) end\n"
	"    line[i] = good and (result and '1' or '0') or result:find(\"'n[/%%]+0'\") and '2' or '?'\n"
	"  end\n"
	"  print(table.concat(line))\n"
	"end\n";

static void write_lua(FILE *out)
{
	fputs(prelude, out);
	for (int r = 0; r < RECORDS; r++)
		lua_record(out, r);
	for (size_t i = 0; i < n_conditions; i++) {
		if (conditions[i].text.in_lua && !conditions[i].failed)
			fprintf(out, "tests[%zu] = function(_ENV) return %s end\n", i + 1, conditions[i].text.lua);
	}
	fprintf(out, "local count = %zu\n%s", n_conditions, coda);
}

/* Lua stops where a nil is compared or computed with; we go on, and in another order. */
static bool comparable(const struct condition *c, int r)
{
	const uint64_t errors = TL_BIT(S_ERROR) | TL_BIT(S_ERROR32);
	uint64_t fields = tl_bound_fields(c->bound) & ~errors;

	for (int i = 0; i < S_END; i++) {
		struct tl_value value;

		if (!(fields & TL_BIT(i)))
			continue;
		tl_field_read(&records[r].view, &event.fields[i], &value);
		if (value.kind == TL_UNREAD || value.kind == TL_NIL)
			return false;
	}
	return true;
}

static void judge_lua(struct condition *c, int r, char said)
{
	if (said == '?' || !c->text.in_lua || c->failed || (said == '2' && c->answers[r] == ERROR))
		return;
	if (!comparable(c, r) && said != (c->answers[r] == YES ? '1' : '0'))
		return;
	n_lua++;
	if (said - '0' != c->answers[r])
		tell(c, "Lua", r, said - '0');
}

/* false: no Lua here. */
static bool run_lua(void)
{
	const char *program = getenv("LUA") ? getenv("LUA") : "lua5.4";
	char path[] = "/tmp/tl_expr.XXXXXX", command[256], *line = NULL;
	int fd = mkstemp(path), r = 0;
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w"), *in;
	size_t room = 0;

	if (!out)
		return false;
	write_lua(out);
	fclose(out);
	snprintf(command, sizeof(command), "%s %s 2>/dev/null", program, path);
	in = popen(command, "r");
	for (; in && r < RECORDS && getline(&line, &room, in) > (long)n_conditions; r++) {
		for (size_t i = 0; i < n_conditions; i++)
			judge_lua(&conditions[i], r, line[i]);
	}
	free(line);
	if (in)
		pclose(in);
	if (!getenv("KEEP"))
		unlink(path);
	return r == RECORDS;
}

/* ---- all of it -------------------------------------------------------------------------------------- */

static void clean_up(struct kernel *kernel)
{
	for (size_t i = 0; i < n_conditions; i++) {
		tl_bound_free(conditions[i].bound);
		if (conditions[i].bound)
			tl_expr_free(conditions[i].expr);
	}
	free(conditions);
	tl_vars_free(vars);
	if (kernel)
		kernel_close(kernel);
}

int main(int argc, char **argv)
{
	uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
	size_t count = argc > 2 ? strtoull(argv[2], NULL, 0) : 4000, failed = 0, skipped = 0;
	struct kernel *kernel = kernel_open();
	static char memory[TL_VARS_BYTES] __attribute__((aligned(8)));
	struct tl_error err;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("seed %llu\n", (unsigned long long)seed);
	seed_set(seed);
	make_records();
	if (tl_vars_new(&vars, kernel ? kernel_vars(kernel) : memory, kernel, &err) || !set_vars(&values[0]))
		return 2;
	make_conditions(count, kernel);
	evaluate();
	if (kernel)
		run_kernel(kernel);
	else
		printf("skip - the kernel runs no programs here\n");
	skipped += !kernel;
	if (!run_lua()) {
		printf("skip - no %s here\n", getenv("LUA") ? getenv("LUA") : "lua5.4");
		skipped++;
	}
	for (size_t i = 0; i < n_conditions; i++)
		failed += conditions[i].failed;
	printf("%zu conditions, %d records: %zu ran in the kernel, %zu are for the script's process, "
	       "%zu answers of Lua\n", n_conditions, RECORDS, n_kernel, n_refused, n_lua);
	printf("at most %u instructions for the verifier to look at in one program\n", most_verified);
	printf("%zu passed, %zu failed, %zu skipped\n", n_conditions - failed, failed, skipped);
	clean_up(kernel);
	return failed != 0;
}
