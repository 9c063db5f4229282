/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one list of what a host needs, so that hotseatd can run: hotseat setup runs the commands of
 * what is not met, and hotseat doctor prints them. To look changes nothing.
 */
#pragma once

#include "common/libvirt-host.h"
#include "ready/person.h"
#include "ready/step.h"
#include "ready/units.h"

#define HOTSEATD_UNIT "hotseatd.service"
#define INPUT_SOCKET  "hotseat-inputd.socket"

/* The host that is looked at. All is borrowed. */
typedef struct {
	const char *root;      /* before /etc, /dev, /lib and /sys; "" but for tests */
	const Units *units;    /* of the system; NULL: systemd was not asked */
	const char *user_name; /* of the user that hotseatd runs as, or will */
	const Person *user;    /* that user; NULL: does not exist yet */
	const Person *person;  /* the user who asks hotseatd for switches; NULL: only root does */
	gboolean own;	       /* the service is the user's own, not the system's */
	gboolean input;	       /* some device moves via input */
	gboolean libvirt;      /* some guest is libvirt's */
} Host;

typedef enum {
	READY_UNMET,
	READY_MET,     /* or not needed here */
	READY_UNKNOWN, /* systemd did not answer: no reason to say that it is not met */
} ReadyState;

/* In the order in which they can be met. */
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

/* When hotseat setup meets it. */
typedef enum {
	READY_NEVER,
	READY_BEFORE_CONFIG, /* before the configuration is where the service reads it */
	READY_AFTER_CONFIG,
} ReadyPhase;

typedef struct {
	const char *area; /* of the doctor's findings */
	ReadyState (*met)(const Host *host);
	const char *why;      /* what is so as long as it is not met */
	const char *argv[14]; /* the command; several have "&&" between them */
	gboolean needs_root;  /* the command does */
	const char *file;     /* that has to be installed for the command; NULL: none */
	ReadyPhase phase;
	gboolean system, own;	/* what it is for: the system's service, a user's own */
	gboolean only_at_start; /* nothing fails before the computer is started again */
	gboolean at_login;	/* the command takes effect at the user's next login */
	gboolean in_session;	/* the command needs what takes effect at the next login on */
} Requirement;

extern const Requirement requirements[READY_COUNT];

/* Is such a file ("udev/rules.d/74-hotseat.rules") in one of the folders in which systemd and udev
 * look? */
gboolean ready_is_installed(const char *root, const char *file);

/* The daemon through which libvirt's QEMU driver is reached. NULL: there is none, or systemd did
 * not answer. */
const LibvirtDaemon *ready_libvirt(const Units *units);

/* Why the requirement is not met. Free with g_free(). */
char *ready_why(const Host *host, ReadyId id);

/* Adds the commands that meet it, without looking whether it is met already. */
void ready_add_steps(const Host *host, ReadyId id, GPtrArray *steps);

/* Adds those of all that are not met, of that phase. missing (char *): installed files that they
 * need and that are not there. */
void ready_find_steps(const Host *host, ReadyPhase phase, GPtrArray *steps, GPtrArray *missing);
