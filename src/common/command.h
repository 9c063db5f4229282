/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Commands for people to paste into a POSIX shell.
 */
#pragma once

#include <glib.h>

/* A word as a shell reads it: in quotes if it needs them. Free with g_free(). */
char *command_word(const char *word);

/* A command as a user would type it, each word quoted as needed. words: ends with NULL. Free with
 * g_free(). */
char *command_text(const char *const *words);

/* Adds an option and its value to a command. */
void command_add_option(GString *command, const char *option, const char *value);
