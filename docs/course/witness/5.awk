# SPDX-License-Identifier: GPL-2.0-only
# Exercise 5, of a trace: a vCPU that was left word, and is left out, is not interrupted as well.
{
	split($5, cpu, "=")
	pair = $3 "," cpu[2]
}
$4 == "flush_begin" || $4 == "flush_end" {
	for (other in word)
		if (index(other, $3 ",") == 1)
			delete word[other]
}
$4 == "preempted" { word[pair] = "found preempted"; found++ }
$4 == "elided" && /why=preempted/ { word[pair] = "left out"; left_out++ }
$4 == "ipi_send" && /vector=0xfc/ && pair in word {
	if (word[pair] == "left out")
		said = $1 " interrupts CPU " cpu[2] ", which was left out of this flush"
	else
		interrupted++
}
END {
	# Where the exchange fails the IPI is right; that is rare.
	if (!said && interrupted * 2 > found)
		said = "of " found " vCPUs that were found preempted " interrupted " are interrupted all the same"
	if (said)
		print said
	exit said != ""
}
