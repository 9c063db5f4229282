/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseat doctor: what is known of the machine and its configuration, collected once, and the
 * checks that judge it. Changes nothing, and writes to no monitor. Blocks, but every look at
 * something that could hang has a deadline.
 */
#pragma once

#include "config/config.h"
#include "doctor/finding.h"
#include "find/machine.h"
#include "ready/ready.h"

/* Where to look, which is somewhere else in tests. */
typedef struct {
	Machine machine;
	const char *root;   /* before /etc, /dev, /run, /lib…; "" */
	const char *proc;   /* "/proc" */
	const char *socket; /* the daemon's */
	Ask ask;
} DoctorPlaces;

/* The daemon that answers at the socket. */
typedef struct {
	int connect_errno; /* why it could not be reached; 0: it could */
	int pid;	   /* 0: none, or unknown */
	char *config;	   /* the file that its command line names; NULL: none, or unknown */
} DoctorDaemon;

typedef struct {
	DoctorPlaces places;
	Findings *findings;

	char *config_path;
	GPtrArray *config_problems; /* ConfigProblem * */
	Config *config;		    /* NULL: there is none that could be used */

	Units *units;
	DoctorDaemon daemon;
	Person *user;	/* the daemon's, or who would be */
	Person *asking; /* the person at the keyboard */

	Found found;	      /* hubs too */
	GPtrArray *conflicts; /* Conflict *; NULL: there is no config */
} Doctor;

DoctorPlaces doctor_places(const char *socket);

/* Collects all facts, and runs all checks on them. config_path: copied. */
Doctor *doctor_run(const DoctorPlaces *places, const char *config_path);
void doctor_free(Doctor *doctor);

/* -- for the checks --------------------------------------------------------------------------- */

/* path below the root. Free with g_free(). */
char *doctor_path(const Doctor *doctor, const char *path);

/* Is user the one who asks? Then the program itself may do what user may. */
gboolean doctor_is_self(const Doctor *doctor);

/* May the daemon's user read, write (bits of PERSON_READ...) the file? */
gboolean doctor_may(const Doctor *doctor, const char *path, guint wanted);

/* Adds what makes a group count for the daemon's user: membership, and a new start. */
void doctor_join_group(const Doctor *doctor, Finding *finding, const char *group);

/* Adds a finding if the requirement is not met, with the commands that meet it. FALSE: it is not
 * met. What is not known is not reported. */
gboolean doctor_require(Doctor *doctor, ReadyId id);
/* Adds the finding that the requirement is not met. */
void doctor_say(Doctor *doctor, ReadyId id);
/* Adds just its commands to a finding, and what makes them count. */
void doctor_meet(const Doctor *doctor, Finding *finding, ReadyId id);

/* Adds a finding if the unit is failing. Returns it, borrowed; NULL: it is not, or that is not
 * known. */
Finding *doctor_find_failure(Doctor *doctor, const char *unit);

/* Adds the command that makes the configuration, if there is one from what it says now, and what is
 * plugged in now. guest: the one to take; NULL: it asks, or takes what is there. yes: there is
 * nothing to ask. */
void doctor_setup(const Doctor *doctor, Finding *finding, const char *guest, gboolean yes);

/* Adds the commands that have udev apply its rules to a device's node, and before that those that
 * make a rule (one line) where none does it yet; rule NULL: there is one. */
void doctor_apply_rules(const Doctor *doctor, Finding *finding, const char *node, const char *name,
	const char *rule);

/* Adds the command that stops the process. */
void doctor_stop_process(const Doctor *doctor, Finding *finding, int pid);

/* Adds "virsh -c URI" with these arguments (NULL at the end), as root where that can be; virsh's
 * URI is that of the config. */
void doctor_virsh(const Doctor *doctor, Finding *finding, ...) G_GNUC_NULL_TERMINATED;

/* Adds what is in the way of the device, or of the guest; the other one is NULL. */
void doctor_say_conflicts(Doctor *doctor, const ConfigDevice *device, const ConfigGuest *guest);

/* Each of these judges one area; doctor.c says which of them need a config. */
void check_config_file(Doctor *doctor);
void check_kernel(Doctor *doctor);
void check_displays(Doctor *doctor);
void check_devices(Doctor *doctor);
void check_forwarding(Doctor *doctor);
void check_libvirt(Doctor *doctor);
void check_guests(Doctor *doctor);
void check_hooks(Doctor *doctor);
void check_grabbers(Doctor *doctor);
void check_service(Doctor *doctor);
void check_http(Doctor *doctor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Doctor, doctor_free)
