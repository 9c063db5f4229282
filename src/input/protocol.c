/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/protocol.h"

#include "common/error.h"

#include <string.h>

typedef enum { TEXT, UNSIGNED, SIGNED, HEX, CHOICE, PORTS, KEEP } Kind;

/* A key and the member for its value; for numbers the range, for CHOICE the names. */
typedef struct {
	const char *key;
	Kind kind;
	gsize offset;
	gint64 min, max;
	const char *const *names;
} Field;

static const char *const no_yes[] = { "no", "yes", NULL };
static const char *const presences[] = { "absent", "present", "unfit", NULL };
static const char *const states[] = { "waiting", "connected", "configured", "ready", "unresponsive",
	NULL };
static const char *const actions[] = { "toggle", "go", "next", "panic", NULL };
static const char *const modes[] = { "pull", "paced", NULL };

#define AT(field) G_STRUCT_OFFSET(ProtocolMessage, field)

enum {
	VERSION,
	ID,
	DEVICE,
	GUEST,
	TO,
	WHERE,
	CHANGED,
	SIMULATED,
	ERROR,
	DETAIL,
	PRESENCE,
	STATE,
	ACTION,
	UID,
	TYPE,
	CODE,
	VALUE,
	PORT,
	KEPT,
	FIELDS
};

static const Field message_fields[FIELDS] = {
	[VERSION] = { "version", UNSIGNED, AT(version), 1, 1000000, NULL },
	[ID] = { "id", UNSIGNED, AT(id), 0, G_MAXUINT32, NULL },
	[DEVICE] = { "device", TEXT, AT(device), 0, 0, NULL },
	[GUEST] = { "guest", TEXT, AT(guest), 0, 0, NULL },
	[TO] = { "to", TEXT, AT(to), 0, 0, NULL },
	[WHERE] = { "at", TEXT, AT(at), 0, 0, NULL },
	[CHANGED] = { "changed", CHOICE, AT(changed), 0, 1, no_yes },
	[SIMULATED] = { "simulated", CHOICE, AT(simulated), 0, 1, no_yes },
	[ERROR] = { "error", TEXT, AT(error), 0, 0, NULL },
	[DETAIL] = { "detail", TEXT, AT(detail), 0, 0, NULL },
	[PRESENCE] = { "presence", CHOICE, AT(presence), 0, 2, presences },
	[STATE] = { "state", CHOICE, AT(state), 0, 4, states },
	[ACTION] = { "action", CHOICE, AT(action), 0, 3, actions },
	[UID] = { "uid", SIGNED, AT(uid), -1, G_MAXINT32, NULL },
	[TYPE] = { "type", UNSIGNED, AT(type), 0, 0xff, NULL },
	[CODE] = { "code", UNSIGNED, AT(code), 0, 0xffff, NULL },
	[VALUE] = { "value", SIGNED, AT(value), G_MININT32, G_MAXINT32, NULL },
	[PORT] = { "port", PORTS, AT(ports), 1, 65535, NULL },
	[KEPT] = { "keep", KEEP, AT(setup), 0, 0, NULL },
};

#define BIT(field) (1u << (field))

typedef struct {
	const char *name;
	guint32 needed, allowed; /* bits of message_fields; allowed: in addition to needed */
} Verb;

static const Verb verbs[PROTOCOL_VERBS] = {
	[PROTOCOL_WELCOME] = { "welcome", BIT(VERSION), BIT(PORT) | BIT(SIMULATED) },
	[PROTOCOL_REFUSED] = { "refused", BIT(ERROR), 0 },
	[PROTOCOL_RESULT] = { "result", BIT(ID),
		BIT(ERROR) | BIT(DEVICE) | BIT(WHERE) | BIT(CHANGED) },
	[PROTOCOL_DEVICE] = { "device", BIT(DEVICE) | BIT(PRESENCE) | BIT(WHERE), BIT(DETAIL) },
	[PROTOCOL_GUEST] = { "guest", BIT(GUEST) | BIT(STATE), BIT(DETAIL) },
	[PROTOCOL_HOTKEY] = { "hotkey", BIT(ACTION), BIT(TO) },
	[PROTOCOL_HOME] = { "home", 0, BIT(DETAIL) },
	[PROTOCOL_ARRIVED] = { "arrived", BIT(GUEST) | BIT(TYPE) | BIT(CODE) | BIT(VALUE), 0 },
	[PROTOCOL_CONFIGURE] = { "configure", BIT(VERSION) | BIT(ID), BIT(KEPT) },
	[PROTOCOL_EXPECT] = { "expect", BIT(GUEST), BIT(UID) | BIT(ID) },
	[PROTOCOL_MOVE] = { "move", BIT(ID) | BIT(DEVICE) | BIT(TO), 0 },
	[PROTOCOL_PLUG] = { "plug", BIT(DEVICE), 0 },
};

/* The lists of a configuration. The first field of an entry begins it. */
static const Field guest_fields[] = {
	{ "guest", TEXT, G_STRUCT_OFFSET(ProtocolGuest, name), 0, 0, NULL },
	{ "port", UNSIGNED, G_STRUCT_OFFSET(ProtocolGuest, port), 0, 65535, NULL },
	{ "mode", CHOICE, G_STRUCT_OFFSET(ProtocolGuest, mode), 0, 1, modes },
};
static const Field device_fields[] = {
	{ "device", TEXT, G_STRUCT_OFFSET(ProtocolDevice, name), 0, 0, NULL },
	{ "vendor", HEX, G_STRUCT_OFFSET(ProtocolDevice, vendor), 0, 0xffff, NULL },
	{ "product", HEX, G_STRUCT_OFFSET(ProtocolDevice, product), 0, 0xffff, NULL },
	{ "serial", TEXT, G_STRUCT_OFFSET(ProtocolDevice, serial), 0, 0, NULL },
	{ "usb-port", TEXT, G_STRUCT_OFFSET(ProtocolDevice, usb_port), 0, 0, NULL },
	{ "input", TEXT, G_STRUCT_OFFSET(ProtocolDevice, input), 0, 0, NULL },
	{ "uniq", TEXT, G_STRUCT_OFFSET(ProtocolDevice, uniq), 0, 0, NULL },
	{ "node", TEXT, G_STRUCT_OFFSET(ProtocolDevice, node), 0, 0, NULL },
};
static const Field hotkey_fields[] = {
	{ "hotkey", TEXT, G_STRUCT_OFFSET(ProtocolHotkey, keys), 0, 0, NULL },
	{ "action", CHOICE, G_STRUCT_OFFSET(ProtocolHotkey, action), 0, 3, actions },
	{ "to", TEXT, G_STRUCT_OFFSET(ProtocolHotkey, to), 0, 0, NULL },
};

static gpointer add_guest(ProtocolSetup *setup, const char *name)
{
	return protocol_setup_add_guest(setup, name);
}

static gpointer add_device(ProtocolSetup *setup, const char *name)
{
	return protocol_setup_add_device(setup, name);
}

static gpointer add_hotkey(ProtocolSetup *setup, const char *keys)
{
	return protocol_setup_add_hotkey(setup, keys);
}

typedef struct {
	const Field *fields;
	guint n_fields;
	gsize offset; /* offset of the list in ProtocolSetup */
	gpointer (*add)(ProtocolSetup *setup, const char *name);
} List;

static const List lists[] = {
	{ guest_fields, G_N_ELEMENTS(guest_fields), G_STRUCT_OFFSET(ProtocolSetup, guests),
		add_guest },
	{ device_fields, G_N_ELEMENTS(device_fields), G_STRUCT_OFFSET(ProtocolSetup, devices),
		add_device },
	{ hotkey_fields, G_N_ELEMENTS(hotkey_fields), G_STRUCT_OFFSET(ProtocolSetup, hotkeys),
		add_hotkey },
};

const char *protocol_verb_name(ProtocolVerb verb)
{
	return verbs[verb].name;
}

const char *protocol_state_name(ProtocolState state)
{
	return states[state];
}

/* ---- formatting */

static void put_text(GString *out, const char *key, const char *value)
{
	const char *end = NULL;
	gsize start;

	g_string_append_printf(out, "%s=", key);
	start = out->len;
	g_utf8_validate(value, (gssize)MIN(strlen(value), PROTOCOL_VALUE_MAX), &end);
	g_string_append_len(out, value, end - value);
	for (char *c = out->str + start; *c != '\0'; c++)
		if ((guchar)*c < 0x20 || *c == 0x7f)
			*c = ' ';
	g_string_append_c(out, '\n');
}

static void put_ports(GString *out, const GArray *ports)
{
	for (guint i = 0; i < ports->len; i++)
		g_string_append_printf(out, "port=%u\n", g_array_index(ports, guint, i));
}

static void put_keep(GString *out, const ProtocolSetup *setup)
{
	for (guint i = 0; setup != NULL && i < setup->keep->len; i++)
		put_text(out, "keep", g_ptr_array_index(setup->keep, i));
}

static void put_field(GString *out, const Field *field, const void *from)
{
	const void *at = (const char *)from + field->offset;
	const char *text;

	switch (field->kind) {
	case TEXT:
		text = *(char *const *)at;
		if (text != NULL && *text != '\0')
			put_text(out, field->key, text);
		break;
	case UNSIGNED:
		g_string_append_printf(out, "%s=%u\n", field->key, *(const guint *)at);
		break;
	case SIGNED:
		g_string_append_printf(out, "%s=%d\n", field->key, *(const int *)at);
		break;
	case HEX:
		if (*(const int *)at >= 0)
			g_string_append_printf(
				out, "%s=%04x\n", field->key, *(const guint *)at & 0xffff);
		break;
	case CHOICE:
		put_text(out, field->key, field->names[*(const int *)at]);
		break;
	case PORTS:
		put_ports(out, *(GArray *const *)at);
		break;
	case KEEP:
		put_keep(out, *(ProtocolSetup *const *)at);
		break;
	}
}

static void put_setup(GString *out, const ProtocolSetup *setup)
{
	for (gsize l = 0; l < G_N_ELEMENTS(lists); l++) {
		const GPtrArray *entries = G_STRUCT_MEMBER(GPtrArray *, setup, lists[l].offset);

		for (guint i = 0; i < entries->len; i++)
			for (guint f = 0; f < lists[l].n_fields; f++)
				put_field(out, &lists[l].fields[f], g_ptr_array_index(entries, i));
	}
}

char *protocol_message_format(const ProtocolMessage *message, gsize *length, GError **error)
{
	const Verb *verb = &verbs[message->verb];
	GString *out = g_string_new(verb->name);

	g_string_append_c(out, '\n');
	for (guint f = 0; f < FIELDS; f++)
		if (((verb->needed | verb->allowed) & BIT(f)) != 0)
			put_field(out, &message_fields[f], message);
	if (message->setup != NULL)
		put_setup(out, message->setup);
	if (out->len > PROTOCOL_MESSAGE_MAX) {
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
			"the message \"%s\" has %" G_GSIZE_FORMAT " bytes, and may have %d",
			verb->name, out->len, PROTOCOL_MESSAGE_MAX);
		g_string_free(out, TRUE);
		return NULL;
	}
	*length = out->len;
	return g_string_free(out, FALSE);
}

/* ---- parsing */

/* The state of parsing a message. */
typedef struct {
	ProtocolMessage *message;
	guint32 seen;	  /* fields of the message */
	const List *list; /* the entry to which lines belong now; NULL: the message itself */
	gpointer entry;
	guint32 entry_seen;
} Reading;

static gboolean refuse(GError **error, const char *what, const char *text)
{
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "%s: \"%s\"", what, text);
	return FALSE;
}

static gboolean take_choice(const Field *field, const char *value, int *at)
{
	for (int i = 0; field->names[i] != NULL; i++)
		if (strcmp(field->names[i], value) == 0) {
			*at = i;
			return TRUE;
		}
	return FALSE;
}

static gboolean take_number(const Field *field, const char *value, gpointer at)
{
	gint64 number;
	guint64 hex;

	if (field->kind == HEX) {
		if (!g_ascii_string_to_unsigned(value, 16, 0, (guint64)field->max, &hex, NULL))
			return FALSE;
		*(int *)at = (int)hex;
		return TRUE;
	}
	if (!g_ascii_string_to_signed(value, 10, field->min, field->max, &number, NULL))
		return FALSE;
	if (field->kind == SIGNED)
		*(int *)at = (int)number;
	else
		*(guint *)at = (guint)number;
	return TRUE;
}

static gboolean take_port(const Field *field, const char *value, GArray *ports)
{
	guint port;

	if (ports->len >= PROTOCOL_LIST_MAX || !take_number(field, value, &port))
		return FALSE;
	g_array_append_val(ports, port);
	return TRUE;
}

static gboolean take_keep(const char *value, ProtocolSetup *setup)
{
	if (setup->keep->len >= PROTOCOL_LIST_MAX)
		return FALSE;
	g_ptr_array_add(setup->keep, g_strdup(value));
	return TRUE;
}

static gboolean take_field(const Field *field, const char *value, gpointer into)
{
	gpointer at = (char *)into + field->offset;

	switch (field->kind) {
	case TEXT:
		g_free(*(char **)at);
		*(char **)at = g_strdup(value);
		return *value != '\0';
	case CHOICE:
		return take_choice(field, value, at);
	case PORTS:
		return take_port(field, value, *(GArray **)at);
	case KEEP:
		return take_keep(value, *(ProtocolSetup **)at);
	default:
		return take_number(field, value, at);
	}
}

static const Field *find_field(const Field *fields, guint n, const char *key, guint *index)
{
	for (guint f = 0; f < n; f++)
		if (strcmp(fields[f].key, key) == 0) {
			*index = f;
			return &fields[f];
		}
	return NULL;
}

static gboolean begin_entry(Reading *reading, const List *list, const char *name)
{
	ProtocolSetup *setup = reading->message->setup;

	if (*name == '\0' ||
		G_STRUCT_MEMBER(GPtrArray *, setup, list->offset)->len >= PROTOCOL_LIST_MAX)
		return FALSE;
	reading->list = list;
	reading->entry = list->add(setup, name);
	reading->entry_seen = 0;
	return TRUE;
}

static gboolean take_in_entry(Reading *reading, const char *key, const char *value, GError **error)
{
	guint index;
	const Field *field =
		find_field(reading->list->fields, reading->list->n_fields, key, &index);

	if (field == NULL || (reading->entry_seen & BIT(index)) != 0)
		return refuse(error, "an unknown or duplicate key", key);
	reading->entry_seen |= BIT(index);
	return take_field(field, value, reading->entry) || refuse(error, "invalid value", value);
}

static gboolean take_in_message(
	Reading *reading, const char *key, const char *value, GError **error)
{
	const Verb *verb = &verbs[reading->message->verb];
	guint index;
	const Field *field = find_field(message_fields, FIELDS, key, &index);
	gboolean is_list = field != NULL && (field->kind == PORTS || field->kind == KEEP);

	if (field == NULL || ((verb->needed | verb->allowed) & BIT(index)) == 0 ||
		(!is_list && (reading->seen & BIT(index)) != 0))
		return refuse(error, "an unknown or duplicate key", key);
	reading->seen |= BIT(index);
	return take_field(field, value, reading->message) || refuse(error, "invalid value", value);
}

static gboolean take_line(Reading *reading, char *line, GError **error)
{
	char *value = strchr(line, '=');

	if (value == NULL)
		return refuse(error, "a line without \"=\"", line);
	*value++ = '\0';
	if (strlen(value) > PROTOCOL_VALUE_MAX)
		return refuse(error, "a value that is too long", line);
	if (reading->message->setup != NULL)
		for (gsize l = 0; l < G_N_ELEMENTS(lists); l++)
			if (strcmp(lists[l].fields[0].key, line) == 0)
				return begin_entry(reading, &lists[l], value) ||
				       refuse(error, "too many entries, or an entry without a name",
					       line);
	if (reading->list != NULL)
		return take_in_entry(reading, line, value, error);
	return take_in_message(reading, line, value, error);
}

static gboolean take_lines(Reading *reading, char **lines, GError **error)
{
	guint32 needed = verbs[reading->message->verb].needed;

	for (char **line = lines; *line != NULL; line++)
		if (**line != '\0' && !take_line(reading, *line, error))
			return FALSE;
	for (guint f = 0; f < FIELDS; f++)
		if ((needed & BIT(f) & ~reading->seen) != 0)
			return refuse(error, "a key is missing", message_fields[f].key);
	return TRUE;
}

static gboolean find_verb(const char *name, ProtocolVerb *verb)
{
	for (int v = 0; v < PROTOCOL_VERBS; v++)
		if (strcmp(verbs[v].name, name) == 0) {
			*verb = (ProtocolVerb)v;
			return TRUE;
		}
	return FALSE;
}

ProtocolMessage *protocol_message_parse(const char *packet, gsize length, GError **error)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	g_autoptr(ProtocolMessage) message = NULL;
	Reading reading = { 0 };
	ProtocolVerb verb;

	if (length > PROTOCOL_MESSAGE_MAX || !g_utf8_validate(packet, (gssize)length, NULL)) {
		refuse(error, "not a message", "too long, or not UTF-8");
		return NULL;
	}
	text = length > 0 ? g_strndup(packet, length) : g_strdup("");
	lines = g_strsplit(text, "\n", -1);
	if (lines[0] == NULL || !find_verb(lines[0], &verb)) {
		refuse(error, "an unknown message", lines[0] != NULL ? lines[0] : "");
		return NULL;
	}
	message = protocol_message_new(verb);
	reading.message = message;
	return take_lines(&reading, lines + 1, error) ? g_steal_pointer(&message) : NULL;
}
