/* SPDX-License-Identifier: GPL-2.0-only */
/* How far an exploration is. */
#include <stdarg.h>
#include <unistd.h>

#include "explore/headway.h"

/* Seconds between two of them. */
#define ON_TERMINAL 1
#define ELSEWHERE   10

struct headway headway_to(FILE *to)
{
	const bool terminal = to && isatty(fileno(to));

	return (struct headway){ .to = to,
				 .terminal = terminal,
				 .next = terminal ? ON_TERMINAL : ELSEWHERE };
}

static void add(char *buf, size_t len, size_t *n, const char *format, ...)
{
	va_list args;
	int more;

	va_start(args, format);
	more = vsnprintf(buf + *n, len - *n, format, args);
	va_end(args);
	*n += more < 0 ? 0 : (size_t)more;
	if (*n >= len)
		*n = len - 1;
}

const char *headway_line(const struct headway_state *s, char *buf, size_t len)
{
	size_t n = 0;

	add(buf, len, &n, "%s: %llu schedules, %.0f/s, %llu streams", s->doing,
	    (unsigned long long)s->schedules, s->seconds > 0 ? s->schedules / s->seconds : 0,
	    (unsigned long long)s->streams);
	if (s->of)
		add(buf, len, &n, "; first switch %zu/%zu", s->first, s->of);
	/* More would be said than is known. */
	if (s->done > 0.01)
		add(buf, len, &n, "; %.0f %%, ~%.0f s left", 100 * s->done, s->left);
	if (s->workers > 1)
		add(buf, len, &n, "; 1 of %u workers", s->workers);
	return buf;
}

void headway_show(struct headway *p, const struct headway_state *state)
{
	char line[160];

	if (!p->to || state->seconds < p->next)
		return;
	p->next = state->seconds + (p->terminal ? ON_TERMINAL : ELSEWHERE);
	headway_line(state, line, sizeof(line));
	fprintf(p->to, p->terminal ? "\r%.79s\033[K" : "%s\n", line);
	fflush(p->to);
	p->shown = true;
}

void headway_end(struct headway *p)
{
	if (!p->shown || !p->terminal)
		return;
	fprintf(p->to, "\r\033[K");
	fflush(p->to);
}
