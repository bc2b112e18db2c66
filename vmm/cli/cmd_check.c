/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvtlb check`: traces judged again. */
#include <stdio.h>
#include <string.h>

#include "base/signals.h"
#include "base/stream.h"
#include "cli/command.h"
#include "judge/check.h"

/* "-": standard input. What goes wrong with a file is said and does not end the command. */
static int check_path(const char *path)
{
	bool is_stdin = !strcmp(path, "-");
	FILE *from = is_stdin ? stdin : stream_read(path);
	struct error err = { 0 };
	int status = check_file(from, is_stdin ? "standard input" : path, stdout, &err);

	if (err.status)
		complain(&err);
	if (from && !is_stdin)
		fclose(from);
	return status;
}

int cmd_check(const struct command_line *cl, const struct images *images)
{
	struct error err = { 0 };
	int status = STATUS_OK;

	(void)images;
	if (!cl->nr_words)
		fail(&err, STATUS_USAGE, "check: no trace named; see: pvtlb check --help");
	for (unsigned int i = 0, nr = 0; i < cl->nr_words; i++)
		if (!*cl->word[i])
			fail(&err, STATUS_USAGE, "check: an empty word names no trace");
		else if (!strcmp(cl->word[i], "-") && nr++)
			fail(&err, STATUS_USAGE, "check: - is there twice, and standard input can be "
						 "read once");
	if (err.status)
		return complain(&err);
	for (unsigned int i = 0; i < cl->nr_words && !signals_caught(); i++)
		status = status_merge(status, check_path(cl->word[i]), !i);
	return status;
}
