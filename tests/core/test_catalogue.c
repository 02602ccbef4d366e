/* SPDX-License-Identifier: MIT */
/* test_catalogue.c: tests core/catalogue/catalogue.c. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue/catalogue.h"
#include "tl_abi.h"

#define N(array)	(sizeof(array) / sizeof(*(array)))
#define HEAD	"traceleft\tABI\t5\t" TL_ARCH "\n"
#define EVENT	HEAD "event\ttcp.connect\t136\tnetwork\tA connection.\n"
#define FIELD	EVENT "field\ta\tu64\t\t96\t8\t10\t\t\n"
#define LAYOUT	HEAD "layout\tpair\t8\n"

static const char whole[] =
	HEAD
	"layout\tpollfd\t8\n"
	"member\tfd\ts32\tfd\t0\t4\tThe descriptor.\n"
	"member\trevents\ts16\tflags:poll\t6\t2\t\n"
	"layout\tempty\t24\n"
	"event\tsyscall.openat\t136\tfile desc\tOpens a file.\n"
	"field\tpathname\tstr\t\t96\t8\t10\tpathname\tThe name.\n"
	"field\tret\ts64\tfd\t104\t8\t11\t\t\n"
	"field\terror\terror\t\t104\t8\t12\t\t\n"
	"field\tduration\tu64\tduration\t112\t8\t13\t\t\n"
	"field\tfile\tfile\t\t120\t8\t14\tret\t\n"
	"field\tfds\tarray\tarray:pollfd\t128\t8\t15\tfds\t\n"
	"exit\t257\ttl_syscall_openat\n"
	"need\t257\tenter\tduration\ttime\n"
	"need\t257\tenter\tpathname\tstring:1\n"
	"need\t257\texit\tpathname,fds\tstring:1\n"
	"need\t257\texit\tfile\tfile:6\n"
	"event\tprocess.exec\t96\t\t\n"
	"exit\t59\ttl_exec_exit\n"
	"enter\t59\ttl_exec_enter\n"
	"exit\t322\ttl_exec_exit\n"
	"need\t322\tenter\t-\targs\n"
	"attach\ttl_sched_process_exec\n"
	"attach\ttl_sched_process_exit\n"
	"maybe\ttl_new_hook\tnew_hook\n"
	"hook\tsched_process_exec\n"
	"end\t2\n";

static struct tl_catalogue *parse(const char *text)
{
	struct tl_catalogue *catalogue;
	struct tl_error err = { 0 };

	if (tl_catalogue_parse(text, strlen(text), "x", &catalogue, &err))
		fail_msg("%s", err.message);
	return catalogue;
}

static void reads_events(void **state)
{
	struct tl_catalogue *catalogue = parse(whole);
	const struct tl_entry *entry = &catalogue->entries[0];

	(void)state;
	assert_int_equal(catalogue->n, 2);
	assert_string_equal(entry->event.name, "syscall.openat");
	assert_string_equal(entry->event.classes, "file desc");
	assert_string_equal(entry->event.doc, "Opens a file.");
	assert_int_equal(entry->event.fixed_size, 136);
	assert_int_equal(entry->event.number, 0);
	assert_int_equal(entry->n_attaches, 0);

	entry = &catalogue->entries[1];
	assert_string_equal(entry->event.name, "process.exec");
	assert_string_equal(entry->event.classes, "");
	assert_string_equal(entry->event.doc, "");
	assert_int_equal(entry->event.number, 1);
	assert_int_equal(entry->event.n_fields, TL_F_OWN + TL_IDENTITIES);
	assert_int_equal(entry->n_attaches, 2);
	assert_string_equal(entry->attaches[1], "tl_sched_process_exit");
	assert_int_equal(entry->n_maybes, 1);
	assert_string_equal(entry->maybes[0].program, "tl_new_hook");
	assert_string_equal(entry->maybes[0].hook, "new_hook");
	assert_string_equal(entry->hook, "sched_process_exec");
	assert_null(catalogue->entries[0].hook);
	tl_catalogue_free(catalogue);
}

static void assert_route(const struct tl_call_route *route, int nr, enum tl_side side, const char *program)
{
	assert_int_equal(route->nr, nr);
	assert_int_equal(route->side, side);
	assert_string_equal(route->program, program);
}

static void reads_handlers_of_both_sides(void **state)
{
	struct tl_catalogue *catalogue = parse(whole);
	const struct tl_entry *entries = catalogue->entries;

	(void)state;
	assert_int_equal(entries[0].n_routes, 1);
	assert_route(&entries[0].routes[0], 257, TL_EXIT, "tl_syscall_openat");
	assert_int_equal(entries[1].n_routes, 3);
	assert_route(&entries[1].routes[0], 59, TL_EXIT, "tl_exec_exit");
	assert_route(&entries[1].routes[1], 59, TL_ENTER, "tl_exec_enter");
	assert_route(&entries[1].routes[2], 322, TL_EXIT, "tl_exec_exit");
	tl_catalogue_free(catalogue);
}

static void assert_need(const struct tl_need *need, enum tl_side side, uint64_t fields, uint8_t work)
{
	assert_int_equal(need->side, side);
	assert_int_equal(need->fields, fields);
	assert_int_equal(need->work, work);
}

static void assert_part(const struct tl_need *need, uint8_t part, uint8_t work)
{
	assert_int_equal(need->part, part);
	assert_int_equal(need->part_work, work);
}

static void reads_needs(void **state)
{
	struct tl_catalogue *catalogue = parse(whole);
	const struct tl_need *needs = catalogue->entries[0].needs;

	(void)state;
	assert_int_equal(catalogue->entries[0].n_needs, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(needs[i].nr, 257);
	assert_need(&needs[0], TL_ENTER, TL_BIT(13), TL_WORK_TIME);
	assert_part(&needs[0], 0, TL_PART_NOTHING);
	assert_need(&needs[1], TL_ENTER, TL_BIT(10), 0);
	assert_part(&needs[1], 1, TL_PART_STRING);
	assert_need(&needs[2], TL_EXIT, TL_BIT(10) | TL_BIT(15), 0);
	assert_part(&needs[2], 1, TL_PART_STRING);
	assert_need(&needs[3], TL_EXIT, TL_BIT(14), 0);
	assert_part(&needs[3], TL_PART_RET, TL_PART_FILE);
	assert_int_equal(catalogue->entries[1].n_needs, 1);
	assert_int_equal(catalogue->entries[1].needs[0].nr, 322);
	assert_need(&catalogue->entries[1].needs[0], TL_ENTER, UINT64_MAX, TL_WORK_ARGS | TL_WORK_TIME);
	tl_catalogue_free(catalogue);
}

#define RAW_EVENT	HEAD "event\ts.x\t128\t\t\nfield\tfd\ts32\t\t96\t4\t10\t\t\nfield\tret\ts64\t\t104\t8\t11\t\t\n" \
			"field\tduration\tu64\t\t112\t8\t12\t\t\nfield\tname\tstr\t\t120\t8\t13\t\t\n"

static void reads_what_is_known_early(void **state)
{
	struct tl_catalogue *catalogue = parse(RAW_EVENT "raw\tfd\t0\nraw\tret\tret\nraw\tduration\tduration\n"
					       "event\ts.y\t96\t\t\nattach\tp\nend\t2\n");
	const struct tl_entry *entries = catalogue->entries;

	(void)state;
	assert_int_equal(entries[0].raw[10], TL_RAW_ARG);
	assert_int_equal(entries[0].raw[11], TL_RAW_RET);
	assert_int_equal(entries[0].raw[12], TL_RAW_DURATION);
	assert_int_equal(entries[0].raw[13], TL_RAW_NOT);
	assert_int_equal(entries[0].raw[TL_F_PID], TL_RAW_NOT);	/* the head is always there */
	assert_true(tl_entry_is_early(&entries[0]));
	assert_false(tl_entry_is_early(&entries[1]));
	tl_catalogue_free(catalogue);
}

static const struct {
	const char *word;
	uint8_t work;
} works[] = {
	{ "string", TL_PART_STRING }, { "file", TL_PART_FILE }, { "dir", TL_PART_DIR }, { "held", TL_PART_HELD },
	{ "held_dir", TL_PART_HELD_DIR }, { "held_string", TL_PART_HELD_STRING },
	{ "held_bytes", TL_PART_HELD_BYTES }, { "exec_path", TL_PART_EXEC_PATH }, { "exec_argv", TL_PART_EXEC_ARGV },
};

static void knows_all_works(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(works); i++) {
		struct tl_catalogue *catalogue;
		char text[256];

		snprintf(text, sizeof(text), EVENT "need\t1\texit\t-\t%s:%zu\nend\t1\n", works[i].word, i % TL_PARTS);
		catalogue = parse(text);
		assert_part(catalogue->entries[0].needs, (uint8_t)(i % TL_PARTS), works[i].work);
		tl_catalogue_free(catalogue);
	}
}

static void reads_fields(void **state)
{
	struct tl_catalogue *catalogue = parse(whole);
	const struct tl_event *event = &catalogue->entries[0].event;
	const struct tl_field *field = tl_event_field(event, "ret");

	(void)state;
	assert_int_equal(event->n_fields, TL_F_OWN + 6 + TL_IDENTITIES);
	assert_int_equal(tl_event_field(event, "exe")->number, TL_F_EXE);
	assert_int_equal(tl_event_field(event, "nspid")->offset, event->fixed_size);
	assert_true(tl_event_field(event, "loginuid")->named);
	assert_false(field->named);
	assert_int_equal(event->tails, TL_BIT(TL_F_OWN) | TL_BIT(TL_F_OWN + 4) | TL_BIT(TL_F_OWN + 5) |
			 TL_BIT(TL_F_OWN + 6 + TL_IDENTITIES - 1));
	assert_int_equal(catalogue->entries[1].event.tails, TL_BIT(TL_F_OWN + TL_IDENTITIES - 1));
	assert_string_equal(event->fields[TL_F_COMM].name, "comm");
	assert_string_equal(event->fields[TL_F_COMM].arg, "");
	assert_ptr_equal(field, &event->fields[TL_F_OWN + 1]);
	assert_string_equal(field->meaning, "fd");
	assert_string_equal(field->doc, "");
	assert_string_equal(field->arg, "");
	assert_int_equal(field->type, TL_TYPE_S64);
	assert_int_equal(field->offset, 104);
	assert_int_equal(field->size, 8);
	assert_int_equal(field->number, 11);
	assert_null(field->layout);
	field = tl_event_field(event, "pathname");
	assert_string_equal(field->arg, "pathname");
	assert_string_equal(field->doc, "The name.");
	assert_string_equal(tl_event_field(event, "file")->arg, "ret");
	assert_null(tl_event_field(event, "no"));
	tl_catalogue_free(catalogue);
}

static void reads_layouts(void **state)
{
	struct tl_catalogue *catalogue = parse(whole);
	const struct tl_layout *layout = catalogue->layouts[0];

	(void)state;
	assert_int_equal(catalogue->n_layouts, 2);
	assert_string_equal(layout->name, "pollfd");
	assert_int_equal(layout->size, 8);
	assert_int_equal(layout->n_members, 2);
	assert_string_equal(layout->members[0].name, "fd");
	assert_string_equal(layout->members[0].meaning, "fd");
	assert_string_equal(layout->members[0].doc, "The descriptor.");
	assert_string_equal(layout->members[0].arg, "");
	assert_int_equal(layout->members[1].type, TL_TYPE_S16);
	assert_int_equal(layout->members[1].offset, 6);
	assert_int_equal(layout->members[1].size, 2);
	assert_int_equal(catalogue->layouts[1]->n_members, 0);
	assert_ptr_equal(tl_event_field(&catalogue->entries[0].event, "fds")->layout, layout);
	tl_catalogue_free(catalogue);
}

static const struct {
	const char *text;
	int code;
	const char *message;
} refused[] = {
	{ "", -EBADMSG, "catalogue cut short after 0 events" },
	{ "traceleft\tABI\t5", -EBADMSG, "catalogue cut short after 0 events" },
	{ "something else\n", -ENOEXEC, "no battery of traceleft" },
	{ "traceleft\tABI\t1\t" TL_ARCH "\n", -ENOEXEC,
	  "made by another version of traceleft (ABI 1, this is 5)" },
	{ "traceleft\tABI\t6\tx\ty\tz\n", -ENOEXEC,
	  "made by another version of traceleft (ABI 6, this is 5)" },
	{ "traceleft\tABI\tone\t" TL_ARCH "\n", -EBADMSG, "line 1: ABI `one` is no number" },
	{ "traceleft\tABI\t5\n", -EBADMSG, "line 1: the head has 4 columns, not 3" },
	{ "traceleft\tABI\t5\triscv64\n", -ENOEXEC,
	  "made for riscv64, this program is for " TL_ARCH "; rebuild the battery" },
	{ HEAD, -EBADMSG, "catalogue cut short after 0 events" },
	{ EVENT, -EBADMSG, "catalogue cut short after 1 events" },
	{ EVENT "end\t1", -EBADMSG, "catalogue cut short after 1 events" },
	{ EVENT "end\t2\n", -EBADMSG, "line 3: 2 events were promised, 1 are there" },
	{ EVENT "end\t1\n\n", -EBADMSG, "line 3: text follows the end" },
	{ EVENT "\nend\t1\n", -EBADMSG, "line 3: no such word ``" },
	{ EVENT "map\tx\n", -EBADMSG, "line 3: no such word `map`" },
	{ EVENT "end\t1\r\n", -EBADMSG, "line 3: holds a control character" },
	{ EVENT "a\t\t\t\t\t\t\t\t\t\n", -EBADMSG, "line 3: has more than 9 columns" },
	{ HEAD "field\ta\tu8\t\t96\t1\t10\t\t\n", -EBADMSG,
	  "line 2: `field` before the first event" },
	{ HEAD "event\ta\t96\tdoc\n", -EBADMSG, "line 2: `event` has 5 columns, not 4" },
	{ HEAD "event\ta b\t96\t\t\n", -EBADMSG, "line 2: no event or field can be named `a b`" },
	{ HEAD "event\t\t96\t\t\n", -EBADMSG, "line 2: no event or field can be named ``" },
	{ HEAD "event\ta\t95\t\t\n", -EBADMSG, "line 2: size 95 is not within 96 and 24576" },
	{ HEAD "event\ta\t24577\t\t\n", -EBADMSG, "line 2: size 24577 is not within 96 and 24576" },
	{ HEAD "event\ta\t-80\t\t\n", -EBADMSG, "line 2: size `-80` is no number" },
	{ HEAD "event\ta\t9999999999\t\t\n", -EBADMSG, "line 2: size `9999999999` is no number" },
	{ EVENT "event\ttcp.connect\t96\t\t\n", -EBADMSG,
	  "line 3: event `tcp.connect` is there twice" },
	{ EVENT "field\ta\tu128\t\t96\t16\t10\t\t\n", -EBADMSG, "line 3: no such type `u128`" },
	{ EVENT "field\ta\tevent\t\t96\t1\t10\t\t\n", -EBADMSG, "line 3: no such type `event`" },
	{ EVENT "field\tA\tu8\t\t96\t1\t10\t\t\n", -EBADMSG,
	  "line 3: no event or field can be named `A`" },
	{ EVENT "field\tpid\tu8\t\t96\t1\t10\t\t\n", -EBADMSG, "line 3: field `pid` is there twice" },
	{ EVENT "field\ta\tu16\t\t96\t4\t10\t\t\n", -EBADMSG,
	  "line 3: field `a`: no u16 has 4 bytes" },
	{ EVENT "field\ta\tu8\t\t95\t1\t10\t\t\n", -EBADMSG,
	  "line 3: offset 95 is not within 96 and 24576" },
	{ EVENT "field\ta\tu16\t\t135\t2\t10\t\t\n", -EBADMSG,
	  "line 3: field `a` lies outside the record" },
	{ EVENT "field\ta\tu8\t\t96\t1\t9\t\t\n", -EBADMSG,
	  "line 3: number 9 is not within 10 and 60" },
	{ EVENT "field\ta\tu8\t\t96\t1\t64\t\t\n", -EBADMSG,
	  "line 3: number 64 is not within 10 and 60" },
	{ EVENT "field\ta\tu8\t\t96\t1\t10\t\t\nfield\tb\tu8\t\t97\t1\t10\t\t\n", -EBADMSG,
	  "line 4: field `b`: number 10 is taken" },
	{ EVENT "exit\t512\tp\n", -EBADMSG, "line 3: system call 512 is not within 0 and 511" },
	{ EVENT "exit\t1\tp\nexit\t1\tq\n", -EBADMSG, "line 4: system call 1 has two handlers" },
	{ EVENT "exit\t1\tp\nenter\t1\tp\nenter\t1\tq\n", -EBADMSG, "line 5: system call 1 has two handlers" },
	{ EVENT "exit\t1\ta.b\n", -EBADMSG, "line 3: no program can be named `a.b`" },
	{ EVENT "enter\t512\tp\n", -EBADMSG, "line 3: system call 512 is not within 0 and 511" },
	{ EVENT "enter\t1\t-\n", -EBADMSG, "line 3: no program can be named `-`" },
	{ EVENT "enter\t1\n", -EBADMSG, "line 3: `enter` has 3 columns, not 2" },
	{ HEAD "enter\t1\tp\n", -EBADMSG, "line 2: `enter` before the first event" },
	{ HEAD "need\t1\tenter\t-\ttime\n", -EBADMSG, "line 2: `need` before the first event" },
	{ EVENT "need\t1\tenter\t-\n", -EBADMSG, "line 3: `need` has 5 columns, not 4" },
	{ EVENT "need\t512\tenter\t-\ttime\n", -EBADMSG, "line 3: system call 512 is not within 0 and 511" },
	{ EVENT "need\t1\tEnter\t-\ttime\n", -EBADMSG, "line 3: `Enter` is neither `enter` nor `exit`" },
	{ EVENT "need\t1\t\t-\ttime\n", -EBADMSG, "line 3: `` is neither `enter` nor `exit`" },
	{ EVENT "need\t1\tenter\tduration\ttime\n", -EBADMSG, "line 3: the event has no field `duration`" },
	{ FIELD "need\t1\tenter\ta,b\ttime\n", -EBADMSG, "line 4: the event has no field `b`" },
	{ FIELD "need\t1\tenter\t\ttime\n", -EBADMSG, "line 4: no field is named" },
	{ FIELD "need\t1\tenter\t,\ttime\n", -EBADMSG, "line 4: no field is named" },
	{ FIELD "need\t1\tenter\t-,a\ttime\n", -EBADMSG, "line 4: the event has no field `-`" },
	{ EVENT "need\t1\tenter\t-\t\n", -EBADMSG, "line 3: no such work ``" },
	{ EVENT "need\t1\tenter\t-\ttimes\n", -EBADMSG, "line 3: no such work `times`" },
	{ EVENT "need\t1\tenter\t-\tstring\n", -EBADMSG, "line 3: no such work `string`" },
	{ EVENT "need\t1\tenter\t-\tstr:1\n", -EBADMSG, "line 3: no such work `str:1`" },
	{ EVENT "need\t1\tenter\t-\tstrings:1\n", -EBADMSG, "line 3: no such work `strings:1`" },
	{ EVENT "need\t1\tenter\t-\t:1\n", -EBADMSG, "line 3: no such work `:1`" },
	{ EVENT "need\t1\tenter\t-\tfile:\n", -EBADMSG, "line 3: part `` is no number" },
	{ EVENT "need\t1\tenter\t-\tfile:7\n", -EBADMSG, "line 3: part 7 is not within 0 and 6" },
	{ EVENT "need\t1\tenter\t-\tfile:1:2\n", -EBADMSG, "line 3: part `1:2` is no number" },
	{ EVENT "field\ta\tarray\tarray:pair\t96\t8\t10\t\t\n", -EBADMSG,
	  "line 3: field `a`: no such layout `array:pair`" },
	{ LAYOUT "event\ta\t104\t\t\nfield\ta\tarray\tpair\t96\t8\t10\t\t\n", -EBADMSG,
	  "line 4: field `a`: no such layout `pair`" },
	{ LAYOUT "event\ta\t104\t\t\nfield\ta\tarray\tarray:pairs\t96\t8\t10\t\t\n", -EBADMSG,
	  "line 4: field `a`: no such layout `array:pairs`" },
	{ EVENT "layout\tpair\t8\n", -EBADMSG, "line 3: `layout` after an event" },
	{ HEAD "layout\tPair\t8\n", -EBADMSG, "line 2: no event or field can be named `Pair`" },
	{ HEAD "layout\tpair\t0\n", -EBADMSG, "line 2: size 0 is not within 1 and 1024" },
	{ HEAD "layout\tpair\t1025\n", -EBADMSG, "line 2: size 1025 is not within 1 and 1024" },
	{ HEAD "layout\tpair\n", -EBADMSG, "line 2: `layout` has 3 columns, not 2" },
	{ HEAD "member\ta\tu8\t\t0\t1\t\n", -EBADMSG, "line 2: `member` without a layout" },
	{ LAYOUT "event\ta\t96\t\t\nmember\ta\tu8\t\t0\t1\t\n", -EBADMSG, "line 4: `member` without a layout" },
	{ LAYOUT "member\ta\tu8\t\t0\t1\n", -EBADMSG, "line 3: `member` has 7 columns, not 6" },
	{ LAYOUT "member\ta\tu128\t\t0\t1\t\n", -EBADMSG, "line 3: `u128`: a member is a number" },
	{ LAYOUT "member\ta\tbool\t\t0\t1\t\n", -EBADMSG, "line 3: `bool`: a member is a number" },
	{ LAYOUT "member\ta\tstr\t\t0\t8\t\n", -EBADMSG, "line 3: `str`: a member is a number" },
	{ LAYOUT "member\tA\tu8\t\t0\t1\t\n", -EBADMSG, "line 3: no event or field can be named `A`" },
	{ LAYOUT "member\ta\tu8\t\t9\t1\t\n", -EBADMSG, "line 3: offset 9 is not within 0 and 8" },
	{ LAYOUT "member\ta\tu8\t\t0\t0\t\n", -EBADMSG, "line 3: size 0 is not within 1 and 8" },
	{ LAYOUT "member\ta\tu16\t\t0\t4\t\n", -EBADMSG, "line 3: member `a` lies outside its element" },
	{ LAYOUT "member\ta\tu8\t\t8\t1\t\n", -EBADMSG, "line 3: member `a` lies outside its element" },
	{ LAYOUT "member\ta\tu64\t\t1\t8\t\n", -EBADMSG, "line 3: member `a` lies outside its element" },
	{ RAW_EVENT "raw\tfdd\t0\n", -EBADMSG, "line 7: the event has no field `fdd`" },
	{ RAW_EVENT "raw\tname\t0\n", -EBADMSG, "line 7: `name` is no number" },
	{ RAW_EVENT "raw\tfd\t6\n", -EBADMSG, "line 7: argument 6 is not within 0 and 5" },
	{ RAW_EVENT "raw\tfd\tx\n", -EBADMSG, "line 7: argument `x` is no number" },
	{ EVENT "attach\t\n", -EBADMSG, "line 3: no program can be named ``" },
	{ EVENT "maybe\tp\th h\n", -EBADMSG, "line 3: no program can be named `h h`" },
	{ EVENT "hook\ta b\n", -EBADMSG, "line 3: no program can be named `a b`" },
	{ EVENT "maybe\tp\n", -EBADMSG, "line 3: `maybe` has 3 columns, not 2" },
	{ EVENT "attach\tp\nattach\tp\n", -EBADMSG, "line 4: program `p` is there twice" },
};

static void refuses(const char *text, size_t len, int code, const char *message)
{
	struct tl_catalogue *catalogue;
	struct tl_error err = { 0 };
	char expected[TL_ERROR_MAX];

	snprintf(expected, sizeof(expected), "x.bpf.o: %s", message);
	assert_int_equal(tl_catalogue_parse(text, len, "x.bpf.o", &catalogue, &err), code);
	assert_string_equal(err.message, expected);
	assert_int_equal(err.code, code);
	assert_null(catalogue);
	assert_int_equal(tl_catalogue_parse(text, len, "x.bpf.o", &catalogue, NULL), code);
}

static void refuses_what_is_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(refused); i++)
		refuses(refused[i].text, strlen(refused[i].text), refused[i].code,
			refused[i].message);
	refuses(EVENT "end\0\t1\n", sizeof(EVENT "end\0\t1\n") - 1, -EBADMSG,
		"line 3: holds a control character");
}

static void refuses_every_beginning(void **state)
{
	(void)state;
	for (size_t len = 0; len < strlen(whole); len++) {
		struct tl_catalogue *catalogue;
		char *text = malloc(len + 1);	/* of that very length, for the sanitizer's sake */

		memcpy(text, whole, len);
		assert_int_equal(tl_catalogue_parse(text, len, "x", &catalogue, NULL), -EBADMSG);
		free(text);
	}
}

static void refuses_too_many_events(void **state)
{
	size_t len = sizeof(HEAD) - 1, size = len + 32 * (TL_EVENTS_MAX + 1);
	char *text = malloc(size);

	(void)state;
	memcpy(text, HEAD, len);
	for (int i = 0; i <= TL_EVENTS_MAX; i++)
		len += (size_t)snprintf(text + len, size - len, "event\te%d\t96\t\t\n", i);
	refuses(text, len, -EBADMSG, "line 1026: more than 1024 events");
	free(text);
}

static void refuses_too_many_members(void **state)
{
	size_t len = sizeof(LAYOUT) - 1;
	char text[1024] = LAYOUT;

	(void)state;
	for (int i = 0; i <= 16; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "member\tm%d\tu8\t\t0\t1\t\n", i);
	refuses(text, len, -EBADMSG, "line 19: more than 16 members");
}

static void frees_nothing(void **state)
{
	(void)state;
	tl_catalogue_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_events),
		cmocka_unit_test(reads_handlers_of_both_sides),
		cmocka_unit_test(reads_needs),
		cmocka_unit_test(reads_what_is_known_early),
		cmocka_unit_test(knows_all_works),
		cmocka_unit_test(reads_fields),
		cmocka_unit_test(reads_layouts),
		cmocka_unit_test(refuses_what_is_wrong),
		cmocka_unit_test(refuses_every_beginning),
		cmocka_unit_test(refuses_too_many_events),
		cmocka_unit_test(refuses_too_many_members),
		cmocka_unit_test(frees_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
