/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The XML that libvirt describes things with, as a tree. Pure.
 */
#pragma once

#include <glib.h>

typedef struct XmlNode {
	char *name;	     /* without a prefix that means QEMU's namespace */
	gboolean qemu;	     /* it is of QEMU's namespace (qemu:commandline and what is in it) */
	GStrv names;	     /* of the attributes */
	GStrv values;	     /* theirs, in the same order */
	GString *text;	     /* of the node itself, without that of its children */
	GPtrArray *children; /* XmlNode *, owned */
} XmlNode;

/* The root. what: "the domain win11", for the message. Free with xml_free(). Errors: LIBVIRT. */
XmlNode *xml_parse(const char *what, const char *xml, GError **error);
void xml_free(XmlNode *node);

/* The following take a node of NULL as one that has nothing in it. */

/* The value of an attribute, borrowed, or NULL. */
const char *xml_get(const XmlNode *node, const char *name);
gboolean xml_has(const XmlNode *node, const char *name, const char *value);
/* Decimal, or with 0x before it; 0: missing or no number. */
guint xml_number(const XmlNode *node, const char *name);

/* Is it an element of that name of libvirt's own? */
gboolean xml_is(const XmlNode *node, const char *name);
/* Is it an element of that name of QEMU's namespace? */
gboolean xml_is_qemu(const XmlNode *node, const char *name);
/* The first child that xml_is(), or NULL. */
const XmlNode *xml_child(const XmlNode *node, const char *name);
/* How many children there are. */
guint xml_count(const XmlNode *node);
const XmlNode *xml_nth(const XmlNode *node, guint nth);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(XmlNode, xml_free)
