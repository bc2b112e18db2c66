/* SPDX-License-Identifier: GPL-2.0-only */
/* What configurations are told apart by. */
#include <stdio.h>
#include <string.h>

#include "base/backend.h"
#include "base/settings.h"
#include "kvm/roles.h"
#include "report/facets.h"
#include "report/text.h"

static bool same_name(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool same_scenario(const struct run_config *a, const struct run_config *b)
{
	return same_name(a->scenario, b->scenario);
}

static bool same_policy(const struct run_config *a, const struct run_config *b)
{
	return same_name(a->policy.name, b->policy.name);
}

/* Native flushes with INVLPGB shown are another backend to whoever reads of them. */
static bool same_backend(const struct run_config *a, const struct run_config *b)
{
	return a->backend == b->backend && a->invlpgb == b->invlpgb;
}

#define SAME(member)                                                                               \
	static bool same_##member(const struct run_config *a, const struct run_config *b)          \
	{                                                                                          \
		return a->member == b->member;                                                     \
	}
SAME(cpus)
SAME(paravirt)
SAME(late)
SAME(key)

#define CELL(buf, ...) snprintf(buf, FACET_LEN, __VA_ARGS__)

static void policy_cell(const struct run_config *c, char buf[FACET_LEN])
{
	CELL(buf, "%s", c->policy.name ? c->policy.name : "-");
}

static void policy_clause(const struct run_config *c, const struct host *host, char buf[FACET_LEN])
{
	(void)host;
	CELL(buf, "policy %s", c->policy.name ? c->policy.name : "(unknown)");
}

static void scenario_cell(const struct run_config *c, char buf[FACET_LEN])
{
	CELL(buf, "%s", c->scenario);
}

static void scenario_clause(const struct run_config *c, const struct host *host,
			    char buf[FACET_LEN])
{
	(void)host;
	scenario_cell(c, buf);
}

static void cpus_cell(const struct run_config *c, char buf[FACET_LEN])
{
	CELL(buf, "%u", c->cpus);
}

static void cpus_clause(const struct run_config *c, const struct host *host, char buf[FACET_LEN])
{
	unsigned int tlbs = host_tlbs(host, c->cpus);

	if (tlbs < c->cpus)
		CELL(buf, "%u CPUs that share %u TLBs", c->cpus, tlbs);
	else
		CELL(buf, "%u CPU%s", c->cpus, c->cpus == 1 ? "" : "s");
}

static void backend_cell(const struct run_config *c, char buf[FACET_LEN])
{
	backend_text(c, buf, FACET_LEN);
}

static void backend_clause(const struct run_config *c, const struct host *host, char buf[FACET_LEN])
{
	char text[FACET_LEN - 8];

	(void)host;
	backend_text(c, text, sizeof(text));
	CELL(buf, "backend %s", text);
}

static void paravirt_cell(const struct run_config *c, char buf[FACET_LEN])
{
	CELL(buf, "%s", words_no_yes.name[c->paravirt]);
}

static void paravirt_clause(const struct run_config *c, const struct host *host,
			    char buf[FACET_LEN])
{
	(void)host;
	CELL(buf, "CONFIG_PARAVIRT=%s", words_no_yes.name[c->paravirt]);
}

static void install_cell(const struct run_config *c, char buf[FACET_LEN])
{
	CELL(buf, "%s", config_install(c));
}

static void install_clause(const struct run_config *c, const struct host *host, char buf[FACET_LEN])
{
	(void)host;
	CELL(buf, "%s", c->late ? "installed late" : "");
}

static void key_cell(const struct run_config *c, char buf[FACET_LEN])
{
	CELL(buf, "%s", key_request_names[c->key]);
}

static void key_clause(const struct run_config *c, const struct host *host, char buf[FACET_LEN])
{
	(void)host;
	CELL(buf, "key %s%s", c->key == KEY_AUTO ? "" : "forced ", key_request_names[c->key]);
}

const struct facet facets[FACETS] = {
	{ "SCENARIO", 2, same_scenario, scenario_cell, scenario_clause },
	{ "CPUS", 3, same_cpus, cpus_cell, cpus_clause },
	[FACET_BACKEND] = { "BACKEND", 0, same_backend, backend_cell, backend_clause },
	{ "PV", 0, same_paravirt, paravirt_cell, paravirt_clause },
	{ "INSTALL", 0, same_late, install_cell, install_clause },
	{ "POLICY", 1, same_policy, policy_cell, policy_clause },
	{ "--key", 0, same_key, key_cell, key_clause },
};
