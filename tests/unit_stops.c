/* SPDX-License-Identifier: GPL-2.0-only */
/* Stepping over upcalls; breakpoints in an image's code; time that does not count. */
#include <string.h>

#include "lab.h"
#include "machine/breakpoint.h"
#include "machine/image.h"
#include "machine/mem.h"
#include "machine/step.h"
#include "machine/trap.h"
#include "machine/watchdog.h"
#include "unit_util.h"

static const struct upcalls upcalls = { .irq = 0x1000, .exc = 0x1100, .end = 0x1200 };

#define HERE 0x5000

/* Where a CPU traps one after the other, and what comes of it. */
struct trapped {
	gva_t rip;
	enum step_result result;
};

static void traps(const char *what, struct step *step, gva_t from, const struct trapped *t,
		  size_t nr)
{
	step_begin(step, &upcalls, from);
	for (size_t i = 0; i < nr; i++) {
		enum step_result got = step_trapped(step, &upcalls, t[i].rip);

		EXPECT(got == t[i].result, "%s, trap %zu: %d", what, i, got);
	}
}

static void steps(void)
{
	static const struct trapped next[] = { { HERE + 3, STEP_DONE },
					       { HERE + 6, STEP_NOT_OURS } };
	static const struct trapped same[] = { { HERE, STEP_DONE } };
	/* push, pushf; the handler; ret: then the instruction is still to come. */
	static const struct trapped irq[] = { { 0x1008, STEP_GO_ON },
					      { 0x1009, STEP_LET_RUN },
					      { HERE, STEP_GO_ON },
					      { HERE + 3, STEP_DONE } };
	static const struct trapped twice[] = { { 0x1008, STEP_GO_ON },	  { 0x1009, STEP_LET_RUN },
						{ 0x1040, STEP_GO_ON },	  { 0x1008, STEP_GO_ON },
						{ 0x1009, STEP_LET_RUN }, { HERE, STEP_GO_ON },
						{ HERE + 3, STEP_DONE } };
	static const struct trapped fault[] = { { 0x1108, STEP_GO_ON },
						{ 0x1109, STEP_LET_RUN },
						{ 0x7000, STEP_DONE } };
	static const struct trapped within[] = { { 0x1008, STEP_DONE } };
	static const struct trapped range[] = { { HERE + 3, STEP_GO_ON },
						{ HERE, STEP_GO_ON },
						{ HERE + 0x10, STEP_DONE } };
	static const struct trapped around[] = { { 0x0fff, STEP_DONE } },
				    behind[] = { { 0x1200, STEP_DONE } };
	struct step step = { .on = true };

	traps("an instruction", &step, HERE, next, NR_OF(next));
	step = (struct step){ .on = true };
	traps("one that jumps to itself", &step, HERE, same, NR_OF(same));
	step = (struct step){ .on = true };
	traps("an interrupt in front", &step, HERE, irq, NR_OF(irq));
	step = (struct step){ .on = true };
	traps("two of them", &step, HERE, twice, NR_OF(twice));
	step = (struct step){ .on = true };
	traps("a fault with a fixup", &step, HERE, fault, NR_OF(fault));
	step = (struct step){ .on = true };
	traps("from within an upcall", &step, 0x1000, within, NR_OF(within));
	step = (struct step){ .on = true, .start = HERE, .end = HERE + 0x10 };
	traps("a range", &step, HERE, range, NR_OF(range));
	step = (struct step){ .on = true };
	traps("before the upcalls", &step, HERE, around, NR_OF(around));
	step = (struct step){ .on = true };
	traps("behind them", &step, HERE, behind, NR_OF(behind));
	step = (struct step){ 0 };
	EXPECT(step_trapped(&step, &upcalls, HERE) == STEP_NOT_OURS, "nobody steps");
}

/* The real image's upcalls begin as step.c takes them to. */
static void upcall_code(void)
{
	const struct image *image = &lab_images()->image[1];
	struct upcalls u;

	upcalls_find(&u, image);
	for (int i = 0; i < 2; i++) {
		gva_t at = i ? u.exc : u.irq;
		const struct segment *s = &image->segment[0];
		const uint8_t *code = s->data + (at - s->vaddr);

		EXPECT(at && at < u.end, "%d", i);
		/* pushq %gs:disp32; pushfq */
		EXPECT(!memcmp(code, "\x65\xff\x34\x25", 4) && code[8] == 0x9c, "%d", i);
	}
}

static void breakpoints(void)
{
	const struct image *image = &lab_images()->image[1];
	const gva_t code = image_symbol(image, "gup_fast"), data = image->desc.key_enabled;
	static struct breakpoints b;
	uint8_t bytes[4] = { 1, 2, TRAP_INSN, 4 }, *at;
	struct guest_mem mem;
	struct error err = { 0 };

	CU_ASSERT_EQUAL_FATAL(mem_create(&mem, align_up(image_end(image), 1 << 21), &err), 0);
	at = mem_own(&mem, image_gpa(image, code, 4), 4);
	memset(at, 0x90, 4);
	b.nr = 0;
	EXPECT(breakpoint_insert(&b, &mem, image, code) == BREAKPOINT_OK, "code");
	EXPECT(breakpoint_insert(&b, &mem, image, code) == BREAKPOINT_OK && b.nr == 1, "again");
	EXPECT(*at == TRAP_INSN && breakpoint_at(&b, code) && !breakpoint_at(&b, code + 1),
	       "there");
	EXPECT(breakpoint_insert(&b, &mem, image, data) == BREAKPOINT_NO_CODE, "data");
	EXPECT(breakpoint_insert(&b, &mem, image, image->desc.ring0_start) == BREAKPOINT_NO_CODE,
	       "ring 0");
	EXPECT(breakpoint_insert(&b, &mem, image, image->desc.ring0_start - 1) == BREAKPOINT_OK,
	       "the last byte of ring 3");
	EXPECT(breakpoint_insert(&b, &mem, image, 0) == BREAKPOINT_NO_CODE, "0");
	EXPECT(breakpoint_insert(&b, &mem, image, UINT64_MAX) == BREAKPOINT_NO_CODE,
	       "the last byte");

	breakpoint_hide(&b, code - 2, bytes, 4);
	EXPECT(bytes[0] == 1 && bytes[1] == 2 && bytes[2] == 0x90 && bytes[3] == 4, "hidden");
	EXPECT(breakpoint_within(&b, code - 2, 3) && !breakpoint_within(&b, code - 2, 2) &&
		       !breakpoint_within(&b, code + 1, 8),
	       "within");
	breakpoint_remove(&b, &mem, code + 1);
	EXPECT(*at == TRAP_INSN, "another one's removal");
	breakpoint_remove(&b, &mem, code);
	EXPECT(*at == 0x90 && !breakpoint_at(&b, code), "removed");

	/* What the guest has patched meanwhile stays. */
	breakpoint_insert(&b, &mem, image, code);
	*at = 0xeb;
	breakpoint_remove_all(&b, &mem);
	EXPECT(*at == 0xeb && !b.nr, "patched");
	for (unsigned int i = 0; i < BREAKPOINTS_MAX; i++)
		breakpoint_insert(&b, &mem, image, code + i);
	EXPECT(breakpoint_insert(&b, &mem, image, code - 1) == BREAKPOINT_FULL, "full");
	mem_destroy(&mem);
}

static void time_stands_still(void)
{
	struct watchdog dog;

	watchdog_start(&dog, 10, 0, 100);
	watchdog_wait(&dog, 200);
	EXPECT(watchdog_look(&dog, 0, 209.9) == WATCHDOG_GOES_ON, "too early");
	for (double t = 209.9; t < 221; t += 0.05)
		watchdog_look(&dog, 0, t);
	EXPECT(watchdog_look(&dog, 0, 221) == WATCHDOG_QUIET, "not at all");
}

/* Looks at a guest that goes on for so long, so many seconds apart. */
static enum watchdog_finds look_for(struct watchdog *dog, uint64_t *seq, double *t, double seconds,
				    double apart)
{
	enum watchdog_finds finds = WATCHDOG_GOES_ON;

	for (double until = *t + seconds; *t < until && finds == WATCHDOG_GOES_ON; *t += apart)
		finds = watchdog_look(dog, seq ? (*seq)++ : 0, *t);
	return finds;
}

/* A process that was stopped for long has not hung; nor is its guest endless. */
static void stopped_process(void)
{
	struct watchdog dog;
	uint64_t seq = 1;
	double t = 0;

	watchdog_start(&dog, 10, 0, t);
	EXPECT(look_for(&dog, NULL, &t, 5, 0.05) == WATCHDOG_GOES_ON, "quiet for 5 s");
	t += 3600;
	EXPECT(look_for(&dog, NULL, &t, 3.5, 0.05) == WATCHDOG_GOES_ON, "stopped for an hour");
	EXPECT(look_for(&dog, NULL, &t, 3, 0.05) == WATCHDOG_QUIET, "and quiet for 11 s");

	watchdog_start(&dog, 10, 5, t);
	EXPECT(look_for(&dog, &seq, &t, 290, 0.05) == WATCHDOG_GOES_ON, "not endless yet");
	t += 3600;
	EXPECT(look_for(&dog, &seq, &t, 10, 0.05) == WATCHDOG_GOES_ON, "stopped for an hour");
	EXPECT(look_for(&dog, &seq, &t, 10, 0.05) == WATCHDOG_ENDLESS, "endless");
}

SUITE(unit_stops, false, { "steps, and upcalls that are left out", steps },
      { "upcalls begin as a step needs it", upcall_code }, { "breakpoints", breakpoints },
      { "the watchdog waits", time_stands_still },
      { "the watchdog of a process that was stopped", stopped_process });
