/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseat setup: everything behind a hub.
 */
#include "setup-person.h"

/* A dock in port 3-7 with a hub inside, a pad and a headset behind that, and a keyboard. */
static void add_dock(SetupDesk *desk)
{
	desk_add_guest(desk, "win10", TRUE, NULL);
	desk_add_device(desk, "3-7", "05e3:0608", NULL, "Acme Dock", "none");
	desk_put(desk, "bus/usb/devices/3-7/bDeviceClass", "09");
	desk_add_device(desk, "3-7.4", "05e3:0610", NULL, "Inner", "none");
	desk_put(desk, "bus/usb/devices/3-7.4/bDeviceClass", "09");
	desk_add_device(desk, "3-7.1", "28da:1101", NULL, "KM780", "keyboard");
	desk_add_device(desk, "3-7.4.1", "1234:0001", NULL, "Acme Buds", "other");
	desk_add_device(desk, "3-7.4.2", "1234:0002", NULL, "Acme Printer", "other");
}

static void test_hub_offered(void)
{
	static const Line inner[] = {
		{ .expect = "Other USB devices", .answer = "buds printer" },
		{ .expect = "behind the hub Acme Dock in port 3-7. Move everything", .answer = "" },
		{ .expect = "behind the hub Inner in port 3-7.4.", .answer = "yes" },
		{ 0 },
	};
	static const Line outer[] = {
		{ .expect = "Other USB devices", .answer = "buds" },
		{ .expect = "behind the hub Acme Dock in port 3-7.", .answer = "yes" },
		{ 0 },
	};

	for (int i = 0; i < 2; i++) {
		SetupDesk desk;

		desk_new(&desk);
		add_dock(&desk);
		desk_look(&desk, CAPS);
		g_assert_true(desk_run(&desk, i == 0 ? inner : outer));
		/* the keyboard keeps its entry, as it moves via input */
		g_assert_cmpuint(desk.interview.draft->config->devices->len, ==, 2);
		desk_assert_text(&desk, "    - name: keyboard\n      vendor: 0x28da\n");
		desk_assert_text(&desk,
			i == 0 ? "    - name: Inner\n      hub: \"3-7.4\"\n      optional: true\n"
			       : "    - name: Acme Dock\n      hub: \"3-7\"\n      optional: "
				 "true\n");
		desk_free(&desk);
	}
}

/* One device behind a hub is no reason to ask; all that were chosen behind an inner hub are. */
static void test_hub_not_offered(SetupDesk *desk, gconstpointer unused)
{
	static const Line script[] = {
		{ .expect = "Other USB devices", .answer = "" },
		{ 0 },
	};

	add_dock(desk);
	desk_look_and_run(desk, CAPS, script);
	g_assert_cmpuint(desk->interview.draft->config->devices->len, ==, 1);
}

static void test_hub_option(void)
{
	static const char *devices[] = { "hub:3-7", "3-7.1", NULL };
	static const char *wrong[] = { "hub:3-7.1", NULL };
	SetupDesk desk;

	desk_new(&desk);
	desk.interview.asks = FALSE;
	desk.options.devices = devices;
	add_dock(&desk);
	desk_look_and_run(&desk, CAPS, NULL);
	g_assert_cmpuint(desk.interview.missing->len, ==, 0);
	g_assert_cmpuint(desk.interview.draft->config->devices->len, ==, 1);
	desk_assert_text(&desk, "    - name: Acme Dock\n      hub: \"3-7\"\n");
	desk_free(&desk);

	desk_new(&desk);
	desk.interview.asks = FALSE;
	desk.options.devices = wrong;
	add_dock(&desk);
	desk_look_and_run(&desk, CAPS, NULL);
	desk_assert_missing(&desk, "--device hub:3-7.1: there is no hub");
	desk_free(&desk);
}

/* A file names the hub itself, as one for display-switch often does. */
static void test_hub_in_file(void)
{
	static const Line answers[][2] = {
		{ { .expect = "\"dock\" of the file is a hub", .answer = "" }, { 0 } },
		{ { .expect = "Move everything that is plugged in", .answer = "no" }, { 0 } },
		{ { 0 }, { 0 } },
	};

	for (guint i = 0; i < G_N_ELEMENTS(answers); i++) {
		ConfigDevice *device;
		SetupDesk desk;

		desk_new(&desk);
		desk.interview.asks = i < 2;
		add_dock(&desk);
		device = draft_add_device(desk.interview.draft, "dock");
		device->vendor = 0x05e3;
		device->product = 0x0608;
		device = draft_add_device(desk.interview.draft, "buds");
		device->vendor = 0x1234;
		device->product = 1;
		desk_look(&desk, CAPS);
		g_assert_true(desk_run(&desk, answers[i]));
		g_assert_cmpuint(desk.interview.draft->config->devices->len, ==, i == 1 ? 1 : 2);
		if (i == 0)
			desk_assert_text(&desk, "    - name: dock\n      hub: \"3-7\"\n    #");
		else if (i == 2)
			desk_assert_missing(&desk, "\"dock\" is a hub, which cannot move: ");
		desk_free(&desk);
	}
}

/* One that the file has keeps its comment. */
static void test_hub_kept(SetupDesk *desk, gconstpointer unused)
{
	ConfigDevice *device;

	desk->interview.asks = FALSE;
	add_dock(desk);
	device = draft_add_device(desk->interview.draft, "dock");
	device->hub = g_strdup("3-7");
	desk_look_and_run(desk, CAPS, NULL);
	desk_assert_text(desk, "    # Everything that is plugged in behind this hub");
}

#define ADD(path, test) g_test_add(path, SetupDesk, NULL, desk_set_up, test, desk_tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/setup/hub/offered", test_hub_offered);
	ADD("/setup/hub/not-offered", test_hub_not_offered);
	g_test_add_func("/setup/hub/option", test_hub_option);
	g_test_add_func("/setup/hub/in-file", test_hub_in_file);
	ADD("/setup/hub/kept", test_hub_kept);
	return g_test_run();
}
