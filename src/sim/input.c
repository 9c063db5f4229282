/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/input.h"

#include "common/error.h"
#include "common/resource.h"

#include <string.h>

/* How much is kept of the end of what has arrived. */
enum { ARRIVED_MAX = 40 };

struct SimInput {
	InputSystem base;
	guint move_ms;
	GHashTable *devices; /* name to SimInputDevice * */
	GHashTable *guests;  /* name to GUINT_TO_POINTER(InputReadiness + 1) */
	GHashTable *arrived; /* target to GString * */
	GPtrArray *moves;    /* SimMove * */
	gboolean stopped, hangs;
	Listeners *listeners;
};

typedef struct {
	gboolean plugged;
	char *at;
} SimInputDevice;

typedef struct {
	InputOp base;
	guint timer; /* 0: it hangs */
	char *device, *target;
	InputMoved moved; /* NULL: dropped */
	gpointer data;
} SimMove;

static void device_free(gpointer data)
{
	SimInputDevice *device = data;

	g_free(device->at);
	g_free(device);
}

static void move_free(gpointer data)
{
	SimMove *move = data;

	g_clear_handle_id(&move->timer, g_source_remove);
	g_free(move->device);
	g_free(move->target);
	g_free(move);
}

static void string_free(gpointer data)
{
	g_string_free(data, TRUE);
}

static SimInputDevice *find(const SimInput *sim, const char *name)
{
	return g_hash_table_lookup(sim->devices, name);
}

/* -- news ------------------------------------------------------------------------------------- */

static void announce(SimInput *sim, InputNews news, const char *name)
{
	input_system_announce(sim->listeners, news, name);
}

static guint sim_watch(InputSystem *system, InputListener heard, gpointer data)
{
	return listeners_add(((SimInput *)system)->listeners, G_CALLBACK(heard), data);
}

static void sim_unwatch(InputSystem *system, guint id)
{
	listeners_remove(((SimInput *)system)->listeners, id);
}

/* -- what is known ---------------------------------------------------------------------------- */

static void set_stopped_error(GError **error)
{
	g_set_error_literal(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
		"hotseat-inputd is not running; start it again");
}

static gboolean sim_state(InputSystem *system, const char *name, InputState *state, GError **error)
{
	SimInput *sim = (SimInput *)system;
	const SimInputDevice *device = find(sim, name);

	*state = (InputState){ 0 };
	if (sim->stopped) {
		state->at = TARGET_HOST;
		set_stopped_error(error);
		return FALSE;
	}
	state->presence = device->plugged ? INPUT_PRESENT : INPUT_ABSENT;
	state->at = device->at;
	return TRUE;
}

static gboolean sim_is_starting(InputSystem *system)
{
	return FALSE;
}

static InputReadiness readiness_of(const SimInput *sim, const char *guest)
{
	gpointer known = g_hash_table_lookup(sim->guests, guest);

	return known == NULL ? INPUT_NEVER : (InputReadiness)(GPOINTER_TO_UINT(known) - 1);
}

static InputReadiness sim_readiness(InputSystem *system, const char *guest, GError **error)
{
	SimInput *sim = (SimInput *)system;
	InputReadiness readiness = readiness_of(sim, guest);

	if (sim->stopped) {
		set_stopped_error(error);
		return INPUT_NEVER;
	}
	if (readiness != INPUT_READY)
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
			"%s takes no input yet; wait until it has started", guest);
	return readiness;
}

static void sim_expect(InputSystem *system, const char *guest, int uid)
{
}

static void sim_prepare(InputSystem *system, const char *guest)
{
}

/* -- moves ------------------------------------------------------------------------------------ */

static GError *move_error(const SimInput *sim, const SimInputDevice *device)
{
	GError *error = NULL;

	if (sim->stopped)
		set_stopped_error(&error);
	else if (!device->plugged)
		error = g_error_new_literal(HOTSEAT_ERROR, HOTSEAT_ERROR_NO_DEVICE,
			"it was unplugged during the switch; plug it in");
	return error;
}

static void run(SimInput *sim, SimMove *move)
{
	SimInputDevice *device = find(sim, move->device);
	g_autoptr(GError) error = move_error(sim, device);
	gboolean changed = error == NULL && !g_str_equal(device->at, move->target);
	InputMoved moved = move->moved;
	gpointer data = move->data;

	if (changed) {
		g_free(device->at);
		device->at = g_strdup(move->target);
	}
	g_ptr_array_remove(sim->moves, move);
	if (moved != NULL)
		moved(error == NULL ? device->at : NULL, changed, error, data);
}

static gboolean on_time(gpointer data)
{
	SimMove *move = data;

	move->timer = 0;
	run((SimInput *)move->base.system, move);
	return G_SOURCE_REMOVE;
}

static InputOp *sim_move(InputSystem *system, const char *device, const char *target,
	InputMoved moved, gpointer data)
{
	SimInput *sim = (SimInput *)system;
	SimMove *move = g_new0(SimMove, 1);

	move->base.system = system;
	move->device = g_strdup(device);
	move->target = g_strdup(target);
	move->moved = moved;
	move->data = data;
	if (!sim->hangs)
		move->timer = g_timeout_add(sim->move_ms, on_time, move);
	g_ptr_array_add(sim->moves, move);
	return &move->base;
}

static void sim_drop(InputOp *op)
{
	((SimMove *)op)->moved = NULL;
}

/* -- making and breaking ---------------------------------------------------------------------- */

SimInput *sim_input_new(guint move_ms)
{
	static const InputOps ops = {
		.state = sim_state,
		.is_starting = sim_is_starting,
		.readiness = sim_readiness,
		.prepare = sim_prepare,
		.expect = sim_expect,
		.move = sim_move,
		.drop = sim_drop,
		.watch = sim_watch,
		.unwatch = sim_unwatch,
	};
	SimInput *sim = g_new0(SimInput, 1);

	sim->base.ops = &ops;
	sim->move_ms = move_ms;
	sim->devices = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, device_free);
	sim->guests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	sim->arrived = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, string_free);
	sim->moves = g_ptr_array_new_with_free_func(move_free);
	sim->listeners = listeners_new();
	return sim;
}

void sim_input_free(SimInput *sim)
{
	if (sim == NULL)
		return;
	g_ptr_array_unref(sim->moves);
	g_hash_table_unref(sim->devices);
	g_hash_table_unref(sim->guests);
	g_hash_table_unref(sim->arrived);
	listeners_free(sim->listeners);
	g_free(sim);
}

InputSystem *sim_input_system(SimInput *sim)
{
	return &sim->base;
}

void sim_input_add(SimInput *sim, const char *device)
{
	SimInputDevice *added = g_new0(SimInputDevice, 1);

	added->plugged = TRUE;
	added->at = g_strdup(TARGET_HOST);
	g_hash_table_insert(sim->devices, g_strdup(device), added);
}

gboolean sim_input_has(const SimInput *sim, const char *device)
{
	return find(sim, device) != NULL;
}

void sim_input_plug(SimInput *sim, const char *device, gboolean in)
{
	find(sim, device)->plugged = in;
	announce(sim, INPUT_NEWS_DEVICES, device);
}

gboolean sim_input_plugged(const SimInput *sim, const char *device)
{
	return find(sim, device)->plugged;
}

const char *sim_input_at(const SimInput *sim, const char *device)
{
	return find(sim, device)->at;
}

void sim_input_set_guest(SimInput *sim, const char *guest, InputReadiness readiness)
{
	g_hash_table_insert(sim->guests, g_strdup(guest), GUINT_TO_POINTER((guint)readiness + 1));
	announce(sim, INPUT_NEWS_GUEST, guest);
}

void sim_input_hang_guest(SimInput *sim, const char *guest)
{
	sim_input_set_guest(sim, guest, INPUT_SOON);
	announce(sim, INPUT_NEWS_HUNG, guest);
}

static void bring_back(SimInput *sim)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, sim->devices);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		SimInputDevice *device = value;

		g_free(device->at);
		device->at = g_strdup(TARGET_HOST);
	}
}

/* Ends the operations under way: with an error if hotseat-inputd has stopped, or with their late
 * result. */
static void run_all(SimInput *sim)
{
	while (sim->moves->len > 0) {
		SimMove *move = sim->moves->pdata[0];

		g_clear_handle_id(&move->timer, g_source_remove);
		run(sim, move);
	}
}

void sim_input_stop(SimInput *sim, gboolean stopped)
{
	sim->stopped = stopped;
	if (stopped) {
		bring_back(sim);
		run_all(sim);
	}
	announce(sim, INPUT_NEWS_DEVICES, NULL);
}

void sim_input_hang(SimInput *sim, gboolean hangs)
{
	sim->hangs = hangs;
	if (!hangs)
		run_all(sim);
}

void sim_input_press(SimInput *sim, InputNews news, const char *target)
{
	if (news == INPUT_NEWS_HOME)
		bring_back(sim);
	announce(sim, news, target);
	if (news == INPUT_NEWS_HOME)
		announce(sim, INPUT_NEWS_DEVICES, NULL);
}

/* -- typing ----------------------------------------------------------------------------------- */

/* Keeps the end of what has arrived, in complete words. */
static void shorten(GString *text)
{
	while (text->len > ARRIVED_MAX) {
		const char *space = strchr(text->str, ' ');

		g_string_erase(text, 0, space == NULL ? -1 : space - text->str + 1);
	}
}

gboolean sim_input_type(SimInput *sim, const char *name, const char *key)
{
	const SimInputDevice *device = find(sim, name);
	GString *text;

	if (!device->plugged || (!g_str_equal(device->at, TARGET_HOST) &&
					readiness_of(sim, device->at) != INPUT_READY))
		return FALSE;
	text = g_hash_table_lookup(sim->arrived, device->at);
	if (text == NULL) {
		text = g_string_new(NULL);
		g_hash_table_insert(sim->arrived, g_strdup(device->at), text);
	}
	g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", key);
	shorten(text);
	return TRUE;
}

const char *sim_input_arrived(const SimInput *sim, const char *target)
{
	const GString *text = g_hash_table_lookup(sim->arrived, target);

	return text == NULL ? "" : text->str;
}
