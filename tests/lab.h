/* SPDX-License-Identifier: GPL-2.0-only */
/* What scenario suites share: running configurations through libvmm, and what must come of it. */
#ifndef TESTS_LAB_H
#define TESTS_LAB_H

#include "cli/run.h"

struct machine;

#define LAB_NR(array) (sizeof(array) / sizeof((array)[0]))

/*
 * How much of everything: all of it where the run is a full one (make check-all), less in one
 * of minutes (make check), and less again in an emulated machine.
 *
 * Trials of a control, each of which must be caught: 100, or 10. What a hold rule fixes is the
 * same in every trial, and so are an injected fault and the CPU that it hits: a trial that is
 * not caught is a rule that is wrong, and shows in the first few. The other 90 are there for
 * what no rule fixes: the order in which CPUs report, and who is just in or out of KVM_RUN.
 */
unsigned int lab_trials(void);
/* CPU counts that scenarios are run with: lab_cpus[0 .. lab_nr_cpus() - 1], the first being 1. */
extern const unsigned int lab_cpus[5];
size_t lab_nr_cpus(void);
/* One that takes a second 64-bit word of every CPU set; the largest there is a point in. */
unsigned int lab_many_cpus(void);
unsigned int lab_most_cpus(void);
/* A watchdog's seconds for guests that hang. */
unsigned int lab_hang_timeout(void);

/* The built images; loaded at the first call. */
const struct images *lab_images(void);

/* A configuration of this scenario: backend, CPUs, CONFIG_PARAVIRT=y, one trial, the rest off. */
struct run_config lab_config(const char *scenario, const char *backend, unsigned int cpus);
/* The same by this provider of the backend. */
struct run_config lab_config_by(const char *scenario, const char *backend, const char *provider,
				unsigned int cpus);

/* Run it, guest console and all else to nowhere. */
void lab_run(const struct run_config *config, struct run_result *result);
/* The same with the report of the first violation, which run_result_free() frees. */
void lab_run_report(const struct run_config *config, struct run_result *result);
/*
 * Run a machine of the suite's own, whose events and state are left to look at, and for
 * machine_destroy(). Returns machine_run()'s.
 */
int lab_machine(struct machine *m, const struct run_config *config, struct error *err);

/* Run it and assert that its claims hold: no violation of either kind. */
void lab_holds(const struct run_config *config, struct run_result *result);
/*
 * And also: so many targets, of which native interrupts all and others none, at least so many
 * accesses checked, nothing lost.
 */
void lab_holds_exactly(const struct run_config *config, uint64_t targets, uint64_t checks,
		       struct run_result *result);
/* Run it and assert that it is violated in every trial, as is expected. */
void lab_caught(struct run_config config, struct run_result *result);

/*
 * fn() with config for each of these scenarios, of which a NULL is the last, and each CPU count
 * from 2 on.
 */
typedef void lab_fn(struct run_config config);
void lab_sweep(const char *const *scenarios, struct run_config config, lab_fn *fn);

/*
 * Run pvtlb, the command, with the words of args; at most len - 1 bytes of its standard output
 * and error go to out. Returns its exit status, or -1.
 */
int lab_pvtlb(const char *args, char *out, size_t len);

#endif
