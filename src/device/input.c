/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/input.h"

#include "common/error.h"

typedef struct {
	InputNews news;
	const char *name;
} News;

static void call_listener(GCallback func, gpointer data, gconstpointer event)
{
	const News *news = event;

	((InputListener)func)(news->news, news->name, data);
}

void input_system_announce(Listeners *listeners, InputNews news, const char *name)
{
	listeners_call(listeners, call_listener, &(News){ news, name });
}

/* An apply or observe under way. */
typedef struct {
	ResourceDone done; /* NULL: nothing is under way */
	gpointer data;
	char *target; /* of an apply; NULL: an observe */
	GCancellable *cancel;
	gulong cancelled;
	guint start_id;
	guint deadline_id; /* timeout while it waits for a guest, or for hotseat-inputd to start */
	InputOp *move;
} Task;

typedef struct {
	Resource resource;
	InputSystem *system;
	const ConfigDevice *config;
	GPtrArray *guests; /* ConfigGuest *, all guests */
	guint ready_ms;
	guint watch;
	guint look_id;
	Task task;

	/* what the seat knows */
	gboolean usable; /* it could be moved */
	char *at;
} InputDevice;

typedef struct {
	gboolean usable;
	char *at; /* NULL: not known, or nowhere */
	char *detail;
	GError *error; /* why it is not usable */
} InputPlace;

static void place_clear(InputPlace *place)
{
	g_free(place->at);
	g_free(place->detail);
	g_clear_error(&place->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(InputPlace, place_clear)

void input_op_clear(InputOp **op)
{
	InputOp *dropped = g_steal_pointer(op);

	if (dropped != NULL)
		dropped->system->ops->drop(dropped);
}

/* -- where it is ------------------------------------------------------------------------------ */

static void place_of_state(const InputState *state, InputPlace *place)
{
	place->usable = state->presence == INPUT_PRESENT;
	if (place->usable) {
		place->at = g_strdup(state->at);
		place->detail = g_strdup(state->detail);
	} else if (state->presence == INPUT_ABSENT) {
		place->error = g_error_new_literal(HOTSEAT_ERROR, HOTSEAT_ERROR_NO_DEVICE,
			"the input device is unplugged; plug it in, or check its description with "
			"hotseat detect");
	} else {
		place->error = g_error_new_literal(HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
			state->detail != NULL ? state->detail
					      : "its events cannot be forwarded; use via: usb");
	}
}

static void find_place(InputDevice *device, InputPlace *place)
{
	InputState state = { 0 };

	if (device->system->ops->state(
		    device->system, device->config->name, &state, &place->error)) {
		place_of_state(&state, place);
	} else if (state.at != NULL) {
		place->at = g_strdup(state.at);
		place->detail = g_strdup(place->error->message);
	}
}

/* A device that cannot be moved is fine if it is already at the right place. */
static ResourceResult result_of(const InputPlace *place)
{
	return (ResourceResult){
		.at = place->at,
		.detail = place->detail,
		.error = place->at == NULL ? place->error : NULL,
	};
}

static void remember_told(InputDevice *device, const InputPlace *place)
{
	device->usable = place->usable;
	g_free(device->at);
	device->at = g_strdup(place->at);
}

/* -- observe and apply ------------------------------------------------------------------------ */

static void look_later(InputDevice *device);

static void task_clear(Task *task)
{
	g_clear_handle_id(&task->start_id, g_source_remove);
	g_clear_handle_id(&task->deadline_id, g_source_remove);
	input_op_clear(&task->move);
	if (task->cancelled != 0)
		g_signal_handler_disconnect(task->cancel, task->cancelled);
	g_clear_object(&task->cancel);
	g_free(task->target);
	*task = (Task){ 0 };
}

/* error: why it is not where it should be; NULL: no error except that of its state. */
static void task_finish(InputDevice *device, gboolean changed, const GError *error)
{
	g_autoptr(GError) kept = error == NULL ? NULL : g_error_copy(error);
	ResourceDone done = device->task.done;
	gpointer data = device->task.data;
	g_auto(InputPlace) place = { 0 };
	ResourceResult result;

	find_place(device, &place);
	result = result_of(&place);
	result.changed = changed;
	if (kept != NULL)
		result.error = kept;
	remember_told(device, &place);
	task_clear(&device->task);
	look_later(device);
	done(&device->resource, &result, data);
}

static void task_fail(InputDevice *device, HotseatError code, const char *message)
{
	g_autoptr(GError) error = g_error_new_literal(HOTSEAT_ERROR, (int)code, message);

	task_finish(device, FALSE, error);
}

static void moved(const char *at, gboolean changed, const GError *error, gpointer data)
{
	InputDevice *device = data;

	device->task.move = NULL;
	task_finish(device, changed, error);
}

static void move(InputDevice *device)
{
	g_clear_handle_id(&device->task.deadline_id, g_source_remove);
	device->task.move = device->system->ops->move(
		device->system, device->config->name, device->task.target, moved, device);
}

static gboolean ready_late(gpointer data)
{
	InputDevice *device = data;
	g_autoptr(GError) error = NULL;

	device->task.deadline_id = 0;
	if (device->system->ops->readiness(device->system, device->task.target, &error) ==
		INPUT_READY)
		move(device);
	else
		task_finish(device, FALSE, error);
	return G_SOURCE_REMOVE;
}

/* Moves it if the guest is ready, fails if it will not become ready by itself, and waits otherwise.
 */
static void try_move(InputDevice *device)
{
	g_autoptr(GError) error = NULL;
	InputReadiness readiness =
		device->system->ops->readiness(device->system, device->task.target, &error);

	if (readiness == INPUT_READY)
		move(device);
	else if (readiness == INPUT_NEVER)
		task_finish(device, FALSE, error);
	else if (device->task.deadline_id == 0)
		device->task.deadline_id = g_timeout_add(device->ready_ms, ready_late, device);
}

static gboolean apply_start(gpointer data)
{
	InputDevice *device = data;
	const char *target = device->task.target;
	g_auto(InputPlace) place = { 0 };

	device->task.start_id = 0;
	find_place(device, &place);
	if (g_cancellable_is_cancelled(device->task.cancel)) {
		task_fail(device, HOTSEAT_ERROR_SUPERSEDED, "stopped before it was done");
	} else if (g_strcmp0(place.at, target) == 0) {
		task_finish(device, FALSE, NULL);
	} else if (!place.usable) {
		task_finish(device, FALSE, place.error);
	} else if (g_str_equal(target, TARGET_HOST)) {
		move(device);
	} else {
		device->system->ops->prepare(device->system, target);
		try_move(device);
	}
	return G_SOURCE_REMOVE;
}

/* Stops waiting for a guest; a move is not stopped, because it ends soon. */
static gboolean give_way(gpointer data)
{
	InputDevice *device = data;

	device->task.start_id = 0;
	task_fail(device, HOTSEAT_ERROR_SUPERSEDED, "stopped before it was done");
	return G_SOURCE_REMOVE;
}

static void on_cancelled(GCancellable *cancel, gpointer data)
{
	InputDevice *device = data;

	if (device->task.deadline_id == 0)
		return;
	g_clear_handle_id(&device->task.deadline_id, g_source_remove);
	device->task.start_id = g_idle_add_full(G_PRIORITY_DEFAULT, give_way, device, NULL);
}

static void input_apply(Resource *resource, const char *target, GCancellable *cancel,
	ResourceDone done, gpointer data)
{
	InputDevice *device = (InputDevice *)resource;

	device->task.done = done;
	device->task.data = data;
	device->task.target = g_strdup(target);
	device->task.cancel = g_object_ref(cancel);
	device->task.cancelled =
		g_signal_connect(cancel, "cancelled", G_CALLBACK(on_cancelled), device);
	device->task.start_id = g_idle_add_full(G_PRIORITY_HIGH, apply_start, device, NULL);
}

static gboolean observe_late(gpointer data)
{
	InputDevice *device = data;

	device->task.deadline_id = 0;
	task_finish(device, FALSE, NULL);
	return G_SOURCE_REMOVE;
}

static void try_observe(InputDevice *device)
{
	if (!device->system->ops->is_starting(device->system))
		task_finish(device, FALSE, NULL);
	else if (device->task.deadline_id == 0)
		device->task.deadline_id = g_timeout_add(INPUT_START_MS, observe_late, device);
}

static gboolean observe_start(gpointer data)
{
	InputDevice *device = data;

	device->task.start_id = 0;
	try_observe(device);
	return G_SOURCE_REMOVE;
}

static void input_observe(Resource *resource, ResourceDone done, gpointer data)
{
	InputDevice *device = (InputDevice *)resource;

	device->task.done = done;
	device->task.data = data;
	device->task.start_id = g_idle_add_full(G_PRIORITY_DEFAULT, observe_start, device, NULL);
}

static gboolean is_guest(InputDevice *device, const char *target)
{
	for (guint i = 0; i < device->guests->len; i++)
		if (g_str_equal(((ConfigGuest *)device->guests->pdata[i])->name, target))
			return TRUE;
	return FALSE;
}

static gboolean input_serves(Resource *resource, const char *target)
{
	InputDevice *device = (InputDevice *)resource;

	if (g_str_equal(target, TARGET_HOST))
		return TRUE;
	if (device->config->guests == NULL)
		return is_guest(device, target);
	return g_strv_contains((const char *const *)device->config->guests, target);
}

static gboolean check_guest(InputDevice *device, const char *guest, GError **error)
{
	const InputOps *ops = device->system->ops;
	g_autoptr(GError) why = NULL;

	if (ops->readiness(device->system, guest, &why) != INPUT_NEVER)
		return TRUE;
	/* for the next request */
	ops->prepare(device->system, guest);
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static gboolean input_check(Resource *resource, const char *target, GError **error)
{
	InputDevice *device = (InputDevice *)resource;
	g_auto(InputPlace) place = { 0 };

	find_place(device, &place);
	if (!place.usable) {
		g_propagate_error(error, g_steal_pointer(&place.error));
		return FALSE;
	}
	return g_str_equal(target, TARGET_HOST) || check_guest(device, target, error);
}

/* -- what happens without a request ----------------------------------------------------------- */

static void tell(InputDevice *device, ResourceChange change, const InputPlace *place)
{
	ResourceResult result = result_of(place);

	remember_told(device, place);
	resource_changed(&device->resource, change, &result);
}

/* Changes during an apply or observe are handled when it has ended. */
static gboolean look(gpointer data)
{
	InputDevice *device = data;
	g_auto(InputPlace) place = { 0 };

	device->look_id = 0;
	if (device->task.done != NULL)
		return G_SOURCE_REMOVE;
	find_place(device, &place);
	if (device->usable && !place.usable)
		tell(device, RESOURCE_GONE, &place);
	else if (!device->usable && place.usable)
		tell(device, RESOURCE_APPEARED, &place);
	else if (g_strcmp0(device->at, place.at) != 0)
		tell(device, RESOURCE_MOVED, &place);
	return G_SOURCE_REMOVE;
}

static void look_later(InputDevice *device)
{
	if (device->look_id == 0)
		device->look_id = g_idle_add(look, device);
}

static void on_guest(InputDevice *device, const char *guest)
{
	if (device->task.deadline_id != 0 && g_strcmp0(device->task.target, guest) == 0)
		try_move(device);
}

static void on_devices(InputDevice *device, const char *name)
{
	if (name != NULL && !g_str_equal(name, device->config->name))
		return;
	if (device->task.deadline_id != 0 && device->task.target == NULL)
		try_observe(device);
	else
		look_later(device);
}

static void on_news(InputNews news, const char *name, gpointer data)
{
	if (news == INPUT_NEWS_DEVICES)
		on_devices(data, name);
	else if (news == INPUT_NEWS_GUEST)
		on_guest(data, name);
}

/* -- making and freeing ----------------------------------------------------------------------- */

static void input_free(Resource *resource)
{
	InputDevice *device = (InputDevice *)resource;

	device->system->ops->unwatch(device->system, device->watch);
	task_clear(&device->task);
	g_clear_handle_id(&device->look_id, g_source_remove);
	g_free(device->at);
	g_free(device);
}

Resource *device_via_input_new(
	InputSystem *system, const ConfigDevice *config, GPtrArray *guests, guint ready_ms)
{
	static const ResourceOps ops = {
		.serves = input_serves,
		.check = input_check,
		.observe = input_observe,
		.apply = input_apply,
		.free = input_free,
	};
	InputDevice *device = g_new0(InputDevice, 1);

	device->resource.ops = &ops;
	device->resource.kind = RESOURCE_DEVICE;
	device->resource.name = g_strdup(config->name);
	device->resource.optional = config->optional;
	device->system = system;
	device->config = config;
	device->guests = guests;
	device->ready_ms = ready_ms;
	device->watch = system->ops->watch(system, on_news, device);
	return &device->resource;
}
