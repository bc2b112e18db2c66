/* SPDX-License-Identifier: GPL-2.0-only */
/* Plots, as a program for gnuplot that has its data in it. */
#include "bench/report.h"

void plot_begin(struct bench_report *r, const char *name, const char *title, const char *x,
		const char *y)
{
	if (!r->plots)
		return;
	fprintf(r->plots,
		"reset\nset terminal svg size 720,440 font 'sans-serif,12' background 'white'\n"
		"set output '%s.svg'\nset title \"%s\"\nset xlabel '%s'\nset ylabel '%s'\n"
		"set logscale xy 2\nset format y '%%g'\nset key left top\nset grid\nset bars "
		"small\n",
		name, title, x, y);
}

void plot_line(struct bench_report *r, const char *name)
{
	if (r->plots)
		fprintf(r->plots, "%s << EOD\n", name);
}

void plot_point(struct bench_report *r, double x, const struct samples *s)
{
	struct spread v = samples_spread(s);

	if (r->plots)
		fprintf(r->plots, "%g %g %g %g\n", x, v.median, v.low, v.high);
}

void plot_end(struct bench_report *r, const char *name, const char *const *line, unsigned int nr)
{
	(void)name;
	if (!r->plots)
		return;
	for (unsigned int i = 0; i < nr; i++)
		fprintf(r->plots, "%s $d%u using 1:2:3:4 with yerrorlines title '%s'",
			i ? "," : "plot", i, line[i]);
	fprintf(r->plots, "\n");
}
