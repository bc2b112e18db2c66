# SPDX-License-Identifier: GPL-2.0-only
# In compiled code of a tree without PARAVIRT_XXL: what ring 0 alone may do, as the inline assembly
# of its headers has it, becomes a call (tree/hooks.S). No other register changes by it.
s/^\tcli$/\tcall k_irq_disable/
s/^\tsti$/\tcall k_irq_enable/
s/^\tpushf ; pop /\tpushfq; call k_pushed; pop /
s/^\tmov \(%[a-z0-9]*\),%cr3$/\tpush \1; call k_cr3_write; pop \1/
s/^\tmov %cr3,\(%[a-z0-9]*\)$/\tpush \1; call k_cr3_read; pop \1/
