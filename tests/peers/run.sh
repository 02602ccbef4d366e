#!/bin/bash
# SPDX-License-Identifier: MIT
# run.sh [WORD]...  holds our tools against those of libbpf-tools and bpftrace; as root. See pairs_of_tools.lua.
# They look for tracefs below debugfs. Where these are not mounted, they are for these processes alone.
set -u
cd "$(dirname "$0")/../.." || exit 2
if [ -z "${UNSHARED:-}" ]; then UNSHARED=1 exec unshare -m "$0" "$@"; fi
[ -e /sys/kernel/tracing/events ] || mount -t tracefs none /sys/kernel/tracing || exit 2
[ -e /sys/kernel/debug/tracing ] || mount -t debugfs none /sys/kernel/debug || exit 2
[ -e /sys/kernel/debug/tracing/events ] || mount -t tracefs none /sys/kernel/debug/tracing || exit 2
exec "${LUA:-lua5.4}" tests/peers/run.lua "$@"
