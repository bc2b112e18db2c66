/* SPDX-License-Identifier: GPL-2.0-only */
/* How fast a guest's time-stamp counter runs. */
#include <linux/kvm.h>
#include <time.h>
#include <x86intrin.h>

#include "kvm/kvm.h"
#include "kvm/tsc.h"

#define MEASURE_NS 20000000ull
#define ROUND_KHZ  1000u /* a measurement comes out the same twice, so that a dumped tree fits */

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/* The host's own, which a guest's follows unless somebody has scaled it, and nobody has. */
static uint64_t measure(void)
{
	uint64_t from = now_ns(), tsc = __rdtsc(), ns, khz;

	while (now_ns() - from < MEASURE_NS)
		;
	tsc = __rdtsc() - tsc;
	ns = now_ns() - from;
	khz = (tsc * 1000000 + ns / 2) / ns;
	return (khz + ROUND_KHZ / 2) / ROUND_KHZ * ROUND_KHZ;
}

uint64_t tsc_khz(int vcpu)
{
	int khz = kvm_try(vcpu, KVM_GET_TSC_KHZ, 0);

	return khz > 0 ? (uint64_t)khz : measure();
}
