/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An emulated keyboard for the host (uinput), for keys that stay with the host while a guest has
 * the keyboard.
 */
#pragma once

#include "input/key-set.h"

typedef struct HostKeys HostKeys;

/* Creates a keyboard with these keys. NULL and error (HOTSEAT_ERROR_NO_PERMISSION,
 * HOTSEAT_ERROR_FAILED): /dev/uinput cannot be used. */
HostKeys *host_keys_new(const KeySet *keys, GError **error);
/* NULL is allowed. */
void host_keys_free(HostKeys *host_keys);

void host_keys_send(HostKeys *host_keys, guint code, gboolean down);
