/* SPDX-License-Identifier: GPL-2.0-only */
/* One configuration under two images, the model's and a kernel tree's: where they differ. */
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "differ/differ.h"
#include "report/text.h"

#define COLUMN(name) #name,
const char *const differ_columns[DIFFER_NR] = { DIFFER_COLUMNS(COLUMN) };
#undef COLUMN

/* Where in the orders an edit is. */
struct place {
	struct differences *out;
	uint32_t step;
	unsigned int cpu;
};

static struct difference *add(struct differences *out, enum differ_column column, const char *what)
{
	struct difference *d;

	for (size_t i = 0; i < out->nr; i++) {
		d = &out->d[i];
		if (d->column == column && !strcmp(d->what, what)) {
			d->times++;
			return d;
		}
	}
	out->d = grow(out->d, out->nr, sizeof(*out->d));
	d = &out->d[out->nr++];
	*d = (struct difference){ .column = column, .times = 1 };
	snprintf(d->what, sizeof(d->what), "%s", what);
	return d;
}

static void compare_words(struct differences *out, enum differ_column column, const char *model,
			  const char *kernel)
{
	char what[EDIT_LEN];

	if (!strcmp(model, kernel))
		return;
	snprintf(what, sizeof(what), "%.15s:%.15s", model, kernel);
	add(out, column, what);
}

static void compare_counts(struct differences *out, enum differ_column column, const char *of,
			   uint64_t model, uint64_t kernel)
{
	char what[EDIT_LEN];

	if (model == kernel)
		return;
	snprintf(what, sizeof(what), "%s:%s", of, kernel < model ? "fewer" : "more");
	add(out, column, what);
}

/* How many of them. Where counts are chance, some may be none. */
static const char *share(bool counts, uint64_t occasions, uint64_t interrupted, uint64_t all)
{
	if (!occasions)
		return "-";
	return interrupted == all ? "all" : interrupted || !counts ? "some" : "none";
}

static void compare_delivered(struct differences *out, const struct run_result *model,
			      const struct run_result *kernel, bool counts)
{
	const struct delivered *m = &model->facts.findings.delivered;
	const struct delivered *k = &kernel->facts.findings.delivered;

	if (!(model->claims & PVTLB_CLAIM_DELIVERED))
		return;
	compare_words(out, DIFFER_DELIVERED, share(counts, m->flushes, m->interrupted, m->targets),
		      share(counts, k->flushes, k->interrupted, k->targets));
	compare_words(out, DIFFER_WALKERS,
		      share(counts, m->walkers, m->walkers_interrupted, m->walkers),
		      share(counts, k->walkers, k->walkers_interrupted, k->walkers));
	if (!counts)
		return;
	compare_counts(out, DIFFER_DELIVERED, "targets", m->targets, k->targets);
	compare_counts(out, DIFFER_WALKERS, "walkers", m->walkers, k->walkers);
}

static void compare_elided(struct differences *out, const struct counts *m, const struct counts *k)
{
	compare_counts(out, DIFFER_ELIDED, "lazy", m->lazy, k->lazy);
	compare_counts(out, DIFFER_ELIDED, "preempted", m->preempted, k->preempted);
	compare_counts(out, DIFFER_ELIDED, "elsewhere", m->elsewhere, k->elsewhere);
}

static const char *safe_word(const struct run_result *r)
{
	static const char *const words[] = {
		[SAFE_NONE] = "-", [SAFE_OK] = "ok", [SAFE_BAD] = "BAD"
	};
	uint64_t nr;

	return words[safe_of(r, &nr)];
}

static void add_edit(void *ctx, const char *edit)
{
	struct place *at = ctx;
	struct difference *d = add(at->out, DIFFER_ORDER, edit);

	if (d->times > 1)
		return;
	d->step = at->step;
	d->cpu = at->cpu;
}

static void compare_step(struct differences *out, const struct order *m, const struct order *k,
			 uint32_t step)
{
	const struct order_word *a, *b;

	if (m->step[step].mixed || k->step[step].mixed) {
		out->mixed++;
		return;
	}
	out->steps++;
	for (unsigned int cpu = 0; cpu <= PVTLB_MAX_CPUS; cpu++) {
		size_t na = order_line(m, step, cpu, &a), nb = order_line(k, step, cpu, &b);
		struct place at = { out, step, cpu };

		if (na || nb)
			edits(a, na, b, nb, add_edit, &at);
	}
}

static void compare_orders(struct differences *out, const struct order *m, const struct order *k)
{
	uint32_t both = m->nr_steps < k->nr_steps ? m->nr_steps : k->nr_steps;

	compare_counts(out, DIFFER_ORDER, "steps", m->nr_steps, k->nr_steps);
	for (uint32_t i = 0; i < both; i++)
		compare_step(out, m, k, i);
}

void differ(const struct run_result *model, const struct run_result *kernel,
	    struct differences *out)
{
	const struct order *m = model->order, *k = kernel->order;
	const bool counts = m && k && !order_mixed(m) && !order_mixed(k);

	*out = (struct differences){ 0 };
	compare_words(out, DIFFER_KEY, key_text(&model->facts.key), key_text(&kernel->facts.key));
	compare_delivered(out, model, kernel, counts);
	compare_words(out, DIFFER_SAFE, safe_word(model), safe_word(kernel));
	if (counts)
		compare_elided(out, &model->facts.findings.counts, &kernel->facts.findings.counts);
	if (m && k)
		compare_orders(out, m, k);
	compare_words(out, DIFFER_VERDICT, verdict_names[model->judgement.verdict],
		      verdict_names[kernel->judgement.verdict]);
}

void differences_free(struct differences *differences)
{
	free(differences->d);
	*differences = (struct differences){ 0 };
}

bool differences_new(const struct differences *differences)
{
	for (size_t i = 0; i < differences->nr; i++)
		if (!differences->d[i].listed)
			return true;
	return false;
}
