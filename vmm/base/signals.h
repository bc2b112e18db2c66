/* SPDX-License-Identifier: GPL-2.0-only */
/* SIGHUP, SIGINT and SIGTERM: caught, so that what goes on can end in good order. */
#ifndef VMM_SIGNALS_H
#define VMM_SIGNALS_H

#include <signal.h>

/*
 * Catch them from now on. Once per process. The first one ends what goes on; all later ones are
 * for nothing, as what there is by then is being written: timeout(1) sends two.
 */
void signals_init(void);
/* The signal that was caught, or 0. */
int signals_caught(void);

/*
 * Threads that are begun from here on leave these signals to the main thread, up to
 * signals_restore() of what old was set to.
 */
void signals_to_main(sigset_t *old);
void signals_restore(const sigset_t *old);

#endif
