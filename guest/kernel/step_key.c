/* SPDX-License-Identifier: GPL-2.0-only */
/* Stepped mode: is it on? In a file of its own, as all others ask, and kernel/step.c needs some. */
#include <linux/step.h>

DEFINE_STATIC_KEY_FALSE(step_key);
