/* SPDX-License-Identifier: GPL-2.0-only */
/* Putting the model machine together: a machine as any other, without KVM. */
#include <stdlib.h>
#include <string.h>

#include "explore/host/hosted.h"
#include "explore/host/memory.h"
#include "explore/host/relocate.h"
#include "explore/host/switch.h"
#include "kvm/kvm.h"
#include "kvm/roles.h"
#include "machine/boot.h"
#include "machine/dtb.h"
#include "machine/place.h"

#define LINKED_MIN 0xffffffff80000000ull
#define CPUID_PCID (1u << 17)

static int symbols(struct hosted *h, struct error *err)
{
	struct hosted_symbols *s = &h->symbol;
	const struct {
		const char *name;
		uint64_t *to;
	} wanted[] = {
		{ "irq_vector", &s->irq_vector },     { "irq_rip", &s->irq_rip },
		{ "irq_flags", &s->irq_flags },	      { "irq_upcall", &s->irq_upcall },
		{ "soft_irqs_on", &s->soft_irqs_on }, { "irq_pending", &s->irq_pending },
		{ "exc_vector", &s->exc_vector },     { "exc_error", &s->exc_error },
		{ "exc_rip", &s->exc_rip },	      { "exc_flags", &s->exc_flags },
		{ "exc_cr2", &s->exc_cr2 },	      { "exc_upcall", &s->exc_upcall },
		{ "probe_error", &s->probe_error },
	};

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		uint64_t addr = image_symbol(&h->image, wanted[i].name);

		if (!addr)
			return fail(err, STATUS_FAIL, "%s: no symbol %s in it", h->image.path,
				    wanted[i].name);
		*wanted[i].to = addr < LINKED_MIN ? addr : addr + h->moved;
	}
	return 0;
}

/* A jump to where the CPU comes out: jmp *0(%rip), and behind it where to. */
static int replace_functions(struct hosted *h, struct error *err)
{
	static const uint8_t jump[] = { 0xff, 0x25, 0, 0, 0, 0 };

	for (unsigned int i = 0; i < (h->tso ? SWITCH_EXITS_NR : SWITCH_EXITS_SC); i++) {
		gva_t addr = image_symbol(&h->image, switch_exit_names[i]);
		gpa_t gpa = addr ? image_gpa(&h->image, addr, 16) : 0;
		uint8_t *at = gpa ? guest_mem(&h->machine.mem, gpa, 16) : NULL;

		if (!at || addr % 16)
			return fail(err, STATUS_FAIL, "%s: no function %s to be replaced",
				    h->image.path, switch_exit_names[i]);
		memcpy(at, jump, sizeof(jump));
		memcpy(at + sizeof(jump), &switch_exits[i], sizeof(switch_exits[i]));
	}
	return 0;
}

/* What its addresses are here, for whoever names them later. */
static void move_symbols(struct hosted *h)
{
	for (size_t i = 0; i < h->image.nr_symbols; i++)
		if (h->image.symbol[i].addr >= LINKED_MIN)
			h->image.symbol[i].addr += h->moved;
}

static void create_cpu(struct hosted *h, unsigned int nr)
{
	const struct layout *l = &h->machine.layout;
	struct hosted_cpu *cpu = &h->cpu[nr];

	cpu->vcpu = &h->machine.vcpu[nr];
	cpu->vcpu->log = &h->machine.log;
	cpu->percpu = l->direct_map + l->percpu + nr * l->percpu_stride;
	cpu->step = mem_own(&h->machine.mem, l->steps + nr * l->steps_stride, sizeof(*cpu->step));
	boot_sregs(&cpu->vcpu->sregs, l, nr, mmu_role(&h->host, nr, h->machine.nr_vcpus));
	/* Some hosts show nothing stale of large pages: docs/hosts.md. */
	cpu->now.tlb.small_only = h->host.kvm >= 0 && !host_shows(&h->host, SHOWS_STALE_2M);
	cpu->now.cr3 = cpu->vcpu->sregs.cr3;
	cpu->now.cr4 = cpu->vcpu->sregs.cr4;
}

static int build_dtb(struct hosted *h, struct error *err)
{
	struct machine *m = &h->machine;
	const struct dtb_control control = { 0 };
	void *dtb = mem_own(&m->mem, m->layout.fdt, DTB_MAX);

	return dtb_build(dtb, DTB_MAX, &h->config, &control, &h->host, &m->layout, m->mem.size,
			 err) < 0
		       ? -1
		       : 0;
}

static int build(struct hosted *h, struct error *err)
{
	struct machine *m = &h->machine;
	uint64_t size = place_plan(&m->layout, &h->image, m->nr_vcpus);

	m->layout.direct_map = MEMORY_BASE;
	size += place_steps(&m->layout, m->nr_vcpus);
	if (memory_create(&m->mem, size, err) || image_relocate(&h->image, h->moved, err))
		return -1;
	place(&m->mem, &m->layout, &h->image, m->nr_vcpus);
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++) {
		event_log_attach(&m->log, cpu,
				 mem_own(&m->mem, m->layout.rings + cpu * m->layout.ring_stride,
					 m->layout.ring_stride),
				 m->layout.ring_stride);
		create_cpu(h, cpu);
	}
	event_log_number(&m->log, mem_own(&m->mem, m->layout.sequence, 8));
	if (replace_functions(h, err) || symbols(h, err) || build_dtb(h, err))
		return -1;
	move_symbols(h);
	if (m->ops->create && m->ops->create(m, err))
		return -1;
	m->pv_created = true;
	return 0;
}

static void nobody(void *ctx)
{
	(void)ctx;
}

/* As the host is that it is to be like; NULL: as most are. */
static void choose_host(struct hosted *h, const struct host *like)
{
	struct kvm_cpuid2 *all;
	const struct kvm_cpuid_entry2 *leaf;

	h->host = like ? *like : (struct host){ .kvm = -1, .nr_cpus = STEP_MAX_CPUS, .smep = true };
	if (h->host.kvm < 0)
		return;
	all = kvm_supported_cpuid(h->host.kvm);
	leaf = kvm_cpuid_leaf(all, 1);
	h->pcid = leaf && leaf->ecx & CPUID_PCID;
	free(all);
}

int hosted_machine_create(struct hosted *h, const struct image *image,
			  const struct run_config *config, const struct host *like,
			  struct error *err)
{
	struct machine *m = &h->machine;

	if (!config->cpus || config->cpus > STEP_MAX_CPUS)
		return fail(err, STATUS_SKIP, "%u CPUs asked for, at most %u are explored",
			    config->cpus, STEP_MAX_CPUS);
	if (load_image_mem(&h->image, image->path, image->file, image->file_len, err))
		return -1;
	choose_host(h, like);
	h->config = *config;
	h->moved = MEMORY_BASE - LINKED_MIN;
	*m = (struct machine){
		.host = &h->host,
		.image = &h->image,
		.ops = hypervisor_ops(config->backend),
		.vm = -1,
		.nr_vcpus = config->cpus,
		.fault = config->fault,
		.one_thread = true,
	};
	m->vcpu = calloc(m->nr_vcpus, sizeof(*m->vcpu));
	m->pv_state = calloc(1, m->ops->state_size + 1);
	h->pv_was = calloc(1, m->ops->state_size + 1);
	if (!m->vcpu || !m->pv_state || !h->pv_was)
		abort();
	outcome_init(&m->outcome, nobody, NULL);
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++)
		vcpu_init(&m->vcpu[cpu], cpu, m, &m->mem, &m->outcome);
	pthread_mutex_init(&m->pv_lock, NULL);
	event_log_init(&m->log, m->nr_vcpus);
	event_log_sources(&m->log, h->image.source, h->image.nr_sources);
	return build(h, err);
}

void hosted_machine_destroy(struct hosted *h)
{
	struct machine *m = &h->machine;

	if (!m->vcpu)
		return;
	if (m->pv_created && m->ops->destroy)
		m->ops->destroy(m);
	for (unsigned int cpu = 0; cpu < m->nr_vcpus; cpu++) {
		vcpu_destroy(&m->vcpu[cpu]);
		record_free(&h->cpu[cpu].record);
	}
	memory_destroy(&m->mem);
	event_log_free(&m->log);
	pthread_mutex_destroy(&m->pv_lock);
	outcome_destroy(&m->outcome);
	free(m->vcpu);
	free(m->pv_state);
	free(h->pv_was);
	free_image(&h->image);
}
