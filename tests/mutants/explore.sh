#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Explores each tests/mutants/*.patch that has a Run: line, with no hold rule, and prints a table.
#
# usage: explore.sh BUILD [NAME...]
#
# The scenario and the options are those of Run:, without what only chance needs, or those of the
# patch's Explore: line: the default bound at 2 CPUs, and if that finds nothing, or they are too
# few, schedules of one switch at 3. A patch that cannot be found that way says why not
# (Unexplored:). A row for each: what was found, in so many switches, after so many schedules. A
# search ends after SECONDS_EACH of the environment, or 60. Ends with 1 if one is not found, and
# its patch does not say why. ALL=1: those that say why are tried, too, and must not be found.
set -u
build=$1
shift
here=$(dirname "$0")
src=$build/explore-mutants/src
out=$build/explore-mutants/build
log=$build/explore-mutants/log
found=$build/explore-mutants/found
seconds=${SECONDS_EACH:-60}
failed=0
# The copy is built by a make of its own: no job server, no options of the one that called us.
unset MAKEFLAGS MFLAGS MAKELEVEL O SAN

head_of() { sed -n "s/^$2: //p" "$here/$1.patch" | head -n 1; }
build_copy() { make -C "$src" O=../build -j"$(nproc)" all >"$log" 2>&1; }
row() { printf '| %s | `%s` | %s |\n' "$1" "$2" "$3"; }
complain() {
	echo "  WRONG $1: $2" >&2
	failed=1
}
# Trials are one by one, and the time of a run is not that of a search.
words_of() {
	words=$(head_of "$1" Explore)
	[ -n "$words" ] || words=$(head_of "$1" Run | sed 's/ --trials [0-9]*//')
}
# The words are split on purpose.
# shellcheck disable=SC2086
search() {
	timeout $((seconds * 4 + 60)) "$out/pvtlb" explore $words --engine process \
		--time "$seconds" >"$found" 2>"$log"
	[ -n "$(what)" ] && return
	case $words in *' --cpus '*) return ;; esac
	words="$words --cpus 3 --bound 1"
	timeout $((seconds * 4 + 60)) "$out/pvtlb" explore $words --engine process \
		--time "$seconds" >"$found" 2>"$log"
}
# "table-early in 1 switch, found after 24 schedules"; nothing if none was.
# A guest that gives up before there is a trial has no schedule.
what() {
	sed -n 's/.* CPUs[^:]*: \(.* in [0-9]* switch.* after [0-9]* schedules\),.*/\1/p' "$found" | head -n 1
	sed -n 's/.*guest panic.*/panic at the boot/p' "$log" | head -n 1
}

rm -rf "$src"
mkdir -p "$src" "$out" && touch "$out/.deps"
cp -r Makefile include guest vmm tests docs "$src" || exit 1

[ $# -gt 0 ] || set -- $(cd "$here" && grep -l '^Run: ' ./*.patch | sed 's,^\./,,; s,\.patch$,,')
nr=0
echo '| mutant | explored | found |'
echo '| --- | --- | --- |'
for name in "$@"; do
	if [ ! -e "$here/$name.patch" ]; then
		echo "check-explore-mutants: no mutant '$name'" >&2
		exit 2
	fi
	why=$(head_of "$name" Unexplored)
	words_of "$name"
	if [ -n "$why" ] && [ "${ALL:-0}" = 0 ]; then
		row "$name" "$words" "no: $why"
		continue
	fi
	if ! patch -d "$src" -p1 -s <"$here/$name.patch" >"$log" 2>&1 || ! build_copy; then
		complain "$name" "the patch does not apply or build"
	else
		search
		if [ -n "$(what)" ]; then
			nr=$((nr + 1))
			row "$name" "$words" "$(what)"
			[ -z "$why" ] || complain "$name" "found, though it says: $why"
		else
			row "$name" "$words" "not found"
			[ -n "$why" ] || complain "$name" "$(cat "$found" "$log" | head -n 2)"
		fi
	fi
	patch -d "$src" -p1 -R -s <"$here/$name.patch" >>"$log" 2>&1
done
echo "check-explore-mutants: $nr of $# found" >&2
exit $failed
