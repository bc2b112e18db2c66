/* SPDX-License-Identifier: GPL-2.0-only */
/* The rules of a phase as a program for seccomp, which libseccomp writes. */
#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/filter.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

const bool sandbox_sanitized = SANITIZED;

/* The call that each exit of a guest comes with is looked for first. */
#define FIRST 255

int filter_possible(struct error *err)
{
	uint32_t action = SECCOMP_RET_TRAP;

	if (!syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action))
		return 0;
	return fail(err, STATUS_SKIP,
		    "this kernel does not filter system calls, so the VMM has no sandbox: %s "
		    "(CONFIG_SECCOMP_FILTER); --no-sandbox does without one",
		    strerror(errno));
}

static bool applies(const struct sandbox_rule *rule, enum sandbox_phase phase, bool gdb)
{
	return rule->in & phase && (rule->whom != FOR_GDB || gdb) &&
	       (rule->whom != FOR_SANITIZERS || sandbox_sanitized);
}

static int add(scmp_filter_ctx ctx, const struct sandbox_rule *rule)
{
	const char *name = rule->request ? "ioctl" : rule->name;
	uint32_t action = rule->refused ? SCMP_ACT_ERRNO(rule->refused) : SCMP_ACT_ALLOW;
	int nr = seccomp_syscall_resolve_name(name);
	struct scmp_arg_cmp cmp = { .arg = rule->arg,
				    .op = SCMP_CMP_MASKED_EQ,
				    .datum_a = rule->mask,
				    .datum_b = rule->value };

	if (rule->request)
		cmp = SCMP_A1(SCMP_CMP_EQ, rule->request);
	else if (!strcmp(name, "tgkill"))
		cmp = SCMP_A0(SCMP_CMP_EQ, getpid());
	else if (!rule->mask)
		return seccomp_rule_add(ctx, action, nr, 0);
	return seccomp_rule_add_array(ctx, action, nr, 1, &cmp);
}

static int add_all(scmp_filter_ctx ctx, enum sandbox_phase phase, bool gdb)
{
	int ret = seccomp_syscall_priority(ctx, SCMP_SYS(ioctl), FIRST);

	for (size_t i = 0; i < sandbox_nr_rules && !ret; i++)
		if (applies(&sandbox_rules[i], phase, gdb))
			ret = add(ctx, &sandbox_rules[i]);
	return ret;
}

/* libseccomp 2.5 writes a program to a file only. */
static int export(scmp_filter_ctx ctx, struct sock_fprog *program)
{
	int fd = memfd_create("pvtlb-sandbox", MFD_CLOEXEC);
	int ret = fd < 0 ? -errno : seccomp_export_bpf(ctx, fd);
	off_t len = ret ? 0 : lseek(fd, 0, SEEK_END);

	program->filter = malloc(len + 1);
	program->len = len / sizeof(*program->filter);
	if (!program->filter)
		abort();
	if (!ret && pread(fd, program->filter, len, 0) != len)
		ret = -EIO;
	if (fd >= 0)
		close(fd);
	return ret;
}

int filter_make(struct sock_fprog *program, enum sandbox_phase phase, bool gdb, struct error *err)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_TRAP);
	int ret = ctx ? add_all(ctx, phase, gdb) : -ENOMEM;

	if (!ret)
		ret = export(ctx, program);
	if (ctx)
		seccomp_release(ctx);
	return ret ? fail(err, STATUS_FAIL, "the sandbox's filter cannot be made: %s",
			  strerror(-ret))
		   : 0;
}

int filter_load(const struct sock_fprog *program, bool all_threads)
{
	unsigned int flags = all_threads ? SECCOMP_FILTER_FLAG_TSYNC : 0;
	long ret = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program);

	/* Positive: a thread that has another filter already. */
	return ret < 0 ? -errno : ret ? -EBUSY : 0;
}
