/* SPDX-License-Identifier: GPL-2.0-only */
/* What a process has been given and does not need: it lets go of it. */
#include <errno.h>
#include <limits.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/privileges.h"

/* CAP_SYS_NICE goes; a limit takes its place (sched(7)), if it may be raised. */
static void keep_priority(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_RTPRIO, &limit) || limit.rlim_cur >= 1)
		return;
	limit.rlim_cur = 1;
	if (limit.rlim_max < 1)
		limit.rlim_max = 1;
	setrlimit(RLIMIT_RTPRIO, &limit);
}

int privileges_drop(struct error *err)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	keep_priority();
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return fail(err, STATUS_FAIL, "PR_SET_NO_NEW_PRIVS: %s", strerror(errno));
	/* The bounding set is for programs that are executed. Only who has CAP_SETPCAP can. */
	for (int cap = 0; !prctl(PR_CAPBSET_DROP, cap, 0, 0, 0); cap++)
		;
	if (syscall(SYS_capset, &head, none))
		return fail(err, STATUS_FAIL, "capset to none: %s", strerror(errno));
	return 0;
}

static void close_from_to(unsigned int first, unsigned int last)
{
	unsigned int most = sysconf(_SC_OPEN_MAX);

	if (first > last || !syscall(SYS_close_range, first, last, 0))
		return;
	/* Before Linux 5.9: one by one. */
	for (unsigned int fd = first; fd <= last && fd < most; fd++)
		close(fd);
}

void files_keep(const int *fd, unsigned int nr)
{
	unsigned int first = STDERR_FILENO + 1;

	for (;;) {
		unsigned int next = UINT_MAX;

		for (unsigned int i = 0; i < nr; i++)
			if (fd[i] >= (int)first && (unsigned int)fd[i] < next)
				next = fd[i];
		close_from_to(first, next == UINT_MAX ? UINT_MAX : next - 1);
		if (next == UINT_MAX)
			return;
		first = next + 1;
	}
}
