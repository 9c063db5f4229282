/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seat-desk.h"

/* One that might not come back goes to a guest only where keyboard and mouse are already. */
static void assert_last(const SeatEvent *event)
{
	const SwitchStep *step = event->step;

	if (step->outcome != STEP_RUNNING || step->undo || g_str_equal(step->to, TARGET_HOST) ||
		step->resource->kind != RESOURCE_DISPLAY ||
		!((FakeResource *)step->resource)->one_way)
		return;
	for (guint i = 0; i < event->sw->steps->len; i++) {
		const SwitchStep *other = g_ptr_array_index(event->sw->steps, i);

		if (other->resource->kind == RESOURCE_DEVICE)
			g_assert_true(other->outcome == STEP_DONE ||
				      other->outcome == STEP_ALREADY || other->resource->optional);
	}
}

static void on_event(Seat *seat, const SeatEvent *event, gpointer data)
{
	((SeatDesk *)data)->events[event->kind]++;
	if (event->kind == SEAT_STEP)
		assert_last(event);
}

void desk_on_done(Seat *seat, const Switch *sw, gpointer data)
{
	g_string_append_printf(
		((SeatDesk *)data)->answers, "%u:%s ", sw->id, switch_outcome_name(sw->outcome));
}

static FakeResource *desk_add(SeatDesk *desk, ResourceKind kind, const char *name)
{
	FakeResource *r = fake_resource(&desk->time, kind, name);

	seat_add_resource(desk->seat, &r->base);
	return r;
}

void desk_make(SeatDesk *desk)
{
	SeatClock clock;

	*desk = (SeatDesk){ 0 };
	clock = fake_clock(&desk->time);
	desk->seat = seat_new(&clock, TRUE);
	desk->answers = g_string_new(NULL);
	desk->left = desk_add(desk, RESOURCE_DISPLAY, "left");
	desk->right = desk_add(desk, RESOURCE_DISPLAY, "right");
	desk->keyboard = desk_add(desk, RESOURCE_DEVICE, "keyboard");
	desk->mouse = desk_add(desk, RESOURCE_DEVICE, "mouse");
	desk->leave = desk_add(desk, RESOURCE_COMMAND, "leave");
	desk->leave->serves = "guest";
	desk->come = desk_add(desk, RESOURCE_COMMAND, "come");
	desk->come->serves = TARGET_HOST;
	desk->guest = fake_guest(&desk->time, "guest", GUEST_RUNNING);
	desk->other = fake_guest(&desk->time, "linux", GUEST_RUNNING);
	seat_add_guest(desk->seat, &desk->guest->base);
	seat_add_guest(desk->seat, &desk->other->base);
	seat_listen(desk->seat, on_event, desk);
}

void desk_set_up(SeatDesk *desk, gconstpointer unused)
{
	desk_make(desk);
	seat_start(desk->seat, NULL);
	fake_run(&desk->time, 100);
}

void desk_tear_down(SeatDesk *desk, gconstpointer unused)
{
	seat_free(desk->seat);
	/* nothing is left to happen to what is gone */
	g_assert_cmpuint(desk->time.timers->len, ==, 0);
	fake_clear(&desk->time);
	g_string_free(desk->answers, TRUE);
}

void desk_ask(SeatDesk *desk, const char *to)
{
	g_autoptr(GError) error = NULL;
	gsize before = desk->answers->len;

	seat_switch(desk->seat, to, "request", desk_on_done, desk, &error);
	g_assert_no_error(error);
	/* an answer of this request may not come before it returns */
	if (before == desk->answers->len)
		return;
	g_assert_nonnull(strstr(desk->answers->str + before, "superseded"));
}

void desk_is(SeatDesk *desk, const char *target)
{
	g_assert_cmpstr(desk->left->at, ==, target);
	g_assert_cmpstr(desk->right->at, ==, target);
	g_assert_cmpstr(desk->keyboard->at, ==, target);
	g_assert_cmpstr(desk->mouse->at, ==, target);
	g_assert_cmpstr(seat_at(desk->seat), ==, target);
	g_assert_cmpstr(seat_wanted(desk->seat), ==, target);
}

guint desk_applies(SeatDesk *desk)
{
	return desk->left->applies + desk->right->applies + desk->keyboard->applies +
	       desk->mouse->applies + desk->leave->applies + desk->come->applies;
}
