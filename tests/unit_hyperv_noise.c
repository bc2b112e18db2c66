/* SPDX-License-Identifier: GPL-2.0-only */
/* The hyperv backend's hypervisor side against any request, as the fuzzer has it. */
#include <string.h>

#include "hyperv.h"
#include "unit_util.h"

/* The sham machine, and what holds of any request. */
#define LLVMFuzzerTestOneInput hyperv_fuzz_input
#include "fuzz/hyperv.c"

/* A request as it lies in a fuzz input; words from the parameters' address on. */
struct block {
	uint64_t input, params;
	uint8_t cpus;
	uint64_t word[HV_PAGE_SIZE / 8];
};

/* Of any size. */
static uint64_t any_word(struct rnd *r)
{
	uint64_t word = rnd(r);

	return word >> rnd_below(r, 64);
}

static unsigned int any_cpus(struct rnd *r, struct block *b, bool ex, unsigned int cpus)
{
	uint64_t banks = 0;
	unsigned int nr = 0;

	if (!ex) {
		b->word[2] = rnd(r) & (cpus < 64 ? BIT(cpus) - 1 : ~0ull);
		return 3;
	}
	b->word[2] = !rnd_below(r, 8);
	for (unsigned int bank = 0; bank * 64 < cpus; bank++) {
		unsigned int room = cpus - bank * 64;

		if (rnd_below(r, 2))
			continue;
		banks |= BIT(bank);
		b->word[4 + nr++] = rnd(r) & (room < 64 ? BIT(room) - 1 : ~0ull);
	}
	b->word[3] = banks;
	b->input |= (uint64_t)nr << 17;
	return 4 + nr;
}

/* One that is to be accepted, mostly. Returns how many words it has. */
static unsigned int good_block(struct rnd *r, struct block *b)
{
	static const uint64_t codes[] = { SPACE, LIST, SPACE_EX, LIST_EX };
	unsigned int code = rnd_below(r, 4), nr, cpus = 1 + rnd_below(r, 255), reps, room;
	bool list = code & 1;

	b->input = codes[code];
	b->cpus = cpus - 1;
	b->word[0] = rnd_below(r, RAM_PAGES) * PAGE;
	b->word[1] = rnd_below(r, list ? 4 : 8);
	nr = any_cpus(r, b, code & 2, cpus);
	room = HV_PAGE_SIZE / 8 - nr;
	reps = !list ? 0 : rnd_below(r, 16) ? 1 + rnd_below(r, 8) : 1 + rnd_below(r, room);
	for (unsigned int i = 0; i < reps; i++)
		b->word[nr++] = any_word(r);
	b->input |= (uint64_t)reps << 32;
	if (reps)
		b->input |= rnd_below(r, reps) << 48;
	/* One after the other: compilers differ about the order within an expression. */
	b->params = rnd_below(r, 3) * PAGE;
	b->params += 8 * rnd_below(r, HV_PAGE_SIZE / 8 - nr + 1);
	return nr;
}

static void mutate(struct rnd *r, struct block *b, unsigned int nr)
{
	for (uint64_t times = rnd_below(r, 4); times; times--) {
		uint64_t bit = BIT(rnd_below(r, 64)), at;

		switch (rnd_below(r, 8)) {
		case 0:
			b->input ^= bit;
			break;
		case 1:
			b->params ^= bit;
			break;
		case 2:
			b->cpus = rnd(r);
			break;
		case 3:
			at = rnd_below(r, nr);
			b->word[at] = rnd(r);
			break;
		case 4:
			b->input = (b->input & ~0xffffull) | rnd_below(r, 0x18);
			break;
		default:
			b->word[rnd_below(r, nr < 6 ? nr : 6)] ^= bit;
		}
	}
}

static const char *try_block(const struct block *b, unsigned int nr, enum hv_status *status)
{
	static uint8_t data[HEAD + HV_PAGE_SIZE];

	memcpy(data, &b->input, 8);
	memcpy(data + 8, &b->params, 8);
	data[16] = b->cpus;
	memcpy(data + HEAD, b->word, 8 * nr);
	return hyperv_fuzz(data, HEAD + 8 * nr, status);
}

/* Good requests, good ones with something changed, and noise; always the same. */
static void any_requests(void)
{
	struct rnd r = { 0x9e3779b97f4a7c15 };
	unsigned long of[16] = { 0 };
	static struct block b;

	for (unsigned long i = 0; i < 1000000; i++) {
		const char *wrong;
		enum hv_status status;
		unsigned int nr = good_block(&r, &b);

		if (i % 8 == 7) {
			b.input = rnd(&r);
			b.params = any_word(&r);
		} else if (i % 4) {
			mutate(&r, &b, nr);
		}
		wrong = try_block(&b, nr, &status);
		of[status & 15]++;
		if (!EXPECT(!wrong, "request %lu, %#llx at %#llx: %s", i,
			    (unsigned long long)b.input, (unsigned long long)b.params, wrong))
			return;
	}
	test_say("%lu accepted; refused: %lu code, %lu input, %lu alignment, %lu parameter, "
	       "%lu VP ",
	       of[OK], of[CODE], of[INPUT], of[ALIGN], of[PARAM], of[VP]);
	CU_ASSERT(of[OK] > 100000);
	CU_ASSERT(of[CODE] > 1000 && of[INPUT] > 1000 && of[ALIGN] > 1000);
	CU_ASSERT(of[PARAM] > 1000 && of[VP] > 1000);
}

SUITE(unit_hyperv_noise, false, { "a million requests", any_requests });
