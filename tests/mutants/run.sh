#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Applies each tests/mutants/*.patch to a copy of the tree, builds it, and runs what catches it.
#
# usage: run.sh BUILD [NAME...]
#
# A patch's head says what is wrong in it (What:) and the words of `pvtlb run` that find out
# (Run:), or, where no claim of a run is about it, the suites of tests that do (Test:). Without
# the patch these must end with 0, with it with 1: a claim or a test that fails. A hang, a crash
# of the VMM or a run that was skipped is not a catch. V=1 in the environment: what failed, too.
set -u
build=$1
shift
here=$(dirname "$0")
src=$build/mutants/src
log=$build/mutants/log
failed=0
began=$(date +%s)
# The copy is built by a make of its own: no job server, no options of the one that called us.
unset MAKEFLAGS MFLAGS MAKELEVEL O SAN

head_of() { sed -n "s/^$2: //p" "$here/$1.patch" | head -n 1; }
build_copy() {
	make -C "$src" O=../build -j"$(nproc)" all ${suites:+../build/tests/run} >"$log" 2>&1
}
# The words are split on purpose.
# shellcheck disable=SC2046,SC2086
run_copy() {
	if [ -n "$suites" ]; then
		timeout 120 "$build/mutants/build/tests/run" --build "$build/mutants/build" $suites
	else
		timeout 120 "$build/mutants/build/pvtlb" run $words --table --timeout 5
	fi >"$log" 2>&1
}
complain() {
	echo "  NOT CAUGHT $1: $2"
	sed 's/^/    /' "$log" | tail -n 5
	failed=1
}

rm -rf "$src"
mkdir -p "$src"
cp -r Makefile include guest vmm tests docs "$src" || exit 1
mkdir -p "$build/mutants/build" && touch "$build/mutants/build/.deps"
suites=
build_copy || { cat "$log"; exit 1; }

[ $# -gt 0 ] || set -- $(cd "$here" && ls ./*.patch | sed 's,^\./,,; s,\.patch$,,')
caught=0
for name in "$@"; do
	if [ ! -e "$here/$name.patch" ]; then
		echo "check-mutants: no mutant '$name'; there are:" $(cd "$here" && ls ./*.patch | sed 's,^\./,,; s,\.patch$,,')
		exit 2
	fi
	words=$(head_of "$name" Run)
	suites=$(head_of "$name" Test)
	if ! build_copy || ! run_copy; then
		complain "$name" "the right code fails, too: ${suites:-pvtlb run $words}"
		continue
	fi
	if ! patch -d "$src" -p1 -s <"$here/$name.patch" >"$log" 2>&1 || ! build_copy; then
		complain "$name" "the patch does not apply or build"
	else
		run_copy
		status=$?
		if [ $status -eq 1 ]; then
			caught=$((caught + 1))
			printf '  CAUGHT  %-26s %s\n' "$name" "$(head_of "$name" What)"
			[ "${V:-0}" = 0 ] || {
				awk '/ fail /' "$log" | head -n 1 | sed 's/.* fail */      /'
				sed -n 's/^FAIL *[0-9.]* s  /      /p' "$log"
			}
		else
			complain "$name" "${suites:-pvtlb run $words} ended with $status"
		fi
	fi
	patch -d "$src" -p1 -R -s <"$here/$name.patch" >>"$log" 2>&1
	build_copy || complain "$name" "the patch cannot be taken back"
done
s=$(($(date +%s) - began))
echo "check-mutants: $caught of $# caught, $((s / 60)) min $((s % 60)) s"
exit $failed
