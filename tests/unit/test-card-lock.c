/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lock of a graphics card, in this process and among others.
 */
#include "common/error.h"
#include "display/card-lock.h"
#include "open-fds.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

static int flock_fails_with; /* 0: it does not */

int flock(int fd, int operation)
{
	if (flock_fails_with == 0)
		return (int)syscall(SYS_flock, fd, operation);
	errno = flock_fails_with;
	return -1;
}

typedef struct {
	CardLocks *locks;
	char *path;
	int other; /* another process's */
} Fixture;

static void set_up(Fixture *f, gconstpointer unused)
{
	int fd = g_file_open_tmp("card-lock-XXXXXX", &f->path, NULL);

	g_assert_cmpint(fd, >=, 0);
	close(fd);
	f->other = open(f->path, O_RDONLY | O_CLOEXEC);
	f->locks = card_locks_new();
}

static void tear_down(Fixture *f, gconstpointer unused)
{
	card_locks_free(f->locks);
	/* nothing keeps it */
	g_assert_cmpint(flock(f->other, LOCK_EX | LOCK_NB), ==, 0);
	close(f->other);
	g_unlink(f->path);
	g_free(f->path);
}

static void assert_busy(CardLock *lock)
{
	g_autoptr(GError) error = NULL;

	g_assert_false(card_lock_take(lock, 0, &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT);
	g_assert_true(g_str_has_prefix(error->message,
		"the graphics card card0 has been busy with another transfer for over 0 ms; "));
}

static void assert_free(CardLock *lock)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(card_lock_take(lock, 0, &error));
	g_assert_no_error(error);
	card_lock_release(lock);
}

/* One lock for each card, however often it is asked for. */
static void test_get(Fixture *f, gconstpointer unused)
{
	CardLock *lock = card_locks_get(f->locks, "card0", f->path);

	g_assert_true(card_locks_get(f->locks, "card0", f->path) == lock);
	g_assert_true(card_locks_get(f->locks, "card1", f->path) != lock);
}

static void test_here(Fixture *f, gconstpointer path)
{
	CardLock *lock = card_locks_get(f->locks, "card0", path != NULL ? f->path : NULL);

	g_assert_true(card_lock_take(lock, 0, NULL));
	assert_busy(lock);
	card_lock_release(lock);
	assert_free(lock);
}

/* Another process has it: what was taken here in vain is given back. */
static void test_elsewhere(Fixture *f, gconstpointer unused)
{
	CardLock *lock = card_locks_get(f->locks, "card0", f->path);

	g_assert_cmpint(flock(f->other, LOCK_EX), ==, 0);
	assert_busy(lock);
	assert_busy(lock);
	g_assert_cmpint(flock(f->other, LOCK_UN), ==, 0);
	g_assert_true(card_lock_take(lock, 0, NULL));
	g_assert_cmpint(flock(f->other, LOCK_EX | LOCK_NB), ==, -1);
	card_lock_release(lock);
	g_assert_cmpint(flock(f->other, LOCK_EX | LOCK_NB), ==, 0);
	g_assert_cmpint(flock(f->other, LOCK_UN), ==, 0);
}

/* A file that cannot be opened is no reason not to go on. */
static void test_no_file(Fixture *f, gconstpointer unused)
{
	assert_free(card_locks_get(f->locks, "card0", "/nonexistent/card0"));
}

/* Nor is a file system that has no locks. */
static void test_no_locks(Fixture *f, gconstpointer unused)
{
	CardLock *lock = card_locks_get(f->locks, "card0", f->path);

	flock_fails_with = ENOLCK;
	g_assert_true(card_lock_take(lock, 0, NULL));
	flock_fails_with = 0;
	card_lock_release(lock);
	/* while one that was interrupted is asked again */
	flock_fails_with = EINTR;
	assert_busy(lock);
	flock_fails_with = 0;
	assert_free(lock);
}

static void test_closes(Fixture *f, gconstpointer unused)
{
	guint before = open_fds();
	CardLocks *locks = card_locks_new();

	card_locks_get(locks, "card0", f->path);
	g_assert_cmpuint(open_fds(), ==, before + 1);
	card_locks_free(locks);
	g_assert_cmpuint(open_fds(), ==, before);
}

static gpointer take(gpointer data)
{
	CardLock *lock = data;

	/* as long as it takes */
	g_assert_true(card_lock_take(lock, 3600 * 1000, NULL));
	card_lock_release(lock);
	return NULL;
}

/* When the lock is released, here or by the other process, the next in line gets it. */
static void test_waits(Fixture *f, gconstpointer unused)
{
	CardLock *lock = card_locks_get(f->locks, "card0", f->path);
	GThread *thread;

	g_assert_true(card_lock_take(lock, 0, NULL));
	thread = g_thread_new("take", take, lock);
	g_thread_yield();
	card_lock_release(lock);
	g_thread_join(thread);
	g_assert_cmpint(flock(f->other, LOCK_EX), ==, 0);
	thread = g_thread_new("take", take, lock);
	g_thread_yield();
	g_assert_cmpint(flock(f->other, LOCK_UN), ==, 0);
	g_thread_join(thread);
	assert_free(lock);
}

#define ADD(path, data, func) g_test_add("/card-lock/" path, Fixture, data, set_up, func, tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("get", NULL, test_get);
	ADD("here", "", test_here);
	ADD("here/only", NULL, test_here);
	ADD("elsewhere", NULL, test_elsewhere);
	ADD("no-file", NULL, test_no_file);
	ADD("no-locks", NULL, test_no_locks);
	ADD("closes", NULL, test_closes);
	ADD("waits", NULL, test_waits);
	return g_test_run();
}
