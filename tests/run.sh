#!/bin/bash
# SPDX-License-Identifier: MIT
# run.sh [TIER]...  runs all tiers of tests, or those named: lint arm64 unit fuzz lua pictures expr kernel repl strace oneliners
# peers examples vm. As root.
# While a tier runs its skips, its failures and signs of life are shown; afterwards, if it failed, all that it said.
# The first four, which compile and need no kernel, run beside those up to vm, and what they said comes after these.
# The last lines are the times of the tiers, and the sum: "N passed, N failed, N skipped". Exits with 0 if nothing failed.
# Environment: JOBS=number of CPUs + 1 (kernels of the vm tier at a time)  FUZZ_SECONDS=5 (for each fuzzer)
set -u -o pipefail
cd "$(dirname "$0")/.." || exit 2

beside=(lint arm64 unit fuzz)
tiers=("${beside[@]}" lua pictures expr kernel repl strace oneliners peers examples vm)

make_quietly() { make --no-print-directory "$@"; }
make_parallel() { make_quietly -j "$(nproc)" "$@"; }

# The tiers. Each prints what it likes; `count_NAME` finds "PASSED FAILED SKIPPED" in that, given its exit status.
run_lint() { make_quietly lint; }
run_arm64() { make_quietly check-arm64; }
run_unit() { make_parallel check-unit; }
run_lua() { make_quietly check-lua; }
run_pictures() { make_quietly check-pictures; }
run_expr() { make_quietly check-expr; }
run_kernel() { make_quietly check-kernel; }
run_repl() { make_quietly check-repl; }
run_strace() { make_quietly check-strace; }
run_oneliners() { make_quietly check-oneliners; }
run_peers() { make_quietly check-peers; }
# An emulated machine does not keep a CPU busy all the time.
run_vm() { make_quietly test-vm JOBS="${JOBS:-$(($(nproc) + 1))}"; }
run_fuzz() { make_parallel fuzz FUZZ_SECONDS="${FUZZ_SECONDS:-5}"; }

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
count_repl() { count_summary "$1"; }
count_oneliners() { count_summary "$1"; }
count_peers() { count_summary "$1"; }
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
  printf '%-9s %4d passed, %d failed, %d skipped (%d s)\n' "$name" "$p" "$f" "$s" "$seconds" | tee "$work/$name.sum"
}

run_tier() {
  local begin=$SECONDS status
  echo "==== $1"
  "run_$1" 2>&1 | tee "$work/$1" | abridge "$1"
  status=${PIPESTATUS[0]}
  judge "$1" "$status" $((SECONDS - begin))
}

run_tiers() { for name; do run_tier "$name"; done; }

# "PASSED FAILED SKIPPED" of all tiers.
add_up() {
  (cd "$work" && cat "${tiers[@]/%/.sum}") | awk '{ p += $2; f += $4; s += $6 } END { print p + 0, f + 0, s + 0 }'
}

for name; do
  [[ " ${tiers[*]} " == *" $name "* ]] || { sed -n '3,8s/^# \?//p' "$0" >&2; exit 2; }
done
[ "$(id -u)" -eq 0 ] || { echo "$0: tracing needs root; \`make check\` runs what does not" >&2; exit 2; }
[ $# -eq 0 ] || tiers=("$@")
work=$(mktemp -d) || exit 2
trap 'kill "${aside:-}" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
begin=$SECONDS first=() second=() third=()
for name in "${tiers[@]}"; do
  case " ${beside[*]} " in
    *" $name "*) first+=("$name") ;;
    *) if [ "$name" = vm ]; then third=(vm); else second+=("$name"); fi ;;
  esac
done
[ ${#second[@]} -gt 0 ] || { second=("${first[@]}") first=(); }
run_tiers "${first[@]}" >"$work/beside" &
aside=$!
run_tiers "${second[@]}"
wait
cat "$work/beside"
run_tiers "${third[@]}"
echo "==== all ($((SECONDS - begin)) s)"
(cd "$work" && cat "${tiers[@]/%/.sum}")
read -r passed failed skipped < <(add_up)
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
