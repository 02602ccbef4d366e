#!/bin/bash
# SPDX-License-Identifier: MIT
# run.sh [-k] [-a] [TEXT]...  runs programs under strace and under the tracer at once and compares what both saw; as root.
# With TEXT only those programs that have one of the texts in their name. -k keeps the files, -a shows all differences.
# The last line is "N passed, N failed, N skipped". Exits with 0 if nothing failed.
# Environment: B=build (where the tracer is and the C programs go)  TRACELEFT=$B/traceleft-lua
set -u
cd "$(dirname "$0")/../.." || exit 2
export B=${B:-build}
[[ $B = /* ]] || B=$PWD/$B

die() { echo "$0: $*" >&2; exit 2; }

# The C programs of this folder, each a file.
build_programs() {
  local source program
  mkdir -p "$B/tests/strace" || return
  for source in tests/strace/programs/*.c; do
    program=$B/tests/strace/$(basename "$source" .c)
    [ "$program" -nt "$source" ] ||
      "${CC:-cc}" -O2 -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-unused-result -pthread "$source" -o "$program" ||
      return
  done
}

[ "$(id -u)" -eq 0 ] || die "tracing needs root"
command -v strace >/dev/null || die "no strace here"
build_programs || die "the C programs do not compile"
exec "${LUA:-lua5.4}" tests/strace/run.lua "$@"
