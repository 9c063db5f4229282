/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/monitors.h"

#include "common/error.h"
#include "display/ddc.h"
#include "find/connectors.h"

#include <string.h>

/* A monitor that is slow, and a bus that another program has locked. */
#define DEADLINE_US (20 * G_TIME_SPAN_SECOND)
#define EDID_TRIES  3

/* ms between attempts: some need a moment to wake up, many answer garbage now and then */
static const guint backoff_ms[] = { 40, 100, 250, 0 };

/* One bus. Owned by its thread and by the look that started it, whoever is done last. */
typedef struct {
	gatomicrefcount refs;
	const Machine *machine; /* outlives every thread: there is one, or a test waits for all */
	GAsyncQueue *done;	/* where the probe goes when it is over */
	int bus;
	gboolean want_capabilities;
	gboolean found; /* there is a monitor */
	FoundMonitor monitor;
	GError *error; /* why the bus could not be used */
} Probe;

static void monitor_clear(FoundMonitor *monitor)
{
	g_free(monitor->connector);
	g_free(monitor->trouble);
}

static void monitor_free(gpointer data)
{
	monitor_clear(data);
	g_free(data);
}

static void refused_free(gpointer data)
{
	RefusedBus *refused = data;

	g_error_free(refused->error);
	g_free(refused);
}

static void refuse(GPtrArray *refused, int bus, const GError *error)
{
	RefusedBus *one = g_new0(RefusedBus, 1);

	one->bus = bus;
	one->error = g_error_copy(error);
	g_ptr_array_add(refused, one);
}

static void probe_unref(gpointer data)
{
	Probe *probe = data;

	if (!g_atomic_ref_count_dec(&probe->refs))
		return;
	g_async_queue_unref(probe->done);
	monitor_clear(&probe->monitor);
	g_clear_error(&probe->error);
	g_free(probe);
}

/* -- asking, on a thread for each bus --------------------------------------------------------- */

static gboolean read_edid(DdcTalk *talk, Edid *edid)
{
	for (int i = 0; i < EDID_TRIES; i++) {
		g_autoptr(GError) error = NULL;

		if (ddc_read_edid(talk, edid, &error))
			return TRUE;
		/* nobody there: no need to ask again */
		if (!g_error_matches(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED))
			return FALSE;
	}
	return FALSE;
}

static void read_input(DdcTalk *talk, FoundMonitor *monitor)
{
	I2cSystem *system = talk->port->system;
	gint64 start = system->ops->now_us(system);
	g_autoptr(GError) error = NULL;
	guint8 value;

	monitor->answers = TRUE;
	if (ddc_get(talk, &value, backoff_ms, &error)) {
		monitor->input = value;
	} else {
		/* that it does not have the feature is an answer */
		monitor->answers = g_error_matches(error, HOTSEAT_ERROR, HOTSEAT_ERROR_UNSUPPORTED);
		monitor->trouble = g_strdup(error->message);
	}
	monitor->answer_ms = (double)(system->ops->now_us(system) - start) / 1000;
}

static void read_capabilities(DdcTalk *talk, FoundMonitor *monitor)
{
	gboolean truncated;
	g_autofree char *text = ddc_capabilities(talk, backoff_ms, &truncated, NULL);

	if (text == NULL)
		return;
	monitor->described = TRUE;
	capabilities_parse(text, strlen(text), &monitor->capabilities);
}

static void ask(Probe *probe, DdcTalk *talk)
{
	FoundMonitor *monitor = &probe->monitor;

	probe->found = read_edid(talk, &monitor->edid);
	if (!probe->found)
		return;
	read_input(talk, monitor);
	if (monitor->answers && probe->want_capabilities)
		read_capabilities(talk, monitor);
}

/* What is asked of a monitor that is not known yet. */
static const VcpFeature input_select = { CONFIG_FEATURE_INPUT, CONFIG_SOURCE_ADDRESS };

static gpointer probe_run(gpointer data)
{
	Probe *probe = data;
	DdcPort port = { .system = probe->machine->i2c, .bus = probe->bus };
	g_autoptr(GCancellable) cancel = g_cancellable_new();
	DdcTalk talk;

	if (ddc_open(&talk, &port, &input_select, cancel, &probe->error)) {
		ask(probe, &talk);
		ddc_close(&talk);
	}
	g_async_queue_push(probe->done, probe);
	probe_unref(probe);
	return NULL;
}

static Probe *probe_start(const Machine *machine, int bus, gboolean capabilities, GAsyncQueue *done)
{
	Probe *probe = g_new0(Probe, 1);

	g_atomic_ref_count_init(&probe->refs);
	g_atomic_ref_count_inc(&probe->refs);
	probe->machine = machine;
	probe->done = g_async_queue_ref(done);
	probe->bus = probe->monitor.bus = bus;
	probe->monitor.input = -1;
	probe->want_capabilities = capabilities;
	g_thread_unref(g_thread_new("probe", probe_run, probe));
	return probe;
}

/* -- collecting ------------------------------------------------------------------------------- */

static void take_monitor(const Machine *machine, Probe *probe, GPtrArray *monitors)
{
	FoundMonitor *monitor = g_memdup2(&probe->monitor, sizeof probe->monitor);

	probe->monitor.trouble = NULL;
	monitor->connector = machine->i2c->ops->connector(machine->i2c, probe->bus);
	g_ptr_array_add(monitors, monitor);
}

/* probes: that have not come back */
static void refuse_hanging(GPtrArray *probes, GPtrArray *refused)
{
	for (guint i = 0; i < probes->len; i++) {
		const Probe *probe = probes->pdata[i];
		g_autoptr(GError) error = g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT,
			"the bus /dev/i2c-%d does not answer within %d s", probe->bus,
			(int)(DEADLINE_US / G_TIME_SPAN_SECOND));

		refuse(refused, probe->bus, error);
	}
}

static void collect(const Machine *machine, GArray *buses, gboolean capabilities,
	GPtrArray *monitors, GPtrArray *refused, MachineProgress progress, gpointer data)
{
	g_autoptr(GAsyncQueue) done = g_async_queue_new();
	g_autoptr(GPtrArray) probes = g_ptr_array_new_with_free_func(probe_unref);
	g_autoptr(GPtrArray) waiting = NULL;
	gint64 deadline = g_get_monotonic_time() + DEADLINE_US;

	for (guint i = 0; i < buses->len; i++)
		g_ptr_array_add(probes,
			probe_start(machine, g_array_index(buses, int, i), capabilities, done));
	waiting = g_ptr_array_copy(probes, NULL, NULL);
	g_ptr_array_set_free_func(waiting, NULL);
	for (guint i = 0; i < probes->len; i++) {
		gint64 left = deadline - g_get_monotonic_time();
		Probe *probe;

		progress("asking the monitors, buses", i, probes->len, data);
		probe = g_async_queue_timeout_pop(done, (guint64)MAX(left, 0));
		if (probe == NULL)
			break;
		if (probe->found)
			take_monitor(machine, probe, monitors);
		else if (probe->error != NULL)
			refuse(refused, probe->bus, probe->error);
		g_ptr_array_remove(waiting, probe);
	}
	refuse_hanging(waiting, refused);
	progress("asking the monitors, buses", probes->len, probes->len, data);
}

static void mark_twins(GPtrArray *monitors)
{
	for (guint i = 0; i < monitors->len; i++)
		for (guint j = 0; j < monitors->len; j++) {
			FoundMonitor *monitor = monitors->pdata[i];
			const FoundMonitor *other = monitors->pdata[j];

			monitor->twin |= i != j && edid_equal(&monitor->edid, &other->edid);
		}
}

/* The one of the list that a connector leads to, or NULL. */
static FoundMonitor *find_monitor(GPtrArray *monitors, const Connector *connector)
{
	for (guint i = 0; i < monitors->len; i++) {
		FoundMonitor *monitor = monitors->pdata[i];

		if (monitor->connector != NULL ? g_str_equal(monitor->connector, connector->name)
					       : edid_equal(&monitor->edid, &connector->edid))
			return monitor;
	}
	return NULL;
}

static const char *first_refusal(const GPtrArray *refused)
{
	return ((const RefusedBus *)refused->pdata[0])->error->message;
}

static const char *why_not_asked(const Connector *connector, GArray *buses, GPtrArray *refused)
{
	if (connector->panel)
		return "a laptop's own panel";
	if (refused->len > 0)
		return first_refusal(refused);
	if (buses->len == 0)
		return "there are no I2C buses to ask it on; load the driver: sudo modprobe "
		       "i2c-dev";
	return "none of the I2C buses leads to it";
}

/* Adds what the graphics cards know. */
static void merge_connectors(
	const Machine *machine, GArray *buses, GPtrArray *refused, GPtrArray *monitors)
{
	g_autoptr(GPtrArray) connectors = connectors_look(machine->sysfs);

	for (guint i = 0; i < connectors->len; i++) {
		const Connector *connector = connectors->pdata[i];
		FoundMonitor *monitor = find_monitor(monitors, connector);

		if (monitor == NULL) {
			monitor = g_new0(FoundMonitor, 1);
			monitor->bus = monitor->input = -1;
			monitor->edid = connector->edid;
			monitor->trouble = g_strdup(why_not_asked(connector, buses, refused));
			g_ptr_array_add(monitors, monitor);
		}
		if (monitor->connector == NULL)
			monitor->connector = g_strdup(connector->name);
		monitor->panel = connector->panel;
	}
}

static void add_remarks(GArray *buses, GPtrArray *refused, GPtrArray *remarks)
{
	if (buses->len == 0)
		g_ptr_array_add(remarks,
			g_strdup("no I2C bus that a monitor could be on; load the driver: sudo "
				 "modprobe i2c-dev"));
	else if (refused->len == 1)
		g_ptr_array_add(remarks, g_strdup(first_refusal(refused)));
	else if (refused->len > 1)
		g_ptr_array_add(
			remarks, g_strdup_printf("%u I2C buses could not be asked. The first: %s",
					 refused->len, first_refusal(refused)));
}

/* Those without a bus behind the others. */
static gint by_bus(gconstpointer a, gconstpointer b)
{
	const FoundMonitor *const *x = a, *const *y = b;

	if (((*x)->bus < 0) != ((*y)->bus < 0))
		return (*x)->bus < 0 ? 1 : -1;
	if ((*x)->bus >= 0)
		return (*x)->bus - (*y)->bus;
	return strcmp((*x)->connector, (*y)->connector);
}

GPtrArray *monitors_look_closely(const Machine *machine, gboolean capabilities, GPtrArray **refused,
	GPtrArray *remarks, MachineProgress progress, gpointer data)
{
	GPtrArray *monitors = g_ptr_array_new_with_free_func(monitor_free);
	g_autoptr(GArray) buses = machine->i2c->ops->list(machine->i2c);

	*refused = g_ptr_array_new_with_free_func(refused_free);
	collect(machine, buses, capabilities, monitors, *refused, progress, data);
	merge_connectors(machine, buses, *refused, monitors);
	if (remarks != NULL)
		add_remarks(buses, *refused, remarks);
	mark_twins(monitors);
	g_ptr_array_sort(monitors, by_bus);
	return monitors;
}

GPtrArray *monitors_look(const Machine *machine, gboolean capabilities, GPtrArray *remarks,
	MachineProgress progress, gpointer data)
{
	g_autoptr(GPtrArray) refused = NULL;

	return monitors_look_closely(machine, capabilities, &refused, remarks, progress, data);
}

gboolean monitor_read_input(const Machine *machine, int bus, guint8 *input, GError **error)
{
	DdcPort port = { .system = machine->i2c, .bus = bus };
	g_autoptr(GCancellable) cancel = g_cancellable_new();
	DdcTalk talk;
	gboolean good;

	if (!ddc_open(&talk, &port, &input_select, cancel, error))
		return FALSE;
	good = ddc_get(&talk, input, backoff_ms, error);
	ddc_close(&talk);
	return good;
}

gboolean found_monitor_fits(const FoundMonitor *monitor, const MonitorMatch *match)
{
	if (match->bus >= 0)
		return monitor->bus == match->bus;
	if (match->connector != NULL &&
		(monitor->connector == NULL ||
			g_ascii_strcasecmp(monitor->connector, match->connector) != 0))
		return FALSE;
	return edid_matches(&monitor->edid, match);
}

char *found_monitor_label(const FoundMonitor *monitor)
{
	g_autofree char *name = edid_describe(&monitor->edid);

	if (monitor->bus >= 0 && monitor->connector != NULL)
		return g_strdup_printf(
			"%s on %s (/dev/i2c-%d)", name, monitor->connector, monitor->bus);
	if (monitor->bus >= 0)
		return g_strdup_printf("%s on /dev/i2c-%d", name, monitor->bus);
	return g_strdup_printf("%s on %s", name, monitor->connector);
}
