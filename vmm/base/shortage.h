/* SPDX-License-Identifier: GPL-2.0-only */
/* What is refused for lack of a resource: a failure, and which limit to raise. */
#ifndef VMM_SHORTAGE_H
#define VMM_SHORTAGE_H

#include <stdbool.h>

#include "base/error.h"

/* Is that errno one of a shortage: of open files, of processes, of memory? */
bool is_shortage(int errnum);

/*
 * What was tried, in the form's words, has failed with that errno. Of a shortage it is a failure
 * that names the limit to raise; of anything else a status of the caller's, as a skip for what
 * this host cannot do. Returns -1.
 */
__attribute__((format(printf, 4, 5))) int fail_errno(struct error *err, int status, int errnum,
						     const char *fmt, ...);

#endif
