/* SPDX-License-Identifier: MIT */
/*
 * traceleft.h: the one public door of the tracer's core.
 *
 * A session owns everything: programs, maps, the channel, subscriptions. Calls return 0 (or a count)
 * or a negative errno, and fill `err` (may be NULL) with one clause that names the thing first.
 * Closing NULL is harmless. A session belongs to one thread at a time. Nothing here prints or exits.
 */
#ifndef TRACELEFT_H
#define TRACELEFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TL_API __attribute__((visibility("default")))

struct tl_session;
struct tl_subscription;
struct tl_span;

#define TL_ERROR_MAX 1024

struct tl_error {
	int code;			/* negative errno */
	char message[TL_ERROR_MAX];
};

/* ---- what events look like ------------------------------------------------------------------- */

enum tl_type {			/* how a field lies in the record */
	TL_TYPE_U8, TL_TYPE_U16, TL_TYPE_U32, TL_TYPE_U64,
	TL_TYPE_S8, TL_TYPE_S16, TL_TYPE_S32, TL_TYPE_S64,
	TL_TYPE_BOOL,		/* u8 */
	TL_TYPE_ERROR,		/* s32 or s64; negative: minus an errno. Anything else: no error */
	TL_TYPE_COMM,		/* char[16], NUL-padded */
	TL_TYPE_STR,		/* struct tl_str: text */
	TL_TYPE_BYTES,		/* struct tl_str: bytes */
	TL_TYPE_LIST,		/* struct tl_str: strings, each ended by NUL */
	TL_TYPE_PATH,		/* struct tl_str: components, leaf first, each ended by NUL */
	TL_TYPE_FILE,		/* struct tl_str: what an open file is; read as a string */
	TL_TYPE_SOCKADDR,	/* struct tl_str: a struct sockaddr; read as a string */
	TL_TYPE_ARRAY,		/* struct tl_str: elements as the field's layout says */
	TL_TYPE_IP,		/* struct tl_ip */
	TL_TYPE_EVENT,		/* the event's own name; takes no room */
	TL_TYPE_OF_CGROUP,	/* text that follows from the cgroup: see tl_session_name_cgroups(); of no record */
};

struct tl_layout;

struct tl_field {
	const char *name;
	const char *doc;
	const char *meaning;	/* "", "fd", "duration", "flags:open", "enum:family" …: see EVENTS.md */
	const char *arg;	/* argument of the system call that it tells of, "ret": of the result; "": neither */
	const struct tl_layout *layout;	/* of the elements of a TL_TYPE_ARRAY; else NULL */
	enum tl_type type;
	uint16_t offset;	/* in the record */
	uint16_t size;
	uint16_t number;	/* its bit in `fields` and `unread` */
	bool named;		/* only who names it gets it: all fields are those without it */
};

/* How the elements of an array lie: numbers, at these offsets. */
struct tl_layout {
	const char *name;
	const struct tl_field *members;
	size_t n_members;
	size_t size;		/* of one element */
};

struct tl_event {
	const char *name;
	const char *doc;
	const char *classes;	/* of system calls, between blanks, as strace has them: "file desc" */
	const struct tl_field *fields;	/* the common ones first */
	size_t n_fields;
	uint16_t number;	/* in this session */
	uint16_t fixed_size;	/* bytes before the tail */
	uint64_t tails;		/* bit per place in `fields`: the field is a struct tl_str into the tail */
};

/* One value of a record. UNREAD: it could not be read. NIL: there is no such thing here. */
enum tl_kind { TL_UNREAD, TL_NIL, TL_INT, TL_UINT, TL_BOOL, TL_STRING, TL_LIST, TL_IP, TL_ARRAY };

struct tl_value {
	enum tl_kind kind;
	bool cut;		/* strings, lists, arrays: there was more than this */
	bool changed;		/* strings: rewritten during the call; this is what was there at its begin */
	bool late;		/* strings, addresses: read when the call returned, and not held against its begin */
	union {
		int64_t i;	/* TL_INT; TL_BOOL: 0 or 1 */
		uint64_t u;
		struct {
			const char *ptr;	/* not NUL-terminated; lists: each string ended by NUL */
			size_t len;		/* arrays: bytes of all elements */
		} s;
		struct {
			uint8_t family;		/* AF_INET or AF_INET6 */
			const uint8_t *bytes;	/* 4 or 16, network order */
		} ip;
	};
};

/* A record during a callback; valid until the callback returns. */
struct tl_view {
	const struct tl_event *event;
	const void *data;
	size_t size;
	char *scratch;		/* room of the session for values that are put together (paths) */
	struct tl_naming *naming;	/* of the session: for what follows from cgroups; may be NULL */
};

/*
 * Decodes one field. Never reads outside the record, whatever is in it. A path is put together in
 * the view's scratch and lives until the next path is read.
 */
TL_API void tl_field_read(const struct tl_view *view, const struct tl_field *field, struct tl_value *value);

/*
 * Decodes n fields at once, which is faster. A NULL among them gives TL_NIL. Of several paths, and
 * of several errors that have no name, only the last one stays.
 */
TL_API void tl_fields_read(const struct tl_view *view, const struct tl_field *const fields[], size_t n,
			   struct tl_value values[]);

/* The field of that name, or NULL. */
TL_API const struct tl_field *tl_event_field(const struct tl_event *event, const char *name);

/*
 * Walks a TL_LIST: the string after `at` (NULL: the first) and its length; NULL at the end. The last
 * string of a list that was cut may lack its NUL, so go by len.
 */
TL_API const char *tl_list_next(const struct tl_value *list, const char *at, size_t *len);

/* Number of elements of a TL_ARRAY value of that field, and one member of the i-th of them. */
TL_API size_t tl_array_count(const struct tl_field *field, const struct tl_value *array);
TL_API void tl_array_read(const struct tl_field *field, const struct tl_value *array, size_t i,
			  const struct tl_field *member, struct tl_value *value);

/* "ENOENT" for 2, and "No such file or directory"; NULL if unknown. */
TL_API const char *tl_errno_name(int number);
TL_API const char *tl_errno_text(int number);

/*
 * What a number means, by the field's meaning: flags as "O_RDWR|O_CREAT" (unknown bits in hex), an
 * enum's name, a mode in octal. Returns the length as snprintf does; 0 if the meaning says nothing.
 */
TL_API int tl_meaning_text(const char *meaning, uint64_t number, char *buf, size_t size);

/* ---- session --------------------------------------------------------------------------------- */

enum tl_channel_kind { TL_CHANNEL_AUTO, TL_CHANNEL_RING, TL_CHANNEL_PERF };

struct tl_open_opts {
	size_t sz;			/* sizeof(struct tl_open_opts) */
	const char *const *battery;	/* files or folders beside the built-in battery; ends with NULL; may be NULL */
	size_t ring_size;		/* bytes, made a power of two; 0: 4 MiB (perf: per CPU, 512 KiB) */
	enum tl_channel_kind channel;
	bool replay;			/* no kernel: records come from tl_session_feed() alone */
	bool spare_readers;		/* of standard output, if it is a pipe: they are no targets either, as this process */
	/*
	 * Called before each program that is loaded, and once when all are (done is total) or it has failed; may be NULL.
	 * false: no more are loaded, and what asked for them fails with -ECANCELED.
	 */
	bool (*loading)(void *arg, size_t done, size_t total);
	void *loading_arg;
};

/* Reads the battery. Asks nothing of the kernel yet. opts may be NULL. */
TL_API int tl_session_open(struct tl_session **session, const struct tl_open_opts *opts, struct tl_error *err);
TL_API void tl_session_close(struct tl_session *session);

/*
 * Loads and attaches what the subscriptions made so far need, all at once. Later subscriptions take
 * effect at once. Called by the first poll if it was not called before. -EPERM: no privileges;
 * -ENOTSUP: this kernel lacks something (the message says what).
 */
TL_API int tl_session_start(struct tl_session *session, struct tl_error *err);

/* Readable whenever tl_session_poll() has something to do. Only after tl_session_start(). */
TL_API int tl_session_fd(const struct tl_session *session);

/*
 * Waits up to timeout_ms (-1: forever, 0: not at all) and delivers what has come. Returns the number
 * of records; 0 after the timeout or a signal; -ECANCELED when tl_session_interrupt() was called.
 */
TL_API int tl_session_poll(struct tl_session *session, int timeout_ms, struct tl_error *err);

/* Makes the poll under way, or the next one, return after the record in hand. From callbacks and signal handlers. */
TL_API void tl_session_interrupt(struct tl_session *session);

/* Delivers a record as if it had come from the channel. -EBADMSG: refused (and counted as lost). */
TL_API int tl_session_feed(struct tl_session *session, const void *record, size_t size, struct tl_error *err);

/*
 * At most that share of each CPU's time (0.02: 2 %; 0: no limit) for what the kernel side does, in
 * windows of a tenth of a second. What comes when a window's share is used up is held back, and counted.
 * -EINVAL: not from 0 to 1.
 */
TL_API int tl_session_budget(struct tl_session *session, double share, struct tl_error *err);

/*
 * Lets nothing new come: what is on its way can still be polled, until a poll finds nothing. Aggregates
 * keep what they have. tl_session_start() lets events come again.
 */
TL_API void tl_session_quiesce(struct tl_session *session);

/*
 * Delivers the records that lie one behind the other in the buffer, up to the first one that is
 * refused (-EBADMSG). Returns their number.
 */
TL_API int tl_session_feed_all(struct tl_session *session, const void *records, size_t size, struct tl_error *err);

/* The i-th event, NULL at the end; and by name. Pointers stay valid until the session is closed. */
TL_API const struct tl_event *tl_session_event(const struct tl_session *session, size_t i);
TL_API const struct tl_event *tl_session_find(const struct tl_session *session, const char *name);

/* ---- which processes ------------------------------------------------------------------------- */

enum tl_selector_kind {		/* of a process … */
	TL_SELECT_ANY,		/* that one of the parts selects */
	TL_SELECT_ALL,		/* that all of the parts select */
	TL_SELECT_NO,		/* that none of the parts selects */
	TL_SELECT_FOLLOW,	/* that the part selects, or that descends from one that it selected, born from now on */
	TL_SELECT_PID,		/* numbers: these processes */
	TL_SELECT_TREE,		/* numbers: these, and their descendants, those who are there already too */
	TL_SELECT_COMMAND,	/* numbers: these, from their next execve on */
	TL_SELECT_COMM,		/* texts: names of the first thread, or globs */
	TL_SELECT_EXE,		/* texts: paths of the program's file; what is there now, whatever it will be called */
	TL_SELECT_UID,		/* numbers: real user */
	TL_SELECT_GID,
	TL_SELECT_CGROUP,	/* texts: paths of cgroups from their root on, or globs; with all below */
	TL_SELECT_CGROUP_NAME,	/* texts: last parts of such paths, or globs; with all below */
	TL_SELECT_NETNS,	/* numbers: inodes of namespaces */
	TL_SELECT_MNTNS,
	TL_SELECT_PIDNS,
	TL_SELECT_TTY,		/* numbers: the controlling terminal, as st_rdev has it */
	TL_SELECT_READER,	/* numbers: 0; who reads what this process writes to standard output, a pipe */
	TL_SELECTORS,
};

/* A process is selected by one of the numbers or texts; or by the parts, as the kind says. */
struct tl_selector {
	enum tl_selector_kind kind;
	size_t n;			/* numbers, texts or parts */
	const uint64_t *numbers;
	const char *const *texts;
	const struct tl_selector *parts;
};

/* Where the cgroups are mounted that selectors look at: NULL if none are. It stays valid. */
TL_API const char *tl_cgroup_mount(void);

/* Calls fn with the path of each, from the root on. */
TL_API int tl_cgroups_each(void (*fn)(void *arg, const char *path), void *arg, struct tl_error *err);

/* What a cgroup is called: the fields cgroup_path, unit, container, container_id of every event. */
enum tl_cgroup_text { TL_CGROUP_PATH, TL_CGROUP_UNIT, TL_CGROUP_CONTAINER, TL_CGROUP_CONTAINER_ID, TL_CGROUP_TEXTS };

/*
 * Writes one of them as snprintf does; -1: there is no such thing. `settled` (false when it is called): it will
 * always be that. Called for cgroups that are gone too, and from within any call that delivers or reads.
 */
typedef int (*tl_cgroup_text_fn)(void *arg, uint64_t cgroup, enum tl_cgroup_text which, char *buf, size_t size,
				 bool *settled);

/*
 * Says who tells them; then expressions may name these fields. What `where` asks of them alone is decided here for the
 * first event of a cgroup, and in the kernel for the others; aggregates count by the cgroup, and several rows may have
 * the same keys when they are read.
 */
TL_API void tl_session_name_cgroups(struct tl_session *session, tl_cgroup_text_fn fn, void *arg);

/* ---- subscriptions --------------------------------------------------------------------------- */

typedef void (*tl_record_fn)(struct tl_subscription *sub, const struct tl_view *view, void *arg);

#define TL_NO_PAYLOAD ((size_t)-1)

/* ---- aggregates: counts, sums and distributions that are kept in the kernel */

enum tl_aggregate_kind {
	TL_COUNT, TL_SUM, TL_AVG, TL_MIN, TL_MAX,
	TL_HIST,		/* buckets of powers of two; see tl_row */
	TL_LHIST,		/* buckets of one size */
	TL_QUANTILE,		/* 64 buckets between two powers of two: a value is told to 0.8 % */
	TL_DISTINCT,		/* the different values */
};

struct tl_aggregate_opts {
	size_t sz;			/* sizeof(struct tl_aggregate_opts) */
	enum tl_aggregate_kind kind;
	const char *const *by;		/* expressions; ends with NULL; NULL: one row of all */
	const char *value;		/* an expression; NULL with TL_COUNT alone */
	int64_t low, high, step;	/* TL_LHIST */
	uint32_t max_entries;		/* keys (and buckets, values) that there is room for; 0: 65536 */
};

/* One key with what was counted under it; with buckets or distinct values one row for each of them. */
struct tl_row {
	enum tl_aggregate_kind kind;
	size_t n_keys;
	uint64_t n;		/* increments */
	int64_t sum, min, max;	/* of the kinds that have them */
	int64_t bucket;		/* HIST: -1 negative, 0 zero, else b: from 2^(b-1) on, below 2^b. LHIST: number of steps
				 * from low, -1 below, the first too large above. QUANTILE: -1 negative; below 64 the
				 * value; else ((e - 6) << 6) + (value >> (e - 6)), where e is its highest bit */
	const void *data;	/* for tl_row_key() */
};

/* false: no more rows. */
typedef bool (*tl_row_fn)(const struct tl_row *row, void *arg);

/* The i-th key, or with i = n_keys the value of TL_DISTINCT; valid until the next call. Gives the field it is; may be NULL. */
TL_API const struct tl_field *tl_row_key(const struct tl_row *row, size_t i, struct tl_value *value);

/* ---- variables */

struct tl_variable {
	const char *name;		/* NULL: the end of a list */
	enum { TL_VARIABLE_INT, TL_VARIABLE_STR, TL_VARIABLE_INTS, TL_VARIABLE_STRS } type;
	int64_t number;
	const char *string;
	size_t len;			/* of the string; number of elements */
	const int64_t *numbers;		/* a set of numbers, or of strings */
	const char *const *strings;
};

struct tl_subscribe_opts {
	size_t sz;			/* sizeof(struct tl_subscribe_opts) */
	const char *const *events;	/* names, globs, "openat", or classes as "file" or "%file"; ends with NULL */
	const char *const *fields;	/* the fields wanted; ends with NULL; NULL: all */
	const int *pids;		/* the target; NULL: every process but this one */
	size_t n_pids;
	size_t payload;			/* bytes of a buffer that are wanted, at most 4096; 0: 256; TL_NO_PAYLOAD */
	bool follow;			/* children of the target too, from their first instruction */
	bool at_exec;			/* pids join when they call execve: a command to be run */
	tl_record_fn fn;		/* NULL for an aggregate */
	void *arg;
	const char *where;		/* an expression; NULL: every event */
	const struct tl_variable *vars;	/* that expressions name; may be NULL */
	uint64_t limit;			/* records in limit_ns that are let through; 0: all */
	uint64_t limit_ns;
	const struct tl_aggregate_opts *aggregate;	/* NULL: events go to fn */
	const struct tl_selector *target;	/* instead of pids; NULL: see there */
	bool self;			/* this process and its readers too, if selected; who is named by its pid always is */
	struct tl_span *span;		/* its ends are the events, and have its name and its duration; `events` is NULL */
};

/* -EINVAL: an expression is wrong (the message shows where). -ENOENT: no such event or field; -ESRCH: no such process; -ENOSPC: 64 are there already. */
TL_API int tl_subscribe(struct tl_session *session, const struct tl_subscribe_opts *opts,
			struct tl_subscription **sub, struct tl_error *err);

/* A stopped subscription is freed: do not touch it again. All four may be called from callbacks. */
TL_API void tl_subscription_stop(struct tl_subscription *sub);
TL_API void tl_subscription_pause(struct tl_subscription *sub);
TL_API int tl_subscription_resume(struct tl_subscription *sub, struct tl_error *err);

/* Another target from now on, as in tl_subscribe_opts. When it is refused the old one stays. */
TL_API int tl_subscription_target(struct tl_subscription *sub, const struct tl_selector *target, bool self,
				  struct tl_error *err);

TL_API uint64_t tl_subscription_seen(const struct tl_subscription *sub);
TL_API uint64_t tl_subscription_lost(const struct tl_subscription *sub);

/* What became of events that were not lost, and not seen: */
struct tl_subscription_counts {
	uint64_t errors;	/* `where` could not be decided: division by zero */
	uint64_t held;		/* held back by the limit */
	uint64_t full;		/* found no room in an aggregate's map */
};

TL_API void tl_subscription_counts(const struct tl_subscription *sub, struct tl_subscription_counts *counts);

/* Changes a variable, at once. -ENOENT: there is none of that name; -EINVAL: of another type. */
TL_API int tl_subscription_set(struct tl_subscription *sub, const struct tl_variable *variable, struct tl_error *err);

/*
 * Reads an aggregate. With `clear` it begins anew, and no increment is in both or in neither. `ns`: how
 * long it has been counting; may be NULL. Returns the number of rows.
 */
TL_API int tl_subscription_read(struct tl_subscription *sub, bool clear, tl_row_fn fn, void *arg, uint64_t *ns,
				struct tl_error *err);

/* Where a clause of `where` runs, for one event, and what the whole comes to. */
struct tl_explanation {
	const char *event;
	const char *clause;	/* NULL: what is done with the event in the end */
	size_t len;
	const char *where;	/* "kernel, before the handler" … */
	const char *why;	/* why not earlier; "" */
	size_t instructions;	/* of the program that it is part of; 0: none yet */
	const void *code;	/* for tl_explanation_line() */
};

/* Writes one line of the instructions of an explanation's program, and returns the number of the next; 0: no more. */
TL_API size_t tl_explanation_line(const struct tl_explanation *explanation, size_t i, char text[96]);

typedef void (*tl_explain_fn)(const struct tl_explanation *explanation, void *arg);
TL_API void tl_subscription_explain(const struct tl_subscription *sub, tl_explain_fn fn, void *arg);

/* ---- spans: from one event to another, measured in the kernel */

struct tl_span_opts {
	size_t sz;			/* sizeof(struct tl_span_opts) */
	const char *name;		/* what its events are called */
	const char *const *start, *const *stop;	/* as in tl_subscribe_opts */
	const char *start_key, *stop_key;	/* expressions of numbers: what a begin and its end have in common */
	const char *start_where, *where;	/* which events begin it, and which end it; NULL: all */
	const int *pids;		/* of the begins, as in tl_subscribe_opts: */
	size_t n_pids;
	bool follow, at_exec, self;
	const struct tl_selector *target;
	uint32_t max_entries;		/* begins that there is room for; 0: 16384. Old ones make room for new ones */
};

/*
 * A span that something is subscribed to: it begins anew with each start event of the same key, and is over
 * with the stop event. -EINVAL, -ENOENT as tl_subscribe(); -ENOSPC: 16 are there already.
 */
TL_API int tl_span_open(struct tl_session *session, const struct tl_span_opts *opts, struct tl_span **span,
			struct tl_error *err);

/* -EBUSY: subscriptions to it have not been stopped. It ends with its session at the latest. */
TL_API int tl_span_close(struct tl_span *span, struct tl_error *err);

/* As tl_subscription_target(): of the begins. */
TL_API int tl_span_target(struct tl_span *span, const struct tl_selector *target, bool self, struct tl_error *err);

struct tl_span_counts {
	uint64_t errors;	/* an expression could not be decided: division by zero */
	uint64_t full;		/* begins that found no room */
	uint64_t unbegun;	/* ends whose begin was not seen, or had to make room */
};

TL_API void tl_span_counts(const struct tl_span *span, struct tl_span_counts *counts);
TL_API void tl_span_explain(const struct tl_span *span, tl_explain_fn fn, void *arg);

/* ---- who is a target */

/* A process that is a target now, and why. */
struct tl_member {
	int pid;
	uint64_t subs;			/* a bit per subscription that wants it: see tl_subscription_bit() */
	char comm[16];			/* "": it is gone */
	char why[256];			/* "comm nginx*, uid 33" */
};

/* Writes at most max of them, by pid, and returns how many there are. Those whom a target only excludes are not told. */
TL_API int tl_session_targets(const struct tl_session *session, struct tl_member *members, size_t max,
			      struct tl_error *err);
TL_API uint64_t tl_subscription_bit(const struct tl_subscription *sub);

/* ---- looking at it --------------------------------------------------------------------------- */

#define TL_CAUSES_MAX 8

struct tl_stats {
	uint64_t made;			/* records that the kernel side tried to hand over */
	uint64_t delivered;		/* records that reached at least one callback */
	uint64_t unclaimed;		/* records whose subscriptions had been stopped or paused meanwhile */
	uint64_t lost;			/* sum of the causes */
	uint64_t causes[TL_CAUSES_MAX];	/* named by tl_lost_cause() */
	uint64_t held;			/* calls and hits of other hooks that the budget held back */
	uint64_t pending;		/* records that wait to be polled */
	uint64_t unfinished;		/* system calls whose begin was seen and whose end was not, so far */
	uint64_t wakeups;		/* times that the kernel had to wake this session */
};

TL_API int tl_session_stats(const struct tl_session *session, struct tl_stats *stats, struct tl_error *err);

/* "channel full": why records are counted in causes[i]; NULL at the end. */
TL_API const char *tl_lost_cause(size_t i);

/* One line of what `--check` prints. ok: 1 here, 0 not here (note: what is lost), -1 not here and nothing works. */
struct tl_check {
	const char *name;
	int ok;
	char note[256];
};

/* Tries what the tracer needs of this kernel. Returns the number of lines written, at most max. */
TL_API int tl_check(struct tl_check *lines, size_t max);

TL_API const char *tl_version(void);

/* The nearest of the event names (or, with `event`, of its fields), for messages; NULL if none is near. */
TL_API const char *tl_session_nearest(const struct tl_session *session, const char *event, const char *word);

#ifdef __cplusplus
}
#endif
#endif
