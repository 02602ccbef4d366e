/* SPDX-License-Identifier: MIT */
/*
 * session_fixture.h: sessions on a battery of the tests' own, which takes the built-in one's place.
 * Started ones run on the fakes; the source that includes this names what is wrapped.
 */
#ifndef SESSION_FIXTURE_H
#define SESSION_FIXTURE_H

#include "catalogue/catalogue.h"
#include "fake_channel.h"
#include "fake_libbpf.h"
#include "session/session.h"

#define OWN_FIELD	"field\tn\tu64\t\t96\t8\t10\t\t\n"
#define FILE_FIELDS	"field\tpath\tstr\t\t96\t8\t10\tpath\t\nfield\tfile\tfile\t\t104\t8\t11\tret\t\n"
#define TIMED_FIELDS	"field\tret\ts64\t\t96\t8\t10\t\t\nfield\tduration\tu64\tduration\t104\t8\t11\t\t\n"

enum { T_ONE, T_TWO, S_A, S_B, S_C, S_D, S_E, S_F, S_G, S_H, C_OPEN, C_CLOSE, C_EXIT, C_SAVED, SYSCALL_PROCESS,
       W_IN, W_OUT, EVENTS };

static const struct battery_file fixture_file = {
	.catalogue = CATALOGUE_HEAD
		"event\tt.one\t104\t\t\n" OWN_FIELD "attach\tp_one\nmaybe\tp_two\tno_such_hook\n"
		"event\tt.two\t104\t\t\n" OWN_FIELD "attach\tp_one\nattach\tp_two\n"
		"event\ts.a\t112\t\t\n" TIMED_FIELDS "exit\t1\th_a\nneed\t1\tenter\tduration\ttime\n"
		"event\ts.b\t112\t\t\n" TIMED_FIELDS "exit\t1\th_b\nexit\t2\th_b\nneed\t2\tenter\t-\ttime\n"
		"event\ts.c\t104\t\t\n" OWN_FIELD "exit\t1\th_c\n"
		"event\ts.d\t104\t\t\n" OWN_FIELD "exit\t1\th_d\n"
		"event\ts.e\t104\t\t\n" OWN_FIELD "exit\t1\th_e\n"
		"event\ts.f\t104\t\t\n" OWN_FIELD "exit\t1\th_f\n"
		"event\ts.g\t104\t\t\n" OWN_FIELD "exit\t1\th_g\n"
		"event\ts.h\t104\t\t\n" OWN_FIELD "exit\t3\th_c\n"
		"event\tc.open\t112\tfile desc\t\n" FILE_FIELDS "exit\t4\th_open\n"
		"need\t4\tenter\tpath\tstring:1\nneed\t4\texit\tpath\tstring:1\nneed\t4\texit\tfile\tfile:6\n"
		"event\tc.close\t112\tdesc\t\n" FILE_FIELDS "exit\t4\th_close\n"
		"need\t4\tenter\tfile\theld:0\nneed\t4\texit\tfile\theld:0\n"
		"event\tc.exit\t104\tprocess\t\n" OWN_FIELD "enter\t1\th_exit\n"
		"event\tc.saved\t104\tfilesystem process\t\n" OWN_FIELD "exit\t5\th_saved\nenter\t5\th_begin\n"
		"need\t5\tenter\t-\targs\n"
		"event\tsyscall.process\t104\tdesc\t\n" OWN_FIELD "exit\t6\th_c\n"
		"event\tw.in\t104\t\t\n" OWN_FIELD "attach\ttl_follow_end\nattach\ttl_follow_free\n"
		"event\tw.out\t104\t\t\n" OWN_FIELD "attach\ttl_follow_end\nattach\ttl_follow_free\n"
		"end\t17\n",
	.programs = { "p_one", "p_two", "h_a", "h_b", "h_c", "h_d", "h_e", "h_f", "h_g", "h_open", "h_close",
		      "h_exit", "h_saved", "h_begin", "tl_sys_enter", "tl_sys_exit", "tl_follow_fork", "tl_follow_exec",
		      "tl_follow_end", "tl_follow_free", "tl_pass", "tl_identity_fork", "tl_identity_exec",
		      "tl_identity_free", "tl_identity_pass", "tl_prepare_enter", "tl_prepare_exit",
		      "tl_judged_sys_enter", "tl_judged_sys_exit" },
	.maps = { "tl_shared", "tl_targets", "tl_seeds", "tl_ring", "tl_perf", "tl_counts", "tl_sub_lost",
		  "tl_enter_handlers", "tl_exit_handlers", "own_of_p_two", "tl_told" },
	.special = { [9] = "p_two", [10] = "tl_follow_end" },
};

static inline void __attribute__((unused)) fixture_reset(void)
{
	struct tl_shared *shared = fake.shared;

	memset(&fake, 0, sizeof(fake));
	fake.shared = shared;
	fake.next_fd = 5000;
	fake.files[0] = &fixture_file;
	memset(&channel_fake, 0, sizeof(channel_fake));
	channel_fake.fd = -1;
}

static inline struct tl_session *open_session(bool replay)
{
	char folder[] = "/tmp/tl-session-XXXXXX", path[64];
	const char *battery[] = { path, NULL };
	struct tl_open_opts opts = { .sz = sizeof(opts), .battery = battery, .replay = replay };
	struct tl_session *session;
	struct tl_error err = { 0 };

	fixture_reset();
	if (!mkdtemp(folder))
		abort();
	snprintf(path, sizeof(path), "%s/traceleft.bpf.o", folder);
	write_battery(&fixture_file, path);
	if (tl_session_open(&session, &opts, &err)) {
		fprintf(stderr, "%s\n", err.message);
		abort();
	}
	unlink(path);
	rmdir(folder);
	return session;
}

/* ---- subscriptions that write down what they get --------------------------------------------- */

static struct {
	char got[1024];			/* the letters of the subscriptions called, in turn */
	void (*act)(struct tl_subscription *sub, char letter);
	struct tl_view view;		/* of the last one */
} heard;

static inline void hear(struct tl_subscription *sub, const struct tl_view *view, void *arg)
{
	char letter = *(const char *)arg;
	size_t n = strlen(heard.got);

	if (n + 1 < sizeof(heard.got))
		heard.got[n] = letter;
	heard.view = *view;
	if (heard.act)
		heard.act(sub, letter);
}

/* Subscribes to an event or glob, and one field of it (NULL: all). */
static inline int subscribe(struct tl_session *session, const char *event, const char *field, const char *letter,
			    struct tl_subscription **sub, struct tl_error *err)
{
	const char *events[] = { event, NULL }, *fields[] = { field, NULL };
	struct tl_subscribe_opts opts = { .sz = sizeof(opts), .events = events, .fields = field ? fields : NULL,
					  .fn = hear, .arg = (void *)(uintptr_t)letter };

	return tl_subscribe(session, &opts, sub, err);
}

static inline struct tl_subscription *must_subscribe(struct tl_session *session, const char *event,
						     const char *field, const char *letter)
{
	struct tl_subscription *sub;
	struct tl_error err = { 0 };

	if (subscribe(session, event, field, letter, &sub, &err)) {
		fprintf(stderr, "%s\n", err.message);
		abort();
	}
	return sub;
}

static inline int subscribe_pids(struct tl_session *session, const char *event, const int *pids, size_t n,
				 bool follow, bool at_exec, struct tl_subscription **sub, struct tl_error *err)
{
	const char *events[] = { event, NULL };
	struct tl_subscribe_opts opts = { .sz = sizeof(opts), .events = events, .pids = pids, .n_pids = n,
					  .follow = follow, .at_exec = at_exec, .fn = hear,
					  .arg = (void *)(uintptr_t)"p" };

	return tl_subscribe(session, &opts, sub, err);
}

/* ---- records --------------------------------------------------------------------------------- */

struct sample {
	struct tl_record head;
	uint64_t n;
};

static inline struct sample make_sample(unsigned int event, uint64_t mask, uint64_t time)
{
	return (struct sample){ .head = { .size = sizeof(struct sample), .event = (uint16_t)event, .mask = mask,
					  .time = time } };
}

static inline int feed(struct tl_session *session, unsigned int event, uint64_t mask)
{
	struct sample sample = make_sample(event, mask, 1);

	return tl_session_feed(session, &sample, sizeof(sample), NULL);
}

static inline uint64_t bit_of(const struct tl_subscription *sub)
{
	return TL_BIT(sub->bit);
}

static inline unsigned int count_subs(const struct tl_session *session)
{
	unsigned int n = 0;

	for (int i = 0; i < TL_SUBS_MAX; i++)
		n += !!session->subs[i];
	return n;
}

#endif
