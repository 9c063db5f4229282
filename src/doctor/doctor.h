/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseat doctor: collects what is known about the machine and its configuration once, and checks
 * it. Changes nothing, and writes to no monitor. Blocks, but everything that could hang has a
 * deadline.
 */
#pragma once

#include "config/config.h"
#include "doctor/finding.h"
#include "find/machine.h"
#include "ready/ready.h"

/* The paths to use, which are different in tests. */
typedef struct {
	Machine machine;
	const char *root;   /* prefix of /etc, /dev, /run, /lib…; "" */
	const char *proc;   /* "/proc" */
	const char *socket; /* the daemon's */
	Ask ask;
} DoctorPlaces;

/* The daemon that answers at the socket. */
typedef struct {
	int connect_errno; /* why it could not be reached; 0: it was reached */
	int pid;	   /* 0: none, or unknown */
	char *config;	   /* the file that its command line names; NULL: none, or unknown */
} DoctorDaemon;

typedef struct {
	DoctorPlaces places;
	Findings *findings;

	char *config_path;
	GPtrArray *config_problems; /* ConfigProblem * */
	Config *config;		    /* NULL: there is no valid one */

	Units *units;
	DoctorDaemon daemon;
	Person *user;	/* the user that runs the daemon, or would run it */
	Person *asking; /* the user that runs hotseat doctor */

	Found found;	      /* hubs too */
	GPtrArray *conflicts; /* Conflict *; NULL: there is no config */
} Doctor;

DoctorPlaces doctor_places(const char *socket);

/* Collects all facts, and runs all checks on them. config_path: copied. */
Doctor *doctor_run(const DoctorPlaces *places, const char *config_path);
void doctor_free(Doctor *doctor);

/* -- for the checks --------------------------------------------------------------------------- */

/* The path below root. Free with g_free(). */
char *doctor_path(const Doctor *doctor, const char *path);

/* Is user the user that runs hotseat doctor? Then this program has the same permissions. */
gboolean doctor_is_self(const Doctor *doctor);

/* Does the daemon's user have these permissions (bits of PERSON_READ...) for the file? */
gboolean doctor_may(const Doctor *doctor, const char *path, guint wanted);

/* Adds the commands that put the daemon's user into a group and restart the daemon. */
void doctor_join_group(const Doctor *doctor, Finding *finding, const char *group);

/* Adds a finding if the requirement is not met, with the commands that meet it. FALSE: it is not
 * met. What is not known is not reported. */
gboolean doctor_require(Doctor *doctor, ReadyId id);
/* Adds the finding that the requirement is not met. */
void doctor_say(Doctor *doctor, ReadyId id);
/* Adds only the commands to a finding, and what makes them take effect. */
void doctor_meet(const Doctor *doctor, Finding *finding, ReadyId id);

/* Adds a finding if the unit is failing. Returns it, borrowed; NULL: it is not failing, or that is
 * not known. */
Finding *doctor_find_failure(Doctor *doctor, const char *unit);

/* Adds the command that creates a new configuration from the present one, if there is one, and from
 * what is plugged in. guest: the guest to use; NULL: it asks, or uses the only one. yes: it needs
 * to ask nothing. */
void doctor_setup(const Doctor *doctor, Finding *finding, const char *guest, gboolean yes);

/* Adds the commands that make udev apply its rules to a device's node, after those that create a
 * rule (one line). rule of NULL: a rule exists already. */
void doctor_apply_rules(const Doctor *doctor, Finding *finding, const char *node, const char *name,
	const char *rule);

/* Adds the command that stops the process. */
void doctor_stop_process(const Doctor *doctor, Finding *finding, int pid);

/* Adds "virsh -c URI" with these arguments (NULL at the end), as root if that is possible; the URI
 * is that of the config. */
void doctor_virsh(const Doctor *doctor, Finding *finding, ...) G_GNUC_NULL_TERMINATED;

/* Adds what is in the way of the device or of the guest; the other argument is NULL. */
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
