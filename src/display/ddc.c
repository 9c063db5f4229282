/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/ddc.h"

#include "common/error.h"
#include "display/ddcci.h"

/* ddcutil holds the lock for some 0.3 s, and for 1 to 3 s while it reads the capabilities */
#define LOCK_DEADLINE_MS 3000

/* A transfer takes 1 to 15 ms; with eight monitors on a card the last one waits for seven. */
#define CARD_DEADLINE_MS 2000

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

/* One message. The card's lock is held for it alone, not for the pauses that DDC/CI wants. */
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

static gboolean retry(
	DdcTalk *talk, const guint *backoff_ms, Attempt attempt, gpointer argument, GError **error)
{
	g_autoptr(GError) why = NULL;

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
	}
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

/* What the monitor answered, if it was not what it was asked for. */
static gboolean check_status(const DdcTalk *talk, DdcciStatus status, GError **error)
{
	if (status == DDCCI_OK)
		return TRUE;
	g_set_error(error, HOTSEAT_ERROR,
		status == DDCCI_UNSUPPORTED ? HOTSEAT_ERROR_UNSUPPORTED : HOTSEAT_ERROR_NO_ANSWER,
		"the monitor on /dev/i2c-%d answers %s", talk->port->bus,
		ddcci_status_text(status));
	return FALSE;
}

static gboolean get_once(DdcTalk *talk, gpointer argument, GError **error)
{
	guint8 *value = argument;
	I2cSystem *system = talk->port->system;
	guint8 request[DDCCI_GET_LENGTH], reply[DDCCI_REPLY_LENGTH] = { 0 };
	guint16 word;
	DdcciStatus status;

	ddcci_get(request, talk->feature.source_address, talk->feature.code);
	wait_until_free(talk->port);
	if (!send(talk, DDCCI_ADDRESS, request, sizeof request, error))
		return FALSE;
	system->ops->sleep_us(system, DDCCI_GET_PAUSE_US, NULL);
	if (!receive(talk, DDCCI_ADDRESS, reply, sizeof reply, error))
		return FALSE;
	status = ddcci_parse(reply, sizeof reply, talk->feature.code, &word);
	if (!check_status(talk, status, error))
		return FALSE;
	/* monitors put all sorts of things into the high byte */
	*value = (guint8)word;
	return TRUE;
}

gboolean ddc_get(DdcTalk *talk, guint8 *value, const guint *backoff_ms, GError **error)
{
	return retry(talk, backoff_ms, get_once, value, error);
}

/* Adds a fragment to the string. Nothing added: the string is complete. */
static gboolean append_fragment(DdcTalk *talk, gpointer argument, GError **error)
{
	GString *string = argument;
	guint16 offset = (guint16)string->len;
	I2cSystem *system = talk->port->system;
	guint8 request[DDCCI_CAPABILITIES_LENGTH], reply[DDCCI_FRAGMENT_LENGTH] = { 0 };
	const guint8 *text;
	gsize length;

	ddcci_capabilities(request, talk->feature.source_address, offset);
	wait_until_free(talk->port);
	if (!send(talk, DDCCI_ADDRESS, request, sizeof request, error))
		return FALSE;
	system->ops->sleep_us(system, DDCCI_CAPABILITIES_PAUSE_US, NULL);
	if (!receive(talk, DDCCI_ADDRESS, reply, sizeof reply, error))
		return FALSE;
	talk->port->free_us = system->ops->now_us(system) + DDCCI_CAPABILITIES_PAUSE_US;
	if (!check_status(
		    talk, ddcci_parse_fragment(reply, sizeof reply, offset, &text, &length), error))
		return FALSE;
	g_string_append_len(string, (const char *)text, (gssize)length);
	return TRUE;
}

/* Adds all fragments to the string: TRUE and *truncated if the end of it was not among them. */
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
