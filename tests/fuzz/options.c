/* SPDX-License-Identifier: GPL-2.0-only */
/* Fuzz target: a command line. What is accepted is within its bounds. */
#include <string.h>

#include "cli/crew_room.h"
#include "cli/fit.h"
#include "cli/options.h"
#include "pvtlb/types.h"
#include "must.h"

#define MOST_WORDS 40

/* Words end with a newline. Their text is changed by nobody, but may not be constant. */
static int split(char *text, char **word)
{
	int nr = 0;

	word[nr++] = (char *)"run";
	for (char *at; nr < MOST_WORDS && (at = strsep(&text, "\n"));)
		word[nr++] = at;
	word[nr] = NULL;
	return nr;
}

static void must_be_right(const struct command_line *cl)
{
	const struct run_options *run = &cl->run;

	MUST(cl->nr_words < MOST_WORDS && cl->nr_given <= OPTIONS_MAX);
	MUST(cl->jobs <= JOBS_MAX && run->nr_cpus <= RUN_MAX_LIST);
	MUST(run->nr_policies <= RUN_MAX_LIST && run->nr_scenarios <= RUN_MAX_LIST);
	for (unsigned int i = 0; i < run->nr_cpus; i++) {
		MUST(run->cpus[i] >= 1 && run->cpus[i] <= PVTLB_MAX_CPUS);
		for (unsigned int k = 0; k < i; k++)
			MUST(run->cpus[i] != run->cpus[k]);
	}
	MUST(run->base.trials <= 1000000 && run->base.stress <= 3600);
	for (unsigned int i = 0; i < run->nr_scenarios; i++)
		MUST(run->scenario[i]);
	if (cl->mm)
		MUST(!strcmp(cl->mm, "model") || !strcmp(cl->mm, "kernel"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct command_line cl; /* large */
	char *text = malloc(len + 1), *word[MOST_WORDS + 1];
	struct error err = { 0 };
	int nr;

	MUST(text);
	memcpy(text, data, len);
	text[len] = 0;
	nr = split(text, word);
	if (!options_parse(&cl, nr, word, &err) &&
	    !options_fit(&cl, "run", NULL, RUN_MAX_LIST, &err))
		must_be_right(&cl);
	else
		MUST(err.status == STATUS_USAGE && err.text[0]);
	free(text);
	return 0;
}
