/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseat setup: guests in the user's session libvirt, and what is in the way in guests'
 * definitions.
 */
#include "setup-person.h"

#include <string.h>

static FoundGuest *last_guest(SetupDesk *desk)
{
	return desk->interview.found.guests->pdata[desk->interview.found.guests->len - 1];
}

static void add_own(SetupDesk *desk, const char *name)
{
	FoundGuest *guest;

	desk_add_guest(desk, name, TRUE, NULL);
	guest = last_guest(desk);
	g_free(guest->uri);
	guest->uri = g_strdup(GUESTS_SESSION);
}

static void desk_new_with_keyboard(SetupDesk *desk, gboolean asks)
{
	desk_new(desk);
	desk->options.yes = !asks;
	desk->interview.asks = asks;
	desk_add_monitor(desk, &aoc, TRUE);
	desk_add_device(desk, "3-1", "28da:1101", NULL, "KM780", "keyboard");
	desk_look(desk, "(vcp(60(0F 12)))");
}

static const char *uri(const SetupDesk *desk)
{
	return desk->interview.draft->config->libvirt_uri;
}

static void test_session(void)
{
	SetupDesk desk;

	desk_new_with_keyboard(&desk, FALSE);
	desk.options.user = TRUE;
	add_own(&desk, "win11");
	g_assert_true(desk_run(&desk, NULL));
	desk_assert_text(&desk, "uri: \"qemu:///session\"");
	desk_assert_text(&desk, "virsh -c qemu:///session list --all");
	desk_assert_text(&desk, "domain: win11\n");
	g_assert_cmpuint(desk.interview.missing->len, ==, 0);
	desk_free(&desk);
}

/* The system's service cannot reach them. */
static void test_session_for_system(void)
{
	static const Line script[] = { { NULL, NULL, 0, NULL, 0, FALSE } };
	SetupDesk desk;

	desk_new_with_keyboard(&desk, FALSE);
	add_own(&desk, "win11");
	g_assert_true(desk_run(&desk, NULL));
	desk_assert_missing(&desk, "--user: the guests belong to your own session");
	desk_free(&desk);
	desk_new_with_keyboard(&desk, TRUE);
	add_own(&desk, "win11");
	g_assert_false(desk_run(&desk, script));
	desk_assert_said(&desk, "Run: hotseat setup --user");
	desk_free(&desk);
}

/* Guests of both: the option, the person, or else the system's. */
static void test_both(void)
{
	static const char *own[] = { "mine", NULL }, *twin[] = { "win11", NULL };
	SetupDesk desk;

	for (guint way = 0; way < 3; way++) {
		desk_new_with_keyboard(&desk, FALSE);
		desk.options.user = TRUE;
		desk_add_guest(&desk, "win11", TRUE, NULL);
		add_own(&desk, "mine");
		add_own(&desk, "win11");
		if (way > 0)
			desk.options.guests = way == 1 ? own : twin;
		g_assert_true(desk_run(&desk, NULL));
		g_assert_cmpuint(desk.interview.missing->len, ==, 0);
		g_assert_cmpstr(uri(&desk), ==, way == 1 ? GUESTS_SESSION : NULL);
		desk_assert_text(&desk, way == 1 ? "domain: mine\n" : "domain: win11\n");
		desk_free(&desk);
	}
}

static void test_asked(void)
{
	static const Line script[] = {
		{ "Which libvirt has the guests", "session", 0, NULL, 0, FALSE },
		{ NULL, LEAVE, 0, NULL, 0, FALSE },
		{ NULL, NULL, 0, NULL, 0, FALSE },
	};
	SetupDesk desk;

	desk_new_with_keyboard(&desk, TRUE);
	desk.options.user = TRUE;
	desk_add_guest(&desk, "win11", TRUE, NULL);
	add_own(&desk, "mine");
	desk_run(&desk, script);
	g_assert_cmpstr(uri(&desk), ==, GUESTS_SESSION);
	desk_assert_said(&desk, "The guest: mine");
	desk_free(&desk);
}

/* A config that is the start has said it. */
static void test_given(void)
{
	SetupDesk desk;

	desk_new_with_keyboard(&desk, FALSE);
	desk.interview.draft->config->libvirt_uri = g_strdup("qemu:///system");
	desk_add_guest(&desk, "win11", TRUE, NULL);
	add_own(&desk, "mine");
	g_assert_true(desk_run(&desk, NULL));
	g_assert_cmpuint(desk.interview.found.guests->len, ==, 1);
	desk_assert_text(&desk, "domain: win11\n");
	desk_free(&desk);
}

static void test_conflicts(void)
{
	SetupDesk desk;

	desk_new_with_keyboard(&desk, FALSE);
	desk_add_guest(&desk, "win11", TRUE, NULL);
	last_guest(&desk)->now = domain_parse("win11",
		"<domain type='kvm' xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'><devices>"
		"<controller type='usb' model='qemu-xhci' ports='1'/>"
		"<input type='tablet' bus='usb'/></devices><q:commandline><q:arg value='-device'/>"
		"<q:arg value='usb-host,vendorid=0x28da,productid=0x1101'/></q:commandline>"
		"</domain>",
		NULL);
	g_assert_true(desk_run(&desk, NULL));
	desk_assert_said(&desk, "keyboard: the domain win11 takes it at each start");
	desk_assert_said(&desk, "virsh -c qemu:///system edit win11");
	desk_assert_said(&desk, "win11 has 0 free USB ports, 1 device wants one");
	desk_assert_said(&desk, "attach-device win11 /dev/stdin --config");
	desk_free(&desk);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/setup/libvirt/session", test_session);
	g_test_add_func("/setup/libvirt/session-for-system", test_session_for_system);
	g_test_add_func("/setup/libvirt/both", test_both);
	g_test_add_func("/setup/libvirt/asked", test_asked);
	g_test_add_func("/setup/libvirt/given", test_given);
	g_test_add_func("/setup/libvirt/conflicts", test_conflicts);
	return g_test_run();
}
