/* SPDX-License-Identifier: GPL-2.0-only */
/* Stepping a CPU: by the trap flag, with the guest's upcalls left out. */
#include "machine/image.h"
#include "machine/step.h"

/*
 * An upcall begins with a push of what was interrupted and with pushf (guest/kernel/upcall.S);
 * the first trap comes behind the push, the second one behind pushf.
 */
#define PUSH_LEN  8
#define PUSHF_LEN 1

void upcalls_find(struct upcalls *u, const struct image *image)
{
	u->irq = image_symbol(image, "irq_upcall");
	u->exc = image_symbol(image, "exc_upcall");
	u->end = image_symbol(image, "probe_load");
}

static bool inside(const struct upcalls *u, gva_t rip)
{
	return u->irq && rip >= u->irq && rip < u->end;
}

/* How far is rip in the upcall that it is in? */
static uint64_t offset(const struct upcalls *u, gva_t rip)
{
	return rip - (rip >= u->exc ? u->exc : u->irq);
}

void step_begin(struct step *step, const struct upcalls *upcalls, gva_t rip)
{
	step->armed = true;
	step->from = rip;
	step->inside = inside(upcalls, rip);
	step->upcalled = false;
}

enum step_result step_trapped(struct step *step, const struct upcalls *upcalls, gva_t rip)
{
	if (!step->on)
		return STEP_NOT_OURS;
	if (inside(upcalls, rip) && !step->inside) {
		step->upcalled = true;
		return offset(upcalls, rip) == PUSH_LEN + PUSHF_LEN ? STEP_LET_RUN : STEP_GO_ON;
	}
	/* Behind an upcall, before the instruction that it came in front of. */
	if (rip == step->from && step->upcalled) {
		step->upcalled = false;
		return STEP_GO_ON;
	}
	if (rip >= step->start && rip < step->end)
		return STEP_GO_ON;
	step->on = false;
	return STEP_DONE;
}
