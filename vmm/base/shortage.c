/* SPDX-License-Identifier: GPL-2.0-only */
/* What is refused for lack of a resource: a failure, and which limit to raise. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/shortage.h"

static const struct shortage {
	int errnum, limit; /* limit: RLIMIT_*, or -1 */
	const char *what;  /* to do; up to where the limit is told */
} shortages[] = {
	{ EMFILE, RLIMIT_NOFILE, "raise the limit of open files (ulimit -n" },
	{ ENFILE, -1, "raise the machine's limit of open files (sysctl fs.file-max" },
	{ EAGAIN, RLIMIT_NPROC, "raise the limit of processes and threads (ulimit -u" },
	{ ENOMEM, RLIMIT_AS, "more memory is needed (a control group's limit, or ulimit -v" },
};

static const struct shortage *shortage(int errnum)
{
	for (size_t i = 0; i < sizeof(shortages) / sizeof(shortages[0]); i++)
		if (shortages[i].errnum == errnum)
			return &shortages[i];
	return NULL;
}

bool is_shortage(int errnum)
{
	return shortage(errnum);
}

/* ", now 16)", or that it is not known. */
static const char *limit_now(int limit, char *buf, size_t len)
{
	struct rlimit now;

	if (limit < 0 || getrlimit(limit, &now))
		snprintf(buf, len, ")");
	else if (now.rlim_cur == RLIM_INFINITY)
		snprintf(buf, len, ", now unlimited)");
	else
		snprintf(buf, len, ", now %llu)", (unsigned long long)now.rlim_cur);
	return buf;
}

int fail_errno(struct error *err, int status, int errnum, const char *fmt, ...)
{
	const struct shortage *s = shortage(errnum);
	char *what, now[40];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&what, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	if (s)
		fail(err, STATUS_FAIL, "%s: %s: %s%s", what, strerror(errnum), s->what,
		     limit_now(s->limit, now, sizeof(now)));
	else
		fail(err, status, "%s: %s", what, strerror(errnum));
	free(what);
	return -1;
}
