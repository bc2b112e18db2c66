#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Links a guest image with a kernel tree's own objects: sh guest/mm-kernel/build.sh TREE BUILD OUT
# OBJECTS, called by `make kernel-guest`, with CC, GUESTCFLAGS and GUESTLDFLAGS of the Makefile.
# BUILD is where the tree is built, with its .config; OUT (NAME.elf) is made, and NAME.tree beside it. OBJECTS are
# the guest's own. What cannot be taken is refused by name, with what to do.
set -eu

here=guest/mm-kernel
tree=$1 build=$2 out=$3
shift 3
work=${out%.elf}.tree
# The options of the make that called are not for the tree: O= is another one there.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES
jobs=$(nproc)

refuse()
{
	echo "kernel-guest: $*" >&2
	exit 1
}

has()
{
	grep -q "^CONFIG_$1=[ym]" "$build/.config"
}

need()
{
	has "$1" || refuse "$build: CONFIG_$1 is not set; set it: $2"
}

must_not()
{
	! has "$1" || refuse "$build: CONFIG_$1 is set, which is not taken yet; unset it: $2"
}

[ -n "$tree" ] || refuse "say which kernel tree: make kernel-guest KERNEL=~/linux [KBUILD=~/linux-build]"
[ -f "$tree/Kbuild" ] && [ -f "$tree/arch/x86/mm/tlb.c" ] ||
	refuse "$tree: not a kernel tree (no arch/x86/mm/tlb.c in it)"
[ -f "$build/.config" ] ||
	refuse "$build: no .config in it; configure it (make defconfig kvm_guest.config xen.config), or say where: KBUILD="
tree=$(cd "$tree" && pwd)
build=$(cd "$build" && pwd)

kmake()
{
	if [ "$tree" = "$build" ]; then
		make -C "$tree" --no-print-directory "$@"
	else
		make -C "$tree" --no-print-directory O="$build" "$@"
	fi
}

# 1. Is it one that can be taken?
number=$(sed -n 's/^\(VERSION\|PATCHLEVEL\) = //p' "$tree/Makefile" | tr '\n' ' ')
number=$(echo $number | awk '{ print $1 * 1000 + $2 }')
[ "$number" -ge 6001 ] || refuse "$tree: older than Linux 6.1; 6.1 to 6.14 are taken"
[ "$number" -le 6014 ] ||
	refuse "$tree: newer than Linux 6.14, whose per-CPU data is laid out in another way; 6.1 to 6.14 are taken"
need X86_64 "this is about x86-64"
need SMP "one CPU has nobody to tell"
need CC_IS_GCC "build the tree with gcc (make CC=gcc)"
must_not LTO_CLANG "objects have to be objects"
must_not CFI_CLANG "objects have to be objects"
must_not KASAN "scripts/config -d KASAN"
must_not KMSAN "scripts/config -d KMSAN"
must_not KCSAN "scripts/config -d KCSAN"
must_not LOCKDEP "scripts/config -d PROVE_LOCKING -d LOCK_STAT -d DEBUG_LOCK_ALLOC"
must_not PREEMPT_RT "scripts/config -d PREEMPT_RT"
need PARAVIRT "without it these kernels free page tables with no sync that could be skipped: scripts/config -e HYPERVISOR_GUEST -e PARAVIRT"

# 2. The tree's own build of the tree's own objects. Where that fails no image of before is left,
# that could be taken for this tree's.
rm -f "$out"
objects="arch/x86/mm/tlb.o mm/mmu_gather.o mm/gup.o kernel/smp.o lib/find_bit.o lib/bitmap.o
	lib/cpumask.o lib/llist.o arch/x86/lib/hweight.o"
has KVM_GUEST && objects="$objects arch/x86/kernel/kvm.o"
has HYPERV && objects="$objects arch/x86/hyperv/mmu.o"
has XEN_PV && objects="$objects arch/x86/xen/mmu_pv.o arch/x86/xen/multicalls.o"
objects=$(echo $objects)
kmake -s -j"$jobs" $objects </dev/null

mkdir -p "$work"
work=$(cd "$work" && pwd)
release=$(sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' "$build/include/generated/utsrelease.h")

# 3. What it has: for the shim, and for the image to tell.
defined()
{
	nm "$build/$1" | grep -q " [A-Za-z] $2\$"
}

# The one exchange in kvm_flush_tlb_multi(), by which a CPU that was found preempted is left word:
# where, and how long. None where it is not as expected; a call takes its place (preempted.c).
exchange()
{
	objdump -dw --disassemble=kvm_flush_tlb_multi "$work/arch-x86-kernel-kvm.o" | awk -F '\t' '
		/^[0-9a-f]+ <kvm_flush_tlb_multi>:/ { split($1, start, " ") }
		$3 ~ /^lock cmpxchg %[a-z0-9]+,[-0x0-9a-f]*\(%r/ && $3 !~ /%rsp|%rip/ {
			sub(/^ */, "", $1); sub(":", "", $1); at = $1; len = split($2, bytes, " "); found++
		}
		END { if (found == 1 && len >= 5) print "0x" at, "0x" start[1], len }' |
		while read -r at start len; do
			printf '#define KVM_EXCHANGE %d\n#define KVM_EXCHANGE_LEN %d\n' $((at - start)) "$len"
		done
}

{
	echo '/* Made by guest/mm-kernel/build.sh. */'
	! defined arch/x86/mm/tlb.o native_pv_tlb_init || echo '#define HAVE_SERIES'
	! grep -q wake_lazy_cpus "$tree/arch/x86/include/asm/tlbflush.h" || echo '#define HAVE_WAKE_LAZY'
	! grep -q next_trim_cpumask "$tree/arch/x86/include/asm/mmu.h" || echo '#define HAVE_TRIM'
	! grep -q 'void (\*tlb_remove_table)' "$tree/arch/x86/include/asm/paravirt_types.h" ||
		echo '#define HAVE_PV_REMOVE_TABLE'
	! grep -q tlb_unshare_pmd_ptdesc "$tree/include/asm-generic/tlb.h" || echo '#define HAVE_UNSHARE'
	! grep -q 'cpumask_clear_cpu(cpu, mm_cpumask(\(real_\)\?prev))' "$tree/arch/x86/mm/tlb.c" || echo '#define HAVE_EARLY_CLEAR'
	# Up to 6.13 there is one way, and one line in it; later CONFIG_PT_RECLAIM has another one.
	has PT_RECLAIM || ! sed -n '/tlb_remove_table_one(void \*table)/,/^}/p' "$tree/mm/mmu_gather.c" |
		grep -q 'tlb_remove_table_sync_one()' || echo '#define HAVE_ONE_SYNCED'
	! has KVM_GUEST || echo '#define HAVE_KVM'
	! has HYPERV || echo '#define HAVE_HYPERV'
	! has XEN_PV || echo '#define HAVE_XEN'
	! grep -q X86_FEATURE_INVLPGB "$tree/arch/x86/include/asm/cpufeatures.h" || echo '#define HAVE_INVLPGB'
	echo "#define TREE_RELEASE \"$release\""
	echo "#define TREE_OBJECTS \"$objects\""
	printf '#define TREE_CONFIG "'
	for option in PARAVIRT PARAVIRT_XXL FUNCTION_TRACER KVM_GUEST HYPERV XEN_PV PREEMPT_RCU PREEMPT_DYNAMIC MMU_GATHER_RCU_TABLE_FREE; do
		if has $option; then printf "$option=y "; else printf "$option=n "; fi
	done
	echo 'NR_CPUS='"$(sed -n 's/^CONFIG_NR_CPUS=//p' "$build/.config")"'"'
} >"$work/tree.h"

# How the tree compiles an object.
command_of()
{
	sed -n 's/^[a-z]*cmd_[^ ]* := //p;q' "$build/$(dirname "$1")/.$(basename "$1").cmd" | sed 's/;.*//
		s/-Wp,-MMD,[^ ]*//; s/-fomit-frame-pointer//; s/ -c -o .*//'
}

# compile COMMAND SOURCE OBJECT: by way of its assembly, in which what ring 0 alone may do becomes
# a call, unless it is one of pv_ops.
root=$PWD
compile()
{
	(cd "$build" && eval "$1 -S -o '$3.s' '$2'")
	has PARAVIRT_XXL || sed -i -f "$root/$here/ring0.sed" "$3.s"
	$CC -c "$3.s" -o "$3"
}

# A tree without PARAVIRT_XXL, or without calls at functions' entries: its objects are compiled
# once more, by its own commands, to have these.
again()
{
	[ -e "$tree/${1%.o}.c" ] && ! { has PARAVIRT_XXL && has FUNCTION_TRACER; }
}
fentry=
has FUNCTION_TRACER || fentry='-pg -mrecord-mcount -mfentry -DCC_USING_FENTRY'

# 4. Copies of the objects: what is static and has to be named is global, what the guest has is
# weak, and smp.o's pauses are traps of the same length (hlt, nop), by which a CPU tells that it
# waits. Nothing else is changed.
static="flush_tlb_func do_kernel_range_flush do_flush_tlb_all cfd_data"
! has KVM_GUEST || static="$static kvm_flush_tlb_multi steal_time __pv_cpu_mask"
! has HYPERV || static="$static hyperv_flush_tlb_multi"
! has XEN_PV || static="$static xen_flush_tlb_multi"
flags="--weaken-symbol=alloc_cpumask_var_node --weaken-symbol=free_cpumask_var"
for symbol in $static; do
	flags="$flags --globalize-symbol=$symbol"
done
copies=
for object in $objects; do
	copy=$work/$(echo "$object" | tr / -)
	if again "$object"; then
		echo "  TREECC  ${object%.o}.c"
		compile "$(command_of "$object") $fentry" "$tree/${object%.o}.c" "$copy"
		objcopy $flags "$copy"
	else
		objcopy $flags "$build/$object" "$copy"
	fi
	copies="$copies $copy"
done
for symbol in $static; do
	nm $copies 2>/dev/null | grep -q " [A-Z] $symbol\$" ||
		refuse "$tree: no $symbol in its objects: inlined, or renamed"
done
offset=$((0x$(objdump -h "$work/kernel-smp.o" | awk '$2 == ".text" { print $6 }')))
for at in $(objdump -d -j .text "$work/kernel-smp.o" | awk '/\tpause/ { sub(":", "", $1); print $1 }'); do
	printf '\364\220' | dd of="$work/kernel-smp.o" bs=1 seek=$((offset + 0x$at)) conv=notrunc status=none
done

! has KVM_GUEST || exchange >>"$work/tree.h"

# 5. The shim, with the flags that the tree compiles tlb.o with, less what would hook or
# instrument it.
command=$(command_of arch/x86/mm/tlb.o | sed '
	s/ -pg\>//; s/-mrecord-mcount//; s/-mnop-mcount//; s/-mfentry//; s/-DCC_USING_[A-Z_]*//g
	s/-fpatchable-function-entry=[0-9,]*//; s/-fstack-protector-strong//; s/-fstack-protector\>//
	s/-mindirect-branch[a-z-]*=[a-z-]*//g
	s/-mindirect-branch-register//; s/-mindirect-branch-cs-prefix//; s/-mfunction-return=[a-z-]*//
	s/-mharden-sls=all//; s/-Wmissing-[a-z]*//g; s/-Werror / /g; s/-Werror=[a-z-]*//g')
shim=
for source in $here/tree/*.c; do
	object=$work/shim-$(basename "$source" .c).o
	echo "  TREECC  $source"
	compile "$command -Wno-missing-prototypes -Wno-missing-declarations -include '$work/tree.h'" \
		"$root/$source" "$object"
	shim="$shim $object"
done
$CC -c $here/tree/hooks.S -o "$work/hooks.o"

# 6. One object of all of it. What nobody has becomes an address in a page that is not mapped,
# a page for each name; static calls' trampolines return.
alias=
! nm $shim | grep -q ' [A-Z] pcpu_hot$' || alias='--defsym const_pcpu_hot=pcpu_hot'
ld -z noexecstack -r -T $here/tree/merge.lds $alias -o "$work/merged.o" $shim "$work/hooks.o" $copies
nm -u "$work/merged.o" | awk '{ print $2 }' | sort -u |
	grep -v -x -e 'g_.*' -e soft_irqs_on -e irq_pending -e irq_replay -e 'debug_rip' -e debug_flags \
		-e memcpy -e memset -e memcmp -e memmove -e strlen -e strcmp -e k_undefined_begin \
		-e k_undefined_end >"$work/undefined" || :
{
	echo '.text'
	for symbol in $(grep '^__SCT__' "$work/undefined"); do
		echo ".globl $symbol; $symbol:"
	done
	echo 'ret'
	at=2684354560 # 0xa0000000, of 0xffffffff00000000
	for symbol in $(grep -v '^__SCT__' "$work/undefined"); do
		printf '.globl %s; .set %s, 0xffffffff%08x\n' "$symbol" "$symbol" $at
		at=$((at + 4096))
	done
	echo '.section .rodata, "a"'
	echo '.globl k_undefined_begin, k_undefined_end'
	echo '.balign 8; k_undefined_begin:'
	for symbol in $(grep -v '^__SCT__' "$work/undefined"); do
		echo ".quad $symbol, 1f; .pushsection .rodata.names, \"a\"; 1: .asciz \"the tree's objects need $symbol, which the shim has not\"; .popsection"
	done
	echo 'k_undefined_end:'
	echo '.section .note.GNU-stack, "", @progbits'
} >"$work/undefined.S"
$CC -c "$work/undefined.S" -o "$work/undefined.o"
ld -z noexecstack -r -o "$work/whole.o" "$work/merged.o" "$work/undefined.o"

# 7. The guest sees the bridge, and no other name of the tree's: some are on both sides.
nm "$work/whole.o" | awk '$2 ~ /[A-Z]/ && $2 != "U" && $3 ~ /^(k_.*|native_flush_tlb_multi|tlb_ipi_broadcast_key)$/ { print $3 }' >"$work/exports"
objcopy --keep-global-symbols="$work/exports" "$work/whole.o" "$work/tree.o"

$CC $GUESTCFLAGS -DCONFIG_PARAVIRT -I"$work" -include tree.h -c $here/image.c -o "$work/image.o"
$CC $GUESTLDFLAGS -o "$out" "$@" "$work/image.o" "$work/tree.o" -l:libfdt.a
echo "  LD      $(basename "$out"): Linux $release"
