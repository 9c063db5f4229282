/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guest/state.h"

#include <libvirt/libvirt.h>

GuestState guest_state_of_domain(int state, int reason)
{
	static const GuestState states[] = {
		[VIR_DOMAIN_NOSTATE] = GUEST_RUNNING,
		[VIR_DOMAIN_RUNNING] = GUEST_RUNNING,
		[VIR_DOMAIN_BLOCKED] = GUEST_RUNNING,
		[VIR_DOMAIN_PAUSED] = GUEST_PAUSED,
		[VIR_DOMAIN_SHUTDOWN] = GUEST_STOPPING,
		[VIR_DOMAIN_SHUTOFF] = GUEST_OFF,
		[VIR_DOMAIN_CRASHED] = GUEST_CRASHED,
		[VIR_DOMAIN_PMSUSPENDED] = GUEST_SUSPENDED,
	};

	if (state == VIR_DOMAIN_SHUTOFF && reason == VIR_DOMAIN_SHUTOFF_CRASHED)
		return GUEST_CRASHED;
	if (state < 0 || state >= (int)G_N_ELEMENTS(states))
		return GUEST_UNKNOWN;
	return states[state];
}

int guest_state_of_event(int event, int detail)
{
	/* a QEMU that crashes is "failed" here and "crashed" in virDomainGetState() */
	if (event == VIR_DOMAIN_EVENT_STOPPED && (detail == VIR_DOMAIN_EVENT_STOPPED_CRASHED ||
							 detail == VIR_DOMAIN_EVENT_STOPPED_FAILED))
		return GUEST_CRASHED;
	switch (event) {
	case VIR_DOMAIN_EVENT_STARTED:
	case VIR_DOMAIN_EVENT_RESUMED:
		return GUEST_RUNNING;
	case VIR_DOMAIN_EVENT_SUSPENDED:
		return GUEST_PAUSED;
	case VIR_DOMAIN_EVENT_STOPPED:
		return GUEST_OFF;
	case VIR_DOMAIN_EVENT_SHUTDOWN:
		return GUEST_STOPPING;
	case VIR_DOMAIN_EVENT_PMSUSPENDED:
		return GUEST_SUSPENDED;
	case VIR_DOMAIN_EVENT_CRASHED:
		return GUEST_CRASHED;
	default:
		return -1;
	}
}
