/* SPDX-License-Identifier: GPL-2.0-only */
/* Guest memory: the bounds of guest_mem(), mem_alloc(), and the layout of a CPU set. */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine/mem.h"
#include "unit_util.h"

#define SIZE 0x10000ull
#define MAX  UINT64_MAX

static void bounds(void)
{
	static const struct {
		gpa_t gpa;
		uint64_t len;
		bool ok;
	} cases[] = {
		{ 0, 0, true },
		{ 0, 1, true },
		{ 0, SIZE, true },
		{ 0, SIZE + 1, false },
		{ 0, MAX, false },
		{ 1, SIZE - 1, true },
		{ 1, SIZE, false },
		{ 1, MAX, false }, /* gpa + len is 0 */
		{ SIZE - 1, 1, true },
		{ SIZE - 1, 2, false },
		{ SIZE, 0, true },
		{ SIZE, 1, false },
		{ SIZE + 1, 0, false },
		{ SIZE / 2, SIZE / 2, true },
		{ SIZE / 2, MAX - SIZE / 2 + 1, false }, /* the sum is 0 again */
		{ SIZE / 2, MAX - SIZE / 2 + 2, false },
		{ MAX, 0, false },
		{ MAX, 1, false },
		{ MAX, MAX, false },
		{ MAX - SIZE, SIZE, false },
		{ 1ull << 63, 1ull << 63, false },
	};
	struct error err = { 0 };
	struct guest_mem mem;

	CU_ASSERT_FATAL(!mem_create(&mem, SIZE, &err));
	for (size_t i = 0; i < NR_OF(cases); i++) {
		void *host = guest_mem(&mem, cases[i].gpa, cases[i].len);
		void *want = cases[i].ok ? mem.host + cases[i].gpa : NULL;

		EXPECT(host == want, "%#llx bytes at %#llx", (unsigned long long)cases[i].len,
		       (unsigned long long)cases[i].gpa);
	}
	mem_destroy(&mem);
}

static void zeroed(void)
{
	struct error err = { 0 };
	struct guest_mem mem;
	size_t bytes = 0;

	CU_ASSERT_FATAL(!mem_create(&mem, SIZE, &err));
	CU_ASSERT_EQUAL(mem.size, SIZE);
	for (size_t i = 0; i < SIZE; i++)
		bytes += !mem.host[i];
	CU_ASSERT_EQUAL(bytes, SIZE);
	mem.host[SIZE - 1] = 1;
	mem_destroy(&mem);
	CU_ASSERT_PTR_NULL(mem.host);
	CU_ASSERT_EQUAL(mem.size, 0);
	/* Nothing is left to reach, and a second time does no harm. */
	CU_ASSERT_PTR_NULL(guest_mem(&mem, 0, 1));
	mem_destroy(&mem);
}

static void create_fails(void)
{
	struct error err = { 0 };
	struct guest_mem mem = { 0 };

	CU_ASSERT_EQUAL(mem_create(&mem, 1ull << 62, &err), -1);
	CU_ASSERT_EQUAL(err.status, STATUS_FAIL);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "4611686018427387904"));
}

static void alloc(void)
{
	static const struct {
		uint64_t len, align;
		gpa_t want;
	} steps[] = {
		{ 1, 1, 0 },
		{ 1, 1, 1 },
		{ 1, 8, 8 },
		{ 0, 8, 16 },
		{ 3, 8, 16 },
		{ 0, 4096, 0x1000 },
		{ 4096, 4096, 0x1000 },
		{ 1, 64, 0x2000 },
		{ 1, 64, 0x2040 },
		{ 8, 4096, 0x3000 },
		{ 0x8000, 8, 0x3008 },
		{ 0x4ff8, 8, 0xb008 },
	};
	struct error err = { 0 };
	struct guest_mem mem;

	CU_ASSERT_FATAL(!mem_create(&mem, SIZE, &err));
	for (size_t i = 0; i < NR_OF(steps); i++) {
		gpa_t got = mem_alloc(&mem, steps[i].len, steps[i].align);

		EXPECT(got == steps[i].want, "step %zu: at %#llx", i, (unsigned long long)got);
		EXPECT(mem.next == got + steps[i].len, "step %zu: next", i);
	}
	CU_ASSERT_EQUAL(mem.next, SIZE); /* to the last byte */
	CU_ASSERT_PTR_EQUAL(mem_own(&mem, 0x3008, 0x8000), mem.host + 0x3008);
	mem_destroy(&mem);
}

/* Running out is a bug of the VMM's: it must end there and not write past the end. */
static void alloc_beyond(void)
{
	struct error err = { 0 };
	struct guest_mem mem;
	int status = 0;
	pid_t pid;

	CU_ASSERT_FATAL(!mem_create(&mem, SIZE, &err));
	mem_alloc(&mem, SIZE - 1, 1);
	fflush(NULL);
	pid = fork();
	if (!pid) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
		signal(SIGABRT, SIG_DFL);
		close(STDERR_FILENO);
		mem_alloc(&mem, 2, 1);
		_exit(0);
	}
	CU_ASSERT_FATAL(pid > 0);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	mem_destroy(&mem);
}

static void align(void)
{
	CU_ASSERT_EQUAL(align_up(0, 4096), 0);
	CU_ASSERT_EQUAL(align_up(1, 4096), 4096);
	CU_ASSERT_EQUAL(align_up(4095, 4096), 4096);
	CU_ASSERT_EQUAL(align_up(4096, 4096), 4096);
	CU_ASSERT_EQUAL(align_up(4097, 4096), 8192);
	CU_ASSERT_EQUAL(align_up(7, 1), 7);
}

/* The ABI says bit n % 64 of word n / 64; in memory that is bit n % 8 of byte n / 8. */
static void cpuset(void)
{
	CU_ASSERT_EQUAL(sizeof(struct pvtlb_cpuset), 32);
	for (unsigned int n = 0; n < 64 * PVTLB_CPUSET_WORDS; n++) {
		struct pvtlb_cpuset set = { 0 };
		uint8_t bytes[sizeof(set)] = { 0 };

		set.bits[n / 64] |= 1ull << (n % 64);
		bytes[n / 8] |= 1u << (n % 8);
		EXPECT(!memcmp(&set, bytes, sizeof(set)), "CPU %u", n);
	}
}

SUITE(unit_mem, false, { "guest_mem: bounds and overflow", bounds },
      { "memory starts as zeroes and goes away", zeroed },
      { "a size that cannot be had is an error", create_fails },
      { "mem_alloc: alignment, to the last byte", alloc },
      { "mem_alloc: beyond the end aborts", alloc_beyond }, { "align_up", align },
      { "layout of a CPU set", cpuset });
