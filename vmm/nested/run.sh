#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# run.sh PROGRAM ARG...: run a program of this directory (pvtlb, tests) in an emulated machine
# that has hardware-style KVM: QEMU's TCG emulates AMD SVM, a stock kernel's kvm-amd runs on it.
# Output and exit status are the program's; 77 when there is no such machine to be had here.
#
# PVTLB_NESTED_TIMEOUT  seconds without a word from the machine, after which it hangs (180)
# PVTLB_NESTED_CACHE    where the kernel and so on are kept (here; ~/.cache/pvtlb if not writable)
# PVTLB_NESTED_STREAM   if not empty, standard output comes as it is written, that of a boot that
#                       hung, too; otherwise at the end, that of the last boot
# PVTLB_NESTED_IMAGE    the image of --mm kernel, which the machine has as guest-kernel.elf
# PVTLB_NESTED_RETRIES  a file for the number of boots that hung and were tried again
set -eu
dir=$(cd "$(dirname "$0")" && pwd)
limit=${PVTLB_NESTED_TIMEOUT:-180}

cache=$dir
[ -w "$cache" ] || cache=${XDG_CACHE_HOME:-$HOME/.cache}/pvtlb
cache=${PVTLB_NESTED_CACHE:-$cache}
mkdir -p "$cache"
# One at a time: two machines may be started at once.
flock "$cache/lock" sh "$dir/prepare.sh" "$cache" || exit 77

work=$(mktemp -d)
machine=
trap 'rm -rf "$work"' EXIT
# In the background and waited for: a shell does not look at signals while a child runs.
trap '[ -z "$machine" ] || kill "$machine" 2>/dev/null; echo "nested: ended by a signal" >&2; exit 130' \
	HUP INT TERM

# The machine's root: what prepare.sh made, then what is to be run.
mkdir "$work/root"
for file in pvtlb tests guest-pv.elf guest-nopv.elf; do
	[ ! -e "$dir/$file" ] || cp "$dir/$file" "$work/root/"
done
[ -z "${PVTLB_NESTED_IMAGE:-}" ] || cp "$PVTLB_NESTED_IMAGE" "$work/root/guest-kernel.elf"
printf '/' >"$work/root/cmd"
for word in "$@"; do
	printf "'%s' " "$(printf %s "$word" | sed "s/'/'\\\\''/g")" >>"$work/root/cmd"
done
cp "$cache/base.img" "$work/root.img"
(cd "$work/root" && find . | cpio -o -H newc 2>/dev/null | gzip -1) >>"$work/root.img"

# thread=single: with more threads the inner kernel hangs at random. QEMU's own exit status says
# nothing; the machine's last word does.
said() { cat "$work/console" "$work/out" "$work/err" "$work/end" 2>/dev/null | wc -c; }

# Ends a machine that says nothing for too long; however long all of it takes.
watch()
{
	quiet=0
	before=$(said)
	while kill -0 "$1" 2>/dev/null; do
		sleep 1
		quiet=$((quiet + 1))
		now=$(said)
		[ "$now" = "$before" ] || quiet=0
		before=$now
		[ "$quiet" -lt "$limit" ] || kill "$1" 2>/dev/null
	done
}

boot()
{
	rm -f "$work/err" "$work/end"
	: >"$work/out"
	qemu-system-x86_64 -accel tcg,thread=single -smp 4 -m 2048 -cpu max \
		-display none -nodefaults -no-reboot -serial "file:$work/console" \
		-serial "file:$work/out" -serial "file:$work/err" -serial "file:$work/end" \
		-kernel "$cache/vmlinuz" -initrd "$work/root.img" \
		-append "console=ttyS0 quiet panic=-1" </dev/null >"$work/qemu" 2>&1 &
	machine=$!
	watch "$machine" &
	stream=
	if [ -n "${PVTLB_NESTED_STREAM:-}" ]; then
		tail -c +1 -f --pid="$machine" "$work/out" &
		stream=$!
	fi
	wait "$machine" || true
	machine=
	[ -z "$stream" ] || wait "$stream"
	status=$(sed -n 's/^EXIT //p' "$work/end" 2>/dev/null)
	[ -n "$status" ]
}

echo "nested: booting an emulated machine with kvm-amd (QEMU TCG); its timings mean nothing" >&2
retries=0
boot || {
	retries=1
	echo "nested: the machine hung or died; trying once more" >&2
	boot
} || {
	echo "nested: it did again; the end of its console:" >&2
	tail -n 5 "$work/console" "$work/qemu" >&2
	status=1
}
[ -z "${PVTLB_NESTED_RETRIES:-}" ] || echo "$retries" >"$PVTLB_NESTED_RETRIES"
# Without progress that was for a terminal: it ends with carriage returns.
sed 's/.*\r//' "$work/err" >&2
[ -n "${PVTLB_NESTED_STREAM:-}" ] || cat "$work/out"
exit "$status"
