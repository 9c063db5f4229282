/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guests' secrets: one file with one line for each guest, in the folder "secrets" beside the
 * config. A new secret does not change the config.
 */
#pragma once

#include "config/config.h"

/* characters; 16 random ones cannot be guessed over a network */
#define SECRET_SHORT 16
/* length of a new secret in bytes (128 bits); it is written as twice as many hexadecimal digits */
#define SECRET_BYTES 16

typedef struct {
	char *guest;
	char *text;
} Secret;

/* Why text cannot be a secret, for people ("the secret is empty"); NULL: it can. Static. */
const char *secret_fault(const char *text);

/* Removes the line's end from text of length bytes. */
void secret_chomp(char *text, gsize length);

/* The folder with the secrets of the config at config_path, and the file with the secret of guest.
 * In the name of the file, "/", "%" and a leading "." become %XX. Free with g_free(). */
char *secrets_folder(const char *config_path);
char *secrets_file(const char *config_path, const char *guest);

/* The names of files in the folder that do not belong to a guest of config, sorted; ends with NULL.
 * Free with g_strfreev(). */
GStrv secrets_strays(const Config *config);

/*
 * The valid secrets: Secret *, in the order of the config's guests. Free with g_ptr_array_unref().
 * Problems are appended to problems; a secret with an error is left out. Adds a warning if no
 * client can send requests with this config.
 */
GPtrArray *secrets_load(const Config *config, GPtrArray *problems);

/* A new secret: SECRET_BYTES random bytes from the kernel, as hexadecimal digits. Free with
 * g_free(). On failure returns NULL and an error. */
char *secret_random(GError **error);

/* Reads a guest's secret into *secret; NULL: it has none. Free with g_free(). If its file cannot be
 * used, returns FALSE and an error, with *secret untouched. */
gboolean secrets_find(const Config *config, const char *guest, char **secret, GError **error);

/*
 * Creates a secret for guest and writes its file atomically (mode 0600, owned by the owner of the
 * folder). If the folder is missing, it is created for the owner of the config. An existing secret
 * is kept unless replace is set. Returns the secret (free with g_free()), or NULL and an error.
 */
char *secrets_make(const Config *config, const char *guest, gboolean replace, GError **error);

/* Calls changed, on the main loop, when a file in the folder may have changed, and when the folder
 * is created or removed. NULL and an error: changes cannot be watched. */
typedef struct SecretsWatch SecretsWatch;
SecretsWatch *secrets_watch_new(
	const char *config_path, void (*changed)(gpointer data), gpointer data, GError **error);
void secrets_watch_free(SecretsWatch *watch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SecretsWatch, secrets_watch_free)
