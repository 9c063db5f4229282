/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Converts text to a libyaml document. Checks the encoding, the syntax, and that there is exactly
 * one document.
 */
#pragma once

#include <glib.h>
#include <yaml.h>

/* On failure returns FALSE and appends to problems; then there is no document to free. */
gboolean document_load(
	yaml_document_t *document, const char *text, gsize length, GPtrArray *problems);

/* Frees a document, and overwrites its text, which may contain a secret. */
void document_forget(yaml_document_t *document);
