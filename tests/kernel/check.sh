#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# `make check-kernel`: sh tests/kernel/check.sh BUILD [VERSION...]. Images from Debian's kernel
# trees, as they are and with the series; every scenario; wrong variants of the trees' own code,
# each of which a run must catch. Trees and objects are kept in BUILD/kernel. With REPEAT=N
# in the environment: every scenario N times instead, and each time the verdicts are the same.
# Ends with 77 where a tree cannot be had; why is in BUILD/kernel/not-tried, too.
set -u
build=$1
shift
[ $# -gt 0 ] || set -- 6.12 6.1
trees=$build/kernel
log=$trees/log
failed=0
began=$(date +%s)
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
backends=native,kvm,hyperv,xen,pvtlb
repeat=${REPEAT:-0}
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
	pvtlb_run "$tree" --table $*
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

# pvtlb_run TREE WORDS: on that tree's image, into the log.
pvtlb_run()
{
	tree=$1
	shift
	timeout 600 "$build/pvtlb" run --mm kernel --image-kernel "$trees/$tree.elf" --provider vmm \
		--timeout 10 "$@" >"$log" 2>&1
}

# says STATUS TEXT TREE COMMAND WORDS: another command than run, on that tree's image.
says()
{
	status=$1 text=$2 tree=$3 command=$4
	shift 4
	"$build/pvtlb" "$command" "$@" --mm kernel --image-kernel "$trees/$tree.elf" >"$log" 2>&1
	got=$?
	if [ $got = "$status" ] && grep -q -- "$text" "$log"; then
		echo "  PASSED  $tree: pvtlb $command $*"
	else
		complain "$tree: pvtlb $command $*: ended with $got, not $status, or does not say '$text'"
	fi
}

# nested TREE: in the emulated machine its kvm backend is served by that machine's own KVM.
nested()
{
	timeout 900 "$build/pvtlb" run --nested collapse-vs-gup,preempted-walker --backend kvm --provider host \
		--key on --expect violation --trials 5 --table --mm kernel \
		--image-kernel "$trees/$1.elf" >"$log" 2>&1
	got=$?
	if [ $got = 77 ]; then
		echo "  NOT TRIED  $1: in the emulated machine: $(tail -n 1 "$log")"
	elif [ $got = 0 ] && [ "$(grep -c ' host .* pass .*caught in 5 of 5' "$log")" = 2 ]; then
		echo "  PASSED  $1: in the emulated machine, by its own KVM: caught in 5 of 5 trials"
	else
		complain "$1: in the emulated machine: ended with $got, or is not caught in 5 of 5 trials"
	fi
}

# matrix TREE: every scenario holds or is skipped, and why is said for as many as are skipped.
matrix()
{
	pvtlb_run "$1" --matrix --backend "$backends" --invlpgb n
	got=$?
	said=$(sed -n 's/.*, \([0-9]*\) skipped$/\1/p' "$log")
	reasons=$(awk '/^other configurations$/ { rows = 1 } /^skipped$/ { rows = 0; list = 1 }
		rows && / skip +[a-zA-Z]/ { n++ } list && /^ +[0-9]+: [a-zA-Z]/ { n += $1 }
		END { print n + 0 }' "$log")
	cat "$log"
	if [ $got = 0 ] && [ "$said" = "$reasons" ]; then
		echo "  PASSED  $1: $(tail -n 1 "$log")"
	else
		complain "$1: the matrix ended with $got, or not all that is skipped says why"
	fi
}

# same_verdicts TREE: as often as REPEAT says.
same_verdicts()
{
	n=0
	while [ $n -lt "$repeat" ]; do
		n=$((n + 1))
		pvtlb_run "$1" --table --backend "$backends" --invlpgb n
		awk '{ for (i = 3; i <= NF; i++) if ($i ~ /^(pass|fail|skip|unknown)$/) { print $1, $2, $i; next } }' \
			"$log" >"$trees/verdicts.$n"
		if ! [ -s "$trees/verdicts.$n" ] || ! cmp -s "$trees/verdicts.1" "$trees/verdicts.$n"; then
			complain "$1: run $n has other verdicts than the first one (<: the first one's):"
			diff "$trees/verdicts.1" "$trees/verdicts.$n"
			return
		fi
	done
	echo "  PASSED  $1: $n times the same $(wc -l <"$trees/verdicts.1") verdicts, $(grep -c pass "$trees/verdicts.1") pass"
}

# mutant NAME FILE PATTERN SED TEXT WORDS, of the first version's tree with the series: a run of
# WORDS fails, says TEXT, and is not what the model does. near_miss: is changed, too, and passes.
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
		as="$said  $name:"
		expect "$status" "$text" "$mutated" "$@"
		if [ "$status" = 0 ]; then same "$mutated" "$@"; else differs "$mutated" "$@"; fi
		as=
	fi
	cp "$trees/right" "$file"
}

# A tree as it comes. A finding about these: who is lazy is not told when a table is unshared.
as_it_is()
{
	if ! image "$1"; then
		complain "$1: no image"
		return
	fi
	expect 1 table-early "$1" lazy-cpu --backend native
	expect 0 ' pass ' "$1" key collapse-vs-gup munmap-vs-gup shootdown --backend "$backends" --invlpgb n
	expect 77 'no tlb_ipi_broadcast_key to force' "$1" key --backend kvm --key on
	same "$1"
}

with_series()
{
	matrix "$1"
	same "$1"
	expect 0 'caught in 5 of 5' "$1" collapse-vs-gup preempted-walker munmap-vs-gup unshare-vs-gup \
		--backend kvm,hyperv,xen,pvtlb --key on --trials 5 --expect violation
	expect 0 ' pass ' "$1" collapse-vs-gup preempted-walker munmap-vs-gup unshare-vs-gup \
		--backend native --key on --invlpgb n --trials 5
	# Several banks of VP numbers; and what the hypervisor refuses is done by IPIs.
	expect 0 ' pass ' "$1" shootdown flush-list lazy-cpu --backend native,hyperv,xen,pvtlb --cpus 255 --invlpgb n
	expect 0 ' pass ' "$1" shootdown flush-list lazy-cpu --backend hyperv,pvtlb --inject hypercall-refused --invlpgb n
	expect 1 "(pvtlb: the model's, bridged)" "$1" shootdown --backend pvtlb --inject hypercall-skip-target
	# Xen may not refuse a PV kernel's flush: it WARNs, and has nothing else to do.
	expect 1 '#UD, 0, at xen_mc_flush' "$1" shootdown --backend xen --inject hypercall-refused
	says 0 'skipped with it' "$1" list
	says 0 'mm kernel/.*+series, the key is off' "$1" show preempted-race --backend kvm
	says 0 'finds that CPU 3 is preempted' "$1" show preempted-race --backend kvm
	says 0 'independent TLBs: [0-9]' "$1" doctor
	says 2 'means nothing to pvtlb policies' "$1" policies
	trace "$1"
}

# trace TREE: a run's trace says whose code it was, and is judged and told as the run was.
trace()
{
	pvtlb_run "$1" preempted-race --table --backend kvm --trace "$trees/trace"
	if grep -q '^# pvtlb-trace .* mm=kernel/[^ ]*+series ' "$trees/trace" &&
		"$build/pvtlb" check "$trees/trace" >"$log" 2>&1 &&
		grep -q 'whose code: mm kernel/' "$log" &&
		"$build/pvtlb" show "$trees/trace" >"$log" 2>&1 && grep -q 'mm kernel/' "$log" &&
		pvtlb_run "$1" preempted-race --json --backend kvm && grep -q '"mm": "kernel/' "$log"; then
		echo "  PASSED  $1: a trace, and JSON, say whose code it was"
	else
		complain "$1: a trace, or JSON, does not say whose code it was"
	fi
}

# plain SERIES: the same tree without PARAVIRT_XXL and FUNCTION_TRACER.
plain()
{
	tree=$1-plain
	if [ ! -e "$trees/$tree/.plain" ]; then
		rm -rf "${trees:?}/$tree"
		cp -a "$trees/$1" "$trees/$tree"
		(cd "$trees/$tree" && scripts/config -d XEN_PV -d XEN -d FUNCTION_TRACER -d FTRACE &&
			make -s olddefconfig) >"$log" 2>&1 || exit 1
		touch "$trees/$tree/.plain"
	fi
	if grep -q '^CONFIG_PARAVIRT_XXL=y\|^CONFIG_FUNCTION_TRACER=y' "$trees/$tree/.config"; then
		complain "$tree: its configuration has PARAVIRT_XXL or FUNCTION_TRACER still"
	elif image "$tree"; then
		expect 0 ' pass ' "$tree" --backend "$backends" --invlpgb n
	else
		complain "$tree: no image"
	fi
}

mkdir -p "$trees"
rm -f "$trees/not-tried"
"$build/pvtlb" doctor >"$log" 2>&1
if [ $? = 77 ]; then
	echo "check-kernel: NOT TRIED: $(sed -n 's/^problem: //p' "$log" | head -n 1)" | tee "$trees/not-tried"
	exit 77
fi
[ "$repeat" != 0 ] || sh tests/kernel/refusals.sh || failed=1
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
	[ "$repeat" != 0 ] || as_it_is "$version"
	series=$version-series
	if [ ! -e "$trees/$series/.patched" ]; then
		rm -rf "${trees:?}/$series"
		cp -a "$trees/$version" "$trees/$series"
		sh tests/kernel/series.sh "$trees/$series" || exit 1
		touch "$trees/$series/.patched"
	fi
	if ! image "$series"; then
		complain "$series: no image"
	elif [ "$repeat" != 0 ]; then
		same_verdicts "$series"
	else
		with_series "$series"
		if [ -z "$mutated" ]; then
			nested "$series"
			plain "$series"
			mutated=$series
		fi
	fi
done

# What was not tried has not passed.
summary()
{
	s=$(($(date +%s) - began))
	echo "check-kernel: $((s / 60)) min $((s % 60)) s, $([ $failed = 0 ] && echo "all as it must be" || echo "FAILED")"
	if [ -n "$missing" ]; then
		for version in $missing; do
			echo "check-kernel: NOT TRIED: the kernel tree $version: $(cat "$trees/why-$version")"
		done | tee "$trees/not-tried"
	fi
	[ $failed = 0 ] || exit 1
	[ -z "$missing" ] || exit 77
	exit 0
}

[ -n "$mutated" ] || summary
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
# A partial flush though others have begun meanwhile: up to itself, and not up to them.
mutant partial-flush-too-far arch/x86/mm/tlb.c '^	    f->new_tlb_gen == mm_tlb_gen) {$' \
	's/^	    f->new_tlb_gen == mm_tlb_gen) {$/	    1) {/' missed-flush \
	conformance --backend native --invlpgb n --trials 20
near_miss partial-flush-to-itself arch/x86/mm/tlb.c '^	    f->new_tlb_gen == mm_tlb_gen) {$' \
	's/^	    f->new_tlb_gen == mm_tlb_gen) {$/	    (mm_tlb_gen = f->new_tlb_gen)) {/' ' pass ' \
	conformance --backend native --invlpgb n --trials 20
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
	'has left IRQs off' gather-twice --backend native --invlpgb n
mutant irqs-enabled-twice mm/gup.c '^	local_irq_restore(flags);' 's/^	local_irq_restore(flags);/& local_irq_enable();/' \
	'enabled IRQs that were on' munmap-vs-gup --backend native --invlpgb n
mutant irqs-never-off mm/gup.c '^	local_irq_save(flags);' \
	's/^	local_irq_save(flags);/	(void)flags; rcu_read_lock();/; s/^	local_irq_restore(flags);/	rcu_read_unlock();/' \
	'without turning IRQs off' collapse-vs-gup --backend native --invlpgb n
near_miss balanced mm/gup.c '^	pte_unmap(ptem);' \
	's/^	pte_unmap(ptem);/&	rcu_read_lock(); preempt_disable(); preempt_enable(); rcu_read_unlock();/' \
	' pass ' munmap-vs-gup --backend native --invlpgb n
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

summary
