/* SPDX-License-Identifier: GPL-2.0-only */
/* --nested: the command in an emulated machine with a KVM (vmm/nested/run.sh). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/nested.h"

/* The script that does it: beside us when built, under ../lib/pvtlb when installed. */
static const char *nested_script(char *path, size_t len)
{
	static const char *const places[] = { "nested/run.sh", "../lib/pvtlb/nested/run.sh" };
	char exe[4096] = "";
	char *slash;

	if (readlink("/proc/self/exe", exe, sizeof(exe) - 1) < 0)
		return NULL;
	slash = strrchr(exe, '/');
	slash[1] = 0;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if ((size_t)snprintf(path, len, "%s%s", exe, places[i]) < len && !access(path, R_OK))
			return path;
	}
	return NULL;
}

/* --nested, --nested=KIND; an abbreviation means nothing inside, which is not nested itself. */
static bool is_nested(const char *word)
{
	static const char option[] = "--nested";
	const size_t len = sizeof(option) - 1;

	return !strncmp(word, option, len) && (!word[len] || word[len] == '=');
}

int run_nested(int argc, char **argv, const char *kind, const char *kernel)
{
	char **words = calloc(argc + 4, sizeof(*words));
	struct error err = { 0 };
	char path[4200];
	int n = 0;

	if (!words || !nested_script(path, sizeof(path))) {
		fail(&err, STATUS_SKIP, "no nested/run.sh beside pvtlb; try: make nested");
		free(words);
		return complain(&err);
	}
	if ((kernel ? setenv("PVTLB_NESTED_IMAGE", kernel, 1) : unsetenv("PVTLB_NESTED_IMAGE")) ||
	    setenv("PVTLB_NESTED_KIND", kind, 1))
		abort();
	words[n++] = (char[]){ "sh" };
	words[n++] = path;
	words[n++] = (char[]){ "pvtlb" };
	for (int i = 1; i < argc; i++)
		if (!is_nested(argv[i]))
			words[n++] = argv[i];
	execv("/bin/sh", words);
	fail(&err, STATUS_SKIP, "/bin/sh: %s", strerror(errno));
	free(words);
	return complain(&err);
}
