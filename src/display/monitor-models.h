/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The monitor database: what users reported about models of monitors. It is the files of
 * data/monitors, which are part of the program; data/monitors/README.md documents their keys. The
 * user's config always has priority.
 */
#pragma once

#include "display/edid.h"

/* What a monitor reports as its input. */
typedef enum {
	MODEL_REPORTS_INPUT,	 /* the input that it shows, as the standard requires */
	MODEL_REPORTS_NOTHING,	 /* it does not answer */
	MODEL_REPORTS_ZERO,	 /* 0x00 */
	MODEL_REPORTS_OWN_INPUT, /* the input of the cable over which it is asked, whatever it shows
				  */
} ModelReports;

typedef struct {
	guint16 code;
	char *connector; /* "HDMI-1" */
} ModelInput;

/* An input that does not read as the low byte of its code. */
typedef struct {
	guint16 code;
	guint8 reads_as;
} ModelReading;

/* Another feature to write when the input changes. */
typedef struct {
	guint8 feature;
	guint16 value;
	char *effect; /* "next USB host" */
} ModelSetting;

typedef struct {
	char *name;	    /* the group in the file: "GSM LG ULTRAGEAR | 27GL850" */
	char *file;	    /* "lg.ini" */
	char *manufacturer; /* PNP id */
	char *model;	    /* the EDID's name, with * and ? as in a glob; case is ignored */
	GArray *products;   /* guint16: of the EDID; none: any */
	guint8 feature;	    /* the one that selects the input; see ConfigDisplay */
	guint8 source_address;
	GArray *inputs;	     /* ModelInput: codes that work */
	GArray *readings;    /* ModelReading */
	GArray *wrong_codes; /* guint16: codes that it lists but does not have */
	GArray *also;	     /* ModelSetting */
	ModelReports reports;
	gboolean deaf;		/* it answers only on the input that it shows */
	gboolean save_settings; /* it needs DDC/CI's "save settings" (0x0C) after the switch */
	guint reply_ms;		/* how long it needs for a reply; 0: not known */
	GStrv sources;		/* URLs; at least one */
} MonitorModel;

typedef struct MonitorModels MonitorModels;

MonitorModels *monitor_models_new(void);
void monitor_models_free(MonitorModels *models);

/* Adds the entries of a file. file: its name, for messages. Errors: FAILED, with the file, the
 * entry and the key; models is untouched then. An unknown key is an error. */
gboolean monitor_models_add(
	MonitorModels *models, const char *file, const char *text, gsize length, GError **error);

/* The program's own. Never freed. */
const MonitorModels *monitor_models_builtin(void);

guint monitor_models_count(const MonitorModels *models);
const MonitorModel *monitor_models_at(const MonitorModels *models, guint i);

/* The entry that matches the monitor best, or NULL: first one with its product code, then the one
 * whose model has fewer wildcards, then the one whose model is longer. */
const MonitorModel *monitor_models_find(const MonitorModels *models, const Edid *edid);

/* -- what an entry contains; a model of NULL contains nothing -----------------------------------
 */

/* The input with that code, or NULL. */
const ModelInput *monitor_model_input(const MonitorModel *model, guint16 code);

/* The input that reads as this low byte, or NULL if there is none, or more than one. */
const ModelInput *monitor_model_input_read(const MonitorModel *model, guint8 read);

/* Can the monitor's report differ from what it shows? */
gboolean monitor_model_is_unreliable(const MonitorModel *model);

/* What the input with that code reads as: the low byte of the code unless an entry says otherwise.
 */
guint8 monitor_model_reads_as(const MonitorModel *model, guint16 code);

/* Does the monitor list this code without having such an input? */
gboolean monitor_model_lacks(const MonitorModel *model, guint16 code);

/* "DisplayPort-1 0x0f, HDMI-1 0x11"; "" if no input is known. Free with g_free(). */
char *monitor_model_describe_inputs(const MonitorModel *model);

/* The rest of the entry, as one sentence (char *) for each fact, such as "It answers only on the
 * input that it shows." Free with g_ptr_array_unref(). */
GPtrArray *monitor_model_remarks(const MonitorModel *model);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MonitorModels, monitor_models_free)
