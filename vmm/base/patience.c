/* SPDX-License-Identifier: GPL-2.0-only */
/* For how long something that takes long may go on: so many seconds, and until a signal. */
#include <time.h>

#include "base/patience.h"
#include "base/signals.h"

double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

struct patience patience_begin(double seconds)
{
	return (struct patience){ .left = seconds, .last = seconds_now() };
}

bool patience_over(struct patience *patience)
{
	double now = seconds_now(), passed = now - patience->last;

	patience->last = now;
	patience->left -= passed < PATIENCE_GAP ? passed : PATIENCE_GAP;
	patience->over |= patience->left < 0 || signals_caught();
	return patience->over;
}
