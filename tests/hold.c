/* SPDX-License-Identifier: GPL-2.0-only */
/* CPUs to hold without a machine: threads that report events. */
#include <unistd.h>

#include "hold.h"
#include "unit_util.h"

static uint32_t *bed_shown(void *ctx, unsigned int cpu)
{
	return &((struct bed *)ctx)->shown[cpu];
}

static void bed_tell(void *ctx, unsigned int cpu, bool held)
{
	((struct bed *)ctx)->told[cpu][held]++;
}

static const uint8_t *bed_flags(void *ctx, unsigned int cpu)
{
	(void)ctx;
	(void)cpu;
	return NULL;
}

static const uint32_t *bed_word(void *ctx, gpa_t gpa)
{
	return gpa == WORD ? &((struct bed *)ctx)->word : NULL;
}

static const struct hold_ops bed_ops = {
	.shown = bed_shown,
	.tell = bed_tell,
	.flags = bed_flags,
	.word = bed_word,
};

void bed_start(struct bed *m, const struct pvtlb_hold *rules)
{
	*m = (struct bed){ 0 };
	event_log_init(&m->log, CPUS);
	event_log_number(&m->log, &m->sequence);
	holds_init(&m->holds, rules, CPUS, &m->log, &bed_ops, m);
}

void bed_stop(struct bed *m)
{
	holds_destroy(&m->holds);
	event_log_free(&m->log);
}

uint64_t bed_report(struct bed *m, unsigned int cpu, unsigned int id, uint64_t arg0, uint64_t arg1)
{
	struct pvtlb_event e = { .id = id, .cpu = cpu, .arg = { arg0, arg1 } };

	e.seq = __atomic_add_fetch(&m->sequence, 1, __ATOMIC_SEQ_CST);
	hold_tracepoint(&m->holds, cpu, &e);
	return e.seq;
}

bool bed_is_held(struct bed *m, unsigned int cpu)
{
	return __atomic_load_n(&m->shown[cpu], __ATOMIC_ACQUIRE);
}

void bed_wait_held(struct bed *m, unsigned int cpu)
{
	for (int i = 0; i < 10000 && !bed_is_held(m, cpu); i++)
		usleep(1000);
	CU_ASSERT_TRUE_FATAL(bed_is_held(m, cpu));
}

static void *walk(void *arg)
{
	struct walker *w = arg;

	for (unsigned int i = 0; i < w->walks; i++) {
		w->seq = bed_report(w->m, w->cpu, PVTLB_EV_WALK_LOAD, 0, 0);
		__atomic_fetch_add(&w->done, 1, __ATOMIC_RELEASE);
	}
	return NULL;
}

void walker_start(struct walker *w, struct bed *m, unsigned int cpu, unsigned int walks)
{
	*w = (struct walker){ .m = m, .cpu = cpu, .walks = walks };
	CU_ASSERT_FATAL(!pthread_create(&w->thread, NULL, walk, w));
}

void walker_end(struct walker *w)
{
	pthread_join(w->thread, NULL);
	CU_ASSERT_EQUAL(w->done, w->walks);
}
