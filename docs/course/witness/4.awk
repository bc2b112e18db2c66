# SPDX-License-Identifier: GPL-2.0-only
# Exercise 4, of a trace of the tree with 4.patch: a page that a walk has taken was really taken, and
# walks keep pages of both sizes, where nothing has changed.
function hex(text,  i, n) {
	for (i = 3; i <= length(text); i++)
		n = n * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
	return n + 0
}
$4 == "walk_begin" { taken[$3] = "" }
$4 == "measure" && /page_alloc\.c/ {
	split($6, value, "=")
	taken[$3] = value[2] + 0
}
$4 == "walk_grab" {
	split($5, page, "=")
	off = hex(page[2]) - taken[$3]
	if (taken[$3] == "" || off < 0 || off >= 2097152)
		said = $1 " tells of a page that is taken, and try_get_page() took none"
	nr++
}
# A page is taken by its first 4 KiB, a large one by what is a multiple of 2 MiB.
$4 == "walk_end" && /outcome=page/ && taken[$3] != "" { kept[taken[$3] % 2097152 == 0]++ }
END {
	if (!said && !kept[0])
		said = "no walk has kept a page of 4 KiB, although nothing had changed"
	if (!said && !kept[1])
		said = "no walk has kept a large page, although nothing had changed"
	if (!nr)
		said = "no walk has taken a page"
	if (said)
		print said
	exit said != ""
}
