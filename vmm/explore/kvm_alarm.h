/* SPDX-License-Identifier: GPL-2.0-only */
/* Getting this thread out of KVM_RUN when it has been in there for too long. */
#ifndef VMM_EXPLORE_KVM_ALARM_H
#define VMM_EXPLORE_KVM_ALARM_H

#include <stdbool.h>
#include <time.h>

struct kvm_alarm {
	bool there; /* a timer could be had */
	timer_t timer;
	struct timespec due;
};

/* Of the calling thread; where there is no timer it never rings. */
void kvm_alarm_init(struct kvm_alarm *alarm);
void kvm_alarm_destroy(struct kvm_alarm *alarm);
/* In so many seconds; 0: not at all. */
void kvm_alarm_set(struct kvm_alarm *alarm, unsigned int seconds);
/* Has it, since it was set? */
bool kvm_alarm_rang(struct kvm_alarm *alarm);

#endif
