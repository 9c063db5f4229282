/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/monitor.h"

#include "sim/cable.h"

#include <string.h>

static void put_text(guint8 *descriptor, guint8 tag, const char *text)
{
	gsize length = strlen(text);

	memset(descriptor, 0, 5);
	descriptor[3] = tag;
	memset(descriptor + 5, ' ', 13);
	memcpy(descriptor + 5, text, MIN(length, 13));
	if (length < 13)
		descriptor[5 + length] = '\n';
}

static void make_edid(guint8 edid[EDID_LENGTH], const SimMonitorSpec *spec)
{
	guint8 sum = 0;
	guint16 id = 0;

	memset(edid, 0, EDID_LENGTH);
	memset(edid + 1, 0xff, 6);
	for (int i = 0; i < 3; i++)
		id = (guint16)(id << 5 | (spec->manufacturer[i] - '@'));
	edid[8] = (guint8)(id >> 8);
	edid[9] = (guint8)id;
	for (int i = 0; i < 4; i++)
		edid[12 + i] = (guint8)(spec->number >> (8 * i));
	edid[18] = 1; /* version 1.4 */
	edid[19] = 4;
	put_text(edid + 72, 0xfc, spec->model);
	if (spec->serial != NULL)
		put_text(edid + 90, 0xff, spec->serial);
	for (int i = 0; i < EDID_LENGTH - 1; i++)
		sum = (guint8)(sum + edid[i]);
	edid[EDID_LENGTH - 1] = (guint8)-sum;
}

static gboolean take(guint *count)
{
	if (*count == 0)
		return FALSE;
	(*count)--;
	return TRUE;
}

gboolean cable_acknowledges(const SimCable *cable, guint8 address, gint64 now_us)
{
	SimMonitor *monitor = cable->monitor;

	if (monitor == NULL || monitor->faults.dead)
		return FALSE;
	if (address == EDID_ADDRESS)
		return !monitor->faults.no_edid;
	return address == DDCCI_ADDRESS && !monitor->faults.deaf &&
	       !(monitor->faults.active_only && monitor->input != cable->input) &&
	       now_us >= monitor->silent_until_us && !take(&monitor->faults.naks);
}

static guint8 checksum(guint8 sum, const guint8 *data, gsize length)
{
	while (length-- > 0)
		sum ^= *data++;
	return sum;
}

/* Makes data ready to be read. */
static void put_reply(SimCable *cable, const guint8 *data, gsize length)
{
	SimFaults *faults = &cable->monitor->faults;
	guint8 *reply = cable->reply;

	reply[0] = 0x6e;
	reply[1] = (guint8)(0x80 | length);
	memcpy(reply + 2, data, length);
	reply[2 + length] = checksum(0x50, reply, 2 + length);
	if (take(&faults->garbled))
		reply[2 + length] ^= 0x20;
	cable->reply_length = take(&faults->nulls) ? 0 : length + 3;
}

/* The input that the monitor reports. */
static guint8 reported_input(const SimCable *cable)
{
	const SimFaults *faults = &cable->monitor->faults;
	guint8 shown = faults->tells_cable ? cable->input : cable->monitor->input;

	if (faults->tells_zero)
		return 0;
	return faults->misread != 0 && shown == faults->misread ? faults->misread_as
								: shown ^ faults->reads_xor;
}

static void tell_feature(SimCable *cable, guint8 feature)
{
	SimMonitor *monitor = cable->monitor;
	guint8 refused = monitor->faults.refuse_reads || feature != monitor->feature ? 1 : 0;
	guint8 value = refused ? 0 : reported_input(cable);
	const guint8 data[] = { 0x02, refused, feature, 0, 0, 0xff, 0, value };

	put_reply(cable, data, sizeof data);
}

static void tell_capabilities(SimCable *cable, guint8 high, guint8 low)
{
	const char *text = cable->monitor->capabilities;
	gsize offset = MIN((gsize)(high << 8 | low), strlen(text));
	gsize length = MIN(strlen(text + offset), DDCCI_FRAGMENT_TEXT);
	guint8 data[3 + DDCCI_FRAGMENT_TEXT] = { 0xe3, high, low };

	memcpy(data + 3, text + offset, length);
	put_reply(cable, data, 3 + length);
}

/* Returns whether the input changed. */
static gboolean set_input(SimMonitor *monitor, guint8 input, gint64 now_us)
{
	if (monitor->input == input)
		return FALSE;
	monitor->input = input;
	monitor->silent_until_us = now_us + monitor->faults.silent_ms * G_TIME_SPAN_MILLISECOND;
	return TRUE;
}

/* Is it still busy with its last reply? */
static gboolean loses(const SimMonitor *monitor, gint64 now_us)
{
	return monitor->replied_us != 0 &&
	       now_us < monitor->replied_us + monitor->faults.gap_ms * G_TIME_SPAN_MILLISECOND;
}

/* Returns whether the input changed. */
static gboolean take_message(SimCable *cable, const guint8 *data, gsize length, gint64 now_us)
{
	SimMonitor *monitor = cable->monitor;
	guint8 feature;

	cable->reply_length = 0;
	cable->ready_us = now_us + monitor->faults.ready_ms * G_TIME_SPAN_MILLISECOND;
	if (loses(monitor, now_us) || length < DDCCI_SAVE_LENGTH || data[0] != monitor->source ||
		data[1] != (0x80 | (length - 3)) || checksum(0x6e, data, length) != 0)
		return FALSE;
	if (data[2] == 0x0c && length == DDCCI_SAVE_LENGTH)
		return monitor->unsaved != 0 && set_input(monitor, monitor->unsaved, now_us);
	feature = data[3];
	if (data[2] == 0x01 && length == DDCCI_GET_LENGTH)
		tell_feature(cable, feature);
	if (data[2] == 0xf3 && length == DDCCI_CAPABILITIES_LENGTH)
		tell_capabilities(cable, data[3], data[4]);
	if (data[2] != 0x03 || length != DDCCI_SET_LENGTH || feature != monitor->feature ||
		monitor->faults.ignore_sets || take(&monitor->faults.lost_sets))
		return FALSE;
	if (monitor->faults.needs_save) {
		monitor->unsaved = data[5];
		return FALSE;
	}
	return set_input(monitor, data[5], now_us);
}

static void give_message(SimCable *cable, guint8 *data, gsize length, gint64 now_us)
{
	static const guint8 null_message[] = { 0x6e, 0x80, 0xbe };

	memset(data, 0, length);
	cable->monitor->replied_us = now_us;
	if (cable->reply_length > 0 && now_us >= cable->ready_us)
		memcpy(data, cable->reply, MIN(length, cable->reply_length));
	else
		memcpy(data, null_message, MIN(length, sizeof null_message));
}

const guint8 *cable_edid(const SimCable *cable, guint8 edid[EDID_LENGTH])
{
	memcpy(edid, cable->monitor->edid, EDID_LENGTH);
	/* product code and checksum: E-EDID A.2, table 3.1 */
	edid[10] = (guint8)(edid[10] + cable->product);
	edid[EDID_LENGTH - 1] = (guint8)(edid[EDID_LENGTH - 1] - cable->product);
	return edid;
}

static void give_edid(SimCable *cable, guint8 *data, gsize length)
{
	guint8 edid[EDID_LENGTH];

	cable_edid(cable, edid);
	for (gsize i = 0; i < length; i++)
		data[i] = edid[cable->eeprom++ % EDID_LENGTH];
}

gboolean cable_write(
	SimCable *cable, guint8 address, const guint8 *data, gsize length, gint64 now_us)
{
	if (address != EDID_ADDRESS)
		return take_message(cable, data, length, now_us);
	cable->eeprom = data[0];
	return FALSE;
}

void cable_read(SimCable *cable, guint8 address, guint8 *data, gsize length, gint64 now_us)
{
	if (address == EDID_ADDRESS)
		give_edid(cable, data, length);
	else
		give_message(cable, data, length, now_us);
}

/* Lists the usual inputs, whatever cables it has, and every other feature without values, like real
 * monitors. */
static char *make_capabilities(const SimMonitor *monitor, const char *model)
{
	g_autofree char *other = monitor->feature != CONFIG_FEATURE_INPUT
					 ? g_strdup_printf(" %02X", monitor->feature)
					 : g_strdup("");

	return g_strdup_printf("(prot(monitor)type(LCD)model(%s)cmds(01 02 03 0C E3 F3)"
			       "vcp(10 60(01 03 0F 11 12)%s DF)mccs_ver(2.1))",
		model, other);
}

SimMonitor *monitor_new(I2cSystem *system, GMutex *lock, const SimMonitorSpec *spec)
{
	SimMonitor *monitor = g_new0(SimMonitor, 1);

	monitor->system = system;
	monitor->lock = lock;
	make_edid(monitor->edid, spec);
	monitor->feature = spec->feature != 0 ? spec->feature : CONFIG_FEATURE_INPUT;
	monitor->source = spec->source != 0 ? spec->source : CONFIG_SOURCE_ADDRESS;
	monitor->input = spec->input;
	monitor->capabilities = spec->capabilities != NULL
					? g_strdup(spec->capabilities)
					: make_capabilities(monitor, spec->model);
	return monitor;
}

void monitor_free(gpointer data)
{
	SimMonitor *monitor = data;

	g_free(monitor->capabilities);
	g_free(monitor);
}

void sim_monitor_listen(SimMonitor *monitor, SimMonitorChanged changed, gpointer data)
{
	g_mutex_lock(monitor->lock);
	monitor->changed = changed;
	monitor->changed_data = data;
	g_mutex_unlock(monitor->lock);
}

guint8 sim_monitor_input(SimMonitor *monitor)
{
	guint8 input;

	g_mutex_lock(monitor->lock);
	input = monitor->input;
	g_mutex_unlock(monitor->lock);
	return input;
}

void sim_monitor_press(SimMonitor *monitor, guint8 input)
{
	SimMonitorChanged changed = NULL;
	gint64 now = monitor->system->ops->now_us(monitor->system);
	gpointer data;

	g_mutex_lock(monitor->lock);
	if (set_input(monitor, input, now)) {
		changed = monitor->changed;
		data = monitor->changed_data;
	}
	g_mutex_unlock(monitor->lock);
	if (changed != NULL)
		changed(monitor, input, data);
}

SimFaults sim_monitor_faults(SimMonitor *monitor)
{
	SimFaults faults;

	g_mutex_lock(monitor->lock);
	faults = monitor->faults;
	g_mutex_unlock(monitor->lock);
	return faults;
}

void sim_monitor_set_faults(SimMonitor *monitor, SimFaults faults)
{
	g_mutex_lock(monitor->lock);
	monitor->faults = faults;
	g_mutex_unlock(monitor->lock);
}
