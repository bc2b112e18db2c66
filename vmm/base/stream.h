/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that are named by a user: FIFOs and pipes too, which may keep one waiting. */
#ifndef VMM_STREAM_H
#define VMM_STREAM_H

#include <stdio.h>

/*
 * fopen() for reading, and for writing, a file anew; NULL with errno. What is no regular file may
 * have nothing to be read for now, or nobody that reads: that is said on stderr, once, and waited
 * for. A signal (base/signals.h) ends waiting at once, with EINTR; a reader that there is has
 * STREAM_GRACE seconds from then on to go on reading.
 */
#define STREAM_GRACE 5
FILE *stream_read(const char *path);
FILE *stream_write(const char *path);
/* What is in the file already stays there for now. */
FILE *stream_write_over(const char *path);

/* fileno(), of these, too: those that may keep one waiting have none for stdio. */
int stream_fd(FILE *stream);

/* The same of standard input and standard output. Once per process, before they are used. */
void stream_standard(void);

#endif
