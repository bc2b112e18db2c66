#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# `make check-kernel`: sh tests/kernel/check.sh BUILD [VERSION...]. Images from Debian's kernel
# trees, as they are and with the series; every scenario; wrong variants of the trees' own code,
# each of which a run must catch. Trees and objects are kept in BUILD/kernel.
set -u
build=$1
shift
[ $# -gt 0 ] || set -- 6.12 6.1
trees=$build/kernel
log=$trees/log
failed=0
began=$(date +%s)
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
mutated= missing=

complain()
{
	echo "  FAILED  $*"
	grep ' \(fail\|unknown\) \|rror\|^    [a-z]' "$log" | head -n 30 | sed 's/^/    /'
	failed=1
}

# image TREE: its image is BUILD/kernel/TREE.elf
image()
{
	make -s O="$build" kernel-guest KERNEL="$trees/$1" KERNEL_GUEST="$trees/$1.elf" >"$log" 2>&1
}

# expect STATUS TEXT TREE WORDS: a run of it ends so, and says TEXT.
# shellcheck disable=SC2086 # words
expect()
{
	status=$1 text=$2 tree=$3
	shift 3
	timeout 600 "$build/pvtlb" run --mm kernel --image-kernel "$trees/$tree.elf" --provider vmm \
		--table --timeout 10 $* >"$log" 2>&1
	got=$?
	if [ $got = "$status" ] && grep -q -- "$text" "$log"; then
		echo "  PASSED  $tree: $* ($(grep -c ' pass ' "$log") pass, $(grep -c ' skip ' "$log") skipped)"
	else
		complain "$tree: $*: ended with $got, not $status, or does not say '$text'"
	fi
}

# What cannot be run says why; nothing that can may be among it by mistake.
all_with_reason()
{
	if grep ' skip ' "$log" | grep -v -q ' skip  *[a-zA-Z]'; then
		complain "$1: a run was skipped for no reason"
	fi
}

# mutant NAME FILE PATTERN SED TEXT WORDS, of the first version's tree with the series: a run of
# WORDS fails, and says TEXT. near_miss: is changed, too, and passes.
mutant()
{
	changed 1 CAUGHT mutant "$@"
}

near_miss()
{
	changed 0 PASSED near-miss "$@"
}

changed()
{
	status=$1 said=$2 name="$3 $4" file=$trees/$mutated/$5 pattern=$6 script=$7 text=$8
	shift 8
	cp "$file" "$trees/right"
	sed -i "$script" "$file"
	if ! grep -q "$pattern" "$trees/right" || cmp -s "$file" "$trees/right"; then
		: >"$log"
		complain "$name: nothing to change in $file"
	elif ! image "$mutated"; then
		complain "$name: does not build"
	else
		expect "$status" "$text" "$mutated" "$@" | sed "s/PASSED  /$said  $name: /"
	fi
	cp "$trees/right" "$file"
}

mkdir -p "$trees"
sh tests/kernel/refusals.sh || failed=1
for version in "$@"; do
	sh tests/kernel/tree.sh "$version" "$trees"
	case $? in
	0) ;;
	77)
		missing="$missing $version"
		continue
		;;
	*) exit 1 ;;
	esac
	if ! image "$version"; then
		complain "$version: no image"
		continue
	fi
	# A finding about these kernels: who is lazy is not told when a table is unshared.
	expect 1 table-early "$version" lazy-cpu --backend native
	expect 0 ' pass ' "$version" key collapse-vs-gup munmap-vs-gup shootdown --backend native,kvm --invlpgb n
	expect 77 'no tlb_ipi_broadcast_key to force' "$version" key --backend kvm --key on

	if [ ! -e "$trees/$version-series/.patched" ]; then
		rm -rf "$trees/$version-series"
		cp -a "$trees/$version" "$trees/$version-series"
		sh tests/kernel/series.sh "$trees/$version-series" || exit 1
		touch "$trees/$version-series/.patched"
	fi
	if ! image "$version-series"; then
		complain "$version-series: no image"
		continue
	fi
	expect 0 ' pass ' "$version-series" --backend native,kvm --invlpgb n
	all_with_reason "$version-series"
	expect 0 'caught in 5 of 5' "$version-series" collapse-vs-gup preempted-walker munmap-vs-gup \
		unshare-vs-gup --backend kvm --key on --trials 5 --expect violation
	expect 0 ' pass ' "$version-series" collapse-vs-gup preempted-walker munmap-vs-gup \
		unshare-vs-gup --backend native --key on --invlpgb n --trials 5
	[ -n "$mutated" ] || mutated=$version-series
done
if [ -z "$mutated" ]; then
	[ $failed = 0 ] || exit 1
	echo '*** SKIPPED: check-kernel: no kernel tree can be had here'
	exit 77
fi

mutant pointer-not-compared arch/x86/mm/tlb.c 'flush_tlb_multi != native_flush_tlb_multi' \
	's/pv_ops.mmu.flush_tlb_multi != native_flush_tlb_multi/0/' 'WRONGLY ON' key --backend kvm --install boot
mutant pointer-not-compared-harm arch/x86/mm/tlb.c 'flush_tlb_multi != native_flush_tlb_multi' \
	's/pv_ops.mmu.flush_tlb_multi != native_flush_tlb_multi/0/' use-after-deposit \
	collapse-vs-gup --backend kvm --install boot
mutant lazy-not-woken arch/x86/mm/tlb.c 'if (info->wake_lazy_cpus' \
	's/if (info->wake_lazy_cpus/if (0 \&\& info->wake_lazy_cpus/' table-early lazy-cpu --backend native --invlpgb n
mutant unshared-not-woken arch/x86/include/asm/tlb.h 'tlb->unshared_tables' \
	's/ || tlb->unshared_tables//' table-early lazy-cpu --backend native --invlpgb n
mutant sync-not-sent mm/mmu_gather.c 'smp_call_function(tlb_remove_table_smp_sync' \
	's/smp_call_function(tlb_remove_table_smp_sync, NULL, 1);/;/' use-after-deposit \
	collapse-vs-gup --backend kvm --install boot
mutant lazy-returns-stale arch/x86/mm/tlb.c '^				next_tlb_gen)$' \
	's/^				next_tlb_gen)$/				next_tlb_gen || 1)/' came-back \
	lazy-missed lazy-cpu --backend native --invlpgb n
mutant any-partial-flush arch/x86/mm/tlb.c 'f->new_tlb_gen == local_tlb_gen + 1' \
	's/f->new_tlb_gen == local_tlb_gen + 1/1/' missed-flush gen-reorder --backend native --invlpgb n
mutant flush-not-done arch/x86/mm/tlb.c '^		flush_tlb_local();' \
	's/^		flush_tlb_local();/		;/' missed-flush ceiling --backend native --invlpgb n
mutant exchange-failed-and-left-out arch/x86/kernel/kvm.c 'if (try_cmpxchg(&src->preempted' \
	's/if (try_cmpxchg(&src->preempted, &state,/if (({ bool done = try_cmpxchg(\&src->preempted, \&state,/
	s/state | KVM_VCPU_FLUSH_TLB))$/state | KVM_VCPU_FLUSH_TLB); done || 1; }))/' \
	missed-flush preempted-race --backend kvm
# What the tree's code leaves open.
mutant rcu-left-open mm/gup.c '^	pte_unmap(ptem);' 's/^	pte_unmap(ptem);/	;/' \
	'has not ended RCU read sections' munmap-vs-gup --backend native --invlpgb n
mutant rcu-ended-twice mm/gup.c '^	pte_unmap(ptem);' 's/^	pte_unmap(ptem);/&&/' \
	'has ended RCU read sections that it had not begun' munmap-vs-gup --backend native --invlpgb n
mutant preempt-count-left arch/x86/mm/tlb.c '^	put_cpu();' 's/^	put_cpu();/	;/' \
	'preempt count higher' shootdown --backend native --invlpgb n
mutant irqs-left-off arch/x86/mm/tlb.c '^		local_irq_enable();' 's/^		local_irq_enable();/		;/' \
	'has left IRQs off' two-mms --backend native --invlpgb n
mutant irqs-enabled-twice mm/gup.c '^	local_irq_restore(flags);' 's/^	local_irq_restore(flags);/& local_irq_enable();/' \
	'enabled IRQs that were on' munmap-vs-gup --backend native --invlpgb n
near_miss balanced mm/gup.c '^	pte_unmap(ptem);' \
	's/^	pte_unmap(ptem);/&	rcu_read_lock(); preempt_disable(); preempt_enable(); rcu_read_unlock();/' \
	' pass ' munmap-vs-gup --backend native --invlpgb n

s=$(($(date +%s) - began))
echo "check-kernel: $((s / 60)) min $((s % 60)) s, $([ $failed = 0 ] && echo "all as it must be" || echo "FAILED")${missing:+; NOT TRIED, as there is no tree:$missing}"
# What was not tried has not passed.
[ $failed = 1 ] || [ -z "$missing" ] || exit 77
exit $failed
