/* SPDX-License-Identifier: GPL-2.0-only */
/* A VM with nothing in it: the floor under every run of a guest. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/bare.h"
#include "bench/measure.h"
#include "kvm/kvm.h"

#define MEMORY (64ul << 20)
#define CODE   0x1000u
#define TABLES 0x2000u
#define PORT   0x10

struct cpu {
	pthread_t thread;
	int fd, host_cpu, run_size;
	unsigned int exits; /* to be timed, after the first one */
	double took;
	struct kvm_run *run;
	bool good, started;
};

/* Long mode, 1 GiB mapped one to one by large pages; mov $'H', %al; out %al, $16; jmp back. */
static void place(uint8_t *mem)
{
	static const uint8_t code[] = { 0xb0, 'H', 0xe6, PORT, 0xeb, 0xfa };
	uint64_t *level4 = (uint64_t *)(mem + TABLES), *level3 = level4 + 512,
		 *level2 = level3 + 512;

	memcpy(mem + CODE, code, sizeof(code));
	level4[0] = (TABLES + 0x1000) | 7;
	level3[0] = (TABLES + 0x2000) | 7;
	for (uint64_t i = 0; i < 512; i++)
		level2[i] = i << 21 | 0x87;
}

static void set_registers(int fd)
{
	const struct kvm_segment code = {
		.limit = ~0u, .selector = 0x10, .present = 1, .type = 11, .s = 1, .l = 1, .g = 1
	};
	struct kvm_regs regs = { .rip = CODE, .rflags = 2, .rsp = 0x8000 };
	struct kvm_mp_state runnable = { KVM_MP_STATE_RUNNABLE };
	struct kvm_segment data = code;
	struct kvm_sregs s;

	kvm_must(fd, KVM_GET_SREGS, &s);
	data.type = 3;
	data.l = 0;
	data.db = 1;
	data.selector = 0x18;
	s.cs = code;
	s.ds = s.es = s.ss = s.fs = s.gs = data;
	s.cr3 = TABLES;
	s.cr4 = 1 << 5;		   /* PAE */
	s.cr0 = 0x80050033;	   /* PG, AM, WP, NE, ET, MP, PE */
	s.efer = 1 << 8 | 1 << 10; /* LME, LMA */
	kvm_must(fd, KVM_SET_SREGS, &s);
	kvm_must(fd, KVM_SET_REGS, &regs);
	kvm_try(fd, KVM_SET_MP_STATE, &runnable);
}

static bool one_exit(struct cpu *cpu)
{
	return !kvm_try(cpu->fd, KVM_RUN, 0) && cpu->run->exit_reason == KVM_EXIT_IO &&
	       cpu->run->io.port == PORT;
}

static void *run(void *arg)
{
	struct cpu *cpu = arg;
	cpu_set_t one;
	double start;

	CPU_ZERO(&one);
	CPU_SET(cpu->host_cpu, &one);
	sched_setaffinity(0, sizeof(one), &one);
	cpu->good = one_exit(cpu);
	start = bench_now();
	for (unsigned int i = 0; i < cpu->exits && cpu->good; i++)
		cpu->good = one_exit(cpu);
	cpu->took = bench_now() - start;
	return NULL;
}

static int add_cpu(struct cpu *cpu, int vm, unsigned int id, const struct host *host,
		   const struct kvm_cpuid2 *cpuid, struct error *err)
{
	void *map;

	cpu->host_cpu = id % host->nr_cpus;
	cpu->run_size = kvm_must(host->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	cpu->fd = kvm_try(vm, KVM_CREATE_VCPU, id);
	if (cpu->fd < 0)
		return fail(err, STATUS_FAIL, "KVM_CREATE_VCPU of %u: %s", id, strerror(-cpu->fd));
	map = mmap(NULL, cpu->run_size, PROT_READ | PROT_WRITE, MAP_SHARED, cpu->fd, 0);
	if (map == MAP_FAILED)
		return fail(err, STATUS_FAIL, "mmap of a vCPU: %s", strerror(errno));
	cpu->run = map;
	kvm_must(cpu->fd, KVM_SET_CPUID2, cpuid);
	set_registers(cpu->fd);
	return 0;
}

static int run_all(struct cpu *cpu, unsigned int cpus, struct error *err)
{
	bool good = true;

	for (unsigned int i = 0; i < cpus; i++)
		good &= cpu[i].started = !pthread_create(&cpu[i].thread, NULL, run, &cpu[i]);
	for (unsigned int i = 0; i < cpus; i++) {
		if (cpu[i].started)
			pthread_join(cpu[i].thread, NULL);
		good &= cpu[i].good;
	}
	return good ? 0 : fail(err, STATUS_FAIL, "a bare vCPU did not come to its exit");
}

static int in_vm(const struct host *host, int vm, uint8_t *mem, struct cpu *cpu, unsigned int cpus,
		 bool split, struct error *err)
{
	struct kvm_userspace_memory_region region = { .memory_size = MEMORY,
						      .userspace_addr = (uintptr_t)mem };
	struct kvm_enable_cap chip = { .cap = KVM_CAP_SPLIT_IRQCHIP, .args = { 24 } };
	struct kvm_cpuid2 *cpuid;
	int ret = split ? kvm_try(vm, KVM_ENABLE_CAP, &chip) : kvm_try(vm, KVM_CREATE_IRQCHIP, 0);

	if (ret < 0)
		return fail(err, STATUS_SKIP, "this KVM has no %s irqchip",
			    split ? "split" : "whole");
	ret = kvm_try(vm, KVM_SET_USER_MEMORY_REGION, &region);
	if (ret < 0)
		return fail(err, STATUS_FAIL, "KVM_SET_USER_MEMORY_REGION: %s", strerror(-ret));
	cpuid = kvm_supported_cpuid(host->kvm);
	ret = 0;
	for (unsigned int i = 0; i < cpus && !ret; i++)
		ret = add_cpu(&cpu[i], vm, i, host, cpuid, err);
	free(cpuid);
	return ret ? ret : run_all(cpu, cpus, err);
}

static void take_apart(struct cpu *cpu, unsigned int cpus)
{
	for (unsigned int i = 0; i < cpus; i++) {
		if (cpu[i].run)
			munmap(cpu[i].run, cpu[i].run_size);
		if (cpu[i].fd >= 0)
			close(cpu[i].fd);
	}
	free(cpu);
}

int bare_vm(const struct host *host, unsigned int cpus, bool split, unsigned int exits,
	    struct bare_times *t, struct error *err)
{
	struct cpu *cpu = calloc(cpus, sizeof(*cpu));
	double start = bench_now();
	uint8_t *mem;
	int vm, ret;

	if (!cpu)
		return fail(err, STATUS_FAIL, "out of memory");
	for (unsigned int i = 0; i < cpus; i++)
		cpu[i].fd = -1;
	cpu[0].exits = exits;
	mem = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (mem == MAP_FAILED) {
		free(cpu);
		return fail(err, STATUS_FAIL, "64 MiB for a bare VM: %s", strerror(errno));
	}
	place(mem);
	vm = kvm_try(host->kvm, KVM_CREATE_VM, 0);
	ret = vm < 0 ? fail(err, STATUS_FAIL, "KVM_CREATE_VM: %s", strerror(-vm))
		     : in_vm(host, vm, mem, cpu, cpus, split, err);
	t->exit = exits ? cpu[0].took / exits : 0;
	t->whole = -cpu[0].took;
	take_apart(cpu, cpus);
	if (vm >= 0)
		close(vm);
	munmap(mem, MEMORY);
	t->whole += bench_now() - start;
	return ret;
}
