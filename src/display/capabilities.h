/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a monitor claims to support: its capabilities string (DDC/CI 1.1, 4.6; ACCESS.bus 3.0,
 * section 7; VESA MCCS 2.2a), such as
 *
 *	(prot(monitor)type(LCD)model(U3011)vcp(10 12 60(01 0F 11))mccs_ver(2.1))
 *
 * as far as hotseat needs it. Many monitors send damaged strings, so this reader uses what it
 * recognizes and reports what is wrong with the rest.
 */
#pragma once

#include <glib.h>

/* Longest text that is kept of a section, with its NUL; longer texts are cut. The standard sets no
 * limit; the longest in tests/capabilities has 20. */
#define CAPABILITIES_TEXT 64

/* How a string is damaged, anywhere in it. */
typedef enum {
	CAPABILITIES_UNBALANCED = 1 << 0,  /* a parenthesis is missing, or there is one too many */
	CAPABILITIES_CUT_OFF = 1 << 1,	   /* ends within a section: a list may lack something */
	CAPABILITIES_UNREADABLE = 1 << 2,  /* words or bytes that mean nothing where they are */
	CAPABILITIES_NO_FEATURES = 1 << 3, /* there is no list of features, or it is empty */
} CapabilitiesDamage;

/* Values of a feature in the order of the string, each once. */
typedef struct {
	guint length;
	guint8 codes[256];
} CapabilitiesValues;

typedef struct {
	char protocol[CAPABILITIES_TEXT]; /* "monitor"; "", here and below: not in the string */
	char type[CAPABILITIES_TEXT];	  /* "LCD", "lcd" ... */
	char model[CAPABILITIES_TEXT];	  /* often the name of a part inside, not of the monitor */
	guint8 mccs_major, mccs_minor;	  /* the version of MCCS; 0.0: not in the string */
	guint32 features[256 / 32];	  /* see capabilities_has() */
	CapabilitiesValues inputs;	  /* of the feature 0x60; none: not listed, or without */
	CapabilitiesValues lg_inputs;	  /* of 0xF4; only LG monitors select the input with it */
	CapabilitiesDamage damage;	  /* flags; 0: none */
	/* Is the list of features damaged, so that a feature or an input may be wrong or missing? A
	 * missing parenthesis after the model, for example, does no harm. */
	gboolean list_damaged;
} Capabilities;

/* Reads length bytes at text, which may contain anything. Never fails: out stays empty if nothing
 * is recognized. */
void capabilities_parse(const char *text, gsize length, Capabilities *out);

/* Is the VCP feature listed? */
gboolean capabilities_has(const Capabilities *capabilities, guint8 feature);
