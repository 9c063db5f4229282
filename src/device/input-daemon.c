/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/input-daemon.h"

#include "common/error.h"
#include "common/resource.h"
#include "device/input-guests.h"
#include "device/input-setup.h"

/* An answer that takes longer than this will not come, in milliseconds. */
enum { MOVE_LATE_MS = PROTOCOL_MOVE_MS };

typedef enum {
	LINK_STARTING, /* no attempt to connect has ended yet, or the configuration is being sent */
	LINK_CONFIGURED, /* hotseat-inputd has accepted the config, and reports where everything is
			  */
	LINK_DOWN,	 /* error has the reason */
} LinkState;

typedef struct {
	InputSystem base;
	InputDaemonSpec spec;
	InputLink *link;
	LinkState state;
	GError *error;	    /* LINK_DOWN */
	gboolean dead;	    /* LINK_DOWN: no process has the devices */
	guint configure_id; /* id of the CONFIGURE that waits for its RESULT; 0: none */
	guint last_id;
	InputGuests *guests;
	GHashTable *devices; /* name to Device *; those that hotseat-inputd has reported */
	guint n_devices;     /* of the config */
	GPtrArray *moves;    /* Move *, under way */
	Listeners *listeners;
} InputDaemon;

typedef struct {
	InputPresence presence;
	char *at, *detail;
} Device;

typedef struct {
	InputOp base;
	guint id, deadline_id;
	char *device;
	InputMoved moved;
	gpointer data;
} Move;

/* -- news ------------------------------------------------------------------------------------- */

static void announce(InputDaemon *daemon, InputNews news, const char *name)
{
	input_system_announce(daemon->listeners, news, name);
}

static guint daemon_watch(InputSystem *system, InputListener heard, gpointer data)
{
	return listeners_add(((InputDaemon *)system)->listeners, G_CALLBACK(heard), data);
}

static void daemon_unwatch(InputSystem *system, guint id)
{
	listeners_remove(((InputDaemon *)system)->listeners, id);
}

/* -- what is known ---------------------------------------------------------------------------- */

static void device_free(gpointer data)
{
	Device *device = data;

	g_free(device->at);
	g_free(device->detail);
	g_free(device);
}

static void set_starting_error(GError **error)
{
	g_set_error_literal(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
		"hotseat-inputd has not reported this device yet; wait a moment");
}

static gboolean daemon_state(
	InputSystem *system, const char *name, InputState *state, GError **error)
{
	InputDaemon *daemon = (InputDaemon *)system;
	const Device *device = g_hash_table_lookup(daemon->devices, name);

	*state = (InputState){ 0 };
	if (daemon->state == LINK_DOWN) {
		state->at = daemon->dead ? TARGET_HOST : NULL;
		g_propagate_error(error, g_error_copy(daemon->error));
		return FALSE;
	}
	if (daemon->state == LINK_STARTING || device == NULL) {
		set_starting_error(error);
		return FALSE;
	}
	*state = (InputState){ device->presence, device->at, device->detail };
	return TRUE;
}

static gboolean daemon_is_starting(InputSystem *system)
{
	InputDaemon *daemon = (InputDaemon *)system;

	return daemon->state == LINK_STARTING ||
	       (daemon->state == LINK_CONFIGURED &&
		       g_hash_table_size(daemon->devices) < daemon->n_devices);
}

static InputReadiness daemon_readiness(InputSystem *system, const char *guest, GError **error)
{
	InputDaemon *daemon = (InputDaemon *)system;

	if (daemon->state == LINK_DOWN)
		return input_not_ready(
			error, INPUT_NEVER, HOTSEAT_ERROR_FAILED, "%s", daemon->error->message);
	if (daemon->state == LINK_STARTING)
		return input_not_ready(error, INPUT_SOON, HOTSEAT_ERROR_FAILED,
			"hotseat-inputd has not answered yet; try again in a moment");
	return input_guests_readiness(daemon->guests, guest, error);
}

static void daemon_expect(InputSystem *system, const char *guest, int uid)
{
	input_guests_expect(((InputDaemon *)system)->guests, guest, uid);
}

static void daemon_prepare(InputSystem *system, const char *guest)
{
	input_guests_retry(((InputDaemon *)system)->guests, guest);
}

/* -- moves ------------------------------------------------------------------------------------ */

static void move_free(gpointer data)
{
	Move *move = data;

	g_clear_handle_id(&move->deadline_id, g_source_remove);
	g_free(move->device);
	g_free(move);
}

static void move_end(
	InputDaemon *daemon, Move *move, const char *at, gboolean changed, const GError *error)
{
	InputMoved moved = move->moved;
	gpointer data = move->data;

	g_ptr_array_remove(daemon->moves, move);
	if (moved != NULL)
		moved(at, changed, error, data);
}

static void move_fail(InputDaemon *daemon, Move *move, HotseatError code, const char *message)
{
	g_autoptr(GError) error = g_error_new_literal(HOTSEAT_ERROR, (int)code, message);

	move_end(daemon, move, NULL, FALSE, error);
}

static gboolean move_late(gpointer data)
{
	Move *move = data;
	InputDaemon *daemon = (InputDaemon *)move->base.system;
	Device *device = g_hash_table_lookup(daemon->devices, move->device);

	move->deadline_id = 0;
	/* hotseat-inputd may do it yet */
	if (device != NULL)
		g_clear_pointer(&device->at, g_free);
	move_fail(daemon, move, HOTSEAT_ERROR_TIMED_OUT,
		"hotseat-inputd did not answer in time; see: systemctl status hotseat-inputd");
	return G_SOURCE_REMOVE;
}

static gboolean move_unsent(gpointer data)
{
	Move *move = data;
	InputDaemon *daemon = (InputDaemon *)move->base.system;

	move->deadline_id = 0;
	move_fail(daemon, move, HOTSEAT_ERROR_FAILED,
		daemon->error != NULL
			? daemon->error->message
			: "hotseat-inputd has not answered yet; try again in a moment");
	return G_SOURCE_REMOVE;
}

static InputOp *daemon_move(InputSystem *system, const char *device, const char *target,
	InputMoved moved, gpointer data)
{
	InputDaemon *daemon = (InputDaemon *)system;
	g_autoptr(ProtocolMessage) message = protocol_message_new(PROTOCOL_MOVE);
	Move *move = g_new0(Move, 1);
	gboolean sent;

	move->base.system = system;
	move->id = message->id = ++daemon->last_id;
	move->moved = moved;
	move->data = data;
	message->device = g_strdup(device);
	move->device = g_strdup(device);
	message->to = g_strdup(target);
	sent = daemon->state == LINK_CONFIGURED && input_link_send(daemon->link, message);
	g_ptr_array_add(daemon->moves, move);
	move->deadline_id =
		sent ? g_timeout_add(MOVE_LATE_MS, move_late, move) : g_idle_add(move_unsent, move);
	return &move->base;
}

static void daemon_drop(InputOp *op)
{
	((Move *)op)->moved = NULL;
}

static void on_moved(InputDaemon *daemon, const ProtocolMessage *message)
{
	Device *device = message->device == NULL
				 ? NULL
				 : g_hash_table_lookup(daemon->devices, message->device);

	if (device != NULL && message->at != NULL) {
		g_free(device->at);
		device->at = g_strdup(message->at);
	}
	for (guint i = 0; i < daemon->moves->len; i++) {
		Move *move = daemon->moves->pdata[i];

		if (move->id != message->id)
			continue;
		if (message->error != NULL)
			move_fail(daemon, move, HOTSEAT_ERROR_FAILED, message->error);
		else
			move_end(daemon, move, message->at, message->changed, NULL);
		return;
	}
	/* the caller no longer waits */
	if (device != NULL)
		announce(daemon, INPUT_NEWS_DEVICES, message->device);
}

/* -- messages --------------------------------------------------------------------------------- */

static void link_fail(InputDaemon *daemon, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void link_fail(InputDaemon *daemon, const char *format, ...)
{
	g_autoptr(GError) error = NULL;
	va_list args;

	va_start(args, format);
	error = g_error_new_valist(HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, format, args);
	va_end(args);
	input_link_fail(daemon->link, error);
}

/* The guests' ports on which hotseat-inputd listens. Free with g_hash_table_unref(). */
static GHashTable *held_ports(InputDaemon *daemon)
{
	GHashTable *held = g_hash_table_new(g_str_hash, g_str_equal);
	GHashTableIter iter;
	gpointer name, port;

	g_hash_table_iter_init(&iter, daemon->spec.ports);
	while (g_hash_table_iter_next(&iter, &name, &port))
		if (input_guests_is_held(daemon->guests, name))
			g_hash_table_insert(held, name, port);
	return held;
}

static void on_welcome(InputDaemon *daemon, const ProtocolMessage *welcome)
{
	g_autoptr(ProtocolMessage) message = NULL;
	g_autoptr(GHashTable) held = NULL;

	if (welcome->version != PROTOCOL_VERSION) {
		link_fail(daemon, "hotseat-inputd and hotseatd have different versions; restart "
				  "both: sudo systemctl restart hotseat-inputd hotseatd");
		return;
	}
	input_guests_set_held(daemon->guests, welcome->simulated ? NULL : welcome->ports);
	held = held_ports(daemon);
	message = input_setup_message(daemon->spec.config, welcome->simulated ? NULL : held);
	message->id = daemon->configure_id = ++daemon->last_id;
	input_link_send(daemon->link, message);
}

static void on_configured(InputDaemon *daemon, const ProtocolMessage *result)
{
	daemon->configure_id = 0;
	if (result->error != NULL) {
		link_fail(daemon, "hotseat-inputd rejects the configuration: %s", result->error);
		return;
	}
	daemon->state = LINK_CONFIGURED;
	g_clear_error(&daemon->error);
	input_link_is_good(daemon->link);
	input_guests_expect_all(daemon->guests);
	input_guests_announce(daemon->guests);
}

static void on_device(InputDaemon *daemon, const ProtocolMessage *message)
{
	static const InputPresence presences[] = {
		[PROTOCOL_ABSENT] = INPUT_ABSENT,
		[PROTOCOL_PRESENT] = INPUT_PRESENT,
		[PROTOCOL_UNFIT] = INPUT_UNFIT,
	};
	Device *device = g_new0(Device, 1);

	device->presence = presences[message->presence];
	device->at = g_strdup(message->at);
	device->detail = g_strdup(message->detail);
	g_hash_table_replace(daemon->devices, g_strdup(message->device), device);
	announce(daemon, INPUT_NEWS_DEVICES, message->device);
}

static void on_guest(InputDaemon *daemon, const ProtocolMessage *message)
{
	if (input_guests_set_state(daemon->guests, message->guest, message->state))
		announce(daemon, INPUT_NEWS_HUNG, message->guest);
}

static void on_hotkey(InputDaemon *daemon, const ProtocolMessage *message)
{
	switch (message->action) {
	case PROTOCOL_TOGGLE:
		announce(daemon, INPUT_NEWS_TOGGLE, NULL);
		break;
	case PROTOCOL_GO:
		announce(daemon, INPUT_NEWS_GO, message->to);
		break;
	case PROTOCOL_NEXT:
		announce(daemon, INPUT_NEWS_NEXT, NULL);
		break;
	case PROTOCOL_PANIC: /* the host has the devices; the rest must follow */
		announce(daemon, INPUT_NEWS_HOME, "the panic chord was pressed");
		break;
	}
}

static void on_result(InputDaemon *daemon, const ProtocolMessage *message)
{
	if (daemon->configure_id != 0 && message->id == daemon->configure_id)
		on_configured(daemon, message);
	else if (!input_guests_answered(daemon->guests, message->id, message->error))
		on_moved(daemon, message);
}

static void on_message(const ProtocolMessage *message, gpointer data)
{
	InputDaemon *daemon = data;

	switch (message->verb) {
	case PROTOCOL_WELCOME:
		on_welcome(daemon, message);
		break;
	case PROTOCOL_REFUSED:
		link_fail(daemon, "hotseat-inputd refuses this hotseatd: %s",
			message->error != NULL ? message->error : "no reason given");
		break;
	case PROTOCOL_RESULT:
		on_result(daemon, message);
		break;
	case PROTOCOL_DEVICE:
		on_device(daemon, message);
		break;
	case PROTOCOL_GUEST:
		on_guest(daemon, message);
		break;
	case PROTOCOL_HOTKEY:
		on_hotkey(daemon, message);
		break;
	case PROTOCOL_HOME:
		announce(daemon, INPUT_NEWS_HOME,
			message->detail != NULL ? message->detail : "hotseat-inputd");
		break;
	default:
		break;
	}
}

static void on_up(gpointer data)
{
	InputDaemon *daemon = data;

	/* if it could not be used before, wait until it is known to work now */
	if (daemon->dead) {
		daemon->state = LINK_STARTING;
		g_clear_error(&daemon->error);
	}
	g_hash_table_remove_all(daemon->devices);
}

static void on_down(const GError *error, gboolean dead, gpointer data)
{
	InputDaemon *daemon = data;

	g_clear_error(&daemon->error);
	daemon->error = g_error_copy(error);
	daemon->state = LINK_DOWN;
	daemon->dead = dead;
	daemon->configure_id = 0;
	while (daemon->moves->len > 0)
		move_fail(daemon, daemon->moves->pdata[0], HOTSEAT_ERROR_FAILED, error->message);
	announce(daemon, INPUT_NEWS_DEVICES, NULL);
	input_guests_forget_states(daemon->guests);
}

/* -- guests ----------------------------------------------------------------------------------- */

static guint on_expect(const char *guest, int uid, gpointer data)
{
	InputDaemon *daemon = data;
	g_autoptr(ProtocolMessage) message = protocol_message_new(PROTOCOL_EXPECT);

	if (daemon->state != LINK_CONFIGURED)
		return 0;
	message->id = ++daemon->last_id;
	message->guest = g_strdup(guest);
	message->uid = uid;
	return input_link_send(daemon->link, message) ? message->id : 0;
}

static void on_guest_changed(const char *guest, gpointer data)
{
	announce(data, INPUT_NEWS_GUEST, guest);
}

/* -- making and freeing ----------------------------------------------------------------------- */

InputSystem *input_daemon_new(const InputDaemonSpec *spec)
{
	static const InputOps ops = {
		.state = daemon_state,
		.is_starting = daemon_is_starting,
		.readiness = daemon_readiness,
		.prepare = daemon_prepare,
		.expect = daemon_expect,
		.move = daemon_move,
		.drop = daemon_drop,
		.watch = daemon_watch,
		.unwatch = daemon_unwatch,
	};
	static const InputLinkOps link_ops = { on_up, on_message, on_down };
	static const InputGuestsOps guests_ops = { on_expect, on_guest_changed };
	InputDaemon *daemon = g_new0(InputDaemon, 1);

	daemon->base.ops = &ops;
	daemon->spec = *spec;
	daemon->devices = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, device_free);
	daemon->moves = g_ptr_array_new_with_free_func(move_free);
	daemon->listeners = listeners_new();
	for (guint i = 0; i < spec->config->devices->len; i++)
		daemon->n_devices +=
			((ConfigDevice *)spec->config->devices->pdata[i])->via == VIA_INPUT;
	daemon->guests =
		input_guests_new(spec->config, spec->connection, spec->ports, &guests_ops, daemon);
	daemon->link = input_link_new(spec->socket, spec->times, &link_ops, daemon);
	return &daemon->base;
}

void input_daemon_free(InputSystem *system)
{
	InputDaemon *daemon = (InputDaemon *)system;

	if (daemon == NULL)
		return;
	input_link_free(daemon->link);
	input_guests_free(daemon->guests);
	g_ptr_array_unref(daemon->moves);
	g_hash_table_unref(daemon->devices);
	listeners_free(daemon->listeners);
	g_clear_error(&daemon->error);
	g_free(daemon);
}
