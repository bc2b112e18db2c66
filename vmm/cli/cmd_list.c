/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvtlb list`: what there is to name. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/backend.h"
#include "base/choice.h"
#include "base/config.h"
#include "base/printable.h"
#include "base/words.h"
#include "base/wrap.h"
#include "cli/command.h"
#include "cli/list_json.h"
#include "cli/scenarios.h"
#include "events/events.h"
#include "machine/image_kernel.h"

static void widen(int *width, const char *name)
{
	if ((int)strlen(name) > *width)
		*width = strlen(name);
}

/* Of the longest name that is listed, so that all titles stand below each other. */
static int name_width(const struct image *image)
{
	const struct backend *pv;
	int width = 0;

	for (unsigned int i = 0; i < image->nr_scenarios; i++)
		widen(&width, image->scenario[i].name);
	for (size_t i = 0; i < nr_groups; i++)
		widen(&width, groups[i].name);
	for (unsigned int i = 0; i < image->policies.nr; i++)
		widen(&width, image->policies.policy[i].name);
	for (unsigned int i = 0; (pv = backend_at(i)); i++)
		widen(&width, pv->name);
	for (int i = 1; i < PVTLB_FAULT_NR; i++)
		widen(&width, fault_names[i]);
	return width;
}

/* A name, and behind it what it is, in lines that a terminal has room for. */
__attribute__((format(printf, 3, 4))) static void line(int width, const char *name, const char *fmt,
						       ...)
{
	char head[96], text[512];
	va_list ap;

	snprintf(head, sizeof(head), "  %-*s ", width, name);
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	wrap_print(stdout, head, text);
}

/* What there is of a tree, and what is not run for want of something in it. */
static void list_kernel(const struct pvtlb_kernel *kernel, int width)
{
	printf("kernel tree:\n");
	line(width, "release", "%s", kernel->release);
	line(width, "config", "%s", kernel->config);
	line(width, "objects", "%s", kernel->objects);
	line(width, "key", "%s",
	     kernel->flags & PVTLB_KERNEL_SERIES
		     ? "tlb_ipi_broadcast_key, decided by its native_pv_tlb_init()"
		     : "none: every sync is sent");
	if (image_kernel_bridged(kernel, "pvtlb"))
		line(width, "pvtlb", "%s: Linux has no such backend",
		     image_kernel_bridged(kernel, "pvtlb"));
	printf("skipped with it:\n");
	line(width, "--paravirt n", "%s", tree_lacks_paravirt_n);
	line(width, "--invlpgb y", "%s", tree_lacks_invlpgb_y);
	if (!(kernel->flags & PVTLB_KERNEL_SERIES))
		line(width, "--key on, off", "%s", tree_lacks_key);
	line(width, "--inject", "skip-ipi, early-ack, skip-local: %s", tree_lacks_fault);
	for (unsigned int i = 0; i < PVTLB_LACKS; i++) {
		const struct pvtlb_lack *lack = &kernel->lack[i];

		if (!lack->why[0])
			continue;
		if (lack->scenario[0] && lack->backend[0])
			line(width, lack->scenario, "under %s: %s", lack->backend, lack->why);
		else
			line(width, lack->scenario[0] ? lack->scenario : lack->backend, "%s",
			     lack->why);
	}
}

static void list_scenarios(const struct command_line *cl, const struct image *image, int width)
{
	char path[4096];

	printf("scenarios (in %s):\n", printable_copy(image->path, path, sizeof(path)));
	for (unsigned int i = 0; i < image->nr_scenarios; i++) {
		const struct pvtlb_scenario *s = &image->scenario[i];

		if (scenario_listed((const char *const *)cl->word, cl->nr_words, s))
			line(width, s->name, "%s%s", s->title,
			     s->flags & PVTLB_SCENARIO_DIAGNOSTIC ? " (diagnostic: by name only)"
								  : "");
	}
}

/* Each with how many scenarios it has and, if asked for, which. */
static void list_groups(const struct image *image, int width, bool members)
{
	printf("groups (of scenarios, to be named as these):\n");
	for (size_t g = 0; g < nr_groups; g++) {
		unsigned int nr = 0;
		char *names;
		size_t len;
		FILE *to = open_memstream(&names, &len);

		if (!to)
			abort();
		for (unsigned int i = 0; i < image->nr_scenarios; i++)
			if (groups[g].has(&image->scenario[i]))
				fprintf(to, "%s%s", nr++ ? ", " : "", image->scenario[i].name);
		fclose(to);
		line(width, groups[g].name, "%s (%u)", groups[g].what, nr);
		if (members) {
			printf("  %-*s ", width, "");
			wrap_print_from(stdout, WRAP_WIDTH, width + 3, width + 3, names);
		}
		free(names);
	}
}

/* The first one is none. */
static void list_faults(int width)
{
	unsigned int order[PVTLB_FAULT_NR];

	names_sort(&fault_names[1], PVTLB_FAULT_NR - 1, order);
	for (unsigned int i = 0; i < PVTLB_FAULT_NR - 1; i++)
		line(width, fault_names[1 + order[i]], "%s", fault_docs[1 + order[i]]);
}

static void list_others(const struct image *image, int width)
{
	const struct backend *pv;

	printf("policies (--policy):\n");
	for (unsigned int i = 0; i < image->policies.nr; i++) {
		const struct pvtlb_policy *p = &image->policies.policy[i];

		line(width, p->name, "%s%s%s%s%s", p->title, p->alias[0] ? " (also: " : "",
		     p->alias, p->alias[0] ? ")" : "",
		     p->flags & PVTLB_POLICY_DEFAULT ? " (the default)" : "");
	}
	printf("backends:\n");
	for (unsigned int i = 0; (pv = backend_at(i)); i++)
		line(width, pv->name, "hypervisor: %s; %s", pv->provider, pv->why);
	printf("faults to --inject:\n");
	list_faults(width);
	events_list(stdout);
}

int cmd_list(const struct command_line *cl, const struct images *images)
{
	const struct image *image = &images->image[1];
	int width = name_width(image);
	struct error err = { 0 };

	if (choice_check("scenario", (const char *const *)cl->word, cl->nr_words, &err))
		return complain(&err);
	for (unsigned int i = 0; i < cl->nr_words; i++)
		if (scenarios_check(image, cl->word[i], &err))
			return complain(&err);
	if (cl->json)
		return list_json(cl, image);
	if (image->kernel && !cl->groups && !cl->nr_words)
		list_kernel(image->kernel, width);
	if (!cl->groups)
		list_scenarios(cl, image, width);
	if (cl->groups || !cl->nr_words)
		list_groups(image, width, cl->groups);
	if (!cl->groups && !cl->nr_words)
		list_others(image, width);
	return STATUS_OK;
}
