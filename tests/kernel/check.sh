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
as= # what stands in the place of PASSED

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
		echo "  ${as:-PASSED}  $tree: $* ($(grep -c ' pass ' "$log") pass, $(grep -c ' skip ' "$log") skipped)"
	else
		complain "$tree: $*: ended with $got, not $status, or does not say '$text'"
	fi
}

# both TREE WORDS: a run of the model and of the tree, compared; its status is in got.
# shellcheck disable=SC2086 # words
both()
{
	tree=$1
	shift
	timeout 600 "$build/pvtlb" run --mm model,kernel --image-kernel "$trees/$tree.elf" \
		--provider vmm --timeout 10 $* >"$log" 2>&1
	got=$?
}

# same TREE WORDS: the model does what the tree does, but for what docs/model.md lists; and all of
# that it does still list.
same()
{
	both "$@"
	if [ $got = 0 ] && ! grep -q '^    stale:' "$log"; then
		echo "  PASSED  model and $*: $(sed -n 's/^\([0-9]* pairs: .*\),.*/\1/p' "$log")"
	else
		complain "model and $*: ended with $got: a difference, or a stale word of docs/model.md"
	fi
}

# differs TREE WORDS: the model does not do what the tree does, and this is said.
differs()
{
	both "$@"
	if [ $got = 1 ] && grep -q '^    not listed: [A-Z]' "$log"; then
		echo "  ${as:-PASSED}  model and $*: $(sed -n 's/^    not listed: //p' "$log" | head -n 1)"
	else
		complain "model and $*: ended with $got, not 1, or does not say what differs"
	fi
}

# What cannot be run says why; nothing that can may be among it by mistake.
all_with_reason()
{
	if grep ' skip ' "$log" | grep -v -q ' skip  *[a-zA-Z]'; then
		complain "$1: a run was skipped for no reason"
	fi
}

# mutant NAME FILE PATTERN SED TEXT WORDS, of the first version's tree with the series: it is caught,
# and it is not what the model does.
mutant()
{
	name=$1 file=$trees/$mutated/$2 pattern=$3 script=$4 text=$5
	shift 5
	cp "$file" "$trees/right"
	sed -i "$script" "$file"
	if ! grep -q "$pattern" "$trees/right" || cmp -s "$file" "$trees/right"; then
		: >"$log"
		complain "mutant $name: nothing to change in $2"
	elif ! image "$mutated"; then
		complain "mutant $name: does not build"
	else
		as="CAUGHT  mutant $name:"
		expect 1 "$text" "$mutated" "$@"
		differs "$mutated" "$@"
		as=
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
	expect 0 ' pass ' "$version" key collapse-vs-gup munmap-vs-gup shootdown --backend native,kvm,hyperv,xen,pvtlb --invlpgb n
	expect 77 'no tlb_ipi_broadcast_key to force' "$version" key --backend kvm --key on
	same "$version"

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
	expect 0 ' pass ' "$version-series" --backend native,kvm,hyperv,xen,pvtlb --invlpgb n
	all_with_reason "$version-series"
	same "$version-series"
	expect 0 'caught in 5 of 5' "$version-series" collapse-vs-gup preempted-walker munmap-vs-gup \
		unshare-vs-gup --backend kvm,hyperv,xen,pvtlb --key on --trials 5 --expect violation
	expect 0 ' pass ' "$version-series" collapse-vs-gup preempted-walker munmap-vs-gup \
		unshare-vs-gup --backend native --key on --invlpgb n --trials 5
	# Several banks of VP numbers; and what the hypervisor refuses is done by IPIs.
	expect 0 ' pass ' "$version-series" shootdown flush-list lazy-cpu --backend native,hyperv,xen,pvtlb --cpus 255 --invlpgb n
	expect 0 ' pass ' "$version-series" shootdown flush-list lazy-cpu --backend hyperv,pvtlb \
		--inject hypercall-refused --invlpgb n
	expect 1 "(pvtlb: the model's, bridged)" "$version-series" shootdown --backend pvtlb --inject hypercall-skip-target
	# Xen may not refuse a PV kernel's flush: it WARNs, and has nothing else to do.
	expect 1 '#UD, 0, at xen_mc_flush' "$version-series" shootdown --backend xen --inject hypercall-refused
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
# 6.1 leaves out nobody who is lazy.
! grep -q 'bool do_lazy' "$trees/$mutated/arch/x86/hyperv/mmu.c" ||
	mutant hyperv-lazy-inverted arch/x86/hyperv/mmu.c 'bool do_lazy = !info->wake_lazy_cpus' \
		's/do_lazy = !info/do_lazy = info/' 'elided cpu=1 why=lazy @ *linux/hyperv_flush_tlb_multi' \
		flush-list --backend hyperv --invlpgb n
mutant hyperv-page-short arch/x86/hyperv/mmu.c '(diff - 1) >> PAGE_SHIFT' \
	's/(diff - 1) >> PAGE_SHIFT/0/' asked-wrong flush-list --backend hyperv --invlpgb n
mutant hyperv-cpu-numbers arch/x86/hyperv/mmu.c 'vcpu = hv_cpu_number_to_vp_number(cpu)' \
	's/vcpu = hv_cpu_number_to_vp_number(cpu)/vcpu = cpu/' missed-flush conformance --backend hyperv --invlpgb n
mutant hyperv-refusal-ignored arch/x86/hyperv/mmu.c 'if (hv_result_success(status))' \
	's/if (hv_result_success(status))/if (1)/' missed-flush shootdown --backend hyperv \
	--inject hypercall-refused --invlpgb n
mutant xen-one-page-of-many arch/x86/xen/mmu_pv.c 'info->end - info->start) <= PAGE_SIZE' \
	's/info->end - info->start) <= PAGE_SIZE/info->end - info->start) <= 64 * PAGE_SIZE/' \
	'linux/xen_flush_tlb_multi' ceiling --backend xen --install boot
mutant xen-caller-left-out arch/x86/xen/mmu_pv.c 'cpumask_and(to_cpumask(args->mask), cpus, cpu_online_mask)' \
	's/cpumask_and(to_cpumask(args->mask), cpus, cpu_online_mask);/&cpumask_clear_cpu(smp_processor_id(), to_cpumask(args->mask));/' \
	'linux/xen_flush_tlb_multi' shootdown --backend xen --install boot
mutant xen-not-issued arch/x86/xen/mmu_pv.c 'xen_mc_issue(' \
	'/^static void xen_flush_tlb_multi/,/^}/s/xen_mc_issue([A-Z_]*);/local_irq_restore(this_cpu_read(xen_mc_irq_flags));/' \
	'missed-flush' shootdown --backend xen --install boot

s=$(($(date +%s) - began))
echo "check-kernel: $((s / 60)) min $((s % 60)) s, $([ $failed = 0 ] && echo "all as it must be" || echo "FAILED")${missing:+; NOT TRIED, as there is no tree:$missing}"
# What was not tried has not passed.
[ $failed = 1 ] || [ -z "$missing" ] || exit 77
exit $failed
