/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A desk for the doctor: simulated monitors, an invented tree of files instead of /sys, /etc and
 * /proc, libvirt's test driver, and prepared answers by systemctl.
 */
#pragma once

#include "doctor/doctor.h"
#include "sim/monitor.h"

#define SERVICE_OFF                                                                                \
	"Id=hotseatd.service\nLoadState=loaded\nActiveState=inactive\nUnitFileState=disabled\n"    \
	"User=hotseat-test\nMainPID=0\n\n"
#define LIBVIRTD_OFF                                                                               \
	"Id=libvirtd.socket\nLoadState=loaded\nActiveState=inactive\nUnitFileState=enabled\n"

/* test:///default has the running domain "test" */
#define GUEST	"libvirt:\n  uri: test:///default\n  domain: test\n"
#define DISPLAY "displays:\n  - name: left\n    bus: 4\n    host: 0x0f\n    guest: 0x11\n"
#define DEVICE	"devices:\n  - name: keyboard\n    vendor: 0x28da\n    product: 0x1101\n"

typedef struct {
	SimI2c *sim;
	SimMonitor *monitor;
	char *root, *sysfs, *config, *socket;
	DoctorPlaces places;
	Doctor *doctor;
} DoctorDesk;

/* what systemctl answers; "" at first */
extern const char *units_text;

/* Fixture: a desk on which all is well, but that nothing was started. */
void set_up(DoctorDesk *desk, gconstpointer unused);
void tear_down(DoctorDesk *desk, gconstpointer unused);

/* A file below the desk's root, with its directories. */
void make(const DoctorDesk *desk, const char *path, const char *text);
/* The keyboard that the config means, in this port. device: its number and a line feed. */
void plug_in(const DoctorDesk *desk, const char *port, const char *device);

void examine(DoctorDesk *desk);

/* The one finding of that level and area whose message has this in it; NULL: there is none. */
const Finding *pick(const DoctorDesk *desk, FindingLevel level, const char *area, const char *says);

/* Examines, and asserts that this is found with this command (NULL: none, but advice). */
void assert_finds(DoctorDesk *desk, FindingLevel level, const char *area, const char *says,
	const char *command);
/* The same, with "sudo " as far as this test is not root. */
void assert_finds_root(DoctorDesk *desk, FindingLevel level, const char *area, const char *says,
	const char *command);
void assert_count(const DoctorDesk *desk, FindingLevel level, const char *area, guint wanted);

#define TEST(name, function)                                                                       \
	g_test_add("/doctor/" name, DoctorDesk, NULL, set_up, function, tear_down)
