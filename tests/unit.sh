#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the unit test programs given, prints what failed, and ends with "N passed, N failed, N skipped".
# A program that dies, or leaks, counts as one failure more.

passed=0 failed=0 skipped=0
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
[ $# -gt 0 ] || { echo "usage: $0 PROGRAM..." >&2; exit 2; }

count() {
	grep -c "^\[ *$1 *\] [a-z]" "$log"
}

for program; do
	timeout "${UNIT_SECONDS:-120}" "$program" >"$log" 2>&1
	status=$?
	bad=$(grep -c '^\[  FAILED  \] [a-z_0-9]*$' "$log")
	good=$(count OK) none=$(count SKIPPED)
	# cmocka names a failed test twice: where it failed, and in the list at the end.
	bad=$(grep '^\[  FAILED  \] [a-zA-Z_0-9]*$' "$log" | sort -u | grep -c .)
	[ $status -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
	if [ $status -ne 0 ]; then
		echo "$program: status $status"
		grep -v '^\[ *\(RUN\|OK\|=*\|-*\) *\]' "$log"
	fi
	passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + none))
	grep '^\[  SKIPPED \] [a-z]' "$log" | sort -u
done
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
