/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/desk-input.h"

#include "device/input-setup.h"

struct DeskInput {
	InputSystem *system;
	Seat *seat;
	const Config *config;
	guint watch, listener;
};

/* The user at the desk makes the request, so it has the host's rank. */
static void request(DeskInput *input, const char *target, const char *reason)
{
	g_autoptr(GError) error = NULL;

	if (!seat_request(input->seat, SEAT_RANK_HOST, SEAT_EXTENT_ALL, target, reason, NULL, NULL,
		    &error))
		g_warning("%s: %s", reason, error->message);
}

/* Where the seat is, or where it moves. */
static const char *heading(DeskInput *input)
{
	const Switch *sw = seat_current(input->seat);

	return sw != NULL ? sw->to : seat_wanted(input->seat);
}

/* Can the seat move there? If guests are checked, only to a running one. */
static gboolean is_candidate(DeskInput *input, const Guest *guest)
{
	return !input->config->check_guest || guest->state == GUEST_RUNNING;
}

/* The host, then the guests in their order, then the host again. */
static const char *next_target(DeskInput *input)
{
	const GPtrArray *guests = seat_guests(input->seat);
	const char *now = heading(input);
	guint first = 0;

	for (guint i = 0; i < guests->len; i++)
		if (g_strcmp0(((Guest *)guests->pdata[i])->name, now) == 0)
			first = i + 1;
	for (guint i = first; i < guests->len; i++)
		if (is_candidate(input, guests->pdata[i]))
			return ((Guest *)guests->pdata[i])->name;
	return TARGET_HOST;
}

static gboolean is_at_host(DeskInput *input)
{
	return g_str_equal(heading(input), TARGET_HOST) &&
	       g_strcmp0(seat_at(input->seat), TARGET_HOST) == 0;
}

/* The host already has the devices; the rest follows. */
static void on_brought_back(DeskInput *input, const char *why)
{
	if (!is_at_host(input))
		request(input, TARGET_HOST, why);
}

static void on_hung(DeskInput *input, const char *guest)
{
	g_autofree char *reason = g_strdup_printf("%s takes no input", guest_title(guest, NULL));

	if (g_strcmp0(heading(input), guest) != 0)
		return;
	if (input->config->unresponsive == UNRESPONSIVE_HOME)
		request(input, TARGET_HOST, reason);
	else
		g_warning("%s; it keeps the seat because of \"unresponsive: stay\"", reason);
}

static void look_at(DeskInput *input, Guest *guest)
{
	g_autoptr(GError) error = NULL;
	InputReadiness readiness =
		input->system->ops->readiness(input->system, guest->name, &error);

	/* a guest that does not run needs no message */
	if (guest->state != GUEST_RUNNING && readiness != INPUT_READY)
		guest_set_input(guest, GUEST_INPUT_WAITING, NULL);
	else if (readiness == INPUT_READY)
		guest_set_input(guest, GUEST_INPUT_READY, NULL);
	else
		guest_set_input(guest, GUEST_INPUT_WAITING, error->message);
}

static void on_guest(DeskInput *input, const char *name)
{
	const GPtrArray *guests = seat_guests(input->seat);

	for (guint i = 0; i < guests->len; i++)
		if (g_str_equal(((Guest *)guests->pdata[i])->name, name))
			look_at(input, guests->pdata[i]);
}

static void on_news(InputNews news, const char *name, gpointer data)
{
	switch (news) {
	case INPUT_NEWS_DEVICES:
		break;
	case INPUT_NEWS_GUEST:
		on_guest(data, name);
		break;
	case INPUT_NEWS_HUNG:
		on_hung(data, name);
		break;
	case INPUT_NEWS_TOGGLE:
		request(data, "toggle", "hotkey");
		break;
	case INPUT_NEWS_GO:
		request(data, name, "hotkey");
		break;
	case INPUT_NEWS_NEXT:
		request(data, next_target(data), "hotkey");
		break;
	case INPUT_NEWS_HOME:
		on_brought_back(data, name);
		break;
	}
}

/* The message depends on whether the guest runs. */
static void on_seat(Seat *seat, const SeatEvent *event, gpointer data)
{
	if (event->kind == SEAT_GUEST_CHANGED && event->guest->input != GUEST_INPUT_NONE)
		look_at(data, event->guest);
}

DeskInput *desk_input_new(InputSystem *system, Seat *seat, const Config *config)
{
	DeskInput *input = g_new0(DeskInput, 1);
	g_autoptr(GPtrArray) guests = input_setup_guests(config);

	input->system = system;
	input->seat = seat;
	input->config = config;
	input->watch = system->ops->watch(system, on_news, input);
	input->listener = seat_listen(seat, on_seat, input);
	for (guint i = 0; i < guests->len; i++)
		on_guest(input, guests->pdata[i]);
	return input;
}

void desk_input_free(DeskInput *input)
{
	if (input == NULL)
		return;
	input->system->ops->unwatch(input->system, input->watch);
	seat_unlisten(input->seat, input->listener);
	g_free(input);
}
