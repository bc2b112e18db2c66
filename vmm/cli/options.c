/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line of `pvtlb run`. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/options.h"
#include "pvtlb/types.h"

enum {
	OPT_BACKEND = 256,
	OPT_CPUS,
	OPT_KEY,
	OPT_POLICY,
	OPT_STRESS,
	OPT_SEED,
	OPT_PARAVIRT,
	OPT_INVLPGB,
	OPT_INSTALL,
	OPT_PROVIDER,
	OPT_INJECT,
	OPT_EXPECT,
	OPT_TRIALS,
	OPT_TIMEOUT,
	OPT_NO_PIN,
	OPT_TRACE,
	OPT_DUMP_DTB,
	OPT_DTB,
	OPT_IMAGE_PV,
	OPT_IMAGE_NOPV,
	OPT_KVM,
	OPT_NESTED,
	OPT_JSON,
	OPT_MATRIX,
	OPT_VERBOSE,
	OPT_HELP,
};

/* One table for the parser and the help. */
static const struct {
	const char *name;
	int id;
	const char *arg; /* NULL: none */
	const char *help;
} table[] = {
	{ "backend", OPT_BACKEND, "NAME|all", "how flushes are delivered (default all)" },
	{ "cpus", OPT_CPUS, "N[,N...]", "CPUs of the guest, 1 to 255 (default 4)" },
	{ "key", OPT_KEY, "auto|on|off", "leave native_pv_tlb_init()'s decision, or force it" },
	{ "policy", OPT_POLICY, "NAME[,NAME...]|all",
	  "who decides about the sync (default patch); see: pvtlb list, docs/policies.md" },
	{ "paravirt", OPT_PARAVIRT, "y|n", "only the image with this CONFIG_PARAVIRT" },
	{ "invlpgb", OPT_INVLPGB, "y|n", "only with INVLPGB shown in CPUID, or not" },
	{ "install", OPT_INSTALL, "boot|late",
	  "only backends that install before native_pv_tlb_init(), or after" },
	{ "provider", OPT_PROVIDER, "vmm|host", "only backends served by this one" },
	{ "inject", OPT_INJECT, "FAULT", "do something wrong on purpose; see: pvtlb list" },
	{ "expect", OPT_EXPECT, "hold|violation", "what the claim is: a control expects a violation" },
	{ "trials", OPT_TRIALS, "N", "repeat the scenario N times in one boot (default 1)" },
	{ "stress", OPT_STRESS, "SECONDS",
	  "let walks and table changes race freely for so long instead of holding CPUs; scenarios "
	  "that walk only" },
	{ "seed", OPT_SEED, "N", "of --stress's delays (default 1)" },
	{ "timeout", OPT_TIMEOUT, "SECONDS", "end a guest that makes no event for so long (default 10)" },
	{ "no-pin", OPT_NO_PIN, NULL, "do not pin vCPU threads to host CPUs" },
	{ "trace", OPT_TRACE, "FILE", "write every event, in order, as text" },
	{ "dump-dtb", OPT_DUMP_DTB, "FILE", "write the (last) guest's device tree" },
	{ "dtb", OPT_DTB, "FILE", "give the guest this tree: a dumped one, perhaps with more in it" },
	{ "image-pv", OPT_IMAGE_PV, "FILE", "guest with CONFIG_PARAVIRT (default: the one built or installed with pvtlb)" },
	{ "image-nopv", OPT_IMAGE_NOPV, "FILE", "guest without" },
	{ "kvm", OPT_KVM, "PATH", "device node (default " KVM_PATH ")" },
	{ "nested", OPT_NESTED, NULL, "run all this in an emulated machine with kvm-amd" },
	{ "json", OPT_JSON, NULL, "results as JSON (docs/json.md)" },
	{ "matrix", OPT_MATRIX, NULL, "results as scenarios against backends, when all have ended" },
	{ "verbose", OPT_VERBOSE, NULL, "every site and every violation" },
	{ "help", OPT_HELP, NULL, "this" },
};
#define NR_OPTIONS (sizeof(table) / sizeof(table[0]))

void options_help(FILE *to)
{
	for (size_t i = 0; i < NR_OPTIONS; i++) {
		char left[48];

		snprintf(left, sizeof(left), "--%s%s%s", table[i].name, table[i].arg ? " " : "",
			 table[i].arg ? table[i].arg : "");
		fprintf(to, "  %-29s %s\n", left, table[i].help);
	}
}

static int bad_value(struct error *err, int id, const char *value)
{
	for (size_t i = 0; i < NR_OPTIONS; i++)
		if (table[i].id == id)
			return fail(err, STATUS_USAGE, "--%s: '%s' is not %s", table[i].name, value,
				    table[i].arg);
	return -1;
}

/* Index of a word in a list, or -1. */
static int word(const char *value, const char *const *list, int nr)
{
	for (int i = 0; i < nr; i++)
		if (!strcmp(value, list[i]))
			return i;
	return -1;
}

static int number(const char *value, unsigned long min, unsigned long max, unsigned int *out)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(value, &end, 10);
	if (errno || end == value || *end || *value == '-' || n < min || n > max)
		return -1;
	*out = n;
	return 0;
}

static int number64(const char *value, uint64_t *out)
{
	unsigned long long n;
	char *end;

	errno = 0;
	n = strtoull(value, &end, strncmp(value, "0x", 2) ? 10 : 16);
	if (errno || end == value || *end || strchr(value, '-'))
		return -1;
	*out = n;
	return 0;
}

static int cpu_list(struct run_options *run, const char *value)
{
	char copy[256], *save, *item;

	if (strlen(value) >= sizeof(copy))
		return -1;
	strcpy(copy, value);
	run->nr_cpus = 0;
	for (item = strtok_r(copy, ",", &save); item; item = strtok_r(NULL, ",", &save)) {
		if (run->nr_cpus == RUN_MAX_LIST ||
		    number(item, 1, PVTLB_MAX_CPUS, &run->cpus[run->nr_cpus]))
			return -1;
		run->nr_cpus++;
	}
	return run->nr_cpus ? 0 : -1;
}

/* The names are checked against the image, which is not read yet. */
static int policy_list(struct command_line *cl, const char *value)
{
	struct run_options *run = &cl->run;
	char *item;

	run->nr_policies = 0;
	run->all_policies = !strcmp(value, "all");
	if (run->all_policies)
		return 0;
	if (strlen(value) >= sizeof(cl->policies))
		return -1;
	strcpy(cl->policies, value);
	for (char *rest = cl->policies; (item = strsep(&rest, ","));) {
		if (!*item || run->nr_policies == RUN_MAX_LIST)
			return -1;
		run->policy[run->nr_policies++] = item;
	}
	return 0;
}

static int choice(const char *value, const char *const *words, enum choice *out)
{
	int i = word(value, words, 2);

	*out = i ? CHOICE_YES : CHOICE_NO;
	return i < 0 ? -1 : 0;
}

static int apply(struct command_line *cl, int id, const char *value)
{
	static const char *const no_yes[] = { "n", "y" };
	static const char *const installs[] = { "boot", "late" };
	static const char *const expects[] = { "hold", "violation" };
	static const char *const providers[] = { "vmm", "host" };
	struct run_options *run = &cl->run;
	int i;

	switch (id) {
	case OPT_BACKEND:
		run->backend = strcmp(value, "all") ? value : NULL;
		return 0;
	case OPT_CPUS:
		return cpu_list(run, value);
	case OPT_KEY:
		i = word(value, key_request_names, KEY_REQUESTS);
		run->base.key = i < 0 ? KEY_AUTO : (enum key_request)i;
		return i < 0 ? -1 : 0;
	case OPT_POLICY:
		return policy_list(cl, value);
	case OPT_STRESS:
		return number(value, 1, 3600, &run->base.stress);
	case OPT_SEED:
		return number64(value, &run->base.seed);
	case OPT_PARAVIRT:
		return choice(value, no_yes, &run->paravirt);
	case OPT_INVLPGB:
		return choice(value, no_yes, &run->invlpgb);
	case OPT_INSTALL:
		return choice(value, installs, &run->late);
	case OPT_PROVIDER:
		run->provider = value;
		return word(value, providers, 2) < 0 ? -1 : 0;
	case OPT_INJECT:
		i = word(value, fault_names, PVTLB_FAULT_NR);
		run->base.fault = i < 0 ? PVTLB_FAULT_NONE : (enum pvtlb_fault)i;
		return i < 0 ? -1 : 0;
	case OPT_EXPECT:
		i = word(value, expects, 2);
		run->base.expect_violation = i == 1;
		run->expect_given = true;
		return i < 0 ? -1 : 0;
	case OPT_TRIALS:
		return number(value, 1, 1000000, &run->base.trials);
	case OPT_TIMEOUT:
		return number(value, 1, 86400, &run->base.timeout);
	case OPT_NO_PIN:
		run->base.no_pin = true;
		return 0;
	case OPT_TRACE:
		cl->trace = value;
		return 0;
	case OPT_DUMP_DTB:
		cl->dump_dtb = value;
		return 0;
	case OPT_DTB:
		cl->dtb = value;
		return 0;
	case OPT_IMAGE_PV:
		cl->image[1] = value;
		return 0;
	case OPT_IMAGE_NOPV:
		cl->image[0] = value;
		return 0;
	case OPT_KVM:
		cl->kvm = value;
		return 0;
	case OPT_NESTED:
		cl->nested = true;
		return 0;
	case OPT_JSON:
		cl->json = true;
		return 0;
	case OPT_MATRIX:
		cl->matrix = true;
		return 0;
	case OPT_VERBOSE:
		cl->verbose = true;
		return 0;
	case OPT_HELP:
		cl->help = true;
		return 0;
	}
	return -1;
}

/* The images lie beside the program, or under ../lib/pvtlb of an installed one. */
static void default_images(struct command_line *cl)
{
	static const char *const names[] = { "guest-nopv.elf", "guest-pv.elf" };
	static const char *const dirs[] = { "", "../lib/pvtlb/" };
	char exe[PATH_MAX] = "";
	char *slash;

	if (readlink("/proc/self/exe", exe, sizeof(exe) - 1) < 0)
		exe[0] = 0;
	slash = strrchr(exe, '/');
	if (slash)
		slash[1] = 0;
	for (int pv = 0; pv < 2; pv++) {
		for (int d = 1; d >= 0; d--) {
			snprintf(cl->image_path[pv], sizeof(cl->image_path[pv]), "%.3000s%s%s", exe,
				 dirs[d], names[pv]);
			if (!access(cl->image_path[pv], R_OK))
				break;
		}
		cl->image[pv] = cl->image_path[pv];
	}
}

int options_parse(struct command_line *cl, int argc, char **argv, struct error *err)
{
	struct option longopts[NR_OPTIONS + 1] = { 0 };
	int id;

	*cl = (struct command_line){
		.kvm = KVM_PATH,
		.run = {
			.cpus = { 4 },
			.nr_cpus = 1,
			.base = { .trials = 1, .timeout = 10, .seed = 1 },
		},
	};
	default_images(cl);
	for (size_t i = 0; i < NR_OPTIONS; i++)
		longopts[i] = (struct option){ table[i].name,
					       table[i].arg ? required_argument : no_argument, NULL,
					       table[i].id };
	opterr = 0;
	optind = 0;
	while ((id = getopt_long(argc, argv, ":hv", longopts, NULL)) != -1) {
		if (id == 'h' || id == 'v')
			id = id == 'h' ? OPT_HELP : OPT_VERBOSE;
		if (id == '?')
			return fail(err, STATUS_USAGE, "unknown option %s; see: pvtlb --help",
				    argv[optind - 1]);
		if (id == ':')
			return fail(err, STATUS_USAGE, "%s needs a value; see: pvtlb --help",
				    argv[optind - 1]);
		if (apply(cl, id, optarg))
			return bad_value(err, id, optarg);
	}
	for (; optind < argc; optind++) {
		if (cl->run.nr_scenarios == RUN_MAX_LIST)
			return fail(err, STATUS_USAGE, "too many scenarios");
		cl->run.scenario[cl->run.nr_scenarios++] = argv[optind];
	}
	if (cl->json && cl->matrix)
		return fail(err, STATUS_USAGE, "--json and --matrix exclude each other");
	/* Inside of it there is nothing to nest. */
	if (getenv("PVTLB_EMULATED"))
		cl->nested = false;
	if (cl->nested && (cl->trace || cl->dump_dtb || cl->dtb || strcmp(cl->kvm, KVM_PATH) ||
			   cl->image[0] != cl->image_path[0] || cl->image[1] != cl->image_path[1]))
		return fail(err, STATUS_USAGE,
			    "--nested: the emulated machine has files and a /dev/kvm of its own; leave "
			    "out --trace, --dump-dtb, --dtb, --image-pv, --image-nopv and --kvm");
	return 0;
}
