/* SPDX-License-Identifier: GPL-2.0-only */
/* The options that are no settings of a configuration: one table for the parser and the help. */
#include "cli/command_line.h"
#include "cli/crew_room.h"
#include "cli/option_table.h"
#include "explore/outcome.h"

#define TO(m) offsetof(struct command_line, m)

const struct own_option own_options[] = {
	{ .name = "provider", .at = TO(run.provider), .words = &words_providers,
	  .help = "only backends served by this one" },
	{ .name = "trace", .at = TO(trace), .arg = "FILE",
	  .help = "write every event, in order, as text" },
	{ .name = "dump-dtb", .at = TO(dump_dtb), .arg = "FILE",
	  .help = "write the (last) guest's device tree" },
	{ .name = "dtb", .at = TO(dtb), .arg = "FILE",
	  .help = "give the guest this tree: a dumped one, perhaps with more in it" },
	{ .name = "image-pv", .at = TO(image[1]), .arg = "FILE",
	  .help = "guest with CONFIG_PARAVIRT (default: the one built or installed with pvtlb)" },
	{ .name = "image-nopv", .at = TO(image[0]), .arg = "FILE",
	  .help = "guest without" },
	{ .name = "mm", .at = TO(mm), .words = &words_mms,
	  .help = "whose code is run: the model's, or that of a kernel tree, of make kernel-guest "
		  "(docs/mm-kernel.md); both: where they differ (docs/model.md)" },
	{ .name = "image-kernel", .at = TO(image_kernel), .arg = "FILE",
	  .help = "guest of --mm kernel and --mm model,kernel" },
	{ .name = "kvm", .at = TO(kvm), .arg = "PATH",
	  .help = "device node (default " KVM_PATH ")" },
	{ .name = "gdb", .at = TO(gdb), .arg = "PORT",
	  .help = "wait for gdb on that port of 127.0.0.1, 0: a free one (docs/gdb.md); what is run "
		  "has to be one configuration" },
	{ .name = "no-sandbox", .at = TO(no_sandbox),
	  .help = "for debugging pvtlb itself: keep all system calls and privileges "
		  "(docs/security.md)" },
	{ .name = "nested", .at = TO(nested),
	  .help = "run all this in an emulated machine with kvm-amd" },
	{ .name = "json", .at = TO(json), .reports = true,
	  .help = "results as JSON (docs/json.md)" },
	{ .name = "matrix", .at = TO(matrix), .reports = true,
	  .help = "results as scenarios against backends, when all have ended" },
	{ .name = "summary", .at = TO(summary), .reports = true,
	  .help = "a line for each backend as it ends (so it is where no scenario is named)" },
	{ .name = "rows", .at = TO(rows), .reports = true,
	  .help = "a row for each run as it ends, in 80 columns (so it is where one is named)" },
	{ .name = "table", .at = TO(table), .reports = true,
	  .help = "the same with all columns, for scripts: a line, however long, for each" },
	{ .name = "tap", .at = TO(tap), .reports = true,
	  .help = "results as TAP, version 14" },
	{ .name = "quiet", .at = TO(quiet), .reports = true,
	  .help = "only what is wrong" },
	{ .name = "junit", .at = TO(junit), .arg = "FILE",
	  .help = "results as JUnit XML, too, into that file" },
	{ .name = "jobs", .letter = 'j', .at = TO(jobs), .arg = "N", .most = JOBS_MAX,
	  .help = "so many runs, or parts of an exploration, side by side, 1 to 64 (default 1)" },
	{ .name = "color", .at = TO(color), .words = &words_colors,
	  .help = "colour (auto: on a terminal without NO_COLOR)" },
	{ .name = "against", .at = TO(against), .arg = "NAME",
	  .help = "the same under this backend, too" },
	{ .name = "output", .letter = 'o', .at = TO(output), .arg = "FILE",
	  .help = "to this file: of explore the schedule; else .html a page, .svg a picture, .json "
		  "for Perfetto" },
	{ .name = "engine", .at = TO(engine), .words = &words_engines,
	  .help = "what runs schedules: this process, by a model of the CPU (explore does), or "
		  "/dev/kvm (replay does)" },
	{ .name = "bound", .at = TO(bound), .arg = "N", .most = EXPLORE_BOUND_MAX,
	  .help = "all schedules of up to so many switches from one CPU to another, 1 to 8 "
		  "(default 2)" },
	{ .name = "unbounded", .at = TO(unbounded),
	  .help = "behind these of any number of switches, one of those that come to the same" },
	{ .name = "random", .at = TO(random), .arg = "N", .most = 1000000000,
	  .help = "instead of --bound so many schedules at random; which ones, --seed says" },
	{ .name = "depth", .at = TO(depth), .arg = "N", .most = 16,
	  .help = "of --random: CPUs' priorities change N - 1 times in each (default 3)" },
	{ .name = "max-schedules", .at = TO(max_schedules), .arg = "N", .most = 4000000000u,
	  .help = "end after so many schedules of each configuration" },
	{ .name = "time", .at = TO(seconds), .arg = "S", .most = 1000000,
	  .help = "end after so many seconds for each configuration" },
	{ .name = "shard", .at = TO(shard), .arg = "I/N",
	  .help = "only part I of N, from 0/N to N-1/N; all parts together are the whole" },
	{ .name = "go-on", .at = TO(go_on),
	  .help = "do not end at the first schedule in which something is wrong" },
	{ .name = "merge", .at = TO(merge),
	  .help = "put the reports of all parts together: the words are files of --shard --json" },
	{ .name = "times", .at = TO(times), .arg = "N", .most = 1000000,
	  .help = "run the schedule so often, each time in a new machine (default 10)" },
	{ .name = "groups", .at = TO(groups),
	  .help = "groups of scenarios only, and whom they have" },
	{ .name = "report", .at = TO(report),
	  .help = "as Markdown, to be pasted into docs/tested-on.md" },
	{ .name = "verbose", .letter = 'v', .at = TO(verbose),
	  .help = "every site and every violation" },
	{ .name = "help", .letter = 'h', .at = TO(help),
	  .help = "this" },
};
const unsigned int nr_own_options = sizeof(own_options) / sizeof(own_options[0]);

bool own_takes_value(const struct own_option *o)
{
	return o->arg || o->words;
}
