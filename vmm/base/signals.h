/* SPDX-License-Identifier: GPL-2.0-only */
/* SIGINT and SIGTERM: caught, so that what goes on can end in good order. */
#ifndef VMM_SIGNALS_H
#define VMM_SIGNALS_H

/* Catch them from now on. Once per process. A second one kills, whatever we are at. */
void signals_init(void);
/* The signal that was caught, or 0. */
int signals_caught(void);

#endif
