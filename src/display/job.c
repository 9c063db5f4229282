/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/job.h"

#include "common/error.h"
#include "display/identity.h"

/* A bus that the config names is never scanned, but an agent needs the monitor's identity. An
 * observe has time to read the EDID; a switch has not. */
static void read_edid(DisplayJob *job, DdcTalk *talk)
{
	MonitorBus *bus = job->bus;

	if (!bus->has_edid && !job->apply && !job->once)
		bus->has_edid = ddc_read_edid(talk, &bus->edid, NULL);
	job->has_edid = bus->has_edid;
	if (bus->has_edid)
		job->edid = bus->edid;
}

/* Since this job was pushed, a scan that ran before it on this lane may have found another monitor
 * here.
 */
static gboolean is_other_monitor(DisplayJob *job)
{
	if (!job->expects || !job->bus->has_edid || identity_is_same(&job->edid, &job->bus->edid))
		return FALSE;
	g_set_error(&job->error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_MONITOR,
		"another monitor is on /dev/i2c-%d now; check the cable", job->bus->port.bus);
	return TRUE;
}

/* These come first: after the input has changed, a monitor that accepts commands only on the input
 * that it shows would ignore them. */
static gboolean write_also(DisplayJob *job, DdcTalk *talk)
{
	const VcpFeature input = talk->feature;
	GError *error = NULL;

	for (guint i = 0; job->also != NULL && i < job->also->len && error == NULL; i++) {
		const FeatureValue *one = &g_array_index(job->also, FeatureValue, i);

		talk->feature = one->feature;
		if (!show_write(talk, &job->shown, one->value, &error))
			g_prefix_error(
				&error, "feature 0x%02x, listed under also: ", one->feature.code);
	}
	talk->feature = input;
	job->also_written = error == NULL && job->also != NULL;
	if (error == NULL)
		return TRUE;
	g_propagate_error(&job->error, error);
	return FALSE;
}

static void job_work(gpointer data)
{
	DisplayJob *job = data;
	DdcTalk talk;

	if (is_other_monitor(job))
		return;
	if (!ddc_open(&talk, &job->bus->port, &job->feature, job->cancel, &job->error))
		return;
	job->bus->port.reply_ms = MAX(job->bus->port.reply_ms, job->reply_ms);
	if (job->apply && write_also(job, &talk))
		show_input(&talk, &job->shown, &job->input, &job->written, &job->error);
	else if (!job->apply)
		show_look(&talk, &job->shown, job->once, &job->error);
	job->reply_ms = job->bus->port.reply_ms;
	read_edid(job, &talk);
	ddc_close(&talk);
}

static void job_done(gpointer data)
{
	DisplayJob *job = data;

	if (job->done != NULL)
		job->done(job, job->data);
}

static void job_free(gpointer data)
{
	DisplayJob *job = data;

	monitor_bus_unref(job->bus);
	g_object_unref(job->cancel);
	g_clear_pointer(&job->also, g_array_unref);
	g_clear_error(&job->error);
	g_free(job);
}

DisplayJob *display_job_new(MonitorBus *bus, GCancellable *cancel)
{
	DisplayJob *job = g_new0(DisplayJob, 1);

	job->bus = monitor_bus_ref(bus);
	job->cancel = g_object_ref(cancel);
	return job;
}

void display_job_start(DisplayJob *job, DisplayJobDone done, gpointer data)
{
	job->done = done;
	job->data = data;
	lane_push(job->bus->lane, job_work, job_done, job, job_free);
}

void display_job_forget(DisplayJob *job)
{
	job->done = NULL;
}
