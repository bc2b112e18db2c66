/* SPDX-License-Identifier: GPL-2.0-only */
/* pvtlb explore and replay: what is found, what is said of it, and what is refused. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "lab.h"
#include "unit_util.h"

#define V4   "collapse-vs-gup --backend kvm --policy declared"
#define GOOD "collapse-vs-gup --backend kvm --policy patch --bound 1"

/* In the directory, by printf's %s. */
static int run_in(const char *dir, const char *format)
{
	char words[1024];

	snprintf(words, sizeof(words), format, dir, dir, dir, dir);
	return cli_run(words);
}

/* Remove the test's files and their directory. */
static void clean(const char *dir, const char *const *names)
{
	char path[256];

	for (; *names; names++) {
		snprintf(path, sizeof(path), "%s/%s", dir, *names);
		unlink(path);
	}
	cli_dir_gone();
}

/* Found in a few switches, the same each time on /dev/kvm, and again from its file. */
static void test_found(void)
{
	const char *dir = cli_dir(), *at;
	unsigned int switches = 99;

	CU_ASSERT_EQUAL(run_in(dir, "explore " V4 " -o %s/s --trace %s/t"), 1);
	CU_ASSERT_TRUE(cli_says("10 of 10 walker-not-interrupted, 10 the same stream"));
	CU_ASSERT_TRUE(cli_says("CPU 0 skips the sync: no IPI is sent to walkers"));
	at = strstr(cli_out, ": walker-not-interrupted in ");
	CU_ASSERT_TRUE(at && sscanf(at, ": walker-not-interrupted in %u", &switches) == 1);
	CU_ASSERT_TRUE(switches >= 1 && switches <= 4);
	CU_ASSERT_EQUAL(run_in(dir, "replay %s/s --times 5"), 0);
	CU_ASSERT_TRUE(cli_says("5 of 5 the same stream, 5 of 5 walker-not-interrupted"));
	CU_ASSERT_EQUAL(run_in(dir, "replay %s/s --times 2 --engine process"), 0);
	CU_ASSERT_TRUE(cli_says("2 of 2 the same stream"));
	CU_ASSERT_EQUAL(run_in(dir, "check %s/t"), 1);
	CU_ASSERT_TRUE(cli_says("with sync"));
	clean(dir, (const char *const[]){ "s", "t", NULL });
}

/* What is right is found to be so, and all of it; the number of schedules is said. */
static void test_right(void)
{
	static const struct cli_case cases[] = {
		{ "explore " GOOD, 0, ": nothing wrong, all gone through\n" },
		{ "explore " GOOD, 0, " schedules: 1 of 0 switches, " },
		{ "explore " GOOD " -j 2", 0, ": nothing wrong, all gone through\n" },
		{ "explore " GOOD " --expect violation", 1, "; a violation was expected\n" },
		{ "explore " V4 " --expect violation", 0, ", as expected, found after" },
		/* Of a scenario that is wrong in itself a violation is expected. */
		{ "explore no-flush --backend native", 0, ", as expected, found after" },
	};

	cli_expect_all(cases, LAB_NR(cases));
}

/* Part of it is never said to be all. */
static void test_so_far(void)
{
	static const struct cli_case cases[] = {
		{ "explore " GOOD " --max-schedules 20", 0,
		  ": nothing wrong so far: --max-schedules is reached\n  20 schedules" },
		{ "explore " GOOD " --max-schedules 20 -j 2", 0, "  20 schedules" },
		{ "explore " GOOD " --max-schedules 3 -j 8", 0, "  3 schedules" },
		{ "explore collapse-vs-gup --backend kvm --random 7 -j 4", 0, "  7 schedules" },
		{ "explore collapse-vs-gup --backend kvm --bound 8 --time 1", 0,
		  ": nothing wrong so far: --time is over\n" },
		{ "explore collapse-vs-gup --backend kvm --random 30", 0,
		  ": nothing wrong so far: these are some at random\n  30 schedules" },
		{ "explore " GOOD " --shard 1/3", 0, ", all gone through of part 1/3\n" },
	};

	for (size_t i = 0; i < LAB_NR(cases); i++) {
		cli_expect(&cases[i]);
		EXPECT(strstr(cases[i].args, "--shard") || !cli_says("all gone through"),
		       "%s: all?", cases[i].args);
	}
}

/* Who waits for whom; what was expected is no deadlock. */
static void test_deadlock(void)
{
	static const struct cli_case found = { "explore deadlock --backend native", 1,
					       ": deadlock in 0 switches" };
	static const struct cli_case cases[] = {
		{ "explore deadlock --backend native --expect violation", 1, ": deadlock in 0" },
		{ "explore shootdown --backend native --bound 1", 0, "all gone through" },
	};

	cli_expect(&found);
	CU_ASSERT_TRUE(cli_says("CPU 0 waits for the word at 0x"));
	CU_ASSERT_TRUE(cli_says(", of CPU 1; CPU 1 waits for the word at 0x"));
	CU_ASSERT_TRUE(cli_says("10 of 10 deadlock"));
	cli_expect_all(cases, LAB_NR(cases));
}

static void test_refused(void)
{
	static const struct cli_case cases[] = {
		{ "explore", 2, "explore: no scenario named; see: pvtlb list" },
		{ "explore zz", 2, "no scenario zz" },
		{ "explore " V4 " --random 5 --bound 1", 2, "--random is instead of --bound" },
		{ "explore " V4 " --random 5 --unbounded", 2, "--random is instead of --bound" },
		{ "explore " V4 " --random 5 --shard 0/2", 2, "another --seed" },
		{ "explore " V4 " --depth 2", 2, "--depth is of schedules at random" },
		{ "explore " V4 " --engine kvm -j 2", 2, "--jobs and --engine kvm exclude" },
		{ "explore " V4 " --shard 2/2", 2, "--shard: '2/2' is not I/N, a part from 0 on" },
		{ "explore " V4 " --shard 0/0", 2, "--shard: '0/0' is not I/N" },
		{ "explore " V4 " --shard 1", 2, "--shard: '1' is not I/N" },
		{ "explore " V4 " --shard 1/2x", 2, "--shard: '1/2x' is not I/N" },
		{ "explore " V4 " --shard 1/", 2, "--shard: '1/' is not I/N" },
		{ "explore " V4 " --shard +1/2", 2, "--shard: '+1/2' is not I/N" },
		{ "explore " V4 " --shard ' 1/2'", 2, "--shard: ' 1/2' is not I/N" },
		{ "explore " V4 " --shard 0/1000001", 2, "is not I/N" },
		{ "explore " V4 " --shard 0/99999999999", 2, "is not I/N" },
		{ "explore collapse-vs-gup --backend kvm --policy patch,declared -o /nonexistent",
		  2, "--output is for one configuration, and these options make 2" },
		{ "explore " V4 " --bound 9", 2, "--bound: '9' is not N, 1 to 8" },
		{ "explore " V4 " --bound 0", 2, "--bound: '0' is not N, 1 to 8" },
		{ "explore " V4 " --cpus 9", 77, "9 CPUs asked for, at most 8 are explored" },
		{ "explore " V4 " -o /nonexistent/s", 1, "/nonexistent/s: No such file" },
		{ "explore " V4 " --kvm /nonexistent", 77, "/nonexistent" },
		{ "explore " V4 " --times 3", 2, "--times means nothing to pvtlb explore" },
		{ "run " V4 " --bound 3", 2, "see: pvtlb explore --help" },
		{ "explore --merge", 2, "--merge: no report named" },
		{ "explore --merge /nonexistent", 1, "/nonexistent" },
		{ "explore --merge /dev/null", 1, "/dev/null:" },
		{ "explore --merge x --bound 2", 2, "--merge takes reports, and no option but" },
		{ "replay", 2, "replay: no schedule named" },
		{ "replay /nonexistent", 1, "/nonexistent: No such file" },
		{ "replay a b", 2, "replay takes 1 at most" },
		{ "replay x --times 0", 2, "--times: '0' is not N, 1 to 1000000" },
	};

	cli_expect_all(cases, LAB_NR(cases));
}

/* A shell's command with the directory in it. */
static void shell(const char *dir, const char *format)
{
	char command[512];

	snprintf(command, sizeof(command), format, dir, dir, dir);
	CU_ASSERT_EQUAL(system(command), 0);
}

static void test_files(void)
{
	const char *dir = cli_dir();

	CU_ASSERT_EQUAL(run_in(dir, "explore " V4 " -o %s/s"), 1);
	shell(dir, "sed 's/image=[0-9]*/image=7/' %s/s >%s/other");
	CU_ASSERT_EQUAL(run_in(dir, "replay %s/other"), 1);
	CU_ASSERT_TRUE(cli_says("the schedule is for an image with the hash 7, and "));
	CU_ASSERT_TRUE(cli_says("guest-pv.elf has "));
	shell(dir, "head -n 1 %s/s >%s/cut");
	CU_ASSERT_EQUAL(run_in(dir, "replay %s/cut"), 1);
	CU_ASSERT_TRUE(cli_says("/cut:2: the file ends before its end line"));
	shell(dir, "sed 's/^cpu=[0-9]*/cpu=8/' %s/s >%s/bad");
	CU_ASSERT_EQUAL(run_in(dir, "replay %s/bad"), 1);
	CU_ASSERT_TRUE(cli_says("/bad:2: "));
	/* It can be run, and does something else than the file says. */
	shell(dir, "sed '/^cpu=/d; s/switches=[0-9]*/switches=0/' %s/s >%s/none");
	CU_ASSERT_EQUAL(run_in(dir, "replay %s/none --times 2"), 1);
	CU_ASSERT_TRUE(cli_says("0 of 2 the same stream, 0 of 2 walker-not-interrupted"));
	/* Nobody comes there; and no trace of another trial is taken for its. */
	shell(dir, "sed 's/ at=[0-9]*/ at=1999999/' %s/s >%s/never");
	CU_ASSERT_EQUAL(run_in(dir, "replay %s/never --times 2 --trace %s/t"), 1);
	CU_ASSERT_TRUE(cli_says("there is no such schedule: "));
	shell(dir, "! test -e %s/t");
	clean(dir, (const char *const[]){ "s", "other", "cut", "bad", "none", "never", NULL });
}

/* A member of the only configuration, of the JSON that was said last. */
static json_int_t member(const char *name)
{
	const char *at = strchr(cli_out, '{');
	json_t *root = at ? json_loads(at, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
	json_t *e = json_array_get(json_object_get(root, "explored"), 0);
	json_int_t value = -1;

	if (EXPECT(json_is_integer(json_object_get(e, name)), "no number '%s' in %s", name,
		   cli_out))
		value = json_integer_value(json_object_get(e, name));
	json_decref(root);
	return value;
}

static const char *const parts[] = { "0", "1", "2", "other", "whole", "f0", "f1", NULL };

static void make_part(const char *dir, const char *what, const char *part, const char *name)
{
	char command[512];

	snprintf(command, sizeof(command), "explore %s --shard %s --json >%s/%s", what, part, dir,
		 name);
	cli_run(command);
}

/* Parts, put together, are the whole: as many schedules, the same streams. */
static void test_merge(void)
{
	const char *dir = cli_dir();
	json_int_t schedules, streams;

	CU_ASSERT_EQUAL(cli_run("explore " GOOD " --json"), 0);
	schedules = member("schedules");
	streams = member("streams");
	CU_ASSERT_TRUE(schedules > 1 && streams > 1);
	make_part(dir, GOOD, "0/3", "0");
	make_part(dir, GOOD, "1/3", "1");
	make_part(dir, GOOD, "2/3", "2");
	CU_ASSERT_EQUAL(run_in(dir, "explore --merge %s/2 %s/0 %s/1 --json"), 0);
	CU_ASSERT_EQUAL(member("schedules"), schedules);
	CU_ASSERT_EQUAL(member("streams"), streams);
	CU_ASSERT_EQUAL(member("parts"), 1);
	CU_ASSERT_EQUAL(run_in(dir, "explore --merge %s/2 %s/0 %s/1"), 0);
	CU_ASSERT_TRUE(cli_says(": nothing wrong, all gone through\n"));
	CU_ASSERT_EQUAL(run_in(dir, "explore --merge %s/0 %s/2"), 1);
	CU_ASSERT_TRUE(cli_says("part 1/3 is missing"));
	CU_ASSERT_EQUAL(run_in(dir, "explore --merge %s/0 %s/1 %s/1"), 1);
	CU_ASSERT_TRUE(cli_says("part 1/3 is there twice: in "));
	make_part(dir, "collapse-vs-gup --backend native --bound 1", "1/3", "other");
	CU_ASSERT_EQUAL(run_in(dir, "explore --merge %s/0 %s/other %s/2"), 1);
	CU_ASSERT_TRUE(cli_says("/other: configuration 1 has another '"));
	make_part(dir, "collapse-vs-gup --backend kvm --bound 1", "1/4", "other");
	CU_ASSERT_EQUAL(run_in(dir, "explore --merge %s/0 %s/other"), 1);
	CU_ASSERT_TRUE(cli_says("has another 'parts' than in"));
	shell(dir, "sed 's/\"schedules\": [0-9]*/\"schedules\": -1/' %s/1 >%s/other");
	CU_ASSERT_EQUAL(run_in(dir, "explore --merge %s/0 %s/other"), 1);
	CU_ASSERT_TRUE(cli_says("/other: configuration 1: a number is out of range"));
	shell(dir, "echo '{\"schema\": 1, \"explored\": []}' >%s/other");
	CU_ASSERT_EQUAL(run_in(dir, "explore --merge %s/other"), 1);
	CU_ASSERT_TRUE(cli_says("/other: there is no configuration in it"));
	shell(dir, "echo '{\"schema\": 2, \"explored\": [1]}' >%s/other");
	CU_ASSERT_EQUAL(run_in(dir, "explore --merge %s/other"), 1);
	CU_ASSERT_TRUE(cli_says("/other: schema 2; this pvtlb reads schema 1"));
	shell(dir, "echo '{\"schema\": 1, \"explored\": [1]}' >%s/other");
	CU_ASSERT_EQUAL(run_in(dir, "explore --merge %s/other"), 1);
	CU_ASSERT_TRUE(cli_says("/other: configuration 1: "));
	clean(dir, parts);
}

/* What one part has found is the whole's; of two, the one with fewer switches. */
static void test_merge_found(void)
{
	const char *dir = cli_dir();

	make_part(dir, V4, "0/2", "f0");
	make_part(dir, V4, "1/2", "f1");
	CU_ASSERT_EQUAL(run_in(dir, "explore --merge %s/f0 %s/f1"), 1);
	CU_ASSERT_TRUE(cli_says(": walker-not-interrupted in 1 switch, found after"));
	CU_ASSERT_TRUE(cli_says("10 of 10 walker-not-interrupted"));
	clean(dir, parts);
}

/* The JSON has what the text has, and the schedule is a file for replay. */
static void test_json(void)
{
	const char *dir = cli_dir();
	json_t *root, *finding;
	const char *schedule;
	char path[256];
	FILE *to;

	CU_ASSERT_EQUAL(cli_run("explore " V4 " --json 2>/dev/null"), 1);
	root = json_loads(cli_out, 0, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(root);
	finding = json_object_get(json_array_get(json_object_get(root, "explored"), 0), "finding");
	schedule = json_string_value(json_object_get(finding, "schedule"));
	CU_ASSERT_PTR_NOT_NULL_FATAL(schedule);
	snprintf(path, sizeof(path), "%s/s", dir);
	to = fopen(path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	fputs(schedule, to);
	fclose(to);
	json_decref(root);
	CU_ASSERT_EQUAL(run_in(dir, "replay %s/s --times 1"), 0);
	clean(dir, (const char *const[]){ "s", NULL });
}

SUITE(cli_explore, true, { "found, and again", test_found }, { "nothing wrong", test_right },
      { "so far", test_so_far }, { "a deadlock", test_deadlock }, { "refused", test_refused },
      { "schedules' files", test_files }, { "parts put together", test_merge },
      { "what a part has found", test_merge_found }, { "json", test_json });
