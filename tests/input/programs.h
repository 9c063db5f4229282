/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseat-inputd, hotseatd, and a process that stands for the QEMU of the guest "g": started,
 * killed, and started again a moment later, as systemd and QEMU's reconnect do. What fails
 * otherwise ends the program.
 */
#pragma once

#include "sides.h"

typedef enum { PROGRAM_INPUTD, PROGRAM_HOTSEATD, PROGRAM_QEMU, PROGRAMS } Program;

/* Paths of the programs. */
void programs_start(const char *inputd, const char *hotseatd);
void programs_stop(void);

/* With SIGKILL. */
void programs_kill(Program program);

/* Starts what has ended, and takes what has come in the guest. How many have ended that were not
 * killed. */
guint programs_tend(Sides *sides);

/* Calls tend until all run and the guest is connected. */
void programs_wait(Sides *sides, void (*tend)(void));

/* A process that asks hotseatd for a switch and exits with 0 if that worked. */
pid_t programs_request(const char *to);
