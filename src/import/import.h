/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What other programs' files say about a desk: display-switch.ini, screenstub.yml, and shell
 * scripts with ddcutil and virsh. Everything but import_file() is pure: it takes bytes, and returns
 * a list of what was taken and left out.
 */
#pragma once

#include <glib.h>

typedef struct {
	char *monitor; /* words from its EDID; NULL: only bus describes it */
	int bus;       /* -1: nothing */
	guint8 feature, source_address;
	int host, guest; /* inputs; -1: not given */
	guint line;
} ImportDisplay;

typedef struct {
	int vendor, product;
} ImportDevice;

typedef struct {
	gboolean host; /* otherwise for the guest */
	char *run;     /* a shell command */
} ImportCommand;

typedef struct {
	guint line; /* from 1 */
	gboolean taken;
	char *text; /* what was imported, or what was left out and why */
} ImportNote;

/* A file that a script names, which may describe devices. */
typedef struct {
	guint line;
	char *path;
} ImportFile;

typedef struct {
	const char *program; /* "display-switch", "screenstub" or "script" */
	char *uri, *domain;  /* NULL: not given */
	GPtrArray *displays; /* ImportDisplay *, each with both inputs */
	GPtrArray *devices;  /* ImportDevice * */
	GPtrArray *commands; /* ImportCommand * */
	GPtrArray *files;    /* ImportFile * */
	GPtrArray *notes;    /* ImportNote *, by line */
} Import;

/* Reads the file at path, and the files that it names. NULL: it cannot be read, or is none of the
 * known programs. */
Import *import_file(const char *path);
/* Recognises the program from the text and the file's name. NULL: it is not from a known program.
 */
Import *import_read(const char *path, const char *text, gsize length);
/* Imports the USB devices in a libvirt device's XML. line: where the script names the file; path:
 * its name there. */
void import_xml(Import *import, guint line, const char *path, const char *text);
/* Sorts the notes by line. */
void import_sort(Import *import);
void import_free(Import *import);

/* -- for the parsers -------------------------------------------------------------------------- */

void import_display_switch(Import *import, const char *text);
void import_screenstub(Import *import, const char *text, gsize length);
void import_script(Import *import, const char *text);

void import_take(Import *import, guint line, const char *format, ...) G_GNUC_PRINTF(3, 4);
void import_leave(Import *import, guint line, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Adds a display without inputs. Takes ownership of monitor, which may be NULL. */
ImportDisplay *import_display(Import *import, char *monitor, int bus, guint line);
/* Takes the USB devices of libvirt's XML that is part of a script, without its comments. */
void import_xml_within(Import *import, const char *script);
void import_device(Import *import, guint line, int vendor, int product);
void import_command(Import *import, guint line, gboolean host, const char *run);
/* Adds notes about the displays, and leaves out those without an input. */
void import_finish_displays(Import *import);

/* The code of an input by name, or as a number (decimal, or 0x); -1: it is neither. */
int import_input(const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Import, import_free)
