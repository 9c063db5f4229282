/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guest whose QEMU runs without libvirt (Proxmox, scripts): its state and events, over a QMP
 * socket that only hotseat uses. Use on the main loop only.
 */
#pragma once

#include "common/guest.h"
#include "config/config.h"

/* Reports the user that runs the guest's QEMU; uid of -1: it no longer runs. */
typedef void (*QmpProcess)(const char *guest, int uid, gpointer data);

/* answer_ms: how long QEMU may take for its greeting or an answer. retry_ms: the pause before a
 * retry, if the socket is missing or another program uses it. In milliseconds. */
typedef struct {
	guint answer_ms, retry_ms;
} QmpTimes;

extern const QmpTimes qmp_times;

/* A guest for config, which has qmp. process may be NULL. times: &qmp_times except in tests. Free
 * with guest_free(). */
Guest *qmp_guest_new(
	const ConfigGuest *config, const QmpTimes *times, QmpProcess process, gpointer data);

/* The guest's state for one of QEMU's names of states (7.2 to 10, qapi/run-state.json);
 * GUEST_UNKNOWN for another name. Pure. */
GuestState qmp_state(const char *status);
/* The state after an event of this name; -1: unknown. Pure. */
int qmp_state_of_event(const char *event);
