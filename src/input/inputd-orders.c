/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/inputd-private.h"

#include "common/error.h"
#include "input/peer.h"

#include <errno.h>
#include <unistd.h>

/* ---- configuration */

static gboolean refuse(GError **error, const char *what, const char *name)
{
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_CONFIG, "%s: \"%s\"", what, name);
	return FALSE;
}

static gboolean add_chord(ChordMatcher *matcher, const char *keys, gboolean always, GError **error)
{
	Chord *chord = &matcher->chords[matcher->n_chords];

	if (!chord_parse(keys, chord, error)) {
		g_prefix_error(error, "hotkey \"%s\": ", keys);
		return FALSE;
	}
	chord->always = always;
	matcher->n_chords++;
	return TRUE;
}

/* The chords in the order of the hotkeys, and after them the panic chord, if the hotkeys have none.
 */
static gboolean read_hotkeys(const ProtocolSetup *setup, ChordMatcher *matcher, GError **error)
{
	gboolean has_panic = FALSE;

	for (guint i = 0; i < setup->hotkeys->len; i++) {
		const ProtocolHotkey *hotkey = g_ptr_array_index(setup->hotkeys, i);
		gboolean is_panic = hotkey->action == PROTOCOL_PANIC;

		if (!add_chord(matcher, hotkey->keys, is_panic, error))
			return FALSE;
		has_panic |= is_panic;
	}
	return has_panic || add_chord(matcher, PROTOCOL_PANIC_CHORD, TRUE, error);
}

static gboolean read_keep(const ProtocolSetup *setup, KeySet *keep, GError **error)
{
	for (guint i = 0; i < setup->keep->len; i++) {
		const char *name = g_ptr_array_index(setup->keep, i);
		KeyChoice key;

		if (!key_from_name(name, &key))
			return refuse(error, "unknown key name", name);
		key_set_add(keep, key.codes[0]);
		if (key.codes[1] != 0)
			key_set_add(keep, key.codes[1]);
	}
	return TRUE;
}

static int listener_of(const Inputd *inputd, guint port)
{
	for (guint i = 0; i < inputd->ports->len; i++) {
		const InputdPort *held = &g_array_index(inputd->ports, InputdPort, i);

		if (held->port == port)
			return held->fd;
	}
	return -1;
}

static gboolean check_ports(const Inputd *inputd, const ProtocolSetup *setup, GError **error)
{
	for (guint i = 0; i < setup->guests->len; i++) {
		const ProtocolGuest *guest = g_ptr_array_index(setup->guests, i);

		if (guest->port == 0 && !inputd->simulated)
			return refuse(error, "a guest without a port", guest->name);
		if (guest->port != 0 && listener_of(inputd, guest->port) < 0)
			return refuse(error, "hotseat-inputd does not hold this guest's port",
				guest->name);
		for (guint k = 0; k < i && guest->port != 0; k++)
			if (((const ProtocolGuest *)g_ptr_array_index(setup->guests, k))->port ==
				guest->port)
				return refuse(error, "two guests have the same port", guest->name);
	}
	return TRUE;
}

static void on_guest_changed(gpointer data, InputGuest *guest)
{
	inputd_report_guest(data, guest);
}

static void on_guest_leds(gpointer data, InputGuest *guest)
{
	Inputd *inputd = data;

	for (guint i = 0; i < inputd->devices->len; i++) {
		InputDevice *device = g_ptr_array_index(inputd->devices, i);

		if (input_device_at(device) == guest)
			input_device_show_leds(device);
	}
}

static void on_guest_arrived(gpointer data, InputGuest *guest, guint type, guint code, int value)
{
	ProtocolMessage message = { .verb = PROTOCOL_ARRIVED,
		.guest = (char *)input_guest_name(guest),
		.type = type,
		.code = code,
		.value = value };

	control_send(((Inputd *)data)->control, &message);
}

static const InputGuestEvents guest_events = { on_guest_changed, on_guest_leds, on_guest_arrived };

static void take_back_from(Inputd *inputd, const InputGuest *guest)
{
	for (guint i = 0; i < inputd->devices->len; i++) {
		InputDevice *device = g_ptr_array_index(inputd->devices, i);

		if (input_device_at(device) == guest)
			input_device_move(device, NULL, NULL);
	}
}

static const ProtocolGuest *spec_of_guest(const ProtocolSetup *setup, const InputGuest *guest)
{
	for (guint i = 0; i < setup->guests->len; i++)
		if (input_guest_is(guest, g_ptr_array_index(setup->guests, i)))
			return g_ptr_array_index(setup->guests, i);
	return NULL;
}

static void set_guests(Inputd *inputd, const ProtocolSetup *setup)
{
	for (guint i = inputd->guests->len; i-- > 0;) {
		InputGuest *guest = g_ptr_array_index(inputd->guests, i);

		if (spec_of_guest(setup, guest) != NULL)
			continue;
		take_back_from(inputd, guest);
		g_ptr_array_remove_index(inputd->guests, i);
	}
	for (guint i = 0; i < setup->guests->len; i++) {
		const ProtocolGuest *spec = g_ptr_array_index(setup->guests, i);

		if (inputd_guest(inputd, spec->name) == NULL)
			g_ptr_array_add(inputd->guests,
				input_guest_new(inputd->loop, spec, listener_of(inputd, spec->port),
					&guest_events, inputd));
	}
}

static gboolean is_in(const ProtocolSetup *setup, const InputDevice *device)
{
	for (guint i = 0; i < setup->devices->len; i++)
		if (input_device_is(device, g_ptr_array_index(setup->devices, i)))
			return TRUE;
	return FALSE;
}

static void set_devices(Inputd *inputd, const ProtocolSetup *setup)
{
	for (guint i = inputd->devices->len; i-- > 0;)
		if (!is_in(setup, g_ptr_array_index(inputd->devices, i)))
			g_ptr_array_remove_index(inputd->devices, i);
	for (guint i = 0; i < setup->devices->len; i++) {
		const ProtocolDevice *spec = g_ptr_array_index(setup->devices, i);

		if (inputd_device(inputd, spec->name) == NULL)
			g_ptr_array_add(inputd->devices, input_device_new(spec));
	}
	for (guint i = 0; i < inputd->devices->len; i++)
		input_device_forget_unfit(g_ptr_array_index(inputd->devices, i));
}

static void set_keep(Inputd *inputd, const KeySet *keep)
{
	g_autoptr(GError) error = NULL;

	inputd->routes.keep = *keep;
	g_clear_pointer(&inputd->host_keys, host_keys_free);
	if (key_set_is_empty(keep) || inputd->simulated)
		return;
	inputd->host_keys = host_keys_new(keep, &error);
	if (inputd->host_keys != NULL)
		return;
	g_warning("%s; they move with the keyboard", error->message);
	inputd->routes.keep = (KeySet){ 0 };
}

static void set_chords(Inputd *inputd, const ChordMatcher *read)
{
	for (guint i = 0; i < read->n_chords; i++)
		inputd->routes.matcher.chords[i] = read->chords[i];
	inputd->routes.matcher.n_chords = read->n_chords;
}

/* Checks the whole configuration before any part takes effect. Takes the setup from message. */
static gboolean configure(Inputd *inputd, ProtocolSetup *setup, GError **error)
{
	g_autofree ChordMatcher *chords = g_new0(ChordMatcher, 1);
	KeySet keep = { 0 };

	if (!read_hotkeys(setup, chords, error) || !read_keep(setup, &keep, error) ||
		!check_ports(inputd, setup, error))
		return FALSE;
	set_chords(inputd, chords);
	set_keep(inputd, &keep);
	set_guests(inputd, setup);
	set_devices(inputd, setup);
	protocol_setup_free(inputd->setup);
	inputd->setup = setup;
	inputd->alone.at_us = G_MAXINT64;
	if (inputd->discover != NULL)
		discover_scan(inputd->discover);
	return TRUE;
}

static void report_all(Inputd *inputd)
{
	for (guint i = 0; i < inputd->devices->len; i++)
		inputd_report_device(inputd, g_ptr_array_index(inputd->devices, i));
	for (guint i = 0; i < inputd->guests->len; i++)
		inputd_report_guest(inputd, g_ptr_array_index(inputd->guests, i));
}

static void on_configure(Inputd *inputd, ProtocolMessage *message)
{
	g_autoptr(GError) error = NULL;
	ProtocolMessage result = { .verb = PROTOCOL_RESULT, .id = message->id };

	if (message->version != PROTOCOL_VERSION)
		refuse(&error, "hotseatd has another version; install the same version of both",
			HOTSEAT_VERSION);
	else if (configure(inputd, message->setup, &error))
		message->setup = NULL;
	result.error = error != NULL ? error->message : NULL;
	control_send(inputd->control, &result);
	report_all(inputd);
}

/* ---- orders */

static void on_expect(Inputd *inputd, const ProtocolMessage *message)
{
	InputGuest *guest = inputd_guest(inputd, message->guest);
	ProtocolMessage result = { .verb = PROTOCOL_RESULT, .id = message->id };

	if (guest == NULL)
		result.error = (char *)"hotseat-inputd has no such guest";
	else if (!peer_may_be_expected(
			 message->uid, control_client_uid(inputd->control), (int)getuid()))
		result.error =
			(char *)"this guest's QEMU runs as hotseatd's user; run it as another user";
	else
		input_guest_expect(guest, message->uid);
	if (result.error != NULL)
		g_warning("%s: %s", message->guest, result.error);
	if (message->id != 0)
		control_send(inputd->control, &result);
}

static gboolean is_ready(const InputGuest *guest, GError **error)
{
	if (input_guest_state(guest) == PROTOCOL_READY)
		return TRUE;
	g_set_error_literal(
		error, HOTSEAT_ERROR, HOTSEAT_ERROR_GUEST_STATE, input_guest_detail(guest));
	return FALSE;
}

static gboolean move(Inputd *inputd, InputDevice *device, const char *to, GError **error)
{
	InputGuest *guest;

	if (g_str_equal(to, PROTOCOL_HOST))
		return input_device_move(device, NULL, error);
	guest = inputd_guest(inputd, to);
	if (guest == NULL) {
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_GUEST,
			"hotseat-inputd has no guest \"%s\"", to);
		return FALSE;
	}
	return (guest == input_device_at(device) || is_ready(guest, error)) &&
	       input_device_move(device, guest, error);
}

static void on_move(Inputd *inputd, const ProtocolMessage *message)
{
	g_autoptr(GError) error = NULL;
	InputDevice *device = inputd_device(inputd, message->device);
	ProtocolMessage result = {
		.verb = PROTOCOL_RESULT, .id = message->id, .device = message->device
	};
	const InputGuest *before, *after;

	inputd->waiting.at_us = G_MAXINT64;
	if (device == NULL) {
		result.error = (char *)"hotseat-inputd has no such device";
		control_send(inputd->control, &result);
		return;
	}
	before = input_device_at(device);
	move(inputd, device, message->to, &error);
	after = input_device_at(device);
	result.at = (char *)(after != NULL ? input_guest_name(after) : PROTOCOL_HOST);
	result.changed = before != after;
	result.error = error != NULL ? error->message : NULL;
	inputd_watch_over(inputd);
	control_send(inputd->control, &result);
	inputd_after_nodes(inputd);
}

static void on_plug(Inputd *inputd, const ProtocolMessage *message, int fd)
{
	InputDevice *device = inputd_device(inputd, message->device);

	if (inputd->simulated && device != NULL && fd >= 0)
		inputd_plug(inputd, device, fd);
	else if (fd >= 0)
		close(fd);
}

static void on_message(gpointer data, ProtocolMessage *message, int fd)
{
	Inputd *inputd = data;

	if (message->verb == PROTOCOL_PLUG) {
		on_plug(inputd, message, fd);
		return;
	}
	if (fd >= 0)
		close(fd);
	switch (message->verb) {
	case PROTOCOL_CONFIGURE:
		on_configure(inputd, message);
		break;
	case PROTOCOL_EXPECT:
		on_expect(inputd, message);
		break;
	case PROTOCOL_MOVE:
		on_move(inputd, message);
		break;
	default: /* what hotseat-inputd itself sends */
		break;
	}
}

static void on_connected(gpointer data)
{
	Inputd *inputd = data;
	g_autoptr(ProtocolMessage) welcome = protocol_message_new(PROTOCOL_WELCOME);

	welcome->simulated = inputd->simulated;
	for (guint i = 0; i < inputd->ports->len; i++) {
		guint port = g_array_index(inputd->ports, InputdPort, i).port;

		g_array_append_val(welcome->ports, port);
	}
	control_send(inputd->control, welcome);
}

static void on_gone(gpointer data, gboolean hung_up)
{
	Inputd *inputd = data;

	/* for hotseatd, the end of the connection means that the host has everything */
	if (hung_up)
		inputd->alone.at_us = loop_now(inputd->loop);
	/* a client that disconnects without sending a configuration is not counted */
	if (inputd->alone.at_us == G_MAXINT64)
		inputd->alone.at_us = loop_now(inputd->loop) + PROTOCOL_ALONE_MS * 1000;
	/* it will not react to a pending hotkey any more */
	if (inputd->waiting.at_us != G_MAXINT64)
		inputd->waiting.at_us = loop_now(inputd->loop);
}

const ControlEvents inputd_control_events = { on_connected, on_gone, on_message };
