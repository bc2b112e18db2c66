/* SPDX-License-Identifier: GPL-2.0-only */
/* A command's way into the sandbox. */
#include <jansson.h>

#include "base/stream.h"
#include "cli/confine.h"
#include "sandbox/sandbox.h"

#define NR_FILES (sizeof(((struct confined *)0)->file) / sizeof(FILE *))

int confine(const struct command_line *cl, const struct confined *with, struct error *err)
{
	int fd[NR_FILES + 2] = { with->host->kvm };
	unsigned int nr = 1;

	if (cl->no_sandbox)
		return 0;
	for (size_t i = 0; i < NR_FILES; i++)
		if (with->file[i])
			fd[nr++] = stream_fd(with->file[i]);
	if (with->listener >= 0)
		fd[nr++] = with->listener;
	/* By /dev/urandom. */
	json_object_seed(0);
	return sandbox_enter(fd, nr, with->listener >= 0, err);
}
