/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static gboolean to_journal;
static gboolean log_debug;
static const char *program;

static const char *field(const GLogField *fields, gsize n, const char *key)
{
	for (gsize i = 0; i < n; i++)
		if (strcmp(fields[i].key, key) == 0 && fields[i].length < 0)
			return fields[i].value;
	return NULL;
}

/* hotseat's own messages have no domain; libvirt-glib logs each poll at this level. */
static gboolean is_of_a_library(const GLogField *fields, gsize n)
{
	return field(fields, n, "GLIB_DOMAIN") != NULL;
}

static const char *level_word(GLogLevelFlags level)
{
	if (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL))
		return "error: ";
	if (level & G_LOG_LEVEL_WARNING)
		return "warning: ";
	return "";
}

static GLogWriterOutput write_log(
	GLogLevelFlags level, const GLogField *fields, gsize n, gpointer unused)
{
	const char *message = field(fields, n, "MESSAGE");

	if ((level & G_LOG_LEVEL_DEBUG) && (!log_debug || is_of_a_library(fields, n)))
		return G_LOG_WRITER_HANDLED;
	if (to_journal && g_log_writer_journald(level, fields, n, NULL) == G_LOG_WRITER_HANDLED)
		return G_LOG_WRITER_HANDLED;
	fprintf(stderr, "%s: %s%s\n", program, level_word(level), message != NULL ? message : "");
	return G_LOG_WRITER_HANDLED;
}

void log_set_up(const char *name, gboolean verbose)
{
	program = name;
	log_debug = verbose;
	to_journal = g_log_writer_is_journald(STDERR_FILENO);
	g_log_set_writer_func(write_log, NULL, NULL);
}
