/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/display.h"

#include "common/error.h"
#include "display/job.h"
#include "display/private.h"
#include "display/registry.h"

typedef struct Display Display;

typedef enum {
	PRESENCE_UNKNOWN,
	PRESENT,
	MISSING,
} Presence;

/* An observe or apply under way. Runs on a bus as a Job; on another one when the monitor has moved
 * meanwhile. */
typedef struct {
	gboolean active;
	char *target;	      /* NULL: observe */
	gboolean once;	      /* observe: ask once, on the bus that is known */
	GCancellable *cancel; /* fires with the caller's, and when the display is freed */
	GCancellable *outer;
	gulong handler;
	ResourceDone done;
	gpointer data;
	gboolean waiting; /* for a scan */
	gboolean scanned; /* there was one for this use */
	guint idle;	  /* source: there is no bus to ask once on */
	int bus;	  /* that was tried last; -1: none yet */
	GArray *tried;	  /* int: the buses of its cables that were tried since the last scan */
	int good_bus;	  /* that it was reached over; -1: none */
	gboolean written; /* a value was */
	GError *error;	  /* of the first of those tries */
} Use;

struct Display {
	Resource resource;
	MonitorRegistry *registry;
	const ConfigDisplay *config;
	gboolean reads_alike; /* several inputs read as the same: reading tells nothing */
	gboolean reads_zero;  /* one of them reads as 0x00 */
	Shown shown;
	LastCable last_cable; /* over which it was reached */
	gboolean has_edid;
	Edid edid;  /* of the monitor that the last use met */
	char *last; /* the target last applied */
	Presence presence;
	gboolean failed; /* the last use; a new look at the buses is worth another */
	Use use;
	DisplayJob *job; /* on its lane, or NULL */
};

static gboolean display_serves(Resource *resource, const char *target)
{
	Display *display = (Display *)resource;

	return g_hash_table_contains(display->config->inputs, target);
}

static gboolean display_present(Display *display, GError **error)
{
	I2cSystem *system = monitor_registry_system(display->registry);
	int bus = monitor_registry_find(
		display->registry, &display->config->match, &display->last_cable, error);

	return bus >= 0 && system->ops->check(system, bus, error);
}

static gboolean display_check(Resource *resource, const char *target, GError **error)
{
	Display *display = (Display *)resource;

	if (display->config->match.bus < 0 && !monitor_registry_scanned(display->registry))
		return TRUE;
	return display_present(display, error);
}

/* The target whose input shows; the one last applied when several have the same. */
static const char *target_shown(const Display *display)
{
	GHashTable *inputs = display->config->inputs;
	GHashTableIter iter;
	gpointer target, input;

	if (display->shown.input < 0)
		return NULL;
	if (display->last != NULL) {
		input = g_hash_table_lookup(inputs, display->last);
		if (input != NULL && show_reads_as(input) == display->shown.input)
			return display->last;
	}
	g_hash_table_iter_init(&iter, inputs);
	while (g_hash_table_iter_next(&iter, &target, &input))
		if (show_reads_as(input) == display->shown.input)
			return target;
	return NULL;
}

static char *describe_shown(Display *display, int bus, const char *at, gboolean written)
{
	const Shown *shown = &display->shown;
	const ConfigInput *input =
		at != NULL ? g_hash_table_lookup(display->config->inputs, at) : NULL;
	g_autofree char *label = NULL;
	const char *note = "";

	if (bus < 0)
		return NULL;
	if (shown->input < 0)
		return g_strdup_printf("/dev/i2c-%d; the monitor does not tell what it shows", bus);
	label = show_label(
		display->config->feature.code, input != NULL ? input->value : shown->input);
	if (input == NULL)
		note = ", which is no target's input";
	else if (shown->mute)
		note = "; the monitor does not tell whether it shows it";
	else if (shown->unreliable)
		note = "; written, not confirmed: what the monitor reports is not reliable";
	else if (!shown->confirmed && written)
		note = "; written, not confirmed: the monitor does not answer";
	else if (!shown->confirmed)
		note = "; written before, not confirmed: the monitor does not answer";
	return g_strdup_printf("%s on /dev/i2c-%d%s", label, bus, note);
}

static char *describe(Display *display, int bus, const char *at, gboolean written)
{
	g_autofree char *cables = monitor_registry_describe_cables(display->registry, bus);
	g_autofree char *shown = describe_shown(display, bus, at, written);

	return cables != NULL && shown != NULL ? g_strdup_printf("%s; it has %s", shown, cables)
					       : g_steal_pointer(&shown);
}

static void use_clear(Use *use)
{
	g_clear_handle_id(&use->idle, g_source_remove);
	if (use->outer != NULL)
		g_cancellable_disconnect(use->outer, use->handler);
	g_clear_object(&use->outer);
	g_clear_object(&use->cancel);
	g_clear_error(&use->error);
	g_clear_pointer(&use->tried, g_array_unref);
	g_free(use->target);
	*use = (Use){ .bus = -1, .good_bus = -1 };
}

/* After these errors it is known all the same where the display is. */
static gboolean still_known(const GError *error)
{
	return error == NULL || g_error_matches(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NOT_FOLLOWED) ||
	       g_error_matches(error, HOTSEAT_ERROR, HOTSEAT_ERROR_CANCELLED);
}

/* Takes error. */
static void finish(Display *display, GError *error)
{
	gboolean written = display->use.written;
	int bus = display->use.good_bus >= 0 ? display->use.good_bus : display->use.bus;
	g_autoptr(GError) why = error;
	const char *at = still_known(why) ? target_shown(display) : NULL;
	g_autofree char *detail = still_known(why) ? describe(display, bus, at, written) : NULL;
	ResourceResult result = { .at = at, .detail = detail, .changed = written, .error = why };
	ResourceDone done = display->use.done;
	gpointer data = display->use.data;

	display->failed = !still_known(why);
	use_clear(&display->use);
	done(&display->resource, &result, data);
}

/* Errors that a monitor shows which is on another bus by now. */
static gboolean may_have_moved(const GError *error)
{
	return g_error_matches(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_BUS) ||
	       g_error_matches(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_MONITOR) ||
	       g_error_matches(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER);
}

static void run_on(Display *display, int number);

static void wait_for_scan(Display *display)
{
	display->use.waiting = TRUE;
	display->use.scanned = TRUE;
	monitor_registry_scan(display->registry);
}

/* A monitor may be deaf on one cable and hear on the other: the host's card has one, and the
 * guest's, when the guest does not have it. */
static gboolean try_other_cable(Display *display, const DisplayJob *job)
{
	Use *use = &display->use;
	gboolean sure =
		job->error == NULL && (job->shown.confirmed || show_cannot_tell(&job->shown));
	int bus;

	if (use->once || sure || g_cancellable_is_cancelled(use->cancel) ||
		(job->error != NULL && !may_have_moved(job->error)))
		return FALSE;
	bus = monitor_registry_other_cable(display->registry, use->tried);
	if (bus >= 0)
		run_on(display, bus);
	return bus >= 0;
}

static void take_result(Display *display, const DisplayJob *job)
{
	Use *use = &display->use;

	display->shown = job->shown;
	if (job->has_edid) {
		display->has_edid = TRUE;
		display->edid = job->edid;
	}
	use->written |= job->written;
	if (still_known(job->error)) {
		use->good_bus = use->bus;
		g_clear_error(&use->error);
	}
	if (job->error == NULL)
		last_cable_set(&display->last_cable, display->registry, use->bus);
	else if (use->error == NULL && (use->good_bus < 0 || still_known(job->error)))
		use->error = g_error_copy(job->error);
}

static void on_job(const DisplayJob *job, gpointer data)
{
	Display *display = data;
	Use *use = &display->use;

	display->job = NULL;
	take_result(display, job);
	if (try_other_cable(display, job))
		return;
	if (may_have_moved(use->error) && display->config->match.bus < 0 && !use->scanned &&
		!use->once && !g_cancellable_is_cancelled(use->cancel)) {
		wait_for_scan(display);
		return;
	}
	finish(display, g_steal_pointer(&use->error));
}

static void run_on(Display *display, int number)
{
	MonitorBus *bus = monitor_registry_bus(display->registry, number);
	Use *use = &display->use;
	DisplayJob *job = display_job_new(bus, use->cancel);
	const Edid *edid = monitor_registry_edid(display->registry, number);

	use->bus = number;
	g_array_append_val(use->tried, number);
	if (display->config->match.bus < 0 && edid != NULL) {
		job->expects = TRUE;
		job->edid = *edid;
	}
	job->feature = display->config->feature;
	job->shown = display->shown;
	job->once = use->once;
	job->shown.zero_counts = display->reads_zero;
	if (display->reads_alike)
		job->shown.mute = TRUE;
	if (use->target != NULL) {
		job->apply = TRUE;
		job->input = *(const ConfigInput *)g_hash_table_lookup(
			display->config->inputs, use->target);
	}
	display->job = job;
	display_job_start(job, on_job, display);
}

static gboolean was_tried(const Use *use, int bus)
{
	for (guint i = 0; i < use->tried->len; i++)
		if (g_array_index(use->tried, int, i) == bus)
			return TRUE;
	return FALSE;
}

/* The scan that a use waited for is over: goes on where the monitor is now. */
static void resume(Display *display)
{
	Use *use = &display->use;
	g_autoptr(GError) error = NULL;
	int bus = monitor_registry_find(
		display->registry, &display->config->match, &display->last_cable, &error);

	use->waiting = FALSE;
	if (bus >= 0 && !was_tried(use, bus)) {
		g_clear_error(&use->error);
		g_array_set_size(use->tried, 0);
		run_on(display, bus);
	} else if (bus >= 0) {
		finish(display, g_steal_pointer(&use->error));
	} else {
		finish(display, g_steal_pointer(&error));
	}
}

static void on_scanned(gboolean fresh, gpointer data)
{
	Display *display = data;
	g_autoptr(GError) error = NULL;
	Presence before = display->presence;
	gboolean back;
	ResourceResult result = { 0 };

	display->presence = display_present(display, &error) ? PRESENT : MISSING;
	back = before == MISSING || (fresh && display->failed);
	result.error = error;
	if (display->use.waiting)
		resume(display);
	else if (before == PRESENT && display->presence == MISSING)
		resource_changed(&display->resource, RESOURCE_GONE, &result);
	else if (back && display->presence == PRESENT)
		resource_changed(&display->resource, RESOURCE_APPEARED, &result);
}

static void outer_cancelled(GCancellable *outer, gpointer data)
{
	g_cancellable_cancel(data);
}

/* Looking again and again is no reason to scan: what comes back is reported by the system. */
static gboolean on_nowhere(gpointer data)
{
	Display *display = data;
	GError *error = NULL;

	display->use.idle = 0;
	monitor_registry_find(
		display->registry, &display->config->match, &display->last_cable, &error);
	finish(display, error);
	return G_SOURCE_REMOVE;
}

static void use_start(Display *display, const char *target, GCancellable *cancel, ResourceDone done,
	gpointer data)
{
	Use *use = &display->use;
	int bus;

	g_return_if_fail(!use->active);
	use->active = TRUE;
	use->target = g_strdup(target);
	use->done = done;
	use->data = data;
	use->cancel = g_cancellable_new();
	use->tried = g_array_new(FALSE, FALSE, sizeof(int));
	if (cancel != NULL) {
		use->outer = g_object_ref(cancel);
		use->handler = g_cancellable_connect(
			cancel, G_CALLBACK(outer_cancelled), use->cancel, NULL);
	}
	bus = monitor_registry_find(
		display->registry, &display->config->match, &display->last_cable, NULL);
	if (bus >= 0)
		run_on(display, bus);
	else if (use->once)
		use->idle = g_idle_add(on_nowhere, display);
	else
		wait_for_scan(display);
}

static void display_observe(Resource *resource, ResourceDone done, gpointer data)
{
	use_start((Display *)resource, NULL, NULL, done, data);
}

void display_glance(Resource *resource, ResourceDone done, gpointer data)
{
	Display *display = (Display *)resource;

	display->use.once = TRUE;
	use_start(display, NULL, NULL, done, data);
}

static void display_apply(Resource *resource, const char *target, GCancellable *cancel,
	ResourceDone done, gpointer data)
{
	Display *display = (Display *)resource;

	g_free(display->last);
	display->last = g_strdup(target);
	use_start(display, target, cancel, done, data);
}

/* -- for the ladder --------------------------------------------------------------------------- */

const ConfigDisplay *display_config(Resource *resource)
{
	return ((Display *)resource)->config;
}

const Shown *display_shown(Resource *resource)
{
	return &((Display *)resource)->shown;
}

const char *display_target(Resource *resource)
{
	return target_shown((const Display *)resource);
}

const Edid *display_edid(Resource *resource)
{
	Display *display = (Display *)resource;

	return display->has_edid ? &display->edid : NULL;
}

void display_believe(Resource *resource, const char *target)
{
	Display *display = (Display *)resource;

	show_believe(&display->shown, g_hash_table_lookup(display->config->inputs, target));
	g_free(display->last);
	display->last = g_strdup(target);
}

/* -- from start to end ------------------------------------------------------------------------ */

static void display_free(Resource *resource)
{
	Display *display = (Display *)resource;

	monitor_registry_leave(display->registry, display);
	if (display->use.cancel != NULL)
		g_cancellable_cancel(display->use.cancel);
	if (display->job != NULL)
		display_job_forget(display->job);
	use_clear(&display->use);
	last_cable_clear(&display->last_cable);
	g_free(display->last);
	g_free(display);
}

static gboolean inputs_read_alike(GHashTable *inputs)
{
	int values[256];
	GHashTableIter iter;
	gpointer value;

	for (guint i = 0; i < G_N_ELEMENTS(values); i++)
		values[i] = -1;
	g_hash_table_iter_init(&iter, inputs);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const ConfigInput *input = value;
		int *seen = &values[show_reads_as(input)];

		if (*seen >= 0 && *seen != input->value)
			return TRUE;
		*seen = input->value;
	}
	return FALSE;
}

static gboolean inputs_read_zero(GHashTable *inputs)
{
	GHashTableIter iter;
	gpointer input;

	g_hash_table_iter_init(&iter, inputs);
	while (g_hash_table_iter_next(&iter, NULL, &input))
		if (show_reads_as(input) == 0)
			return TRUE;
	return FALSE;
}

Resource *display_new(MonitorRegistry *registry, const ConfigDisplay *config)
{
	static const ResourceOps ops = {
		.serves = display_serves,
		.check = display_check,
		.observe = display_observe,
		.apply = display_apply,
		.free = display_free,
	};
	Display *display = g_new0(Display, 1);

	display->resource.ops = &ops;
	display->resource.kind = RESOURCE_DISPLAY;
	display->resource.name = g_strdup(config->name);
	display->resource.optional = config->optional;
	display->registry = registry;
	display->config = config;
	display->reads_alike = inputs_read_alike(config->inputs);
	display->reads_zero = inputs_read_zero(config->inputs);
	display->shown = SHOWN_UNKNOWN;
	display->use.bus = display->use.good_bus = -1;
	display->last_cable = LAST_CABLE_NONE;
	if (config->match.bus >= 0)
		display->presence = display_present(display, NULL) ? PRESENT : MISSING;
	monitor_registry_join(registry, config->match.bus < 0, on_scanned, display);
	return &display->resource;
}
