/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table-driven reader: an array of Field describes the keys of a mapping, and each field has the
 * function that reads it into its struct. Every function reports errors with the position of the
 * node, leaves the member unchanged, and continues, so that one run finds all mistakes.
 */
#pragma once

#include "config/config.h"
#include "config/problem.h"

#include <yaml.h>

typedef struct {
	yaml_node_t *key, *value;
} Pair;

typedef struct {
	const char *path; /* of the file, for relative names of files */
	guint mode;	  /* st_mode of the file; 0: not known */
	yaml_document_t *document;
	GPtrArray *problems;
	Config *config;
	guint errors;
	guint budget;	      /* list items and mappings that may still be read */
	GHashTable *mappings; /* yaml_node_t * to GArray of Pair */
	GHashTable *nodes;    /* a struct of the config to the yaml_node_t * it was read from */
	GHashTable *broken;   /* those structs that contain an error */
	GHashTable *meant; /* known keys that unknown ones probably mean; see reader_is_missing() */
	gboolean guests_unsure; /* a guest could not be read, so any unknown name may be its name */
	GArray *references;	/* Reference, in reference.c */
} ConfigReader;

typedef struct Field Field;

/* Reads node into the field's member; out is the struct that the table describes. */
typedef void (*FieldRead)(
	ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);

struct Field {
	const char *key;
	FieldRead read;
	gsize offset, size; /* of the member */
	gint64 min, max;    /* of a number */
	gboolean hex;	    /* the number is usually written in hexadecimal */
	gboolean quoted;    /* it may be in quotes */
	gboolean required;
	const char *also;	    /* other words for the key, separated by '|' */
	const Field *fields;	    /* if the value is a mapping: its fields */
	const char *const *choices; /* the allowed values; ends with NULL */
};

#define FIELD_MEMBER(type, member)                                                                 \
	.offset = offsetof(type, member), .size = sizeof(((type *)NULL)->member)

/* Ten times what the largest desk needs; nested aliases exceed it quickly. */
#define READER_BUDGET 10000

/* The table of the whole file. Every table ends with a field without a key. */
extern const Field root_fields[];

void reader_init(ConfigReader *reader, const char *path, guint mode, yaml_document_t *document,
	GPtrArray *problems, Config *config);
void reader_finish(ConfigReader *reader);

/* Reports an error or a warning at node (NULL: for the whole file). */
void reader_error(ConfigReader *reader, const yaml_node_t *node, const char *format, ...)
	G_GNUC_PRINTF(3, 4);
void reader_warning(ConfigReader *reader, const yaml_node_t *node, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

/* "KEY: expected WHAT, got NODE", and the hint, if any, after a semicolon. */
void reader_expected(ConfigReader *reader, const char *key, const char *what,
	const yaml_node_t *node, const char *hint);

/* --- mappings and lists --- */

/* The pairs of a mapping, first its own, then those of its merge keys (<<). Keys are text and
 * unique. NULL: node is not a mapping, which has been reported. Owned by the reader. */
const GArray *reader_pairs(ConfigReader *reader, const char *key, yaml_node_t *node);

/* The value of a key of a mapping that reader_pairs() has accepted; NULL: there is none. */
yaml_node_t *reader_find(ConfigReader *reader, const yaml_node_t *mapping, const char *key);

/* Is key missing in mapping? A misspelt key that was reported as this one counts as present. */
gboolean reader_is_missing(ConfigReader *reader, const yaml_node_t *mapping, const char *key);

/* Reads the mapping with the table. where: its name in messages. FALSE: node is not a mapping. */
gboolean reader_fields(ConfigReader *reader, const Field *fields, const char *where,
	yaml_node_t *node, gpointer out);

typedef void (*ReaderItem)(ConfigReader *reader, yaml_node_t *node, gpointer data);

/* Calls item for each item of a list. what: the plural of the items, for messages ("devices"). An
 * empty value is an empty list. */
void reader_list(ConfigReader *reader, const char *key, const char *what, yaml_node_t *node,
	ReaderItem item, gpointer data);

/* Stores the node of a struct of the config, and whether it contains errors. before: reader->errors
 * before the struct was read. */
void reader_remember(ConfigReader *reader, gpointer item, yaml_node_t *node, guint before);

/* FieldRead: reads a mapping with field->fields into the same struct. An empty value is an empty
 * mapping. */
void reader_section(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);

/* --- scalars --- */

/* The text of a scalar; NULL: it is not a scalar, or contains a NUL. */
const char *node_text(const yaml_node_t *node);
gboolean node_is_null(const yaml_node_t *node);
gboolean node_is_plain(const yaml_node_t *node); /* a scalar without quotes */
/* "the text "x"", "a list"…; free with g_free() */
char *node_describe(const yaml_node_t *node);

/* Reads a number as in YAML 1.1 (0x, 0b, 0o, leading 0 for octal, _ between digits). */
gboolean number_parse(const char *text, gint64 *value);

/* A suggestion for text that is not a number in the field's range: "write 0xc08b", or NULL. Free
 * with g_free(). */
char *number_hint(const Field *field, const yaml_node_t *node);

/* A copy of a text of one line that is not empty; NULL: node is not such a text, which has been
 * reported. */
char *reader_take_text(ConfigReader *reader, const char *key, yaml_node_t *node);
gboolean reader_take_number(
	ConfigReader *reader, const Field *field, yaml_node_t *node, gint64 *value);

/* FieldRead into char *, gboolean, any integer type */
void reader_text(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);
void reader_bool(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);
void reader_number(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);
/* FieldRead into an enum whose values number field->choices */
void reader_choice(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);
/* FieldRead: a bool that is accepted and ignored */
void reader_ignored_bool(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);
/* FieldRead into guint milliseconds: seconds, decimals allowed; min and max in milliseconds */
void reader_seconds(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);

/* --- targets (reference.c) --- */

/* Records that node names a guest (or, if host is set, the host), which may be defined later in the
 * file. */
void reader_refer(ConfigReader *reader, const char *key, yaml_node_t *node, gboolean host);
/* The same for a key such as "guest:". name must outlive the reader. */
void reader_refer_name(ConfigReader *reader, const char *name, yaml_node_t *node);
/* Calls take for each member of a mapping from targets, "host" among them, to something. */
void reader_each_target(ConfigReader *reader, const char *key, yaml_node_t *node,
	void (*take)(ConfigReader *reader, gpointer data, const char *target, yaml_node_t *node),
	gpointer data);
/* The names in a list of what ("guests"), each of which names a guest; if targets is set, "host"
 * and "self" are right as well. Free with g_strfreev(); NULL: it is no list, which has been
 * reported. */
GStrv reader_take_names(ConfigReader *reader, const char *key, const char *what, gboolean targets,
	yaml_node_t *node);
/* Reports the references to guests that do not exist. */
void references_check(ConfigReader *reader);

/* --- the sections of the file --- */

/* FieldRead of each section of the root; out is the Config */
void read_libvirt(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);
void read_guests(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);
void read_http(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);
void read_displays(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);
void read_devices(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);
void read_commands(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);
void read_hotkeys(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);
void read_keep(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);
void read_evdev(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);
extern const Field libvirt_fields[], guest_fields[], http_fields[], display_fields[],
	device_fields[], evdev_fields[];

/* A command in any of its forms. Free with config_command_free(). NULL: node is not a command,
 * which has been reported. */
ConfigCommand *reader_take_command(
	ConfigReader *reader, const char *key, yaml_node_t *node, const char *target);

/* return.c: FieldRead of a display's return and return_command, and the checks that need both. */
/* also.c */
extern const Field also_fields[];
void read_also(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);

void read_return(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);
void read_return_command(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);
void check_return(ConfigReader *reader, yaml_node_t *node, const ConfigDisplay *display);

/* hotkeys.c: adds the default hotkeys, and reports those that prevent others from working. Call it
 * after the guests and devices have been checked. */
void check_hotkeys(ConfigReader *reader);

/* hubs.c: reports devices that must be hubs, because other devices are described as being behind
 * them. */
void check_hubs(ConfigReader *reader);

/* The checks that need the whole config. */
void check_config(ConfigReader *reader);

/* Frees structs that are not part of a Config. */
void config_guest_free(gpointer guest);
