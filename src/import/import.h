/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of other programs say of a desk: display-switch.ini, screenstub.yml, and shell
 * scripts with ddcutil and virsh. All but import_file() is pure: bytes in, a list of what was taken
 * and left out.
 */
#pragma once

#include <glib.h>

typedef struct {
	char *monitor; /* words of its EDID; NULL: nothing says which it is, unless bus does */
	int bus;       /* -1: nothing */
	guint8 feature, source_address;
	int host, guest; /* inputs; -1: not said */
	guint line;
} ImportDisplay;

typedef struct {
	int vendor, product;
} ImportDevice;

typedef struct {
	gboolean host; /* else for the guest */
	char *run;     /* for a shell */
} ImportCommand;

typedef struct {
	guint line; /* from 1 */
	gboolean taken;
	char *text; /* what was taken, or what was left out and why */
} ImportNote;

/* A file that a script names, in which devices may be. */
typedef struct {
	guint line;
	char *path;
} ImportFile;

typedef struct {
	const char *program; /* "display-switch", "screenstub" or "script" */
	char *uri, *domain;  /* NULL: not said */
	GPtrArray *displays; /* ImportDisplay *, each with both inputs */
	GPtrArray *devices;  /* ImportDevice * */
	GPtrArray *commands; /* ImportCommand * */
	GPtrArray *files;    /* ImportFile * */
	GPtrArray *notes;    /* ImportNote *, by line */
} Import;

/* Reads the file at path, and the files that it names. NULL: it cannot be read, or is none of the
 * known programs. */
Import *import_file(const char *path);
/* Recognises the program by the text and the file's name. NULL: it is none of the known programs.
 */
Import *import_read(const char *path, const char *text, gsize length);
/* Takes the USB devices of a libvirt device's XML, which line of the script names as path. */
void import_xml(Import *import, guint line, const char *path, const char *text);
/* Puts the notes into the order of the lines. */
void import_sort(Import *import);
void import_free(Import *import);

/* -- for the parsers -------------------------------------------------------------------------- */

void import_display_switch(Import *import, const char *text);
void import_screenstub(Import *import, const char *text, gsize length);
void import_script(Import *import, const char *text);

void import_take(Import *import, guint line, const char *format, ...) G_GNUC_PRINTF(3, 4);
void import_leave(Import *import, guint line, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Adds one without inputs. monitor: taken, may be NULL. */
ImportDisplay *import_display(Import *import, char *monitor, int bus, guint line);
/* Takes the USB devices of libvirt's XML that is part of a script, without its comments. */
void import_xml_within(Import *import, const char *script);
void import_device(Import *import, guint line, int vendor, int product);
void import_command(Import *import, guint line, gboolean host, const char *run);
/* Notes what displays there are, and leaves those out that lack an input. */
void import_finish_displays(Import *import);

/* The code of an input by name, or as a number (decimal, or 0x); -1: it is neither. */
int import_input(const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Import, import_free)
