/* SPDX-License-Identifier: GPL-2.0-only */
/* floors: what nothing here can be faster than; and a run, as a ratio to a bare VM. */
#include "bench/bare.h"
#include "bench/measure.h"

#define BATCH 1000 /* of what is timed at once (guest/scenarios/bench-flush.c) */
#define CPUS  2

struct found {
	struct samples split, whole, exit; /* ms, ms, us */
	struct samples run;		   /* ms */
	struct samples part[3]; /* ns of an event, a gate, an IPI; by the guest's steps */
	struct samples fresh;	/* ns of an event, where the ring's pages are new to the guest */
};

static int bare(const struct bench_run *run, struct found *f, struct error *err)
{
	unsigned int exits = bench_nr(run, 10, 5000, 20000);
	struct bare_times t;

	if (bare_vm(run->host, CPUS, true, 0, &t, err))
		return -1;
	samples_add(&f->split, t.whole * 1e3);
	if (bare_vm(run->host, CPUS, false, exits, &t, err))
		return -1;
	samples_add(&f->whole, t.whole * 1e3);
	samples_add(&f->exit, t.exit * 1e6);
	return 0;
}

static int guest(const struct bench_run *run, struct found *f, struct error *err)
{
	struct measures m;
	int ret = 0;

	if (measure(run, &(struct measured){ "key", NULL, NULL, CPUS, 1 }, &m, err))
		return -1;
	samples_add(&f->run, m.seconds * 1e3);
	measures_free(&m);
	if (measure(run,
		    &(struct measured){ "bench-floors", NULL, "always-sync", CPUS,
					bench_nr(run, 2, 20, 100) },
		    &m, err))
		return -1;
	for (unsigned int i = 0; i < 3 && !ret; i++) {
		struct samples *ns = measures_of(&m, i);

		if (!ns)
			ret = fail(err, STATUS_FAIL, "the guest did not measure floor %u", i);
		else
			samples_add(&f->part[i], samples_at(ns, 0.5) / BATCH);
		if (!ret && !i)
			samples_add(&f->fresh, ns->v[0] / BATCH);
	}
	measures_free(&m);
	return ret;
}

static int floors(const struct bench_run *run, struct error *err)
{
	struct bench_report *r = run->report;
	struct found f = { 0 };
	int ret = 0;

	for (unsigned int i = 0; i < run->rounds && !ret; i++)
		ret = bare(run, &f, err) || guest(run, &f, err) ? -1 : 0;
	if (!ret) {
		bench_value(r, "a bare VM, 2 CPUs, split irqchip", "ms", &f.split);
		bench_value(r, "the same with PIC and I/O APIC", "ms", &f.whole);
		bench_value(r, "a run of key, 2 CPUs, from image to end", "ms", &f.run);
		bench_ratio(r, "run over bare VM with split irqchip", &f.run, &f.split);
		bench_value(r, "an exit to the VMM, and back", "us", &f.exit);
		bench_value(r, "an IPI, from send to ack; CPU awake", "ns", &f.part[2]);
		bench_value(r, "a trip through the gate, int3", "ns", &f.part[1]);
		bench_value(r, "an event", "ns", &f.part[0]);
		bench_value(r, "an event, ring's pages used first", "ns", &f.fresh);
	}
	samples_free(&f.split);
	samples_free(&f.whole);
	samples_free(&f.exit);
	samples_free(&f.run);
	samples_free(&f.fresh);
	for (unsigned int i = 0; i < 3; i++)
		samples_free(&f.part[i]);
	return ret;
}

extern const struct bench bench_floors;
const struct bench bench_floors = {
	.name = "floors",
	.title = "what nothing is faster than: a VM, an exit, an IPI, a gate, an event",
	.run = floors,
};
