/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the monitors report during the trial, and what that says about the draft: an input that
 * reads as something else than its code.
 */
#pragma once

#include "setup/interview.h"

typedef struct TrialReadings TrialReadings;

/* For the trial with this guest. interview and guest: borrowed. */
TrialReadings *trial_readings_new(Interview *interview, const ConfigGuest *guest);
void trial_readings_free(TrialReadings *readings);

/* Asks the monitors, while they show the target. Reads only. */
void trial_readings_look(TrialReadings *readings, const char *target);

/* Puts what was read into the draft, as reads_as, and says so. Where a monitor reported the same
 * for both targets, the user has to say whether it changed. *learned: the draft is not what it was.
 * FALSE: the user has left. */
gboolean trial_readings_learn(TrialReadings *readings, gboolean *learned);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TrialReadings, trial_readings_free)
