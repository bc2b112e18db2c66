#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Puts the series "skip redundant sync IPIs when TLB flush sent them" (linux-mm, 2026) into a tree
# of 6.1 to 6.14 that has it not: sh tests/kernel/series.sh TREE. For the tests alone: a user
# applies his own. Edits by pattern, so that it fits all of them; what does not fit is an error.
set -eu
cd "$1"

# edit FILE PATTERN SCRIPT: PATTERN is there before, and the script changes the file.
edit()
{
	grep -q "$2" "$1" || { echo "series.sh: $1: no line like: $2" >&2; exit 1; }
	cp "$1" "$1.before"
	sed -i "$3" "$1"
	! cmp -s "$1" "$1.before" || { echo "series.sh: $1: nothing to change" >&2; exit 1; }
	rm "$1.before"
}

! grep -q tlb_ipi_broadcast_key arch/x86/mm/tlb.c || { echo "series.sh: it is there already" >&2; exit 1; }

# The bit says what it does, not why.
for file in arch/x86/include/asm/tlbflush.h arch/x86/mm/tlb.c arch/x86/hyperv/mmu.c; do
	[ $file != arch/x86/hyperv/mmu.c ] || grep -q freed_tables $file || continue
	edit $file freed_tables 's/\<freed_tables\>/wake_lazy_cpus/g'
done

# Nothing is implied unless an architecture says so.
edit include/asm-generic/tlb.h '^extern void tlb_remove_table_sync_one\|^void tlb_remove_table_sync_one' \
	'0,/^\(extern \)\?void tlb_remove_table_sync_one/s//#ifndef tlb_table_flush_implies_ipi_broadcast\nstatic inline bool tlb_table_flush_implies_ipi_broadcast(void)\n{\n\treturn false;\n}\n#endif\n\n&/'
edit mm/mmu_gather.c 'smp_call_function(tlb_remove_table_smp_sync' \
	's/^\tsmp_call_function(tlb_remove_table_smp_sync/\tif (tlb_table_flush_implies_ipi_broadcast())\n\t\treturn;\n&/'

# x86 does: by a key.
edit arch/x86/include/asm/tlb.h '^#include <asm-generic/tlb.h>' \
	's/^#include <asm-generic\/tlb.h>/#define tlb_table_flush_implies_ipi_broadcast tlb_table_flush_implies_ipi_broadcast\n#include <linux\/jump_label.h>\nDECLARE_STATIC_KEY_FALSE(tlb_ipi_broadcast_key);\nstatic inline bool tlb_table_flush_implies_ipi_broadcast(void)\n{\n\treturn static_branch_likely(\&tlb_ipi_broadcast_key);\n}\n\n&/'
wake='tlb->freed_tables'
! grep -q unshared_tables include/asm-generic/tlb.h || wake='tlb->freed_tables || tlb->unshared_tables'
edit arch/x86/include/asm/tlb.h 'stride_shift, tlb->freed_tables)' \
	"s/stride_shift, tlb->freed_tables)/stride_shift, $wake)/"

# Decided once, at boot.
edit arch/x86/include/asm/tlbflush.h '^void __flush_tlb_all' \
	's/^void __flush_tlb_all/void native_pv_tlb_init(void);\n&/'
edit arch/x86/mm/tlb.c '#include "mm_internal.h"' \
	's/#include "mm_internal.h"/&\n\nDEFINE_STATIC_KEY_FALSE(tlb_ipi_broadcast_key);/'
cat >>arch/x86/mm/tlb.c <<'EOF'

#ifndef X86_FEATURE_INVLPGB
#define BROADCASTS 0
#else
#define BROADCASTS cpu_feature_enabled(X86_FEATURE_INVLPGB)
#endif
#ifndef CONFIG_PARAVIRT
#define ELSEWHERE 0
#else
#define ELSEWHERE (pv_ops.mmu.flush_tlb_multi != native_flush_tlb_multi)
#endif

/* Flushes go out as IPIs unless a backend has them, or the CPU can broadcast them. */
void __init native_pv_tlb_init(void)
{
	bool by_ipi = !(ELSEWHERE || BROADCASTS);

	if (by_ipi)
		static_branch_enable(&tlb_ipi_broadcast_key);
}
EOF
edit arch/x86/kernel/smpboot.c 'native_pv_lock_init();' \
	's/^\tnative_pv_lock_init();/&\n\tnative_pv_tlb_init();/'
