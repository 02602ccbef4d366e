/* SPDX-License-Identifier: MIT */
/* test_span.c: tests core/aggregate/span.c, and what core/aggregate/span_emit.c makes of it in verdicts. */
/* link: -Wl,--wrap=bpf_object__open_mem,--wrap=bpf_object__close,--wrap=bpf_object__load */
/* link: -Wl,--wrap=bpf_object__next_program,--wrap=bpf_object__next_map,--wrap=bpf_program__name */
/* link: -Wl,--wrap=bpf_program__section_name,--wrap=bpf_program__autoload,--wrap=bpf_program__set_autoload */
/* link: -Wl,--wrap=bpf_program__fd,--wrap=bpf_program__attach,--wrap=bpf_link__destroy,--wrap=bpf_map__name */
/* link: -Wl,--wrap=bpf_map__fd,--wrap=bpf_map__set_autocreate,--wrap=bpf_map__set_max_entries */
/* link: -Wl,--wrap=bpf_map__reuse_fd,--wrap=bpf_map__set_initial_value,--wrap=bpf_map_lookup_elem */
/* link: -Wl,--wrap=bpf_map_update_elem,--wrap=bpf_map_delete_elem,--wrap=bpf_map_get_next_key */
/* link: -Wl,--wrap=libbpf_num_possible_cpus,--wrap=bpf_obj_get_info_by_fd,--wrap=bpf_prog_test_run_opts,--wrap=kill,--wrap=tl_processes_walk */
/* link: -Wl,--wrap=tl_has_btf,--wrap=tl_has_ring_buffer,--wrap=tl_has_task_storage */
/* link: -Wl,--wrap=ring_buffer__new,--wrap=ring_buffer__free,--wrap=ring_buffer__epoll_fd,--wrap=ring_buffer__consume */
/* link: -Wl,--wrap=perf_buffer__new_raw,--wrap=perf_buffer__free,--wrap=perf_buffer__epoll_fd */
/* link: -Wl,--wrap=perf_buffer__buffer_cnt,--wrap=perf_buffer__consume_buffer */
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include "session_fixture.h"
#include "verdict/verdict.h"

#define MAP	77	/* the descriptor of a span's map in the code that is made */

static struct tl_session *session;
static struct tl_error err;

static int set_up(void **state)
{
	(void)state;
	memset(&heard, 0, sizeof(heard));
	memset(&err, 0, sizeof(err));
	session = open_session(false);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < TL_SPANS_MAX; i++)
		if (session->spans[i])
			session->spans[i]->map = -1;	/* it was none of ours */
	tl_session_close(session);
	return 0;
}

static int open_span(const char *name, const char *start, const char *stop, const char *start_key, const char *stop_key,
		     const char *where, struct tl_span **span)
{
	const char *starts[] = { start, NULL }, *stops[] = { stop, NULL };
	const struct tl_span_opts opts = { .sz = sizeof(opts), .name = name, .start = starts, .stop = stops,
					   .start_key = start_key, .stop_key = stop_key, .where = where };

	return tl_span_open(session, &opts, span, &err);
}

static struct tl_span *must_open(const char *name, const char *start, const char *stop)
{
	struct tl_span *span;

	if (open_span(name, start, stop, "tid", "tid", NULL, &span))
		fail_msg("%s", err.message);
	span->map = MAP;
	return span;
}

static int subscribe_to(struct tl_span *span, const char *where, const char *field, const char *letter,
			struct tl_subscription **sub)
{
	const char *fields[] = { field, NULL };
	const struct tl_subscribe_opts opts = { .sz = sizeof(opts), .span = span, .where = where, .fn = hear,
						.fields = field ? fields : NULL, .arg = (void *)(uintptr_t)letter };

	return tl_subscribe(session, &opts, sub, &err);
}

static struct tl_subscription *must_count(struct tl_span *span)
{
	const struct tl_aggregate_opts count = { .sz = sizeof(count), .kind = TL_SUM, .value = "duration" };
	const struct tl_subscribe_opts opts = { .sz = sizeof(opts), .span = span, .aggregate = &count };
	struct tl_subscription *sub;

	if (tl_subscribe(session, &opts, &sub, &err))
		fail_msg("%s", err.message);
	return sub;
}

/* ---- what its events are ----------------------------------------------------------------------- */

static void has_a_duration_of_its_own(void **state)
{
	struct tl_span *span = must_open("held", "t.one", "s.*");
	const struct tl_event *event = &span->ends[0].entry.event;
	const struct tl_field *field = tl_event_field(event, "duration");

	(void)state;
	assert_int_equal(span->n_ends, 8);
	assert_string_equal(event->name, "held");
	assert_int_equal(event->number, S_A);
	assert_int_equal(event->n_fields, TL_F_OWN + 2 + TL_IDENTITIES);	/* in the place of the call's */
	assert_int_equal(field->offset, offsetof(struct tl_record, span));
	assert_int_equal(field->number, TL_F_OWN + 2);
	assert_string_equal(tl_session_event(session, S_A)->name, "s.a");
	assert_int_equal(tl_event_field(tl_session_event(session, S_A), "duration")->number, TL_F_OWN + 1);
	event = &span->ends[2].entry.event;	/* s.c has none */
	assert_int_equal(event->n_fields, TL_F_OWN + 2 + TL_IDENTITIES);
	assert_string_equal(event->fields[TL_F_OWN + 1 + TL_IDENTITIES].name, "duration");
	assert_ptr_equal(tl_session_find(session, "held"), &span->ends[0].entry.event);
	assert_string_equal(tl_session_nearest(session, "held", "duraton"), "duration");
}

static void delivers_the_stop_event_by_its_name(void **state)
{
	struct tl_span *span = must_open("held", "t.one", "t.two");
	struct tl_subscription *plain = must_subscribe(session, "t.two", NULL, "a"), *sub;
	struct sample sample;
	struct tl_value value;

	(void)state;
	assert_int_equal(subscribe_to(span, NULL, NULL, "b", &sub), 0);
	sample = make_sample(T_TWO, bit_of(plain) | bit_of(sub) | bit_of(span->mark), 1);
	sample.head.span = 12345;
	assert_int_equal(tl_session_feed(session, &sample, sizeof(sample), &err), 0);
	assert_string_equal(heard.got, "ab");
	assert_string_equal(heard.view.event->name, "held");
	heard.view.data = &sample;
	tl_field_read(&heard.view, tl_event_field(heard.view.event, "duration"), &value);
	assert_int_equal(value.u, 12345);
	assert_int_equal(sub->seen, 1);
	assert_int_equal(span->mark->seen, 0);
}

/* What the ends read for themselves is wanted too, and the duration of the call is not. */
static void wants_what_the_ends_read(void **state)
{
	struct tl_subscription *sub;
	struct tl_span *span;

	(void)state;
	assert_int_equal(open_span("held", "t.one", "s.a", "tid", "ret", "uid == 0", &span), 0);
	assert_int_equal(subscribe_to(span, "duration > 1ms", "duration", "a", &sub), 0);
	assert_int_equal(sub->fields[0], TL_BIT(TL_F_OWN) | TL_BIT(TL_F_UID) | TL_BIT(TL_F_OWN + 2));
	assert_int_equal(span->mark->fields[0], TL_BIT(TL_F_TID));
}

/* ---- what is refused ----------------------------------------------------------------------------- */

static void refuses_wrong_words(void **state)
{
	static const struct {
		const char *start, *stop, *start_key, *stop_key, *where;
		int code;
		const char *message;
	} wrong[] = {
		{ "t.on", "t.two", "tid", "tid", NULL, -ENOENT, "t.on: no such event; did you mean t.one?" },
		{ "t.one", "t.x*", "tid", "tid", NULL, -ENOENT, "t.x*: matches no event; --list shows them all" },
		{ "t.one", "t.two", "comm", "comm", NULL, -EINVAL,
		  "key: 'comm' is a string where a number is needed\ncomm\n^" },
		{ "t.one", "t.two", "comm", "tid", NULL, -EINVAL,
		  "start_key: 'comm' is a string where a number is needed\ncomm\n^" },
		{ "t.one", "t.two", "tid", "1 + tidd", NULL, -ENOENT,
		  "stop_key: no field 'tidd'; did you mean 'tid'?\n1 + tidd\n    ^" },
		{ "t.one", "t.two", "tid", "tid", "n", -EINVAL,
		  "where: 'n' is a number, and in Lua every number is true; say n ~= 0\nn\n^" },
		{ "t.one", "t.two", NULL, "tid", NULL, -EINVAL, "span: name, start_key and stop_key are needed" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct tl_span *span = (void *)wrong;

		assert_int_equal(open_span("held", wrong[i].start, wrong[i].stop, wrong[i].start_key, wrong[i].stop_key,
					   wrong[i].where, &span), wrong[i].code);
		assert_string_equal(err.message, wrong[i].message);
		assert_null(span);
		assert_int_equal(count_subs(session), 0);
		assert_null(session->spans[0]);
	}
}

static void has_room_for_sixteen(void **state)
{
	struct tl_span *span;

	(void)state;
	for (int i = 0; i < TL_SPANS_MAX; i++)
		must_open("held", "t.one", "t.two");
	assert_int_equal(open_span("held", "t.one", "t.two", "tid", "tid", NULL, &span), -ENOSPC);
	assert_string_equal(err.message, "span: there are 16 already, the most a session can have; stop one");
	session->spans[5]->map = -1;
	assert_int_equal(tl_span_close(session->spans[5], &err), 0);
	assert_int_equal(must_open("held", "t.one", "t.two")->number, 5);
}

static void shows_one_span_of_an_event(void **state)
{
	struct tl_span *one = must_open("one", "t.one", "t.*"), *two = must_open("two", "t.one", "t.two");
	struct tl_subscription *sub, *again, *other;

	(void)state;
	assert_int_equal(subscribe_to(one, NULL, NULL, "a", &sub), 0);
	assert_int_equal(subscribe_to(one, NULL, NULL, "b", &again), 0);
	must_count(two);
	assert_int_equal(subscribe_to(two, NULL, NULL, "c", &other), -EBUSY);
	assert_string_equal(err.message, "two: an event has room for one span, and one ends with t.two too, which has "
			    "its own callback; count one of them, or stop it");
	tl_subscription_stop(sub);
	tl_subscription_stop(again);
	assert_int_equal(subscribe_to(two, NULL, NULL, "c", &other), 0);
}

static void is_closed_when_nobody_uses_it(void **state)
{
	struct tl_span *span = must_open("held", "t.one", "t.two");
	struct tl_subscription *sub;

	(void)state;
	assert_false(tl_subscription_is_active(span->mark));	/* nobody waits for it */
	assert_int_equal(subscribe_to(span, NULL, NULL, "a", &sub), 0);
	assert_true(tl_subscription_is_active(span->mark));
	tl_subscription_pause(sub);
	assert_true(tl_subscription_is_active(span->mark));
	assert_int_equal(tl_span_close(span, &err), -EBUSY);
	assert_string_equal(err.message, "held: 1 subscriptions to it have not been stopped");
	tl_subscription_stop(sub);
	span->map = -1;
	assert_int_equal(tl_span_close(span, &err), 0);
	assert_int_equal(count_subs(session), 0);
	assert_null(session->spans[0]);
	assert_int_equal(tl_span_close(NULL, &err), 0);
}

static void close_in_callback(struct tl_subscription *sub, char letter)
{
	struct tl_span *span = sub->span;

	(void)letter;
	tl_subscription_stop(sub);
	span->map = -1;
	assert_int_equal(tl_span_close(span, &err), 0);
	assert_string_equal(heard.view.event->name, "held");	/* as long as the callback runs */
}

static void can_be_closed_in_a_callback(void **state)
{
	struct tl_subscription *sub;

	(void)state;
	assert_int_equal(subscribe_to(must_open("held", "t.one", "t.two"), NULL, NULL, "a", &sub), 0);
	heard.act = close_in_callback;
	assert_int_equal(feed(session, T_TWO, bit_of(sub)), 0);
	assert_string_equal(heard.got, "a");
	assert_int_equal(count_subs(session), 0);
	assert_null(session->closed_spans);
}

/* ---- verdicts ------------------------------------------------------------------------------------ */

/* How often the code of the event's verdict takes the span's map to call that helper. */
static int count_calls(uint16_t event, int helper)
{
	const struct tl_verdict_maps maps = { .depth = 1, .scratch = 2, .shared = 3, .table = 4 };
	struct tl_code code;
	int n = 0;
	bool at_hand = false;

	tl_code_init(&code);
	assert_int_equal(tl_verdict_make(session, event, TL_STAGE_LATE, &maps, &code, &err), 0);
	for (size_t i = 0; i < code.n; i++) {
		const struct bpf_insn *insn = &code.insns[i];

		if (insn->code == (BPF_LD | BPF_DW | BPF_IMM) && insn->src_reg == BPF_PSEUDO_MAP_FD)
			at_hand = insn->imm == MAP;
		if (insn->code == (BPF_JMP | BPF_CALL))
			n += at_hand && insn->imm == helper;
	}
	tl_code_free(&code);
	return n;
}

static void looks_once_for_all(void **state)
{
	struct tl_span *span = must_open("held", "t.one", "t.two");
	struct tl_subscription *sub;

	(void)state;
	assert_false(tl_verdict_needed(session, T_ONE, TL_STAGE_LATE));
	assert_int_equal(subscribe_to(span, NULL, NULL, "a", &sub), 0);
	assert_int_equal(subscribe_to(span, "duration > 1s", NULL, "b", &sub), 0);
	must_count(span);
	assert_true(tl_verdict_needed(session, T_ONE, TL_STAGE_LATE));
	assert_true(tl_verdict_needed(session, T_TWO, TL_STAGE_LATE));
	assert_int_equal(count_calls(T_ONE, BPF_FUNC_map_update_elem), 1);
	assert_int_equal(count_calls(T_ONE, BPF_FUNC_map_lookup_elem), 0);
	assert_int_equal(count_calls(T_TWO, BPF_FUNC_map_lookup_elem), 1);
	assert_int_equal(count_calls(T_TWO, BPF_FUNC_map_delete_elem), 1);
	assert_int_equal(count_calls(T_TWO, BPF_FUNC_map_update_elem), 0);
}

static void ends_and_begins_with_one_event(void **state)
{
	struct tl_span *span = must_open("between", "t.one", "t.one");

	(void)state;
	must_count(span);
	assert_int_equal(count_calls(T_ONE, BPF_FUNC_map_lookup_elem), 1);
	assert_int_equal(count_calls(T_ONE, BPF_FUNC_map_delete_elem), 1);
	assert_int_equal(count_calls(T_ONE, BPF_FUNC_map_update_elem), 1);
}

static void note(const struct tl_explanation *e, void *arg)
{
	char *text = arg;

	sprintf(text + strlen(text), "%s %.*s %s\n", e->event, (int)e->len, e->clause ? e->clause : "", e->where);
}

static void explains_both_ends(void **state)
{
	struct tl_span *span;
	char text[512] = "";

	(void)state;
	assert_int_equal(open_span("held", "t.one", "t.two", "tid", "tid", "n > 1 and uid == 0", &span), 0);
	tl_span_explain(span, note, text);
	assert_string_equal(text, "t.one  kernel, after the handler\nt.two n > 1 kernel, after the handler\n"
			    "t.two uid == 0 kernel, after the handler\nt.two  kernel, after the handler\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(has_a_duration_of_its_own, set_up, tear_down),
		cmocka_unit_test_setup_teardown(delivers_the_stop_event_by_its_name, set_up, tear_down),
		cmocka_unit_test_setup_teardown(wants_what_the_ends_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(refuses_wrong_words, set_up, tear_down),
		cmocka_unit_test_setup_teardown(has_room_for_sixteen, set_up, tear_down),
		cmocka_unit_test_setup_teardown(shows_one_span_of_an_event, set_up, tear_down),
		cmocka_unit_test_setup_teardown(is_closed_when_nobody_uses_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(can_be_closed_in_a_callback, set_up, tear_down),
		cmocka_unit_test_setup_teardown(looks_once_for_all, set_up, tear_down),
		cmocka_unit_test_setup_teardown(ends_and_begins_with_one_event, set_up, tear_down),
		cmocka_unit_test_setup_teardown(explains_both_ends, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
