#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# run.sh PROGRAM ARG...: run a program of this directory (pvtlb, tests) in an emulated machine
# that has hardware-style KVM: QEMU's TCG emulates AMD SVM, Bochs emulates Intel VMX; a stock
# kernel's kvm-amd or kvm-intel runs on it.
# Output and exit status are the program's; 77 when there is no such machine to be had here.
#
# PVTLB_NESTED_KIND     svm: QEMU, as without; vmx: Bochs
# PVTLB_NESTED_TIMEOUT  seconds without a word from the machine, after which it hangs (180; vmx: 600)
# PVTLB_NESTED_CACHE    where the kernel and so on are kept (here; ~/.cache/pvtlb if not writable)
# PVTLB_NESTED_STREAM   if not empty, standard output comes as it is written, that of a boot that
#                       hung, too; otherwise at the end, that of the last boot
# PVTLB_NESTED_KVM_AMD  a parameter of its module kvm-amd, as npt=0
# PVTLB_NESTED_KVM_INTEL  the same of kvm-intel, as ept=0
# PVTLB_NESTED_IMAGE    the image of --mm kernel, which the machine has as guest-kernel.elf
# PVTLB_NESTED_RETRIES  a file for the number of boots that hung and were tried again
set -eu
dir=$(cd "$(dirname "$0")" && pwd)
kind=${PVTLB_NESTED_KIND:-svm}
case $kind in
svm) what="kvm-amd (QEMU TCG)" quiet_for=180 ;;
vmx) what="kvm-intel (Bochs)" quiet_for=600 ;;
*)
	echo "nested: PVTLB_NESTED_KIND: '$kind' is neither svm nor vmx" >&2
	exit 2
	;;
esac
limit=${PVTLB_NESTED_TIMEOUT:-$quiet_for}

cache=$dir
[ -w "$cache" ] || cache=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/pvtlb
cache=${PVTLB_NESTED_CACHE:-$cache}
if ! mkdir -p "$cache" || [ ! -w "$cache" ]; then
	echo "nested: nothing can be kept in $cache; name another directory: PVTLB_NESTED_CACHE=DIR" >&2
	exit 77
fi
work=$(mktemp -d) || {
	echo "nested: the machine needs a directory in ${TMPDIR:-/tmp}; name another: TMPDIR=DIR" >&2
	exit 77
}

# The lifeline: this shell alone has it open to write, all that it starts closes it (9>&-).
mkfifo "$work/lifeline"
setsid sh "$dir/guard.sh" "$work" <"$work/lifeline" >/dev/null 2>&1 &
guard=$!
exec 9>"$work/lifeline"
watcher=
# shellcheck disable=SC2317 # by a trap
over()
{
	trap '' HUP INT TERM
	[ -z "$watcher" ] || kill "$watcher" 2>/dev/null || true
	exec 9>&-
	wait "$guard" || true
	rm -rf "$work"
}
trap over EXIT
trap 'echo "nested: ended by a signal" >&2; exit 130' HUP INT TERM

# Starts a process that ends with this one, at the latest; its number is in $started. It tells the
# guard of itself, before it is what it is to be: nothing can come between.
start()
{
	sh -c 'echo "begin $$" >&9; exec 9>&-; exec "$@"' sh "$@" &
	started=$!
}

# In the background and waited for: a shell does not look at signals while a child runs.
finish()
{
	result=0
	wait "$1" || result=$?
	echo "end $1" >&9
	return "$result"
}

start env TMPDIR="$work" sh "$dir/prepare.sh" "$cache" "$kind"
finish "$started" || exit 77

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

# The kernel ends it with this shell even if there is no guard any more.
dies=
! command -v setpriv >/dev/null 2>&1 || dies="setpriv --pdeathsig KILL"

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

words="console=ttyS0 quiet panic=-1"
words="$words${PVTLB_NESTED_KVM_AMD:+ kvm-amd.$PVTLB_NESTED_KVM_AMD}"
words="$words${PVTLB_NESTED_KVM_INTEL:+ kvm-intel.$PVTLB_NESTED_KVM_INTEL}"

# shellcheck disable=SC2086,SC2317 # words, or none; by boot()
boot_svm()
{
	start $dies qemu-system-x86_64 -accel tcg,thread=single -smp 4 -m 2048 -cpu max \
		-display none -nodefaults -no-reboot -serial "file:$work/console" \
		-serial "file:$work/out" -serial "file:$work/err" -serial "file:$work/end" \
		-kernel "$cache/vmlinuz" -initrd "$work/root.img" -append "$words"
}

# shellcheck disable=SC2086,SC2317 # words, or none; by boot()
boot_vmx() { start $dies sh "$dir/bochs.sh" "$work" "$cache" "$words"; }

boot()
{
	rm -f "$work/end"
	: >"$work/out"
	: >"$work/err"
	"boot_$kind" </dev/null >"$work/emulator" 2>&1
	machine=$started
	watch "$machine" 9>&- &
	watcher=$!
	stream=
	if [ -n "${PVTLB_NESTED_STREAM:-}" ]; then
		tail -c +1 -f --pid="$machine" "$work/out" 9>&- &
		stream=$!
	fi
	finish "$machine" || true
	[ -z "$stream" ] || wait "$stream"
	status=$(sed -n 's/^EXIT //p' "$work/end" 2>/dev/null)
	[ -n "$status" ]
}

echo "nested: booting an emulated machine with $what; its timings mean nothing" >&2
retries=0
boot || {
	retries=1
	echo "nested: the machine hung or died; trying once more" >&2
	boot
} || {
	echo "nested: it did again; the end of its console:" >&2
	tail -n 5 "$work/console" "$work/emulator" >&2 || true
	status=1
}
[ -z "${PVTLB_NESTED_RETRIES:-}" ] || echo "$retries" >"$PVTLB_NESTED_RETRIES"
# Without progress that was for a terminal: it ends with carriage returns.
sed 's/.*\r//' "$work/err" 9>&- >&2
[ -n "${PVTLB_NESTED_STREAM:-}" ] || cat "$work/out" 9>&-
exit "$status"
