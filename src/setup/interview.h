/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds out what a configuration must contain: from the options, from what is obvious, and from the
 * user. It only looks at the machine, and changes nothing: in particular, it sets no monitor.
 */
#pragma once

#include "draft/draft.h"
#include "find/machine.h"
#include "guest/found.h"
#include "talk/talk.h"

typedef struct {
	gboolean yes, user, no_root, tls;
	const char *from, *output, *http;	    /* NULL: not given */
	const char **guests, **displays, **devices; /* each ends with NULL */
} InterviewOptions;

typedef struct {
	Talk *talk;
	const Machine *machine;
	const InterviewOptions *options;
	gboolean asks; /* there is a person to be asked */
	Found found;
	const char *replaced; /* the config that is written over; NULL: not known. Borrowed */
	GPtrArray *missing;   /* char *: the missing answers, each with its option */
	Draft *draft;
} Interview;

/* A new interview, before it has looked at anything. options and machine: borrowed. */
void interview_init(Interview *interview, Talk *talk, const Machine *machine,
	const InterviewOptions *options, gboolean asks);
/* Looks at the machine, with progress on stderr, and reports what it could not see. */
void interview_look(Interview *interview, ScanProgress progress);
void interview_clear(Interview *interview);

/* All of the following parts, in this order. FALSE: the user has left. */
gboolean interview_run(Interview *interview);

/* Each of these returns FALSE if the user has left. */
gboolean interview_libvirt(Interview *interview);
gboolean interview_guests(Interview *interview);
/* Offers to start guests that do not run. */
gboolean interview_wake(Interview *interview);
gboolean interview_displays(Interview *interview);
gboolean interview_devices(Interview *interview);
/* Reports what in the guests' definitions prevents the devices from moving. */
gboolean interview_conflicts(Interview *interview);
gboolean interview_http(Interview *interview);
/* Is it a valid value of --http: HOST:PORT, or none? Check this before the interview. */
gboolean interview_http_fits(const char *address);

/* Reports a missing answer, which is neither obvious nor given. */
void interview_missing(Interview *interview, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* -- displays, in several files --------------------------------------------------------------- */

/* Finds out the input of each target by asking; a guest without one is left out. FALSE: the user
 * has left. */
gboolean inputs_ask(Interview *interview, const FoundMonitor *monitor, ConfigDisplay *display);
/* Takes the inputs if they are obvious: exactly two, one of which it shows, and one guest. */
gboolean inputs_obvious(Interview *interview, const FoundMonitor *monitor, ConfigDisplay *display);
/* Takes the inputs from "HOST,GUEST[,GUEST...]", in the order of the guests. FALSE, with the
 * reason, to be freed with g_free(). */
gboolean inputs_take(Interview *interview, const FoundMonitor *monitor, const char *text,
	ConfigDisplay *display, char **why);
/* A code as a user writes it: a name of an input of feature 0x60, a byte, or two bytes as "0xff09".
 * -1: it is none of these. */
int input_parse(const char *text, guint8 feature);

/* Offers LG's own way, once the inputs are known. FALSE: the user has left. */
gboolean lg_offer(Interview *interview, const FoundMonitor *monitor, ConfigDisplay *display);

/* Offers the further features that the monitor database knows for a switch of this model, each with
 * its effect. FALSE: the user has left. */
gboolean also_offer(Interview *interview, const FoundMonitor *monitor, ConfigDisplay *display);
