/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a draft says of the hardware, so that it means this monitor or device and no other, with
 * notes for its reader.
 */
#pragma once

#include "device/found.h"
#include "display/scan.h"
#include "draft/draft.h"

/* Describes the monitor so that no other of monitors (FoundMonitor *) fits, and notes what it is.
 * Forgets what described it before. */
void draft_describe_display(Draft *draft, ConfigDisplay *display, const FoundMonitor *monitor,
	const GPtrArray *monitors);
/* Notes only what a reader of the file should know of the display, which is this monitor. */
void draft_note_display(Draft *draft, const ConfigDisplay *display, const FoundMonitor *monitor);

/* The same of a device; devices: FoundDevice *. */
void draft_describe_device(
	Draft *draft, ConfigDevice *device, const FoundDevice *found, const GPtrArray *devices);
void draft_note_device(Draft *draft, const ConfigDevice *device, const FoundDevice *found);

/* What a config calls it: "keyboard". Borrowed from found, or static. */
const char *draft_device_name(const FoundDevice *found);
