/* SPDX-License-Identifier: GPL-2.0-only */
/* For how long something that takes long may go on: so many seconds, and until a signal. */
#ifndef VMM_PATIENCE_H
#define VMM_PATIENCE_H

#include <stdbool.h>

/* Of the monotonic clock. */
double seconds_now(void);

/*
 * Whoever works asks often whether to go on. Where two such looks are further apart than that, in
 * seconds, the process was stopped meanwhile, or got no CPU: the rest does not count.
 */
#define PATIENCE_GAP 1.0

struct patience {
	double left, last; /* seconds */
	bool over;	   /* it was asked, and that was the answer */
};

/* seconds: INFINITY for until a signal alone. */
struct patience patience_begin(double seconds);
/* Is it to end: by now, or because the process was told to? Once it is, it stays so. */
bool patience_over(struct patience *patience);

#endif
