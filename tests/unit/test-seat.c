/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-desk.h"

/* Two monitors, keyboard, mouse, a command for each way, two guests. */
typedef struct {
	FakeTime time;
	Seat *seat;
	FakeResource *left, *right, *keyboard, *mouse, *leave, *come;
	FakeGuest *guest, *other;
	GString *answers; /* "3:done " for each switch that was waited for */
	guint events[SEAT_GUEST_CHANGED + 1];
} Desk;

/* One that might not come back goes to a guest only where keyboard and mouse are already. */
static void assert_last(const SeatEvent *event)
{
	const Step *step = event->step;

	if (step->outcome != STEP_RUNNING || step->undo || g_str_equal(step->to, TARGET_HOST) ||
		step->resource->kind != RESOURCE_DISPLAY ||
		!((FakeResource *)step->resource)->one_way)
		return;
	for (guint i = 0; i < event->sw->steps->len; i++) {
		const Step *other = g_ptr_array_index(event->sw->steps, i);

		if (other->resource->kind == RESOURCE_DEVICE)
			g_assert_true(other->outcome == STEP_DONE ||
				      other->outcome == STEP_ALREADY || other->resource->optional);
	}
}

static void on_event(Seat *seat, const SeatEvent *event, gpointer data)
{
	((Desk *)data)->events[event->kind]++;
	if (event->kind == SEAT_STEP)
		assert_last(event);
}

static void on_done(Seat *seat, const Switch *sw, gpointer data)
{
	g_string_append_printf(
		((Desk *)data)->answers, "%u:%s ", sw->id, switch_outcome_name(sw->outcome));
}

static FakeResource *desk_add(Desk *desk, ResourceKind kind, const char *name)
{
	FakeResource *r = fake_resource(&desk->time, kind, name);

	seat_add_resource(desk->seat, &r->base);
	return r;
}

static void desk_make(Desk *desk)
{
	SeatClock clock;

	*desk = (Desk){ 0 };
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

static void desk_set_up(Desk *desk, gconstpointer unused)
{
	desk_make(desk);
	seat_start(desk->seat, NULL);
	fake_run(&desk->time, 100);
}

static void desk_tear_down(Desk *desk, gconstpointer unused)
{
	seat_free(desk->seat);
	fake_clear(&desk->time);
	g_string_free(desk->answers, TRUE);
}

static void desk_ask(Desk *desk, const char *to)
{
	g_autoptr(GError) error = NULL;
	gsize before = desk->answers->len;

	seat_switch(desk->seat, to, "request", on_done, desk, &error);
	g_assert_no_error(error);
	/* an answer of this request may not come before it returns */
	if (before == desk->answers->len)
		return;
	g_assert_nonnull(strstr(desk->answers->str + before, "superseded"));
}

static void desk_is(Desk *desk, const char *target)
{
	g_assert_cmpstr(desk->left->at, ==, target);
	g_assert_cmpstr(desk->right->at, ==, target);
	g_assert_cmpstr(desk->keyboard->at, ==, target);
	g_assert_cmpstr(desk->mouse->at, ==, target);
	g_assert_cmpstr(seat_at(desk->seat), ==, target);
	g_assert_cmpstr(seat_wanted(desk->seat), ==, target);
}

static guint desk_applies(Desk *desk)
{
	return desk->left->applies + desk->right->applies + desk->keyboard->applies +
	       desk->mouse->applies + desk->leave->applies + desk->come->applies;
}

static void test_there_and_back(Desk *desk, gconstpointer unused)
{
	const Switch *sw;

	g_assert_cmpuint(desk_applies(desk), ==, 0);
	desk_ask(desk, "guest");
	fake_run(&desk->time, 11); /* at once: as long as the slowest step */
	desk_is(desk, "guest");
	g_assert_cmpstr(desk->answers->str, ==, "1:done ");
	sw = seat_last(desk->seat);
	g_assert_cmpstr(sw->from, ==, "host");
	g_assert_cmpuint(sw->steps->len, ==, 5);
	g_assert_cmpfloat(((Step *)g_ptr_array_index(sw->steps, 2))->ms, ==, 10.0);
	g_assert_cmpuint(desk->leave->applies, ==, 1);
	g_assert_cmpuint(desk->come->applies, ==, 0);
	desk_ask(desk, "host");
	fake_run(&desk->time, 11);
	desk_is(desk, "host");
	g_assert_cmpuint(desk->come->applies, ==, 1);
	g_assert_cmpuint(desk->events[SEAT_SWITCH_STARTED], ==, 2);
	g_assert_cmpuint(desk->events[SEAT_SWITCH_FINISHED], ==, 2);
	g_assert_cmpuint(desk->events[SEAT_STEP], ==, 20);
}

static void test_toggle(Desk *desk, gconstpointer unused)
{
	desk_ask(desk, "linux");
	fake_run(&desk->time, 50);
	desk_ask(desk, "toggle");
	fake_run(&desk->time, 50);
	desk_is(desk, "host");
	desk_ask(desk, "toggle"); /* to the guest that had it, not the first one */
	desk_ask(desk, "toggle"); /* on the way there: home */
	desk_ask(desk, "toggle");
	fake_run(&desk->time, 100);
	desk_is(desk, "linux");
	desk->keyboard->at = "host";
	resource_changed(&desk->keyboard->base, RESOURCE_MOVED, &(ResourceResult){ .at = "host" });
	g_assert_null(seat_at(desk->seat));
	desk_ask(desk, "toggle"); /* from a mixture: home */
	fake_run(&desk->time, 100);
	desk_is(desk, "host");
}

/* a shortcut or a launcher's entry "to the guest" serves whatever the guest is called */
static void test_nameless_guest(Desk *desk, gconstpointer unused)
{
	g_autofree char *name = g_strdup("win11");
	Guest *first = g_ptr_array_index(seat_guests(desk->seat), 0);
	char *guest = first->name;

	first->name = name;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 50);
	g_assert_cmpstr(seat_wanted(desk->seat), ==, "win11");
	desk_ask(desk, "linux");
	fake_run(&desk->time, 50);
	desk_ask(desk, "host");
	fake_run(&desk->time, 50);
	desk_ask(desk, "guest"); /* the one that had it, not the first one */
	fake_run(&desk->time, 50);
	desk_is(desk, "linux");
	first->name = guest;
	desk_ask(desk, "guest"); /* a name goes before */
	fake_run(&desk->time, 50);
	desk_is(desk, "guest");
}

static void test_unknown_target(Desk *desk, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	g_assert_false(seat_switch(desk->seat, "gast", "request", on_done, desk, &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_GUEST);
	g_assert_cmpstr(error->message, ==,
		"no target is called \"gast\"; there are: host, guest, linux, toggle");
}

static void test_equal_join(Desk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 5);
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	g_assert_cmpstr(desk->answers->str, ==, "1:done 1:done ");
	g_assert_cmpuint(desk->keyboard->applies, ==, 1);
}

static void test_newest_wins(Desk *desk, gconstpointer unused)
{
	desk->keyboard->ms = 500;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 20); /* the monitors are there, the keyboard is on its way */
	desk_ask(desk, "linux");
	desk_ask(desk, "host");
	g_assert_cmpstr(desk->answers->str, ==, "1:superseded 2:superseded ");
	fake_run(&desk->time, 2000);
	g_assert_cmpstr(desk->answers->str, ==, "1:superseded 2:superseded 3:done ");
	desk_is(desk, "host");
	g_assert_cmpuint(desk->keyboard->applies, ==, 2); /* never to "linux" */
}

static void test_refusals(Desk *desk, gconstpointer unused)
{
	static const GuestState down[] = { GUEST_ABSENT, GUEST_OFF, GUEST_CRASHED, GUEST_PAUSED,
		GUEST_SUSPENDED, GUEST_STOPPING, GUEST_UNKNOWN };
	guint before = desk_applies(desk);

	for (guint i = 0; i < G_N_ELEMENTS(down); i++) {
		fake_guest_becomes(desk->guest, down[i]);
		g_string_truncate(desk->answers, 0);
		desk_ask(desk, "guest");
		fake_run(&desk->time, 100);
		g_assert_nonnull(strstr(desk->answers->str, "refused"));
		g_assert_nonnull(strstr(seat_last(desk->seat)->error->message, "guest guest: "));
	}
	fake_guest_becomes(desk->guest, GUEST_RUNNING);
	desk->mouse->missing = TRUE;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	g_assert_cmpstr(seat_last(desk->seat)->error->message, ==, "device mouse: is not there");
	g_assert_cmpuint(desk_applies(desk), ==, before);
	desk_is(desk, "host");
	desk->mouse->base.optional = TRUE;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	g_assert_cmpint(seat_last(desk->seat)->outcome, ==, SWITCH_DONE);
}

/* What the events told last may be old: before it refuses, it asks. */
static void test_asks_before_refusing(Desk *desk, gconstpointer unused)
{
	guint before = desk->guest->refreshes;

	fake_guest_becomes(desk->guest, GUEST_OFF);
	desk->guest->real = GUEST_RUNNING;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	desk_is(desk, "guest");
	g_assert_cmpuint(desk->guest->refreshes, ==, before + 1);
}

static void test_rollback(Desk *desk, gconstpointer unused)
{
	desk->keyboard->stuck_away = TRUE;
	desk->mouse->ms = 300;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 1000);
	g_assert_cmpstr(desk->answers->str, ==, "1:rolled-back ");
	desk_is(desk, "host");
	g_assert_cmpuint(desk->come->applies, ==, 1);
	g_assert_cmpstr(seat_last(desk->seat)->error->message, ==,
		"everything was brought back, because of device keyboard: will not move");
	fake_run(&desk->time, 100000); /* and nothing tries to leave again */
	desk_is(desk, "host");
}

/* Its picture stays at the host until the keyboard has left, and so it does if that fails. */
static void test_one_way(Desk *desk, gconstpointer unused)
{
	const Step *left;

	desk->left->one_way = TRUE;
	desk->keyboard->ms = 300;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 299);
	g_assert_cmpstr(desk->left->at, ==, "host");
	g_assert_cmpstr(desk->right->at, ==, "guest");
	fake_run(&desk->time, 11);
	desk_is(desk, "guest");
	desk_ask(desk, "host");
	fake_run(&desk->time, 11);
	g_assert_cmpstr(desk->left->at, ==, "host"); /* at once */
	fake_run(&desk->time, 300);
	g_assert_cmpstr(desk->answers->str, ==, "1:done 2:done ");

	desk->keyboard->stuck_away = TRUE;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 1000);
	desk_is(desk, "host");
	g_assert_cmpuint(desk->left->writes, ==, 2);
	left = g_ptr_array_index(seat_last(desk->seat)->steps, 0);
	g_assert_cmpint(left->outcome, ==, STEP_SKIPPED);
	g_assert_cmpstr(desk->answers->str, ==, "1:done 2:done 3:rolled-back ");
}

/* A newer request finds it where it was. */
static void test_one_way_superseded(Desk *desk, gconstpointer unused)
{
	desk->left->one_way = desk->right->one_way = TRUE;
	desk->keyboard->ms = 300;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	desk_ask(desk, "host");
	fake_run(&desk->time, 1000);
	desk_is(desk, "host");
	g_assert_cmpuint(desk->left->writes, ==, 0);
	g_assert_cmpstr(desk->answers->str, ==, "1:superseded 2:done ");
}

/* What the answer says of it. */
static void test_rollback_fails(Desk *desk, gconstpointer unused)
{
	desk->mouse->ms = 100;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 50);
	desk->keyboard->stuck = TRUE;
	desk->mouse->stuck = TRUE;
	fake_run(&desk->time, 500);
	g_assert_cmpstr(desk->answers->str, ==, "1:rolled-back ");
	g_assert_cmpstr(seat_last(desk->seat)->error->message, ==,
		"not everything came back (device keyboard: will not move); it began with: device "
		"mouse: will not move");
}

/* The keyboard is still coming home when the next switch has to be undone: it never began to leave.
 */
static void test_rollback_of_what_waits(Desk *desk, gconstpointer unused)
{
	const Step *keyboard;

	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	desk->keyboard->ms = 500;
	desk_ask(desk, "host");
	fake_run(&desk->time, 20);
	desk->mouse->stuck_away = TRUE;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 5000);
	g_assert_cmpstr(desk->answers->str, ==, "1:done 2:superseded 3:rolled-back ");
	desk_is(desk, "host");
	keyboard = g_ptr_array_index(seat_last(desk->seat)->steps, 2);
	g_assert_cmpstr(keyboard->resource->name, ==, "keyboard");
	g_assert_cmpint(keyboard->outcome, ==, STEP_SKIPPED);
}

static void test_rollback_to_guest(Desk *desk, gconstpointer unused)
{
	desk_ask(desk, "linux");
	fake_run(&desk->time, 100);
	desk->left->stuck = TRUE;
	desk->right->stuck = TRUE;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	g_assert_cmpstr(desk->answers->str, ==, "1:done 2:rolled-back ");
	desk_is(desk, "linux");
}

/* The guest that everything is on its way back to dies. */
static void test_rollback_to_dead_guest(Desk *desk, gconstpointer unused)
{
	desk_ask(desk, "linux");
	fake_run(&desk->time, 100);
	desk->left->stuck = desk->right->stuck = TRUE;
	desk->mouse->ms = 500;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 700);
	g_assert_cmpstr(seat_wanted(desk->seat), ==, "linux");
	desk->left->stuck = desk->right->stuck = FALSE;
	fake_guest_becomes(desk->other, GUEST_CRASHED);
	fake_run(&desk->time, 10000);
	desk_is(desk, "host");
}

/* What an older switch began is ended, though the display is to wait. */
static void test_one_way_is_busy(Desk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	desk->left->one_way = TRUE;
	desk->left->ms = desk->keyboard->ms = 300;
	desk_ask(desk, "host");
	fake_run(&desk->time, 100);
	desk_ask(desk, "guest");
	g_assert_true(g_cancellable_is_cancelled(desk->left->cancel));
	fake_run(&desk->time, 2000);
	desk_is(desk, "guest");
}

static void test_one_dark_display(Desk *desk, gconstpointer unused)
{
	desk->right->stuck = TRUE;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	g_assert_cmpstr(desk->answers->str, ==, "1:incomplete ");
	g_assert_cmpstr(desk->keyboard->at, ==, "guest");
	desk->right->stuck = FALSE;
	fake_run(&desk->time, 5000); /* retried in the background */
	desk_is(desk, "guest");
}

static void test_all_dark(Desk *desk, gconstpointer unused)
{
	desk->right->stuck_away = TRUE;
	desk->left->stuck_away = TRUE;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	g_assert_cmpstr(desk->answers->str, ==, "1:rolled-back ");
	desk_is(desk, "host");
}

static void test_host_tries_everything(Desk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	desk->left->stuck = TRUE;
	desk->keyboard->stuck = TRUE;
	desk_ask(desk, "host");
	fake_run(&desk->time, 100);
	g_assert_cmpstr(desk->answers->str, ==, "1:done 2:incomplete ");
	g_assert_cmpstr(desk->right->at, ==, "host");
	g_assert_cmpstr(desk->mouse->at, ==, "host");
	desk->keyboard->stuck = FALSE;
	fake_run(&desk->time, 3000);
	g_assert_cmpstr(desk->keyboard->at, ==, "host");
	fake_run(&desk->time, 200000);
	g_assert_cmpuint(desk->left->applies, ==, 2 + 6); /* gives up: nothing wakes up */
	g_assert_cmpuint(desk->time.timers->len, ==, 0);
}

/* A request is a new beginning, however often it was tried before. */
static void test_retries_begin_anew(Desk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	desk->keyboard->stuck = TRUE;
	desk_ask(desk, "host");
	fake_run(&desk->time, 200000);
	desk_ask(desk, "host");
	fake_run(&desk->time, 100);
	g_assert_cmpstr(desk->answers->str, ==, "1:done 2:incomplete 3:incomplete ");
	desk->keyboard->stuck = FALSE;
	fake_run(&desk->time, 5000);
	desk_is(desk, "host");
}

static void test_guest_goes(Desk *desk, gconstpointer unused)
{
	static const GuestState down[] = { GUEST_OFF, GUEST_CRASHED, GUEST_PAUSED, GUEST_SUSPENDED,
		GUEST_ABSENT };

	for (guint i = 0; i < G_N_ELEMENTS(down); i++) {
		desk_ask(desk, "guest");
		fake_run(&desk->time, 100);
		desk_is(desk, "guest");
		fake_guest_becomes(desk->guest, GUEST_UNKNOWN); /* libvirtd restarts: stay */
		fake_run(&desk->time, 100);
		fake_guest_becomes(desk->guest, GUEST_RUNNING);
		fake_guest_becomes(desk->other, down[i]); /* not the one that has it */
		fake_run(&desk->time, 100);
		desk_is(desk, "guest");
		fake_guest_becomes(desk->guest, down[i]);
		fake_run(&desk->time, 100);
		desk_is(desk, "host");
		fake_guest_becomes(desk->guest, GUEST_RUNNING);
		fake_run(&desk->time, 100);
		desk_is(desk, "host"); /* it does not take it back by itself */
	}
}

static void test_guest_goes_on_the_way(Desk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 5);
	fake_guest_becomes(desk->guest, GUEST_CRASHED);
	fake_run(&desk->time, 100);
	g_assert_cmpstr(desk->answers->str, ==, "1:superseded ");
	desk_is(desk, "host");
}

static void test_replug(Desk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	fake_plug(desk->keyboard, FALSE);
	fake_run(&desk->time, 60000);
	fake_plug(desk->keyboard, TRUE);
	fake_run(&desk->time, 100);
	desk_is(desk, "guest");
	fake_plug(desk->keyboard, FALSE);
	desk_ask(desk, "host");
	fake_run(&desk->time, 100);
	fake_plug(desk->keyboard, TRUE);
	fake_run(&desk->time, 100);
	desk_is(desk, "host");
	g_assert_cmpuint(desk->keyboard->writes, ==, 2);
}

/* What a refused request interrupted goes on: the monitor that waited follows the keyboard. */
static void test_refused_on_the_way(Desk *desk, gconstpointer unused)
{
	desk->left->one_way = desk->right->one_way = TRUE;
	desk->keyboard->ms = 300;
	fake_guest_becomes(desk->other, GUEST_OFF);
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	desk_ask(desk, "linux");
	fake_run(&desk->time, 2000);
	desk_is(desk, "guest");
	g_assert_cmpstr(desk->answers->str, ==, "1:superseded 2:refused ");
}

/* It goes home where it cannot go on. */
static void test_refused_and_stuck(Desk *desk, gconstpointer unused)
{
	desk->keyboard->ms = 300;
	fake_guest_becomes(desk->other, GUEST_OFF);
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	desk->keyboard->stuck_away = TRUE;
	desk_ask(desk, "linux");
	fake_run(&desk->time, 100000);
	desk_is(desk, "host");
}

/* The mouse is pulled out on the way, and the request repeated while all of it comes back. */
static void test_refused_rollback(Desk *desk, gconstpointer unused)
{
	desk->keyboard->ms = 300;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 5);
	desk->mouse->missing = TRUE;
	fake_run(&desk->time, 50);
	g_assert_cmpstr(seat_wanted(desk->seat), ==, "host");
	desk_ask(desk, "guest");
	g_assert_cmpstr(seat_last(desk->seat)->error->message, ==,
		"superseded by a switch to guest (request) while everything was brought back, "
		"because of device mouse: will not move");
	fake_run(&desk->time, 100000);
	g_assert_cmpstr(desk->answers->str, ==, "1:superseded 2:refused ");
	g_assert_cmpstr(desk->keyboard->at, ==, "host");
	g_assert_cmpstr(desk->left->at, ==, "host");
}

/* What stayed behind is tried again, though a request comes in between that is refused. */
static void test_refused_before_a_retry(Desk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	desk->keyboard->stuck = TRUE;
	desk_ask(desk, "host");
	fake_run(&desk->time, 900);
	desk->keyboard->stuck = FALSE;
	guest_set_state(&desk->other->base, GUEST_UNKNOWN, "libvirt restarts");
	desk->other->real = GUEST_OFF;
	desk_ask(desk, "linux");
	fake_run(&desk->time, 100000);
	desk_is(desk, "host");
}

/* A device of one guest only is at the host while another one has the seat. */
static void test_device_of_one_guest(Desk *desk, gconstpointer unused)
{
	desk->mouse->serves = "linux";
	desk_ask(desk, "linux");
	fake_run(&desk->time, 100);
	g_assert_cmpstr(desk->mouse->at, ==, "linux");
	desk_ask(desk, "guest");
	fake_run(&desk->time, 100);
	g_assert_cmpstr(desk->mouse->at, ==, "host");
	g_assert_cmpstr(seat_at(desk->seat), ==, "guest");
}

/* At start it looks and changes nothing, and takes the seat for where the devices are. */
static void test_start_in_guest(void)
{
	Desk desk;

	desk_make(&desk);
	desk.left->at = desk.right->at = desk.keyboard->at = desk.mouse->at = "guest";
	desk.keyboard->ms = 70;
	seat_start(desk.seat, NULL);
	fake_run(&desk.time, 100);
	desk_is(&desk, "guest");
	g_assert_cmpuint(desk_applies(&desk), ==, 0);
	fake_guest_becomes(desk.guest, GUEST_CRASHED);
	fake_run(&desk.time, 100);
	desk_is(&desk, "host");
	desk_tear_down(&desk, NULL);
}

/* That had it before the daemon was there counts too. */
static void test_toggle_from_where_it_began(void)
{
	static const char *const kept[] = { NULL, "linux" };

	for (guint i = 0; i < G_N_ELEMENTS(kept); i++) {
		Desk desk;

		desk_make(&desk);
		desk.left->at = desk.right->at = desk.keyboard->at = desk.mouse->at = "linux";
		seat_start(desk.seat, kept[i]);
		fake_run(&desk.time, 100);
		desk_ask(&desk, "toggle");
		fake_run(&desk.time, 100);
		desk_is(&desk, "host");
		desk_ask(&desk, "toggle");
		fake_run(&desk.time, 100);
		desk_is(&desk, "linux");
		desk_tear_down(&desk, NULL);
	}
}

/* The guest was paused while nobody looked. */
static void test_start_in_paused_guest(void)
{
	Desk desk;

	desk_make(&desk);
	desk.left->at = desk.right->at = desk.keyboard->at = desk.mouse->at = "guest";
	desk.keyboard->ms = desk.mouse->ms = 70;
	desk.guest->real = GUEST_PAUSED;
	seat_start(desk.seat, NULL);
	fake_run(&desk.time, 1000);
	desk_is(&desk, "host");
	desk_tear_down(&desk, NULL);
}

/* A new config takes up what the old one could not do. */
static void test_catch_up(void)
{
	Desk desk;

	desk_make(&desk);
	desk.keyboard->at = "guest";
	seat_start(desk.seat, "host");
	fake_run(&desk.time, 100);
	g_assert_cmpstr(desk.keyboard->at, ==, "guest");
	g_assert_false(seat_is_behind(desk.seat));
	desk_tear_down(&desk, NULL);

	desk_make(&desk);
	desk.keyboard->at = "guest";
	desk.keyboard->stuck = TRUE;
	seat_start(desk.seat, "host");
	seat_catch_up(desk.seat);
	fake_run(&desk.time, 100);
	g_assert_true(seat_is_behind(desk.seat));
	desk.keyboard->stuck = FALSE;
	fake_run(&desk.time, 5000);
	desk_is(&desk, "host");
	g_assert_false(seat_is_behind(desk.seat));
	g_assert_cmpuint(desk.come->applies, ==, 0);
	desk_tear_down(&desk, NULL);
}

static void test_request_while_looking(void)
{
	Desk desk;

	desk_make(&desk);
	seat_start(desk.seat, NULL);
	desk_ask(&desk, "guest");
	fake_run(&desk.time, 100);
	desk_is(&desk, "guest");
	g_assert_cmpstr(desk.answers->str, ==, "1:done ");
	desk_tear_down(&desk, NULL);
}

static void test_free_in_the_middle(void)
{
	Desk desk;

	desk_make(&desk);
	seat_start(desk.seat, "guest");
	desk_ask(&desk, "host");
	fake_run(&desk.time, 15);
	desk_ask(&desk, "guest");
	desk_tear_down(&desk, NULL);
}

/* -- thousands of switches with random faults ---------------------------------------------------
 */

static void random_fault(Desk *desk, GRand *rand)
{
	FakeResource *all[] = { desk->left, desk->right, desk->keyboard, desk->mouse };
	FakeResource *r = all[g_rand_int_range(rand, 0, 4)];
	static const GuestState states[] = { GUEST_RUNNING, GUEST_RUNNING, GUEST_OFF, GUEST_CRASHED,
		GUEST_PAUSED, GUEST_UNKNOWN, GUEST_STOPPING, GUEST_ABSENT };
	FakeGuest *g = g_rand_boolean(rand) ? desk->guest : desk->other;

	switch (g_rand_int_range(rand, 0, 8)) {
	case 0:
		r->stuck = !r->stuck;
		break;
	case 1:
		r->stuck_away = !r->stuck_away;
		break;
	case 2:
		r->ms = (guint)g_rand_int_range(rand, 0, 3000);
		break;
	case 3:
		if (!r->busy && r->base.kind == RESOURCE_DEVICE)
			fake_plug(r, r->missing);
		break;
	case 4:
		/* what is on its way has been decided */
		r->one_way ^= seat_current(desk->seat) == NULL;
		break;
	default:
		fake_guest_becomes(g, states[g_rand_int_range(rand, 0, G_N_ELEMENTS(states))]);
	}
}

static void count_done(Seat *seat, const Switch *sw, gpointer data)
{
	g_assert_cmpint(sw->outcome, !=, SWITCH_RUNNING);
	g_assert_true((sw->error == NULL) == (sw->outcome == SWITCH_DONE));
	for (guint i = 0; sw->outcome == SWITCH_DONE && i < sw->steps->len; i++) {
		const Step *step = g_ptr_array_index(sw->steps, i);

		g_assert_true(step->outcome == STEP_DONE || step->outcome == STEP_ALREADY);
	}
	(*(guint *)data)++;
}

static void mend(Desk *desk)
{
	FakeResource *all[] = { desk->left, desk->right, desk->keyboard, desk->mouse };
	FakeGuest *guests[] = { desk->guest, desk->other };

	for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
		all[i]->stuck = all[i]->stuck_away = FALSE;
		all[i]->ms = 10;
		if (all[i]->missing)
			fake_plug(all[i], TRUE);
	}
	/* to wait for these is right */
	for (guint i = 0; i < G_N_ELEMENTS(guests); i++)
		if (guests[i]->base.state == GUEST_UNKNOWN ||
			guests[i]->base.state == GUEST_STOPPING)
			fake_guest_becomes(guests[i], GUEST_RUNNING);
}

static const char *living_target(Desk *desk)
{
	const char *wanted = seat_wanted(desk->seat);

	for (guint i = 0; i < seat_guests(desk->seat)->len; i++) {
		const Guest *guest = g_ptr_array_index(seat_guests(desk->seat), i);

		if (g_str_equal(guest->name, wanted) && guest->state == GUEST_RUNNING)
			return wanted;
	}
	return TARGET_HOST;
}

/* Whatever happened: the person has keyboard, mouse and picture in one place. */
static void nobody_is_stranded(Desk *desk)
{
	fake_run(&desk->time, 100000);
	desk_is(desk, living_target(desk));
}

static void test_random_faults(void)
{
	static const char *const targets[] = { "host", "guest", "linux", "toggle" };
	guint asked = 0, answered = 0;
	g_autoptr(GRand) rand = g_rand_new_with_seed(g_test_rand_int() & 0x7fffffff);

	for (guint round = 0; round < 300; round++) {
		Desk desk;

		desk_make(&desk);
		seat_start(desk.seat, NULL);
		for (guint i = 0; i < 30; i++) {
			if (g_rand_boolean(rand))
				random_fault(&desk, rand);
			fake_run(&desk.time, (guint)g_rand_int_range(rand, 0, 2000));
			seat_switch(desk.seat, targets[g_rand_int_range(rand, 0, 4)], "request",
				count_done, &answered, NULL);
			asked++;
			fake_run(&desk.time, (guint)g_rand_int_range(rand, 0, 2000));
		}
		if (round % 2 == 0) {
			/* soon enough for the retries */
			mend(&desk);
		} else {
			/* they have an end: what was broken for longer comes with a request */
			fake_run(&desk.time, 100000);
			mend(&desk);
			fake_run(&desk.time, 100000);
			seat_switch(desk.seat, living_target(&desk), "request", count_done,
				&answered, NULL);
			asked++;
		}
		nobody_is_stranded(&desk);
		desk_tear_down(&desk, NULL);
	}
	g_assert_cmpuint(answered, ==, asked);
}

#define ADD(path, func) g_test_add(path, Desk, NULL, desk_set_up, func, desk_tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/seat/there-and-back", test_there_and_back);
	ADD("/seat/toggle", test_toggle);
	ADD("/seat/nameless-guest", test_nameless_guest);
	ADD("/seat/unknown-target", test_unknown_target);
	ADD("/seat/equal-requests-join", test_equal_join);
	ADD("/seat/newest-wins", test_newest_wins);
	ADD("/seat/refusals", test_refusals);
	ADD("/seat/asks-before-refusing", test_asks_before_refusing);
	ADD("/seat/rollback", test_rollback);
	ADD("/seat/one-way", test_one_way);
	ADD("/seat/one-way-superseded", test_one_way_superseded);
	ADD("/seat/rollback-fails", test_rollback_fails);
	ADD("/seat/rollback-of-what-waits", test_rollback_of_what_waits);
	ADD("/seat/rollback-to-guest", test_rollback_to_guest);
	ADD("/seat/rollback-to-dead-guest", test_rollback_to_dead_guest);
	ADD("/seat/one-way-is-busy", test_one_way_is_busy);
	ADD("/seat/one-dark-display", test_one_dark_display);
	ADD("/seat/all-dark", test_all_dark);
	ADD("/seat/host-tries-everything", test_host_tries_everything);
	ADD("/seat/retries-begin-anew", test_retries_begin_anew);
	ADD("/seat/guest-goes", test_guest_goes);
	ADD("/seat/guest-goes-on-the-way", test_guest_goes_on_the_way);
	ADD("/seat/replug", test_replug);
	ADD("/seat/refused-on-the-way", test_refused_on_the_way);
	ADD("/seat/refused-and-stuck", test_refused_and_stuck);
	ADD("/seat/refused-rollback", test_refused_rollback);
	ADD("/seat/refused-before-a-retry", test_refused_before_a_retry);
	ADD("/seat/device-of-one-guest", test_device_of_one_guest);
	g_test_add_func("/seat/start-in-guest", test_start_in_guest);
	g_test_add_func("/seat/toggle-from-where-it-began", test_toggle_from_where_it_began);
	g_test_add_func("/seat/start-in-paused-guest", test_start_in_paused_guest);
	g_test_add_func("/seat/catch-up", test_catch_up);
	g_test_add_func("/seat/request-while-looking", test_request_while_looking);
	g_test_add_func("/seat/free-in-the-middle", test_free_in_the_middle);
	g_test_add_func("/seat/random-faults", test_random_faults);
	return g_test_run();
}
