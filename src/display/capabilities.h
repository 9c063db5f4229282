/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a monitor says that it can: its capabilities string (DDC/CI 1.1, 4.6; ACCESS.bus 3.0,
 * section 7; VESA MCCS 2.2a), such as
 *
 *	(prot(monitor)type(LCD)model(U3011)vcp(10 12 60(01 0F 11))mccs_ver(2.1))
 *
 * as far as it matters here. Firmware gets it wrong in every way there is, so that this is a
 * reader that takes what it recognizes and says how much of the rest it did not.
 */
#pragma once

#include <glib.h>

/* Longest text kept of a section, with its NUL; what is longer is cut. The standard sets no limit;
 * the longest in tests/capabilities has 20. */
#define CAPABILITIES_TEXT 64

/* How a string is damaged, anywhere in it. */
typedef enum {
	CAPABILITIES_UNBALANCED = 1 << 0,  /* a parenthesis is missing, or one too many */
	CAPABILITIES_CUT_OFF = 1 << 1,	   /* ends within a section: a list may lack something */
	CAPABILITIES_UNREADABLE = 1 << 2,  /* words or bytes that mean nothing where they are */
	CAPABILITIES_NO_FEATURES = 1 << 3, /* not even one feature: no list of them, or empty */
} CapabilitiesDamage;

/* Values of a feature in the order of the string, each once. */
typedef struct {
	guint length;
	guint8 codes[256];
} CapabilitiesValues;

typedef struct {
	char protocol[CAPABILITIES_TEXT]; /* "monitor"; "" when it does not say, as the next */
	char type[CAPABILITIES_TEXT];	  /* "LCD", "lcd" ... */
	char model[CAPABILITIES_TEXT];	  /* often the name of what is inside, not of the monitor */
	guint8 mccs_major, mccs_minor;	  /* of MCCS, which it follows; 0.0 when it does not say */
	guint32 features[256 / 32];	  /* see capabilities_has() */
	CapabilitiesValues inputs;	  /* of the feature 0x60; none: not listed, or without */
	CapabilitiesValues lg_inputs; /* of 0xF4, which means something else unless it is LG's */
	CapabilitiesDamage damage;    /* flags; 0: none */
	/* Is it the list of features that is damaged, so that a feature or an input may be wrong or
	 * missing? A parenthesis missing after the model harms nothing. */
	gboolean list_damaged;
} Capabilities;

/* Reads length bytes of any kind at text. Never fails: from nonsense it reads nothing. */
void capabilities_parse(const char *text, gsize length, Capabilities *out);

/* Is the VCP feature listed? */
gboolean capabilities_has(const Capabilities *capabilities, guint8 feature);
