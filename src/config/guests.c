/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/resource.h"
#include "config/reader.h"
#include "input/protocol.h"

/* what virtkvm's clients call the guest of libvirt.domain */
#define GUEST_NAME "guest"

static void read_uri(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	const char *text = node_text(node);

	/* a URI without "://" is an alias from libvirt.conf */
	if (text != NULL && strchr(text, ':') != NULL && strstr(text, "://") == NULL)
		reader_expected(reader, field->key, "a libvirt URI such as " CONFIG_URI_DEFAULT,
			node, NULL);
	else
		reader_text(reader, field, node, out);
}

static void add_guest(ConfigReader *reader, yaml_node_t *node, ConfigGuest *guest)
{
	g_hash_table_insert(reader->nodes, guest, node);
	g_ptr_array_add(reader->config->guests, guest);
}

/* libvirt: domain: the guest called "guest" */
static void read_domain(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	ConfigGuest *guest = g_new0(ConfigGuest, 1);

	/* the guest exists even if its domain is invalid, so references to it are correct */
	guest->name = g_strdup(GUEST_NAME);
	guest->domain = reader_take_text(reader, field->key, node);
	add_guest(reader, node, guest);
}

static void read_may_switch_to(
	ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	ConfigGuest *guest = out;

	/* an empty "may_switch_to:" does not mean an empty list */
	if (node_is_null(node)) {
		reader_expected(reader, field->key, "a list of targets", node, "write [host]");
		return;
	}
	g_strfreev(guest->may_switch_to);
	guest->may_switch_to = reader_take_names(reader, field->key, "targets", TRUE, node);
}

/* The same for the guest of libvirt.domain, which has been read. */
static void read_domain_targets(
	ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	GPtrArray *guests = reader->config->guests;

	if (guests->len > 0)
		read_may_switch_to(reader, field, node, guests->pdata[0]);
	else
		reader_error(reader, node,
			"may_switch_to: it applies to the guest of \"domain\", which is missing "
			"here; write it under \"guests\"");
}

static const Field follow_field = { .key = "follow", FIELD_MEMBER(ConfigGuest, follow) };

static void read_domain_follow(
	ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	GPtrArray *guests = reader->config->guests;

	if (guests->len > 0)
		reader_bool(reader, &follow_field, node, guests->pdata[0]);
	else
		reader_error(reader, node,
			"follow: it applies to the guest of \"domain\", which is missing here; "
			"write it under \"guests\"");
}

const Field libvirt_fields[] = {
	{ "uri", read_uri, FIELD_MEMBER(Config, libvirt_uri), .also = "url|connection|connect" },
	{ "domain", read_domain, .also = "guest|vm|name|domains" },
	{ "may_switch_to", read_domain_targets, .also = "targets|allow|rights" },
	{ "follow", read_domain_follow, .also = "onstart|autoswitch" },
	{ .key = NULL },
};

void read_libvirt(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	guint before = reader->errors;

	reader_section(reader, field, node, out);
	reader->guests_unsure |=
		reader->errors > before && reader_find(reader, node, "domain") == NULL;
}

static void read_guest_name(
	ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	static const char *const taken[] = { TARGET_HOST, TARGET_SELF, "toggle", NULL };
	const char *text = node_text(node);

	if (text != NULL && g_strv_contains(taken, text))
		reader_error(reader, node,
			"name: a guest cannot be called \"%s\"; choose another name", text);
	else if (text != NULL && *text == '-')
		reader_error(reader, node, "name: a guest's name cannot begin with \"-\"");
	else
		reader_text(reader, field, node, out);
}

/* A path beside the config may be relative. */
static void read_qmp(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	ConfigGuest *guest = out;
	g_autofree char *path = reader_take_text(reader, field->key, node);

	if (path == NULL)
		return;
	g_free(guest->qmp);
	guest->qmp = config_beside(reader->path, path);
}

static const Field qemu_fields[] = {
	{ "qmp", read_qmp, .required = TRUE, .also = "socket|monitor|path" },
	{ "port", reader_number, FIELD_MEMBER(ConfigGuest, port), .min = PROTOCOL_PORT_FIRST,
		.max = PROTOCOL_PORT_LAST },
	{ .key = NULL },
};

const Field guest_fields[] = {
	{ "name", read_guest_name, FIELD_MEMBER(ConfigGuest, name) },
	{ "domain", reader_text, FIELD_MEMBER(ConfigGuest, domain), .also = "vm|guest" },
	{ "qemu", reader_section, .fields = qemu_fields },
	{ "may_switch_to", read_may_switch_to, .also = "targets|allow|rights" },
	{ "follow", reader_bool, FIELD_MEMBER(ConfigGuest, follow), .also = "onstart|autoswitch" },
	{ .key = NULL },
};

/* A guest needs either a domain or qmp. */
static void check_kind(ConfigReader *reader, yaml_node_t *node)
{
	gboolean domain = !reader_is_missing(reader, node, "domain");
	const yaml_node_t *qemu = reader_find(reader, node, "qemu");

	if (!domain && reader_is_missing(reader, node, "qemu"))
		reader_error(reader, node, "guest: missing key \"domain\"");
	else if (domain && qemu != NULL)
		reader_error(reader, qemu,
			"qemu: there is a \"domain\" too, whose QMP socket libvirt uses; keep one");
	else if (qemu != NULL && reader_is_missing(reader, node, "name"))
		reader_error(reader, node, "guest: missing key \"name\"");
}

static void read_guest(ConfigReader *reader, yaml_node_t *node, gpointer data)
{
	ConfigGuest *guest;
	guint before = reader->errors;

	if (node_text(node) != NULL && !node_is_null(node)) {
		g_autofree char *hint = g_strdup_printf("write - domain: %s", node_text(node));

		reader_expected(reader, "guests", "\"key: value\" lines", node, hint);
		reader->guests_unsure = TRUE;
		return;
	}
	guest = g_new0(ConfigGuest, 1);
	if (reader_fields(reader, guest_fields, "guest", node, guest))
		check_kind(reader, node);
	reader->guests_unsure |= reader->errors > before;
	if (guest->name == NULL)
		guest->name = g_strdup(guest->domain);
	if (guest->name != NULL) {
		add_guest(reader, node, guest);
		return;
	}
	config_guest_free(guest);
}

void read_guests(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	reader_list(reader, field->key, "guests", node, read_guest, NULL);
	reader->guests_unsure |= node->type != YAML_SEQUENCE_NODE && !node_is_null(node);
}
