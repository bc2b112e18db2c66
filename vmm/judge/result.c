/* SPDX-License-Identifier: GPL-2.0-only */
/* The result of a run: what a report is made from. */
#include <stdlib.h>

#include "judge/order.h"
#include "judge/result.h"

struct run_result *result_get(void)
{
	struct run_result *result = calloc(1, sizeof(*result));

	if (!result)
		abort();
	return result;
}

void result_put(struct run_result *result)
{
	run_result_free(result);
	free(result);
}

void run_result_free(struct run_result *result)
{
	free(result->report);
	result->report = NULL;
	order_free(result->order);
	result->order = NULL;
}
