/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/inputd-private.h"

#include <string.h>
#include <systemd/sd-daemon.h>

/* How long this process may be silent while a guest has a device, before systemd considers it hung.
 */
#define WATCHDOG_US (10 * G_USEC_PER_SEC)

InputGuest *inputd_guest(Inputd *inputd, const char *name)
{
	for (guint i = 0; i < inputd->guests->len; i++)
		if (g_str_equal(input_guest_name(g_ptr_array_index(inputd->guests, i)), name))
			return g_ptr_array_index(inputd->guests, i);
	return NULL;
}

InputDevice *inputd_device(Inputd *inputd, const char *name)
{
	for (guint i = 0; i < inputd->devices->len; i++)
		if (g_str_equal(input_device_name(g_ptr_array_index(inputd->devices, i)), name))
			return g_ptr_array_index(inputd->devices, i);
	return NULL;
}

/* ---- reports */

static const char *place(const InputDevice *device)
{
	const InputGuest *at = input_device_at(device);

	return at != NULL ? input_guest_name(at) : PROTOCOL_HOST;
}

void inputd_report_device(Inputd *inputd, InputDevice *device)
{
	g_autofree char *detail = input_device_detail(device);
	ProtocolMessage message = { .verb = PROTOCOL_DEVICE,
		.device = (char *)input_device_name(device),
		.at = (char *)place(device),
		.presence = input_device_presence(device),
		.detail = detail };

	control_send(inputd->control, &message);
}

void inputd_report_guest(Inputd *inputd, InputGuest *guest)
{
	ProtocolMessage message = { .verb = PROTOCOL_GUEST,
		.guest = (char *)input_guest_name(guest),
		.state = input_guest_state(guest),
		.detail = (char *)input_guest_detail(guest) };

	control_send(inputd->control, &message);
}

/* ---- coming back */

static gboolean is_away(const Inputd *inputd)
{
	for (guint i = 0; i < inputd->devices->len; i++)
		if (input_device_at(g_ptr_array_index(inputd->devices, i)) != NULL)
			return TRUE;
	return FALSE;
}

void inputd_bring_back(Inputd *inputd, const char *why)
{
	ProtocolMessage message = { .verb = PROTOCOL_HOME, .detail = (char *)why };

	inputd->waiting.at_us = G_MAXINT64;
	if (!is_away(inputd))
		return;
	g_message("everything is back at the host: %s", why);
	for (guint i = 0; i < inputd->devices->len; i++) {
		InputDevice *device = g_ptr_array_index(inputd->devices, i);

		if (input_device_at(device) == NULL)
			continue;
		input_device_move(device, NULL, NULL);
		inputd_report_device(inputd, device);
	}
	control_send(inputd->control, &message);
}

static void on_watchdog(gpointer data)
{
	Inputd *inputd = data;

	if (!is_away(inputd)) {
		sd_notify(0, "WATCHDOG_USEC=0");
		return;
	}
	sd_notify(0, "WATCHDOG=1");
	inputd->watchdog.at_us = loop_now(inputd->loop) + WATCHDOG_US / 2;
}

void inputd_watch_over(Inputd *inputd)
{
	g_autofree char *message = NULL;

	if (!inputd->is_watched || inputd->watchdog.at_us != G_MAXINT64 || !is_away(inputd))
		return;
	message = g_strdup_printf("WATCHDOG_USEC=%d\nWATCHDOG=1", WATCHDOG_US);
	sd_notify(0, message);
	inputd->watchdog.at_us = loop_now(inputd->loop) + WATCHDOG_US / 2;
}

static void on_alone(gpointer data)
{
	inputd_bring_back(data, "hotseatd has disconnected");
}

static void on_waiting(gpointer data)
{
	inputd_bring_back(data, "a hotkey for the host was pressed, and hotseatd did not answer");
}

/* ---- hotkeys */

static void on_hotkey(gpointer data, guint chord)
{
	Inputd *inputd = data;

	if (inputd->n_pressed < INPUTD_PRESSED_MAX)
		inputd->pressed[inputd->n_pressed++] = chord;
}

/* The last chord is the panic chord if the configuration has none. */
static ProtocolAction action_of(const Inputd *inputd, guint chord, const char **to)
{
	const ProtocolHotkey *hotkey;

	*to = NULL;
	if (inputd->setup == NULL || chord >= inputd->setup->hotkeys->len)
		return PROTOCOL_PANIC;
	hotkey = g_ptr_array_index(inputd->setup->hotkeys, chord);
	*to = hotkey->to;
	return hotkey->action;
}

static gboolean leads_to_host(const Inputd *inputd, ProtocolAction action, const char *to)
{
	if (!is_away(inputd))
		return FALSE;
	return action == PROTOCOL_TOGGLE ||
	       (action == PROTOCOL_GO && g_strcmp0(to, PROTOCOL_HOST) == 0);
}

static void use_hotkey(Inputd *inputd, guint chord)
{
	const char *to;
	ProtocolAction action = action_of(inputd, chord, &to);
	ProtocolMessage message = { .verb = PROTOCOL_HOTKEY, .action = action, .to = (char *)to };
	gboolean is_at_host = leads_to_host(inputd, action, to);

	if (action == PROTOCOL_PANIC)
		inputd_bring_back(inputd, "the panic chord was pressed");
	control_send(inputd->control, &message);
	if (is_at_host && !control_is_connected(inputd->control))
		inputd_bring_back(inputd, "a hotkey was pressed, and hotseatd has disconnected");
	else if (is_at_host)
		inputd->waiting.at_us = loop_now(inputd->loop) + PROTOCOL_HOTKEY_MS * 1000;
}

void inputd_after_nodes(Inputd *inputd)
{
	/* moving back reads nodes again, which may press another hotkey */
	for (guint i = 0; i < inputd->n_pressed; i++)
		use_hotkey(inputd, inputd->pressed[i]);
	inputd->n_pressed = 0;
}

static void on_kept(gpointer data, guint code, gboolean down)
{
	Inputd *inputd = data;
	ProtocolMessage message = { .verb = PROTOCOL_ARRIVED,
		.guest = (char *)PROTOCOL_HOST,
		.type = EV_KEY,
		.code = code,
		.value = down };

	if (inputd->simulated)
		control_send(inputd->control, &message);
	else if (inputd->host_keys != NULL)
		host_keys_send(inputd->host_keys, code, down);
}

/* ---- life */

static void guest_free_data(gpointer data)
{
	input_guest_free(data);
}

static void device_free_data(gpointer data)
{
	input_device_free(data);
}

Inputd *inputd_new(Loop *loop, const InputdOptions *options, GError **error)
{
	Inputd *inputd = g_new0(Inputd, 1);

	inputd->loop = loop;
	inputd->ports = options->ports;
	inputd->simulated = options->simulated;
	inputd->guests = g_ptr_array_new_with_free_func(guest_free_data);
	inputd->devices = g_ptr_array_new_with_free_func(device_free_data);
	inputd->routes.hotkey = on_hotkey;
	inputd->routes.kept = on_kept;
	inputd->routes.data = inputd;
	inputd->alone = (LoopTimer){ .due = on_alone, .data = inputd };
	inputd->waiting = (LoopTimer){ .due = on_waiting, .data = inputd };
	inputd->watchdog = (LoopTimer){ .due = on_watchdog, .data = inputd };
	inputd->is_watched = g_getenv("NOTIFY_SOCKET") != NULL;
	loop_timer(loop, &inputd->alone);
	loop_timer(loop, &inputd->waiting);
	loop_timer(loop, &inputd->watchdog);
	inputd->control = control_new(loop, options->control, &inputd_control_events, inputd);
	if (options->simulated)
		return inputd;
	inputd->discover = discover_new(loop, options->folder, inputd_found, inputd, error);
	if (inputd->discover == NULL) {
		inputd_free(inputd);
		return NULL;
	}
	return inputd;
}

void inputd_free(Inputd *inputd)
{
	discover_free(inputd->discover);
	g_ptr_array_unref(inputd->devices);
	g_ptr_array_unref(inputd->guests);
	control_free(inputd->control);
	loop_untimer(&inputd->alone);
	loop_untimer(&inputd->waiting);
	loop_untimer(&inputd->watchdog);
	host_keys_free(inputd->host_keys);
	protocol_setup_free(inputd->setup);
	g_free(inputd);
}
