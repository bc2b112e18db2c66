/* SPDX-License-Identifier: GPL-2.0-only */
/* What is done about the exits of a machine's vCPUs. */
#ifndef VMM_EXIT_H
#define VMM_EXIT_H

struct vcpu;

/* A vcpu_exit_fn: serve it, or end the run with what went wrong. */
void exit_handle(struct vcpu *vcpu);

#endif
