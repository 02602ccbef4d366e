#!/bin/bash
# SPDX-License-Identifier: MIT
# run.sh [TIER]...  runs all tiers of tests, or those named: lint arm64 unit lua pictures expr kernel strace oneliners examples vm fuzz. As root.
# While a tier runs its skips, its failures and signs of life are shown; afterwards, if it failed, all that it said.
# The last line is the sum: "N passed, N failed, N skipped". Exits with 0 if nothing failed.
# Environment: JOBS=number of CPUs (kernels of the vm tier at a time)  FUZZ_SECONDS=5 (for each fuzzer)
set -u -o pipefail
cd "$(dirname "$0")/.." || exit 2

tiers=(lint arm64 unit lua pictures expr kernel strace oneliners examples vm fuzz)

make_quietly() { make --no-print-directory "$@"; }

# The tiers. Each prints what it likes; `count_NAME` finds "PASSED FAILED SKIPPED" in that, given its exit status.
run_lint() { make_quietly lint; }
run_arm64() { make_quietly check-arm64; }
run_unit() { make_quietly check-unit; }
run_lua() { make_quietly check-lua; }
run_pictures() { make_quietly check-pictures; }
run_expr() { make_quietly check-expr; }
run_kernel() { make_quietly check-kernel; }
run_strace() { make_quietly check-strace; }
run_oneliners() { make_quietly check-oneliners; }
run_vm() { make_quietly test-vm JOBS="${JOBS:-$(nproc)}"; }
run_fuzz() { make_quietly fuzz FUZZ_SECONDS="${FUZZ_SECONDS:-5}"; }

# The main job of the README, on the traffic that it makes: three visits, and one at a closed door.
run_examples() {
  make_quietly demo | tee "$work/demo" || return
  grep -q '^connects 4, accepts 3, closes 6, listens 1$' "$work/demo" &&
    grep -q '^failures 1 (1 ECONNREFUSED)$' "$work/demo" &&
    [ "$(grep -c ' connect .* established ' "$work/demo")" -eq 3 ]
}

# "N passed, N failed, N skipped" in the last such line.
count_summary() {
  sed -nE 's/^([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped$/\1 \2 \3/p' "$1" | tail -n 1
}

count_unit() { count_summary "$1"; }
count_pictures() { count_summary "$1"; }
count_expr() { count_summary "$1"; }
count_kernel() { count_summary "$1"; }
count_oneliners() { count_summary "$1"; }
count_strace() { count_summary "$1"; }

# Once for the kernel cases, once for expressions.
count_vm() {
  awk '/^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ { p += $1; f += $3; s += $5; n++ } END { if (n) print p, f, s }' "$1"
}

# All of it passed, or it failed.
count_lint() { if [ "$2" -eq 0 ]; then echo 1 0 0; else echo 0 1 0; fi; }
count_arm64() { count_lint "$@"; }
count_examples() { count_lint "$@"; }

# busted: "N successes / N failures / N errors / N pending : N seconds"
count_lua() {
  sed -E 's/\x1b\[[0-9;]*m//g' "$1" |
    awk '/^[0-9]+ success.* \/ .* \/ .* \/ [0-9]+ pending/ { found = $1 " " $4 + $7 " " $10 } END { print found }'
}

# Each fuzzer that came to its end says how many inputs it tried; the first that fails is the last.
count_fuzz() { echo "$(grep -c '^stat::number_of_executed_units' "$1") $(($2 != 0)) 0"; }

# Of what a tier says: skips with their reasons, failures, and a line for every thirtieth success.
abridge() {
  awk -v tier="$1" '
    /^Pending/ { more = 3 } # where, what, why
    more-- > 0 || /^([a-z0-9.]+: )?(not ok|skip) / || /SKIPPED/ { print "  " $0; fflush(); next }
    /^([a-z0-9.]+: )?ok / { if (++good % 30 == 0) { printf "  %s: %d ok\n", tier, good; fflush() } next }
    /^([a-z0-9.]+: )?[0-9]+ passed, / { print "  " $0; fflush() }'
}

# A tier that failed without counting a failure, or that counted nothing, has failed all the same.
judge() {
  local name=$1 status=$2 seconds=$3 p=0 f=0 s=0 found
  found=$("count_$name" "$work/$name" "$status")
  [ -z "$found" ] || read -r p f s <<<"$found"
  if [ "$f" -eq 0 ] && { [ "$status" -ne 0 ] || [ $((p + s)) -eq 0 ]; }; then f=1; fi
  if [ "$f" -gt 0 ]; then
    echo "---- $name failed (status $status); all that it said:"
    cat "$work/$name"
    echo "----"
  fi
  lines+=("$(printf '%-9s %4d passed, %d failed, %d skipped (%d s)' "$name" "$p" "$f" "$s" "$seconds")")
  echo "${lines[-1]}"
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

run_tier() {
  local begin=$SECONDS status
  echo "==== $1"
  "run_$1" 2>&1 | tee "$work/$1" | abridge "$1"
  status=${PIPESTATUS[0]}
  judge "$1" "$status" $((SECONDS - begin))
}

for name; do
  [[ " ${tiers[*]} " == *" $name "* ]] || { sed -n '3,6s/^# \?//p' "$0" >&2; exit 2; }
done
[ "$(id -u)" -eq 0 ] || { echo "$0: tracing needs root; \`make check\` runs what does not" >&2; exit 2; }
[ $# -eq 0 ] || tiers=("$@")
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
passed=0 failed=0 skipped=0 lines=()
for name in "${tiers[@]}"; do run_tier "$name"; done
echo "==== all"
printf '%s\n' "${lines[@]}"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
