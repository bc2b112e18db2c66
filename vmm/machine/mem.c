/* SPDX-License-Identifier: GPL-2.0-only */
/* Guest memory, and the one way from a guest address to a host pointer. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/shortage.h"
#include "machine/mem.h"

int mem_create(struct guest_mem *mem, uint64_t size, struct error *err)
{
	void *host = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (host == MAP_FAILED)
		return fail_errno(err, STATUS_FAIL, errno, "cannot map %llu bytes of guest memory",
				  (unsigned long long)size);
	/*
	 * A host that collapses these pages into huge ones drops KVM's mappings of them, and
	 * with those the stale translations that a run is to show.
	 */
	madvise(host, size, MADV_NOHUGEPAGE);
	*mem = (struct guest_mem){ .host = host, .size = size };
	return 0;
}

void mem_destroy(struct guest_mem *mem)
{
	if (mem->host)
		munmap(mem->host, mem->size);
	mem->host = NULL;
	mem->size = 0;
}

void *guest_mem(const struct guest_mem *mem, gpa_t gpa, uint64_t len)
{
	if (gpa > mem->size || len > mem->size - gpa)
		return NULL;
	return mem->host + gpa;
}

void *mem_own(const struct guest_mem *mem, gpa_t gpa, uint64_t len)
{
	void *host = guest_mem(mem, gpa, len);

	if (host)
		return host;
	fprintf(stderr, "pvtlb: bug: %#llx bytes at gpa %#llx are not in RAM\n",
		(unsigned long long)len, (unsigned long long)gpa);
	abort();
}

gpa_t mem_alloc(struct guest_mem *mem, uint64_t len, uint64_t align)
{
	gpa_t gpa = align_up(mem->next, align);

	mem_own(mem, gpa, len);
	mem->next = gpa + len;
	return gpa;
}
