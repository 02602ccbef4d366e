/* SPDX-License-Identifier: MIT */
/* test_deliver.c: tests core/session/deliver.c in a replay session. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "session_fixture.h"

static struct tl_session *session;
static struct tl_subscription *a, *b, *c;

static int set_up(void **state)
{
	(void)state;
	memset(&heard, 0, sizeof(heard));
	session = open_session(true);
	a = must_subscribe(session, "t.one", NULL, "a");
	b = must_subscribe(session, "t.one", NULL, "b");
	c = must_subscribe(session, "t.*", NULL, "c");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	tl_session_close(session);
	return 0;
}

static void assert_counts(uint64_t delivered, uint64_t unclaimed, uint64_t invalid)
{
	struct tl_stats stats;

	assert_int_equal(tl_session_stats(session, &stats, NULL), 0);
	assert_int_equal(stats.delivered, delivered);
	assert_int_equal(stats.unclaimed, unclaimed);
	assert_int_equal(stats.causes[TL_LOST_INVALID], invalid);
	assert_int_equal(stats.lost, invalid);
}

static void calls_those_in_the_mask(void **state)
{
	(void)state;
	assert_int_equal(feed(session, T_ONE, bit_of(a) | bit_of(c)), 0);
	assert_string_equal(heard.got, "ac");
	assert_string_equal(heard.view.event->name, "t.one");
	assert_int_equal(heard.view.size, sizeof(struct sample));
	assert_int_equal(feed(session, T_ONE, bit_of(c) | bit_of(b) | TL_BIT(63)), 0);
	assert_string_equal(heard.got, "acbc");		/* in the order of the bits */
	assert_int_equal(tl_subscription_seen(a), 1);
	assert_int_equal(tl_subscription_seen(c), 2);
	assert_counts(2, 0, 0);
}

static void counts_what_nobody_wants(void **state)
{
	(void)state;
	assert_int_equal(feed(session, T_ONE, 0), 0);
	assert_int_equal(feed(session, T_ONE, TL_BIT(40)), 0);
	tl_subscription_pause(a);
	assert_int_equal(feed(session, T_ONE, bit_of(a)), 0);
	assert_counts(0, 3, 0);
	tl_subscription_resume(a, NULL);
	assert_int_equal(feed(session, T_ONE, bit_of(a)), 0);
	assert_string_equal(heard.got, "a");
	assert_int_equal(tl_subscription_seen(a), 1);
	assert_counts(1, 3, 0);
}

static void refuses_what_is_damaged(void **state)
{
	struct sample whole = make_sample(T_ONE, bit_of(a), 1), sample;
	struct tl_error err;

	(void)state;
	for (size_t size = 0; size < sizeof(whole); size++)
		assert_int_equal(tl_session_feed(session, &whole, size, &err), -EBADMSG);
	assert_string_equal(err.message, "record: not one of this battery's, or damaged");
	sample = whole;
	sample.head.event = EVENTS;
	assert_int_equal(tl_session_feed(session, &sample, sizeof(sample), &err), -EBADMSG);
	sample.head.event = UINT16_MAX;
	assert_int_equal(tl_session_feed(session, &sample, sizeof(sample), NULL), -EBADMSG);
	sample = whole;
	sample.head.size++;
	assert_int_equal(tl_session_feed(session, &sample, sizeof(sample), &err), -EBADMSG);
	assert_counts(0, 0, sizeof(whole) + 3);
	assert_string_equal(heard.got, "");
	assert_int_equal(tl_session_feed(session, &whole, sizeof(whole), &err), 0);
}

/* A bit's new owner gets nothing that its former owner asked for. */
static void keeps_older_records_from_new_owners(void **state)
{
	struct sample sample = make_sample(T_ONE, bit_of(a), 100);

	(void)state;
	a->since = 101;
	tl_session_feed(session, &sample, sizeof(sample), NULL);
	assert_counts(0, 1, 0);
	sample.head.time = 101;
	tl_session_feed(session, &sample, sizeof(sample), NULL);
	assert_counts(1, 1, 0);
}

/* ---- from within a callback ------------------------------------------------------------------ */

static void stop_self(struct tl_subscription *sub, char letter)
{
	if (letter == 'a')
		tl_subscription_stop(sub);
}

static void stops_itself(void **state)
{
	uint64_t mask = bit_of(a) | bit_of(b);

	(void)state;
	heard.act = stop_self;
	feed(session, T_ONE, mask);
	feed(session, T_ONE, mask);
	assert_string_equal(heard.got, "abb");
	assert_int_equal(count_subs(session), 2);
	assert_null(session->stopped);
}

static void stop_c(struct tl_subscription *sub, char letter)
{
	(void)sub;
	if (letter == 'a' && c)
		tl_subscription_stop(c);
	c = NULL;
}

static void stops_a_later_one(void **state)
{
	uint64_t mask = bit_of(a) | bit_of(b) | bit_of(c);

	(void)state;
	heard.act = stop_c;
	feed(session, T_ONE, mask);
	assert_string_equal(heard.got, "ab");
	assert_counts(1, 0, 0);
}

static void stop_b_and_a(struct tl_subscription *sub, char letter)
{
	if (letter != 'b')
		return;
	tl_subscription_stop(a);	/* an earlier one: it has had its call */
	tl_subscription_stop(sub);
	tl_subscription_stop(sub);	/* harmless while the callback lasts */
}

static void stops_an_earlier_one(void **state)
{
	uint64_t mask = bit_of(a) | bit_of(b) | bit_of(c);

	(void)state;
	heard.act = stop_b_and_a;
	feed(session, T_ONE, mask);
	feed(session, T_ONE, mask);
	assert_string_equal(heard.got, "abcc");
	assert_int_equal(count_subs(session), 1);
}

static void pause_b(struct tl_subscription *sub, char letter)
{
	(void)sub;
	if (letter == 'a')
		tl_subscription_pause(b);
}

static void pauses_a_later_one(void **state)
{
	(void)state;
	heard.act = pause_b;
	feed(session, T_ONE, bit_of(a) | bit_of(b));
	assert_string_equal(heard.got, "a");
}

static void subscribe_d(struct tl_subscription *sub, char letter)
{
	(void)sub;
	if (letter == 'a')
		must_subscribe(session, "t.one", NULL, "d");
}

static void subscribes(void **state)
{
	(void)state;
	heard.act = subscribe_d;
	feed(session, T_ONE, bit_of(a) | bit_of(b));
	assert_string_equal(heard.got, "ab");
	assert_int_equal(count_subs(session), 4);
	heard.act = NULL;
	feed(session, T_ONE, TL_BIT(c->bit + 1));
	assert_string_equal(heard.got, "abd");
}

static void feed_again(struct tl_subscription *sub, char letter)
{
	if (letter == 'a') {
		assert_int_equal(feed(session, T_ONE, bit_of(b)), 0);
		assert_int_equal(session->delivering, 1);
		tl_subscription_stop(sub);
	}
}

/* A delivery inside a delivery frees nothing that the outer one still has in hand. */
static void feeds(void **state)
{
	(void)state;
	heard.act = feed_again;
	feed(session, T_ONE, bit_of(a) | bit_of(c));
	assert_string_equal(heard.got, "abc");
	assert_int_equal(session->delivering, 0);
	assert_null(session->stopped);
}

static void feeds_records_one_behind_the_other(void **state)
{
	struct sample samples[3] = { make_sample(T_ONE, bit_of(a), 1), make_sample(T_TWO, bit_of(c), 1),
				     make_sample(T_ONE, bit_of(b), 1) };
	char buffer[1 + sizeof(samples) + 7] = { 0 }, *odd = buffer + 1;
	struct tl_error err;

	(void)state;
	memcpy(odd, samples, sizeof(samples));
	assert_int_equal(tl_session_feed_all(session, odd, sizeof(samples), &err), 3);
	assert_int_equal(tl_session_feed_all(session, odd, sizeof(samples) + 7, &err), 3);	/* padded */
	assert_int_equal(tl_session_feed_all(session, odd, sizeof(*samples), &err), 1);
	assert_string_equal(heard.got, "acbacba");
}

static void feeds_up_to_the_first_refusal(void **state)
{
	struct sample samples[3] = { make_sample(T_ONE, bit_of(a), 1), make_sample(T_ONE, bit_of(b), 1),
				     make_sample(T_ONE, bit_of(c), 1) };
	static const uint32_t sizes[] = { 0, 95, 96, 103, 105, 209, UINT32_MAX };
	uint64_t refused = 0;
	struct tl_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++, refused++) {
		samples[1].head.size = sizes[i];
		assert_int_equal(tl_session_feed_all(session, samples, sizeof(samples), &err), -EBADMSG);
	}
	assert_string_equal(heard.got, "aaaaabaa");
	for (size_t size = 0; size < sizeof(*samples); size++, refused++)
		assert_int_equal(tl_session_feed_all(session, samples, size, &err), -EBADMSG);
	assert_counts(8, 0, refused);
}

static void interrupt(struct tl_subscription *sub, char letter)
{
	(void)sub;
	if (letter == 'a')
		tl_session_interrupt(session);
}

static void ends_after_the_record_in_hand(void **state)
{
	struct sample sample = make_sample(T_ONE, bit_of(a) | bit_of(b), 1);

	(void)state;
	assert_true(tl_deliver(session, &sample, sizeof(sample)));
	assert_true(tl_deliver(session, &sample, 3));
	heard.act = interrupt;
	assert_false(tl_deliver(session, &sample, sizeof(sample)));
	assert_string_equal(heard.got, "abab");
	assert_false(tl_deliver(session, &sample, 3));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(calls_those_in_the_mask),
		TEST(counts_what_nobody_wants),
		TEST(refuses_what_is_damaged),
		TEST(keeps_older_records_from_new_owners),
		TEST(stops_itself),
		TEST(stops_a_later_one),
		TEST(stops_an_earlier_one),
		TEST(pauses_a_later_one),
		TEST(subscribes),
		TEST(feeds),
		TEST(feeds_records_one_behind_the_other),
		TEST(feeds_up_to_the_first_refusal),
		TEST(ends_after_the_record_in_hand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
