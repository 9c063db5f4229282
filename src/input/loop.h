/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one thread's loop: epoll, and deadlines. Waiting and calling back allocates nothing.
 */
#pragma once

#include <glib.h>
#include <sys/epoll.h>

typedef struct Loop Loop;

/* A file descriptor that is watched. Part of its owner, who closes fd; zeroed, it is not watched.
 */
typedef struct {
	Loop *loop;
	int fd;
	void (*ready)(gpointer data, guint32 events); /* events: EPOLLIN… */
	gpointer data;
} LoopWatch;

/* A deadline. Part of its owner. */
typedef struct {
	Loop *loop;
	gint64 at_us;		    /* as loop_now(); G_MAXINT64: none. To be set freely */
	void (*due)(gpointer data); /* at_us is G_MAXINT64 by then */
	gpointer data;
} LoopTimer;

Loop *loop_new(void);
void loop_free(Loop *loop);

/* Microseconds of CLOCK_MONOTONIC, when the loop woke up last. */
gint64 loop_now(const Loop *loop);

/* events: EPOLLIN, EPOLLOUT. The rest of watch is filled in already. */
void loop_watch(Loop *loop, LoopWatch *watch, guint32 events);
void loop_watch_change(LoopWatch *watch, guint32 events);
/* It is not called any more, even for what has happened already. Fine if it is not watched. */
void loop_unwatch(LoopWatch *watch);

void loop_timer(Loop *loop, LoopTimer *timer);
void loop_untimer(LoopTimer *timer);

/* Waits once, at most until the next deadline, and calls back. FALSE and errno: epoll failed. */
gboolean loop_step(Loop *loop);
