/* SPDX-License-Identifier: GPL-2.0-only */
/* What benches found, as a table in 80 columns and as JSON. */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

#include "bench/report.h"

/* More than half of a CPU is somebody else's: figures are worth less. */
#define BUSY_LOAD 0.5

void bench_report_begin(struct bench_report *r, const struct host *host, FILE *to, FILE *plots)
{
	double load = -1;

	if (getloadavg(&load, 1) < 1)
		load = -1;
	*r = (struct bench_report){ .to = to, .plots = plots, .busy = load > BUSY_LOAD };
	r->json = json_pack("{s:i, s:{s:s, s:i, s:b, s:f}, s:[]}", "schema", 1, "host", "kind",
			    host_kind_names[host->kind], "cpus", host->nr_cpus, "emulated",
			    host->emulated, "load", load, "benches");
	if (!r->json)
		abort();
	if (!to)
		return;
	fprintf(to, "host: %s, %d CPUs, load %.1f as it begins%s\n", host_kind_names[host->kind],
		host->nr_cpus, load, r->busy ? "; others load this machine" : "");
	fprintf(to, "a median (its quartiles) of rounds that alternate; threads are pinned\n");
}

void bench_head(struct bench_report *r, const char *name, const char *title)
{
	json_t *rows = json_array(), *bench;

	bench = json_pack("{s:s, s:s, s:o}", "name", name, "title", title, "rows", rows);
	if (!bench || json_array_append_new(json_object_get(r->json, "benches"), bench))
		abort();
	r->rows = rows;
	if (r->to)
		fprintf(r->to, "\n%s: %s\n", name, title);
}

static void keep(struct bench_report *r, json_t *row)
{
	if (!row || json_array_append_new(r->rows, row))
		abort();
	if (r->to)
		fflush(r->to);
}

void bench_value(struct bench_report *r, const char *what, const char *unit,
		 const struct samples *s)
{
	struct spread v = samples_spread(s);

	if (r->to)
		fprintf(r->to, "  %-40.40s %9.4g %-3.3s (%.4g to %.4g)\n", what, v.median, unit,
			v.low, v.high);
	keep(r, json_pack("{s:s, s:s, s:f, s:f, s:f, s:I}", "what", what, "unit", unit, "median",
			  v.median, "low", v.low, "high", v.high, "samples", (json_int_t)s->nr));
}

void bench_count(struct bench_report *r, const char *what, double value)
{
	if (r->to)
		fprintf(r->to, "  %-40.40s %9.0f\n", what, value);
	keep(r, json_pack("{s:s, s:s, s:f}", "what", what, "unit", "count", "value", value));
}

void bench_ratio(struct bench_report *r, const char *what, const struct samples *a,
		 const struct samples *b)
{
	struct spread v = { NAN, NAN, NAN };
	bool taken = samples_ratio(a, b, &v), hidden = !taken || spread_hides(&v);

	if (r->to && !taken)
		fprintf(r->to, "  %-40.40s    hidden     (too few rounds)\n", what);
	else if (r->to && hidden)
		fprintf(r->to, "  %-40.40s    hidden     (%.3g to %.3g)\n", what, v.low, v.high);
	else if (r->to)
		fprintf(r->to, "  %-40.40s %9.3g x   (%.3g to %.3g)\n", what, v.median, v.low,
			v.high);
	if (!taken)
		keep(r, json_pack("{s:s, s:s, s:b}", "what", what, "unit", "x", "hidden", true));
	else if (hidden)
		keep(r, json_pack("{s:s, s:s, s:b, s:f, s:f}", "what", what, "unit", "x", "hidden",
				  true, "low", v.low, "high", v.high));
	else
		keep(r,
		     json_pack("{s:s, s:s, s:b, s:f, s:f, s:f}", "what", what, "unit", "x",
			       "hidden", false, "median", v.median, "low", v.low, "high", v.high));
}

void bench_note(struct bench_report *r, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		abort();
	va_end(args);
	if (r->to)
		fprintf(r->to, "  %s\n", text);
	keep(r, json_pack("{s:s}", "note", text));
	free(text);
}

int bench_report_end(struct bench_report *r, FILE *json)
{
	int ret = 0;

	if (json)
		ret = json_dumpf(r->json, json, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) ||
		      putc('\n', json) == EOF;
	json_decref(r->json);
	return ret ? -1 : 0;
}
