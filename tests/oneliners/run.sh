#!/bin/bash
# SPDX-License-Identifier: MIT
# run.sh [WORD]...  holds the README's one-liners against bpftrace's; as root. See run.lua.
# bpftrace needs tracefs, one question a cgroup of version 2. Where they are not mounted, they are for these processes alone.
set -u
cd "$(dirname "$0")/../.." || exit 2
if [ -z "${UNSHARED:-}" ]; then UNSHARED=1 exec unshare -m "$0" "$@"; fi
[ -e /sys/kernel/tracing/events ] || mount -t tracefs none /sys/kernel/tracing || exit 2
[ -e /sys/fs/cgroup/cgroup.procs ] || mount -t cgroup2 none /sys/fs/cgroup || exit 2
exec "${LUA:-lua5.4}" tests/oneliners/run.lua "$@"
