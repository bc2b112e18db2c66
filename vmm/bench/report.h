/* SPDX-License-Identifier: GPL-2.0-only */
/* What benches found: printed as it comes, kept for JSON and for plots. */
#ifndef VMM_BENCH_REPORT_H
#define VMM_BENCH_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "bench/stats.h"
#include "kvm/host.h"

struct bench_report {
	FILE *to;     /* the table, in 80 columns; NULL: none */
	json_t *json; /* of schema 1 (docs/bench.md) */
	json_t *rows; /* of the bench that runs */
	FILE *plots;  /* a program for gnuplot; NULL: none */
	bool busy;    /* others load the host */
};

void bench_report_begin(struct bench_report *r, const struct host *host, FILE *to, FILE *plots);
/* A bench begins; what follows is its. */
void bench_head(struct bench_report *r, const char *name, const char *title);
/* A value in that unit, with its spread. what: up to 40 characters. */
void bench_value(struct bench_report *r, const char *what, const char *unit,
		 const struct samples *s);
/* One number that is exact, as a count is. */
void bench_count(struct bench_report *r, const char *what, double value);
/* a over b, unless the spread hides it: then it says so, and the number is nowhere. */
void bench_ratio(struct bench_report *r, const char *what, const struct samples *a,
		 const struct samples *b);
__attribute__((format(printf, 2, 3))) void bench_note(struct bench_report *r, const char *fmt, ...);
/* Write the JSON (json true) or what closes the table; free all. 0, or -1: not all was written. */
int bench_report_end(struct bench_report *r, FILE *json);

/* A picture: NAME.svg. Its lines follow, each with its points. */
void plot_begin(struct bench_report *r, const char *name, const char *title, const char *x,
		const char *y);
void plot_line(struct bench_report *r, const char *name);
void plot_point(struct bench_report *r, double x, const struct samples *s);
void plot_end(struct bench_report *r, const char *name, const char *const *line, unsigned int nr);

#endif
