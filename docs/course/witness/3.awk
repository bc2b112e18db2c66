# SPDX-License-Identifier: GPL-2.0-only
# Exercise 3, of a trace: a flush of pages alone interrupts no CPU in lazy TLB mode.
/^# pvtlb-trace/ {
	split("", lazy)
	split("", pages)
	# Elsewhere somebody else sends the interrupts, or for other reasons.
	here = / scenario=lazy-(cpu|missed) backend=native / && / invlpgb=n /
}
!here { next }
$4 == "lazy" { lazy[$3] = 1 }
$4 == "lazy_over" || $4 == "switch_mm" { delete lazy[$3] }
$4 == "flush_begin" { pages[$3] = / wake_lazy=n / }
$4 == "flush_end" { delete pages[$3] }
$4 == "ipi_send" && / vector=0xfc / && pages[$3] {
	split($5, cpu, "=")
	if (cpu[2] in lazy && !said)
		said = $1 " interrupts CPU " cpu[2] ", which is in lazy TLB mode, for a flush of pages alone"
}
END {
	if (said)
		print said
	exit said != ""
}
