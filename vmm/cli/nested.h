/* SPDX-License-Identifier: GPL-2.0-only */
/* --nested: the command in an emulated machine with a KVM (vmm/nested/run.sh). */
#ifndef VMM_NESTED_H
#define VMM_NESTED_H

/*
 * Become the script, with our own words without --nested. kernel: the image of --mm kernel, which
 * goes along; NULL: none. Returns a status if that fails.
 */
int run_nested(int argc, char **argv, const char *kind, const char *kernel);

#endif
