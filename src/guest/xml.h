/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libvirt's XML as a tree. Pure.
 */
#pragma once

#include <glib.h>

typedef struct XmlNode {
	char *name;	     /* without the prefix of QEMU's namespace */
	gboolean qemu;	     /* it is in QEMU's namespace (qemu:commandline and its content) */
	GStrv names;	     /* of the attributes */
	GStrv values;	     /* theirs, in the same order */
	GString *text;	     /* the node's own text, without that of its children */
	GPtrArray *children; /* XmlNode *, owned */
} XmlNode;

/* Returns the root. what: "the domain win11", for error messages. Free with xml_free(). Errors:
 * LIBVIRT. */
XmlNode *xml_parse(const char *what, const char *xml, GError **error);
void xml_free(XmlNode *node);

/* The following functions treat a node of NULL as an empty one. */

/* The value of an attribute, borrowed, or NULL. */
const char *xml_get(const XmlNode *node, const char *name);
gboolean xml_has(const XmlNode *node, const char *name, const char *value);
/* An attribute as a number, decimal or hexadecimal with 0x; 0: missing or not a number. */
guint xml_number(const XmlNode *node, const char *name);

/* Is it an element of that name in libvirt's namespace? */
gboolean xml_is(const XmlNode *node, const char *name);
/* Is it an element of that name of QEMU's namespace? */
gboolean xml_is_qemu(const XmlNode *node, const char *name);
/* The first child for which xml_is() is TRUE, or NULL. */
const XmlNode *xml_child(const XmlNode *node, const char *name);
/* How many children there are. */
guint xml_count(const XmlNode *node);
const XmlNode *xml_nth(const XmlNode *node, guint nth);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(XmlNode, xml_free)
