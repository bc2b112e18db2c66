/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvtlb doctor --report`: the same as text to be pasted into docs/tested-on.md. */
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "cli/doctor.h"

/* What /proc/cpuinfo calls the first CPU. */
static void cpu_model(char *buf, size_t len)
{
	FILE *from = fopen("/proc/cpuinfo", "r");
	char line[256];

	snprintf(buf, len, "unknown");
	while (from && fgets(line, sizeof(line), from)) {
		const char *value = strchr(line, ':');

		if (strncmp(line, "model name", 10) || !value)
			continue;
		line[strcspn(line, "\n")] = 0;
		snprintf(buf, len, "%.100s", value + 1 + strspn(value + 1, " "));
		break;
	}
	if (from)
		fclose(from);
}

/* A cell must not end its column. */
static const char *cell(char *text)
{
	for (char *at = text; *at; at++)
		if (*at == '|' || *at < ' ' || *at > '~')
			*at = '?';
	return text;
}

/* What a line of the report says behind its name; "-": there is no such line. */
static const char *said(const char *report, const char *name, char *buf, size_t len)
{
	const char *at = strstr(report, name);

	snprintf(buf, len, "-");
	if (at && (at == report || at[-1] == '\n')) {
		at += strlen(name);
		snprintf(buf, len, "%.*s", (int)strcspn(at, "\n"), at);
	}
	return cell(buf);
}

int doctor_report(const char *path, const struct images *images, bool sandbox, FILE *to)
{
	char model[128], kind[200], tlbs[200], ring0[200], preempted[200], *report = NULL;
	struct utsname kernel = { 0 };
	size_t len;
	FILE *memory = open_memstream(&report, &len);
	int status;

	if (!memory)
		abort();
	uname(&kernel);
	cpu_model(model, sizeof(model));
	status = doctor(path, images, sandbox, memory);
	fclose(memory);
	fprintf(to, "| CPU | kernel | kind | independent TLBs | ring 0 | `preempted` |\n"
		    "|---|---|---|---|---|---|\n");
	fprintf(to, "| %s | %s | %s | %s | %s | %s |\n\n", cell(model), cell(kernel.release),
		said(report, "kind: ", kind, sizeof(kind)),
		said(report, "independent TLBs: ", tlbs, sizeof(tlbs)),
		said(report, "ring 0: ", ring0, sizeof(ring0)),
		said(report, "steal time `preempted`: ", preempted, sizeof(preempted)));
	fprintf(to, "```\n%s```\n", report);
	free(report);
	return status;
}
