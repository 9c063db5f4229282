/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guests' secrets: a folder "secrets" beside the config, in it one file a guest, in it one
 * line. To give one out changes no config.
 */
#pragma once

#include "config/config.h"

/* characters; 16 random ones cannot be guessed over a network */
#define SECRET_SHORT 16
/* bytes that make a new one, 128 bits; written as twice as many hexadecimal digits */
#define SECRET_BYTES 16

typedef struct {
	char *guest;
	char *text;
} Secret;

/* What makes text unfit for a secret, in words ("the secret is empty"); NULL: nothing. */
const char *secret_fault(const char *text);

/* Cuts the end of the line off text of length bytes. */
void secret_chomp(char *text, gsize length);

/* Where the secrets of the config at config_path are, and that of guest, whose name becomes a
 * file's with "/", "%" and a "." at its beginning as %XX. Free with g_free(). */
char *secrets_folder(const char *config_path);
char *secrets_file(const char *config_path, const char *guest);

/* Names of files in the folder that are no secret of a guest of config, sorted; NULL-terminated.
 * Free with g_strfreev(). */
GStrv secrets_strays(const Config *config);

/*
 * The secrets in force: Secret *, in the order of the config's guests; free with
 * g_ptr_array_unref(). What is wrong is appended to problems; the secret that has an error is not
 * in force. A warning if with config no client can send requests.
 */
GPtrArray *secrets_load(const Config *config, GPtrArray *problems);

/* A new one: SECRET_BYTES of the kernel's random numbers, in hexadecimal digits. Free with
 * g_free(). NULL and an error. */
char *secret_random(GError **error);

/* The secret in force of a guest: *secret, to free with g_free(), NULL: it has none. FALSE and
 * error: its file cannot be used; *secret is untouched. */
gboolean secrets_find(const Config *config, const char *guest, char **secret, GError **error);

/*
 * Makes a secret for guest and writes its file (mode 0600, whole or not at all), for the owner of
 * the folder; the folder is made for the owner of the config. An existing one stays unless replace
 * is set. Returns the secret, to free with g_free(), or NULL and an error.
 */
char *secrets_make(const Config *config, const char *guest, gboolean replace, GError **error);

/* Calls changed, from the main loop, when a file in the folder may have changed, and when the
 * folder comes or goes. NULL and error: the changes cannot be told. */
typedef struct SecretsWatch SecretsWatch;
SecretsWatch *secrets_watch_new(
	const char *config_path, void (*changed)(gpointer data), gpointer data, GError **error);
void secrets_watch_free(SecretsWatch *watch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SecretsWatch, secrets_watch_free)
