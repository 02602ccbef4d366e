/* SPDX-License-Identifier: MIT */
/* test_catalogue.c: tests core/catalogue.c. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "tl_abi.h"

#define HEAD	"traceleft\tABI\t1\t" TL_ARCH "\n"
#define EVENT	HEAD "event\ttcp.connect\t128\tA connection.\n"

static const char whole[] =
	HEAD
	"event\tsyscall.openat\t120\tOpens a file.\n"
	"field\tpathname\tstr\t\t88\t8\t10\tThe name.\n"
	"field\tret\ts64\tfd\t96\t8\t11\t\n"
	"field\terror\terror\t\t96\t8\t12\t\n"
	"field\tduration\tu64\tduration\t104\t8\t13\t\n"
	"exit\t257\ttl_syscall_openat\n"
	"enter\t257\tduration\n"
	"enter\t257\tpathname\n"
	"event\tprocess.exec\t88\t\n"
	"exit\t59\ttl_exec_exit\n"
	"exit\t322\ttl_exec_exit\n"
	"enter\t59\t-\n"
	"attach\ttl_sched_process_exec\n"
	"attach\ttl_sched_process_exit\n"
	"end\t2\n";

static void reads_events(void **state)
{
	struct tl_catalogue *catalogue;
	struct tl_error err = { 0 };
	const struct tl_entry *entry;

	(void)state;
	assert_int_equal(tl_catalogue_parse(whole, strlen(whole), "x", &catalogue, &err), 0);
	assert_int_equal(catalogue->n, 2);
	entry = &catalogue->entries[0];
	assert_string_equal(entry->event.name, "syscall.openat");
	assert_string_equal(entry->event.doc, "Opens a file.");
	assert_int_equal(entry->event.fixed_size, 120);
	assert_int_equal(entry->event.number, 0);
	assert_int_equal(entry->n_exits, 1);
	assert_int_equal(entry->exits[0].nr, 257);
	assert_string_equal(entry->exits[0].program, "tl_syscall_openat");
	assert_int_equal(entry->n_enters, 1);
	assert_int_equal(entry->enters[0].fields, TL_BIT(13) | TL_BIT(10));
	assert_int_equal(entry->n_attaches, 0);

	entry = &catalogue->entries[1];
	assert_string_equal(entry->event.name, "process.exec");
	assert_string_equal(entry->event.doc, "");
	assert_int_equal(entry->event.number, 1);
	assert_int_equal(entry->event.n_fields, TL_F_OWN);
	assert_int_equal(entry->n_exits, 2);
	assert_int_equal(entry->enters[0].fields, UINT64_MAX);
	assert_int_equal(entry->n_attaches, 2);
	assert_string_equal(entry->attaches[1], "tl_sched_process_exit");
	tl_catalogue_free(catalogue);
}

static void reads_fields(void **state)
{
	struct tl_catalogue *catalogue;
	const struct tl_event *event;
	const struct tl_field *field;

	(void)state;
	assert_int_equal(tl_catalogue_parse(whole, strlen(whole), "x", &catalogue, NULL), 0);
	event = &catalogue->entries[0].event;
	assert_int_equal(event->n_fields, TL_F_OWN + 4);
	assert_int_equal(event->tails, TL_BIT(TL_F_OWN));
	assert_int_equal(catalogue->entries[1].event.tails, 0);
	assert_string_equal(event->fields[TL_F_COMM].name, "comm");
	field = tl_event_field(event, "ret");
	assert_ptr_equal(field, &event->fields[TL_F_OWN + 1]);
	assert_string_equal(field->meaning, "fd");
	assert_string_equal(field->doc, "");
	assert_int_equal(field->type, TL_TYPE_S64);
	assert_int_equal(field->offset, 96);
	assert_int_equal(field->size, 8);
	assert_int_equal(field->number, 11);
	assert_null(tl_event_field(event, "no"));
	tl_catalogue_free(catalogue);
}

static const struct {
	const char *text;
	int code;
	const char *message;
} refused[] = {
	{ "", -EBADMSG, "catalogue cut short after 0 events" },
	{ "traceleft\tABI\t1", -EBADMSG, "catalogue cut short after 0 events" },
	{ "something else\n", -ENOEXEC, "no battery of traceleft" },
	{ "traceleft\tABI\t2\tx\ty\tz\n", -ENOEXEC,
	  "made by another version of traceleft (ABI 2, this is 1)" },
	{ "traceleft\tABI\tone\t" TL_ARCH "\n", -EBADMSG, "line 1: ABI `one` is no number" },
	{ "traceleft\tABI\t1\n", -EBADMSG, "line 1: the head has 4 columns, not 3" },
	{ "traceleft\tABI\t1\triscv64\n", -ENOEXEC,
	  "made for riscv64, this program is for " TL_ARCH "; rebuild the battery" },
	{ HEAD, -EBADMSG, "catalogue cut short after 0 events" },
	{ EVENT, -EBADMSG, "catalogue cut short after 1 events" },
	{ EVENT "end\t1", -EBADMSG, "catalogue cut short after 1 events" },
	{ EVENT "end\t2\n", -EBADMSG, "line 3: 2 events were promised, 1 are there" },
	{ EVENT "end\t1\n\n", -EBADMSG, "line 3: text follows the end" },
	{ EVENT "\nend\t1\n", -EBADMSG, "line 3: no such word ``" },
	{ EVENT "map\tx\n", -EBADMSG, "line 3: no such word `map`" },
	{ EVENT "end\t1\r\n", -EBADMSG, "line 3: holds a control character" },
	{ EVENT "a\t\t\t\t\t\t\t\t\n", -EBADMSG, "line 3: has more than 8 columns" },
	{ HEAD "field\ta\tu8\t\t88\t1\t10\t\n", -EBADMSG,
	  "line 2: `field` before the first event" },
	{ HEAD "event\ta\t80\n", -EBADMSG, "line 2: `event` has 4 columns, not 3" },
	{ HEAD "event\ta b\t88\t\n", -EBADMSG, "line 2: no event or field can be named `a b`" },
	{ HEAD "event\t\t88\t\n", -EBADMSG, "line 2: no event or field can be named ``" },
	{ HEAD "event\ta\t87\t\n", -EBADMSG, "line 2: size 87 is not within 88 and 24576" },
	{ HEAD "event\ta\t24577\t\n", -EBADMSG, "line 2: size 24577 is not within 88 and 24576" },
	{ HEAD "event\ta\t-80\t\n", -EBADMSG, "line 2: size `-80` is no number" },
	{ HEAD "event\ta\t9999999999\t\n", -EBADMSG, "line 2: size `9999999999` is no number" },
	{ EVENT "event\ttcp.connect\t88\t\n", -EBADMSG,
	  "line 3: event `tcp.connect` is there twice" },
	{ EVENT "field\ta\tu128\t\t88\t16\t10\t\n", -EBADMSG, "line 3: no such type `u128`" },
	{ EVENT "field\ta\tevent\t\t88\t1\t10\t\n", -EBADMSG, "line 3: no such type `event`" },
	{ EVENT "field\tA\tu8\t\t88\t1\t10\t\n", -EBADMSG,
	  "line 3: no event or field can be named `A`" },
	{ EVENT "field\tpid\tu8\t\t88\t1\t10\t\n", -EBADMSG, "line 3: field `pid` is there twice" },
	{ EVENT "field\ta\tu16\t\t88\t4\t10\t\n", -EBADMSG,
	  "line 3: field `a`: no u16 has 4 bytes" },
	{ EVENT "field\ta\tu8\t\t87\t1\t10\t\n", -EBADMSG,
	  "line 3: offset 87 is not within 88 and 24576" },
	{ EVENT "field\ta\tu16\t\t127\t2\t10\t\n", -EBADMSG,
	  "line 3: field `a` lies outside the record" },
	{ EVENT "field\ta\tu8\t\t88\t1\t9\t\n", -EBADMSG,
	  "line 3: number 9 is not within 10 and 63" },
	{ EVENT "field\ta\tu8\t\t88\t1\t64\t\n", -EBADMSG,
	  "line 3: number 64 is not within 10 and 63" },
	{ EVENT "field\ta\tu8\t\t88\t1\t10\t\nfield\tb\tu8\t\t89\t1\t10\t\n", -EBADMSG,
	  "line 4: field `b`: number 10 is taken" },
	{ EVENT "exit\t512\tp\n", -EBADMSG, "line 3: system call 512 is not within 0 and 511" },
	{ EVENT "exit\t1\tp\nexit\t1\tq\n", -EBADMSG, "line 4: system call 1 has two handlers" },
	{ EVENT "exit\t1\ta.b\n", -EBADMSG, "line 3: no program can be named `a.b`" },
	{ EVENT "enter\t1\tduration\n", -EBADMSG, "line 3: the event has no field `duration`" },
	{ EVENT "enter\t512\t-\n", -EBADMSG, "line 3: system call 512 is not within 0 and 511" },
	{ EVENT "attach\t\n", -EBADMSG, "line 3: no program can be named ``" },
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
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
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
		len += (size_t)snprintf(text + len, size - len, "event\te%d\t88\t\n", i);
	refuses(text, len, -EBADMSG, "line 1026: more than 1024 events");
	free(text);
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
		cmocka_unit_test(reads_fields),
		cmocka_unit_test(refuses_what_is_wrong),
		cmocka_unit_test(refuses_every_beginning),
		cmocka_unit_test(refuses_too_many_events),
		cmocka_unit_test(frees_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
