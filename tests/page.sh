#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Opens pages of pvtlb show in a real browser, presses keys, and looks at what they say.
#
# usage: page.sh BUILD
#
# tests/page.js, put into a copy of a page, presses keys, hovers and clicks, and writes what each
# did: the key, the place in time, how many pictures there are, the event's number, the paper's
# colour; or "check:", whether it was as a reader expects, and what.
set -u
build=$1
pages=$build/pages
browser="chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --disable-dev-shm-usage"
failed=0
nr=0

if ! command -v chromium >/dev/null; then
	echo '*** SKIPPED: the pages of pvtlb show: no chromium (Debian package chromium)'
	exit 77
fi
rm -rf "$pages"
mkdir -p "$pages"

complain() {
	echo "  FAILED $*"
	failed=$((failed + 1))
}

# The page's text once its scripts have run; what it says to the console is in $pages/console.
# $1: a file; $2: the colours that the reader likes; $3: what stands behind the address.
open_page() {
	timeout 120 $browser --user-data-dir="$pages/profile" --virtual-time-budget=20000 \
		--blink-settings=preferredColorScheme="$2" --enable-logging=stderr \
		--dump-dom "file://$(realpath "$1")$3" 2>"$pages/console" >"$pages/dom"
}

# $1: a file; $2: pictures side by side; $3: 1 if something is wrong in it; $4: 0 for a reader who
# likes it dark, 1: light. What it says of itself has to be what a reader expects of the keys.
check_page() {
	nr=$((nr + 1))
	{ cat "$1"; echo '<script>'; cat tests/page.js; echo '</script>'; } >"$pages/tried.html"
	open_page "$pages/tried.html" "$4" "" || { complain "$1: the browser ended with $?"; return; }
	if grep -q 'CONSOLE' "$pages/console"; then
		complain "$1: $(grep CONSOLE "$pages/console" | head -n 3)"
	fi
	sed -n '/<pre id="selftest">/,/^done/p' "$pages/dom" | sed 's/.*<pre id="selftest">//' \
		>"$pages/said"
	awk -v runs="$2" -v bad="$3" -v paper="$4" '
		function fail(text) { print "    " text ": " $0; failures++ }
		function number(raw) { sub("#", "", raw); return raw + 0 }
		$1 == "done" { done = 1; next }
		$1 == "check:" { checks++; if ($2 != "ok") fail("not as it should be"); next }
		{ at[NR] = $2; pictures = $3; seq = number($4) }
		seq < 1 { fail("no event") }
		NR > 1 && $2 != at[NR - 1] && seq == last { fail("another place, the same event") }
		{ last = seq }
		$1 == "d:" && $5 == colour { fail("d, and the paper is as it was") }
		$1 != "d:" && $5 != (paper == 1 ? "rgb(255,255,255)" : "rgb(20,23,27)") {
			fail("not the paper that the reader likes")
		}
		{ colour = $5 }
		$1 == "Home:" && $2 != 0 { fail("not at the begin") }
		$1 == "ArrowRight:" && NR == 2 && $2 != 1 { fail("not one on") }
		$1 == "ArrowLeft:" && $2 != at[NR - 1] - 1 { fail("not one back") }
		$1 == "n:" && $2 <= at[NR - 1] { fail("not a step on") }
		$1 == "p:" && $2 >= at[NR - 1] { fail("not a step back") }
		$1 == "v:" && bad && $2 == at[NR - 1] { fail("not where it is wrong") }
		$1 == "v:" && !bad && $2 != at[NR - 1] { fail("nothing is wrong, and yet it moves") }
		($1 == "+:" || $1 == "-:") && $2 != at[NR - 1] { fail("another place") }
		$1 == "c:" && pictures != runs { fail("not " runs " side by side") }
		END { if (checks < 14) { print "    only " checks + 0 " checks"; failures++ }
		      if (!done) { print "    it did not come to its end"; failures++ }
		      exit failures > 0 }
	' "$pages/said" || complain "$1"
}

show() {
	timeout 60 "$build/pvtlb" show "$@"
}

show collapse-vs-gup --backend xen --key on --against native -o "$pages/gup.html" &&
	check_page "$pages/gup.html" 2 1 1
[ "$(wc -c <"$pages/gup.html")" -lt 307200 ] || complain "gup.html: 300 KiB or more"
show collapse-vs-gup --backend kvm -o "$pages/good.html" && check_page "$pages/good.html" 1 0 0
show shootdown --backend kvm -o "$pages/long.html" && check_page "$pages/long.html" 1 0 1
show lazy-cpu --cpus 8 -o "$pages/lazy.html" && check_page "$pages/lazy.html" 1 0 0
# Not held: some 20,000 events and more, all of them.
timeout 60 "$build/pvtlb" run collapse-vs-gup --backend native --paravirt y --invlpgb n --stress 1 \
	--trace "$pages/stress.trace" >"$pages/log" &&
	show "$pages/stress.trace" -o "$pages/stress.html" && check_page "$pages/stress.html" 1 0 1
# A trace without an event is a trace.
head -n 1 tests/traces/good-use-after-free.trace >"$pages/none.trace"
show "$pages/none.trace" -o "$pages/none.html" && open_page "$pages/none.html" 1 ""
grep -q 'CONSOLE' "$pages/console" && complain "none.html: $(grep CONSOLE "$pages/console")"
grep -q '<p>This run has no events' "$pages/dom" || complain 'none.html: it does not say so'
[ "$nr" -eq 5 ] || complain "only $nr of 5 pages were made"

# Pictures are drawn, in both colours: a page that is blank compresses to next to nothing.
for colour in light dark; do
	timeout 120 $browser --user-data-dir="$pages/profile" --window-size=1400,950 \
		--screenshot="$pages/$colour.png" "file://$(realpath "$pages/gup.html")#$colour" \
		>"$pages/log" 2>&1
	[ "$(stat -c %s "$pages/$colour.png" 2>/dev/null || echo 0)" -gt 60000 ] ||
		complain "$colour.png: nothing is drawn"
done
cmp -s "$pages/light.png" "$pages/dark.png" && complain 'light and dark are the same'

# On paper a run is one sheet: nothing is cut off, and no sheet is left nearly empty.
timeout 120 $browser --user-data-dir="$pages/profile" --no-pdf-header-footer \
	--print-to-pdf="$pages/both.pdf" "file://$(realpath "$pages/gup.html")#both" >"$pages/log" 2>&1
sheets=$(grep -a -o '/Type /Page\b' "$pages/both.pdf" | wc -l)
[ "$sheets" -eq 2 ] || complain "both.pdf: two runs are on $sheets sheets"
echo "check-pages: $nr pages, $failed failures"
[ "$failed" -eq 0 ]
