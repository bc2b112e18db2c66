/* SPDX-License-Identifier: GPL-2.0-only */
/* The model machine's RAM: it can be put back to what it was, to the byte. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "explore/host/memory.h"
#include "machine/mem.h"

#define PAGE PVTLB_PAGE_SIZE
#define ALL  (PROT_READ | PROT_WRITE | PROT_EXEC)

/* Of the one machine there is in this process; in a signal handler there is no other way to it. */
static struct {
	uint8_t *base;
	uint64_t size;
	uint8_t *was;	/* as large: pages that were written to, as they were before */
	bool *touched;	/* by page */
	uint32_t *page; /* those, by number */
	unsigned int nr;
	bool watched;
} ram;

int memory_create(struct guest_mem *mem, uint64_t size, struct error *err)
{
	void *base = mmap((void *)MEMORY_BASE, size, ALL,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
	uint64_t pages = size / PAGE;

	if (base != (void *)MEMORY_BASE) {
		if (base != MAP_FAILED)
			munmap(base, size);
		return fail(err, STATUS_FAIL, "no room for %llu bytes of guest memory at %#llx: %s",
			    (unsigned long long)size, MEMORY_BASE,
			    ram.base ? "another one is there" : strerror(errno));
	}
	madvise(base, size, MADV_NOHUGEPAGE);
	ram.base = base;
	ram.size = size;
	ram.nr = 0;
	ram.watched = false;
	ram.was = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	ram.touched = calloc(pages, sizeof(*ram.touched));
	ram.page = calloc(pages, sizeof(*ram.page));
	if (ram.was == MAP_FAILED)
		ram.was = NULL;
	*mem = (struct guest_mem){ .host = base, .size = size, .direct = MEMORY_BASE };
	if (ram.was && ram.touched && ram.page)
		return 0;
	memory_destroy(mem);
	return fail(err, STATUS_FAIL, "out of memory");
}

void memory_destroy(struct guest_mem *mem)
{
	if (!mem->host)
		return;
	munmap(ram.base, ram.size);
	if (ram.was)
		munmap(ram.was, ram.size);
	free(ram.touched);
	free(ram.page);
	memset(&ram, 0, sizeof(ram));
	mem->host = NULL;
}

int memory_snapshot(struct guest_mem *mem, struct error *err)
{
	ram.nr = 0;
	memset(ram.touched, 0, ram.size / PAGE * sizeof(*ram.touched));
	if (mprotect(mem->host, mem->size, PROT_READ | PROT_EXEC))
		return fail(err, STATUS_FAIL, "cannot protect guest memory: %s", strerror(errno));
	ram.watched = true;
	return 0;
}

bool memory_fault(const void *addr)
{
	uint64_t at = (const uint8_t *)addr - ram.base, nr = at / PAGE;

	if (!ram.watched || at >= ram.size || ram.touched[nr])
		return false;
	memcpy(ram.was + nr * PAGE, ram.base + nr * PAGE, PAGE);
	ram.touched[nr] = true;
	ram.page[ram.nr++] = nr;
	return !mprotect(ram.base + nr * PAGE, PAGE, ALL);
}

void memory_reset(struct guest_mem *mem)
{
	for (unsigned int i = 0; i < ram.nr; i++)
		memcpy(mem->host + ram.page[i] * PAGE, ram.was + ram.page[i] * PAGE, PAGE);
}

unsigned int memory_touched(void)
{
	return ram.nr;
}
