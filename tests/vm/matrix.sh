#!/bin/bash
# SPDX-License-Identifier: MIT
# matrix.sh [-k NAME]... [COMMAND]...  runs COMMAND on every kernel of kernels.txt, or on those named.
# COMMAND runs in /src, which has the folders tests/kernel, scripts and examples; /bin has traceleft-lua, workload,
# embed and property; nginx and ab are there if the host has them.
# Its last line must be "N passed, N failed, N skipped"; a kernel that does not deliver it counts as 1 failed.
# The last line is the sum. Exits with 0 if nothing failed.
# Several kernels share the kernel cases: see TL_TEST_PART in tests/kernel/README.md. With TL_TEST_PART= (empty) all
# run all.
# Environment: JOBS=1 (kernels at a time)  BIN=build/traceleft-lua  WORKLOAD=build/tests/workload  SRC= (the checkout)
# TL_TEST_SCALE=10  TL_TEST_LIMIT=120  and what boot.sh takes.
set -u
# shellcheck source=tests/vm/common.sh
. "$(dirname "$0")/common.sh"

usage() { sed -n '3,11s/^# \?//p' "$0" >&2; exit 2; }

die() { say "$*"; exit 2; }

# shellcheck disable=SC2317 # called by a trap
clean_up() {
  local group
  for group in $(jobs -p); do kill -- "-$group" 2>/dev/null; done
  wait 2>/dev/null
  rm -rf "$work"
}

# A program of the host with all that its loader looks for, each at its own path.
add_dynamic() {
  local path library
  path=$(PATH=$PATH:/usr/sbin:/sbin command -v "$1")
  [ -n "$path" ] || { say "no $1 here: the cases that need it are skipped"; return; }
  files+=("$path:$path")
  for library in $(ldd "$path" | grep -o '/[^ ]*'); do files+=("$library:$library"); done
}

# The files of the machine, in the layout scripts find in the checkout.
collect_files() {
  local folder program
  [ -x "$bin" ] || die "no program $bin: build it first"
  [ -x "$workload" ] || die "no program $workload: build it first"
  files=("$bin:/bin/traceleft-lua" "$workload:/bin/workload")
  [ ! -r "$battery" ] || files+=("$battery:/bin/battery/traceleft.bpf.o")
  [ ! -x "$property" ] || files+=("$property:/bin/property")
  [ ! -x "$embed" ] || files+=("$embed:/bin/embed")
  [ ! -r "$compare" ] || files+=("$compare:/src/battery/gen/compare.lua")
  for program in nginx ab; do add_dynamic "$program"; done
  for folder in tests/kernel scripts examples; do
    [ ! -d "$src/$folder" ] || files+=("$src/$folder:/src/$folder")
  done
}

# "2/4"
part_of() {
  local i
  for i in "${!names[@]}"; do
    [ "${names[i]}" != "$1" ] || echo "$((i + 1))/${#names[@]}"
  done
}

# What the command said is kept apart from what boot.sh says, so that only the former can be the summary.
boot_kernel() {
  local line="mkdir -p /src; cd /src || exit; $settings TL_TEST_PART=${TL_TEST_PART-$(part_of "$1")}; $command"
  { "$vm_dir/boot.sh" "$1" "$line" "${files[@]}" 2>&3 | tee "$work/$1.log"; } \
    3>&1 | sed -u "s/^/$1: /"
}

# Leaves NAME.code, NAME.seconds and NAME.log.
run_kernel() {
  local begin=$SECONDS
  trap : TERM # this shell ends after what it started
  set -o pipefail
  boot_kernel "$1"
  echo $? >"$work/$1.code"
  echo $((SECONDS - begin)) >"$work/$1.seconds"
}

# With several at a time each one's output waits until it is complete.
run_buffered() {
  run_kernel "$1" >"$work/$1.output"
  flock "$work/lock" cat "$work/$1.output"
}

# In the background even if one at a time: only then can this shell act on a signal at once. The newest kernel goes
# first, as it takes longest: it needs both flavours of each program.
run_all() {
  local i run=run_kernel
  [ "$jobs" -eq 1 ] || run=run_buffered
  for ((i = ${#names[@]} - 1; i >= 0; i--)); do
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n; done
    "$run" "${names[i]}" &
  done
  wait
}

# Prints "PASSED FAILED SKIPPED" of one kernel, or nothing if it did not say.
counts() {
  tail -n 1 "$work/$1.log" | sed -nE 's/^([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped$/\1 \2 \3/p'
}

# A run that failed after it counted no failure has failed all the same.
judge() {
  local name=$1 code found p=0 f=1 s=0 note=''
  code=$(<"$work/$name.code")
  found=$(counts "$name")
  if [ -z "$found" ]; then
    note=', no summary'
  else
    read -r p f s <<<"$found"
    [ "$code" -eq 0 ] || [ "$f" -gt 0 ] || f=1
  fi
  [ "$code" -eq 0 ] || note+=", exit $code"
  echo "$name: $p passed, $f failed, $s skipped ($(<"$work/$name.seconds") s$note)"
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

names=()
while getopts k: option; do
  case $option in k) names+=("$OPTARG") ;; *) usage ;; esac
done
shift $((OPTIND - 1))
[ ${#names[@]} -gt 0 ] || mapfile -t names < <(kernel_names)
command=${*:-traceleft-lua tests/kernel/run.lua}
settings="export TL_TEST_SCALE=${TL_TEST_SCALE:-10} TL_TEST_LIMIT=${TL_TEST_LIMIT:-120}" # of the kernel cases
settings+=' TL_TEST_DISK=/dev/nvme0n1'
jobs=${JOBS:-1} src=${SRC:-$(cd "$vm_dir/../.." && pwd)}
bin=${BIN:-$src/build/traceleft-lua} workload=${WORKLOAD:-$src/build/tests/workload}
battery=$src/build/battery/traceleft.bpf.o embed=$src/build/examples/embed
property=$src/build/tests/property
compare=$src/battery/gen/compare.lua
collect_files
"$vm_dir/fetch.sh" "${names[@]}" || die "not all kernels are there"
work=$(mktemp -d) || die "no place for temporary files"
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
set -m # each kernel's processes form a group, so that a signal can reach them all
run_all
passed=0 failed=0 skipped=0
for name in "${names[@]}"; do judge "$name"; done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
