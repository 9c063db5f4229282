/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/reader.h"
#include "config/uri.h"

/* --- guests --- */

static void check_guests(ConfigReader *reader)
{
	const GPtrArray *guests = reader->config->guests;
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) domains = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < guests->len; i++) {
		ConfigGuest *guest = guests->pdata[i];
		const yaml_node_t *node = g_hash_table_lookup(reader->nodes, guest);
		const ConfigGuest *other;

		if (!g_hash_table_insert(names, guest->name, guest))
			reader_error(reader, node,
				"another guest is called \"%s\"; choose another name", guest->name);
		if (guest->domain == NULL)
			continue;
		other = g_hash_table_lookup(domains, guest->domain);
		if (other != NULL)
			reader_error(reader, node,
				"the domain %s is already the guest \"%s\"; delete one",
				guest->domain, other->name);
		else
			g_hash_table_insert(domains, guest->domain, guest);
	}
}

/* --- guests that run without libvirt --- */

static gboolean goes_to(const ConfigDevice *device, const ConfigGuest *guest)
{
	return device->guests == NULL ||
	       g_strv_contains((const char *const *)device->guests, guest->name);
}

static void check_qemu_port(ConfigReader *reader, const ConfigGuest *guest)
{
	const GPtrArray *guests = reader->config->guests;
	yaml_node_t *node = g_hash_table_lookup(reader->nodes, guest);

	for (guint i = 0; i < guests->len; i++) {
		const ConfigGuest *other = guests->pdata[i];

		if (other != guest && other->port == guest->port && guest->port != 0) {
			reader_error(reader, reader_find(reader, node, "qemu"),
				"port: the guest \"%s\" uses it too; choose another", other->name);
			return;
		}
	}
}

/* Its command line names the port: hotseatd cannot choose one. */
static void check_qemu(ConfigReader *reader, const ConfigGuest *guest)
{
	const GPtrArray *devices = reader->config->devices;
	yaml_node_t *node = g_hash_table_lookup(reader->nodes, guest);
	gboolean forwarded = FALSE;

	if (guest->qmp == NULL)
		return;
	for (guint i = 0; i < devices->len; i++) {
		const ConfigDevice *device = devices->pdata[i];
		gboolean named = device->guests != NULL && goes_to(device, guest);

		forwarded |= device->via == VIA_INPUT && goes_to(device, guest);
		if (device->via == VIA_USB && named)
			reader_error(reader, g_hash_table_lookup(reader->nodes, device),
				"guests: \"%s\" runs without libvirt, which attaches USB devices; "
				"add \"via: input\", or leave it out",
				guest->name);
	}
	if (forwarded && guest->port == 0 && reader->errors == 0)
		reader_error(reader, reader_find(reader, node, "qemu"),
			"qemu: missing key \"port\", the port of the usb-redir device on QEMU's "
			"command line");
	check_qemu_port(reader, guest);
}

gboolean config_needs_libvirt(const Config *config)
{
	for (guint i = 0; i < config->guests->len; i++)
		if (((const ConfigGuest *)config->guests->pdata[i])->qmp == NULL)
			return TRUE;
	return config_has_via(config, VIA_USB) ||
	       (config->guests->len == 0 && config->devices->len > 0);
}

/* Can the device move to a guest that libvirt runs? */
static gboolean needs_guest(const Config *config, const ConfigDevice *device)
{
	for (guint i = 0; i < config->guests->len; i++) {
		const ConfigGuest *guest = config->guests->pdata[i];

		if (guest->qmp == NULL && goes_to(device, guest))
			return TRUE;
	}
	return device->via == VIA_USB;
}

/* A device is attached to a guest by its address on this machine, and QEMU connects to
 * hotseat-inputd on this machine. */
static void check_machine(ConfigReader *reader, const yaml_node_t *libvirt)
{
	const Config *config = reader->config;
	g_autofree char *machine =
		config->libvirt_uri != NULL ? uri_machine(config->libvirt_uri) : NULL;

	for (guint i = 0; machine != NULL && i < config->devices->len; i++) {
		if (!needs_guest(config, config->devices->pdata[i]))
			continue;
		reader_error(reader, reader_find(reader, libvirt, "uri"),
			"uri: guests on \"%s\" cannot get devices of this machine; run hotseatd "
			"there, or delete \"devices\"",
			machine);
		return;
	}
}

/* libvirt without a domain is for guests in the list "guests". */
static void check_libvirt(ConfigReader *reader)
{
	const yaml_node_t *root = yaml_document_get_root_node(reader->document);
	const yaml_node_t *libvirt = reader_find(reader, root, "libvirt");
	Config *config = reader->config;

	if (reader_find(reader, root, "libvirt") == NULL)
		reader->guests_unsure |= !reader_is_missing(reader, root, "libvirt");
	if (reader_find(reader, root, "guests") == NULL)
		reader->guests_unsure |= !reader_is_missing(reader, root, "guests");
	if (libvirt != NULL && config->guests->len == 0 && !reader->guests_unsure &&
		reader_is_missing(reader, root, "guests"))
		reader_error(reader, libvirt,
			"libvirt: missing key \"domain\", the guest's name in `virsh -c %s list "
			"--all`",
			config->libvirt_uri != NULL ? config->libvirt_uri : CONFIG_URI_DEFAULT);
	if (config_needs_libvirt(config) && config->libvirt_uri == NULL)
		config->libvirt_uri = g_strdup(CONFIG_URI_DEFAULT);
	check_machine(reader, libvirt);
}

/* --- the same thing twice --- */

static const char *or_empty(const char *text)
{
	return text != NULL ? text : "";
}

static char *describe_device(gconstpointer data)
{
	const ConfigDevice *device = data;

	return g_strdup_printf("%d\n%d\n%s\n%s\n%s\n%s\n%s\n%s", device->vendor, device->product,
		or_empty(device->serial), or_empty(device->port), or_empty(device->hub),
		or_empty(device->input), or_empty(device->uniq), or_empty(device->node));
}

static char *describe_display(gconstpointer data)
{
	const ConfigDisplay *display = data;

	return g_strdup_printf("%d\n%d\n%u\n%s\n%s\n%s\n%s\n%s", display->feature.code,
		display->match.bus, display->match.number, or_empty(display->match.monitor),
		or_empty(display->match.manufacturer), or_empty(display->match.model),
		or_empty(display->match.serial), or_empty(display->match.connector));
}

typedef char *(*Describe)(gconstpointer item);

static void check_twins(ConfigReader *reader, const GPtrArray *items, Describe describe,
	const char *what, const char *hint)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < items->len; i++) {
		yaml_node_t *node = g_hash_table_lookup(reader->nodes, items->pdata[i]);
		char *description = describe(items->pdata[i]);
		const yaml_node_t *first = g_hash_table_lookup(seen, description);

		/* entries with errors might look identical */
		if (g_hash_table_contains(reader->broken, items->pdata[i])) {
			g_free(description);
			continue;
		}
		if (first != NULL)
			reader_error(reader, node, "%s: the same as in line %zu; %s", what,
				first->start_mark.line + 1, hint);
		g_hash_table_insert(seen, description, first != NULL ? (gpointer)first : node);
	}
}

/* --- names --- */

static void check_names(
	ConfigReader *reader, const GPtrArray *items, gsize offset, GHashTable *names)
{
	for (guint i = 0; i < items->len; i++) {
		char *name = *(char **)((char *)items->pdata[i] + offset);
		yaml_node_t *node = g_hash_table_lookup(reader->nodes, items->pdata[i]);

		if (name != NULL && !g_hash_table_add(names, g_strdup(name)))
			reader_error(reader, reader_find(reader, node, "name"),
				"name: \"%s\" is already used", name);
	}
}

static char *name_device(gconstpointer data, guint number)
{
	const ConfigDevice *device = data;

	if (device->vendor >= 0)
		return g_strdup_printf("%04x:%04x", device->vendor, device->product);
	if (device->input != NULL)
		return g_strdup(device->input);
	if (device->hub != NULL)
		return g_strdup_printf("hub %s", device->hub);
	return g_strdup_printf("device %u", number);
}

static char *name_display(gconstpointer data, guint number)
{
	const ConfigDisplay *display = data;
	const char *parts[] = { display->match.manufacturer, display->match.model,
		display->match.serial, display->match.connector };
	GString *name = g_string_new(display->match.monitor);

	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
		if (parts[i] != NULL)
			g_string_append_printf(name, "%s%s", name->len > 0 ? " " : "", parts[i]);
	if (name->len == 0)
		g_string_printf(name, "display %u", number);
	return g_string_free(name, FALSE);
}

typedef char *(*MakeName)(gconstpointer item, guint number);

static void make_names(GPtrArray *items, gsize offset, GHashTable *names, MakeName make)
{
	for (guint i = 0; i < items->len; i++) {
		char **name = (char **)((char *)items->pdata[i] + offset);
		g_autofree char *base = NULL;

		if (*name != NULL)
			continue;
		base = make(items->pdata[i], i + 1);
		*name = g_strdup(base);
		for (guint n = 2; !g_hash_table_add(names, g_strdup(*name)); n++) {
			g_free(*name);
			*name = g_strdup_printf("%s (%u)", base, n);
		}
	}
}

static void name_all(ConfigReader *reader, GPtrArray *items, gsize offset, MakeName make)
{
	g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	check_names(reader, items, offset, names);
	make_names(items, offset, names, make);
}

/* --- displays --- */

/* host and guest have the same input, so nothing would switch */
static void warn_same_input(ConfigReader *reader, const ConfigDisplay *display)
{
	yaml_node_t *node = g_hash_table_lookup(reader->nodes, display);
	const ConfigInput *host = g_hash_table_lookup(display->inputs, "host");
	GHashTableIter iter;
	gpointer target, input;

	g_hash_table_iter_init(&iter, display->inputs);
	while (host != NULL && !g_hash_table_contains(reader->broken, display) &&
		g_hash_table_iter_next(&iter, &target, &input))
		if (input != host && ((const ConfigInput *)input)->value == host->value)
			reader_warning(reader, node,
				"display: the host and %s have the same input, 0x%02x; one of them "
				"is "
				"wrong",
				(const char *)target, host->value);
}

/* Without HTTP an agent cannot connect, so it cannot be a way back. */
static void warn_no_http(ConfigReader *reader, const ConfigDisplay *display)
{
	yaml_node_t *node = g_hash_table_lookup(reader->nodes, display);

	for (guint i = 0; i < display->n_ways; i++)
		if (display->ways[i] == RETURN_AGENT && !reader->config->http &&
			reader->errors == 0)
			reader_warning(reader, reader_find(reader, node, "return"),
				"return: agents connect over HTTP, which is disabled; add "
				"\"http\"");
}

void check_config(ConfigReader *reader)
{
	Config *config = reader->config;

	check_libvirt(reader);
	check_guests(reader);
	references_check(reader);
	check_twins(reader, config->devices, describe_device, "device",
		"tell them apart by \"serial\" or \"port\"");
	check_hubs(reader);
	check_twins(reader, config->displays, describe_display, "display",
		"tell them apart by \"serial\" or \"connector\" under \"monitor\"");
	for (guint i = 0; i < config->displays->len; i++)
		warn_same_input(reader, config->displays->pdata[i]);
	for (guint i = 0; i < config->displays->len; i++)
		warn_no_http(reader, config->displays->pdata[i]);
	for (guint i = 0; i < config->guests->len; i++)
		check_qemu(reader, config->guests->pdata[i]);
	check_hotkeys(reader);
	name_all(reader, config->devices, offsetof(ConfigDevice, name), name_device);
	name_all(reader, config->displays, offsetof(ConfigDisplay, name), name_display);
	if (reader->errors == 0 &&
		(config->guests->len == 0 ||
			config->displays->len + config->devices->len + config->commands->len == 0))
		reader_warning(
			reader, NULL, "nothing to switch; add a guest, displays and devices");
}
