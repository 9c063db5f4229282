/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A draft of a configuration, and its text for the file.
 */
#pragma once

#include "config/config.h"
#include "import/import.h"

/* The name of the guest of libvirt.domain, which virtkvm's clients request: hotseat.yaml(5). */
#define DRAFT_ONLY_GUEST "guest"
/* the default of a command: hotseat.yaml(5) */
#define DRAFT_TIMEOUT_MS 10000

typedef struct {
	Config *config;
	GHashTable *notes; /* an item of the config (its pointer) to the note above it */
} Draft;

Draft *draft_new(void);
/* A draft from a config. Takes ownership of it. */
Draft *draft_take(Config *config);
/* A draft from another program's file. */
Draft *draft_from_import(const Import *import);
void draft_free(Draft *draft);

/* Each adds an item with the usual defaults; the draft owns it. name is copied and made unique. */
ConfigGuest *draft_add_guest(Draft *draft, const char *name, const char *domain);
ConfigDisplay *draft_add_display(Draft *draft, const char *name);
/* The URI of the libvirt that has the guests. Borrowed. */
const char *draft_uri(const Draft *draft);

ConfigDevice *draft_add_device(Draft *draft, const char *name);

void draft_add_hotkey(Draft *draft, HotkeyAction action, const char *keys);

/* Gives it this name, made unique, if it has one that the config's reader generated. */
void draft_name_display(Draft *draft, ConfigDisplay *display, const char *name);
void draft_name_device(Draft *draft, ConfigDevice *device, const char *name);

void draft_set_input(ConfigDisplay *display, const char *target, guint16 value, int reads_as);
const ConfigInput *draft_input(const ConfigDisplay *display, const char *target);

/* Adds a line to the note above the item. */
void draft_note(Draft *draft, gconstpointer item, const char *format, ...) G_GNUC_PRINTF(3, 4);
void draft_forget_notes(Draft *draft, gconstpointer item);

/* Can a config contain this text? It must be one line of UTF-8 and not empty. */
gboolean draft_can_say(const char *text);

typedef enum {
	DRAFT_SECRET_FILE,   /* the secret is in DRAFT_SECRET_NAME beside the config */
	DRAFT_SECRET_WITHIN, /* for a check: the secret is written into the text */
} DraftSecret;

#define DRAFT_SECRET_NAME "secret"

/* The text of the file, with comments. Free with g_free(). */
char *draft_text(const Draft *draft, DraftSecret secret);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Draft, draft_free)
