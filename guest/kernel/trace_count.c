/* SPDX-License-Identifier: GPL-2.0-only */
/* Counting IPIs by what they are sent for, with events or in their place. */
#include <linux/compiler.h>
#include <linux/percpu.h>
#include <linux/trace_count.h>

u32 trace_counts;

/* What this CPU is about: each IPI that it sends is for that. */
static DEFINE_PER_CPU(u32, cause);
static DEFINE_PER_CPU(u64, ipis[3]); /* as in struct trace_ipis */

enum { OTHER, FLUSH, SYNC };

void trace_count_from(enum trace_counting how)
{
	for (int i = 0; i < 3; i++)
		this_cpu_ptr(&ipis[0])[i] = 0;
	this_cpu_write(cause, OTHER);
	WRITE_ONCE(trace_counts, how);
}

struct trace_ipis trace_counted(void)
{
	const u64 *nr = this_cpu_ptr(&ipis[0]);

	return (struct trace_ipis){ .other = nr[OTHER], .flush = nr[FLUSH], .sync = nr[SYNC] };
}

bool trace_count(enum pvtlb_event_id id)
{
	switch (id) {
	case PVTLB_EV_FLUSH_MULTI:
		this_cpu_write(cause, FLUSH);
		break;
	case PVTLB_EV_FLUSH_END:
		this_cpu_write(cause, OTHER);
		break;
	case PVTLB_EV_SYNC: /* comes before what it sends; whatever comes next is something else */
		this_cpu_write(cause, SYNC);
		break;
	case PVTLB_EV_FLUSH_BEGIN:
	case PVTLB_EV_PTE_SET:
	case PVTLB_EV_TABLE_DEPOSIT:
		this_cpu_write(cause, OTHER);
		break;
	case PVTLB_EV_IPI_SEND:
		this_cpu_ptr(&ipis[0])[this_cpu_read(cause)]++;
		break;
	default:
		break;
	}
	return READ_ONCE(trace_counts) != TRACE_QUIET;
}
