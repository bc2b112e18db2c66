/* SPDX-License-Identifier: GPL-2.0-only */
/* Getting this thread out of KVM_RUN when it has been in there for too long. */
#include <signal.h>
#include <unistd.h>

#include "explore/kvm_alarm.h"
#include "machine/vcpu.h"

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

void kvm_alarm_init(struct kvm_alarm *alarm)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_THREAD_ID,
		.sigev_signo = SIGUSR1,
		.sigev_notify_thread_id = gettid(),
	};

	vcpu_init_signals();
	alarm->there = !timer_create(CLOCK_MONOTONIC, &event, &alarm->timer);
}

void kvm_alarm_destroy(struct kvm_alarm *alarm)
{
	if (alarm->there)
		timer_delete(alarm->timer);
}

/* Again each second: a signal that comes just before KVM_RUN does not end it. */
void kvm_alarm_set(struct kvm_alarm *alarm, unsigned int seconds)
{
	const struct itimerspec when = {
		.it_value.tv_sec = seconds,
		.it_interval.tv_sec = seconds ? 1 : 0,
	};

	clock_gettime(CLOCK_MONOTONIC, &alarm->due);
	alarm->due.tv_sec += seconds;
	if (alarm->there)
		timer_settime(alarm->timer, 0, &when, NULL);
}

bool kvm_alarm_rang(struct kvm_alarm *alarm)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return alarm->there && now.tv_sec >= alarm->due.tv_sec;
}
