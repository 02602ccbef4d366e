// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Requests to block devices: made, put into the queue or issued at once, ended. The end comes in whatever
 * process the interrupt hits, so who made a request is kept with it.
 *
 * There are no classic flavours: classic tracepoints do not tell which request it is, and two of the same
 * place can be under way. Where raw ones can be preempted, all but tl_block_rq_complete need no scratch; and
 * a single such program that does is safe, since whoever comes between it and its end is gone before it goes
 * on. A run that the kernel skips because another is being preempted is counted as for all hooks.
 */
#include <linux/errno.h>
#include "flavour.bpf.h"
#include "owner.bpf.h"
#include "read.bpf.h"
#include "tl_events.h"

#define TL_REQUESTS_MAX	16384

#define TL_REQ_OP_MASK	0xff
#define TL_REQ_FLAGS	(TL_BLOCK_FLAGS_SYNC | TL_BLOCK_FLAGS_META | TL_BLOCK_FLAGS_PRIO | TL_BLOCK_FLAGS_FUA | \
			 TL_BLOCK_FLAGS_PREFLUSH | TL_BLOCK_FLAGS_READAHEAD | TL_BLOCK_FLAGS_BACKGROUND | \
			 TL_BLOCK_FLAGS_NOWAIT)
#define TL_SECTOR_SHIFT	9
#define TL_NO_SECTOR	(~0ULL)		/* of a flush */

struct gendisk {
	int major, first_minor;
	char disk_name[32];
} TL_CORE;

struct request_queue {
	struct gendisk *disk;
} TL_CORE;

struct request {
	struct request_queue *q;
	unsigned int cmd_flags;
	unsigned int __data_len;
	__u64 __sector;
} TL_CORE;

/* Until Linux 5.16 */
struct request___before_5_17 {
	struct gendisk *rq_disk;
} TL_CORE;

/* A request that is under way. Times are ns since boot, 0: not yet. */
struct tl_request {
	struct tl_owner owner;
	__u64 made, inserted, issued;
	__u64 done;		/* bytes that have come to their end before the rest */
};

/*
 * request → what we know of it. The kernel uses the same ones again and again. LRU: of one whose end is
 * not seen the entry goes when there is need of it.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, TL_REQUESTS_MAX);
	__type(key, __u64);
	__type(value, struct tl_request);
} tl_requests SEC(".maps");

static __always_inline void tl_request_made(struct tl_shared *shared, struct tl_request *fresh)
{
	tl_owner_set(shared, &fresh->owner);
	fresh->made = bpf_ktime_get_boot_ns();
}

/* What is known of a request, if its begin was seen in this tracing. */
static __always_inline struct tl_request *tl_request_find(struct tl_shared *shared, const struct request *rq)
{
	__u64 key = (__u64)rq;
	struct tl_request *known = bpf_map_lookup_elem(&tl_requests, &key);

	return known && tl_holds(shared, TL_E_BLOCK_IO, known->made) ? known : NULL;
}

SEC("tp_btf/block_io_start")
int BPF_PROG(tl_block_io_start, const struct request *rq)
{
	struct tl_shared *shared = tl_shared_memory();
	struct tl_request fresh = {};
	__u64 key = (__u64)rq;

	if (!shared)
		return 0;
	tl_request_made(shared, &fresh);
	bpf_map_update_elem(&tl_requests, &key, &fresh, BPF_ANY);
	return 0;
}

/* One that the driver could not take is inserted again: it has been in the queue since the first time. */
static __always_inline void tl_request_stamp(struct tl_request *known, bool issued, __u64 now)
{
	if (issued)
		known->issued = now;
	else if (!known->inserted)
		known->inserted = now;
}

static __always_inline void tl_request_step(const struct request *rq, bool issued)
{
	struct tl_shared *shared = tl_shared_memory();
	struct tl_request *known, fresh = {};
	__u64 key = (__u64)rq;

	if (!shared)
		return;
	known = tl_request_find(shared, rq);
	if (known) {
		tl_request_stamp(known, issued, bpf_ktime_get_boot_ns());
		return;
	}
	tl_request_made(shared, &fresh);
	tl_request_stamp(&fresh, issued, fresh.made);
	bpf_map_update_elem(&tl_requests, &key, &fresh, BPF_ANY);
}

SEC("tp_btf/block_rq_insert")
int BPF_PROG(tl_block_rq_insert, const struct request *rq)
{
	tl_request_step(rq, false);
	return 0;
}

SEC("tp_btf/block_rq_issue")
int BPF_PROG(tl_block_rq_issue, const struct request *rq)
{
	tl_request_step(rq, true);
	return 0;
}

/* It became a part of another one. */
SEC("tp_btf/block_rq_merge")
int BPF_PROG(tl_block_rq_merge, const struct request *rq)
{
	__u64 key = (__u64)rq;

	bpf_map_delete_elem(&tl_requests, &key);
	return 0;
}

/* ---- block.io -------------------------------------------------------------------------------- */

static __always_inline struct gendisk *tl_request_disk(const struct request *rq)
{
	const struct request___before_5_17 *old = (const void *)rq;

	if (bpf_core_field_exists(old->rq_disk))
		return BPF_CORE_READ(old, rq_disk);
	return BPF_CORE_READ(rq, q, disk);
}

/* An errno, or what the block layer has for it since 5.16. Those that are numbered differently are EIO. */
static __always_inline int tl_block_error(int status)
{
	switch (status) {
	case 1: return -EOPNOTSUPP;
	case 2: return -ETIMEDOUT;
	case 3: return -ENOSPC;
	case 4: return -ENOLINK;
	case 5: return -EREMOTEIO;
	case 6: return -EBADE;
	case 7: return -ENODATA;
	case 8: return -EILSEQ;
	case 9: return -ENOMEM;
	case 12: return -EAGAIN;
	case 13: return -EBUSY;
	default: return status > 0 ? -EIO : status;
	}
}

static __always_inline void tl_fill_disk(struct tl_block_io *e, const struct request *rq)
{
	struct gendisk *disk = tl_request_disk(rq);

	if (!disk) {
		tl_absent(e, TL_F_BLOCK_IO_DEV);
		tl_absent(e, TL_F_BLOCK_IO_DISK);
		return;
	}
	e->dev = BPF_CORE_READ(disk, major) << 20 | BPF_CORE_READ(disk, first_minor);
	if (tl_wants(e, TL_F_BLOCK_IO_DISK))
		tl_kernel_str(e, &e->disk, TL_F_BLOCK_IO_DISK, &disk->disk_name);
}

static __always_inline void tl_fill_times(struct tl_block_io *e, const struct tl_request *known)
{
	if (!known) {
		tl_unread(e, TL_F_BLOCK_IO_DURATION);
		tl_unread(e, TL_F_BLOCK_IO_QUEUED);
		return;
	}
	if (!known->issued) {		/* a flush where the device has no cache */
		tl_absent(e, TL_F_BLOCK_IO_DURATION);
		tl_absent(e, TL_F_BLOCK_IO_QUEUED);
		return;
	}
	e->duration = e->record.time - known->issued;
	if (known->inserted)
		e->queued = known->issued - known->inserted;
}

static __always_inline void tl_fill_request(struct tl_block_io *e, const struct request *rq, __u64 done)
{
	__u32 flags = BPF_CORE_READ(rq, cmd_flags);
	__u64 sector = BPF_CORE_READ(rq, __sector);

	e->op = flags & TL_REQ_OP_MASK;
	e->flags = flags & TL_REQ_FLAGS;
	e->sector = sector - (done >> TL_SECTOR_SHIFT);
	if (sector == TL_NO_SECTOR)
		tl_absent(e, TL_F_BLOCK_IO_SECTOR);
	tl_fill_disk(e, rq);
}

static __always_inline __u32 tl_report_io(struct tl_shared *shared, const struct request *rq,
					  struct tl_request *known, int status, __u32 bytes)
{
	__u64 subs = tl_event_subs(shared, TL_E_BLOCK_IO), done = known ? known->done : 0;
	__u64 mask = known ? tl_owner_wanted(shared, &known->owner, subs) : subs & shared->everyone;
	struct tl_slot *slot = mask ? tl_enter(mask) : NULL;
	struct tl_block_io *e;

	if (!slot)
		return 0;
	tl_fill_owner(slot, known ? &known->owner : NULL);
	e = tl_begin(TL_E_BLOCK_IO, sizeof(*e));
	if (e) {
		tl_fill_request(e, rq, done);
		tl_fill_times(e, known);
		e->bytes = done + bytes;
		e->error = tl_block_error(status);
		return tl_submit(e);
	}
	tl_leave();
	return 0;
}

static __always_inline __u32 tl_on_complete(const struct request *rq, int status, __u32 bytes)
{
	struct tl_shared *shared = tl_shared_memory();
	struct tl_request *known;
	__u64 key = (__u64)rq;
	__u32 next;

	if (!shared)
		return 0;
	known = tl_request_find(shared, rq);
	if (bytes < BPF_CORE_READ(rq, __data_len)) {
		if (known)
			known->done += bytes;
		return 0;
	}
	next = tl_report_io(shared, rq, known, status, bytes);
	bpf_map_delete_elem(&tl_requests, &key);
	return next;
}

TL_HOOK(block_rq_complete)

SEC("tp_btf/block_rq_complete")
int BPF_PROG(tl_block_rq_complete, const struct request *rq, int status, unsigned int bytes)
{
	__u32 next = tl_on_complete(rq, status, bytes);

	TL_END(next, tl_verdicts_block_rq_complete);
	return 0;
}
