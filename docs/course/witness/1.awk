# SPDX-License-Identifier: GPL-2.0-only
# Exercise 1, of a trace: what mprotect() changed is in the range that it says it is done with, and
# it flushes nothing where it only gives rights.
function hex(text,  i, n) {
	for (i = 3; i <= length(text); i++)
		n = n * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
	return n + 0
}
function arg(name,  i) {
	for (i = 5; i <= NF; i++)
		if (index($i, name "=") == 1)
			return substr($i, length(name) + 2)
	return ""
}
# The rights alone differ: 0x2, _PAGE_RW. Told by the file that stores entries.
function rights(old, new) {
	return old - new == 2 || new - old == 2
}
function unsaid() {
	for (cpu in pending)
		if (pending[cpu] && !said)
			said = "the entry that changed in " pending[cpu] " is in no range that mprotect() says it is done with"
	split("", pending)
}
# Elsewhere a scenario may change rights by itself.
/^# pvtlb-trace/ { unsaid(); split("", given); here = / scenario=mprotect / }
!here { next }
$4 == "pte_set" && rights(hex(arg("old")), hex(arg("new"))) {
	if (!(pending[$3]))
		pending[$3] = $1
	at = hex(arg("addr"))
	if (pending[$3] == $1 || at < low[$3])
		low[$3] = at
	if (pending[$3] == $1 || at >= high[$3])
		high[$3] = at + 1
	given[$3] = hex(arg("new")) > hex(arg("old"))
	nr++
}
$4 == "flush_begin" && given[$3] && !said {
	said = $1 " is a flush, although rights were only given: a fault looks again"
}
$4 == "returns" && arg("call") == "mprotect" {
	given[$3] = 0
	if (pending[$3] && hex(arg("start")) <= low[$3] && hex(arg("end")) >= high[$3] &&
	    substr(arg("since"), 2) + 0 < substr(pending[$3], 2) + 0)
		pending[$3] = ""
}
END {
	unsaid()
	if (!nr)
		said = "no entry of a page table has changed its rights"
	if (said)
		print said
	exit said != ""
}
