/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keyboards and mice that uinput makes, and the desktop's descriptors of their event nodes. What
 * fails ends the program.
 */
#pragma once

#include <glib.h>

/* node: the desktop's; -1: none. */
typedef struct {
	int uinput, node;
} Made;

/* Called "test keyboard", with the keys 1 to 248, LEDs and key repeat. */
void made_keyboard(Made *made);
/* Called "test mouse", with eight buttons, motion and a wheel with fine steps. */
void made_mouse(Made *made);
/* Called "test tablet": reports absolute positions. */
void made_tablet(Made *made);
void made_unplug(Made *made);

/* The event and a SYN_REPORT. */
void made_emit(const Made *made, guint type, guint code, int value);

/* The desktop's descriptor of the first event node of this name. */
int made_open(const char *name);
