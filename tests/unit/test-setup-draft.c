/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What setup writes: its own reader has to read in it what was meant.
 */
#include <string.h>

#include "draft/draft.h"

/* -- comparing -------------------------------------------------------------------------------- */

static void assert_inputs(GHashTable *a, GHashTable *b)
{
	GHashTableIter iter;
	gpointer target, value;

	g_assert_cmpuint(g_hash_table_size(a), ==, g_hash_table_size(b));
	g_hash_table_iter_init(&iter, a);
	while (g_hash_table_iter_next(&iter, &target, &value)) {
		const ConfigInput *x = value, *y = g_hash_table_lookup(b, target);

		g_assert_nonnull(y);
		g_assert_cmphex(x->value, ==, y->value);
		g_assert_cmpint(x->reads_as, ==, y->reads_as);
	}
}

static void assert_command(const ConfigCommand *a, const ConfigCommand *b)
{
	g_assert_cmpstr(a->target, ==, b->target);
	g_assert_cmpstrv(a->argv, b->argv);
	g_assert_cmpuint(a->timeout_ms, ==, b->timeout_ms);
	g_assert_cmpint(a->before_devices, ==, b->before_devices);
}

static void assert_display(const ConfigDisplay *a, const ConfigDisplay *b)
{
	g_assert_cmpstr(a->name, ==, b->name);
	g_assert_cmpint(a->match.bus, ==, b->match.bus);
	g_assert_cmpstr(a->match.monitor, ==, b->match.monitor);
	g_assert_cmpstr(a->match.manufacturer, ==, b->match.manufacturer);
	g_assert_cmpstr(a->match.model, ==, b->match.model);
	g_assert_cmpstr(a->match.serial, ==, b->match.serial);
	g_assert_cmpstr(a->match.connector, ==, b->match.connector);
	g_assert_cmpuint(a->match.number, ==, b->match.number);
	g_assert_cmphex(a->feature.code, ==, b->feature.code);
	g_assert_cmphex(a->feature.source_address, ==, b->feature.source_address);
	g_assert_cmpint(a->optional, ==, b->optional);
	assert_inputs(a->inputs, b->inputs);
	g_assert_cmpuint(a->n_ways, ==, b->n_ways);
	for (guint i = 0; i < a->n_ways; i++)
		g_assert_cmpint(a->ways[i], ==, b->ways[i]);
	g_assert_cmpint(a->return_command == NULL, ==, b->return_command == NULL);
	if (a->return_command != NULL)
		assert_command(a->return_command, b->return_command);
}

static void assert_device(const ConfigDevice *a, const ConfigDevice *b)
{
	g_assert_cmpstr(a->name, ==, b->name);
	g_assert_cmpint(a->vendor, ==, b->vendor);
	g_assert_cmpint(a->product, ==, b->product);
	g_assert_cmpstr(a->serial, ==, b->serial);
	g_assert_cmpstr(a->port, ==, b->port);
	g_assert_cmpint(a->via, ==, b->via);
	g_assert_cmpstr(a->input, ==, b->input);
	g_assert_cmpstr(a->uniq, ==, b->uniq);
	g_assert_cmpstr(a->node, ==, b->node);
	g_assert_cmpint(a->optional, ==, b->optional);
	g_assert_cmpint(a->guests == NULL, ==, b->guests == NULL);
	if (a->guests != NULL)
		g_assert_cmpstrv(a->guests, b->guests);
}

static void assert_guest(const ConfigGuest *a, const ConfigGuest *b)
{
	g_assert_cmpstr(a->name, ==, b->name);
	g_assert_cmpstr(a->domain, ==, b->domain);
	g_assert_cmpstr(a->qmp, ==, b->qmp);
	g_assert_cmpuint(a->port, ==, b->port);
	g_assert_cmpint(a->follow, ==, b->follow);
	g_assert_cmpint(a->may_switch_to == NULL, ==, b->may_switch_to == NULL);
	if (a->may_switch_to != NULL)
		g_assert_cmpstrv(a->may_switch_to, b->may_switch_to);
}

/* The draft sorts hotkeys by what they are for. */
static void assert_hotkeys(const GPtrArray *a, const GPtrArray *b)
{
	g_assert_cmpuint(a->len, ==, b->len);
	for (guint i = 0; i < a->len; i++) {
		const ConfigHotkey *x = a->pdata[i];
		guint found = 0;

		for (guint j = 0; j < b->len; j++) {
			const ConfigHotkey *y = b->pdata[j];

			found += x->action == y->action && g_strcmp0(x->to, y->to) == 0 &&
				 g_str_equal(x->keys, y->keys);
		}
		g_assert_cmpuint(found, ==, 1);
	}
}

static void assert_key(const char *a, const char *b)
{
	g_assert_cmpstr(a, ==, b);
}

#define ASSERT_ALL(a, b, list, compare)                                                            \
	do {                                                                                       \
		g_assert_cmpuint((a)->list->len, ==, (b)->list->len);                              \
		for (guint i = 0; i < (a)->list->len; i++)                                         \
			compare((a)->list->pdata[i], (b)->list->pdata[i]);                         \
	} while (0)

static void assert_config(const Config *a, const Config *b)
{
	ASSERT_ALL(a, b, guests, assert_guest);
	ASSERT_ALL(a, b, displays, assert_display);
	ASSERT_ALL(a, b, devices, assert_device);
	ASSERT_ALL(a, b, commands, assert_command);
	assert_hotkeys(a->hotkeys, b->hotkeys);
	ASSERT_ALL(a, b, keep, assert_key);
	g_assert_cmpint(a->unresponsive, ==, b->unresponsive);
	g_assert_cmpint(a->reports, ==, b->reports);
	g_assert_cmpint(a->check_guest, ==, b->check_guest);
	g_assert_cmpstr(a->libvirt_uri, ==, b->libvirt_uri);
	g_assert_cmpstr(a->http_host, ==, b->http_host);
	if (a->http_host == NULL)
		return;
	g_assert_cmpint(a->http, ==, b->http);
	g_assert_cmpuint(a->http_port, ==, b->http_port);
	g_assert_cmpint(a->http_security, ==, b->http_security);
	g_assert_cmpstr(a->http_secret, ==, b->http_secret);
	g_assert_cmpstr(a->http_certificate.path, ==, b->http_certificate.path);
	g_assert_cmpstr(a->http_key.path, ==, b->http_key.path);
}

/* errors and warnings: how many of them may be in the text */
static Config *parse(const char *text, guint warnings)
{
	g_autoptr(GPtrArray) problems = config_problems_new();
	Config *config = config_parse("written.yaml", text, strlen(text), problems);

	for (guint i = 0; i < problems->len; i++) {
		g_autofree char *line = config_problem_format("written.yaml", problems->pdata[i]);

		g_test_message("%s", line);
	}
	if (config == NULL || problems->len > warnings)
		g_test_message("%s", text);
	g_assert_nonnull(config);
	g_assert_cmpuint(problems->len, <=, warnings);
	return config;
}

/* -- tests ------------------------------------------------------------------------------------ */

/* Every config of the golden files that can be used comes back as it was. */
static void test_golden(void)
{
	g_autofree char *folder = g_build_filename(g_getenv("G_TEST_SRCDIR"), "../config", NULL);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	guint count = 0;
	const char *name;

	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_autoptr(GPtrArray) problems = config_problems_new();
		g_autoptr(Draft) draft = NULL;
		g_autoptr(Config) again = NULL;
		g_autofree char *text = NULL;
		Config *config;

		if (!g_str_has_suffix(name, ".yaml") ||
			(config = config_load(path, problems)) == NULL)
			continue;
		g_test_message("%s", name);
		draft = draft_take(config);
		if (config->guests->len == 0)
			continue; /* nothing to switch: setup does not write that */
		text = draft_text(draft, DRAFT_SECRET_WITHIN);
		again = parse(text, problems->len);
		assert_config(config, again);
		count++;
	}
	g_assert_cmpuint(count, >=, 5);
}

/* Text that YAML would take for something else, or that would break out of its place. */
static const char *const hostile[] = { "yes", "No", "null", "~", "on", "12", "0x11", "1_0", "1e3",
	"a: b", "a #b", "#a", "- a", "-a", "[a", "{a}", "&a", "*a", "!a", "%a", "@a", "`a", "|",
	">", "'", "\"", "a\"b", "a\\b", "a'b", " a ", "a ", "a:", ":a", "?", "? a", ",", "---",
	"...", "Grüße", "日本語", "\xf0\x9f\x96\xa5",
	"a\xc2\xa0"
	"b",
	"\xe2\x80\xae"
	"a",
	"<<", "=", "y", "2001-01-01", "1:30", ".inf", "guest\"\n: x" };

static void fill(Draft *draft, const char *text)
{
	ConfigDisplay *display = draft_add_display(draft, text);
	ConfigDevice *device = draft_add_device(draft, text);
	ConfigCommand *command = g_new0(ConfigCommand, 1);
	const char *const argv[] = { "echo", text, "", "line\nline\ttab\x01", NULL };

	draft_add_guest(draft, "guest", text)->follow = TRUE;
	draft_add_guest(draft, "other", "other")->follow = TRUE;
	display->match.monitor = g_strdup(text);
	draft_set_input(display, "host", 0x0f, -1);
	draft_set_input(display, "guest", 0x11, 0x05);
	draft_note(draft, display, "a note: %s\nand \x07", text);
	device->serial = g_strdup(text);
	device->optional = TRUE;
	draft_note(draft, device, "\xff%s", text);
	command->target = g_strdup("guest");
	command->label = g_strdup("echo");
	command->argv = g_strdupv((char **)argv);
	command->timeout_ms = 100;
	command->before_devices = TRUE;
	g_ptr_array_add(draft->config->commands, command);
}

static void test_hostile(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(hostile); i++) {
		g_autoptr(Draft) draft = draft_new();
		g_autoptr(Config) again = NULL;
		g_autofree char *text = NULL;

		if (!draft_can_say(hostile[i]))
			continue;
		fill(draft, hostile[i]);
		draft->config->libvirt_uri = g_strdup("qemu:///system");
		text = draft_text(draft, DRAFT_SECRET_WITHIN);
		again = parse(text, 0);
		assert_config(draft->config, again);
	}
}

/* Guests' names are keys of mappings, and words of the command line. */
static void test_guests(void)
{
	g_autoptr(Draft) draft = draft_new();
	g_autoptr(Config) again = NULL;
	g_autofree char *text = NULL;
	ConfigDisplay *display = draft_add_display(draft, "d");
	ConfigDevice *device = draft_add_device(draft, "k");
	const char *const names[] = { "yes", "win 10: \"x\"", NULL };

	draft_add_guest(draft, "yes", "win10");
	draft_add_guest(draft, "win 10: \"x\"", "win11");
	draft_add_guest(draft, "guest", "debian");
	g_ptr_array_insert(
		draft->config->guests, 0, g_ptr_array_steal_index(draft->config->guests, 2));
	draft->config->libvirt_uri = g_strdup("qemu:///session");
	display->match.manufacturer = g_strdup("AOC");
	display->match.model = g_strdup("27: 8X");
	display->match.connector = g_strdup("DP-1");
	display->match.number = 0x90703f28;
	display->feature.code = 0xf4;
	display->feature.source_address = 0x50;
	display->optional = TRUE;
	draft_set_input(display, "host", 0xd0, -1);
	draft_set_input(display, "yes", 0x90, -1);
	draft_set_input(display, "win 10: \"x\"", 0x1234, 0x34);
	device->vendor = 0x046d;
	device->product = 0x0060;
	device->port = g_strdup("3-1.2");
	device->guests = g_strdupv((char **)names);
	text = draft_text(draft, DRAFT_SECRET_WITHIN);
	again = parse(text, 0);
	assert_config(draft->config, again);
}

static void test_http(void)
{
	g_autoptr(Draft) draft = draft_new();
	g_autoptr(Config) again = NULL;
	g_autofree char *within = NULL, *beside = NULL;

	draft_add_guest(draft, "guest", "win10");
	draft_add_device(draft, "k")->port = g_strdup("1-1");
	draft->config->libvirt_uri = g_strdup("qemu:///system");
	draft->config->http = draft->config->http_security = TRUE;
	draft->config->http_host = g_strdup("fe80::1");
	draft->config->http_port = 5001;
	draft->config->http_secret = g_strdup("not: a \"simple\" #secret");
	within = draft_text(draft, DRAFT_SECRET_WITHIN);
	again = parse(within, 0);
	assert_config(draft->config, again);

	/* and the file itself does not have it */
	beside = draft_text(draft, DRAFT_SECRET_FILE);
	g_assert_nonnull(strstr(beside, "secret_file: secret\n"));
	g_assert_null(strstr(beside, "simple"));
}

/* A start's certificate stays the one it is, wherever the draft is written. */
static void test_tls(void)
{
	static const char text[] =
		"libvirt: {domain: win11}\ndevices: [{port: 1-1}]\n"
		"http:\n  address: 192.168.122.1:5001\n"
		"  security: {secret: 0123456789abcdef}\n"
		"  tls: {certificate: certificate.pem, key: /else/where/key.pem}\n";
	g_autoptr(Draft) draft = draft_take(parse(text, 0));
	g_autofree char *here = g_canonicalize_filename("certificate.pem", NULL);
	g_autofree char *written = draft_text(draft, DRAFT_SECRET_WITHIN);
	g_autoptr(Config) again = parse(written, 0);

	g_assert_cmpstr(again->http_certificate.path, ==, here);
	g_assert_cmpstr(again->http_key.path, ==, "/else/where/key.pem");
}

static void test_names(void)
{
	g_autoptr(Draft) draft = draft_new();

	g_assert_cmpstr(draft_add_display(draft, "A")->name, ==, "A");
	g_assert_cmpstr(draft_add_display(draft, "A")->name, ==, "A (2)");
	g_assert_cmpstr(draft_add_display(draft, "A")->name, ==, "A (3)");
	g_assert_false(draft_can_say(NULL));
	g_assert_false(draft_can_say(""));
	g_assert_false(draft_can_say("a\nb"));
	g_assert_false(draft_can_say("\xff"));
	g_assert_true(draft_can_say("ü"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/setup-draft/golden", test_golden);
	g_test_add_func("/setup-draft/hostile", test_hostile);
	g_test_add_func("/setup-draft/guests", test_guests);
	g_test_add_func("/setup-draft/http", test_http);
	g_test_add_func("/setup-draft/tls", test_tls);
	g_test_add_func("/setup-draft/names", test_names);
	return g_test_run();
}
