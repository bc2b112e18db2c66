/* SPDX-License-Identifier: GPL-2.0-only */
/* The VMM gives up what it does not need, phase by phase. */
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/shortage.h"
#include "sandbox/filter.h"
#include "sandbox/privileges.h"
#include "sandbox/sandbox.h"
#include "sandbox/violation.h"

/* Made when the process enters; a thread's costs one system call. */
static struct sock_fprog guest_filter, report_filter;
static bool entered;

/*
 * The hook of a build with ASan: to look for leaks when it ends takes ptrace(2) and much else,
 * and waits for ever where that is not let through.
 */
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
	return entered;
}

static void *nothing(void *arg)
{
	return arg;
}

/*
 * What glibc does but once, or only now and then: with the first thread it sets handlers of its
 * own; before it makes another arena than the first one smaller, it opens
 * /proc/sys/vm/overcommit_memory.
 */
static int settle_glibc(struct error *err)
{
	pthread_t thread;
	int ret = pthread_create(&thread, NULL, nothing, NULL);

	mallopt(M_ARENA_MAX, 1);
	if (ret)
		return fail_errno(err, STATUS_FAIL, ret, "cannot start a thread");
	pthread_join(thread, NULL);
	return 0;
}

static int enter(bool gdb, struct error *err)
{
	struct sock_fprog vms;
	int ret;

	if (filter_make(&vms, IN_VMS, gdb, err) || filter_make(&guest_filter, IN_GUEST, gdb, err) ||
	    filter_make(&report_filter, IN_REPORT, gdb, err))
		return -1;
	violation_init();
	violation_phase("a run of VMs", true);
	ret = filter_load(&vms, true);
	free(vms.filter);
	return ret ? fail(err, STATUS_FAIL, "the sandbox's filter cannot be loaded: %s",
			  strerror(-ret))
		   : 0;
}

int sandbox_enter(const int *fd, unsigned int nr, bool gdb, struct error *err)
{
	if (filter_possible(err))
		return -1;
	files_keep(fd, nr);
	if (settle_glibc(err) || privileges_drop(err) || enter(gdb, err))
		return -1;
	entered = true;
	return 0;
}

/* Going on without would be worse. */
static void narrow(const struct sock_fprog *filter, const char *phase, bool all_threads)
{
	int ret = entered ? filter_load(filter, all_threads) : 0;

	if (ret) {
		fprintf(stderr, "pvtlb: sandbox: no filter for %s: %s\n", phase, strerror(-ret));
		abort();
	}
	if (entered)
		violation_phase(phase, all_threads);
}

void sandbox_guest_thread(void)
{
	narrow(&guest_filter, "a guest's thread", false);
}

void sandbox_report(void)
{
	narrow(&report_filter, "the report", true);
}
