/* SPDX-License-Identifier: GPL-2.0-only */
/* Evidence and claims: sites' bytes decoded, and runs judged, each rule with a run on each side. */
#include <stdlib.h>
#include <string.h>

#include "judge/claims.h"
#include "policy.h"
#include "machine/image.h"
#include "machine/mem.h"
#include "unit_util.h"

#define CODE 0xffffffff81001000ull

/* --- site_decode() --- */

static const struct {
	const char *what;
	uint8_t bytes[PVTLB_INSN_MAX];
	int64_t target; /* of the table entry, from the site */
	unsigned int len;
	enum site_insn insn;
	bool target_bad;
} sites[] = {
	{ "nop2", { 0x66, 0x90, 0xcc, 0xcc, 0xcc }, 64, 2, SITE_NOP, false },
	{ "nop5", { 0x0f, 0x1f, 0x44, 0x00, 0x00 }, 64, 5, SITE_NOP, false },
	{ "jmp8", { 0xeb, 62, 0xcc, 0xcc, 0xcc }, 64, 2, SITE_JMP, false },
	{ "jmp8 backwards", { 0xeb, 0x80, 0, 0, 0 }, -126, 2, SITE_JMP, false },
	{ "jmp8 furthest", { 0xeb, 0x7f, 0xff, 0xff, 0xff }, 129, 2, SITE_JMP, false },
	{ "jmp8 to itself", { 0xeb, 0xfe, 0, 0, 0 }, 0, 2, SITE_JMP, false },
	{ "jmp8 elsewhere", { 0xeb, 63, 0, 0, 0 }, 64, 2, SITE_JMP, true },
	{ "jmp8 counted from its start", { 0xeb, 64, 0, 0, 0 }, 64, 2, SITE_JMP, true },
	{ "jmp8 taken for unsigned", { 0xeb, 0x80, 0, 0, 0 }, 130, 2, SITE_JMP, true },
	{ "jmp32", { 0xe9, 59, 0, 0, 0 }, 64, 5, SITE_JMP, false },
	{ "jmp32 backwards", { 0xe9, 0xfb, 0xff, 0xff, 0xff }, 0, 5, SITE_JMP, false },
	{ "jmp32 far", { 0xe9, 0, 0, 1, 0 }, 0x10005, 5, SITE_JMP, false },
	{ "jmp32 furthest back", { 0xe9, 0, 0, 0, 0x80 }, 5 - 0x80000000ll, 5, SITE_JMP, false },
	{ "jmp32 elsewhere", { 0xe9, 59, 0, 1, 0 }, 64, 5, SITE_JMP, true },
	{ "jmp32, high byte elsewhere", { 0xe9, 59, 0, 0, 1 }, 64, 5, SITE_JMP, true },
	{ "zeroes", { 0, 0, 0, 0, 0 }, 64, 0, SITE_UNKNOWN, false },
	{ "int3", { 0xcc, 0xcc, 0xcc, 0xcc, 0xcc }, 64, 0, SITE_UNKNOWN, false },
	{ "int3 in a jmp32 being patched", { 0xcc, 59, 0, 0, 0 }, 64, 0, SITE_UNKNOWN, false },
	{ "half a nop2", { 0x66, 0x91, 0, 0, 0 }, 64, 0, SITE_UNKNOWN, false },
	{ "nop5 with another end", { 0x0f, 0x1f, 0x44, 0, 1 }, 64, 0, SITE_UNKNOWN, false },
	{ "nop5's first half", { 0x0f, 0x1f, 0x44, 0x66, 0x90 }, 64, 0, SITE_UNKNOWN, false },
	{ "another 5-byte nop", { 0x66, 0x66, 0x66, 0x66, 0x90 }, 64, 0, SITE_UNKNOWN, false },
	{ "one-byte nops", { 0x90, 0x90, 0x90, 0x90, 0x90 }, 64, 0, SITE_UNKNOWN, false },
	{ "call", { 0xe8, 59, 0, 0, 0 }, 64, 0, SITE_UNKNOWN, false },
	{ "jcc", { 0x75, 62, 0, 0, 0 }, 64, 0, SITE_UNKNOWN, false },
};

static void decode(void)
{
	for (size_t i = 0; i < NR_OF(sites); i++) {
		for (int likely = 0; likely < 2; likely++) {
			const struct pvtlb_jump_entry entry = { CODE, CODE + sites[i].target,
								0x1000 | likely };
			bool jmp = sites[i].insn == SITE_JMP, nop = sites[i].insn == SITE_NOP;
			struct key_site s = { 0 };
			/* Of the exact size, so that ASan sees a look at a sixth byte. */
			uint8_t *bytes = malloc(PVTLB_INSN_MAX);

			memcpy(bytes, sites[i].bytes, PVTLB_INSN_MAX);
			site_decode(&entry, bytes, &s);
			free(bytes);
			EXPECT(s.insn == sites[i].insn, "%s: insn %d", sites[i].what, s.insn);
			EXPECT(s.len == sites[i].len, "%s: len %u", sites[i].what, s.len);
			EXPECT(s.target_bad == sites[i].target_bad, "%s: target", sites[i].what);
			EXPECT(s.likely == likely, "%s: likely", sites[i].what);
			/* likely: laid out for on, so a nop is on */
			EXPECT(s.key_on == (likely ? nop : jmp), "%s, likely %d: key_on",
			       sites[i].what, likely);
			EXPECT(s.address == CODE, "%s: address", sites[i].what);
			EXPECT(!memcmp(s.bytes, sites[i].bytes, PVTLB_INSN_MAX), "%s: bytes",
			       sites[i].what);
		}
	}
}

/* A site that was decoded before does not keep what it was. */
static void decode_again(void)
{
	static const uint8_t jmp[] = { 0xeb, 62, 0, 0, 0 }, garbage[PVTLB_INSN_MAX];
	const struct pvtlb_jump_entry entry = { CODE, CODE + 64, 0x1000 };
	struct key_site site = { 0 };

	site_decode(&entry, jmp, &site);
	CU_ASSERT_EQUAL(site.len, 2);
	site_decode(&entry, garbage, &site);
	CU_ASSERT_EQUAL(site.len, 0);
	CU_ASSERT_EQUAL(site.insn, SITE_UNKNOWN);
}

static void agrees(void)
{
	static const struct {
		const char *what;
		bool value;
		unsigned int nr;
		struct key_site site[3];
		bool agrees;
	} cases[] = {
		{ "no site", false, 0, { { 0 } }, false },
		{ "no site, on", true, 0, { { 0 } }, false },
		{ "off", false, 2, { { .len = 2 }, { .len = 5 } }, true },
		{ "on",
		  true,
		  2,
		  { { .len = 2, .key_on = true }, { .len = 5, .key_on = true } },
		  true },
		{ "one is on", false, 2, { { .len = 2 }, { .len = 5, .key_on = true } }, false },
		{ "first is on", false, 2, { { .len = 2, .key_on = true }, { .len = 5 } }, false },
		{ "last is off", true, 2, { { .len = 2, .key_on = true }, { .len = 5 } }, false },
		{ "none of them", true, 2, { { .len = 2 }, { .len = 5 } }, false },
		{ "one is garbage", false, 2, { { .len = 2 }, { .len = 0 } }, false },
		{ "one jumps elsewhere",
		  true,
		  1,
		  { { .len = 2, .key_on = true, .target_bad = true } },
		  false },
		{ "not counted", false, 1, { { .len = 2 }, { .len = 5, .key_on = true } }, true },
	};
	static struct key_evidence evidence;

	for (size_t i = 0; i < NR_OF(cases); i++) {
		evidence =
			(struct key_evidence){ .value = cases[i].value, .nr_sites = cases[i].nr };
		memcpy(evidence.site, cases[i].site, sizeof(cases[i].site));
		EXPECT(evidence_agrees(&evidence) == cases[i].agrees, "%s", cases[i].what);
	}
}

/* --- evidence_read(), from an image made up here --- */

#define GVA   0xffffffff81000000ull
#define GPA   IMAGE_GPA_MIN
#define SPAN  0x4000u
#define TABLE 0x1000u
#define SLOT  0x3000u
#define ON    0x3008u
#define KEY   (GVA + ON - 8)
#define FUNC  (GVA + 0x800)

static struct image made_up;
static struct guest_mem guest;

static uint8_t *at(uint64_t offset)
{
	return guest.host + GPA + offset;
}

static void make_up(unsigned int entries)
{
	struct error err = { 0 };

	made_up = (struct image){
		.segment = { { .vaddr = GVA, .paddr = GPA, .memsz = SPAN } },
		.nr_segments = 1,
		.desc = { .key = KEY,
			  .key_enabled = GVA + ON,
			  .jump_table_start = GVA + TABLE,
			  .jump_table_end = GVA + TABLE + entries * sizeof(struct pvtlb_jump_entry),
			  .flush_tlb_multi_slot = GVA + SLOT,
			  .native_flush_tlb_multi = FUNC },
	};
	CU_ASSERT_FATAL(!mem_create(&guest, GPA + SPAN, &err));
}

static void put_entry(unsigned int i, gva_t code, uint64_t key)
{
	const struct pvtlb_jump_entry entry = { code, code + 0x100, key };

	memcpy(at(TABLE + i * sizeof(entry)), &entry, sizeof(entry));
}

static void put_u64(uint64_t offset, uint64_t value)
{
	memcpy(at(offset), &value, sizeof(value));
}

static void read_all(void)
{
	static const uint8_t jmp[] = { 0xe9, 0xfb, 0, 0, 0 }, nop[] = { PVTLB_NOP2 };
	static struct key_evidence e;

	make_up(4);
	put_entry(0, GVA + 0x10, KEY);
	put_entry(1, GVA + 0x20, KEY + 64); /* of another key: it must not count */
	put_entry(2, GVA + 0x30, KEY | PVTLB_JUMP_LIKELY);
	put_entry(3, GVA + SPAN - 2, KEY); /* not all of it in the image */
	memcpy(at(0x10), jmp, sizeof(jmp));
	memcpy(at(0x30), nop, sizeof(nop));
	at(ON)[0] = 1;
	put_u64(SLOT, FUNC);

	evidence_read(&guest, &made_up, &e);
	CU_ASSERT_TRUE(e.value);
	CU_ASSERT_EQUAL(e.nr_sites, 3);
	CU_ASSERT_EQUAL(e.site[0].insn, SITE_JMP);
	CU_ASSERT_TRUE(e.site[0].key_on);
	CU_ASSERT_FALSE(e.site[0].target_bad);
	CU_ASSERT_STRING_EQUAL(e.site[0].symbol, "0xffffffff81000010");
	CU_ASSERT_EQUAL(e.site[1].insn, SITE_NOP);
	CU_ASSERT_TRUE(e.site[1].key_on);
	CU_ASSERT_EQUAL(e.site[2].len, 0);
	CU_ASSERT_TRUE(e.has_pv_ops);
	CU_ASSERT_TRUE(e.native);
	CU_ASSERT_FALSE(evidence_agrees(&e));

	/* The same without the broken one: the table ends before it. */
	made_up.desc.jump_table_end -= sizeof(struct pvtlb_jump_entry);
	evidence_read(&guest, &made_up, &e);
	CU_ASSERT_EQUAL(e.nr_sites, 2);
	CU_ASSERT_TRUE(evidence_agrees(&e));
	put_u64(SLOT, FUNC + 1);
	at(ON)[0] = 0;
	evidence_read(&guest, &made_up, &e);
	CU_ASSERT_FALSE(e.native);
	CU_ASSERT_EQUAL(e.flush_tlb_multi, FUNC + 1);
	CU_ASSERT_FALSE(evidence_agrees(&e));

	/* No pv_ops is native. */
	made_up.desc.flush_tlb_multi_slot = 0;
	evidence_read(&guest, &made_up, &e);
	CU_ASSERT_FALSE(e.has_pv_ops);
	CU_ASSERT_TRUE(e.native);
	mem_destroy(&guest);
}

/* A site behind the MAX_KEY_SITES-th says the opposite: that must not be "they agree". */
static void too_many_sites(void)
{
	static const uint8_t nop[] = { PVTLB_NOP5 }, jmp[] = { 0xe9, 0xfb, 0, 0, 0 };
	static struct key_evidence e;

	make_up(MAX_KEY_SITES + 1);
	for (unsigned int i = 0; i <= MAX_KEY_SITES; i++) {
		put_entry(i, GVA + 16 * i, KEY);
		memcpy(at(16 * i), i < MAX_KEY_SITES ? nop : jmp, sizeof(nop));
	}
	evidence_read(&guest, &made_up, &e);
	CU_ASSERT(e.nr_sites <= MAX_KEY_SITES);
	CU_ASSERT_FALSE(evidence_agrees(&e));
	mem_destroy(&guest);
}

/* --- facts and the expected key --- */

static void expected_key(void)
{
	static const struct {
		const char *backend;
		bool invlpgb, on;
	} cases[] = {
		{ "native", false, true },
		{ "native", true, false },
		{ "pvtlb", false, false },
		{ "pvtlb", true, false },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		/* What is forced or late changes what is, not what is right. */
		for (int key = KEY_AUTO; key < KEY_REQUESTS; key++) {
			const struct run_config config = {
				.backend = pv_provider_named(cases[i].backend),
				.invlpgb = cases[i].invlpgb,
				.key = key,
				.late = key & 1,
				.paravirt = key & 2,
			};

			CU_ASSERT_PTR_NOT_NULL_FATAL(config.backend);
			EXPECT(key_expected(&config) == cases[i].on, "%s, invlpgb %d, key %d",
			       cases[i].backend, cases[i].invlpgb, key);
		}
	}
}

/* Whether a run skips its syncs, by all that decides about it. */
static void effective_key(void)
{
	static const struct {
		const char *backend;
		enum key_request key;
		struct run_policy policy;
		bool invlpgb, late, on;
	} cases[] = {
		{ "native", KEY_AUTO, P_PATCH, false, false, true },
		{ "native", KEY_AUTO, P_PATCH, true, false, false },
		{ "pvtlb", KEY_AUTO, P_PATCH, false, false, false },
		{ "pvtlb", KEY_AUTO, P_PATCH, false, true, true },
		{ "pvtlb", KEY_AUTO, P_PATCH, true, true, false },
		{ "native", KEY_AUTO, P_ALWAYS_SYNC, false, false, false },
		{ "pvtlb", KEY_AUTO, P_ALWAYS_SYNC, false, true, false },
		{ "native", KEY_AUTO, P_DECLARED, false, false, true },
		{ "pvtlb", KEY_AUTO, P_DECLARED, false, false, true },
		{ "pvtlb", KEY_AUTO, P_DECLARED, true, false, false },
		{ "hyperv", KEY_AUTO, P_DECLARED, false, false, false },
		{ "hyperv", KEY_AUTO, P_DECLARED, false, true, true },
		{ "xen", KEY_AUTO, P_DECLARED, false, false, false },
		{ "native", KEY_AUTO, P_TRACKED, false, false, false },
		{ "pvtlb", KEY_AUTO, P_TRACKED, false, true, false },
		{ "pvtlb", KEY_ON, P_TRACKED, false, false, true },
		{ "pvtlb", KEY_ON, P_PATCH, true, false, true },
		{ "pvtlb", KEY_ON, P_ALWAYS_SYNC, false, false, true },
		{ "native", KEY_OFF, P_DECLARED, false, false, false },
		{ "pvtlb", KEY_OFF, P_PATCH, false, true, false },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		const struct run_config config = {
			.backend = pv_provider_named(cases[i].backend),
			.key = cases[i].key,
			.policy = cases[i].policy,
			.invlpgb = cases[i].invlpgb,
			.late = cases[i].late,
		};

		EXPECT(key_effective(&config) == cases[i].on, "case %zu", i);
	}
}

static void facts(void)
{
#define BOOT(step)                                                                                 \
	{                                                                                          \
		.id = PVTLB_EV_BOOT, .arg = { PVTLB_BOOT_##step }                                  \
	}
	static const struct pvtlb_event key = { .id = PVTLB_EV_KEY };
	static const struct pvtlb_event install = BOOT(BACKEND_INSTALL), init = BOOT(PV_TLB_INIT);
	static const struct pvtlb_event fault = { .id = PVTLB_EV_FAULT, .arg = { 1, 2 } };
	static const struct pvtlb_event up = { .id = PVTLB_EV_CPU_UP,
					       .arg = { PVTLB_BOOT_BACKEND_INSTALL } };
	const struct {
		const char *what;
		struct pvtlb_event event[3];
		bool decided, before, fault;
	} cases[] = {
		{ "nothing of it", { up, up, up }, false, false, false },
		{ "a fault", { init, key, fault }, true, false, true },
		{ "as it should be", { install, init, key }, true, false, false },
		{ "late", { init, key, install }, true, true, false },
		{ "native", { init, key, up }, true, false, false },
		{ "init is not deciding", { init, install, up }, false, false, false },
		{ "both ways", { install, key, install }, true, true, false },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		const struct event_stream stream = { cases[i].event, 3, 5, 7 };
		static struct run_facts f;

		memset(&f, 0, sizeof(f));
		facts_from_events(&f, &stream);
		EXPECT(f.key_decided == cases[i].decided, "%s: decided", cases[i].what);
		EXPECT(f.key_decided_before_install == cases[i].before, "%s: before install",
		       cases[i].what);
		EXPECT(f.fault_applied == cases[i].fault, "%s: fault applied", cases[i].what);
		CU_ASSERT_EQUAL(f.lost, 5);
		CU_ASSERT_EQUAL(f.malformed, 7);
	}
}

/* --- judge() --- */

/* A run: what is configured, what came out, what is to be said. The defaults are a good run. */
struct run {
	const char *what;
	const char *backend;
	bool invlpgb, late, expect_violation;
	enum key_request key;
	struct run_policy policy;
	unsigned int stress;
	enum pvtlb_fault fault;
	uint32_t claims;   /* 0: all */
	unsigned int cpus; /* 0: 4 */

	bool on; /* the key's variable */
	enum { SITES_AGREE, SITES_CONTRADICT, SITES_NONE, SITES_GARBAGE, SITES_ELSEWHERE } sites;
	bool not_decided;
	uint64_t lost, malformed;
	bool no_checks, no_targets, walks, gave_up;
	uint64_t interrupted; /* of 300 targets */
	uint64_t refused;
	bool fault_applied;
	uint64_t stale, undelivered; /* violations */
	uint32_t trials, violated;   /* trials 0: 100 */

	enum verdict verdict;
	bool key_expected, key_wrong;
	const char *why; /* a part of it */
};

static void facts_of(const struct run *r, struct run_facts *f)
{
	*f = (struct run_facts){
		.key = { .value = r->on, .nr_sites = r->sites == SITES_NONE ? 0 : 2 },
		.lost = r->lost,
		.malformed = r->malformed,
		.key_decided = !r->not_decided,
		.fault_applied = r->fault_applied,
		.key_decided_before_install = r->late,
		.findings = { .trials = r->trials ? r->trials : 100, .violated = r->violated },
	};
	f->key.site[0] = f->key.site[1] = (struct key_site){ .len = 2, .key_on = r->on };
	f->key.site[1].key_on ^= r->sites == SITES_CONTRADICT;
	f->key.site[1].target_bad = r->sites == SITES_ELSEWHERE;
	if (r->sites == SITES_GARBAGE)
		f->key.site[1].len = 0;
	f->findings.safe.checks = r->no_checks ? 0 : 1000;
	f->findings.delivered.flushes = 100;
	f->findings.delivered.targets = r->no_targets ? 0 : 300;
	f->findings.delivered.interrupted = r->interrupted;
	f->refused = r->refused;
	f->findings.safe.walk_loads = r->walks ? 10 : 0;
	f->findings.safe.gave_up = r->gave_up;
	f->findings.delivered.walkers = r->walks ? 3 : 0;
	f->findings.safe.bad.total = r->stale;
	f->findings.safe.bad.kept = r->stale < VIOLATIONS_KEPT ? r->stale : VIOLATIONS_KEPT;
	f->findings.safe.bad.v[0] = (struct violation){ .kind = VIOLATION_STALE, .cpu = 3 };
	f->findings.delivered.bad.total = r->undelivered;
	f->findings.delivered.bad.kept = 1;
	f->findings.delivered.bad.v[0].kind =
		!strcmp(r->backend, "native") ? VIOLATION_NOT_INTERRUPTED : VIOLATION_INTERRUPTED;
}

static void judge_runs(const struct run *runs, size_t nr)
{
	static struct run_facts f;

	for (const struct run *r = runs; r < runs + nr; r++) {
		const struct run_config config = {
			.scenario = "shootdown",
			.backend = pv_provider_named(r->backend),
			.paravirt = strcmp(r->backend, "native"),
			.invlpgb = r->invlpgb,
			.late = r->late,
			.cpus = r->cpus ? r->cpus : 4,
			.trials = r->trials ? r->trials : 100,
			.key = r->key,
			.policy = r->policy,
			.stress = r->stress,
			.seed = 77,
			.fault = r->fault,
			.expect_violation = r->expect_violation,
		};
		struct judgement j;

		memset(&j, 0xa5, sizeof(j));
		facts_of(r, &f);
		judge(&config, r->claims ? r->claims : PVTLB_CLAIMS, &f, &j);
		EXPECT(j.verdict == r->verdict, "%s: %s", r->what, verdict_names[j.verdict]);
		EXPECT(j.key_expected == r->key_expected, "%s: key_expected", r->what);
		EXPECT(j.key_wrong == r->key_wrong, "%s: key_wrong", r->what);
		EXPECT(j.why[0] && strlen(j.why) < sizeof(j.why), "%s: no reason", r->what);
		EXPECT(!r->why || strstr(j.why, r->why), "%s: %s", r->what, j.why);
	}
}

#define NATIVE .backend = "native"
#define PVTLB  .backend = "pvtlb"
#define GOOD   .verdict = VERDICT_PASS
#define FAILS  .verdict = VERDICT_FAIL
#define UNSURE .verdict = VERDICT_UNKNOWN
#define NOSYNC .policy = P_ALWAYS_SYNC
#define V4     .policy = P_DECLARED
#define EACH   .policy = P_TRACKED
#define ALONE  .claims = PVTLB_CLAIM_KEY

#define CONTROL PVTLB, .expect_violation = true

static void judge_configurations(void)
{
	static const struct run runs[] = {
		{ "native, on", NATIVE, .on = true, .key_expected = true, GOOD,
		  .why = "interrupt every target" },
		{ "native, off", NATIVE, .key_expected = true, .key_wrong = true, FAILS,
		  .why = "key WRONGLY OFF" },
		{ "native with INVLPGB, off", NATIVE, .invlpgb = true, GOOD, .why = "INVLPGB" },
		{ "native with INVLPGB, on", NATIVE, .invlpgb = true, .on = true, .key_wrong = true,
		  FAILS, .why = "key WRONGLY ON" },
		{ "pvtlb, off", PVTLB, GOOD, .why = "interrupts no guest context" },
		{ "pvtlb with INVLPGB, off", PVTLB, .invlpgb = true, GOOD,
		  .why = "interrupts no guest context" },
		{ "pvtlb, on", PVTLB, .on = true, .key_wrong = true, FAILS, .why = "WRONGLY ON" },
		{ "forced to what is right", PVTLB, .key = KEY_OFF, GOOD },
		{ "late", PVTLB, .late = true, .on = true, .key_wrong = true, FAILS,
		  .why = "installed after native_pv_tlb_init() had decided" },
		{ "late and right all the same", PVTLB, .late = true, GOOD },
		{ "a fault that did no harm", PVTLB, .fault = PVTLB_FAULT_EARLY_ACK,
		  .fault_applied = true, GOOD },
		{ "one CPU has no targets", NATIVE, .on = true, .key_expected = true, .cpus = 1,
		  .no_targets = true, GOOD },
	};

	judge_runs(runs, NR_OF(runs));
}

static void judge_violations(void)
{
	static const struct run runs[] = {
		{ "stale", NATIVE, .on = true, .key_expected = true, .stale = 1, .violated = 1,
		  FAILS, .why = "CPU 3 read" },
		{ "not interrupted", NATIVE, .on = true, .key_expected = true, .undelivered = 1,
		  .violated = 1, FAILS, .why = "did not take an interrupt" },
		{ "interrupted", PVTLB, .undelivered = 1, .violated = 1, FAILS,
		  .why = "took an interrupt" },
		{ "stale comes first", PVTLB, .stale = 40, .undelivered = 1, .violated = 9, FAILS,
		  .why = "CPU 3 read" },
		{ "harm before the key", PVTLB, .on = true, .key_wrong = true, .stale = 1,
		  .violated = 1, FAILS, .why = "CPU 3 read" },
		{ "this harm, too", PVTLB, .on = true, .key_wrong = true, .undelivered = 1,
		  .violated = 1, FAILS, .why = "took an interrupt" },
		/* A scenario is judged for what it claims and no more. */
		{ "stale, not claimed", PVTLB, .claims = PVTLB_CLAIM_KEY | PVTLB_CLAIM_DELIVERED,
		  .stale = 1, .violated = 1, GOOD },
		{ "interrupted, not claimed", PVTLB, .claims = PVTLB_CLAIM_KEY | PVTLB_CLAIM_SAFE,
		  .undelivered = 1, .violated = 1, GOOD },
		{ "key, not claimed", PVTLB, .claims = PVTLB_CLAIM_SAFE, .on = true,
		  .key_wrong = true, GOOD },
		{ "nothing but the key", PVTLB, .claims = PVTLB_CLAIM_KEY, .no_checks = true,
		  .no_targets = true, GOOD },
	};

	judge_runs(runs, NR_OF(runs));
}

/* A forced key is judged by what came of it, unless there is nothing else to judge. */
static void judge_forced(void)
{
	static const struct run runs[] = {
		{ "on", PVTLB, .key = KEY_ON, .on = true, .key_wrong = true, GOOD,
		  .why = "forced on, expected off (the hypercall interrupts no guest context): no "
			 "harm seen in this run" },
		{ "on, INVLPGB", NATIVE, .invlpgb = true, .key = KEY_ON, .on = true,
		  .key_wrong = true, GOOD,
		  .why = "forced on, expected off (INVLPGB may flush without interrupting): no" },
		{ "off", NATIVE, .key = KEY_OFF, .key_expected = true, .key_wrong = true, GOOD,
		  .why = "forced off, expected on: safe, a missed optimisation" },
		{ "on, and stale", PVTLB, .key = KEY_ON, .on = true, .key_wrong = true, .stale = 1,
		  .violated = 1, FAILS, .why = "CPU 3 read" },
		{ "on, and not delivered", NATIVE, .invlpgb = true, .key = KEY_ON, .on = true,
		  .key_wrong = true, .undelivered = 1, .violated = 1, FAILS,
		  .why = "did not take" },
		{ "on, alone", PVTLB, ALONE, .key = KEY_ON, .on = true, .key_wrong = true, FAILS,
		  .why = "key WRONGLY ON, forced" },
		{ "off, alone", NATIVE, ALONE, .key = KEY_OFF, .key_expected = true,
		  .key_wrong = true, FAILS, .why = "key WRONGLY OFF, forced" },
		{ "on, as it should be", NATIVE, .key = KEY_ON, .on = true, .key_expected = true,
		  GOOD, .why = "on expected: native" },
		{ "on, and is off", PVTLB, .key = KEY_ON, FAILS,
		  .why = "the key was to be forced on, and the guest has it off" },
		{ "off, and is on", NATIVE, .key = KEY_OFF, .on = true, .key_expected = true, FAILS,
		  .why = "the key was to be forced off, and the guest has it on" },
		{ "on, and is off, control", PVTLB, .key = KEY_ON, .expect_violation = true,
		  .stale = 100, .violated = 100, FAILS, .why = "to be forced on" },
		{ "stronger than a policy", PVTLB, NOSYNC, .key = KEY_ON, .on = true,
		  .key_wrong = true, GOOD, .why = "forced on" },
		{ "not claimed", PVTLB, .claims = PVTLB_CLAIM_SAFE, .key = KEY_ON, .on = true,
		  .key_wrong = true, GOOD, .why = "forced on" },
	};

	judge_runs(runs, NR_OF(runs));
}

static void judge_policies(void)
{
	static const struct run runs[] = {
		{ "always-sync, native", NATIVE, NOSYNC, .key_expected = true, .key_wrong = true,
		  GOOD,
		  .why = "off by policy, every sync is sent: native flushes interrupt every "
			 "target; a missed optimisation" },
		{ "always-sync, pvtlb", PVTLB, NOSYNC, GOOD,
		  .why = "off by policy, every sync is sent: the hypercall interrupts no guest "
			 "context" },
		{ "always-sync, alone", NATIVE, NOSYNC, ALONE, .key_expected = true,
		  .key_wrong = true, GOOD, .why = "off by policy" },
		{ "always-sync, and on", NATIVE, NOSYNC, .on = true, .key_expected = true, FAILS,
		  .why = "key WRONGLY ON, though every sync was to be sent" },
		{ "always-sync, and on, pvtlb", PVTLB, NOSYNC, .on = true, .key_wrong = true,
		  FAILS, .why = "key WRONGLY ON, though" },
		{ "always-sync, and stale", NATIVE, NOSYNC, .key_expected = true,
		  .key_wrong = true, .stale = 1, .violated = 1, FAILS, .why = "CPU 3 read" },
		{ "always-sync, late", PVTLB, NOSYNC, .late = true, GOOD, .why = "off by policy" },
		{ "each sync, native", NATIVE, EACH, .key_expected = true, .key_wrong = true, GOOD,
		  .why = "off by policy, each sync decides: native flushes" },
		{ "each sync, pvtlb", PVTLB, EACH, GOOD, .why = "off by policy, each sync decides" },
		{ "each sync, and harm", PVTLB, EACH, .stale = 1, FAILS },
		{ "each sync, on", PVTLB, EACH, .on = true, .key_wrong = true, FAILS,
		  .why = "key WRONGLY ON, though it was for each sync to decide" },
		{ "declared, native", NATIVE, V4, .on = true, .key_expected = true, GOOD,
		  .why = "on expected" },
		{ "declared, pvtlb", PVTLB, V4, .on = true, .key_wrong = true, FAILS,
		  .why = "key WRONGLY ON, as the backend declared" },
		{ "declared, pvtlb, alone", PVTLB, V4, ALONE, .on = true, .key_wrong = true, FAILS,
		  .why = "key WRONGLY ON, as the backend declared" },
		{ "declared, native, off", NATIVE, V4, .key_expected = true, .key_wrong = true, FAILS,
		  .why = "key WRONGLY OFF, as the backend declared" },
		{ "declared, and harm", PVTLB, V4, .on = true, .key_wrong = true, .stale = 1,
		  .violated = 1, FAILS, .why = "CPU 3 read" },
		{ "declared, late", PVTLB, V4, .late = true, .on = true, .key_wrong = true, FAILS,
		  .why = "as the backend declared: the backend was installed after" },
		{ "always-sync, a control", NATIVE, NOSYNC, ALONE, .expect_violation = true,
		  .key_expected = true, .key_wrong = true, FAILS, .why = "NOT caught" },
		{ "declared, a control", PVTLB, V4, ALONE, .expect_violation = true, .on = true,
		  .key_wrong = true, GOOD, .why = "caught in 100 of 100 trials: key WRONGLY ON" },
	};

	judge_runs(runs, NR_OF(runs));
}

#define KVM    .backend = "kvm"
#define MISSED "; every target was interrupted: safe, a missed optimisation"
#define OUT    "preempted CPUs are left out of the IPIs"

/* A backend that may leave CPUs out: did it? */
static void judge_left_out(void)
{
	static const struct run runs[] = {
		{ "none", KVM, .interrupted = 300, GOOD, .why = "off expected: " OUT MISSED },
		{ "none, walkers neither", KVM, .interrupted = 300, .walks = true, GOOD,
		  .why = "off expected: " OUT },
		{ "one", KVM, .interrupted = 299, GOOD, .why = "off expected: " OUT },
		{ "none, forced on", KVM, .key = KEY_ON, .on = true, .key_wrong = true,
		  .interrupted = 300, GOOD, .why = "(" OUT "): no harm seen in this run" MISSED },
		{ "none, always-sync", KVM, NOSYNC, .interrupted = 300, GOOD,
		  .why = "every sync is sent: " OUT MISSED },
		{ "none, but stale", KVM, .interrupted = 300, .stale = 1, .violated = 1, FAILS,
		  .why = "CPU 3 read" },
		{ "another backend's interrupts", PVTLB, .interrupted = 300, GOOD,
		  .why = "no guest context" },
	};

	judge_runs(runs, NR_OF(runs));
}

/* No claim is judged about a backend that is not there. */
static void judge_refused(void)
{
	static const struct run runs[] = {
		{ "one CPU", KVM, .on = true, .key_wrong = true, .refused = PVTLB_REFUSED_ONE_CPU,
		  .verdict = VERDICT_SKIP, .why = "not installed kvm, as there is one CPU only" },
		{ "a control", KVM, .expect_violation = true, .refused = PVTLB_REFUSED_MWAIT,
		  .verdict = VERDICT_SKIP, .why = "as CPUs have MWAIT" },
		{ "no such reason", KVM, .refused = UINT64_MAX, .verdict = VERDICT_SKIP,
		  .why = "as it does not say why" },
		{ "events lost", KVM, .refused = PVTLB_REFUSED_HINT, .lost = 1, UNSURE,
		  .why = "1 events lost" },
	};

	judge_runs(runs, NR_OF(runs));
}

/* What is checked in walks counts like what is checked by accesses; free runs. */
static void judge_walks(void)
{
	static const struct run runs[] = {
		{ "walks only", PVTLB, .walks = true, .no_checks = true, .no_targets = true, GOOD },
		{ "no walks, accesses only", PVTLB, .no_targets = true, FAILS,
		  .why = "no flush had a target" },
		{ "free", PVTLB, .walks = true, .stress = 5, GOOD,
		  .why = "off expected: the hypercall interrupts no guest context (ran free for 5 s, "
			 "--seed 77)" },
		{ "free, and wrong", PVTLB, .stress = 5, .stale = 1, .violated = 1, FAILS,
		  .why = " (ran free for 5 s, --seed 77)" },
		{ "free, lost", PVTLB, .stress = 5, .lost = 3, UNSURE, .why = "--seed 77" },
		{ "free, one of many", CONTROL, .stress = 5, .stale = 1, .violated = 1, GOOD,
		  .why = "caught in 1 of 100 trials" },
		{ "free, none", CONTROL, .stress = 5, FAILS, .why = "NOT caught" },
	};

	judge_runs(runs, NR_OF(runs));
}

/* What makes a run worthless does so whatever else was found, and for a control, too. */
static void judge_unusable(void)
{
	static const struct run runs[] = {
		{ "lost", PVTLB, .lost = 1, UNSURE, .why = "1 events lost" },
		{ "malformed", PVTLB, .malformed = 2, UNSURE, .why = "2 malformed" },
		{ "too many", PVTLB, .gave_up = true, UNSURE, .why = "too many events" },
		{ "no decision", PVTLB, .not_decided = true, FAILS,
		  .why = "native_pv_tlb_init() did not run" },
		{ "no site", PVTLB, .sites = SITES_NONE, FAILS, .why = "no site" },
		{ "a site contradicts", PVTLB, .sites = SITES_CONTRADICT, FAILS,
		  .why = "contradict the key's variable (off)" },
		{ "a site contradicts, on", NATIVE, .on = true, .key_expected = true,
		  .sites = SITES_CONTRADICT, FAILS, .why = "contradict the key's variable (on)" },
		{ "a site is garbage", PVTLB, .sites = SITES_GARBAGE, FAILS, .why = "contradict" },
		{ "a site jumps elsewhere", NATIVE, .on = true, .key_expected = true,
		  .sites = SITES_ELSEWHERE, FAILS, .why = "contradict" },
		{ "a fault that found no place", PVTLB, .fault = PVTLB_FAULT_SKIP_LOCAL, FAILS,
		  .why = "the fault skip-local was never applied" },
		{ "no checks", PVTLB, .no_checks = true, FAILS, .why = "no access was checked" },
		{ "no targets", PVTLB, .no_targets = true, FAILS, .why = "no flush had a target" },
		{ "no checks on one CPU", NATIVE, .on = true, .key_expected = true, .cpus = 1,
		  .no_checks = true, FAILS, .why = "no access was checked" },
	};
	struct run control[NR_OF(runs)];

	judge_runs(runs, NR_OF(runs));
	memcpy(control, runs, sizeof(runs));
	for (size_t i = 0; i < NR_OF(runs); i++) {
		control[i].expect_violation = true;
		control[i].stale = 100;
		control[i].violated = 100;
	}
	judge_runs(control, NR_OF(control));
}

static void judge_controls(void)
{
	static const struct run runs[] = {
		{ "all caught", CONTROL, .stale = 100, .violated = 100, GOOD,
		  .why = "caught in 100 of 100 trials: CPU 3 read" },
		{ "99 of 100", CONTROL, .stale = 99, .violated = 99, GOOD, .why = "99 of 100" },
		{ "98 of 100", CONTROL, .stale = 98, .violated = 98, FAILS,
		  .why = "NOT caught: a violation in only 98 of 100" },
		{ "many in few trials", CONTROL, .stale = 500, .violated = 50, FAILS,
		  .why = "50 of 100" },
		{ "none", CONTROL, FAILS, .why = "NOT caught: a violation in only 0 of 100" },
		{ "the one trial", CONTROL, .stale = 1, .trials = 1, .violated = 1, GOOD,
		  .why = "1 of 1" },
		{ "not the one trial", CONTROL, .trials = 1, FAILS, .why = "0 of 1" },
		{ "98 of 99", CONTROL, .stale = 98, .trials = 99, .violated = 98, FAILS },
		{ "990 of 1000", CONTROL, .stale = 990, .trials = 1000, .violated = 990, GOOD },
		{ "989 of 1000", CONTROL, .stale = 989, .trials = 1000, .violated = 989, FAILS },
		/* in 32 bits the percents of these are anything */
		{ "99 % of many", CONTROL, .stale = 99000000, .trials = 100000000,
		  .violated = 99000000, GOOD },
		{ "less than 99 % of many", CONTROL, .stale = 98999999, .trials = 100000000,
		  .violated = 98999999, FAILS },
		{ "fault applied and caught", CONTROL, .fault = PVTLB_FAULT_SKIP_TARGET,
		  .fault_applied = true, .stale = 100, .violated = 100, GOOD },
		{ "fault applied, not caught", CONTROL, .fault = PVTLB_FAULT_SKIP_TARGET,
		  .fault_applied = true, FAILS, .why = "NOT caught" },
		{ "not delivered", NATIVE, .expect_violation = true, .on = true,
		  .key_expected = true, .undelivered = 100, .violated = 100, GOOD,
		  .why = "did not take" },
		/* Where it is all there is to see a wrong key is wrong in every trial. */
		{ "late", CONTROL, .late = true, .on = true, .key_wrong = true, GOOD,
		  .claims = PVTLB_CLAIM_KEY,
		  .why = "caught in 100 of 100 trials: key WRONGLY ON: the backend" },
		{ "forced", CONTROL, .key = KEY_ON, .on = true, .key_wrong = true, GOOD,
		  .claims = PVTLB_CLAIM_KEY, .why = "forced" },
		{ "forced off", NATIVE, .expect_violation = true, .key = KEY_OFF,
		  .key_expected = true, .key_wrong = true, GOOD, .claims = PVTLB_CLAIM_KEY,
		  .why = "WRONGLY OFF, forced" },
		/* Elsewhere harm has to be shown. */
		{ "forced, no harm done", CONTROL, .key = KEY_ON, .on = true, .key_wrong = true,
		  FAILS, .why = "only 0 of 100" },
		{ "forced, harm done", CONTROL, .key = KEY_ON, .on = true, .key_wrong = true, GOOD,
		  .stale = 100, .violated = 99, .why = "99 of 100" },
		/* What the scenario does not claim does not make it a success. */
		{ "stale, not claimed", CONTROL, .claims = PVTLB_CLAIM_KEY, .stale = 100,
		  .violated = 100, FAILS, .why = "0 of 100" },
		{ "key, not claimed", CONTROL, .claims = PVTLB_CLAIM_SAFE, .on = true,
		  .key_wrong = true, FAILS, .why = "0 of 100" },
	};

	judge_runs(runs, NR_OF(runs));
}

/* A violation of what is claimed, in one trial, does not borrow the trials of what is not. */
static void judge_controls_unclaimed(void)
{
	static const struct run runs[] = {
		{ "one stale, key wrong but not claimed", CONTROL, .claims = PVTLB_CLAIM_SAFE,
		  .stale = 1, .violated = 1, .on = true, .key_wrong = true, FAILS,
		  .why = "1 of 100" },
	};

	judge_runs(runs, NR_OF(runs));
}

static void names(void)
{
	CU_ASSERT_STRING_EQUAL(verdict_names[VERDICT_PASS], "pass");
	CU_ASSERT_STRING_EQUAL(verdict_names[VERDICT_FAIL], "fail");
	CU_ASSERT_STRING_EQUAL(verdict_names[VERDICT_SKIP], "skip");
	CU_ASSERT_STRING_EQUAL(verdict_names[VERDICT_UNKNOWN], "unknown");
}

SUITE(unit_claims, false, { "site_decode: every form", decode },
      { "site_decode: a site decoded before", decode_again }, { "evidence_agrees", agrees },
      { "evidence_read", read_all }, { "evidence_read: too many sites", too_many_sites },
      { "key_expected", expected_key },
      { "key_effective", effective_key }, { "facts_from_events", facts },
      { "judge: configurations", judge_configurations }, { "judge: violations", judge_violations },
      { "judge: forced keys", judge_forced }, { "judge: policies", judge_policies },
      { "judge: CPUs left out", judge_left_out },
      { "judge: not installed", judge_refused }, { "judge: walks and free runs", judge_walks },
      { "judge: unusable runs", judge_unusable }, { "judge: controls", judge_controls },
      { "judge: controls and what is not claimed", judge_controls_unclaimed },
      { "verdict_names", names });
