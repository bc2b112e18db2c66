/* SPDX-License-Identifier: GPL-2.0-only */
/* The pvtlb command as a user meets it: exit statuses, messages, JSON, signals. */
#include <jansson.h>
#include <libfdt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "judge/claims.h"
#include "cli/doctor.h"
#include "kvm/roles.h"
#include "lab.h"
#include "test.h"

static char out[1 << 20], checked[1 << 20];

static void test_statuses(void)
{
	static const struct {
		const char *args;
		int status;
		const char *says;
	} cases[] = {
		{ "", 2, "pvtlb run" },
		{ "--help", 0, "--inject" },
		{ "run --help", 0, "--inject" },
		{ "--version", 0, "pvtlb " },
		{ "frobnicate", 2, "no command frobnicate" },
		{ "run --frobnicate", 2, "--frobnicate" },
		{ "run --cpus", 2, "--cpus needs a value" },
		{ "run --cpus 0", 2, "'0' is not" },
		{ "run --cpus 256", 2, "'256' is not" },
		{ "run --cpus 4x", 2, "'4x' is not" },
		{ "run --cpus 1,,x", 2, "is not" },
		{ "run --trials -1", 2, "'-1' is not" },
		{ "run --key maybe", 2, "auto|on|off" },
		{ "run --policy v5", 2,
		  "no policy 'v5'; there are: patch, always-sync, callback, declared, " },
		{ "run --policy patch,", 2, "'patch,' is not NAME" },
		{ "run --policy patch,,tracked", 2, "'patch,,tracked' is not NAME" },
		{ "run --policy patch,all", 2, "no policy 'all'; there are: patch, " },
		{ "run --stress 0", 2, "'0' is not SECONDS" },
		{ "run --seed x", 2, "'x' is not N" },
		{ "run --inject frob", 2, "'frob' is not" },
		{ "run --json --matrix", 2, "--json and --matrix exclude each other" },
		{ "run --matrix --nested --json", 2, "--json and --matrix exclude each other" },
		{ "run --image-pv /nonexistent", 1, "/nonexistent" },
		{ "run --kvm /nonexistent", 77, "modprobe" },
		{ "run --kvm /dev/null", 77, "is no KVM" },
		{ "doctor --kvm /nonexistent", 77, "does not exist" },
		{ "doctor --kvm /dev/null", 77, "is no KVM" },
		{ "list", 0, "shootdown" },
		{ "check", 2, "no trace named" },
		{ "check --nested x", 2, "check needs no machine" },
		{ "check /nonexistent/trace", 1, "/nonexistent/trace: No such file" },
		{ "check /nonexistent/\033x", 1, "/nonexistent/?x: No such file" },
		{ "check /", 1, "/:1: cannot read: Is a directory" },
		{ "check /dev/null", 1, "/dev/null: there is no run in it" },
		{ "check /dev/zero", 1, "/dev/zero:1: expected printable ASCII" },
		{ "check - </dev/null", 1, "standard input: there is no run in it" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int status = lab_pvtlb(cases[i].args, out, sizeof(out));

		if (status != cases[i].status || !strstr(out, cases[i].says))
			printf("\n      pvtlb %s: exit %d: %.200s", cases[i].args, status, out);
		CU_ASSERT_EQUAL(status, cases[i].status);
		CU_ASSERT_PTR_NOT_NULL(strstr(out, cases[i].says));
	}
}

static void test_run_statuses(void)
{
	static const struct {
		const char *args;
		int status;
		const char *says;
	} cases[] = {
		{ "run key --dtb /dev/null --backend pvtlb", 1, "FDT_ERR" },
		{ "run key --dtb /nonexistent", 1, "/nonexistent" },
		{ "run frob", 2, "no scenario frob" },
		{ "run --backend frob", 2, "no backend frob" },
		{ "run key --backend pvtlb --paravirt n", 77, "without CONFIG_PARAVIRT" },
		{ "run key --backend pvtlb --provider host", 77, "nothing to run" },
		{ "run hang --backend native --cpus 2 --timeout 1 --paravirt y --invlpgb n", 124,
		  "scn_spin_forever" },
		{ "run triple-fault --backend native --paravirt y --invlpgb n", 1, "triple fault" },
		{ "run shootdown --backend native --inject skip-ipi --paravirt y --invlpgb n", 1,
		  "CPU 3 " },
		{ "run key --backend pvtlb --install late --expect hold", 1, "WRONGLY ON" },
		{ "run key --key on --backend pvtlb --invlpgb n", 1, "WRONGLY ON, forced" },
		{ "run shootdown --key on --backend pvtlb", 0, "forced on, expected off (the" },
		{ "run shootdown --key off --backend native --invlpgb n", 0, "missed optimisation" },
		{ "run key --stress 1 --backend native", 77, "nothing in key races" },
		{ "run frob --matrix", 2, "no scenario frob" },
		{ "run key --backend pvtlb --provider host --matrix", 77, "nothing to run" },
		{ "run key --stress 1 --backend native --paravirt y --invlpgb n --matrix", 77,
		  "1 runs: 0 passed, 0 controls caught, 0 failed, 1 skipped\n" },
		{ "run hang --backend native --cpus 2 --timeout 1 --invlpgb n --matrix", 124,
		  "scn_spin_forever" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int status = lab_pvtlb(cases[i].args, out, sizeof(out));

		if (status != cases[i].status || !strstr(out, cases[i].says))
			printf("\n      pvtlb %s: exit %d: %.400s", cases[i].args, status, out);
		CU_ASSERT_EQUAL(status, cases[i].status);
		CU_ASSERT_PTR_NOT_NULL(strstr(out, cases[i].says));
	}
}

static const char *text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

/* What the issue tracker's scripts would do: every field by name. */
static void check_json_run(const json_t *run, unsigned int *late)
{
	const json_t *key = json_object_get(run, "key"), *sites = json_object_get(key, "sites");
	bool is_late = !strcmp(text(run, "install"), "late");
	bool native = !strcmp(text(run, "backend"), "native");
	bool invlpgb = json_is_true(json_object_get(run, "invlpgb"));
	const char *right = native && !invlpgb ? "on" : "off";
	const json_t *site;
	size_t i;

	*late += is_late;
	CU_ASSERT_STRING_EQUAL(text(run, "scenario"), "key");
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(run, "cpus")), 4);
	CU_ASSERT_STRING_EQUAL(text(run, "verdict"), "pass");
	CU_ASSERT_STRING_EQUAL(text(key, "requested"), "auto");
	CU_ASSERT_STRING_EQUAL(text(key, "expected"), right);
	CU_ASSERT_STRING_EQUAL(text(key, "value"), is_late ? "on" : right);
	CU_ASSERT_EQUAL(json_is_true(json_object_get(key, "wrong")), is_late);
	CU_ASSERT_EQUAL(strstr(text(run, "why"), "WRONGLY ON") != NULL, is_late);
	CU_ASSERT_TRUE(json_array_size(sites) >= 2);
	json_array_foreach((json_t *)sites, i, site) {
		bool on = !strcmp(text(key, "value"), "on");

		CU_ASSERT_EQUAL(json_is_true(json_object_get(site, "patched")), on);
		CU_ASSERT_EQUAL(!strcmp(text(site, "bytes"), "66 90") ||
					!strcmp(text(site, "bytes"), "0f 1f 44 00 00"),
				on);
		CU_ASSERT_TRUE(text(site, "symbol")[0] && text(site, "address")[0]);
	}
	CU_ASSERT_STRING_EQUAL(text(run, "policy"), "patch");
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(run, "stress")), 0);
	CU_ASSERT_TRUE(json_is_null(json_object_get(run, "seed")));
	CU_ASSERT_TRUE(json_is_null(json_object_get(run, "report")));
	CU_ASSERT_TRUE(json_is_object(json_object_get(run, "delivered")));
	CU_ASSERT_TRUE(json_is_array(json_object_get(json_object_get(run, "safe"), "violations")));
}

static void test_json(void)
{
	json_t *root, *runs, *run;
	unsigned int late = 0;
	json_error_t err;
	size_t i;

	CU_ASSERT_EQUAL(lab_pvtlb("run key --backend all --cpus 4 --json", out, sizeof(out)), 0);
	root = json_loads(out, 0, &err);
	CU_ASSERT_PTR_NOT_NULL_FATAL(root);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(root, "schema")), 1);
	CU_ASSERT_STRING_EQUAL(text(json_object_get(root, "host"), "kind"),
			       host_kind_names[test_host.kind]);
	runs = json_object_get(root, "runs");
	CU_ASSERT_TRUE(json_array_size(runs) >= 7);
	json_array_foreach(runs, i, run)
		check_json_run(run, &late);
	CU_ASSERT_TRUE(late > 0);
	json_decref(root);
}

/* Does some line of out hold these words, with nothing but blanks between them? */
static bool has_line(const char *words)
{
	char line[1024], squeezed[1024];

	for (const char *at = out; *at; at += strcspn(at, "\n"), at += *at == '\n') {
		char *save, *word;
		size_t n = 0;

		snprintf(line, sizeof(line), "%.*s", (int)strcspn(at, "\n"), at);
		squeezed[0] = 0;
		for (word = strtok_r(line, " ", &save); word; word = strtok_r(NULL, " ", &save))
			n += snprintf(squeezed + n, sizeof(squeezed) - n, "%s%s", n ? " " : "", word);
		if (!strcmp(squeezed, words))
			return true;
	}
	printf("\n      no line '%s' in: %.2000s", words, out);
	return false;
}

static void test_matrix(void)
{
	CU_ASSERT_EQUAL(lab_pvtlb("run key shootdown no-flush --backend pvtlb --cpus 2,4 --matrix", out,
				  sizeof(out)), 0);
	CU_ASSERT_TRUE(has_line("BACKEND pvtlb"));
	CU_ASSERT_TRUE(has_line("INVLPGB no"));
	CU_ASSERT_TRUE(has_line("key off - -"));
	CU_ASSERT_TRUE(has_line("shootdown off 0/30 ok"));
	CU_ASSERT_TRUE(has_line("shootdown off 0/90 ok"));
	CU_ASSERT_TRUE(has_line("shootdown 0i 1.0h"));
	CU_ASSERT_TRUE(has_line("no-flush off 0/3 BAD 1"));
	CU_ASSERT_TRUE(has_line("caught"));
	CU_ASSERT_TRUE(has_line("other configurations"));
	CU_ASSERT_PTR_NOT_NULL(strstr(out, "key WRONGLY ON"));
	/* Of each CPU count the late install, and no-flush. */
	CU_ASSERT_TRUE(has_line("10 runs: 6 passed, 4 controls caught, 0 failed, 0 skipped"));

	CU_ASSERT_EQUAL(lab_pvtlb("run collapse-vs-gup --backend pvtlb --key on --matrix", out,
				  sizeof(out)), 1);
	CU_ASSERT_TRUE(has_line("FAIL"));
	CU_ASSERT_TRUE(has_line("failed"));
	/* The report. */
	CU_ASSERT_PTR_NOT_NULL(strstr(out, "\n    "));
	CU_ASSERT_PTR_NOT_NULL(strstr(out, "read page table"));
	CU_ASSERT_TRUE(has_line("1 runs: 0 passed, 0 controls caught, 1 failed, 0 skipped"));
}

static void test_files(void)
{
	char dir[] = "/tmp/pvtlb-test-XXXXXX", args[256], path[128], fdt[65536];
	FILE *f;
	size_t len;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	snprintf(args, sizeof(args),
		 "run key --backend pvtlb --invlpgb n --install boot --trace %s/t --dump-dtb %s/d", dir,
		 dir);
	CU_ASSERT_EQUAL(lab_pvtlb(args, out, sizeof(out)), 0);

	snprintf(path, sizeof(path), "%s/d", dir);
	f = fopen(path, "rb");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	len = fread(fdt, 1, sizeof(fdt), f);
	fclose(f);
	unlink(path);
	CU_ASSERT_EQUAL(fdt_check_full(fdt, len), 0);
	CU_ASSERT_STRING_EQUAL(
		fdt_getprop(fdt, fdt_path_offset(fdt, "/hypervisor"), "compatible", NULL),
		"pvtlb,pvtlb");

	snprintf(path, sizeof(path), "%s/t", dir);
	f = fopen(path, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	CU_ASSERT_PTR_NOT_NULL(fgets(out, sizeof(out), f));
	CU_ASSERT_STRING_EQUAL(out, "# pvtlb-trace 2 scenario=key backend=pvtlb paravirt=y invlpgb=n "
				    "install=boot cpus=4 trials=1 key-request=auto policy=patch policy-key=by-patch "
				    "stress=0 seed=1 fault=none fault-applied=n expect=hold claims=key key=off\n");
	CU_ASSERT_PTR_NOT_NULL(fgets(out, sizeof(out), f));
	CU_ASSERT_STRING_EQUAL(out, "#1 CPU 0 boot step=0x1 late=0 refused=0\n");
	fclose(f);
	unlink(path);
	rmdir(dir);
}

/* Run with --trace and these words, then check the file; text: what both of them must say. */
static void check_again(const char *path, const char *args, int status, const char *text)
{
	char words[512];

	snprintf(words, sizeof(words), "run %s --trace %s", args, path);
	CU_ASSERT_EQUAL(lab_pvtlb(words, out, sizeof(out)), status);
	CU_ASSERT_PTR_NOT_NULL(strstr(out, text));
	snprintf(words, sizeof(words), "check %s", path);
	CU_ASSERT_EQUAL(lab_pvtlb(words, checked, sizeof(checked)), status);
	CU_ASSERT_PTR_NOT_NULL(strstr(checked, text));
}

/* The row's last column, from where it begins on. */
static char *why(char *text, const char *verdict)
{
	char *at = strstr(text, verdict);

	if (!at)
		return text + strlen(text);
	at += strlen(verdict);
	at += strspn(at, " ");
	at[strcspn(at, "\n")] = 0;
	return at;
}

/* The verdict of a row of either table, and all behind it; "" if the line is no row. */
static const char *row_verdict(const char *line)
{
	const char *first = "";

	for (int v = VERDICT_PASS; v <= VERDICT_UNKNOWN; v++) {
		char word[16];
		const char *at;

		snprintf(word, sizeof(word), "  %-7s ", verdict_names[v]);
		at = strstr(line, word);
		if (at && (!*first || at < first))
			first = at;
	}
	return first;
}

/* Rows of run's table that are in its trace, too; a report below a row is moved in. */
static unsigned int rows_in_trace(const char *text)
{
	unsigned int nr = 0;

	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		char row[1024];

		snprintf(row, sizeof(row), "%.*s", (int)strcspn(line, "\n"), line);
		nr += *row != ' ' && *row_verdict(row) && !strstr(row, "  skip ");
	}
	return nr;
}

/* Does check say of each run, in order, what run said? Sentences, and statuses. */
static void check_same(const char *path, const char *args, int status)
{
	unsigned int same = 0, rows;
	char words[512], *save, *ran = out;

	snprintf(words, sizeof(words), "run %s --trace %s", args, path);
	CU_ASSERT_EQUAL(lab_pvtlb(words, out, sizeof(out)), status);
	rows = rows_in_trace(out);
	snprintf(words, sizeof(words), "check %s", path);
	CU_ASSERT_EQUAL(lab_pvtlb(words, checked, sizeof(checked)), status);
	for (char *line = strtok_r(checked, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		const char *row = row_verdict(line);
		char *at = *row ? strstr(ran, row) : NULL;

		if (!at)
			continue;
		ran = at + strlen(row);
		same += *ran == '\n';
	}
	if (same != rows)
		printf("\n      pvtlb run %s: %u rows of %u: %.800s", args, same, rows, out);
	CU_ASSERT_TRUE(rows > 0 && same == rows);
}

/* The file without its line nr, from 1; or without all that follow it, too. */
static void cut_line(const char *from, const char *to, unsigned int nr, bool rest)
{
	FILE *in = fopen(from, "r"), *copy = fopen(to, "w");
	char line[4096];

	CU_ASSERT_FATAL(in && copy);
	for (unsigned int i = 1; fgets(line, sizeof(line), in) && (i < nr || !rest); i++)
		if (i != nr)
			fputs(line, copy);
	fclose(in);
	fclose(copy);
}

static void check_damaged(const char *words, const char *says)
{
	CU_ASSERT_EQUAL(lab_pvtlb(words, checked, sizeof(checked)), 1);
	if (!strstr(checked, says))
		printf("\n      pvtlb %s: %.300s", words, checked);
	CU_ASSERT_PTR_NOT_NULL(strstr(checked, says));
}

static void test_check(void)
{
	char dir[] = "/tmp/pvtlb-test-XXXXXX", good[64], cut[64], words[512], *ran;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	snprintf(good, sizeof(good), "%s/good", dir);
	snprintf(cut, sizeof(cut), "%s/cut", dir);

	check_again(good,
		    "shootdown --backend native --inject skip-ipi --paravirt y --invlpgb n --cpus 2", 1,
		    "CPU 1 ");
	CU_ASSERT_PTR_NOT_NULL(strstr(checked, " key,delivered,safe "));
	ran = why(out, " fail ");
	CU_ASSERT_TRUE(strlen(ran) > 40);
	CU_ASSERT_STRING_EQUAL(ran, why(checked, " fail "));
	check_again(good, "triple-fault --backend native --paravirt y --invlpgb n", 1,
		    "triple fault");
	CU_ASSERT_PTR_NOT_NULL(strstr(checked, "the run did not come to its end"));
	/* Applied by the VMM, which makes no event of it. */
	check_again(good,
		    "shootdown --backend pvtlb --inject hypercall-skip-target --invlpgb n --cpus 2 "
		    "--expect violation --trials 2",
		    0, "caught in 2 of 2 trials");
	check_again(good, "key --backend pvtlb --key on --invlpgb n", 1, "WRONGLY ON, forced");
	check_again(good, "collapse-vs-gup --backend pvtlb --policy v4 --invlpgb n", 1,
		    "read page table");
	check_again(good, "key --backend all", 0, "the backend was installed after");
	check_again(good, "shootdown --backend native --paravirt y --invlpgb n --cpus 2", 0,
		    "native flushes interrupt every target");

	snprintf(words, sizeof(words), "check %s /nonexistent %s", good, good);
	check_damaged(words, "/nonexistent: No such file");
	snprintf(words, sizeof(words), "check %s", cut);
	cut_line(good, cut, 20, true);
	check_damaged(words, " -                   unknown the file ends after line 19,");
	cut_line(good, cut, 20, false);
	check_damaged(words, " -                   unknown 1 events lost, 0 malformed");
	cut_line(good, cut, 1, false);
	check_damaged(words, "cut:1: expected '# pvtlb-trace 2 ...'");

	unlink(good);
	unlink(cut);
	rmdir(dir);
}

/* Whatever judge() takes into account is in a trace. */
static void test_check_same(void)
{
	static const struct {
		const char *args;
		int status;
	} cases[] = {
		{ "shootdown --key on --backend pvtlb --invlpgb n", 0 },
		{ "key --key on --backend pvtlb --invlpgb n", 1 },
		{ "shootdown --key off --backend native --invlpgb n", 0 },
		{ "key collapse-vs-gup --policy v4 --backend pvtlb --invlpgb n", 1 },
		{ "key collapse-vs-gup --policy always-sync", 0 },
		{ "rcu-walker --stress 1 --backend native --invlpgb n", 0 },
		{ "rcu-walker --stress 1 --seed 0xffffffffffffffff --backend native --invlpgb n", 0 },
		{ "rcu-walker-sync no-flush", 0 },
		{ "rcu-walker --expect violation --backend native --invlpgb n", 1 },
	};
	char dir[] = "/tmp/pvtlb-test-XXXXXX", path[64];

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/t", dir);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_same(path, cases[i].args, cases[i].status);
	unlink(path);
	rmdir(dir);
}

/* A disk that is full is not a trace. */
static void test_trace_full(void)
{
	CU_ASSERT_EQUAL(lab_pvtlb("run key --backend pvtlb --invlpgb n --trace /dev/full", out,
				  sizeof(out)), 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(out, "pvtlb: /dev/full: "));
}

/* Until the process has threads besides the first: its guest runs. At most a minute. */
static void wait_for_threads(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	for (int i = 0; i < 600; i++) {
		struct stat st;

		/* A directory's link count: itself, its parent, one for each thread. */
		if (!stat(path, &st) && st.st_nlink > 3)
			return;
		usleep(100000);
	}
	CU_FAIL("no guest came to run");
}

/* A run that is told to stop says so, fails, and leaves nothing behind. */
static void check_signal(int sig)
{
	int pipefd[2], status = 0;
	size_t n = 0;
	ssize_t got;
	pid_t pid;

	CU_ASSERT_EQUAL_FATAL(pipe(pipefd), 0);
	pid = fork();
	if (!pid) {
		dup2(pipefd[1], 1);
		dup2(pipefd[1], 2);
		close(pipefd[0]);
		execl(test_command, test_command, "run", "hang", "--timeout", "60", "--verbose", NULL);
		_exit(99);
	}
	close(pipefd[1]);
	wait_for_threads(pid);
	kill(pid, sig);
	while ((got = read(pipefd[0], out + n, sizeof(out) - 1 - n)) > 0)
		n += got;
	out[n] = 0;
	close(pipefd[0]);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != 99);
	CU_ASSERT_PTR_NOT_NULL(strstr(out, "ended by signal"));
}

static void test_signals(void)
{
	check_signal(SIGINT);
	check_signal(SIGTERM);
}

static void test_doctor(void)
{
	char *report = NULL;
	size_t len;
	FILE *to = open_memstream(&report, &len);

	CU_ASSERT_EQUAL(doctor(KVM_PATH, lab_images(), to), STATUS_OK);
	fclose(to);
	CU_ASSERT_PTR_NOT_NULL(strstr(report, "usable, API version 12"));
	CU_ASSERT_PTR_NOT_NULL(strstr(report, "KVM_CAP_IMMEDIATE_EXIT"));
	CU_ASSERT_PTR_NOT_NULL(strstr(report, "independent TLBs: "));
	CU_ASSERT_PTR_NULL(strstr(report, "not measured"));
	free(report);
}

static void test_preempted(void)
{
	char *report = NULL;
	size_t len;
	FILE *to = open_memstream(&report, &len);

	CU_ASSERT_EQUAL(doctor(KVM_PATH, lab_images(), to), STATUS_OK);
	fclose(to);
	CU_ASSERT_PTR_NOT_NULL(strstr(report, "set by KVM when a vCPU is preempted"));
	free(report);
}

/* A host that runs ring 0 natively is told from one that does not by two orders of magnitude. */
static void test_ring0(void)
{
	struct error err = { 0 };
	unsigned int turns = measure_ring0(&test_host, lab_images(), &err);

	printf("\n      a trip into ring 0: %u turns of a loop at ring 3", turns);
	CU_ASSERT_TRUE(turns > 0);
	CU_ASSERT_EQUAL(turns < RING0_INTERPRETED, host_shows(&test_host, SHOWS_RING0_NATIVE));
}

/* The number of TLBs a guest counts is the number that reports rely on. */
static void test_measured_tlbs(void)
{
	struct error err = { 0 };

	CU_ASSERT_EQUAL(measure_tlbs(&test_host, lab_images(), 12, &err), host_tlbs(&test_host, 12));
	CU_ASSERT_EQUAL(measure_tlbs(&test_host, lab_images(), 4, &err), 4);
	CU_ASSERT_EQUAL(err.status, 0);
}

SUITE(cli, false,
	{ "exit statuses and messages", test_statuses });

SUITE(cli_kvm, true,
	{ "exit statuses of runs", test_run_statuses },
	{ "JSON", test_json },
	{ "matrix", test_matrix },
	{ "trace and device tree files", test_files },
	{ "traces checked again", test_check },
	{ "check says what run said", test_check_same },
	{ "a trace that cannot be written", test_trace_full },
	{ "SIGINT and SIGTERM", test_signals },
	{ "doctor", test_doctor },
	{ "as many independent TLBs as claimed", test_measured_tlbs, NEEDS(SHOWS_STALE_LASTING) },
	{ "ring 0 and ring 3", test_ring0 },
	{ "a real preemption sets `preempted`", test_preempted, NEEDS(SHOWS_PREEMPTED) });
