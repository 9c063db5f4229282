/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The options of a QEMU command line that name devices: -device, -object, -usbdevice and -usb, as
 * DRIVER,KEY=VALUE,... or as JSON, with what -set changes in them; and the same in a file of
 * -readconfig. Pure.
 */
#pragma once

#include <glib.h>

typedef enum {
	QEMU_DEVICE,
	QEMU_OBJECT,
	QEMU_USBDEVICE, /* QEMU before 6.0: driver is "host:046d:c08b", "tablet" ... */
	QEMU_USB,	/* -usb: a controller that QEMU chooses */
	QEMU_CONFIG,	/* -readconfig: driver is the file's path */
} QemuOptionKind;

typedef struct {
	QemuOptionKind kind;
	char *driver;		/* of an object: its type; "": not given */
	GHashTable *properties; /* char * to char *; true in JSON becomes "on", as without JSON */
} QemuOption;

/* QemuOption *, in their order, freed with the array. arguments: ends with NULL. */
GPtrArray *qemu_options_read(const char *const *arguments);

/* The same of a file of -readconfig: its sections [device] and [object]. */
GPtrArray *qemu_options_read_config(const char *text);

/* One of a kind without properties, to be freed with qemu_option_free(). driver: copied. */
QemuOption *qemu_option_new(QemuOptionKind kind, const char *driver);
void qemu_option_free(QemuOption *option);
/* Replaces a property. name and value: copied. */
void qemu_option_set(QemuOption *option, const char *name, const char *value);

/* A property, borrowed, or NULL. */
const char *qemu_option_get(const QemuOption *option, const char *name);
/* The same as a number, decimal or hexadecimal with 0x; -1: missing or not a number. */
int qemu_option_number(const QemuOption *option, const char *name);

/* The device with that id, or NULL. */
const QemuOption *qemu_options_find(const GPtrArray *options, const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(QemuOption, qemu_option_free)
