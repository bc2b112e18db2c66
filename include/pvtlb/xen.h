/* SPDX-License-Identifier: GPL-2.0-only */
/* What both sides of the xen backend share: Xen's own public headers, at one version. */
#ifndef PVTLB_XEN_H
#define PVTLB_XEN_H

/* Handles are structures, and struct mmuext_op's vcpumask is one (xen/xen-compat.h). */
#define __XEN_INTERFACE_VERSION__ 0x00040e00

#include <xen/arch-x86/cpuid.h>
#include <xen/errno.h>
#include <xen/xen.h>

#define XEN_SIGNATURE "XenVMMXenVMM"
/* Leaves behind the first one: version, hypercall pages, time, what an HVM guest is told. */
#define XEN_LEAVES 4u

/* Hypercall nr's code is this far from the page's start, times nr (xen/arch-x86/xen-x86_64.h). */
#define XEN_HYPERCALL_SLOT 32u

#endif
