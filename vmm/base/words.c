/* SPDX-License-Identifier: GPL-2.0-only */
/* The words that options, traces, reports and JSON share: one list for each kind of value. */
#include <stdio.h>
#include <string.h>

#include "base/config.h"
#include "base/words.h"
#include "pvtlb/image.h"

#define LIST(list)                                                                                 \
	{                                                                                          \
		list, sizeof(list) / sizeof((list)[0])                                             \
	}
#define WORDS(...) LIST(((const char *const[]){ __VA_ARGS__ }))

const struct words words_no_yes = WORDS("n", "y");
const struct words words_off_on = WORDS("off", "on");
const struct words words_no_shown = WORDS("no", "shown");
const struct words words_installs = WORDS("boot", "late");
const struct words words_expects = WORDS("hold", "violation");
const struct words words_keys = LIST(key_request_names);
const struct words words_policy_keys = LIST(policy_key_names);
const struct words words_faults = LIST(fault_names);
const struct words words_mms = WORDS("model", "kernel", "model,kernel");
const struct words words_machines = WORDS("svm", "vmx");
const struct words words_providers = WORDS("vmm", "host");
const struct words words_engines = WORDS("process", "kvm");
const struct words words_colors = WORDS("auto", "always", "never");
const struct words words_claims = WORDS("key", "delivered", "safe");
_Static_assert(PVTLB_CLAIM_KEY == 1 << 0 && PVTLB_CLAIM_DELIVERED == 1 << 1 &&
		       PVTLB_CLAIM_SAFE == 1 << 2 && PVTLB_CLAIMS == (1 << 3) - 1,
	       "every claim has a name, at its bit's place");

int words_find(const struct words *words, const char *text, size_t len)
{
	for (unsigned int i = 0; i < words->nr; i++)
		if (words->name[i] && strlen(words->name[i]) == len &&
		    !strncmp(words->name[i], text, len))
			return i;
	return -1;
}

/* Those of the set, with something between them. */
static const char *list(const struct words *words, uint64_t set, const char *between, char *buf,
			size_t len)
{
	size_t n = 0;

	buf[0] = 0;
	for (unsigned int i = 0; i < words->nr && n < len; i++)
		if (set >> i & 1 && words->name[i])
			n += snprintf(buf + n, len - n, "%s%s", n ? between : "", words->name[i]);
	return buf;
}

const char *words_join(const struct words *words, char *buf, size_t len)
{
	return list(words, UINT64_MAX, "|", buf, len);
}

const char *words_of_set(const struct words *words, uint64_t set, char *buf, size_t len)
{
	if (set)
		return list(words, set, ",", buf, len);
	snprintf(buf, len, "-");
	return buf;
}

void names_sort(const char *const *name, unsigned int nr, unsigned int *order)
{
	for (unsigned int i = 0; i < nr; i++) {
		unsigned int at = i;

		for (; at && strcmp(name[order[at - 1]], name[i]) > 0; at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
}
