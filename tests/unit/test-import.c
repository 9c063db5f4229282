/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is read out of other programs' files, and what is said of each of their lines.
 */
#include "import/import.h"

#include <string.h>

static Import *read_text(const char *path, const char *text)
{
	return import_read(path, text, strlen(text));
}

static void assert_display(const Import *import, guint i, const char *monitor, int bus,
	guint feature, int host, int guest)
{
	const ImportDisplay *display = import->displays->pdata[i];

	g_assert_cmpstr(display->monitor, ==, monitor);
	g_assert_cmpint(display->bus, ==, bus);
	g_assert_cmphex(display->feature, ==, feature);
	g_assert_cmphex((guint)display->host, ==, (guint)host);
	g_assert_cmphex((guint)display->guest, ==, (guint)guest);
}

static void assert_note(const Import *import, guint line, gboolean taken, const char *part)
{
	for (guint i = 0; i < import->notes->len; i++) {
		const ImportNote *note = import->notes->pdata[i];

		if (note->line == line && note->taken == taken && strstr(note->text, part) != NULL)
			return;
	}
	g_error("no note of line %u: %s", line, part);
}

static const char ini[] = "; two monitors and a hub\n"
			  "usb_device = \"1a40:0101\"\n"
			  "on_usb_connect = DisplayPort2\n"
			  "on_usb_disconnect=\"0x11\"\n"
			  "on_usb_connect_execute = \"playerctl pause\"\n"
			  "always_switch = true\n"
			  "\n"
			  "[monitor1]\n"
			  "monitor_id = \"PHL 275\"\n"
			  "on_usb_disconnect = 18\n"
			  "on_usb_disconnect_execute = 'notify-send away'\n"
			  "[monitor2]\n"
			  "monitor_id = 45\n"
			  "on_usb_connect = \"Hdmi9x\"\n"
			  "nonsense\n";

static void test_display_switch(void)
{
	g_autoptr(Import) import = read_text("/home/anna/display-switch.ini", ini);
	const ImportCommand *command;

	g_assert_nonnull(import);
	g_assert_cmpstr(import->program, ==, "display-switch");
	g_assert_cmpuint(import->displays->len, ==, 2);
	assert_display(import, 0, "PHL 275", -1, 0x60, 0x10, 0x12);
	assert_display(import, 1, "45", -1, 0x60, 0x10, 0x11);
	g_assert_cmpuint(import->commands->len, ==, 2);
	command = import->commands->pdata[0];
	g_assert_cmpstr(command->run, ==, "playerctl pause");
	g_assert_true(command->host);
	command = import->commands->pdata[1];
	g_assert_cmpstr(command->run, ==, "notify-send away");
	g_assert_false(command->host);
	assert_note(import, 2, FALSE, "usb_device 1a40:0101");
	assert_note(import, 6, FALSE, "always_switch");
	assert_note(import, 8, TRUE, "monitor \"PHL 275\": host 0x10, guest 0x12");
	assert_note(import, 14, FALSE, "Hdmi9x");
	assert_note(import, 15, FALSE, "nonsense");
}

/* Without sections it is for the one monitor; with half of it there is nothing to go by. */
static void test_display_switch_plain(void)
{
	g_autoptr(Import) both = read_text("x.ini", "usb_device=1:2\r\non_usb_connect=dvi1\r\n"
						    "on_usb_disconnect=DISPLAYPORT1\r\n");
	g_autoptr(Import) half = read_text("x.ini", "on_usb_connect = Hdmi1\n");

	g_assert_cmpuint(both->displays->len, ==, 1);
	assert_display(both, 0, NULL, -1, 0x60, 0x03, 0x0f);
	g_assert_cmpuint(half->displays->len, ==, 0);
	assert_note(half, 1, FALSE, "the guest's input is missing");
}

/* Names of sections in any spelling, and comments behind values. */
static void test_display_switch_comments(void)
{
	g_autoptr(Import) import = read_text("x.ini",
		"usb_device = \"1050:0407\" ; the switch\n"
		"on_usb_disconnect = \"Hdmi1\" # \"the other\"\n"
		"on_usb_connect_execute = \"'/opt/my app' --say \"a;b\"\"\n"
		"[ Monitor1 ]\nmonitor_id = dell ; left\non_usb_connect = Dvi2 # cable\n"
		"[MONITOR2]\nmonitor_id = \"a # b\"\non_usb_connect = \"0x1b\"\n"
		"[other]\non_usb_disconnect = Vga1\n");

	g_assert_cmpuint(import->displays->len, ==, 2);
	assert_display(import, 0, "dell", -1, 0x60, 0x04, 0x01);
	assert_display(import, 1, "a # b", -1, 0x60, 0x1b, 0x01);
	g_assert_cmpstr(((ImportCommand *)import->commands->pdata[0])->run, ==,
		"'/opt/my app' --say \"a;b\"");
	assert_note(import, 1, FALSE, "usb_device 1050:0407: hotseat needs no");
}

static const char yml[] = "screens:\n"
			  "- monitor:\n"
			  "    manufacturer: PHL\n"
			  "    model: 275E1\n"
			  "  guest_source: {name: HDMI-1}\n"
			  "  host_source:\n"
			  "    value: 0x0f\n"
			  "  ddc:\n"
			  "    host: [ddc]\n"
			  "- guest_source: {name: DisplayPort-2}\n"
			  "qemu:\n"
			  "  qmp_socket: /tmp/x\n"
			  "hotkeys:\n"
			  "- triggers: [T]\n"
			  "key_remap: {LeftMeta: Reserved}\n";

static void test_screenstub(void)
{
	g_autoptr(Import) import = read_text("screenstub.yml", yml);
	g_autoptr(Import) output =
		read_text("c.yml", "- monitor:\n    xrandr_name: DP-1\n  guest_source: {value: "
				   "17}\n  host_source: {value: 15}\n");
	g_autoptr(Import) older = read_text("c.yml", "- monitor: {model: X1}\n  guest_source: "
						     "{value: 17}\n  host_source: {name: DVI-1}\n");

	g_assert_cmpstr(import->program, ==, "screenstub");
	g_assert_cmpuint(import->displays->len, ==, 1);
	assert_display(import, 0, "PHL 275E1", -1, 0x60, 0x0f, 0x11);
	assert_note(import, 2, TRUE, "host 0x0f, guest 0x11");
	assert_note(import, 8, FALSE, "ddc: ");
	assert_note(import, 10, FALSE, "the host's input is missing");
	assert_note(import, 11, FALSE, "qemu: ");
	assert_note(import, 13, FALSE, "hotkeys: ");
	assert_note(import, 15, FALSE, "key_remap: ");
	assert_display(older, 0, "X1", -1, 0x60, 0x03, 0x11);
	assert_note(output, 2, FALSE, "monitor: xrandr_name: hotseat has no equivalent");
}

static void test_screenstub_broken(void)
{
	g_autoptr(Import) import = read_text("screenstub.yml", "screens:\n- {monitor: [\n");

	g_assert_nonnull(import);
	g_assert_cmpuint(import->displays->len, ==, 0);
	g_assert_cmpuint(import->notes->len, >, 0);
}

static const char toggle[] =
	"#!/bin/bash\n"
	"# ddcutil --bus 1 setvcp 60 0x01\n"
	"VM=gaming\n"
	"CONNECT=\"-c qemu:///system\"\n"
	"if [ \"$1\" = guest ]; then\n"
	"\tddcutil --bus=4 setvcp 60 0x11 && ddcutil -b5 --noverify setvcp x60 x0f\n"
	"\tvirsh -c qemu:///system attach-device \"$VM\" /etc/hid/keyboard.xml --live\n"
	"else\n"
	"\tsudo /usr/bin/ddcutil --bus 4 setvcp 0x60 15\n"
	"\tddcutil --bus 5 setvcp 60 0x12\n"
	"\tvirsh detach-device --domain \"${VM}\" --file 'my mouse.xml'\n"
	"fi\n"
	"ddcutil --bus 4 setvcp 10 50\n"
	"ddcutil getvcp 60\n"
	"virsh list\n"
	"pactl set-default-sink 1\n";

static void test_script(void)
{
	g_autoptr(Import) import = read_text("toggle", toggle);

	g_assert_cmpstr(import->program, ==, "script");
	g_assert_cmpstr(import->domain, ==, "gaming");
	g_assert_cmpstr(import->uri, ==, "qemu:///system");
	g_assert_cmpuint(import->displays->len, ==, 2);
	assert_display(import, 0, NULL, 4, 0x60, 0x0f, 0x11);
	assert_display(import, 1, NULL, 5, 0x60, 0x12, 0x0f);
	g_assert_cmpuint(import->files->len, ==, 2);
	g_assert_cmpstr(((ImportFile *)import->files->pdata[0])->path, ==, "/etc/hid/keyboard.xml");
	g_assert_cmpstr(((ImportFile *)import->files->pdata[1])->path, ==, "my mouse.xml");
	assert_note(import, 6, TRUE, "monitor on bus 4");
	assert_note(import, 13, FALSE, "setvcp 10 50");
	assert_note(import, 7, TRUE, "domain gaming");
	assert_note(import, 16, FALSE, "pactl set-default-sink 1: write it under commands:");
	for (guint i = 0; i < import->notes->len; i++)
		g_assert_cmpuint(((ImportNote *)import->notes->pdata[i])->line, >, 5);
	import_xml(import, 7, "keyboard.xml",
		"<hostdev mode='subsystem' type='usb'>\n <source>\n  <vendor id=\"0x1B1C\"/>\n"
		"  <product id=\"0x1b2d\"/>\n </source>\n</hostdev>\n");
	import_xml(import, 7, "disk.xml", "<disk/>");
	g_assert_cmpuint(import->devices->len, ==, 1);
	g_assert_cmphex((guint)((ImportDevice *)import->devices->pdata[0])->vendor, ==, 0x1b1c);
	assert_note(import, 7, TRUE, "device 1b1c:1b2d");
	assert_note(import, 7, FALSE, "disk.xml");
}

/* By words, LG's own feature, a function each; and one of two that says nothing. */
static void test_script_words(void)
{
	g_autoptr(Import) import =
		read_text("kvm.sh", "to_windows() {\n"
				    "  ddcutil --sn AB12 --i2c-source-addr=x50 setvcp xF4 x90\n"
				    "}\n"
				    "to_linux() {\n"
				    "  ddcutil --sn AB12 --i2c-source-addr x50 setvcp xF4 xD0\n"
				    "}\n"
				    "case $2 in\n"
				    "  started) ddcutil --mfg PHL --model 275E1 setvcp 60 17 ;;\n"
				    "  *) ddcutil --mfg PHL --model 275E1 setvcp 60 15 ;;\n"
				    "esac\n");
	g_autoptr(Import) neither = read_text("a.sh", "ddcutil setvcp 60 0x11\n");

	g_assert_cmpuint(import->displays->len, ==, 2);
	assert_display(import, 0, "AB12", -1, 0xf4, 0xd0, 0x90);
	g_assert_cmphex(((ImportDisplay *)import->displays->pdata[0])->source_address, ==, 0x50);
	assert_display(import, 1, "PHL 275E1", -1, 0x60, 0x0f, 0x11);
	g_assert_cmpuint(neither->displays->len, ==, 0);
	assert_note(neither, 1, FALSE, "nothing says whether it is the host's or the guest's");
}

/* Commands on several lines, devices in them, monitors by ddcutil's own numbers. */
static const char folded[] =
	"#!/bin/sh\n"
	"export VM=\"win \\\"10\\\"\"\n"
	"# virsh attach-device other \\\n"
	"to_guest() {\n"
	"\tddcutil --display 1 \\\n"
	"\t\tsetvcp 60 0x11\n"
	"\tddcutil -d 2 setvcp 60 0x12\n"
	"\tddcutil --model DELL\\ U27 setvcp 60 0x1b\n"
	"\tvirsh attach-device \"$VM\" \\\n"
	"\t  /dev/stdin <<EOF\n"
	"<hostdev mode='subsystem' type='usb'><source>\n"
	"  <vendor id='0x04d9'/>\n"
	"  <product id='0xa118'/>\n"
	"</source></hostdev>\n"
	"EOF\n"
	"\techo \"<vendor id=\\\"0x093a\\\"/>\\n<product id=\\\"0x2510\\\"/>\" >mouse.xml\n"
	"\t# <vendor id='0x1111'/><product id='0x2222'/>\n"
	"}\n"
	"to_host() {\n"
	"\tddcutil -d 1 setvcp 60 0x0f\n"
	"\tddcutil -d 2 setvcp 60 0x10\n"
	"\tddcutil --model 'DELL U27' setvcp 60 0x0f\n"
	"}\n";

static void test_script_folded(void)
{
	g_autoptr(Import) import = read_text("toggle", folded);

	g_assert_cmpstr(import->domain, ==, "win \"10\"");
	g_assert_cmpuint(import->displays->len, ==, 3);
	assert_display(import, 0, NULL, -1, 0x60, 0x0f, 0x11);
	assert_display(import, 1, NULL, -1, 0x60, 0x10, 0x12);
	assert_display(import, 2, "DELL U27", -1, 0x60, 0x0f, 0x1b);
	g_assert_cmpuint(import->devices->len, ==, 2);
	assert_note(import, 5, TRUE, "the monitor: host 0x0f, guest 0x11");
	assert_note(import, 12, TRUE, "device 04d9:a118");
	assert_note(import, 16, TRUE, "device 093a:2510");
}

static void assert_no_note(const Import *import, const char *part)
{
	for (guint i = 0; i < import->notes->len; i++) {
		const ImportNote *note = import->notes->pdata[i];

		g_assert_null(strstr(note->text, part));
	}
}

/* What is not run: comments of each kind, what is only printed, help texts. */
static const char not_run[] =
	"#!/bin/bash\n"
	"ddcutil --bus 4 setvcp 60 0x11 # to the guest; ddcutil --bus 9 setvcp 60 1\n"
	"  # virsh attach-device other /other.xml\n"
	": <<'COMMENT'\n"
	"virsh attach-device other /other.xml\n"
	"<vendor id='0x1111'/><product id='0x2222'/>\n"
	"COMMENT\n"
	"usage() {\n"
	"cat <<-EOF\n"
	"\tvirsh attach-device other /other.xml\n"
	"\tddcutil --bus 9 setvcp 60 0x01\n"
	"\tEOF\n"
	"}\n"
	"echo \"usage: $0; virsh attach-device other /other.xml\"\n"
	"echo ddcutil --bus 9 setvcp 60 0x01 && printf 'virsh attach-device other x\\n'\n"
	"case $1 in\n"
	"guest) virsh attach-device win10 a.xml ; ddcutil --bus 4 setvcp 60 0x11 ;;\n"
	"host) virsh detach-device win10 a.xml; ddcutil --bus 4 setvcp 60 0x0f;;\n"
	"*) usage; exit 1;;\n"
	"esac\n";

static void test_script_not_run(void)
{
	g_autoptr(Import) import = read_text("kvm", not_run);

	g_assert_cmpstr(import->domain, ==, "win10");
	g_assert_cmpuint(import->displays->len, ==, 1);
	assert_display(import, 0, NULL, 4, 0x60, 0x0f, 0x11);
	g_assert_cmpuint(import->devices->len, ==, 0);
	g_assert_cmpuint(import->files->len, ==, 1);
	g_assert_cmpstr(((ImportFile *)import->files->pdata[0])->path, ==, "a.xml");
	assert_no_note(import, "usage");
	assert_no_note(import, "COMMENT");
	assert_no_note(import, "bus 9");
}

/* Commands in variables, functions with arguments, loops, and what env has. */
static const char composed[] =
	"#!/usr/bin/env bash\r\n"
	"export LIBVIRT_DEFAULT_URI=qemu:///system\n"
	"VIRSH='virsh -q'; DDC=\"ddcutil --noverify\" VM=win11\n"
	"set_input()\n"
	"{\n"
	"\t$DDC --bus \"$1\" setvcp 60 \"$2\"\n"
	"}\n"
	"attach() { $VIRSH attach-device $VM \"$1\"; }\n"
	"function detach { ${VIRSH} detach-device $VM $1; }\n"
	"if [[ $1 == guest && -n $VM ]]\n"
	"then\n"
	"  set_input 4 0x11 &\n"
	"  set_input 5 0x12\n"
	"  wait\n"
	"  for device in keyboard \"my mouse\"; do\n"
	"    attach /etc/kvm/$device.xml\n"
	"  done\n"
	"  $DDC setvcp 10 50 60 0x11 --sn AB12 --edid 00ffffffffffff00\n"
	"else\n"
	"  for bus in 4 5; do set_input $bus 0x0f; done\n"
	"  detach /etc/kvm/keyboard.xml\n"
	"  $DDC setvcp 60 0x0f --sn AB12\n"
	"fi\n"
	"for xml in /etc/more/*.xml; do $VIRSH attach-device $VM \"$xml\"; done\n"
	"for port in $PORTS; do attach \"$port\"; done\n";

static void test_script_composed(void)
{
	g_autoptr(Import) import = read_text("kvm", composed);

	g_assert_cmpstr(import->domain, ==, "win11");
	g_assert_cmpstr(import->uri, ==, "qemu:///system");
	g_assert_cmpuint(import->displays->len, ==, 3);
	assert_display(import, 0, NULL, 4, 0x60, 0x0f, 0x11);
	assert_display(import, 1, NULL, 5, 0x60, 0x0f, 0x12);
	assert_display(import, 2, "AB12", -1, 0x60, 0x0f, 0x11);
	g_assert_cmpuint(import->files->len, >=, 2);
	g_assert_cmpstr(((ImportFile *)import->files->pdata[0])->path, ==, "/etc/kvm/keyboard.xml");
	g_assert_cmpstr(((ImportFile *)import->files->pdata[1])->path, ==, "/etc/kvm/my mouse.xml");
	assert_note(import, 12, TRUE, "monitor on bus 4: host 0x0f, guest 0x11");
	assert_no_note(import, "set_input");
	assert_no_note(import, "wait");
	assert_note(import, 25, FALSE, "the file's name is not literal");
}

/* A condition before &&, whose contrary is behind ||; and devices in commands for QEMU's monitor.
 */
static void test_script_guards(void)
{
	g_autoptr(Import) import = read_text("a.sh",
		"[ \"$1\" = host ] && ddcutil -b 4 setvcp 60 0x0f || ddcutil -b 4 setvcp 60 0x11\n"
		"[[ $2 == started ]] && MODE=guest\n"
		"V=0x1532 P=0x0085\n"
		"cat >/tmp/x.xml <<EOF\n<vendor id='$V'/><product id='${P}'/>\nEOF\n"
		"virsh qemu-monitor-command win10 --hmp \"device_add "
		"usb-host,vendorid=0x046d,productid=0xc08b,id=m\"\n"
		"virsh qemu-monitor-command win10 '{\"execute\":\"device_add\",\"arguments\":{"
		"\"driver\":\"usb-host\",\"vendorid\":\"0x1b1c\",\"productid\":\"0x1b49\"}}'\n"
		"su - anna -c \"ddcutil --bus 5 setvcp 60 0x10\"\n"
		"it's not a quote\n"
		"ddcutil -b 5 setvcp 60 ${inputs[$1]}\n");

	g_assert_cmpuint(import->displays->len, ==, 1);
	assert_display(import, 0, NULL, 4, 0x60, 0x0f, 0x11);
	assert_note(import, 5, TRUE, "device 1532:0085");
	assert_note(import, 7, TRUE, "device 046d:c08b");
	assert_note(import, 8, TRUE, "device 1b1c:1b49");
	assert_note(import, 9, FALSE, "the host's input is missing");
	assert_note(import, 10, FALSE, "it's not a quote");
	assert_note(import, 11, FALSE, "no input as a number");
}

/* One that calls itself, and one without an end. */
static void test_script_endless(void)
{
	g_autoptr(Import) circle = read_text("a.sh", "f() { f $1; f $2; f $3; }\nf 1 2 3\n");
	g_autoptr(Import) open = read_text("a.sh", "f() { f $1\nfor a in b c; do for d in $(x\n"
						   "case a in b) <<E\n\"");
	g_autoptr(GString) deep = g_string_new(NULL);
	g_autoptr(Import) loops = NULL;

	for (guint i = 0; i < 20; i++)
		g_string_append(deep, "for a in 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9; do\n");
	g_string_append(deep, "ddcutil setvcp 60 $a\n");
	for (guint i = 0; i < 20; i++)
		g_string_append(deep, "done\n");
	loops = read_text("a.sh", deep->str);
	g_assert_nonnull(circle);
	g_assert_nonnull(open);
	g_assert_nonnull(loops);
}

/* What an editor on Windows puts before the first line is none of it. */
static void test_byte_order_mark(void)
{
	g_autoptr(Import) import = read_text(
		"x.ini", "\xef\xbb\xbfon_usb_connect=dvi1\r\non_usb_disconnect=hdmi1\r\n");

	g_assert_nonnull(import);
	g_assert_cmpuint(import->displays->len, ==, 1);
	assert_display(import, 0, NULL, -1, 0x60, 0x03, 0x11);
}

static void test_none(void)
{
	static const char *const texts[] = {
		"",
		"libvirt: {domain: win11}\n",
		"libvirt:\n  domain: x\ncommands:\n  host:\n    - ddcutil setvcp 60 0x11\n",
		"[General]\nname = x\n",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		g_assert_null(read_text("config.yaml", texts[i]));
	/* an empty file */
	g_assert_null(import_read("config.yaml", NULL, 0));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/import/display-switch", test_display_switch);
	g_test_add_func("/import/display-switch-plain", test_display_switch_plain);
	g_test_add_func("/import/display-switch-comments", test_display_switch_comments);
	g_test_add_func("/import/screenstub", test_screenstub);
	g_test_add_func("/import/screenstub-broken", test_screenstub_broken);
	g_test_add_func("/import/script", test_script);
	g_test_add_func("/import/script-words", test_script_words);
	g_test_add_func("/import/script-folded", test_script_folded);
	g_test_add_func("/import/script-not-run", test_script_not_run);
	g_test_add_func("/import/script-composed", test_script_composed);
	g_test_add_func("/import/script-guards", test_script_guards);
	g_test_add_func("/import/script-endless", test_script_endless);
	g_test_add_func("/import/byte-order-mark", test_byte_order_mark);
	g_test_add_func("/import/none", test_none);
	return g_test_run();
}
