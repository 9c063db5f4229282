/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the interview about devices share.
 */
#pragma once

#include "device/events.h"
#include "device/found.h"
#include "setup/interview.h"

/* "G.Skill KM780 (keyboard), 28da:1101", with what a person should know before choosing it. Free
 * with g_free(). */
char *device_label(const FoundDevice *found);

/* Does the draft have it already? */
gboolean device_is_taken(const Interview *interview, const FoundDevice *found);
/* The only one that is plugged in and that device of the draft means; NULL: there is none. */
const FoundDevice *device_found(const Interview *interview, const ConfigDevice *device);
/* Adds it to the draft, and says how it moves. */
void device_add(Interview *interview, const FoundDevice *found, gboolean optional);

/* -- keyboard and mouse ----------------------------------------------------------------------- */

/* Finds the keyboard and the mouse: takes what is certain, and asks for a press of the rest. FALSE:
 * the person has left. */
gboolean wanted_take(Interview *interview);

/* Which of fitting (FoundDevice *) is the one that the config calls name? They are keyboards or
 * mice, or neither: first decides. *chosen: NULL: none of them. FALSE: the person has left. */
gboolean wanted_ask(Interview *interview, const GPtrArray *fitting, FoundDevice **chosen);

/* Several are possible: says what is missing, and what can be done. */
void wanted_say_missing(Interview *interview, const GPtrArray *candidates, const char *name);

/* -- those that are not on USB ---------------------------------------------------------------- */

/* Offers them. FALSE: the person has left. */
gboolean event_devices_ask(Interview *interview);

/* Adds the one that is called name, or has that address, if there is one. */
gboolean event_devices_take(Interview *interview, const char *name);

/* Notes in the draft why the device moves via: input, if it is one of them. */
void event_device_note(Interview *interview, const ConfigDevice *device);

/* Says why a keyboard that is not on USB cannot move as a USB device, and how it can move. */
void event_devices_explain(Interview *interview);

/* -- hubs ------------------------------------------------------------------------------------- */

/* Offers to move everything behind a hub, where several of the draft's devices are behind it.
 * FALSE: the person has left. */
gboolean hubs_offer(Interview *interview);

/* "hub:3-1" adds everything behind the hub in that port. FALSE: name is something else. */
gboolean hubs_take(Interview *interview, const char *name);

/* Notes in the draft what a device with a hub means. */
void hub_note(Interview *interview, const ConfigDevice *device);

/* Is the device of the draft a hub that is plugged in? */
gboolean hubs_mean(const Interview *interview, const ConfigDevice *device);
/* Asks whether everything behind it moves instead, and takes it out of the draft if not. FALSE: the
 * person has left. */
gboolean hubs_repair(Interview *interview, ConfigDevice *device);
