/* SPDX-License-Identifier: GPL-2.0-only */
/* make bench: what a flush by hypercall costs, as a ratio to one by IPI taken in the same run. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "machine/machine.h"
#include "base/backend.h"
#include "cli/run.h"

#define ROUNDS 7
#define TRIALS 20

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* Seconds of one run of shootdown, or a negative number when it did not hold. */
static double once(const struct host *host, const struct images *images, const char *backend,
		   unsigned int cpus)
{
	struct run_config config = {
		.scenario = "shootdown",
		.backend = backend_named(backend),
		.paravirt = true,
		.cpus = cpus,
		.trials = TRIALS,
		.timeout = 60,
	};
	struct error err = { 0 };
	struct machine m;
	double start;

	if (machine_create(&m, host, &images->image[1], &config, &err))
		return -1;
	start = now();
	if (machine_run(&m, &err)) {
		machine_destroy(&m);
		return -1;
	}
	start = now() - start;
	machine_destroy(&m);
	return start;
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Alternate, so that what the machine is busy with meets both; ratios by round, sorted. */
static int bench(const struct host *host, const struct images *images, unsigned int cpus)
{
	double ratio[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		double native = once(host, images, "native", cpus);
		double pvtlb = once(host, images, "pvtlb", cpus);

		if (native <= 0 || pvtlb <= 0)
			return -1;
		ratio[i] = pvtlb / native;
	}
	qsort(ratio, ROUNDS, sizeof(ratio[0]), by_value);
	printf("%4u CPUs  %6.2f  (%.2f to %.2f)\n", cpus, ratio[ROUNDS / 2], ratio[0],
	       ratio[ROUNDS - 1]);
	return 0;
}

int main(int argc, char **argv)
{
	static const unsigned int cpus[] = { 2, 4, 8, 16 };
	struct error err = { 0 };
	struct images images;
	struct host host;

	if (argc != 3) {
		fprintf(stderr, "usage: flush GUEST-NOPV GUEST-PV\n");
		return STATUS_USAGE;
	}
	vcpu_init_signals();
	if (host_open(&host, KVM_PATH, &err) || images_load(&images, argv[1], argv[2], &err)) {
		fprintf(stderr, "bench: %s\n", err.text);
		return err.status;
	}
	printf("shootdown, time under pvtlb over time under native: median (least to most) of %d\n"
	       "rounds of %d trials each, threads pinned, on %s with %d CPUs:\n",
	       ROUNDS, TRIALS, host_kind_names[host.kind], host.nr_cpus);
	for (size_t i = 0; i < sizeof(cpus) / sizeof(cpus[0]); i++)
		if (bench(&host, &images, cpus[i]))
			return STATUS_FAIL;
	images_free(&images);
	host_close(&host);
	return STATUS_OK;
}
