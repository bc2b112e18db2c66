/* SPDX-License-Identifier: GPL-2.0-only */
/* What is to be learnt from a violation: what would have prevented it, what the harm is. */
#ifndef VMM_ORACLE_MORAL_H
#define VMM_ORACLE_MORAL_H

#include "oracle/violation.h"

/* Sentences, in buf, cut off at its length, and returned; NULL: there is none for its kind. */
const char *violation_instead(const struct violation *v, char *buf, size_t len);
const char *violation_harm(const struct violation *v, char *buf, size_t len);

#endif
