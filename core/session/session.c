// SPDX-License-Identifier: MIT
/* A session's life: open, start, poll, close. */
#include "session/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/error.h"
#include "common/nearest.h"
#include "decode/decode.h"
#include "load/feature.h"
#include "load/kernel_btf.h"
#include "load/libbpf_log.h"
#include "target/watch.h"

#ifndef TL_VERSION
#define TL_VERSION "unknown"
#endif

#define RING_DEFAULT	((size_t)4 << 20)	/* the kernel maps it twice, and both count as resident */
#define RING_MAX	((size_t)1 << 31)
#define PERF_DEFAULT	((size_t)512 << 10)	/* per CPU */

const char *tl_version(void)
{
	return TL_VERSION;
}

/* ---- open ------------------------------------------------------------------------------------ */

/* Rounded up to what the kernel takes: a power of two, at least a page. */
static size_t round_size(size_t size)
{
	size_t rounded = (size_t)sysconf(_SC_PAGESIZE);

	while (rounded < size && rounded < RING_MAX)
		rounded <<= 1;
	return rounded;
}

static int init(struct tl_session *session, const struct tl_open_opts *opts, struct tl_error *err)
{
	tl_verdicts_init(&session->verdicts);
	session->targets.map_fd = -1;
	session->channel.epoll_fd = session->channel.event_fd = -1;
	session->channel_kind = opts->channel;
	session->replay = opts->replay;
	if (opts->spare_readers && !opts->replay)
		tl_readers_find(&session->readers);
	session->ring_size = opts->ring_size;
	session->loading = opts->loading;
	session->loading_arg = opts->loading_arg;
	session->scratch = malloc(TL_SCRATCH_SIZE);
	if (!session->scratch)
		return tl_fail(err, -ENOMEM, "session: out of memory");
	if (opts->ring_size > RING_MAX)
		return tl_fail(err, -EINVAL, "ring: at most %zu MiB", RING_MAX >> 20);
	return tl_batteries_open(&session->batteries, opts->battery, err);
}

int tl_session_open(struct tl_session **out, const struct tl_open_opts *opts, struct tl_error *err)
{
	const struct tl_open_opts defaults = { .sz = sizeof(defaults) };
	struct tl_open_opts copy = defaults;
	struct tl_session *session = calloc(1, sizeof(*session));
	int ret;

	*out = NULL;
	if (!session)
		return tl_fail(err, -ENOMEM, "session: out of memory");
	if (opts)	/* a caller built against an older or a newer header */
		memcpy(&copy, opts, opts->sz < sizeof(copy) ? opts->sz : sizeof(copy));
	ret = init(session, &copy, err);
	if (ret)
		tl_session_close(session);
	else
		*out = session;
	return ret;
}

/* ---- start ----------------------------------------------------------------------------------- */

static bool pick_perf(struct tl_session *session)
{
	if (session->channel_kind == TL_CHANNEL_AUTO)
		return !tl_has_ring_buffer();
	return session->channel_kind == TL_CHANNEL_PERF;
}

static int check_kernel(struct tl_error *err)
{
	if (!tl_has_btf())
		return tl_fail(err, -ENOTSUP, "this kernel does not tell its types (BTF): no "
			       "/sys/kernel/btf/vmlinux; use a kernel built with CONFIG_DEBUG_INFO_BTF=y");
	return 0;
}

/* The guard that tracepoints are called under since programs on the raw ones can be preempted: see bpf/flavour.bpf.h. */
#define PREEMPTS "class_srcu_fast_notrace_t"

static void configure(struct tl_session *session)
{
	struct tl_programs *programs = &session->programs;
	bool perf = pick_perf(session);

	programs->batteries = &session->batteries;
	programs->loading = session->loading;
	programs->loading_arg = session->loading_arg;
	programs->classic = tl_kernel_has_name(PREEMPTS);
	programs->config.self = (uint32_t)getpid();
	programs->config.use_perf = perf;
	programs->config.has_task_btf = tl_has_task_storage();
	if (!session->ring_size)
		session->ring_size = perf ? PERF_DEFAULT : RING_DEFAULT;
	programs->ring_size = session->ring_size = round_size(session->ring_size);
}

static int map_shared(struct tl_session *session, struct tl_error *err)
{
	int fd = tl_programs_map(&session->programs, "tl_shared");
	void *memory = mmap(NULL, sizeof(struct tl_shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (memory == MAP_FAILED)
		return tl_fail(err, -errno, "shared memory: %s", strerror(errno));
	session->shared = memory;
	session->shared->budget = session->budget;
	session->targets.map_fd = tl_programs_map(&session->programs, "tl_targets");
	return 0;
}

static bool on_record(void *arg, const void *data, size_t size)
{
	return tl_deliver(arg, data, size);
}

static int open_channel(struct tl_session *session, struct tl_error *err)
{
	const struct tl_programs *programs = &session->programs;

	return tl_channel_open(&session->channel, session->shared, tl_programs_map(programs, "tl_ring"),
			       tl_programs_map(programs, "tl_perf"), session->ring_size, on_record, session, err);
}

static int activate_all(struct tl_session *session, struct tl_error *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < TL_SUBS_MAX; i++)
		if (session->subs[i])
			ret = tl_subscription_activate(session->subs[i], err);
	return ret;
}

static int start_kernel(struct tl_session *session, struct tl_error *err)
{
	int ret = check_kernel(err);

	if (ret)
		return ret;
	configure(session);
	ret = tl_routes_load(session, err);
	if (!ret)
		ret = map_shared(session, err);
	if (!ret)
		ret = open_channel(session, err);
	if (!ret)
		ret = activate_all(session, err);
	return ret ? ret : tl_routes_update(session, err);
}

static void stop_kernel(struct tl_session *session)
{
	tl_channel_close(&session->channel);
	tl_verdicts_unload(&session->verdicts);
	tl_programs_close(&session->programs);
	if (session->shared)
		munmap(session->shared, sizeof(struct tl_shared));
	session->shared = NULL;
	session->targets.map_fd = -1;
	session->targets.selecting = false;
	session->started = false;	/* subscriptions that are still there have no kernel side any more */
}

/* Events come again after a tl_session_quiesce(). */
static int resume(struct tl_session *session, struct tl_error *err)
{
	bool was_quiet = session->quiet;

	session->quiet = false;
	session->started = true;
	for (size_t i = 0; was_quiet && i < TL_SUBS_MAX; i++)
		tl_watch_anew(session->subs[i]);
	return was_quiet && !session->replay ? tl_routes_update(session, err) : 0;
}

void tl_session_quiesce(struct tl_session *session)
{
	if (session->quiet || !session->started || session->replay)
		return;
	session->quiet = true;
	tl_routes_update(session, NULL);	/* only takes away */
}

int tl_session_start(struct tl_session *session, struct tl_error *err)
{
	int ret;

	if (session->started || session->replay)
		return resume(session, err);
	tl_log_begin();			/* libbpf has nothing to say to the user's terminal */
	ret = start_kernel(session, err);
	tl_log_end();
	if (ret)
		stop_kernel(session);	/* nothing stays half attached */
	else
		session->started = true;
	return ret;
}

int tl_session_budget(struct tl_session *session, double share, struct tl_error *err)
{
	if (!(share >= 0 && share <= 1))
		return tl_fail(err, -EINVAL, "budget: a share from 0 to 1 of each CPU's time");
	session->budget = (uint64_t)(share * TL_BUDGET_WINDOW);
	if (share > 0 && !session->budget)
		session->budget = 1;
	if (session->shared)
		__atomic_store_n(&session->shared->budget, session->budget, __ATOMIC_SEQ_CST);
	return 0;
}

/* ---- poll ------------------------------------------------------------------------------------ */

int tl_session_fd(const struct tl_session *session)
{
	return session->channel.epoll_fd;
}

/* What a poll returns: n, unless it was interrupted. */
static int check_interrupt(struct tl_session *session, int n, struct tl_error *err)
{
	if (!session->interrupted)
		return n;
	session->interrupted = false;
	return tl_fail(err, -ECANCELED, "poll: interrupted");
}

static int consume(struct tl_session *session, struct tl_error *err)
{
	int n = session->interrupted ? 0 : tl_channel_consume(&session->channel, err);

	tl_subscriptions_free_stopped(session);
	return check_interrupt(session, n, err);
}

#define NS_PER_MS 1000000

/* Milliseconds until then, rounded up; -1 if there is no end. */
static int remaining_ms(uint64_t deadline)
{
	uint64_t now = tl_now();

	if (!deadline)
		return -1;
	return now >= deadline ? 0 : (int)((deadline - now + NS_PER_MS - 1) / NS_PER_MS);
}

/* The channel's own timer also ends a wait: go on until there was something, or the time is over. */
static int wait_for_records(struct tl_session *session, int timeout_ms, struct tl_error *err)
{
	uint64_t deadline = timeout_ms < 0 ? 0 : tl_now() + (uint64_t)timeout_ms * NS_PER_MS;
	int ret;

	do {
		ret = tl_channel_wait(&session->channel, remaining_ms(deadline), err);
		if (ret)
			return ret == -EINTR ? check_interrupt(session, 0, err) : ret;
		ret = consume(session, err);
	} while (!ret && remaining_ms(deadline));
	return ret;
}

int tl_session_poll(struct tl_session *session, int timeout_ms, struct tl_error *err)
{
	int ret = session->quiet ? 0 : tl_session_start(session, err);

	if (ret)
		return ret;
	if (session->replay)
		return check_interrupt(session, 0, err);
	if (session->delivering)
		return tl_fail(err, -EBUSY, "poll: called from a callback");
	if (!timeout_ms || session->interrupted || !tl_channel_hot(&session->channel)) {
		ret = consume(session, err);
		if (ret || !timeout_ms)
			return ret;
	}
	return wait_for_records(session, timeout_ms, err);
}

void tl_session_interrupt(struct tl_session *session)
{
	session->interrupted = true;
	tl_channel_interrupt(&session->channel);
}

void tl_session_close(struct tl_session *session)
{
	if (!session)
		return;
	stop_kernel(session);
	for (size_t i = 0; i < TL_SUBS_MAX; i++)
		if (session->subs[i])
			tl_subscription_stop(session->subs[i]);
	session->delivering = 0;
	tl_subscriptions_free_stopped(session);
	tl_spans_close(session);
	tl_leaves_sweep(&session->targets.leaves, NULL, 0);
	tl_verdicts_close(&session->verdicts);
	tl_batteries_close(&session->batteries);
	free(session->scratch);
	free(session);
}

void tl_session_name_cgroups(struct tl_session *session, tl_cgroup_text_fn fn, void *arg)
{
	session->naming.fn = fn;
	session->naming.arg = arg;
}

/* ---- events ---------------------------------------------------------------------------------- */

const struct tl_event *tl_session_event(const struct tl_session *session, size_t i)
{
	const struct tl_entry *entry = tl_batteries_entry(&session->batteries, i);

	return entry ? &entry->event : NULL;
}

const struct tl_event *tl_session_find(const struct tl_session *session, const char *name)
{
	const struct tl_event *event;

	for (size_t i = 0; (event = tl_session_event(session, i)); i++)
		if (!strcmp(event->name, name))
			return event;
	for (size_t i = 0; i < TL_SPANS_MAX; i++)
		if (session->spans[i] && !strcmp(session->spans[i]->name, name))
			return &session->spans[i]->ends[0].entry.event;
	return NULL;
}

static const char *nearest_field(const struct tl_event *event, const char *word)
{
	const char *names[TL_FIELDS_MAX + TL_CGROUP_TEXTS];
	size_t n = 0;

	for (; n < event->n_fields && n < TL_FIELDS_MAX; n++)
		names[n] = event->fields[n].name;
	for (size_t i = 0; tl_naming_name(i); i++)
		names[n++] = tl_naming_name(i);
	return tl_nearest(word, names, n);
}

const char *tl_session_nearest(const struct tl_session *session, const char *event, const char *word)
{
	const struct tl_event *known = event ? tl_session_find(session, event) : NULL;
	const char *names[TL_EVENTS_MAX];
	size_t n = 0;

	if (event)
		return known ? nearest_field(known, word) : NULL;
	for (; (known = tl_session_event(session, n)); n++)
		names[n] = known->name;
	return tl_nearest(word, names, n);
}
