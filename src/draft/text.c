/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/input.h"
#include "common/resource.h"
#include "display/show.h"
#include "draft/draft.h"
#include "draft/handover.h"
#include "draft/yaml-text.h"
#include "guest/advice.h"

#include <string.h>

/* -- comments --------------------------------------------------------------------------------- */

/* lines: any text; characters that cannot stand in a comment become '?'. */
static void append_comment(GString *out, const char *indent, const char *lines)
{
	g_auto(GStrv) list = lines != NULL ? g_strsplit(lines, "\n", -1) : NULL;

	for (char **line = list; line != NULL && *line != NULL; line++) {
		g_autofree char *valid = g_utf8_make_valid(*line, -1);

		g_string_append_printf(out, "%s# ", indent);
		for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
			gunichar c = g_utf8_get_char(p);

			g_string_append_unichar(out, g_unichar_isprint(c) ? c : '?');
		}
		g_string_append_c(out, '\n');
	}
}

static void append_notes(GString *out, const char *indent, const Draft *draft, gconstpointer item)
{
	append_comment(out, indent, g_hash_table_lookup(draft->notes, item));
}

/* -- guests ----------------------------------------------------------------------------------- */

static gboolean is_main(const ConfigGuest *guest)
{
	return g_str_equal(guest->name, DRAFT_ONLY_GUEST);
}

static gboolean usual_uri(const Config *config)
{
	return config->libvirt_uri == NULL || g_str_equal(config->libvirt_uri, CONFIG_URI_DEFAULT);
}

/* What a guest may ask for; nothing where the config does not say. */
static void append_targets(GString *out, const char *indent, GStrv targets)
{
	if (targets == NULL)
		return;
	g_string_append_printf(out, "%smay_switch_to: [", indent);
	for (char **target = targets; *target != NULL; target++) {
		if (target != targets)
			g_string_append(out, ", ");
		yaml_append_quoted(out, *target);
	}
	g_string_append(out, "]\n");
}

static void append_libvirt(GString *out, const Draft *draft)
{
	g_autofree char *virsh = advice_virsh(draft_uri(draft));
	g_autofree char *comment = g_strdup_printf(
		"The virtual machine, as `%s list --all` shows it.\nIt is called \"guest\" here: "
		"`hotseat switch guest` moves the seat to it.",
		virsh);
	const Config *config = draft->config;
	const ConfigGuest *main_guest = NULL;

	for (guint i = 0; i < config->guests->len; i++)
		if (is_main(config->guests->pdata[i]))
			main_guest = config->guests->pdata[i];
	if (main_guest == NULL && usual_uri(config))
		return;
	g_string_append(out, "\nlibvirt:\n");
	if (!usual_uri(config))
		yaml_append_text(out, "    ", "uri", config->libvirt_uri);
	if (main_guest == NULL)
		return;
	append_comment(out, "    ", comment);
	append_notes(out, "    ", draft, main_guest);
	yaml_append_text(out, "    ", "domain", main_guest->domain);
	append_targets(out, "    ", main_guest->may_switch_to);
	if (main_guest->follow)
		g_string_append(out, "    follow: true\n");
}

static void append_qemu(GString *out, const ConfigGuest *guest)
{
	if (guest->qmp == NULL)
		return;
	g_string_append(out, "      qemu:\n");
	yaml_append_text(out, "          ", "qmp", guest->qmp);
	if (guest->port != 0)
		g_string_append_printf(out, "          port: %u\n", guest->port);
}

static void append_guests(GString *out, const Draft *draft)
{
	const GPtrArray *guests = draft->config->guests;
	gboolean begun = FALSE;

	for (guint i = 0; i < guests->len; i++) {
		const ConfigGuest *guest = guests->pdata[i];

		if (is_main(guest))
			continue;
		if (!begun)
			g_string_append(out,
				"\n# Virtual machines: a name for `hotseat switch NAME`, and what "
				"libvirt calls them.\nguests:\n");
		begun = TRUE;
		append_notes(out, "    ", draft, guest);
		yaml_append_text(out, "    - ", "name", guest->name);
		yaml_append_text(out, "      ", "domain", guest->domain);
		append_qemu(out, guest);
		append_targets(out, "      ", guest->may_switch_to);
		if (guest->follow)
			g_string_append(out, "      follow: true\n");
	}
}

/* -- one command ------------------------------------------------------------------------------ */

static gboolean is_shell(GStrv argv)
{
	return g_strv_length(argv) == 3 && g_str_equal(argv[0], "/bin/sh") &&
	       g_str_equal(argv[1], "-c");
}

/* within: inside braces, where a comma would end unquoted text. */
static void append_run(GString *out, GStrv argv, gboolean within)
{
	if (is_shell(argv)) {
		(within ? yaml_append_quoted : yaml_append_scalar)(out, argv[2]);
		return;
	}
	g_string_append_c(out, '[');
	for (char **word = argv; *word != NULL; word++) {
		if (word != argv)
			g_string_append(out, ", ");
		yaml_append_quoted(out, *word);
	}
	g_string_append_c(out, ']');
}

/* Written behind "- " or "KEY: "; in the short form if that is enough. */
static void append_command(GString *out, const ConfigCommand *command)
{
	guint ms = command->timeout_ms;
	gboolean more = ms != DRAFT_TIMEOUT_MS || command->before_devices;

	if (more)
		g_string_append(out, "{run: ");
	append_run(out, command->argv, more);
	if (ms != DRAFT_TIMEOUT_MS)
		g_string_append_printf(out, ", timeout: %u.%03u", ms / 1000, ms % 1000);
	if (command->before_devices)
		g_string_append(out, ", before: devices");
	g_string_append(out, more ? "}\n" : "\n");
}

/* -- displays --------------------------------------------------------------------------------- */

/* The name that a config can use for a code of the usual feature, or NULL. */
static const char *short_name(guint8 feature, guint16 value)
{
	if (feature != CONFIG_FEATURE_INPUT)
		return NULL;
	for (const char *const *name = input_names(); *name != NULL; name++)
		if (input_code(*name) == value)
			return *name;
	return NULL;
}

static void append_input(
	GString *out, const char *indent, const ConfigDisplay *display, const char *target)
{
	const ConfigInput *input = draft_input(display, target);
	const char *name = short_name(display->feature.code, input->value);

	g_string_append(out, indent);
	yaml_append_scalar(out, target);
	if (name != NULL)
		g_string_append_printf(out, ": %s # 0x%02x\n", name, input->value);
	else
		g_string_append_printf(
			out, input->value > 0xff ? ": 0x%04x\n" : ": 0x%02x\n", input->value);
}

/* The targets of a display: "host" first, then the guests in their order. */
static GPtrArray *targets_of(const Config *config, const ConfigDisplay *display)
{
	GPtrArray *targets = g_ptr_array_new();

	if (draft_input(display, TARGET_HOST) != NULL)
		g_ptr_array_add(targets, (gpointer)TARGET_HOST);
	for (guint i = 0; i < config->guests->len; i++) {
		const ConfigGuest *guest = config->guests->pdata[i];

		if (draft_input(display, guest->name) != NULL)
			g_ptr_array_add(targets, guest->name);
	}
	return targets;
}

static gboolean is_simple(const GPtrArray *targets)
{
	for (guint i = 0; i < targets->len; i++)
		if (!g_str_equal(targets->pdata[i], TARGET_HOST) &&
			!g_str_equal(targets->pdata[i], DRAFT_ONLY_GUEST))
			return FALSE;
	return TRUE;
}

static void append_reads_as(GString *out, const ConfigDisplay *display, const GPtrArray *targets)
{
	gboolean begun = FALSE;

	for (guint i = 0; i < targets->len; i++) {
		const ConfigInput *input = draft_input(display, targets->pdata[i]);

		if (input->reads_as < 0)
			continue;
		if (!begun)
			g_string_append(out,
				"      # what it reports, if that differs from what was set\n"
				"      reads_as:\n");
		begun = TRUE;
		g_string_append(out, "          ");
		yaml_append_scalar(out, targets->pdata[i]);
		g_string_append_printf(out, ": 0x%02x\n", (guint)input->reads_as);
	}
}

static void append_inputs(GString *out, const Config *config, const ConfigDisplay *display)
{
	g_autoptr(GPtrArray) targets = targets_of(config, display);
	gboolean simple = is_simple(targets);

	if (!simple)
		g_string_append(out, "      inputs:\n");
	for (guint i = 0; i < targets->len; i++)
		append_input(out, simple ? "      " : "          ", display, targets->pdata[i]);
	append_reads_as(out, display, targets);
}

static void append_which(GString *out, const ConfigDisplay *display)
{
	if (display->match.bus >= 0) {
		g_string_append_printf(out, "      bus: %d\n", display->match.bus);
		return;
	}
	if (display->match.monitor != NULL) {
		yaml_append_text(out, "      ", "monitor", display->match.monitor);
		return;
	}
	g_string_append(out, "      monitor:\n");
	yaml_append_text(out, "          ", "manufacturer", display->match.manufacturer);
	yaml_append_text(out, "          ", "model", display->match.model);
	yaml_append_text(out, "          ", "serial", display->match.serial);
	if (display->match.number != 0)
		g_string_append_printf(out, "          number: %u\n", display->match.number);
	yaml_append_text(out, "          ", "connector", display->match.connector);
}

/* Settings that setup does not ask for, but that the config that it started from may have. */
static void append_ways_back(GString *out, const ConfigDisplay *display)
{
	if (display->n_ways > 0)
		g_string_append(out, "      return: [");
	for (guint i = 0; i < display->n_ways; i++)
		g_string_append_printf(out, "%s%s", return_way_names[display->ways[i]],
			i + 1 < display->n_ways ? ", " : "]\n");
	if (display->return_command != NULL) {
		g_string_append(out, "      return_command: ");
		append_command(out, display->return_command);
	}
}

/* The same for further features. */
static void append_also(GString *out, const ConfigDisplay *display)
{
	if (display->also != NULL && display->also->len > 0)
		g_string_append(out, "      also:\n");
	for (guint i = 0; display->also != NULL && i < display->also->len; i++) {
		const ConfigAlso *also = display->also->pdata[i];
		g_autoptr(GList) targets =
			g_list_sort(g_hash_table_get_keys(also->values), (GCompareFunc)g_strcmp0);

		g_string_append_printf(out,
			"          - feature: 0x%02x\n            source_address: 0x%02x\n"
			"            values:\n",
			also->feature.code, also->feature.source_address);
		for (const GList *target = targets; target != NULL; target = target->next) {
			guint value =
				GPOINTER_TO_UINT(g_hash_table_lookup(also->values, target->data));

			g_string_append(out, "                ");
			yaml_append_scalar(out, target->data);
			g_string_append_printf(out, ": 0x%02x\n", value);
		}
	}
}

static void append_display(GString *out, const Draft *draft, const ConfigDisplay *display)
{
	append_notes(out, "    ", draft, display);
	yaml_append_text(out, "    - ", "name", display->name);
	append_which(out, display);
	if (display->feature.code != CONFIG_FEATURE_INPUT)
		g_string_append_printf(out, "      feature: 0x%02x\n", display->feature.code);
	if (display->feature.source_address != CONFIG_SOURCE_ADDRESS)
		g_string_append_printf(
			out, "      source_address: 0x%02x\n", display->feature.source_address);
	append_inputs(out, draft->config, display);
	append_also(out, display);
	append_ways_back(out, display);
	if (display->optional)
		g_string_append(out, "      optional: true\n");
}

static void append_displays(GString *out, const Draft *draft)
{
	const GPtrArray *displays = draft->config->displays;

	if (displays->len == 0)
		return;
	g_string_append(out, "\n# The monitors that move, and the input that each computer is "
			     "plugged into: a name "
			     "such\n# as dp1, hdmi2, usbc, or the number that the monitor has for "
			     "it.\ndisplays:\n");
	for (guint i = 0; i < displays->len; i++)
		append_display(out, draft, displays->pdata[i]);
}

/* -- devices ---------------------------------------------------------------------------------- */

static void append_device_guests(GString *out, GStrv guests)
{
	if (guests == NULL)
		return;
	g_string_append(out, "      guests:\n");
	for (char **guest = guests; *guest != NULL; guest++) {
		g_string_append(out, "          - ");
		yaml_append_scalar(out, *guest);
		g_string_append_c(out, '\n');
	}
}

static void append_device(GString *out, const Draft *draft, const ConfigDevice *device)
{
	append_notes(out, "    ", draft, device);
	yaml_append_text(out, "    - ", "name", device->name);
	if (device->vendor >= 0)
		g_string_append_printf(out, "      vendor: 0x%04x\n      product: 0x%04x\n",
			(guint)device->vendor, (guint)device->product);
	yaml_append_text(out, "      ", "serial", device->serial);
	yaml_append_text(out, "      ", "port", device->port);
	yaml_append_text(out, "      ", "hub", device->hub);
	yaml_append_text(
		out, "      ", "input", device->node != NULL ? device->node : device->input);
	yaml_append_text(out, "      ", "uniq", device->uniq);
	if (device->via != VIA_USB)
		yaml_append_text(out, "      ", "via", device_via_names[device->via]);
	if (device->optional)
		g_string_append(out, "      optional: true\n");
	append_device_guests(out, device->guests);
}

static void append_devices(GString *out, const Draft *draft)
{
	const GPtrArray *devices = draft->config->devices;

	if (devices->len == 0)
		return;
	g_string_append(out,
		"\n# The devices that move. `hotseat detect` shows their numbers, serials and "
		"ports.\n# A switch succeeds without one that is optional.\ndevices:\n");
	for (guint i = 0; i < devices->len; i++)
		append_device(out, draft, devices->pdata[i]);
}

/* -- commands --------------------------------------------------------------------------------- */

static void append_commands(GString *out, const Config *config)
{
	g_autoptr(GHashTable) done = g_hash_table_new(g_str_hash, g_str_equal);
	const GPtrArray *commands = config->commands;

	if (commands->len > 0)
		g_string_append(out,
			"\n# Commands that run when the seat goes to the target.\ncommands:\n");
	for (guint i = 0; i < commands->len; i++) {
		const ConfigCommand *first = commands->pdata[i];

		if (!g_hash_table_add(done, first->target))
			continue;
		g_string_append(out, "    ");
		yaml_append_scalar(out, first->target);
		g_string_append(out, ":\n");
		for (guint j = i; j < commands->len; j++) {
			const ConfigCommand *command = commands->pdata[j];

			if (!g_str_equal(command->target, first->target))
				continue;
			g_string_append(out, "        - ");
			append_command(out, command);
		}
	}
}

/* -- http ------------------------------------------------------------------------------------- */

static void append_security(GString *out, const Config *config, DraftSecret secret)
{
	g_string_append(out, "    security:\n");
	if (!config->http_security) {
		g_string_append(out, "        enabled: false\n");
	} else if (config->http_secret == NULL) {
		/* the guests' secrets, in separate files */
		g_string_append(out, "        enabled: true\n");
	} else if (secret == DRAFT_SECRET_WITHIN) {
		yaml_append_text(out, "        ", "secret", config->http_secret);
	} else {
		append_comment(out, "        ",
			"beside this file; keep it private, because it can switch");
		yaml_append_text(out, "        ", "secret_file", DRAFT_SECRET_NAME);
	}
}

static void append_tls(GString *out, const Config *config)
{
	if (config->http_certificate.path == NULL)
		return;
	append_comment(out, "    ",
		"`hotseat certificate show` has the fingerprint that clients know it by");
	g_string_append(out, "    tls:\n");
	yaml_append_text(out, "        ", "certificate", config->http_certificate.path);
	yaml_append_text(out, "        ", "key", config->http_key.path);
}

static void append_http(GString *out, const Config *config, DraftSecret secret)
{
	g_autofree char *address = NULL;

	if (config->http_host == NULL)
		return;
	address = g_strdup_printf(strchr(config->http_host, ':') != NULL ? "[%s]:%u" : "%s:%u",
		config->http_host, config->http_port);
	g_string_append(out, "\n# Where a guest can request a switch over the network, with its "
			     "secret.\nhttp:\n");
	if (!config->http)
		g_string_append(out, "    enabled: false\n");
	yaml_append_text(out, "    ", "address", address);
	append_security(out, config, secret);
	append_tls(out, config);
}

char *draft_text(const Draft *draft, DraftSecret secret)
{
	GString *out = g_string_new(
		"# The configuration of hotseat, written by `hotseat setup`. Every key is in "
		"hotseat.yaml(5).\n"
		"# After a change: `hotseat check-config`, then reload hotseatd.\n");

	append_libvirt(out, draft);
	append_guests(out, draft);
	append_displays(out, draft);
	append_devices(out, draft);
	append_handover(out, draft->config);
	append_commands(out, draft->config);
	append_http(out, draft->config, secret);
	if (!draft->config->check_guest)
		g_string_append(out, "\nkvm:\n    # switch to a guest even when it does not run\n"
				     "    checkguest: false\n");
	return g_string_free(out, FALSE);
}
