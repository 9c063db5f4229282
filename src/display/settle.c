/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/error.h"
#include "display/inside.h"

DisplayJob *display_new_job(const Display *display, MonitorBus *bus, GCancellable *cancel)
{
	DisplayJob *job = display_job_new(bus, cancel);

	job->feature = display->config->feature;
	job->shown = display->shown;
	job->reply_ms = display->reply_ms;
	job->shown.zero_counts = display->reads_zero;
	if (display->reads_alike)
		job->shown.mute = TRUE;
	return job;
}

static char *why_went_back(const Display *display, int bus)
{
	const ConfigInput *input = g_hash_table_lookup(display->config->inputs, display->last);
	guint8 code = display->config->feature.code;
	g_autofree char *wanted = show_label(code, input->value);
	g_autofree char *shows = show_label(code, display->shown.input);

	return g_strdup_printf(
		"the monitor on /dev/i2c-%d went back to %s by itself: usually there is no signal "
		"on %s; check that the computer is on and its cable plugged in",
		bus, shows, wanted);
}

/* Only news is reported: the monitor shows another input, or it did follow. */
static void on_settled(const DisplayJob *job, gpointer data)
{
	Display *display = data;
	int bus = job->bus->port.bus;
	const ConfigInput *wanted = g_hash_table_lookup(display->config->inputs, display->last);
	gboolean known = display->shown.confirmed;
	g_autofree char *why = NULL, *detail = NULL;
	g_autoptr(GError) error = NULL;
	ResourceResult result = { 0 };

	display->settling = NULL;
	if (display->use.active || job->error != NULL || !job->shown.confirmed)
		return;
	display->shown = job->shown;
	result.at = display_target_shown(display);
	detail = display_describe_shown(display, bus, result.at, FALSE);
	result.detail = detail;
	if (job->shown.input != show_reads_as(wanted)) {
		why = why_went_back(display, bus);
		error = g_error_new_literal(HOTSEAT_ERROR, HOTSEAT_ERROR_NOT_FOLLOWED, why);
		result.error = error;
	} else if (known) {
		return;
	}
	resource_changed(&display->resource, RESOURCE_MOVED, &result);
}

static gboolean on_settle(gpointer data)
{
	Display *display = data;
	MonitorBus *bus;

	display->settle = 0;
	if (display->use.active || display->last_cable.bus < 0)
		return G_SOURCE_REMOVE;
	bus = monitor_registry_bus(display->registry, display->last_cable.bus);
	display->settling = display_new_job(display, bus, display->settle_cancel);
	display->settling->once = TRUE;
	display_job_start(display->settling, on_settled, display);
	return G_SOURCE_REMOVE;
}

void display_settle_forget(Display *display)
{
	g_clear_handle_id(&display->settle, g_source_remove);
	if (display->settling != NULL)
		display_job_forget(g_steal_pointer(&display->settling));
}

/* bus: the one on which the input was written; -1: no check is needed */
void display_settle_later(Display *display, int bus)
{
	display_settle_forget(display);
	if (bus >= 0 && !show_is_unreliable(&display->shown))
		display->settle = g_timeout_add(
			monitor_registry_settle_ms(display->registry), on_settle, display);
}
