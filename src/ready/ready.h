/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one list of what hotseatd needs on a host. hotseat setup runs the commands for requirements
 * that are not met, and hotseat doctor prints them. Checking changes nothing.
 */
#pragma once

#include "common/libvirt-host.h"
#include "ready/person.h"
#include "ready/step.h"
#include "ready/units.h"

#define HOTSEATD_UNIT "hotseatd.service"
#define INPUT_SOCKET  "hotseat-inputd.socket"

/* The host that is checked. Everything is borrowed. */
typedef struct {
	const char *root;      /* prefix of /etc, /dev, /lib and /sys; "" except in tests */
	const Units *units;    /* the system's units; NULL: systemd was not asked */
	const char *user_name; /* the user that runs hotseatd, or will run it */
	const Person *user;    /* that user; NULL: it does not exist yet */
	const Person *person;  /* the user who requests switches; NULL: only root */
	gboolean own;	       /* it is a user service, not the system service */
	gboolean input;	       /* at least one device moves via input */
	gboolean libvirt;      /* at least one guest runs in libvirt */
} Host;

typedef enum {
	READY_UNMET,
	READY_MET,     /* or not needed here */
	READY_UNKNOWN, /* systemd did not answer, so it is not reported as missing */
} ReadyState;

/* In the order in which they must be met. */
typedef enum {
	READY_ACCOUNT,
	READY_I2C_GROUP,
	READY_I2C_MEMBER,
	READY_LIBVIRT_GROUP,
	READY_LIBVIRT_MEMBER,
	READY_MODULE,
	READY_MODULE_BOOT,
	READY_RULES,
	READY_LIBVIRT_RUNS,
	READY_LIBVIRT_BOOT,
	READY_INPUT_MEMBER,
	READY_PERSON,
	READY_INPUT_SOCKET,
	READY_OWN_INPUT_SOCKET,
	READY_SERVICE_BOOT,
	READY_SERVICE_RUNS,
	READY_SERVICE_RESTART,
	READY_OWN_SERVICE,
	READY_COUNT,
} ReadyId;

/* When hotseat setup runs the command. */
typedef enum {
	READY_NEVER,
	READY_BEFORE_CONFIG, /* before the configuration is installed */
	READY_AFTER_CONFIG,
} ReadyPhase;

typedef struct {
	const char *area; /* the area of doctor's finding */
	ReadyState (*met)(const Host *host);
	const char *why;      /* the problem while it is not met */
	const char *argv[14]; /* the command; "&&" separates several */
	gboolean needs_root;  /* the command does */
	const char *file;     /* an installed file that the command needs; NULL: none */
	ReadyPhase phase;
	gboolean system, own;	/* the services that need it: the system service, a user service */
	gboolean only_at_start; /* nothing fails until the computer is restarted */
	gboolean at_login;	/* the command takes effect at the user's next login */
	gboolean in_session; /* the command needs something that takes effect at the next login */
} Requirement;

extern const Requirement requirements[READY_COUNT];

/* Is the file ("udev/rules.d/74-hotseat.rules") in one of the folders that systemd and udev read?
 */
gboolean ready_is_installed(const char *root, const char *file);

/* The daemon through which libvirt's QEMU driver is reached. NULL: there is none, or systemd did
 * not answer. */
const LibvirtDaemon *ready_libvirt(const Units *units);

/* Why the requirement is not met. Free with g_free(). */
char *ready_why(const Host *host, ReadyId id);

/* Adds the commands that meet the requirement, without checking whether it is met already. */
void ready_add_steps(const Host *host, ReadyId id, GPtrArray *steps);

/* Adds the commands for all requirements of that phase that are not met. missing (char *): gets the
 * installed files that they need and that do not exist. */
void ready_find_steps(const Host *host, ReadyPhase phase, GPtrArray *steps, GPtrArray *missing);
