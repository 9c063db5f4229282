/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/display.h"

#include "common/error.h"
#include "display/inside.h"

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

/* Errors after which the display's place is still known. */
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
	const char *at = still_known(why) ? display_target_shown(display) : NULL;
	g_autofree char *detail =
		still_known(why) ? display_describe_shown(display, bus, at, written) : NULL;
	g_autofree char *full =
		detail != NULL && display->use.also
			? g_strconcat(detail, "; the features under \"also\" are set too", NULL)
			: NULL;
	ResourceResult result = {
		.at = at,
		.detail = full != NULL ? full : detail,
		.changed = written,
		.error = why,
	};
	ResourceDone done = display->use.done;
	gpointer data = display->use.data;

	display->failed = !still_known(why);
	display_settle_later(display, why == NULL && written ? bus : -1);
	use_clear(&display->use);
	done(&display->resource, &result, data);
}

/* Errors that occur if the monitor is on another bus now. */
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

/* A monitor may accept commands only over one of its cables: one to the host's card, and one to the
 * guest's card while the guest does not have it. */
static gboolean try_other_cable(Display *display, const DisplayJob *job)
{
	Use *use = &display->use;
	gboolean sure =
		job->error == NULL && (job->shown.confirmed || show_is_unreliable(&job->shown));
	int bus;

	if (use->once || sure || g_cancellable_is_cancelled(use->cancel) ||
		(job->error != NULL && !may_have_moved(job->error)))
		return FALSE;
	bus = monitor_registry_other_cable(display->registry, use->tried);
	if (bus >= 0)
		run_on(display, bus);
	return bus >= 0;
}

/* What to do about a report that did not follow the write. */
static void advise_reading(const Display *display, GError *error)
{
	const char *target = display->use.target;
	g_autofree char *message = g_steal_pointer(&error->message);
	int reading = display->shown.input;

	if (show_is_of_another(display->config->inputs, target, reading))
		error->message = g_strdup_printf(
			"%s; check that %s sends a picture to that input", message, target);
	else
		error->message = g_strdup_printf(
			"%s; if the picture did change, add \"reads_as: {%s: 0x%02x}\" to this "
			"display",
			message, target, (guint)reading);
}

static void take_error(Display *display, const GError *error)
{
	Use *use = &display->use;

	use->error = g_error_copy(error);
	if (use->target != NULL &&
		g_error_matches(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NOT_FOLLOWED))
		advise_reading(display, use->error);
}

static void take_result(Display *display, const DisplayJob *job)
{
	Use *use = &display->use;

	display->shown = job->shown;
	display->reply_ms = job->reply_ms;
	if (job->has_edid) {
		display->has_edid = TRUE;
		display->edid = job->edid;
		display_recall(display);
	}
	display_learn(display);
	use->written |= job->written || job->also_written;
	if (job->also_written) {
		use->also = TRUE;
		g_free(display->also_target);
		display->also_target = g_strdup(use->target);
	}
	if (still_known(job->error)) {
		use->good_bus = use->bus;
		g_clear_error(&use->error);
	}
	if (job->error == NULL)
		last_cable_set(&display->last_cable, display->registry, use->bus);
	else if (use->error == NULL && (use->good_bus < 0 || still_known(job->error)))
		take_error(display, job->error);
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

/* The further features to write for the target, unless the last write did that already; NULL: none.
 */
static GArray *further_features(const Display *display, const char *target)
{
	const GPtrArray *all = display->config->also;
	GArray *features;

	if (all == NULL || g_strcmp0(display->also_target, target) == 0)
		return NULL;
	features = g_array_new(FALSE, FALSE, sizeof(FeatureValue));
	for (guint i = 0; i < all->len; i++) {
		const ConfigAlso *also = all->pdata[i];
		FeatureValue one = { .feature = also->feature };
		gpointer value;

		if (!g_hash_table_lookup_extended(also->values, target, NULL, &value))
			continue;
		one.value = (guint16)GPOINTER_TO_UINT(value);
		g_array_append_val(features, one);
	}
	return features;
}

static void run_on(Display *display, int number)
{
	MonitorBus *bus = monitor_registry_bus(display->registry, number);
	Use *use = &display->use;
	const Edid *edid = monitor_registry_edid(display->registry, number);
	DisplayJob *job;

	if (edid != NULL) {
		display->has_edid = TRUE;
		display->edid = *edid;
		display_recall(display);
	}
	job = display_new_job(display, bus, use->cancel);

	use->bus = number;
	g_array_append_val(use->tried, number);
	if (display->config->match.bus < 0 && edid != NULL) {
		job->expects = TRUE;
		job->edid = *edid;
	}
	job->once = use->once;
	if (use->target != NULL) {
		job->apply = TRUE;
		job->also = further_features(display, use->target);
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

/* The scan for which a use waited has ended: continues on the bus where the monitor is now. */
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

/* Repeated looks do not start scans: the system reports monitors that come back. */
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
	display_settle_forget(display);
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

void display_observe_once(Resource *resource, ResourceDone done, gpointer data)
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
	return display_target_shown((const Display *)resource);
}

gboolean display_owes_features(Resource *resource, const char *target)
{
	g_autoptr(GArray) features = further_features((Display *)resource, target);

	return features != NULL && features->len > 0;
}

const Edid *display_edid(Resource *resource)
{
	Display *display = (Display *)resource;

	return display->has_edid ? &display->edid : NULL;
}

const MonitorModel *display_model(Resource *resource)
{
	return ((Display *)resource)->model;
}

void display_assume(Resource *resource, const char *target)
{
	Display *display = (Display *)resource;

	shown_assume(&display->shown, g_hash_table_lookup(display->config->inputs, target));
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
	display_settle_forget(display);
	g_object_unref(display->settle_cancel);
	if (display->job != NULL)
		display_job_forget(display->job);
	use_clear(&display->use);
	last_cable_clear(&display->last_cable);
	g_free(display->also_target);
	g_free(display->last);
	g_free(display);
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
	display_look_at_inputs(display);
	display->shown = SHOWN_UNKNOWN;
	display->settle_cancel = g_cancellable_new();
	display->use.bus = display->use.good_bus = -1;
	display->last_cable = LAST_CABLE_NONE;
	if (config->match.bus >= 0)
		display->presence = display_present(display, NULL) ? PRESENT : MISSING;
	monitor_registry_join(registry, config->match.bus < 0, on_scanned, display);
	return &display->resource;
}
