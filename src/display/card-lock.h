/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One transfer at a time per graphics card. Transfers at the same time on several I2C buses of one
 * card made AMD cards drop off the PCIe bus and hang the computer (ddcutil #629). The lock is held
 * for a single transfer, not for the pauses between them, so that monitors do not wait for one
 * another. Functions may be called on any thread.
 */
#pragma once

#include <gio/gio.h>

typedef struct CardLock CardLock;

/* The locks of all graphics cards of one system. */
typedef struct CardLocks CardLocks;

CardLocks *card_locks_new(void);
/* Frees the locks. None of them may be held. */
void card_locks_free(CardLocks *locks);

/*
 * The lock of the card with this name, which is created if it is new; borrowed. path: a file that
 * every hotseat process can open, and that is locked with flock() too. If it is NULL or cannot be
 * opened, the lock is for this process only.
 */
CardLock *card_locks_get(CardLocks *locks, const char *name, const char *path);

/* Takes the lock. FALSE and TIMED_OUT: it was not free within deadline_ms. */
gboolean card_lock_take(CardLock *lock, guint deadline_ms, GError **error);
void card_lock_release(CardLock *lock);
