/* SPDX-License-Identifier: GPL-2.0-only */
/* Binding threads to host CPUs. */
#ifndef VMM_PIN_H
#define VMM_PIN_H

/* Bind the calling thread to the host CPU of vCPU id: round robin over those it may use now. */
void pin_thread(unsigned int id);

#endif
