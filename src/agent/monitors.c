/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/monitors.h"

#include "common/error.h"
#include "display/registry.h"

/* pauses before a value is sent again that was not acknowledged, in milliseconds; hotseatd waits 5
 * s in total */
static const guint backoff_ms[] = { 20, 50, 100, 200, 0 };

struct Monitors {
	I2cSystem *system;
	MonitorRegistry *registry;
	GQueue waiting; /* Errand *, those that wait for the end of a scan */
};

/* A request. */
typedef struct {
	Monitors *monitors;
	SetInput *request;
	GArray *buses; /* int: the buses that were not tried yet */
	MonitorsDone done;
	gpointer data;
} Errand;

/* A request at one bus. */
typedef struct {
	Errand *errand; /* NULL: it has continued on another bus */
	MonitorBus *bus;
	GCancellable *cancel;
	GError *error;
} Job;

static void errand_free(gpointer data)
{
	Errand *errand = data;

	if (errand == NULL)
		return;
	set_input_free(errand->request);
	g_array_unref(errand->buses);
	g_free(errand);
}

static void job_free(gpointer data)
{
	Job *job = data;

	errand_free(job->errand);
	monitor_bus_unref(job->bus);
	g_object_unref(job->cancel);
	g_clear_error(&job->error);
	g_free(job);
}

/* --- who it is --- */

typedef gboolean (*Fits)(const Edid *edid, const MonitorMatch *wanted);

static gboolean is_any(const Edid *edid, const MonitorMatch *wanted)
{
	return TRUE;
}

/* The EDID can differ between inputs: product code and serial may change, but the manufacturer does
 * not.
 */
static gboolean could_be(const Edid *edid, const MonitorMatch *wanted)
{
	return wanted->manufacturer != NULL &&
	       g_ascii_strcasecmp(wanted->manufacturer, edid->manufacturer) == 0;
}

/* Appends the buses whose monitor matches. */
static void find_buses(const Errand *errand, Fits fits, GArray *found)
{
	Monitors *monitors = errand->monitors;
	g_autoptr(GArray) buses = monitors->system->ops->list(monitors->system);

	for (guint i = 0; i < buses->len; i++) {
		int bus = g_array_index(buses, int, i);
		const Edid *edid = monitor_registry_edid(monitors->registry, bus);

		if (edid != NULL && fits(edid, &errand->request->monitor))
			g_array_append_val(found, bus);
	}
}

static void choose_buses(Errand *errand)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(int));

	/* an empty description would match every monitor */
	if (!set_input_describes(errand->request))
		return;
	find_buses(errand, edid_matches, errand->buses);
	find_buses(errand, is_any, all);
	if (errand->buses->len == 0 && all->len == 1)
		find_buses(errand, could_be, errand->buses);
}

/* Rewrites the bus's error for users who read it on the host. */
static GError *explain_bus(int bus, const GError *cause)
{
	const char *user = g_get_user_name();

	if (!g_error_matches(cause, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_PERMISSION))
		return g_error_copy(cause);
	return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_NO_PERMISSION,
		"%s has no permission to open /dev/i2c-%d in the guest; run there: `sudo usermod "
		"-aG i2c %s`, then log out and back in",
		user, bus, user);
}

/* Why no monitor was found: missing permissions or missing buses are likelier reasons than a
 * missing monitor. */
static GError *explain(const Errand *errand)
{
	I2cSystem *system = errand->monitors->system;
	g_autoptr(GArray) buses = system->ops->list(system);
	g_autofree char *label = set_input_label(errand->request);
	g_autoptr(GError) cause = NULL;

	for (guint i = 0; i < buses->len; i++) {
		int bus = g_array_index(buses, int, i);

		if (!system->ops->check(system, bus, &cause))
			return explain_bus(bus, cause);
	}
	if (!set_input_describes(errand->request))
		return g_error_new_literal(HOTSEAT_ERROR, HOTSEAT_ERROR_NO_MONITOR,
			"the host sent no EDID, and the agent sets only monitors that it can "
			"identify");
	if (buses->len == 0)
		return g_error_new_literal(HOTSEAT_ERROR, HOTSEAT_ERROR_NO_BUS,
			"the guest has no I2C bus for monitors; load the driver there: "
			"`sudo modprobe i2c-dev`");
	return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_NO_MONITOR,
		"the guest finds no monitor \"%s\"; check its cable", label);
}

/* --- setting it --- */

static void work(gpointer data)
{
	Job *job = data;
	const SetInput *request = job->errand->request;
	DdcTalk talk;

	if (!ddc_open(&talk, &job->bus->port, &request->feature, job->cancel, &job->error))
		return;
	ddc_set(&talk, request->value, backoff_ms, &job->error);
	ddc_close(&talk);
}

static void try_next(Errand *errand);

static void on_tried(gpointer data)
{
	Job *job = data;
	Errand *errand = job->errand;

	if (job->error == NULL || errand->buses->len == 0)
		errand->done(errand->request, job->error, errand->data);
	else
		try_next(g_steal_pointer(&job->errand));
}

/* Takes errand. */
static void try_next(Errand *errand)
{
	Job *job = g_new0(Job, 1);

	job->errand = errand;
	job->bus = monitor_bus_ref(monitor_registry_bus(
		errand->monitors->registry, g_array_index(errand->buses, int, 0)));
	job->cancel = g_cancellable_new();
	g_array_remove_index(errand->buses, 0);
	lane_push(job->bus->lane, work, on_tried, job, job_free);
}

/* Takes errand. */
static void begin(Errand *errand)
{
	g_autoptr(GError) error = NULL;

	choose_buses(errand);
	if (errand->buses->len > 0) {
		try_next(errand);
		return;
	}
	error = explain(errand);
	errand->done(errand->request, error, errand->data);
	errand_free(errand);
}

static void on_scanned(gboolean fresh, gpointer data)
{
	Monitors *monitors = data;

	/* called because buses have changed, not after a scan: ignore it */
	if (fresh)
		return;
	for (guint n = g_queue_get_length(&monitors->waiting); n > 0; n--)
		begin(g_queue_pop_head(&monitors->waiting));
}

Monitors *monitors_new(I2cSystem *system)
{
	Monitors *monitors = g_new0(Monitors, 1);

	monitors->system = system;
	monitors->registry = monitor_registry_new(system);
	g_queue_init(&monitors->waiting);
	monitor_registry_join(monitors->registry, FALSE, on_scanned, monitors);
	return monitors;
}

void monitors_free(Monitors *monitors)
{
	if (monitors == NULL)
		return;
	monitor_registry_leave(monitors->registry, monitors);
	monitor_registry_free(monitors->registry);
	g_queue_clear_full(&monitors->waiting, errand_free);
	g_free(monitors);
}

void monitors_set(Monitors *monitors, SetInput *request, MonitorsDone done, gpointer data)
{
	Errand *errand = g_new0(Errand, 1);

	errand->monitors = monitors;
	errand->request = request;
	errand->buses = g_array_new(FALSE, FALSE, sizeof(int));
	errand->done = done;
	errand->data = data;
	g_queue_push_tail(&monitors->waiting, errand);
	monitor_registry_scan(monitors->registry);
}
