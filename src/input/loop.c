/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/loop.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

/* How many events are taken from the kernel at a time; the rest follows in the next step. */
#define EVENTS_MAX 32

struct Loop {
	int epoll;
	gint64 now_us;
	GPtrArray *timers; /* LoopTimer *, not owned */
	struct epoll_event events[EVENTS_MAX];
	int n_events, at;
};

static gint64 clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (gint64)now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

Loop *loop_new(void)
{
	Loop *loop = g_new0(Loop, 1);

	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	loop->timers = g_ptr_array_new();
	loop->now_us = clock_us();
	return loop;
}

void loop_free(Loop *loop)
{
	close(loop->epoll);
	g_ptr_array_unref(loop->timers);
	g_free(loop);
}

gint64 loop_now(const Loop *loop)
{
	return loop->now_us;
}

void loop_watch(Loop *loop, LoopWatch *watch, guint32 events)
{
	struct epoll_event event = { .events = events, .data.ptr = watch };

	watch->loop = loop;
	epoll_ctl(loop->epoll, EPOLL_CTL_ADD, watch->fd, &event);
}

void loop_watch_change(LoopWatch *watch, guint32 events)
{
	struct epoll_event event = { .events = events, .data.ptr = watch };

	epoll_ctl(watch->loop->epoll, EPOLL_CTL_MOD, watch->fd, &event);
}

void loop_unwatch(LoopWatch *watch)
{
	Loop *loop = watch->loop;

	if (loop == NULL)
		return;
	epoll_ctl(loop->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
	for (int i = loop->at; i < loop->n_events; i++)
		if (loop->events[i].data.ptr == watch)
			loop->events[i].data.ptr = NULL;
	watch->loop = NULL;
}

void loop_timer(Loop *loop, LoopTimer *timer)
{
	timer->loop = loop;
	timer->at_us = G_MAXINT64;
	g_ptr_array_add(loop->timers, timer);
}

void loop_untimer(LoopTimer *timer)
{
	if (timer->loop == NULL)
		return;
	g_ptr_array_remove(timer->loop->timers, timer);
	timer->loop = NULL;
}

static gint64 next_deadline(const Loop *loop)
{
	gint64 next = G_MAXINT64;

	for (guint i = 0; i < loop->timers->len; i++)
		next = MIN(next, ((const LoopTimer *)g_ptr_array_index(loop->timers, i))->at_us);
	return next;
}

static int wait_for_events(Loop *loop)
{
	gint64 next = next_deadline(loop);
	struct timespec timeout = { 0 };
	gint64 left;
	int n;

	if (next == G_MAXINT64)
		return epoll_wait(loop->epoll, loop->events, EVENTS_MAX, -1);
	left = MAX(next - clock_us(), 0);
	timeout.tv_sec = left / G_USEC_PER_SEC;
	timeout.tv_nsec = left % G_USEC_PER_SEC * 1000;
	n = epoll_pwait2(loop->epoll, loop->events, EVENTS_MAX, &timeout, NULL);
	/* not supported by kernels before 5.11, some system call filters, and valgrind */
	if (n < 0 && (errno == ENOSYS || errno == EPERM))
		n = epoll_wait(loop->epoll, loop->events, EVENTS_MAX,
			(int)MIN((left + 999) / 1000, G_MAXINT));
	return n;
}

/* A callback may remove or add timers. */
static void call_timers(Loop *loop)
{
	for (guint i = 0; i < loop->timers->len; i++) {
		LoopTimer *timer = g_ptr_array_index(loop->timers, i);

		if (timer->at_us > loop->now_us)
			continue;
		timer->at_us = G_MAXINT64;
		timer->due(timer->data);
	}
}

gboolean loop_step(Loop *loop)
{
	int n = wait_for_events(loop);

	loop->now_us = clock_us();
	if (n < 0)
		return errno == EINTR;
	loop->n_events = n;
	for (loop->at = 0; loop->at < loop->n_events;) {
		struct epoll_event *event = &loop->events[loop->at++];
		LoopWatch *watch = event->data.ptr;

		if (watch != NULL)
			watch->ready(watch->data, event->events);
	}
	loop->n_events = 0;
	call_timers(loop);
	return TRUE;
}
