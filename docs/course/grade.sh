#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Exercises of the course: gives a copy of the tree to work in, and grades what was made of it.
#
# usage: grade.sh start BUILD N [again]        a fresh copy; again: in place of one with work in it
#        grade.sh grade BUILD N [FILE]         what is in the copy, or FILE in a copy of its own
#        grade.sh check BUILD [N]              each start fails its grade, each solution passes,
#                                              and cheats.txt ends as it says; N: of this one
#
# The copy is BUILD/course/N/tree. Only the exercise's own file may be changed in it. It is built
# there; what judges it is the pvtlb of the tree that this script is in. Each FILE has a folder of
# its own, which is gone at the end: many may be graded side by side. check works elsewhere, too.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$here/../..
what=$1
build=$(cd "$2" && pwd)
base=$build/course
unset MAKEFLAGS MFLAGS MAKELEVEL O SAN

say() { printf '%s\n' "$*"; }

# Sets kind, bug and file of exercise $1.
read_exercise() {
	line=$(grep "^$1 " "$here/exercises.txt") || {
		say "grade: no exercise '$1'; there are: $(grep -o '^[0-9]*' "$here/exercises.txt" | tr '\n' ' ')"
		exit 2
	}
	# shellcheck disable=SC2086 # fields
	set -- $line
	nr=$1 kind=$2 bug=$3 file=$4 tells=$5
	work=$base/$nr
	tree=$work/tree
	patch=$top/tests/mutants/$bug.patch
}

copy_tree() { # $1: where to
	rm -rf "$1"
	mkdir -p "$1"
	(cd "$top" && cp -r Makefile guest include vmm tests docs "$1")
}

# One at a time works in the folder of an exercise.
lock() {
	mkdir -p "$work" && exec 9>"$work/lock" || exit 2
	flock -n 9 && return
	say "exercise $nr: somebody works in $work, this one waits"
	flock 9 || exit 2
}

# What the copy consists of. Names of files that editors leave behind are no work.
contents() {
	(cd "$tree" && find . -type f ! -name '*~' ! -name '.*.sw?' -exec cksum {} + | LC_ALL=C sort)
}

start() {
	lock
	if [ -d "$tree" ] && [ "$1" != again ] && [ "$(contents)" != "$(cat "$work/given" 2>&1)" ]; then
		say "exercise $nr: $tree has work in it: 'make exercise EX=$nr AGAIN=1' throws it away, and begins again"
		exit 2
	fi
	copy_tree "$tree"
	if [ "$kind" = mend ]; then
		patch -d "$tree" -p1 -s <"$patch" || exit 1
	else
		cp "$here/start/$nr.c" "$tree/$file"
	fi
	contents >"$work/given"
	say "exercise $nr: work on $tree/$file, then: make grade EX=$nr"
}

solve() {
	if [ "$kind" = mend ]; then
		cp "$top/$file" "$tree/$file"
	else
		cp "$here/solutions/$nr.c" "$tree/$file"
	fi
}

failed() {
	say "exercise $nr: FAILED. $*"
	exit 1
}

# $1: a tree; its images are $1/../build-NAME, $2: the name.
images() {
	mkdir -p "$work/build-$2" && touch "$work/build-$2/.deps"
	make -C "$1" O="$work/build-$2" -j"$(nproc)" "$work/build-$2/guest-pv.elf" \
		"$work/build-$2/guest-nopv.elf" >"$work/log" 2>&1 || {
		sed 's/^/    /' "$work/log" | grep -m 5 -E 'error|warning'
		failed "It does not build."
	}
}

# $1: whose images; then words of pvtlb run. What it prints is in $work/log.
run() {
	name=$1
	shift
	timeout 600 "$build/pvtlb" run --image-pv "$work/build-$name/guest-pv.elf" \
		--image-nopv "$work/build-$name/guest-nopv.elf" --table --timeout 5 "$@" \
		>"$work/log" 2>&1
	status=$?
	[ $status -ne 77 ] || { say "grade: nothing can run here: $(tail -n 1 "$work/log")"; exit 77; }
	return $status
}

# The first run that is not as claimed, and why it is not; else what pvtlb said last.
first_failure() {
	why=$(grep -m 1 -E ' (fail|unknown) ' "$work/log" |
		sed 's/^\([^ ]*\)  *\([^ ]*\) .* \(fail\|unknown\) */\1, \2: /')
	say "${why:-$(tail -n 1 "$work/log" | sed "s,$work/,,")}"
}

# Who has the events that a file makes no more is not judged by them; or somebody waits for them.
still_tells() {
	sed -n "s,^#.* CPU [0-9]* \(.*\) @ $file:.*,\1,p" "$work/trace" >"$work/told"
	for word in $(say "$tells" | tr , ' '); do
		grep -q -w -e "$word" "$work/told" ||
			failed "That is mended, but '$word' happens nowhere in $file now; it should, and be told by trace()."
	done
}

# Preprocesses $1 as the exercise's file is compiled: to stdout.
preprocessed() {
	object=$work/build-mine/guest-pv/${file%.c}.o
	command=$(make -C "$tree" -n -B V=1 O="$work/build-mine" "$object" |
		sed -n "s, -MMD.* -c -o $object .*,,p")
	(cd "$tree" && $command -E -P -iquote "$(dirname "$file")" "$1")
}

# The events that a file tells of, by a name each; "?" for one that it does not say.
told_of() {
	grep -o 'trace_event([^,)]*' | sed 's/.*(PVTLB_EV_//; s/.*(.*enum.*//; s/.*[^A-Z0-9_].*/?/' |
		sort -u | grep .
}

# File $1 without its comments, as "the read section", and without the names of headers. By gcc,
# for clang cannot leave out comments alone.
code_of() {
	gcc -fpreprocessed -dD -E -P -x c "$1" 2>/dev/null | grep -v '^[[:space:]]*#[[:space:]]*include'
}

# Events are evidence: a file that makes others than the right one does, or makes them in the
# name of another file, gives evidence of what is not its to say. $1: the right file.
own_evidence() {
	for each in "right $1" "mine $tree/$file"; do
		preprocessed "${each#* }" >"$work/${each% *}.i" 2>"$work/log" ||
			failed "It does not build: $(head -n 1 "$work/log")"
	done
	told_of <"$work/right.i" >"$work/right.told"
	foreign=$(told_of <"$work/mine.i" | grep -v -x -F -f "$work/right.told" | head -n 1)
	[ -z "$foreign" ] || failed "Your file tells of the event $foreign by itself; events are evidence, and this one is not its to give."
	for word in trace_event source_here asm section; do
		[ "$(code_of "$tree/$file" | grep -c -w -e "$word")" -le \
			"$(code_of "$1" | grep -c -w -e "$word")" ] ||
			failed "Your file says '$word'; events are told by trace() alone."
	done
	grep -E -q '^[[:space:]]*#[[:space:]]*(line|[0-9])' "$tree/$file" &&
		failed "Your file says that its lines are another file's."
	return 0
}

# What the events of other files say to those of this one: does it do what it tells of?
witnesses() {
	[ -f "$here/witness/$nr.awk" ] || return
	if [ -f "$here/witness/$nr.patch" ]; then
		rm -rf "$work/witness" "$work/build-witness"
		cp -Rp "$tree" "$work/witness"
		cp -Rp "$work/build-mine" "$work/build-witness"
		patch -d "$work/witness" -p1 -s <"$here/witness/$nr.patch" || exit 1
		touch "$work/witness/$file" # what make knows of headers is for build-mine
		images "$work/witness" witness
		words=$(sed -n 's/^Run: //p' "$here/witness/$nr.patch")
		# shellcheck disable=SC2086 # words
		run witness $words --trace "$work/trace" ||
			failed "$(sed -n 's/^When: //p' "$here/witness/$nr.patch"): $(first_failure)"
	fi
	said=$(awk -f "$here/witness/$nr.awk" "$work/trace") || failed "$said."
}

# In words, what else the trace of a run that failed says of it.
in_words() {
	[ -f "$here/witness/$nr.patch" ] || [ ! -f "$here/witness/$nr.awk" ] && return
	said=$(awk -f "$here/witness/$nr.awk" "$work/trace") || say "; $said"
}

grade_mend() {
	own_evidence "$top/$file"
	words=$(sed -n 's/^Run: //p' "$patch")
	images "$tree" mine
	# shellcheck disable=SC2086 # words
	run mine $words || failed "pvtlb run $words: $(first_failure)"
	run mine --trace "$work/trace"
	status=$?
	still_tells
	[ $status -eq 0 ] ||
		failed "That is mended, but another scenario fails now: $(first_failure)$(in_words)"
	witnesses
}

grade_scenario() {
	own_evidence "$here/solutions/$nr.c"
	images "$tree" mine
	run mine exercise || failed "Nothing is wrong in this tree, and your scenario says: $(first_failure)"
	copy_tree "$work/wrong"
	patch -d "$work/wrong" -p1 -s <"$patch" || exit 1
	cp "$tree/$file" "$work/wrong/$file"
	images "$work/wrong" wrong
	run wrong exercise && failed "It passes, although this is wrong: $(sed -n 's/^What: //p' "$patch")"
	grep -q ' BAD ' "$work/log" || failed "It fails, but finds no violation: $(first_failure)"
}

# Whom a policy interrupts by itself is in no count of what its syncs interrupt.
interrupts_nobody() {
	other=$(nm -u "$work/build-mine/guest-pv/${file%.c}.o" |
		grep -o -m 1 -E '[a-z_]*(send_ipi|on_each_cpu|smp_call|rcu|sync_one|flush_tlb|gate|vmm_call)[a-z_]*') &&
		failed "Your policy calls $other() itself. It says who is to be interrupted; the sync does it, and counts."
	return 0
}

# In what was run last a sync interrupts so many CPUs at most, and there are syncs.
per_sync_below() {
	awk -v most="$1" '/ interrupts per sync$/ { n++; if ($(NF - 3) + 0 >= most) all = 1 }
		END { exit !(n && !all) }' "$work/log"
}

grade_policy() {
	own_evidence "$here/solutions/$nr.c"
	images "$tree" mine
	interrupts_nobody
	run mine --policy exercise || failed "Not safe: $(first_failure)"
	run mine preempted-walker --backend kvm --provider vmm --invlpgb n --policy exercise --verbose
	per_sync_below 3 || failed "Safe, but a sync interrupts every other CPU: $(grep -m 1 'per sync' "$work/log")"
	rm -rf "$work/witness" "$work/build-witness"
	cp -Rp "$tree" "$work/witness"
	cp -Rp "$work/build-mine" "$work/build-witness"
	cp "$here/witness/6.c" "$work/witness/guest/scenarios/elsewhere.c"
	images "$work/witness" witness
	run witness elsewhere --backend xen --policy exercise --verbose ||
		failed "Not safe: $(first_failure)"
	per_sync_below 2 || failed "Safe, but a sync interrupts CPUs that walk another mm, and share no table with this one: $(grep -m 1 'per sync' "$work/log")"
}

grade() {
	lock
	[ -d "$tree" ] || { say "grade: exercise $nr has not begun; see: make exercise EX=$nr"; exit 2; }
	for dir in guest include vmm Makefile; do
		LC_ALL=C diff -rq -x '*~' -x '.*.sw?' -x '*.orig' -x '*.rej' "$top/$dir" "$tree/$dir"
	done | grep -v -x -F -e "Files $top/$file and $tree/$file differ" \
		-e "Only in $tree/$(dirname "$file"): $(basename "$file")" >"$work/other"
	[ -s "$work/other" ] && failed "Only $file may be changed: $(head -n 1 "$work/other")"
	"grade_$kind"
	say "exercise $nr: passed"
}

# A file from elsewhere, in a copy that is not the one to work in.
grade_file() { # $1: the file
	[ -f "$1" ] || { say "grade: no file '$1'"; exit 2; }
	mkdir -p "$work"
	work=$(mktemp -d "$work/from-XXXXXX") || exit 2
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT TERM HUP
	tree=$work/tree
	copy_tree "$tree"
	cp "$1" "$tree/$file"
	grade
}

# What passes for a solution and is none, or looks like none and passes. Edits of the solution.
check_cheats() {
	while IFS='|' read -r n changed script says what; do
		case $n in '#'* | '') continue ;; esac
		[ "$n" = "${only:-$n}" ] || continue
		(
			read_exercise "$n"
			start again
			solve
			cp "$tree/$changed" "$work/honest"
			sed -i "$script" "$tree/$changed"
			! cmp -s "$tree/$changed" "$work/honest" || { say "the edit changes nothing"; exit 3; }
			grade
		) >"$base/log" 2>&1
		status=$?
		if [ "$says" = passed ] && [ $status -eq 0 ]; then
			say "  ok exercise $n is passed by this: $what"
		elif [ $status -eq 1 ] && grep -q -e ": FAILED.*$says" "$base/log"; then
			say "  ok exercise $n is not passed by this: $what"
		else
			wrong "exercise $n: $what: ended with $status, not with '$says'"
		fi
	done <"$here/cheats.txt"
}

wrong() {
	say "  WRONG $*"
	cat "$base/log"
	bad=1
}

# A start, what is done to its tree, and how another start ends.
check_again() { # $1: sed; $2: again or nothing; $3: the status; $4: is the work still there?
	# Each start in a shell of its own: with that its lock goes, too.
	(read_exercise 2 && (start again) && sed -i "$1" "$tree/$file" && cp "$tree/$file" "$work/mine" &&
		{ (start "$2"); [ $? -eq "$3" ]; } &&
		{ cmp -s "$tree/$file" "$work/mine"; [ $? -eq "$4" ]; }) \
		>"$base/log" 2>&1 || wrong "a second start with '$2', after the edit '$1'"
}

# Right and wrong files of one exercise, side by side.
check_side_by_side() {
	(read_exercise 2 && grade_file "$here/solutions/2.c") >"$base/right" 2>&1 &
	right=$!
	(read_exercise 2 && grade_file "$here/start/2.c") >"$base/log" 2>&1
	status=$?
	if [ $status -ne 1 ] || ! grep -q 'It passes, although' "$base/log"; then
		wrong "exercise 2: its start as a file, beside another"
	fi
	wait $right || { mv "$base/right" "$base/log"; wrong "exercise 2: its solution fails as a file"; }
	ls -d "$base"/2/from-* >"$base/log" 2>/dev/null && wrong "a folder is left over"
}

check() {
	bad=0 only=$1
	[ -z "$only" ] || read_exercise "$only"
	base=$build/course-check # what somebody works on is somewhere else
	mkdir -p "$base"
	numbers=${only:-$(grep -o '^[0-9]*' "$here/exercises.txt")}
	for n in $numbers; do
		(read_exercise "$n" && start again && grade) >"$base/log" 2>&1
		status=$?
		if [ $status -ne 1 ] || ! grep -q ': FAILED' "$base/log"; then
			wrong "exercise $n: its start ended with $status"
		else
			say "  ok $(grep ': FAILED' "$base/log")"
		fi
		(read_exercise "$n" && solve && grade) >"$base/log" 2>&1 ||
			wrong "exercise $n: its solution fails"
	done
	if [ "${only:-2}" = 2 ]; then
		check_again '' '' 0 0
		check_again '1i /* mine */' '' 2 0
		check_again '1i /* mine */' again 0 1
		check_side_by_side
	fi
	check_cheats
	say "check-course: $(say "$numbers" | grep -c .) exercises, $([ $bad -eq 0 ] && echo all as they should be || echo NOT as they should be)"
	exit $bad
}

[ "$what" = check ] && check "${3-}"
read_exercise "$3"
[ "$what" = grade ] && [ -n "${4-}" ] && what=grade_file
"$what" "${4-}"
