/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LG's own way to select an input: many LG monitors take no notice of feature 0x60 (ddcutil wiki,
 * "Switching input source on LG monitors").
 */
#pragma once

#include "display/monitor-models.h"

#define LG_FEATURE	  0xf4
#define LG_SOURCE_ADDRESS 0x50
#define LG_MANUFACTURER	  "GSM"

/* LG's code for an input that has this one of feature 0x60: as the model's entry in the monitor
 * database says (NULL: it has none), else the usual one. -1: not known. */
int lg_code(const MonitorModel *model, int standard);
