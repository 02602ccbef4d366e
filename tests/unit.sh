#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the unit test programs given, prints what failed, and ends with "N passed, N failed, N skipped".
# A program that ends badly for another reason (a crash, a leak, the clock) counts as one failure.

[ $# -gt 0 ] || { echo "usage: $0 PROGRAM..." >&2; exit 2; }
passed=0 failed=0 skipped=0
log=$(mktemp) || exit 2
trap 'rm -f "$log"' EXIT

# The tests that ended so. cmocka names a failed one again in the list at the end.
names() {
	grep -E "^\[ *($1) *\] [A-Za-z_0-9]+\$" "$log"
}

for program; do
	timeout "${UNIT_SECONDS:-120}" "$program" >"$log" 2>&1
	status=$?
	good=$(names OK | grep -c .)
	none=$(names SKIPPED | sort -u | grep -c .)
	bad=$(names 'FAILED|ERROR' | sort | uniq -c | awk '{ n += $3 == "ERROR" ? $1 : 1 } END { print n + 0 }')
	if [ "$status" -ne 0 ]; then
		[ "$bad" -gt 0 ] || bad=1
		echo "$program: status $status"
		grep -vE '^\[ *(RUN|OK|=+|-+) *\]' "$log" | head -n 60
	fi
	names SKIPPED | sort -u | sed "s|^|$program: |"
	passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + none))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
