/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is said of a config, and what a good one becomes.
 */
#include "config-messages.h"

#include <string.h>

/* --- golden files: tests/config/NAME.yaml gives the messages in NAME.expected --- */

static gboolean has_error(const GPtrArray *problems)
{
	for (guint i = 0; i < problems->len; i++)
		if (!((const ConfigProblem *)problems->pdata[i])->warning)
			return TRUE;
	return FALSE;
}

static char *read_data(const char *name, const char *suffix, gsize *length)
{
	g_autofree char *file = g_strconcat(name, suffix, NULL);
	g_autofree char *path = g_test_build_filename(G_TEST_DIST, "..", "config", file, NULL);
	g_autoptr(GError) error = NULL;
	char *text = NULL;

	g_file_get_contents(path, &text, length, &error);
	g_assert_no_error(error);
	return text;
}

static void test_golden(gconstpointer data)
{
	const char *name = data;
	g_autofree char *file = g_strconcat(name, ".yaml", NULL);
	g_autofree char *path = g_test_build_filename(G_TEST_DIST, "..", "config", file, NULL);
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autoptr(Config) config = NULL;
	g_autofree char *got = NULL;
	g_autofree char *expected = NULL;
	g_autofree char *text = NULL;
	gsize length;

	text = read_data(name, ".yaml", &length);
	expected = read_data(name, ".expected", NULL);
	config = config_parse(path, text, length, problems);
	got = config_messages(file, problems);
	g_assert_cmpstr(got, ==, expected);
	g_assert_true((config == NULL) == has_error(problems));
}

static int compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_golden_tests(GPtrArray *names)
{
	g_autofree char *path = g_test_build_filename(G_TEST_DIST, "..", "config", NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *file;

	g_assert_nonnull(dir);
	while ((file = g_dir_read_name(dir)) != NULL)
		if (g_str_has_suffix(file, ".expected"))
			g_ptr_array_add(names, g_strndup(file, strlen(file) - strlen(".expected")));
	g_ptr_array_sort(names, compare_names);
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *test = g_strconcat("/config/golden/", names->pdata[i], NULL);

		g_test_add_data_func(test, names->pdata[i], test_golden);
	}
}

/* --- what good files become --- */

static Config *parse_good(const char *name)
{
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autofree char *text = NULL;
	Config *config;
	gsize length;

	text = read_data(name, ".yaml", &length);
	config = config_parse("config.yaml", text, length, problems);
	g_assert_nonnull(config);
	return config;
}

static void assert_input(
	const ConfigDisplay *display, const char *target, guint value, int reads_as)
{
	const ConfigInput *input = g_hash_table_lookup(display->inputs, target);

	g_assert_nonnull(input);
	g_assert_cmphex(input->value, ==, value);
	g_assert_cmpint(input->reads_as, ==, reads_as);
}

static void test_virtkvm(void)
{
	g_autoptr(Config) config = parse_good("virtkvm");
	const ConfigGuest *guest = config->guests->pdata[0];
	const ConfigDisplay *display = config->displays->pdata[1];
	const ConfigDevice *device = config->devices->pdata[0];
	const ConfigCommand *command = config->commands->pdata[0];

	g_assert_cmpstr(config->path, ==, "config.yaml");
	g_assert_true(config->check_guest);
	g_assert_cmpstr(config->libvirt_uri, ==, "qemu:///system");
	g_assert_true(config->http && config->http_security);
	g_assert_cmpstr(config->http_host, ==, "127.0.0.1");
	g_assert_cmpint(config->http_port, ==, 5001);
	g_assert_cmpstr(config->http_secret, ==, "xxxxxxxxxxxxxxxx");
	g_assert_cmpint(config->guests->len, ==, 1);
	g_assert_cmpstr(guest->name, ==, "guest");
	g_assert_cmpstr(guest->domain, ==, "win10");
	g_assert_cmpint(config->displays->len, ==, 2);
	g_assert_cmpstr(display->name, ==, "display 2");
	g_assert_cmpint(display->match.bus, ==, 6);
	g_assert_cmphex(display->feature.code, ==, 0x60);
	g_assert_cmphex(display->feature.source_address, ==, 0x51);
	assert_input(display, "host", 0x0f, -1);
	assert_input(display, "guest", 0x11, -1);
	g_assert_cmpint(config->devices->len, ==, 2);
	g_assert_cmpstr(device->name, ==, "28da:1101");
	g_assert_cmpint(device->vendor, ==, 0x28da);
	g_assert_cmpint(device->product, ==, 0x1101);
	g_assert_null(device->guests);
	g_assert_cmpint(config->commands->len, ==, 2);
	g_assert_cmpstr(command->target, ==, "guest");
	g_assert_cmpstr(command->label, ==, "echo switch to guest");
	g_assert_cmpstr(command->argv[0], ==, "/bin/sh");
	g_assert_cmpstr(command->argv[1], ==, "-c");
	g_assert_cmpstr(command->argv[2], ==, "echo switch to guest");
	g_assert_null(command->argv[3]);
	g_assert_cmpint(command->timeout_ms, ==, 10000);
}

/* what a guest may switch to; nothing is said of it: NULL, the host only */
static void test_may_switch_to(void)
{
	static const char text[] = "libvirt: {domain: a, may_switch_to: [self]}\n"
				   "guests:\n"
				   "  - {domain: b, may_switch_to: [host, guest, b]}\n"
				   "  - {domain: c, may_switch_to: []}\n"
				   "  - {domain: d}\n"
				   "devices: [{port: 1-1}]\n";
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autoptr(Config) config = config_parse("x", text, strlen(text), problems);
	static const char *const expected[] = { "self", "host guest b", "", NULL };

	g_assert_cmpuint(problems->len, ==, 0);
	g_assert_cmpuint(config->guests->len, ==, G_N_ELEMENTS(expected));
	for (guint i = 0; i < config->guests->len; i++) {
		const ConfigGuest *guest = config->guests->pdata[i];
		g_autofree char *targets =
			guest->may_switch_to != NULL ? g_strjoinv(" ", guest->may_switch_to) : NULL;

		g_assert_cmpstr(targets, ==, expected[i]);
	}
}

/* the integers and bools of YAML 1.1, and an IPv6 address */
static void test_virtkvm_fork(void)
{
	g_autoptr(Config) config = parse_good("virtkvm-fork");
	const ConfigDevice *binary = config->devices->pdata[1];
	const ConfigDevice *decimal = config->devices->pdata[2];

	g_assert_true(config->check_guest);
	g_assert_cmpstr(config->libvirt_uri, ==, "qemu:///session");
	g_assert_false(config->http);
	g_assert_cmpstr(config->http_host, ==, "::");
	g_assert_cmpstr(config->http_secret, ==, "0123");
	g_assert_true(((ConfigDevice *)config->devices->pdata[0])->optional);
	g_assert_false(binary->optional);
	g_assert_cmpint(binary->vendor, ==, 0x10);
	g_assert_cmpint(binary->product, ==, 017);
	g_assert_cmpint(decimal->vendor, ==, 1000);
	g_assert_cmpint(decimal->product, ==, 5);
	assert_input(config->displays->pdata[0], "host", 0x0f, -1);
	assert_input(config->displays->pdata[0], "guest", 0x11, -1);
}

static void test_guests(void)
{
	g_autoptr(Config) config = parse_good("full");
	static const char *const names[] = { "guest", "linux", "macos" };
	static const char *const domains[] = { "win10", "debian12", "macos" };

	g_assert_cmpint(config->guests->len, ==, G_N_ELEMENTS(names));
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		const ConfigGuest *guest = config->guests->pdata[i];

		g_assert_cmpstr(guest->name, ==, names[i]);
		g_assert_cmpstr(guest->domain, ==, domains[i]);
	}
	g_assert_false(config->check_guest);
	g_assert_cmpstr(config->libvirt_uri, ==, "qemu:///system");
	g_assert_cmpstr(config->http_secret, ==, "not guessed by anyone");
}

/* Devices that libvirt attaches need a connection, even without a guest. */
static void test_devices_alone(void)
{
	static const char text[] = "devices: [{vendor: 0x28da, product: 0x1101}]";
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autoptr(Config) config = config_parse("config.yaml", text, strlen(text), problems);

	g_assert_nonnull(config);
	g_assert_cmpstr(config->libvirt_uri, ==, "qemu:///system");
}

static void test_ways_back(void)
{
	g_autoptr(Config) config = parse_good("full");
	const ConfigDisplay *first = config->displays->pdata[0];
	const ConfigDisplay *lg = config->displays->pdata[1];
	const ConfigDisplay *third = config->displays->pdata[2];

	g_assert_cmpuint(first->n_ways, ==, 2);
	g_assert_cmpint(first->ways[0], ==, RETURN_COMMAND);
	g_assert_cmpint(first->ways[1], ==, RETURN_DDC);
	g_assert_cmpstr(first->return_command->target, ==, "host");
	g_assert_cmpstr(first->return_command->argv[2], ==, "press, {1}: #");
	g_assert_cmpuint(first->return_command->timeout_ms, ==, 2500);
	g_assert_cmpuint(lg->n_ways, ==, 0);
	g_assert_null(lg->return_command);
	g_assert_cmpuint(third->n_ways, ==, 0);
	g_assert_cmpstr(third->return_command->label, ==, "press 1");
}

static void test_displays(void)
{
	g_autoptr(Config) config = parse_good("full");
	const ConfigDisplay *first = config->displays->pdata[0];
	const ConfigDisplay *lg = config->displays->pdata[1];
	const ConfigDisplay *last = config->displays->pdata[3];

	g_assert_cmpstr(first->name, ==, "main");
	g_assert_cmpint(first->match.bus, ==, -1);
	g_assert_cmpstr(first->match.monitor, ==, "AOC 2778X");
	g_assert_true(first->optional);
	assert_input(first, "host", 0x0f, 0x05);
	assert_input(first, "guest", 0x11, -1);
	assert_input(first, "linux", 0x12, 0x03);
	g_assert_null(g_hash_table_lookup(first->inputs, "macos"));

	g_assert_cmpstr(lg->name, ==, "GSM LG HDR 4K 0012 DP-2");
	g_assert_cmpstr(lg->match.manufacturer, ==, "GSM");
	g_assert_cmpstr(lg->match.model, ==, "LG HDR 4K");
	g_assert_cmpstr(lg->match.serial, ==, "0012");
	g_assert_cmpstr(lg->match.connector, ==, "DP-2");
	g_assert_null(lg->match.monitor);
	g_assert_cmphex(lg->feature.code, ==, 0xf4);
	g_assert_cmphex(lg->feature.source_address, ==, 0x50);
	g_assert_false(lg->optional);
	assert_input(lg, "host", 0xd0, -1);
	assert_input(lg, "macos", 0x1234, -1);

	g_assert_cmpstr(((ConfigDisplay *)config->displays->pdata[2])->name, ==, "display 3");
	g_assert_cmpstr(last->name, ==, "AOC 2778X");
}

static void test_devices(void)
{
	g_autoptr(Config) config = parse_good("full");
	const ConfigDevice *keyboard = config->devices->pdata[0];
	const ConfigDevice *serial = config->devices->pdata[2];
	static const char *const names[] = { "keyboard", "046d:c08b", "device 3", "device 4",
		"28da:1101", "28da:1101 (2)", "28da:1101 (3)" };

	g_assert_cmpint(config->devices->len, ==, G_N_ELEMENTS(names));
	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		g_assert_cmpstr(((ConfigDevice *)config->devices->pdata[i])->name, ==, names[i]);
	g_assert_cmpstr(keyboard->serial, ==, "007");
	g_assert_cmpstr(keyboard->port, ==, "3-1.2");
	g_assert_cmpint((int)g_strv_length(keyboard->guests), ==, 2);
	g_assert_cmpstr(keyboard->guests[0], ==, "linux");
	g_assert_cmpstr(keyboard->guests[1], ==, "guest");
	g_assert_cmpint(serial->vendor, ==, -1);
	g_assert_cmpint(serial->product, ==, -1);
	g_assert_cmpstr(serial->serial, ==, "A B");
	g_assert_true(((ConfigDevice *)config->devices->pdata[3])->optional);
}

static void test_commands(void)
{
	g_autoptr(Config) config = parse_good("full");
	static const struct {
		const char *target, *label;
		int arguments;
		guint timeout_ms;
	} expected[] = {
		{ "host", "echo \"back: home\"; true", 3, 10000 },
		{ "host", "notify-send to the host", 2, 10000 },
		{ "linux", "sleep 1", 3, 250 },
		{ "linux", "sleep 1", 2, 600000 },
	};

	g_assert_cmpint(config->commands->len, ==, G_N_ELEMENTS(expected));
	for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
		const ConfigCommand *command = config->commands->pdata[i];

		g_assert_cmpstr(command->target, ==, expected[i].target);
		g_assert_cmpstr(command->label, ==, expected[i].label);
		g_assert_cmpint((int)g_strv_length(command->argv), ==, expected[i].arguments);
		g_assert_cmpint(command->timeout_ms, ==, expected[i].timeout_ms);
	}
	g_assert_cmpstr(((ConfigCommand *)config->commands->pdata[1])->argv[1], ==, "to the host");
}

/* a mapping's own keys win over merged ones, the first of several merged ones over later ones */
static void test_aliases(void)
{
	g_autoptr(Config) config = parse_good("aliases");
	const ConfigDisplay *one = config->displays->pdata[1];
	const ConfigDisplay *list = config->displays->pdata[2];

	g_assert_cmpint(one->match.bus, ==, 5);
	g_assert_cmphex(one->feature.code, ==, 0xf4);
	assert_input(one, "host", 0xd0, 0x01);
	g_assert_cmpint(list->match.bus, ==, 6);
	g_assert_true(list->optional);
	assert_input(list, "host", 0x90, 0x01);
	assert_input(list, "guest", 0xd0, -1);
	g_assert_cmpint(config->commands->len, ==, 4);
	g_assert_cmpstr(((ConfigCommand *)config->commands->pdata[3])->label, ==, "echo");
}

static void assert_hotkey(
	const Config *config, guint i, HotkeyAction action, const char *to, const char *keys)
{
	const ConfigHotkey *hotkey = config->hotkeys->pdata[i];

	g_assert_cmpint(hotkey->action, ==, action);
	g_assert_cmpstr(hotkey->to, ==, to);
	g_assert_cmpstr(hotkey->keys, ==, keys);
}

/* devices that move via input, and what is heard on them */
static void test_input(void)
{
	g_autoptr(Config) config = parse_good("input");
	static const struct {
		const char *name, *input, *uniq, *node;
		DeviceVia via;
	} devices[] = {
		{ "keyboard", NULL, NULL, NULL, VIA_INPUT },
		{ "laptop", "AT Translated Set 2 keyboard", NULL, NULL, VIA_INPUT },
		{ "Logitech K380", "Logitech K380", "aa:bb:cc:dd:ee:ff", NULL, VIA_INPUT },
		{ "by path", NULL, NULL, "/dev/input/by-id/usb-kbd", VIA_INPUT },
		{ "pad", NULL, NULL, NULL, VIA_USB },
	};

	g_assert_cmpuint(config->devices->len, ==, G_N_ELEMENTS(devices));
	for (guint i = 0; i < G_N_ELEMENTS(devices); i++) {
		const ConfigDevice *device = config->devices->pdata[i];

		g_assert_cmpstr(device->name, ==, devices[i].name);
		g_assert_cmpstr(device->input, ==, devices[i].input);
		g_assert_cmpstr(device->uniq, ==, devices[i].uniq);
		g_assert_cmpstr(device->node, ==, devices[i].node);
		g_assert_cmpint(device->via, ==, devices[i].via);
	}
	g_assert_cmpuint(config->hotkeys->len, ==, 6);
	assert_hotkey(config, 0, HOTKEY_TOGGLE, NULL, "Super+Shift+Slash");
	assert_hotkey(config, 1, HOTKEY_TOGGLE, NULL, "scrolllock  scrolllock");
	assert_hotkey(config, 2, HOTKEY_GO, "host", "KEY_F13");
	assert_hotkey(config, 3, HOTKEY_NEXT, NULL, "leftctrl+rightctrl");
	assert_hotkey(config, 4, HOTKEY_GO, "linux", "super+f2");
	assert_hotkey(config, 5, HOTKEY_PANIC, NULL, CONFIG_PANIC_KEYS);
	g_assert_cmpuint(config->keep->len, ==, 2);
	g_assert_cmpstr(config->keep->pdata[1], ==, "mute");
	g_assert_cmpint(config->unresponsive, ==, UNRESPONSIVE_STAY);
	g_assert_cmpint(config->reports, ==, REPORTS_PACED);
}

/* QEMU's keys on the device that QEMU had; the other devices travel as they did */
static void test_virtkvm_evdev(void)
{
	g_autoptr(Config) config = parse_good("virtkvm-evdev");
	const ConfigDevice *device = config->devices->pdata[2];

	g_assert_cmpuint(config->devices->len, ==, 3);
	g_assert_cmpint(((ConfigDevice *)config->devices->pdata[0])->via, ==, VIA_USB);
	g_assert_cmpint(device->via, ==, VIA_INPUT);
	g_assert_cmpstr(device->name, ==, "evdev");
	g_assert_cmpstr(
		device->node, ==, "/dev/input/by-id/usb-Logitech_USB_Receiver-if02-event-kbd");
	g_assert_cmpuint(config->hotkeys->len, ==, 2);
	assert_hotkey(config, 0, HOTKEY_TOGGLE, NULL, "leftctrl+rightctrl");
	assert_hotkey(config, 1, HOTKEY_PANIC, NULL, CONFIG_PANIC_KEYS);
	g_assert_cmpint(config->unresponsive, ==, UNRESPONSIVE_HOME);
	g_assert_cmpint(config->reports, ==, REPORTS_PULL);
}

/* Guests without libvirt beside one with it; alone, they need no libvirt. */
static void test_qemu(void)
{
	static const char alone[] = "guests: [{name: a, qemu: {qmp: /run/a.qmp, port: 49201}}]\n"
				    "devices: [{port: 1-1, via: input}]\n";
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autoptr(Config) config = parse_good("qemu");
	g_autoptr(Config) other = config_parse("/etc/x/y", alone, strlen(alone), problems);
	const ConfigGuest *a = config->guests->pdata[0], *b = config->guests->pdata[1];

	g_assert_cmpstr(a->qmp, ==, "/run/a.qmp");
	g_assert_cmpuint(a->port, ==, 49201);
	g_assert_null(a->domain);
	g_assert_cmpstr(b->qmp, ==, "./b.qmp");
	g_assert_cmpuint(b->port, ==, 0);
	g_assert_cmpstr(config->libvirt_uri, ==, "qemu:///system");
	g_assert_nonnull(other);
	g_assert_null(other->libvirt_uri);
}

/* Without devices that are listened to there are no hotkeys; what is off adds nothing. */
static void test_no_hotkeys(void)
{
	static const char *const names[] = { "virtkvm", "hotkeys-not-heard", "evdev-off" };

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(Config) config = parse_good(names[i]);

		g_assert_cmpuint(config->hotkeys->len, ==, 0);
		g_assert_false(config_has_via(config, VIA_INPUT));
		g_assert_true(config_has_via(config, VIA_USB));
	}
}

int main(int argc, char **argv)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

	g_test_init(&argc, &argv, NULL);
	add_golden_tests(names);
	g_test_add_func("/config/virtkvm", test_virtkvm);
	g_test_add_func("/config/virtkvm-fork", test_virtkvm_fork);
	g_test_add_func("/config/may-switch-to", test_may_switch_to);
	g_test_add_func("/config/guests", test_guests);
	g_test_add_func("/config/displays", test_displays);
	g_test_add_func("/config/devices-alone", test_devices_alone);
	g_test_add_func("/config/ways-back", test_ways_back);
	g_test_add_func("/config/devices", test_devices);
	g_test_add_func("/config/commands", test_commands);
	g_test_add_func("/config/aliases", test_aliases);
	g_test_add_func("/config/input", test_input);
	g_test_add_func("/config/virtkvm-evdev", test_virtkvm_evdev);
	g_test_add_func("/config/no-hotkeys", test_no_hotkeys);
	g_test_add_func("/config/qemu", test_qemu);
	return g_test_run();
}
