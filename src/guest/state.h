/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Converts libvirt's states of a domain to states of a guest. Pure.
 */
#pragma once

#include "common/guest.h"

/* state, reason: as from virDomainGetState(). */
GuestState guest_state_of_domain(int state, int reason);

/* The state after an event of VIR_DOMAIN_EVENT_ID_LIFECYCLE; -1: unknown. */
int guest_state_of_event(int event, int detail);
