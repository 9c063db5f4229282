/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the monitors report during the trial, and what follows for the draft: inputs that do not
 * read as their code.
 */
#pragma once

#include "setup/interview.h"

typedef struct TrialReadings TrialReadings;

/* The readings for a trial with this guest. interview and guest: borrowed. */
TrialReadings *trial_readings_new(Interview *interview, const ConfigGuest *guest);
void trial_readings_free(TrialReadings *readings);

/* Reads the monitors while they show the target. */
void trial_readings_look(TrialReadings *readings, const char *target);

/* Adds what was read to the draft, as reads_as, and tells the user. If a monitor reported the same
 * for both targets, asks the user whether it changed. *learned: the draft has changed. FALSE: the
 * user has left. */
gboolean trial_readings_learn(TrialReadings *readings, gboolean *learned);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TrialReadings, trial_readings_free)
