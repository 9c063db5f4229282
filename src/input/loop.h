/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The loop of the only thread: epoll, and deadlines. Waiting and callbacks allocate nothing.
 */
#pragma once

#include <glib.h>
#include <sys/epoll.h>

typedef struct Loop Loop;

/* A watched file descriptor. It is part of its owner, which closes fd. If it is zeroed, it is not
 * watched.
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
	gint64 at_us; /* on loop_now()'s clock; G_MAXINT64: none. The owner may set it at any time
		       */
	void (*due)(gpointer data); /* called after at_us was set to G_MAXINT64 */
	gpointer data;
} LoopTimer;

Loop *loop_new(void);
void loop_free(Loop *loop);

/* When the loop last woke up, in microseconds of CLOCK_MONOTONIC. */
gint64 loop_now(const Loop *loop);

/* events: EPOLLIN, EPOLLOUT. The rest of watch is filled in already. */
void loop_watch(Loop *loop, LoopWatch *watch, guint32 events);
void loop_watch_change(LoopWatch *watch, guint32 events);
/* Stops calling ready, even for events that have already happened. Allowed if it is not watched. */
void loop_unwatch(LoopWatch *watch);

void loop_timer(Loop *loop, LoopTimer *timer);
void loop_untimer(LoopTimer *timer);

/* Waits once, at most until the next deadline, and calls the callbacks. FALSE and errno: epoll
 * failed. */
gboolean loop_step(Loop *loop);
