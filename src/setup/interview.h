/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a configuration has to say, found out: from the options, from what is obvious, and from the
 * person. It looks at the machine and changes nothing: above all, no monitor is set to anything.
 */
#pragma once

#include "draft/draft.h"
#include "find/machine.h"
#include "guest/found.h"
#include "talk/talk.h"

typedef struct {
	gboolean yes, user, no_root, tls;
	const char *from, *output, *http;	    /* NULL: not given */
	const char **guests, **displays, **devices; /* NULL at the end */
} InterviewOptions;

typedef struct {
	Talk *talk;
	const Machine *machine;
	const InterviewOptions *options;
	gboolean asks; /* there is a person to be asked */
	Found found;
	const char *replaced; /* the config that is written over; NULL: not known. Borrowed */
	GPtrArray *missing;   /* char *: what has to be said, and is not, each with its option */
	Draft *draft;
} Interview;

/* An interview that has looked at nothing yet. options and machine: borrowed. */
void interview_init(Interview *interview, Talk *talk, const Machine *machine,
	const InterviewOptions *options, gboolean asks);
/* Looks at all there is, with progress on stderr, and says what it could not see. */
void interview_look(Interview *interview, ScanProgress progress);
void interview_clear(Interview *interview);

/* All that follows, in its order. FALSE: the person has left. */
gboolean interview_run(Interview *interview);

/* Each of these: FALSE: the person has left. */
gboolean interview_libvirt(Interview *interview);
gboolean interview_guests(Interview *interview);
/* Offers to start those that do not run. */
gboolean interview_wake(Interview *interview);
gboolean interview_displays(Interview *interview);
gboolean interview_devices(Interview *interview);
/* Says what in the guests' definitions is in the way of the devices. */
gboolean interview_conflicts(Interview *interview);
gboolean interview_http(Interview *interview);
/* Is it what --http takes: HOST:PORT, or none? The interview relies on it. */
gboolean interview_http_fits(const char *address);

/* Something is neither obvious nor said. */
void interview_missing(Interview *interview, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* -- displays, in several files --------------------------------------------------------------- */

/* Finds out the input of each target by asking; a guest without one is left out. FALSE: the person
 * has left. */
gboolean inputs_ask(Interview *interview, const FoundMonitor *monitor, ConfigDisplay *display);
/* Takes them if they are obvious: exactly two, one of which it shows, and one guest. */
gboolean inputs_obvious(Interview *interview, const FoundMonitor *monitor, ConfigDisplay *display);
/* Takes them from "HOST,GUEST[,GUEST...]", in the order of the guests. FALSE: why, to be freed with
 * g_free(). */
gboolean inputs_take(Interview *interview, const FoundMonitor *monitor, const char *text,
	ConfigDisplay *display, char **why);
/* A code as a person writes it: a name of feature 0x60's, a byte, or two bytes as "0xff09". -1: it
 * is none of these. */
int input_parse(const char *text, guint8 feature);

/* Offers LG's own way, once the inputs are known. FALSE: the person has left. */
gboolean lg_offer(Interview *interview, const FoundMonitor *monitor, ConfigDisplay *display);

/* Offers the further features that the monitor database knows for a switch of this model, each with
 * what it does. FALSE: the person has left. */
gboolean also_offer(Interview *interview, const FoundMonitor *monitor, ConfigDisplay *display);
