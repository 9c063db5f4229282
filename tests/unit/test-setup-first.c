/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a first setup and a repeated one ask, and what they keep: a guest that is off, a number
 * typed while the monitor is watched, the HTTP address, and the guest kit that is recommended.
 */
#include "cli/cli.h"
#include "setup-person.h"
#include "setup/finish.h"
#include "tree.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define WATCH "with the monitor's own buttons"

/* A virsh that writes down what it was asked, and ends with status. */
static void put_virsh(const SetupDesk *desk, int status)
{
	g_autofree char *path = g_build_filename(desk->root, "virsh", NULL);
	g_autofree char *said = g_build_filename(desk->root, "virsh.said", NULL);
	g_autofree char *text = g_strdup_printf(
		"#!/bin/sh\necho \"$@\" >>%s\n[ %d = 0 ] || echo 'error: no memory' >&2\nexit %d\n",
		said, status, status);
	g_autofree char *paths = g_strdup_printf("%s:%s", desk->root, g_getenv("PATH"));

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	g_assert_cmpint(g_chmod(path, 0700), ==, 0);
	g_setenv("PATH", paths, TRUE);
}

static char *virsh_said(const SetupDesk *desk)
{
	g_autofree char *path = g_build_filename(desk->root, "virsh.said", NULL);
	char *text = NULL;

	g_file_get_contents(path, &text, NULL, NULL);
	return text;
}

static void begin(SetupDesk *desk, const char *network)
{
	desk_new(desk);
	desk_add_guest(desk, "win10", TRUE, network);
	desk_add_device(desk, "3-1", "046d:c52b", NULL, "Acme keyboard with a touchpad", "both");
}

static FoundGuest *guest_of(const SetupDesk *desk)
{
	return desk->interview.found.guests->pdata[0];
}

/* -- a guest that does not run ----------------------------------------------------------------- */

static void test_wake(void)
{
	static const struct {
		GuestState state;
		const char *question, *answer;
		int status;
		const char *said; /* to virsh; NULL: nothing */
		GuestState after;
	} cases[] = {
		{ GUEST_OFF, "win10 is off. Start it now?", "", 0,
			"-c qemu:///system start win10\n", GUEST_RUNNING },
		{ GUEST_CRASHED, "win10 has crashed. Start it now?", "", 0,
			"-c qemu:///system start win10\n", GUEST_RUNNING },
		{ GUEST_PAUSED, "win10 is paused. Resume it now?", "", 0,
			"-c qemu:///system resume win10\n", GUEST_RUNNING },
		{ GUEST_SUSPENDED, "win10 is asleep. Wake it now?", "", 0,
			"-c qemu:///system dompmwakeup win10\n", GUEST_RUNNING },
		{ GUEST_OFF, "win10 is off. Start it now?", "no", 0, NULL, GUEST_OFF },
		{ GUEST_OFF, "win10 is off. Start it now?", "", 1,
			"-c qemu:///system start win10\n", GUEST_OFF },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		const Line script[] = { { .expect = cases[i].question, .answer = cases[i].answer },
			{ 0 } };
		g_autofree char *said = NULL;
		SetupDesk desk;

		begin(&desk, NULL);
		put_virsh(&desk, cases[i].status);
		guest_of(&desk)->state = cases[i].state;
		desk_look_and_run(&desk, CAPS, script);
		said = virsh_said(&desk);
		g_assert_cmpstr(said, ==, cases[i].said);
		g_assert_cmpint(guest_of(&desk)->state, ==, cases[i].after);
		if (cases[i].status != 0)
			desk_assert_said(&desk, "That failed: error: no memory");
		desk_free(&desk);
	}
}

/* Without a user to ask, nothing is started. */
static void test_wakes_none(void)
{
	g_autofree char *said = NULL;
	SetupDesk desk;

	begin(&desk, NULL);
	put_virsh(&desk, 0);
	guest_of(&desk)->state = GUEST_OFF;
	desk.interview.asks = FALSE;
	desk_look_and_run(&desk, CAPS, NULL);
	said = virsh_said(&desk);
	g_assert_null(said);
	desk_free(&desk);
}

/* -- numbers ----------------------------------------------------------------------------------- */

/* There is no list with numbers at that prompt: neither 1 nor 17 is meant to be written. */
static void test_bare_number(void)
{
	static const Line script[] = {
		{ .expect = WATCH, .answer = "1" },
		{ .expect = "\"1\" is not an input", .answer = "17" },
		{ .expect = "\"17\" is not an input", .answer = "0x11" },
		{ 0 },
	};
	SetupDesk desk;

	begin(&desk, NULL);
	desk_add_monitor(&desk, &aoc, TRUE);
	desk_look_and_run(&desk, CAPS, script);
	desk_assert_text(&desk, "      guest: hdmi1 # 0x11\n");
	desk_free(&desk);
}

/* -- the address ------------------------------------------------------------------------------- */

#define HTTP                                                                                       \
	"http:\n  address: 10.0.0.1:7777\n  security: {enabled: true}\n"                           \
	"  tls: {certificate: c.pem, key: k.pem}\n"
#define REST                                                                                       \
	"libvirt: {domain: win10}\n"                                                               \
	"devices: [{vendor: 0x046d, product: 0xc52b}]\n"

/* Kits have the address in them: neither a new start nor one with --yes changes it, whatever
 * networks there are now. */
static void test_keeps_address(void)
{
	for (int i = 0; i < 3; i++) {
		g_autofree char *path = NULL;
		SetupDesk desk;

		begin(&desk, i == 1 ? NULL : "192.168.122.1");
		path = g_build_filename(desk.root, "config.yaml", NULL);
		g_assert_true(g_file_set_contents(path, REST HTTP, -1, NULL));
		desk.interview.replaced = path;
		desk.interview.asks = i != 2;
		desk_look_and_run(&desk, CAPS, NULL);
		desk_assert_said(&desk, "http.address stays 10.0.0.1:7777");
		desk_assert_text(&desk, "    address: \"10.0.0.1:7777\"\n");
		desk_assert_text(&desk, "/c.pem\"\n");
		g_assert_null(strstr(desk.all->str, "Encrypt"));
		desk_free(&desk);
	}
}

/* Begun with, it is kept as it is, and neither asked about nor denied. */
static void test_keeps_start(void)
{
	static const char text[] =
		REST "http:\n  address: 10.0.0.1:7777\n  security: {enabled: true}\n";
	g_autoptr(GPtrArray) problems = config_problems_new();
	SetupDesk desk;

	begin(&desk, NULL);
	draft_free(desk.interview.draft);
	desk.interview.draft = draft_take(config_parse("c", text, strlen(text), problems));
	desk_look_and_run(&desk, CAPS, NULL);
	desk_assert_text(&desk, "    address: \"10.0.0.1:7777\"\n");
	g_assert_null(strstr(desk.all->str, "HTTP API stays off"));
	g_assert_null(strstr(desk.all->str, "Encrypt"));
	desk_free(&desk);
}

static void test_no_network(void)
{
	SetupDesk desk;

	begin(&desk, NULL);
	desk_look_and_run(&desk, CAPS, NULL);
	desk_assert_said(&desk, "so the HTTP API stays off. --http HOST:PORT enables it.");
	g_assert_null(strstr(desk.all->str, "Encrypt"));
	desk_free(&desk);
}

/* -- the kit ----------------------------------------------------------------------------------- */

/* It is recommended only where hotseat guest-kit finds an address that the guest reaches. */
static void test_kit(void)
{
	static const struct {
		const char *address, *network;
		gboolean recommended;
	} cases[] = {
		{ "192.168.122.1:5001", NULL, TRUE },
		{ "127.0.0.1:5001", "192.168.122.1", FALSE },
		{ "localhost:5001", NULL, FALSE },
		{ "[::1]:5001", NULL, FALSE },
		{ "0.0.0.0:5001", "192.168.122.1", TRUE },
		{ "0.0.0.0:5001", NULL, FALSE },
		{ "none", "192.168.122.1", FALSE },
	};
	static const Line script[] = { { .expect = "Write this to", .answer = "yes" }, { 0 } };

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = NULL;
		Finish end;
		SetupDesk desk;

		begin(&desk, cases[i].network);
		path = g_build_filename(desk.root, "config.yaml", NULL);
		desk.options.http = cases[i].address;
		desk_look_and_run(&desk, CAPS, NULL);
		desk.script = script;
		desk.at = desk.done = 0;
		end = (Finish){ .interview = &desk.interview, .path = path, .root = "" };
		g_assert_cmpint(finish(&end), ==, CLI_OK);
		g_assert_cmpint(strstr(desk.all->str, "hotseat guest-kit") != NULL, ==,
			cases[i].recommended);
		desk_free(&desk);
	}
}

/* -- what libvirt needs ------------------------------------------------------------------------ */

static char *say_disabled(const char *const *argv, guint deadline_ms)
{
	return g_strdup("Id=libvirtd.socket\nLoadState=loaded\nActiveState=active\n"
			"UnitFileState=disabled\n\n");
}

/* A draft does not say the usual URI; what runs in the user's own session is not root's to start.
 */
static void test_libvirt_at_boot(void)
{
	static const Line script[] = { { .expect = "Write this to", .answer = "yes" }, { 0 } };

	for (guint i = 0; i < 2; i++) {
		g_autofree char *path = NULL;
		Finish end;
		SetupDesk desk;

		begin(&desk, NULL);
		path = g_build_filename(desk.root, "config.yaml", NULL);
		desk.options.no_root = TRUE;
		desk_look_and_run(&desk, CAPS, NULL);
		if (i == 1)
			desk.interview.draft->config->libvirt_uri = g_strdup("qemu:///session");
		desk.script = script;
		desk.at = desk.done = 0;
		end = (Finish){ .interview = &desk.interview,
			.path = path,
			.standard_path = TRUE,
			.root = desk.root,
			.ask = say_disabled };
		g_assert_cmpint(finish(&end), ==, CLI_OK);
		g_assert_cmpint(
			strstr(desk.all->str, "systemctl enable --now libvirtd.socket") != NULL, ==,
			i == 0);
		desk_free(&desk);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/setup-first/wake", test_wake);
	g_test_add_func("/setup-first/wakes-none", test_wakes_none);
	g_test_add_func("/setup-first/bare-number", test_bare_number);
	g_test_add_func("/setup-first/keeps-address", test_keeps_address);
	g_test_add_func("/setup-first/keeps-start", test_keeps_start);
	g_test_add_func("/setup-first/no-network", test_no_network);
	g_test_add_func("/setup-first/kit", test_kit);
	g_test_add_func("/setup-first/libvirt-at-boot", test_libvirt_at_boot);
	return g_test_run();
}
