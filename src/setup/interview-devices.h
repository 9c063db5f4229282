/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the interview about devices share.
 */
#pragma once

#include "device/events.h"
#include "device/found.h"
#include "setup/interview.h"

/* "G.Skill KM780 (keyboard), 28da:1101", with what the user should know before choosing it. Free
 * with g_free(). */
char *device_label(const FoundDevice *found);

/* Does the draft contain the device already? */
gboolean device_is_taken(const Interview *interview, const FoundDevice *found);
/* The only plugged-in device that matches device of the draft; NULL: there is none. */
const FoundDevice *device_found(const Interview *interview, const ConfigDevice *device);
/* Adds it to the draft, and tells the user how it moves. */
void device_add(Interview *interview, const FoundDevice *found, gboolean optional);

/* -- keyboard and mouse ----------------------------------------------------------------------- */

/* Finds the keyboard and the mouse. If one is not certain, asks the user to press it. FALSE: the
 * user has left. */
gboolean wanted_take(Interview *interview);

/* Asks which of fitting (FoundDevice *) is the device that the config calls name. Whether they are
 * keyboards or mice depends on the first. *chosen is NULL if it is none of them. FALSE: the user
 * has left. */
gboolean wanted_ask(Interview *interview, const GPtrArray *fitting, FoundDevice **chosen);

/* Several devices are possible: reports the missing answer, and how to give it. */
void wanted_say_missing(Interview *interview, const GPtrArray *candidates, const char *name);

/* -- those that are not on USB ---------------------------------------------------------------- */

/* Offers the devices that are not on USB. FALSE: the user has left. */
gboolean event_devices_ask(Interview *interview);

/* Adds the device with that name or address, if there is one. */
gboolean event_devices_take(Interview *interview, const char *name);

/* Adds a note to the draft about why the device moves via: input, if it is not on USB. */
void event_device_note(Interview *interview, const ConfigDevice *device);

/* Tells the user why a keyboard that is not on USB cannot move as a USB device, and how it can
 * move. */
void event_devices_explain(Interview *interview);

/* -- hubs ------------------------------------------------------------------------------------- */

/* Offers to move everything behind a hub, if several of the draft's devices are behind it. FALSE:
 * the user has left. */
gboolean hubs_offer(Interview *interview);

/* "hub:3-1" adds everything behind the hub in that port. FALSE: name is something else. */
gboolean hubs_take(Interview *interview, const char *name);

/* Adds a note to the draft about a device with a hub. */
void hub_note(Interview *interview, const ConfigDevice *device);

/* Is the device of the draft a hub that is plugged in? */
gboolean hubs_mean(const Interview *interview, const ConfigDevice *device);
/* Asks whether everything behind it should move instead; if not, removes it from the draft. FALSE:
 * the user has left. */
gboolean hubs_repair(Interview *interview, ConfigDevice *device);
