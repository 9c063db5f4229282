/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From text to a libyaml document: encoding, syntax, and that there is exactly one.
 */
#pragma once

#include <glib.h>
#include <yaml.h>

/* On FALSE what is wrong was added to problems, and there is no document to delete. */
gboolean document_load(
	yaml_document_t *document, const char *text, gsize length, GPtrArray *problems);

/* Frees a document, in whose text there may be a secret. */
void document_forget(yaml_document_t *document);
