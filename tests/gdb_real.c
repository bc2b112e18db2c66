/* SPDX-License-Identifier: GPL-2.0-only */
/* gdb itself on pvtlb run --gdb: what docs/gdb.md shows, and what becomes of the run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc_examples.h"
#include "gdb_client.h"
#include "lab.h"
#include "unit_util.h"

#define RUN "run collapse-vs-gup --backend native --cpus 3 --trials 1 --table --gdb 0"

static char printed[1 << 16];

static bool there_is_gdb(void)
{
	if (!system("command -v gdb >/dev/null"))
		return true;
	test_skipped("no gdb here (Debian package gdb)");
	return false;
}

/*
 * Run gdb on the image with these commands, a line each, without a single quote. It echoes them
 * after a "+", and goes on behind one that fails.
 */
static void gdb_runs(const char *commands, unsigned int port)
{
	char command[8192];
	FILE *from;
	size_t len;

	snprintf(command, sizeof(command),
		 "timeout 100 gdb -nx -batch -iex 'set trace-commands on' -ex 'target remote :%u'",
		 port);
	for (const char *line = commands; *line; line = strchr(line, '\n') + 1) {
		len = strlen(command);
		snprintf(command + len, sizeof(command) - len, " -ex '%.*s'",
			 (int)strcspn(line, "\n"), line);
	}
	len = strlen(command);
	snprintf(command + len, sizeof(command) - len, " %s 2>&1 </dev/null", test_image_pv);
	from = popen(command, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(from);
	len = fread(printed, 1, sizeof(printed) - 1, from);
	printed[len] = 0;
	pclose(from);
}

/* Run both; the command ends with this status and says so. */
static void session(const char *args, const char *commands, int status, const char *says)
{
	struct gdb_client c;
	int got;

	gdb_client_start(&c, args);
	gdb_runs(commands, c.port);
	got = gdb_client_end(&c);
	EXPECT(got == status && strstr(c.said, says),
	       "ended with %d, not %d, or without '%s': %.300s", got, status, says, c.said);
	gdb_client_free(&c);
}

/* gdb has printed these, in this order. */
static void in_order(const char *const *wanted)
{
	for (const char *at = printed; *wanted; wanted++) {
		const char *found = strstr(at, *wanted);

		if (!EXPECT(found, "not there, or not there any more: %s", *wanted)) {
			test_say("%s", printed);
			return;
		}
		at = found + strlen(*wanted);
	}
}

static void walker(void)
{
	static const char commands[] =
		"break gup_fast thread 3\n"
		"continue\n"
		"bt\n"
		"info threads\n"
		"x/i $pc\n"
		"set $before = $pc\n"
		"stepi\n"
		"p $pc != $before\n"
		"p/x *(unsigned long *)(0xffff888000000000 + ($cr3 & ~0xfffUL)) & 0\n"
		"x/8xb 0\n"
		"delete\n"
		"continue\n";
	static const char *const wanted[] = {
		"startup () at",
		"Breakpoint 1 at",
		"Thread 3 hit Breakpoint 1, gup_fast",
		"#0  gup_fast",
		"in scn_gup",
		"in run_scenario",
		"start_secondary (cpu=2)",
		"Thread 1 (CPU 0)",
		"* 3    Thread 3 (CPU 2)",
		"<gup_fast",
		"$1 = 1",
		"$2 = 0x0",
		"Cannot access memory at address 0x0",
		"exited normally",
		NULL,
	};

	if (!there_is_gdb())
		return;
	session(RUN, commands, 0, "pass");
	in_order(wanted);
}

/* What gdb does when it is left in the middle, and what it has no way to do. */
static void leaving(void)
{
	static const char *const watch[] = { "exited normally", NULL };
	static const char *const none[] = { "Cannot insert hardware breakpoint", NULL };
	static const char *const killed[] = { "[Inferior 1 (Remote target) killed]", NULL };

	if (!there_is_gdb())
		return;
	session(RUN, "break gup_fast\ncontinue\n", 0, "pass");
	session(RUN, "hbreak gup_fast\ncontinue\ndelete\ncontinue\n", 0, "pass");
	in_order(none);
	session(RUN, "tbreak gup_fast\ncontinue\nfinish\ncontinue\n", 0, "pass");
	in_order(watch);
	session(RUN, "set confirm off\nbreak gup_fast\ncontinue\nkill\n", 1, "ended by gdb");
	in_order(killed);
	session(RUN, "break gup_fast\ncontinue\nset var $r11 = $r11 ^ 1\ndelete\ncontinue\n", 1,
		"gdb has changed the guest's registers");
}

/* The session of the page: "(gdb) " lines are commands; gdb echoes what it is given after "+". */
static void page(void)
{
	static char text[1 << 16], shown[1 << 16], commands[1 << 12], where[64];
	FILE *from = fopen("docs/gdb.md", "r");
	char *at, *end, *line;
	struct gdb_client c;

	if (!there_is_gdb()) {
		if (from)
			fclose(from);
		return;
	}
	CU_ASSERT_PTR_NOT_NULL_FATAL(from);
	text[fread(text, 1, sizeof(text) - 1, from)] = 0;
	fclose(from);
	at = strstr(text, "```gdb\n");
	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	at = strchr(at, '\n') + 1;
	end = strstr(at, "```");
	CU_ASSERT_PTR_NOT_NULL_FATAL(end);
	*end = 0;
	*shown = *commands = 0;
	while ((line = strsep(&at, "\n"))) {
		bool command = !strncmp(line, "(gdb) ", 6);

		/* Which port is ours to say. */
		if (command && !strncmp(line + 6, "target remote", 13)) {
			strcat(shown, "+target remote ...\n");
			continue;
		}
		snprintf(shown + strlen(shown), sizeof(shown) - strlen(shown), "%s%s\n",
			 command ? "+" : "", line + (command ? 6 : 0));
		if (command)
			snprintf(commands + strlen(commands), sizeof(commands) - strlen(commands),
				 "%s\n", line + 6);
	}
	gdb_client_start(&c, RUN);
	gdb_runs(commands, c.port);
	EXPECT(!gdb_client_end(&c), "%.300s", c.said);
	gdb_client_free(&c);
	if (!EXPECT(doc_shown_agrees(shown, printed, where, sizeof(where)),
		    "docs/gdb.md: gdb prints otherwise, from here on: %s", where))
		test_say("%s", printed);
}

SUITE(gdb_real, true, { "a walker, by gdb", walker }, { "leaving, and what cannot be", leaving },
      { "the session of docs/gdb.md", page });
