#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guard.sh DIR: the other end of run.sh's lifeline, a pipe that is standard input here. A line
# says which process has begun or ended. When nobody has the pipe open any more run.sh is over,
# whatever has ended it, kill -9 too: what still runs ends, and DIR goes.
work=$1
trap '' HUP INT TERM

running=
without()
{
	left=
	for pid in $running; do
		[ "$pid" = "$1" ] || left="$left $pid"
	done
	running=$left
}

while read -r what pid; do
	case $what in
	begin) running="$running $pid" ;;
	end) without "$pid" ;;
	esac
done

tell() { for pid in $running; do kill "-$1" "$pid" 2>/dev/null && told=yes; done; }
# First what it can still tidy up after itself.
tell TERM
turns=0
while [ "$turns" -lt 50 ]; do
	told=
	tell 0
	[ -n "$told" ] || break
	sleep 0.1
	turns=$((turns + 1))
done
tell KILL
rm -rf "$work"
