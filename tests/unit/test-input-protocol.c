/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/error.h"
#include "input/protocol.h"

#include <string.h>

static const char whole[] = "configure\n"
			    "version=1\n"
			    "id=7\n"
			    "keep=volumeup\n"
			    "keep=mute\n"
			    "guest=win11\n"
			    "port=49201\n"
			    "mode=paced\n"
			    "guest=linux\n"
			    "port=0\n"
			    "mode=pull\n"
			    "device=keyboard\n"
			    "vendor=046d\n"
			    "product=c08b\n"
			    "serial=A 1\n"
			    "usb-port=3-1.2\n"
			    "device=laptop\n"
			    "input=AT Translated Set 2 keyboard\n"
			    "device=mouse\n"
			    "uniq=f0:0d:11:22:33:44\n"
			    "node=/dev/input/by-id/x\n"
			    "hotkey=super+shift+slash\n"
			    "action=toggle\n"
			    "hotkey=scrolllock scrolllock\n"
			    "action=go\n"
			    "to=host\n";

static ProtocolMessage *parse(const char *text)
{
	g_autoptr(GError) error = NULL;
	ProtocolMessage *message = protocol_message_parse(text, strlen(text), &error);

	g_assert_no_error(error);
	return message;
}

static void assert_text(const ProtocolMessage *message, const char *expected)
{
	g_autoptr(GError) error = NULL;
	gsize length = 0;
	g_autofree char *text = protocol_message_format(message, &length, &error);

	g_assert_no_error(error);
	g_assert_cmpstr(text, ==, expected);
	g_assert_cmpuint(length, ==, strlen(expected));
}

static void test_configuration(void)
{
	g_autoptr(ProtocolMessage) message = parse(whole);
	const ProtocolSetup *setup = message->setup;
	const ProtocolGuest *guest = g_ptr_array_index(setup->guests, 0);
	const ProtocolDevice *device = g_ptr_array_index(setup->devices, 0);
	const ProtocolHotkey *hotkey = g_ptr_array_index(setup->hotkeys, 1);

	g_assert_cmpuint(message->id, ==, 7);
	g_assert_cmpuint(setup->keep->len, ==, 2);
	g_assert_cmpstr(g_ptr_array_index(setup->keep, 1), ==, "mute");
	g_assert_cmpuint(setup->guests->len, ==, 2);
	g_assert_cmpstr(guest->name, ==, "win11");
	g_assert_cmpuint(guest->port, ==, 49201);
	g_assert_cmpint(guest->mode, ==, PROTOCOL_PACED);
	g_assert_cmpuint(setup->devices->len, ==, 3);
	g_assert_cmphex((guint)device->vendor, ==, 0x046d);
	g_assert_cmpstr(device->serial, ==, "A 1");
	g_assert_cmpstr(device->usb_port, ==, "3-1.2");
	device = g_ptr_array_index(setup->devices, 1);
	g_assert_cmpint(device->vendor, ==, -1);
	g_assert_cmpstr(device->input, ==, "AT Translated Set 2 keyboard");
	g_assert_cmpint(hotkey->action, ==, PROTOCOL_GO);
	g_assert_cmpstr(hotkey->to, ==, "host");
	assert_text(message, whole);
}

/* Every verb, as it is sent. */
static void test_verbs(void)
{
	static const char *const messages[] = {
		"welcome\nversion=1\nsimulated=yes\nport=49201\nport=49202\n",
		"refused\nerror=another hotseatd is connected\n",
		"result\nid=3\nchanged=no\nerror=no device \"x\"\n",
		"result\nid=4\ndevice=keyboard\nat=win11\nchanged=yes\n",
		"device\ndevice=keyboard\nat=host\ndetail=event3, event4\npresence=present\n",
		"guest\nguest=win11\nstate=unresponsive\n",
		"hotkey\naction=toggle\n",
		"hotkey\nto=win11\naction=go\n",
		"home\ndetail=the panic chord was pressed\n",
		"arrived\nguest=win11\ntype=2\ncode=8\nvalue=-1\n",
		"expect\nid=9\nguest=win11\nuid=64055\n",
		"expect\nid=0\nguest=win11\nuid=-1\n",
		"move\nid=5\ndevice=keyboard\nto=win11\n",
		"plug\ndevice=keyboard\n",
	};
	guint32 verbs = 1u << PROTOCOL_CONFIGURE;

	for (gsize i = 0; i < G_N_ELEMENTS(messages); i++) {
		g_autoptr(ProtocolMessage) message = parse(messages[i]);
		g_autoptr(GError) error = NULL;
		gsize length = 0;
		g_autofree char *text = protocol_message_format(message, &length, &error);
		g_autoptr(ProtocolMessage) again = parse(text);
		g_autofree char *twice = protocol_message_format(again, &length, NULL);

		g_assert_no_error(error);
		g_assert_cmpstr(text, ==, twice);
		g_assert_cmpuint(strlen(text), ==, strlen(messages[i]));
		verbs |= 1u << message->verb;
	}
	g_assert_cmphex(verbs, ==, (1u << PROTOCOL_VERBS) - 1);
}

static void test_refused(void)
{
	static const struct {
		const char *what, *text;
	} cases[] = {
		{ "nothing", "" },
		{ "unknown verb", "moved\nid=1\n" },
		{ "no verb", "id=1\n" },
		{ "field missing", "move\nid=1\ndevice=keyboard\n" },
		{ "field of another verb", "move\nid=1\ndevice=k\nto=host\nuid=4\n" },
		{ "unknown key", "move\nid=1\ndevice=k\nto=host\ncolour=4\n" },
		{ "key twice", "move\nid=1\nid=2\ndevice=k\nto=host\n" },
		{ "no value", "move\nid=1\ndevice=\nto=host\n" },
		{ "no =", "move\nid=1\ndevice\nto=host\n" },
		{ "no number", "move\nid=one\ndevice=k\nto=host\n" },
		{ "negative", "move\nid=-1\ndevice=k\nto=host\n" },
		{ "too large", "move\nid=4294967296\ndevice=k\nto=host\n" },
		{ "unknown choice", "guest\nguest=w\nstate=asleep\n" },
		{ "port too large", "welcome\nversion=1\nport=65536\n" },
		{ "entry's key first", "configure\nversion=1\nid=1\nvendor=046d\n" },
		{ "entry's key in another", "configure\nversion=1\nid=1\nguest=w\nvendor=046d\n" },
		{ "entry's key twice", "configure\nversion=1\nid=1\nguest=w\nport=1\nport=2\n" },
		{ "message's key too late", "configure\nversion=1\nguest=w\nid=1\n" },
		{ "entry without a name", "configure\nversion=1\nid=1\nguest=\n" },
		{ "vendor too long", "configure\nversion=1\nid=1\ndevice=k\nvendor=1046d\n" },
		{ "vendor with 0x", "configure\nversion=1\nid=1\ndevice=k\nvendor=0x46d\n" },
		{ "list where none is", "move\nid=1\ndevice=k\nto=host\nhotkey=a\n" },
		{ "not UTF-8", "refused\nerror=\xff\n" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		ProtocolMessage *message =
			protocol_message_parse(cases[i].text, strlen(cases[i].text), &error);

		g_test_message("%s", cases[i].what);
		g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED);
		g_assert_null(message);
	}
}

static void test_bounds(void)
{
	g_autoptr(ProtocolMessage) message = protocol_message_new(PROTOCOL_CONFIGURE);
	g_autoptr(ProtocolMessage) again = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *name = g_strnfill(PROTOCOL_VALUE_MAX, 'x');
	g_autofree char *text = NULL;
	gsize length;

	for (int i = 0; i < PROTOCOL_LIST_MAX; i++)
		protocol_setup_add_guest(message->setup, name);
	text = protocol_message_format(message, &length, &error);
	g_assert_no_error(error);
	again = protocol_message_parse(text, length, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(again->setup->guests->len, ==, PROTOCOL_LIST_MAX);
	g_free(text);

	protocol_setup_add_guest(message->setup, "one more");
	text = protocol_message_format(message, &length, &error);
	g_assert_no_error(error);
	g_assert_null(protocol_message_parse(text, length, &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED);
	g_clear_error(&error);

	for (int i = 0; i < 300; i++)
		protocol_setup_add_guest(message->setup, name);
	g_assert_null(protocol_message_format(message, &length, &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED);
}

/* What people and kernels call things cannot break the form. */
static void test_values(void)
{
	g_autoptr(ProtocolMessage) message = protocol_message_new(PROTOCOL_HOME);
	g_autofree char *long_text = g_strnfill(PROTOCOL_VALUE_MAX - 1, 'x');
	g_autofree char *cut = g_strdup_printf("home\ndetail=%s\n", long_text);

	message->detail = g_strdup("a\nid=1\tb\x7f");
	assert_text(message, "home\ndetail=a id=1 b \n");
	g_free(message->detail);
	/* two bytes that no longer fit */
	message->detail = g_strconcat(long_text, "é", NULL);
	assert_text(message, cut);
	g_free(message->detail);
	message->detail = g_strdup("");
	assert_text(message, "home\n");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/protocol/configuration", test_configuration);
	g_test_add_func("/protocol/verbs", test_verbs);
	g_test_add_func("/protocol/refused", test_refused);
	g_test_add_func("/protocol/bounds", test_bounds);
	g_test_add_func("/protocol/values", test_values);
	return g_test_run();
}
