/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/merge.h"

#include "common/error.h"

#include <string.h>

/* How long a bus that hangs, or that another program has locked (3 s), can delay the scan. */
#define DEADLINE_MS		 5000
#define CAPABILITIES_DEADLINE_MS 20000
#define EDID_TRIES		 3

/* Pauses between attempts in milliseconds: some monitors need a moment to wake up, and many send a
 * garbled reply now and then */
static const guint backoff_ms[] = { 40, 100, 250, 0 };

/* One bus, on its lane. */
typedef struct {
	Scan *scan; /* NULL: the scan has ended meanwhile; only for the main loop */
	MonitorBus *bus;
	ScanDepth depth;
	/* what the kernel knows of the bus's connector */
	gboolean has_known, sure; /* certain: nothing else can be on the bus */
	Edid known;
	gboolean may_be_nameless; /* the kernel knows a monitor whose bus it does not know */
	GCancellable *cancel;
	gboolean nameless;     /* a monitor answers whose EDID could not be read */
	FoundMonitor *monitor; /* NULL: none is there */
	GError *error;	       /* why the bus could not be used */
} Probe;

struct Scan {
	I2cSystem *system;
	ScanDepth depth;
	ScanProgress progress;
	ScanDone done;
	gpointer data;
	GPtrArray *connectors; /* Connector *, at the start */
	GPtrArray *nameless;   /* FoundMonitor * without an EDID */
	GPtrArray *probes;     /* Probe *, those that have not ended; owned by their lanes */
	ScanResult *result;
	GSource *timer;
};

static void refused_free(gpointer data)
{
	RefusedBus *refused = data;

	g_error_free(refused->error);
	g_free(refused);
}

static ScanResult *result_new(void)
{
	ScanResult *result = g_new0(ScanResult, 1);

	result->monitors = g_ptr_array_new_with_free_func(found_monitor_free);
	result->refused = g_ptr_array_new_with_free_func(refused_free);
	return result;
}

void scan_result_free(ScanResult *result)
{
	if (result == NULL)
		return;
	g_ptr_array_unref(result->monitors);
	g_ptr_array_unref(result->refused);
	g_clear_pointer(&result->connectors, g_ptr_array_unref);
	g_free(result);
}

static void refuse(ScanResult *result, int bus, const GError *error)
{
	RefusedBus *one = g_new0(RefusedBus, 1);

	one->bus = bus;
	one->error = g_error_copy(error);
	g_ptr_array_add(result->refused, one);
}

/* -- asking, on the bus's lane ---------------------------------------------------------------- */

static gboolean read_edid(DdcTalk *talk, Edid *edid)
{
	for (int i = 0; i < EDID_TRIES; i++) {
		g_autoptr(GError) error = NULL;

		if (ddc_read_edid(talk, edid, &error))
			return TRUE;
		/* no monitor: do not ask again */
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
		/* "no such feature" is an answer too */
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
	monitor->capabilities_text = g_steal_pointer(&text);
}

static FoundMonitor *monitor_new(int bus, const Edid *edid)
{
	FoundMonitor *monitor = g_new0(FoundMonitor, 1);

	monitor->bus = bus;
	monitor->edid = *edid;
	monitor->input = -1;
	return monitor;
}

/* Behind some DisplayPort hubs (MST) the EDID cannot be read, and DDC/CI works (ddcutil #585): the
 * monitor that answers there is the one that the kernel knows, or one of those whose bus it does
 * not know.
 */
static FoundMonitor *ask_without_edid(Probe *probe, DdcTalk *talk)
{
	static const Edid none;
	FoundMonitor *monitor;

	if (!probe->has_known && !probe->may_be_nameless)
		return NULL;
	monitor = monitor_new(talk->port->bus, probe->has_known ? &probe->known : &none);
	read_input(talk, monitor);
	if (!monitor->answers)
		g_clear_pointer(&monitor, found_monitor_free);
	probe->nameless = monitor != NULL && !probe->has_known;
	return monitor;
}

static FoundMonitor *ask(Probe *probe, DdcTalk *talk)
{
	FoundMonitor *monitor;
	Edid edid = probe->known;

	if (!probe->sure && !read_edid(talk, &edid)) {
		monitor = ask_without_edid(probe, talk);
	} else {
		monitor = monitor_new(talk->port->bus, &edid);
		if (probe->depth >= SCAN_INPUT)
			read_input(talk, monitor);
	}
	if (probe->depth >= SCAN_CAPABILITIES && monitor != NULL && monitor->answers)
		read_capabilities(talk, monitor);
	return monitor;
}

static void probe_work(gpointer data)
{
	static const VcpFeature feature = { CONFIG_FEATURE_INPUT, CONFIG_SOURCE_ADDRESS };
	Probe *probe = data;
	DdcTalk talk;

	if (probe->sure && probe->depth == SCAN_IDENTITY) {
		/* nothing to ask */
		probe->monitor = monitor_new(probe->bus->port.bus, &probe->known);
	} else {
		if (!ddc_open(&talk, &probe->bus->port, &feature, probe->cancel, &probe->error))
			return;
		probe->monitor = ask(probe, &talk);
		ddc_close(&talk);
	}
	if (probe->monitor == NULL || probe->nameless)
		return;
	/* the time that another monitor needed does not apply to this one */
	if (probe->bus->has_edid && !edid_equal(&probe->bus->edid, &probe->monitor->edid))
		probe->bus->port.reply_ms = 0;
	probe->bus->edid = probe->monitor->edid;
	probe->bus->has_edid = TRUE;
}

static void probe_free(gpointer data)
{
	Probe *probe = data;

	if (probe->monitor != NULL)
		found_monitor_free(probe->monitor);
	g_clear_error(&probe->error);
	monitor_bus_unref(probe->bus);
	g_object_unref(probe->cancel);
	g_free(probe);
}

/* -- from start to end ------------------------------------------------------------------------ */

/* the probes that have not ended */
static void refuse_hanging(Scan *scan)
{
	for (guint i = 0; i < scan->probes->len; i++) {
		const Probe *probe = scan->probes->pdata[i];
		int bus = probe->bus->port.bus;
		g_autoptr(GError) error = g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT,
			"the bus /dev/i2c-%d does not answer", bus);

		refuse(scan->result, bus, error);
	}
}

static void report_progress(const Scan *scan)
{
	guint all = scan->result->buses, done = all - scan->probes->len;

	if (scan->progress != NULL)
		scan->progress("asking the monitors, buses", done, all, scan->data);
}

static void finish(Scan *scan)
{
	ScanResult *result = scan->result;
	ScanDone done = scan->done;
	gpointer data = scan->data;

	refuse_hanging(scan);
	g_ptr_array_set_size(scan->probes, 0);
	report_progress(scan);
	/* cables may have been plugged in meanwhile */
	g_ptr_array_unref(scan->connectors);
	scan->connectors = scan->system->ops->connectors(scan->system);
	scan_merge(scan->system, scan->connectors, scan->nameless, result);
	result->connectors = g_ptr_array_ref(scan->connectors);
	scan->result = NULL;
	scan_free(scan);
	done(result, data);
}

/* All probes have ended, or the time is over. */
static gboolean on_timer(gpointer data)
{
	finish(data);
	return G_SOURCE_REMOVE;
}

static void probe_done(gpointer data)
{
	Probe *probe = data;
	Scan *scan = probe->scan;

	if (scan == NULL)
		return;
	g_ptr_array_remove(scan->probes, probe);
	if (probe->monitor != NULL)
		g_ptr_array_add(probe->nameless ? scan->nameless : scan->result->monitors,
			g_steal_pointer(&probe->monitor));
	else if (probe->error != NULL)
		refuse(scan->result, probe->bus->port.bus, probe->error);
	if (scan->probes->len > 0)
		report_progress(scan);
	else
		finish(scan);
}

static gboolean knows_monitor_without_bus(const Scan *scan)
{
	for (guint i = 0; i < scan->connectors->len; i++) {
		const Connector *connector = scan->connectors->pdata[i];

		if (connector->has_edid && !connector->panel && connector->buses->len == 0)
			return TRUE;
	}
	return FALSE;
}

static void take_known(const Scan *scan, Probe *probe)
{
	const Connector *connector = connectors_of_bus(scan->connectors, probe->bus->port.bus);

	probe->may_be_nameless = connector == NULL && knows_monitor_without_bus(scan);
	if (connector == NULL || !connector->has_edid)
		return;
	probe->has_known = TRUE;
	probe->known = connector->edid;
	probe->sure = connector->status == CONNECTOR_CONNECTED && connector->buses->len == 1;
}

static void probe_start(Scan *scan, MonitorBus *bus)
{
	Probe *probe = g_new0(Probe, 1);

	probe->scan = scan;
	probe->bus = monitor_bus_ref(bus);
	probe->depth = scan->depth;
	probe->cancel = g_cancellable_new();
	take_known(scan, probe);
	g_ptr_array_add(scan->probes, probe);
	lane_push(bus->lane, probe_work, probe_done, probe, probe_free);
}

/* The probe belongs to its lane; no caller waits for it any more. */
static void probe_abandon(gpointer data)
{
	Probe *probe = data;

	probe->scan = NULL;
}

static guint deadline_ms(ScanDepth depth)
{
	return depth < SCAN_CAPABILITIES ? DEADLINE_MS : CAPABILITIES_DEADLINE_MS;
}

Scan *scan_start(
	BusTable *buses, ScanDepth depth, ScanProgress progress, ScanDone done, gpointer data)
{
	Scan *scan = g_new0(Scan, 1);
	I2cSystem *system = bus_table_system(buses);
	g_autoptr(GArray) numbers = system->ops->list(system);

	scan->system = system;
	scan->depth = depth;
	scan->progress = progress;
	scan->done = done;
	scan->data = data;
	scan->connectors = system->ops->connectors(system);
	scan->nameless = g_ptr_array_new_with_free_func(found_monitor_free);
	scan->probes = g_ptr_array_new_with_free_func(probe_abandon);
	scan->result = result_new();
	scan->result->buses = numbers->len;
	for (guint i = 0; i < numbers->len; i++)
		probe_start(scan, bus_table_get(buses, g_array_index(numbers, int, i)));
	report_progress(scan);
	scan->timer = g_timeout_source_new(numbers->len > 0 ? deadline_ms(depth) : 0);
	g_source_set_callback(scan->timer, on_timer, scan, NULL);
	g_source_attach(scan->timer, g_main_context_get_thread_default());
	return scan;
}

void scan_free(Scan *scan)
{
	if (scan == NULL)
		return;
	g_source_destroy(scan->timer);
	g_source_unref(scan->timer);
	g_ptr_array_unref(scan->connectors);
	g_ptr_array_unref(scan->nameless);
	g_ptr_array_unref(scan->probes);
	scan_result_free(scan->result);
	g_free(scan);
}

/* -- without a main loop ---------------------------------------------------------------------- */

typedef struct {
	ScanResult *result;
	ScanProgress progress;
	gpointer data;
} Run;

static void run_progress(const char *what, guint done, guint all, gpointer data)
{
	const Run *run = data;

	run->progress(what, done, all, run->data);
}

static void run_done(ScanResult *result, gpointer data)
{
	Run *run = data;

	run->result = result;
}

ScanResult *scan_run(I2cSystem *system, ScanDepth depth, ScanProgress progress, gpointer data)
{
	g_autoptr(GMainContext) context = g_main_context_new();
	Run run = { .progress = progress, .data = data };
	BusTable *buses;

	g_main_context_push_thread_default(context);
	buses = bus_table_new(system);
	scan_start(buses, depth, progress != NULL ? run_progress : NULL, run_done, &run);
	while (run.result == NULL)
		g_main_context_iteration(context, TRUE);
	bus_table_free(buses);
	g_main_context_pop_thread_default(context);
	return run.result;
}

/* If the bus of a monitor was refused, the reason becomes the monitor's trouble. */
static void replace_trouble(ScanResult *result, const char *old, const char *new)
{
	for (guint i = 0; i < result->monitors->len; i++) {
		FoundMonitor *monitor = result->monitors->pdata[i];

		if (g_strcmp0(monitor->trouble, old) != 0)
			continue;
		g_free(monitor->trouble);
		monitor->trouble = g_strdup(new);
	}
}

void scan_advise(ScanResult *result, const char *command)
{
	for (guint i = 0; command != NULL && i < result->refused->len; i++) {
		GError *error = ((RefusedBus *)result->refused->pdata[i])->error;
		g_auto(GStrv) parts = g_strsplit(error->message, "; ", 2);
		char *message;

		if (!g_error_matches(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_PERMISSION))
			continue;
		message = g_strdup_printf("%s; run `%s`", parts[0], command);
		replace_trouble(result, error->message, message);
		g_free(error->message);
		error->message = message;
	}
}

void scan_remarks(const ScanResult *result, GPtrArray *remarks)
{
	if (result->buses == 0)
		g_ptr_array_add(remarks, g_strdup("no I2C bus for monitors; load the driver: sudo "
						  "modprobe i2c-dev"));
	else if (result->refused->len == 1)
		g_ptr_array_add(remarks, g_strdup(scan_first_refusal(result)));
	else if (result->refused->len > 1)
		g_ptr_array_add(
			remarks, g_strdup_printf("%u I2C buses could not be read; the first: %s",
					 result->refused->len, scan_first_refusal(result)));
}

gboolean scan_read_input(I2cSystem *system, int bus, guint8 *input, GError **error)
{
	const VcpFeature feature = VCP_FEATURE_INPUT;
	DdcPort port = { .system = system, .bus = bus };
	g_autoptr(GCancellable) cancel = g_cancellable_new();
	DdcTalk talk;
	gboolean good;

	if (!ddc_open(&talk, &port, &feature, cancel, error))
		return FALSE;
	good = ddc_get(&talk, input, backoff_ms, error);
	ddc_close(&talk);
	return good;
}
