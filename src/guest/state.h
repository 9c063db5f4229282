/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What libvirt calls the state of a domain, as a guest's state. Pure.
 */
#pragma once

#include "common/guest.h"

/* state, reason: as virDomainGetState() gives them. */
GuestState guest_state_of_domain(int state, int reason);

/* What an event of VIR_DOMAIN_EVENT_ID_LIFECYCLE says of the state, or -1: nothing. */
int guest_state_of_event(int event, int detail);
