/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A shell script as the simple commands it consists of, without its comments and here-documents.
 * Pure.
 */
#pragma once

#include <glib.h>

/* What is before a command. */
typedef enum {
	LINK_LINE, /* a new line, ';' or '&' */
	LINK_AND,
	LINK_OR,
	LINK_PIPE,
	LINK_CASE, /* ";;" */
} SegmentLink;

typedef struct {
	guint line; /* of its first character, from 1 */
	SegmentLink link;
	char *text; /* with quotes, without space around it; a continued line is one line */
} Segment;

/* Segment *, freed with the array. code: the script with spaces in place of comments and of
 * here-documents that nothing reads (": <<END"), to be freed with g_free(). */
GPtrArray *segments_read(const char *script, char **code);
