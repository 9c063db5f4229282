/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/ddc.h"

#include "common/error.h"
#include "display/ddcci.h"

/* ddcutil holds the lock for about 0.3 s, and for 1 to 3 s while it reads the capabilities */
#define LOCK_DEADLINE_MS 3000

/* A transfer takes 1 to 15 ms; with eight monitors on a card the last one waits for seven. */
#define CARD_DEADLINE_MS 2000

/* Pauses from a request to its reply, in milliseconds, longer at each attempt. DDC/CI 1.1 requires
 * 40; some monitors need up to 200 (ddcutil #258, #325). */
static const guint reply_waits_ms[] = { 40, 80, 140, 200 };

typedef gboolean (*Attempt)(DdcTalk *talk, gpointer argument, GError **error);

gboolean ddc_open(DdcTalk *talk, DdcPort *port, const VcpFeature *feature, GCancellable *cancel,
	GError **error)
{
	const I2cOps *ops = port->system->ops;
	I2cBus *bus = ops->open(port->system, port->bus, LOCK_DEADLINE_MS, error);

	if (bus == NULL)
		return FALSE;
	*talk = (DdcTalk){
		.port = port,
		.bus = bus,
		.feature = *feature,
		.cancel = cancel,
	};
	return TRUE;
}

void ddc_close(DdcTalk *talk)
{
	talk->port->system->ops->close(talk->bus);
	talk->bus = NULL;
}

void ddc_wait(DdcTalk *talk, guint ms)
{
	I2cSystem *system = talk->port->system;

	system->ops->sleep_us(system, ms * G_TIME_SPAN_MILLISECOND, talk->cancel);
}

/* Transfers one message. The card's lock is held only for it, not for the pauses that DDC/CI
 * requires. */
static gboolean send(
	DdcTalk *talk, guint8 address, const guint8 *data, gsize length, GError **error)
{
	const I2cOps *ops = talk->port->system->ops;
	gboolean sent;

	if (!ops->lock_card(talk->bus, CARD_DEADLINE_MS, error))
		return FALSE;
	sent = ops->write(talk->bus, address, data, length, error);
	ops->unlock_card(talk->bus);
	return sent;
}

static gboolean receive(DdcTalk *talk, guint8 address, guint8 *data, gsize length, GError **error)
{
	const I2cOps *ops = talk->port->system->ops;
	gboolean received;

	if (!ops->lock_card(talk->bus, CARD_DEADLINE_MS, error))
		return FALSE;
	received = ops->read(talk->bus, address, data, length, error);
	ops->unlock_card(talk->bus);
	return received;
}

static void wait_until_free(DdcPort *port)
{
	gint64 now = port->system->ops->now_us(port->system);

	if (port->free_us > now)
		port->system->ops->sleep_us(port->system, port->free_us - now, NULL);
}

static guint longer_wait(guint wait_ms)
{
	for (gsize i = 0; i < G_N_ELEMENTS(reply_waits_ms); i++)
		if (reply_waits_ms[i] > wait_ms)
			return reply_waits_ms[i];
	return wait_ms;
}

/* The monitor has accepted a request; its reply is read later. */
static gboolean receive_reply(
	DdcTalk *talk, guint least_ms, guint8 *reply, gsize length, GError **error)
{
	I2cSystem *system = talk->port->system;
	gboolean received;

	talk->asked = TRUE;
	system->ops->sleep_us(system, MAX(talk->wait_ms, least_ms) * G_TIME_SPAN_MILLISECOND, NULL);
	received = receive(talk, DDCCI_ADDRESS, reply, length, error);
	talk->port->free_us = system->ops->now_us(system) + DDCCI_REPLY_PAUSE_US;
	talk->not_ready |= !received;
	return received;
}

static gboolean retry(
	DdcTalk *talk, const guint *backoff_ms, Attempt attempt, gpointer argument, GError **error)
{
	g_autoptr(GError) why = NULL;

	talk->wait_ms = MAX(talk->port->reply_ms, reply_waits_ms[0]);
	talk->asked = talk->not_ready = FALSE;
	while (!attempt(talk, argument, &why)) {
		gboolean lost = g_error_matches(why, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER);

		if (!lost || *backoff_ms == 0) {
			g_propagate_error(error, g_steal_pointer(&why));
			return FALSE;
		}
		ddc_wait(talk, *backoff_ms++);
		if (g_cancellable_is_cancelled(talk->cancel)) {
			g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_CANCELLED,
				"stopped trying: %s", why->message);
			return FALSE;
		}
		g_clear_error(&why);
		if (talk->asked)
			talk->wait_ms = longer_wait(talk->wait_ms);
		talk->asked = FALSE;
	}
	/* a reply that is garbled by chance does not mean a slow monitor */
	if (talk->not_ready)
		talk->port->reply_ms = talk->wait_ms;
	return TRUE;
}

static gboolean set_once(DdcTalk *talk, gpointer argument, GError **error)
{
	const guint16 *value = argument;
	I2cSystem *system = talk->port->system;
	guint8 message[DDCCI_SET_LENGTH];

	ddcci_set(message, talk->feature.source_address, talk->feature.code, *value);
	wait_until_free(talk->port);
	if (!send(talk, DDCCI_ADDRESS, message, sizeof message, error))
		return FALSE;
	talk->port->free_us = system->ops->now_us(system) + DDCCI_SET_PAUSE_US;
	return TRUE;
}

gboolean ddc_set(DdcTalk *talk, guint16 value, const guint *backoff_ms, GError **error)
{
	return retry(talk, backoff_ms, set_once, &value, error);
}

static gboolean save_once(DdcTalk *talk, gpointer argument, GError **error)
{
	I2cSystem *system = talk->port->system;
	guint8 message[DDCCI_SAVE_LENGTH];

	/* a standard command, which does not use the feature's source address */
	ddcci_save(message, CONFIG_SOURCE_ADDRESS);
	wait_until_free(talk->port);
	if (!send(talk, DDCCI_ADDRESS, message, sizeof message, error))
		return FALSE;
	talk->port->free_us = system->ops->now_us(system) + DDCCI_SAVE_PAUSE_US;
	return TRUE;
}

gboolean ddc_save(DdcTalk *talk, const guint *backoff_ms, GError **error)
{
	return retry(talk, backoff_ms, save_once, NULL, error);
}

/* Converts a status other than DDCCI_OK to an error. */
static gboolean check_status(DdcTalk *talk, DdcciStatus status, GError **error)
{
	if (status == DDCCI_OK)
		return TRUE;
	talk->not_ready |= status == DDCCI_NULL || status == DDCCI_BAD_LENGTH;
	g_set_error(error, HOTSEAT_ERROR,
		status == DDCCI_UNSUPPORTED ? HOTSEAT_ERROR_UNSUPPORTED : HOTSEAT_ERROR_NO_ANSWER,
		"the monitor on /dev/i2c-%d answers with %s", talk->port->bus,
		ddcci_status_text(status));
	return FALSE;
}

static gboolean get_once(DdcTalk *talk, gpointer argument, GError **error)
{
	guint8 *value = argument;
	guint8 request[DDCCI_GET_LENGTH], reply[DDCCI_REPLY_LENGTH] = { 0 };
	guint16 word;
	DdcciStatus status;

	ddcci_get(request, talk->feature.source_address, talk->feature.code);
	wait_until_free(talk->port);
	if (!send(talk, DDCCI_ADDRESS, request, sizeof request, error))
		return FALSE;
	if (!receive_reply(talk, 0, reply, sizeof reply, error))
		return FALSE;
	status = ddcci_parse(reply, sizeof reply, talk->feature.code, &word);
	if (!check_status(talk, status, error))
		return FALSE;
	/* the high byte is undefined on many monitors */
	*value = (guint8)word;
	return TRUE;
}

gboolean ddc_get(DdcTalk *talk, guint8 *value, const guint *backoff_ms, GError **error)
{
	return retry(talk, backoff_ms, get_once, value, error);
}

/* Appends a fragment to the string. If nothing is appended, the string is complete. */
static gboolean append_fragment(DdcTalk *talk, gpointer argument, GError **error)
{
	GString *string = argument;
	guint16 offset = (guint16)string->len;
	guint8 request[DDCCI_CAPABILITIES_LENGTH], reply[DDCCI_FRAGMENT_LENGTH] = { 0 };
	const guint8 *text;
	gsize length;

	ddcci_capabilities(request, talk->feature.source_address, offset);
	wait_until_free(talk->port);
	if (!send(talk, DDCCI_ADDRESS, request, sizeof request, error))
		return FALSE;
	if (!receive_reply(talk, DDCCI_CAPABILITIES_PAUSE_MS, reply, sizeof reply, error))
		return FALSE;
	if (!check_status(
		    talk, ddcci_parse_fragment(reply, sizeof reply, offset, &text, &length), error))
		return FALSE;
	g_string_append_len(string, (const char *)text, (gssize)length);
	return TRUE;
}

/* Appends all fragments to the string. Returns TRUE with *truncated set if its end is missing. */
static gboolean append_fragments(DdcTalk *talk, const guint *backoff_ms, GString *string,
	gboolean *truncated, GError **error)
{
	gsize before;

	do {
		g_autoptr(GError) why = NULL;

		before = string->len;
		if (g_cancellable_is_cancelled(talk->cancel)) {
			g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_CANCELLED,
				"stopped reading the capabilities of the monitor on /dev/i2c-%d",
				talk->port->bus);
			return FALSE;
		}
		if (retry(talk, backoff_ms, append_fragment, string, &why))
			continue;
		*truncated =
			before > 0 && g_error_matches(why, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER);
		if (!*truncated)
			g_propagate_error(error, g_steal_pointer(&why));
		return *truncated;
	} while (string->len > before && string->len < DDC_CAPABILITIES_MAX);
	*truncated = string->len > before;
	return TRUE;
}

char *ddc_capabilities(DdcTalk *talk, const guint *backoff_ms, gboolean *truncated, GError **error)
{
	g_autoptr(GString) string = g_string_new(NULL);
	gboolean cut = FALSE;

	if (!append_fragments(talk, backoff_ms, string, &cut, error))
		return NULL;
	for (gsize i = 0; i < string->len; i++)
		if (!g_ascii_isprint(string->str[i]))
			string->str[i] = ' ';
	*truncated = cut;
	return g_strchomp(g_string_free(g_steal_pointer(&string), FALSE));
}

gboolean ddc_read_edid(DdcTalk *talk, Edid *edid, GError **error)
{
	const guint8 start = 0;
	guint8 data[EDID_LENGTH] = { 0 };

	return send(talk, EDID_ADDRESS, &start, sizeof start, error) &&
	       receive(talk, EDID_ADDRESS, data, sizeof data, error) &&
	       edid_parse(data, sizeof data, edid, error);
}
