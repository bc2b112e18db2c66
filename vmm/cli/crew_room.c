/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs side by side: which may be, and how many there is room for. */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "base/backend.h"
#include "cli/crew_room.h"

/* Open files besides those of guests: images, reports, what the library opens. */
#define FILES_BESIDES 32u

bool crew_is_alone(const struct host *host, const struct images *images,
		   const struct run_config *config)
{
	const struct pvtlb_scenario *scenario =
		image_scenario(&images->image[config->paravirt], config->scenario);

	return config->stress || (scenario && scenario->flags & PVTLB_SCENARIO_DIAGNOSTIC) ||
	       (backend_by_host(config->backend) &&
		config->backend->interrupts == INTERRUPTS_RUNNING &&
		host_shows(host, SHOWS_PREEMPTED));
}

unsigned int crew_fits(unsigned long files, unsigned int cpus)
{
	/* A guest has a file of its own and one for each CPU. */
	const unsigned long each = cpus + 1;
	unsigned long nr = files > FILES_BESIDES ? (files - FILES_BESIDES) / each : 0;

	return nr < JOBS_MAX ? nr : JOBS_MAX;
}

int crew_make_room(const struct plan *plan, unsigned int jobs, struct error *err)
{
	struct rlimit files;
	unsigned int most = 0, fit;

	for (size_t i = 0; i < plan->nr; i++)
		if (plan->config[i].cpus > most)
			most = plan->config[i].cpus;
	if (getrlimit(RLIMIT_NOFILE, &files))
		return fail(err, STATUS_FAIL, "-j: no limit of open files: %s", strerror(errno));
	if (crew_fits(files.rlim_cur, most) >= jobs)
		return 0;
	files.rlim_cur = files.rlim_max;
	fit = crew_fits(files.rlim_cur, most);
	if (fit >= jobs && !setrlimit(RLIMIT_NOFILE, &files))
		return 0;
	return fail(err, STATUS_USAGE,
		    "-j %u: so many guests of %u CPUs need more open files than %llu (ulimit -Hn); "
		    "at most -j %u",
		    jobs, most, (unsigned long long)files.rlim_max, fit ? fit : 1);
}
