/* SPDX-License-Identifier: GPL-2.0-only */
/* --nested: the command in an emulated machine with kvm-amd (vmm/nested/run.sh). */
#ifndef VMM_NESTED_H
#define VMM_NESTED_H

/* Become the script, with our own words without --nested. Returns a status if that fails. */
int run_nested(int argc, char **argv);

#endif
