/* SPDX-License-Identifier: GPL-2.0-only */
/* What a configuration and a boot's events say of the key. */
#include <string.h>

#include "base/backend.h"
#include "judge/claims.h"
#include "policy.h"
#include "unit_util.h"

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
				.backend = backend_named(cases[i].backend),
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
			.backend = backend_named(cases[i].backend),
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
#define BOOT(step) PVTLB_EVENT(0, BOOT, PVTLB_BOOT_##step)
	static const struct pvtlb_event key = { .id = PVTLB_EV_KEY };
	static const struct pvtlb_event install = BOOT(BACKEND_INSTALL), init = BOOT(PV_TLB_INIT);
	static const struct pvtlb_event fault = PVTLB_EVENT(0, FAULT, 1, 2);
	static const struct pvtlb_event up = PVTLB_EVENT(0, CPU_UP, PVTLB_BOOT_BACKEND_INSTALL);
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

/* A flush that calls its hypervisor has to say what it asks: which call of which has not? */
static void unasked(void)
{
#define CALLS(status) PVTLB_EVENT(0, HYPERCALL, 1, status)
	static const struct pvtlb_event begin = PVTLB_EVENT(0, FLUSH_BEGIN, 1);
	static const struct pvtlb_event end = PVTLB_EVENT(0, FLUSH_END, 1);
	static const struct pvtlb_event ask = PVTLB_EVENT(0, ASK, 0x1000);
	static const struct pvtlb_event by_other = PVTLB_EVENT(1, ASK, 0x1000);
	static const struct pvtlb_event invlpgb = PVTLB_EVENT(0, INVLPGB, 0);
	const struct {
		const char *what;
		struct pvtlb_event event[4];
		uint64_t unasked; /* its place, from 1 */
	} cases[] = {
		{ "asked", { begin, ask, CALLS(0), end }, 0 },
		{ "not asked", { begin, CALLS(0), end, end }, 2 },
		{ "asked too late", { begin, CALLS(0), ask, end }, 2 },
		{ "another CPU has asked", { begin, by_other, CALLS(0), end }, 3 },
		{ "for the flush before", { begin, ask, begin, CALLS(0) }, 4 },
		{ "several calls", { begin, ask, CALLS(0), CALLS(0) }, 0 },
		{ "a broadcast", { begin, invlpgb, CALLS(0), end }, 0 },
		{ "refused", { begin, CALLS(-1), end, end }, 0 },
		{ "of no flush", { CALLS(0), begin, end, CALLS(0) }, 0 },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		struct pvtlb_event event[4];
		const struct event_stream stream = { event, 4, 0, 0 };
		static struct run_facts f;

		memcpy(event, cases[i].event, sizeof(event));
		for (unsigned int k = 0; k < 4; k++)
			event[k].seq = k + 1;
		memset(&f, 0, sizeof(f));
		facts_from_events(&f, &stream);
		EXPECT(f.unasked == cases[i].unasked, "%s: %llu", cases[i].what,
		       (unsigned long long)f.unasked);
	}
}

SUITE(unit_facts, false, { "key_expected", expected_key }, { "key_effective", effective_key },
      { "facts_from_events", facts }, { "unasked", unasked });
