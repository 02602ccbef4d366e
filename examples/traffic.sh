#!/bin/sh
# SPDX-License-Identifier: MIT
# traffic.sh: a web server, a few visitors, and one who knocks at a closed door. All on loopback.
#
#   traceleft-lua -f -c 'sh examples/traffic.sh' scripts/netwatch.lua
set -eu

port=${1:-8099}
folder=$(dirname "$0")

# Without -f it returns when it listens, and serves in the background.
busybox httpd -p "127.0.0.1:$port" -h "$folder"
stop_server() {
	for process in /proc/[0-9]*; do
		case $(tr '\0' ' ' 2>/dev/null <"$process/cmdline") in
		"busybox httpd -p 127.0.0.1:$port "*) kill "${process#/proc/}" ;;
		esac
	done
}
trap stop_server EXIT

for file in hello.lua traffic.sh embed.c; do
	busybox wget -q -O /dev/null "http://127.0.0.1:$port/$file" || echo "$file: not served" >&2
done
busybox nc 127.0.0.1 1 </dev/null 2>/dev/null || true	# nobody listens there
