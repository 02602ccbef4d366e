#!/bin/sh
# SPDX-License-Identifier: MIT
# Figures against peers; words choose measurements, see README.md.
set -eu
here=$(dirname "$0")
tracer=${TRACELEFT:-$here/../../build/traceleft-lua}

if [ "$(id -u)" != 0 ]; then
	echo "bench: needs root" >&2
	exit 77
fi

# bpftrace needs tracefs. Where it is not mounted, it is for the time of the bench and its processes alone.
if [ ! -e /sys/kernel/tracing/events ] && [ -z "${BENCH_MOUNTED:-}" ]; then
	BENCH_MOUNTED=1 exec unshare -m --propagation private "$0" "$@"
fi
if [ -n "${BENCH_MOUNTED:-}" ]; then
	mount -t tracefs none /sys/kernel/tracing || echo "bench: no tracefs: no figures of bpftrace" >&2
fi

echo "kernel $(uname -r), $(nproc) CPUs, $(command -v bpftrace >/dev/null && bpftrace --version || echo no bpftrace)"
exec "$tracer" "$here/bench.lua" "$@"
