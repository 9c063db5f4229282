/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Switches that begin when their guest has started: no caller waits for their outcome.
 */
#include "seat/private.h"

/* A guest with much memory takes a minute to start. */
enum { START_MS = 120000 };
/* libvirt runs a domain before its hooks have ended, and reports the start after that.
 */
enum { HOOKS_MS = 5000 };
/* How often, and after which pause, the switch is tried if something is missing right after the
 * start, such as hotseat-inputd's connection. */
enum { TRIES = 15, RETRY_MS = 2000 };

struct SeatAwait {
	guint id;
	char *target, *reason;
	SeatRank rank;
	SeatExtent extent;
	guint tries;
	guint timer; /* SeatClock's */
	gboolean begun;
};

static void await_free(SeatAwait *await)
{
	if (await == NULL)
		return;
	g_free(await->target);
	g_free(await->reason);
	g_free(await);
}

SeatAwait *seat_await_take(Seat *seat)
{
	SeatAwait *await = g_steal_pointer(&seat->await);

	if (await != NULL)
		seat_after_cancel(seat, &await->timer);
	return await;
}

void seat_await_forget(Seat *seat)
{
	await_free(seat_await_take(seat));
}

void seat_await_yield(Seat *seat, SeatRank rank)
{
	if (seat->await != NULL && seat->await->rank <= rank)
		seat_await_forget(seat);
}

static void await_new(
	Seat *seat, SeatRank rank, SeatExtent extent, const char *target, const char *reason)
{
	SeatAwait *await = g_new0(SeatAwait, 1);

	await->id = ++seat->awaits;
	await->target = g_strdup(target);
	await->reason = g_strdup(reason);
	await->rank = rank;
	await->extent = extent;
	seat_await_forget(seat);
	seat->await = await;
}

static gboolean on_timer(gpointer data);

static void wait_for(Seat *seat, guint ms)
{
	seat_after_cancel(seat, &seat->await->timer);
	seat->await->timer = seat_after(seat, ms, on_timer, seat);
}

void seat_await_put(Seat *seat, SeatAwait *await)
{
	const Guest *guest = await != NULL ? seat_guest(seat, await->target) : NULL;

	if (guest == NULL) {
		await_free(await);
		return;
	}
	seat_await_forget(seat);
	await->id = ++seat->awaits;
	await->tries = 0;
	await->begun = FALSE;
	seat->await = await;
	/* usually it is not known yet whether the guest runs: seat_await_state() is called then */
	wait_for(seat, guest->state == GUEST_RUNNING ? HOOKS_MS : START_MS);
}

/* A refused switch has moved nothing, so it can be tried again. */
static void on_done(Seat *seat, const Switch *sw, gpointer data)
{
	SeatAwait *await = seat->await;

	/* otherwise a newer request has replaced it */
	if (await == NULL || await->id != GPOINTER_TO_UINT(data))
		return;
	await->begun = FALSE;
	if (sw->outcome == SWITCH_REFUSED && ++await->tries < TRIES)
		wait_for(seat, RETRY_MS);
	else
		seat_await_forget(seat);
}

static void begin(Seat *seat)
{
	SeatAwait *await = seat->await;
	/* a request by a listener may free await */
	g_autofree char *target = g_strdup(await->target), *reason = g_strdup(await->reason);

	if (await->begun)
		return;
	seat_after_cancel(seat, &await->timer);
	await->begun = TRUE;
	if (!seat_request_awaited(seat, await->rank, await->extent, target, reason, on_done,
		    GUINT_TO_POINTER(await->id)))
		seat_await_forget(seat);
}

static gboolean on_timer(gpointer data)
{
	Seat *seat = data;
	const Guest *guest = seat_guest(seat, seat->await->target);
	gboolean runs = guest != NULL && guest->state == GUEST_RUNNING;

	seat->await->timer = 0;
	if (!runs && !seat->check_guest) {
		/* otherwise it would succeed, although it comes too late */
		seat_await_forget(seat);
		return G_SOURCE_REMOVE;
	}
	/* the guest has not started: the switch is refused, and reported like every switch */
	if (!runs)
		seat->await->tries = TRIES;
	begin(seat);
	return G_SOURCE_REMOVE;
}

gboolean seat_await(Seat *seat, SeatRank rank, SeatExtent extent, gboolean starting, const char *to,
	const char *reason, GError **error)
{
	const char *target = seat_target(seat, to);
	const Guest *guest = target != NULL ? seat_guest(seat, target) : NULL;
	gboolean runs = guest != NULL && guest->state == GUEST_RUNNING;

	if (guest == NULL || !(starting || (seat->check_guest && !runs)))
		return seat_request(seat, rank, extent, to, reason, NULL, NULL, error);
	if (seat->await != NULL && rank < seat->await->rank) {
		if (g_str_equal(seat->await->target, target))
			return TRUE;
		seat_set_outranked(error);
		return FALSE;
	}
	await_new(seat, rank, extent, target, reason);
	wait_for(seat, runs ? HOOKS_MS : START_MS);
	return TRUE;
}

const char *seat_awaited(Seat *seat)
{
	return seat->await != NULL && !seat->await->begun ? seat->await->target : NULL;
}

/* It runs, but libvirt has not reported the start yet. */
void seat_await_state(Seat *seat, const Guest *guest)
{
	SeatAwait *await = seat->await;

	if (await != NULL && !await->begun && await->tries == 0 && guest->state == GUEST_RUNNING &&
		g_str_equal(await->target, guest->name))
		wait_for(seat, HOOKS_MS);
}

void seat_await_started(Seat *seat, const Guest *guest)
{
	gboolean awaited = seat->await != NULL && g_str_equal(seat->await->target, guest->name);
	g_autofree char *reason = NULL;

	if (seat->await == NULL && guest->follow && g_str_equal(seat->wanted, TARGET_HOST)) {
		reason = g_strdup_printf("%s has started", guest_title(guest->name, guest->domain));
		await_new(seat, SEAT_RANK_HOST, SEAT_EXTENT_ALL, guest->name, reason);
		awaited = TRUE;
	}
	if (awaited)
		begin(seat);
}
