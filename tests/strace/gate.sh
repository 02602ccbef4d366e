#!/bin/sh
# SPDX-License-Identifier: MIT
# gate.sh PIDS GO COMMAND...  says its pid through the fifo PIDS, waits for a line in the fifo GO, and becomes COMMAND.
# Both tracers are at work then, so the execve is the first call that both see whole.
pids=$1 go=$2
shift 2
echo $$ >"$pids"
read -r _ <"$go"
exec "$@"
