/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table-driven reader: what may stand in a mapping is an array of Field, and each field knows
 * the function that reads it into its struct. Every reader reports what is wrong with the position
 * of the node, leaves its member alone, and goes on, so that one run finds all mistakes.
 */
#pragma once

#include "config/config.h"
#include "config/problem.h"

#include <yaml.h>

typedef struct {
	yaml_node_t *key, *value;
} Pair;

typedef struct {
	const char *path; /* of the file, for what lies beside it */
	guint mode;	  /* st_mode of the file; 0: not known */
	yaml_document_t *document;
	GPtrArray *problems;
	Config *config;
	guint errors;
	guint budget;		/* list items and mappings that may still be read */
	GHashTable *mappings;	/* yaml_node_t * to GArray of Pair */
	GHashTable *nodes;	/* a struct of the config to the yaml_node_t * it was read from */
	GHashTable *broken;	/* those structs that something is wrong in */
	GHashTable *meant;	/* keys that unknown ones were meant to be; see reader_lacks() */
	gboolean guests_unsure; /* a guest was not understood: any name may be its */
	GArray *references;	/* Reference, in reference.c */
} ConfigReader;

typedef struct Field Field;

/* Reads node into what the field says; out is the struct the table is for. */
typedef void (*FieldRead)(
	ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);

struct Field {
	const char *key;
	FieldRead read;
	gsize offset, size; /* of the member */
	gint64 min, max;    /* of a number */
	gboolean hex;	    /* people know this number in hexadecimal */
	gboolean quoted;    /* and may write it in quotes */
	gboolean required;
	const char *also;	    /* other words people use for it, with '|' between */
	const Field *fields;	    /* of the mapping that is its value */
	const char *const *choices; /* words that are its value, NULL at the end */
};

#define FIELD_MEMBER(type, member)                                                                 \
	.offset = offsetof(type, member), .size = sizeof(((type *)NULL)->member)

/* Ten times what the largest desk needs; aliases of aliases reach it at once. */
#define READER_BUDGET 10000

/* The table of the whole file; ends, as every table does, with a field without a key. */
extern const Field root_fields[];

void reader_init(ConfigReader *reader, const char *path, guint mode, yaml_document_t *document,
	GPtrArray *problems, Config *config);
void reader_finish(ConfigReader *reader);

/* What is wrong at node (NULL: with the file as a whole). */
void reader_error(ConfigReader *reader, const yaml_node_t *node, const char *format, ...)
	G_GNUC_PRINTF(3, 4);
void reader_warning(ConfigReader *reader, const yaml_node_t *node, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

/* "KEY: expected WHAT, got NODE", and the hint, if any, after a semicolon. */
void reader_expected(ConfigReader *reader, const char *key, const char *what,
	const yaml_node_t *node, const char *hint);

/* --- mappings and lists --- */

/* The pairs of a mapping, those of its merge keys (<<) after its own, keys being text and unique;
 * NULL when node is no mapping, which has been reported. The reader's. */
const GArray *reader_pairs(ConfigReader *reader, const char *key, yaml_node_t *node);

/* The value of a key of a mapping that reader_pairs() was happy with; NULL: there is none. */
yaml_node_t *reader_find(ConfigReader *reader, const yaml_node_t *mapping, const char *key);

/* Neither key is in mapping, nor a misspelt key that was reported as this one. */
gboolean reader_lacks(ConfigReader *reader, const yaml_node_t *mapping, const char *key);

/* Reads the mapping by the table. What it is goes by where in messages. FALSE: no mapping. */
gboolean reader_fields(ConfigReader *reader, const Field *fields, const char *where,
	yaml_node_t *node, gpointer out);

typedef void (*ReaderItem)(ConfigReader *reader, yaml_node_t *node, gpointer data);

/* Calls item for each item of a list of what ("devices"). Nothing is an empty list. */
void reader_list(ConfigReader *reader, const char *key, const char *what, yaml_node_t *node,
	ReaderItem item, gpointer data);

/* Remembers where a struct of the config comes from, and whether errors were found (reader->errors
 * was before at its beginning). */
void reader_remember(ConfigReader *reader, gpointer item, yaml_node_t *node, guint before);

/* FieldRead: a mapping by field->fields into the same struct. Nothing is an empty mapping. */
void reader_section(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);

/* --- scalars --- */

/* The text of a scalar; NULL for anything else and for what C strings cannot hold. */
const char *node_text(const yaml_node_t *node);
gboolean node_is_null(const yaml_node_t *node);
gboolean node_is_plain(const yaml_node_t *node); /* a scalar without quotes */
/* "the text "x"", "a list"…; free with g_free() */
char *node_describe(const yaml_node_t *node);

/* A number as YAML 1.1 has it (0x, 0b, 0o, leading 0 for octal, _ between digits). */
gboolean number_parse(const char *text, gint64 *value);

/* What may have been meant by text that is no number of the field's range: "; write 0xc08b"
 * without the semicolon, or NULL. Free with g_free(). */
char *number_hint(const Field *field, const yaml_node_t *node);

/* Text of one line that is not empty, copied; NULL: it is not, which has been reported. */
char *reader_take_text(ConfigReader *reader, const char *key, yaml_node_t *node);
gboolean reader_take_number(
	ConfigReader *reader, const Field *field, yaml_node_t *node, gint64 *value);

/* FieldRead into char *, gboolean, any integer type */
void reader_text(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);
void reader_bool(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);
void reader_number(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);
/* FieldRead into an enum whose values number field->choices */
void reader_choice(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);
/* FieldRead: a bool that is accepted and means nothing */
void reader_ignored_bool(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);
/* FieldRead into guint milliseconds: seconds, decimals allowed; min and max in milliseconds */
void reader_seconds(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);

/* --- targets (reference.c) --- */

/* node names a guest (or, if host is set, the host), which may be defined further down. */
void reader_refer(ConfigReader *reader, const char *key, yaml_node_t *node, gboolean host);
/* The same, said by a key such as "guest:". name must outlive the reader. */
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

/* --- the rooms of the file --- */

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

/* A command in any of its forms, to free with config_command_free(); NULL: it is none, which has
 * been reported. */
ConfigCommand *reader_take_command(
	ConfigReader *reader, const char *key, yaml_node_t *node, const char *target);

/* return.c: FieldRead of a display's return and return_command, and what can only be seen when both
 * are read. */
/* also.c */
extern const Field also_fields[];
void read_also(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);

void read_return(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);
void read_return_command(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out);
void check_return(ConfigReader *reader, yaml_node_t *node, const ConfigDisplay *display);

/* hotkeys.c: adds the hotkeys that the file does not name, and looks for some that are in the way
 * of others. After the guests and devices are checked. */
void check_hotkeys(ConfigReader *reader);

/* hubs.c: devices that are hubs, which can be seen from what else is said to be behind them. */
void check_hubs(ConfigReader *reader);

/* What can only be seen when everything has been read. */
void check_config(ConfigReader *reader);

/* For what never became part of a Config. */
void config_guest_free(gpointer guest);
