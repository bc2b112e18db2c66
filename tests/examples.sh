#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Takes the scenarios out of docs/new-scenario.md and the policy out of docs/policies.md, builds a
# copy of the guest with them, and runs each as the text says: a scenario holds; the first one,
# with a fault injected, does not; under the policy every second sync is missing.
#
# usage: examples.sh BUILD, in the tree's root. Ends with 0, 1 (something is wrong) or 77 (there is
# no KVM to run them on; they build).
set -u
build=$(realpath "$1") || exit 1
pvtlb=$build/pvtlb
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# Compiled already, but for what is new: times are kept.
mkdir -p "$tmp/build" && cp -a --parents Makefile guest include vmm/nested "$tmp" &&
	cp -a "$build/guest-pv" "$build/guest-nopv" "$tmp/build" && touch "$tmp/build/.deps" || exit 1
# Files of C out of a page, those that register something: extract PAGE MACRO DIRECTORY.
extract() {
	awk -v macro="$2" -v to="$tmp/guest/$3/" '
	/^```c$/ { code = ""; in_code = 1; next }
	/^```$/ {
		if (in_code && code ~ "\n" macro "\\(") {
			match(code, /\.name = "[a-z0-9-]+"/)
			name = substr(code, RSTART + 9, RLENGTH - 10)
			printf "%s", code > (to name ".c")
			print name
		}
		in_code = 0
	}
	in_code { code = code $0 "\n" }' "docs/$1"
}
extract new-scenario.md SCENARIO scenarios >"$tmp/names"
extract policies.md TLB_POLICY policies >"$tmp/policies"
[ "$(cat "$tmp/policies")" = every-other ] || { echo "docs/policies.md: 1 policy expected"; exit 1; }
[ "$(wc -l <"$tmp/names")" -eq 2 ] || { echo "docs/new-scenario.md: 2 scenarios expected"; exit 1; }

unset MAKEFLAGS MAKELEVEL MFLAGS O SAN
make -s -C "$tmp" O=build build/guest-pv.elf build/guest-nopv.elf >"$tmp/log" 2>&1 || {
	echo 'docs/new-scenario.md: its scenarios do not build'
	cat "$tmp/log"
	exit 1
}

# The images beside the command are the ones that it runs.
cp "$pvtlb" "$tmp/build/" || exit 1
run() {
	"$tmp/build/pvtlb" run "$@" --timeout 60 >"$tmp/log" 2>&1
	status=$?
	[ $status -eq 0 ] || { echo "pvtlb run $*: ended with $status"; cat "$tmp/log"; }
	return $status
}
while read -r name; do
	run "$name" --trials 2 || exit
done <"$tmp/names"
run remap --backend native --inject skip-ipi --expect violation || exit
run free-table --backend pvtlb --key on --expect violation || exit
"$tmp/build/pvtlb" list | grep -q '^  every-other  *each second sync is left out$' ||
	{ echo "pvtlb list has no every-other"; exit 1; }
run collapse-vs-gup --policy every-other,always-sync --backend pvtlb --trials 1 || exit
run collapse-vs-gup --policy every-other --backend pvtlb --trials 2 --expect hold >"$tmp/second" &&
	{ echo "every-other: the second sync was sent"; exit 1; }
grep -q 'use-after-deposit' "$tmp/second" || { cat "$tmp/second"; exit 1; }
