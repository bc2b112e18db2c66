/* SPDX-License-Identifier: GPL-2.0-only */
/* Where everything goes in guest memory, and putting it there. */
#include <asm/kvm_para.h>
#include <string.h>

#include "events/events.h"
#include "machine/boot.h"
#include "machine/dtb.h"
#include "machine/image.h"
#include "machine/layout.h"
#include "machine/mem.h"
#include "machine/place.h"
#include "pvtlb/call.h"
#include "pvtlb/step.h"

#define GUEST_FREE (48ull << 20) /* for the page allocator */
#define SIZE_2M	   (1ull << 21)

uint64_t place_plan(struct layout *l, const struct image *image, unsigned int cpus)
{
	uint64_t percpu = image->desc.percpu_end - image->desc.percpu_start;

	l->direct_map = GVA_DIRECT_MAP;
	l->percpu = align_up(image_end(image), PVTLB_PAGE_SIZE);
	l->percpu_stride = align_up(percpu, PVTLB_PAGE_SIZE);
	l->rings = l->percpu + cpus * l->percpu_stride;
	l->ring_stride = align_up(event_ring_bytes(), PVTLB_PAGE_SIZE);
	l->free = align_up(l->rings + cpus * l->ring_stride, PVTLB_PAGE_SIZE);
	return align_up(l->free + GUEST_FREE, SIZE_2M);
}

uint64_t place_steps(struct layout *l, unsigned int cpus)
{
	l->steps = l->free;
	l->steps_stride = align_up(sizeof(struct pvtlb_step), PVTLB_PAGE_SIZE);
	l->free += cpus * l->steps_stride;
	return align_up(cpus * l->steps_stride, SIZE_2M);
}

static void load_segments(struct guest_mem *mem, const struct layout *l, const struct image *image,
			  unsigned int cpus)
{
	const struct pvtlb_image *d = &image->desc;
	uint64_t percpu = d->percpu_end - d->percpu_start;

	for (unsigned int i = 0; i < image->nr_segments; i++) {
		const struct segment *s = &image->segment[i];

		memcpy(mem_own(mem, s->paddr, s->memsz), s->data, s->filesz);
	}
	for (unsigned int cpu = 0; cpu < cpus; cpu++)
		memcpy(mem_own(mem, l->percpu + cpu * l->percpu_stride, percpu),
		       mem_own(mem, d->percpu_load, percpu), percpu);
}

static void place_below(struct guest_mem *mem, struct layout *l, const struct image *image,
			unsigned int cpus)
{
	/* Page 0 stays empty: gpa 0 means "nowhere". */
	mem->next = PVTLB_PAGE_SIZE;
	boot_build(mem, l, image, cpus);
	l->call_blocks = mem_alloc(mem, cpus * sizeof(struct pvtlb_call_block), PVTLB_PAGE_SIZE);
	l->status = mem_alloc(mem, cpus * sizeof(struct pvtlb_cpu_status), 64);
	l->steal = mem_alloc(mem, cpus * sizeof(struct kvm_steal_time), PVTLB_PAGE_SIZE);
	l->sequence = mem_alloc(mem, 8, PVTLB_PAGE_SIZE);
	l->fdt = mem_alloc(mem, DTB_MAX, PVTLB_PAGE_SIZE);
}

void place(struct guest_mem *mem, struct layout *layout, const struct image *image,
	   unsigned int cpus)
{
	load_segments(mem, layout, image, cpus);
	place_below(mem, layout, image, cpus);
}
