/* SPDX-License-Identifier: GPL-2.0-only */
/* What scenario suites share: running a configuration through libvmm. */
#ifndef TESTS_LAB_H
#define TESTS_LAB_H

#include "cli/run.h"

/* CPU counts that every scenario is run with; fewer in an emulated machine. */
extern const unsigned int lab_cpus[5];
size_t lab_nr_cpus(void);
/* The largest count there is a point in, and a watchdog's seconds for guests that hang. */
unsigned int lab_most_cpus(void);
unsigned int lab_hang_timeout(void);

/* The built images; loaded at the first call. */
const struct images *lab_images(void);

/* A configuration of this scenario: backend, CPUs, CONFIG_PARAVIRT=y, one trial, the rest off. */
struct run_config lab_config(const char *scenario, const char *backend, unsigned int cpus);

/* Run it, guest console and all else to nowhere. */
void lab_run(const struct run_config *config, struct run_result *result);
/* The same with the report of the first violation, which run_result_free() frees. */
void lab_run_report(const struct run_config *config, struct run_result *result);

/*
 * Run it and assert that it holds: so many targets, of which native interrupts all and others
 * none, at least so many accesses checked, none stale, nothing lost.
 */
void lab_holds(const struct run_config *config, uint64_t targets, uint64_t checks,
	       struct run_result *result);

/*
 * Run pvtlb, the command, with the words of args; at most len - 1 bytes of its standard output
 * and error go to out. Returns its exit status, or -1.
 */
int lab_pvtlb(const char *args, char *out, size_t len);

#endif
