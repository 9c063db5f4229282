/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The USB redirection by which a domain gets the keyboard and mouse that hotseat-inputd emulates,
 * and what a domain's XML says about it. Pure.
 */
#pragma once

#include <glib.h>

/* What it is called in every domain; libvirt wants "ua-" at the beginning of a user's names. */
#define REDIRDEV_ALIAS "ua-hotseat-input"

typedef struct {
	gboolean attached; /* there is a redirection with that alias */
	guint port;	   /* TCP, that it connects to on 127.0.0.1; 0: elsewhere */
	guint controllers; /* USB controllers */
	gboolean disabled; /* the domain must not have any: a controller of the model "none" */
	gboolean grabs;	   /* its QEMU reads event devices itself, and grabs them */
	char *user; /* of the DAC label: "+64055" or a name: the user that runs QEMU; NULL: none */
} DomainInput;

/* Reads a running domain's XML. Free with domain_input_free(). Errors: LIBVIRT. */
DomainInput *domain_input_parse(const char *domain, const char *xml, GError **error);
void domain_input_free(DomainInput *input);

/* The XML that attaches it. QEMU connects to port again, each second, whenever it is not connected.
 * Free with g_free(). */
char *redirdev_xml(guint port);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DomainInput, domain_input_free)
