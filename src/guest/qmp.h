/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guest whose QEMU runs without libvirt (Proxmox, scripts): its state, and what happens to it,
 * over a QMP socket of its own. On the main loop.
 */
#pragma once

#include "common/guest.h"
#include "config/config.h"

/* Whose process a guest is; uid of -1: there is none any more. */
typedef void (*QmpProcess)(const char *guest, int uid, gpointer data);

/* How long QEMU may take for its greeting or an answer; the pause before a socket that is not
 * there, or that another program uses, is tried again. Milliseconds. */
typedef struct {
	guint answer_ms, retry_ms;
} QmpTimes;

extern const QmpTimes qmp_times;

/* A guest for config, which has qmp. process may be NULL. times: &qmp_times but for tests. Free
 * with guest_free(). */
Guest *qmp_guest_new(
	const ConfigGuest *config, const QmpTimes *times, QmpProcess process, gpointer data);

/* What QEMU (7.2 to 10, qapi/run-state.json) calls a state, as a guest's; GUEST_UNKNOWN: none of
 * these. Pure. */
GuestState qmp_state(const char *status);
/* What an event says of the state; -1: nothing. Pure. */
int qmp_state_of_event(const char *event);
