#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What `make kernel-guest` refuses, by name: sh tests/kernel/refusals.sh. Made-up trees, of which
# nothing is built. Ends with 0 or 1.
set -u
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
failed=0

# A tree of that version, with those lines of configuration behind good ones.
tree()
{
	mkdir -p "$tmp/tree/arch/x86/mm"
	: >"$tmp/tree/Kbuild"
	: >"$tmp/tree/arch/x86/mm/tlb.c"
	printf 'VERSION = %s\nPATCHLEVEL = %s\nall:\n\t@exit 3\n%%.o:\n\t@exit 3\n' "$1" "$2" >"$tmp/tree/Makefile"
	for good in X86_64 SMP CC_IS_GCC PARAVIRT; do
		echo "CONFIG_$good=y"
	done >"$tmp/tree/.config"
	shift 2
	for change in "$@"; do
		sed -i "/^${change%=*}=/d" "$tmp/tree/.config"
		echo "$change" >>"$tmp/tree/.config"
	done
}

# expect TEXT: it is refused, and TEXT is in what is said.
expect()
{
	said=$(CC=cc GUESTCFLAGS= GUESTLDFLAGS= sh guest/mm-kernel/build.sh \
		"${tree_is-$tmp/tree}" "${tree_is-$tmp/tree}" "$tmp/out.elf" 2>&1)
	status=$?
	case $said in
	*"$1"*) [ $status -ne 0 ] && return ;;
	esac
	echo "  FAILED  kernel-guest: ended with $status, and did not say '$1': $said"
	failed=1
}

tree_is=
expect 'say which kernel tree'
tree_is=$tmp/nowhere
expect 'not a kernel tree'
unset tree_is
tree 6 12
rm "$tmp/tree/.config"
expect 'no .config in it'
tree 5 15
expect 'older than Linux 6.1'
tree 6 0
expect 'older than Linux 6.1'
tree 6 15
expect 'newer than Linux 6.14'
tree 7 0
expect 'newer than Linux 6.14'
for option in X86_64 SMP CC_IS_GCC PARAVIRT; do
	tree 6 12 "CONFIG_$option=n"
	expect "CONFIG_$option is not set"
done
for option in LTO_CLANG CFI_CLANG KASAN KMSAN KCSAN LOCKDEP PREEMPT_RT; do
	tree 6 12 "CONFIG_$option=y"
	expect "CONFIG_$option is set"
done
# One that is taken comes to its build, which ends with an error here.
tree 6 12
expect 'Error 3'
[ $failed = 0 ] && echo '  PASSED  kernel-guest: what cannot be taken is refused by name'
exit $failed
