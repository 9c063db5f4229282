/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/card-lock.h"

#include "common/error.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

/* Pause between attempts: a transfer takes 1 to 15 ms. */
#define FLOCK_POLL_US 500

struct CardLock {
	char *name;
	GMutex mutex;
	GCond released;
	gboolean taken;
	int fd; /* -1: for this process only */
};

struct CardLocks {
	GMutex mutex;
	GHashTable *locks; /* name to CardLock * */
};

static void lock_free(gpointer data)
{
	CardLock *lock = data;

	if (lock->fd >= 0)
		close(lock->fd);
	g_mutex_clear(&lock->mutex);
	g_cond_clear(&lock->released);
	g_free(lock->name);
	g_free(lock);
}

CardLocks *card_locks_new(void)
{
	CardLocks *locks = g_new0(CardLocks, 1);

	g_mutex_init(&locks->mutex);
	locks->locks = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, lock_free);
	return locks;
}

void card_locks_free(CardLocks *locks)
{
	g_hash_table_unref(locks->locks);
	g_mutex_clear(&locks->mutex);
	g_free(locks);
}

static CardLock *lock_new(const char *name, const char *path)
{
	CardLock *lock = g_new0(CardLock, 1);

	lock->name = g_strdup(name);
	g_mutex_init(&lock->mutex);
	g_cond_init(&lock->released);
	lock->fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	return lock;
}

CardLock *card_locks_get(CardLocks *locks, const char *name, const char *path)
{
	CardLock *lock;

	g_mutex_lock(&locks->mutex);
	lock = g_hash_table_lookup(locks->locks, name);
	if (lock == NULL) {
		lock = lock_new(name, path);
		g_hash_table_insert(locks->locks, lock->name, lock);
	}
	g_mutex_unlock(&locks->mutex);
	return lock;
}

/* Takes the lock within this process. */
static gboolean take_mutex(CardLock *lock, gint64 deadline_us)
{
	gboolean taken = TRUE;

	g_mutex_lock(&lock->mutex);
	while (taken && lock->taken)
		taken = g_cond_wait_until(&lock->released, &lock->mutex, deadline_us);
	if (taken)
		lock->taken = TRUE;
	g_mutex_unlock(&lock->mutex);
	return taken;
}

static void release_mutex(CardLock *lock)
{
	g_mutex_lock(&lock->mutex);
	lock->taken = FALSE;
	g_cond_signal(&lock->released);
	g_mutex_unlock(&lock->mutex);
}

/* Takes the lock among processes. If the file system does not support locks, the transfer happens
 * without it. */
static gboolean take_flock(const CardLock *lock, gint64 deadline_us)
{
	while (lock->fd >= 0 && flock(lock->fd, LOCK_EX | LOCK_NB) != 0 &&
		(errno == EWOULDBLOCK || errno == EINTR)) {
		if (g_get_monotonic_time() >= deadline_us)
			return FALSE;
		g_usleep(FLOCK_POLL_US);
	}
	return TRUE;
}

gboolean card_lock_take(CardLock *lock, guint deadline_ms, GError **error)
{
	gint64 deadline_us = g_get_monotonic_time() + deadline_ms * G_TIME_SPAN_MILLISECOND;

	if (take_mutex(lock, deadline_us)) {
		if (take_flock(lock, deadline_us))
			return TRUE;
		release_mutex(lock);
	}
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT,
		"the graphics card %s has been busy with another transfer for over %u ms; another "
		"hotseat process or one of its monitors may hang",
		lock->name, deadline_ms);
	return FALSE;
}

void card_lock_release(CardLock *lock)
{
	if (lock->fd >= 0)
		flock(lock->fd, LOCK_UN);
	release_mutex(lock);
}
