/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guests' ports, and what a config says to hotseat-inputd.
 */
#include "device/input-ports.h"
#include "device/input-setup.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct {
	char *folder, *path;
} Fixture;

static void set_up(Fixture *f, gconstpointer unused)
{
	f->folder = g_dir_make_tmp("hotseat-ports-XXXXXX", NULL);
	f->path = g_build_filename(f->folder, "state", "ports", NULL);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
	g_autofree char *state = g_path_get_dirname(f->path);

	g_unlink(f->path);
	g_rmdir(state);
	g_assert_cmpint(g_rmdir(f->folder), ==, 0);
	g_free(f->folder);
	g_free(f->path);
}

/* "a 49201, b 49202", in the order of names, which have a space between. */
static char *assign(const char *path, const char *names)
{
	g_auto(GStrv) words = g_strsplit(names, " ", -1);
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	g_autoptr(GHashTable) ports = NULL;
	g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(guint));
	GString *text = g_string_new(NULL);

	for (char **word = words; *word != NULL; word++)
		g_ptr_array_add(list, *word);
	ports = input_ports_assign(path, list, none);
	for (char **word = words; *word != NULL; word++)
		g_string_append_printf(text, "%s%s %u", text->len > 0 ? ", " : "", *word,
			GPOINTER_TO_UINT(g_hash_table_lookup(ports, *word)));
	return g_string_free(text, FALSE);
}

static void assign_is(const char *path, const char *names, const char *expected)
{
	g_autofree char *got = assign(path, names);

	g_assert_cmpstr(got, ==, expected);
}

static void test_kept(Fixture *f, gconstpointer unused)
{
	assign_is(f->path, "win11 linux", "win11 49201, linux 49202");
	assign_is(f->path, "linux win11", "linux 49202, win11 49201");
	/* one that is out of the config for a while finds its port again */
	assign_is(f->path, "linux mac", "linux 49202, mac 49203");
	assign_is(f->path, "mac win11", "mac 49203, win11 49201");
}

static void test_not_kept(Fixture *f, gconstpointer unused)
{
	assign_is(NULL, "win11 linux", "win11 49201, linux 49202");
	assign_is(NULL, "linux win11", "linux 49201, win11 49202");
	/* so that the fixture has something to remove */
	assign_is(f->path, "a", "a 49201");
}

/* Those that are in the config come before those that were. */
static void test_full(Fixture *f, gconstpointer unused)
{
	g_autofree char *got = NULL;

	assign_is(f->path, "old", "old 49201");
	got = assign(f->path, "a b c d e f g h i j k l m n o p q");
	g_assert_true(g_str_has_prefix(got, "a 49202, b 49203"));
	g_assert_true(g_str_has_suffix(got, "o 49216, p 49201, q 0"));
}

/* Unknown lines are ignored. */
static void test_nonsense(Fixture *f, gconstpointer unused)
{
	g_autofree char *folder = g_path_get_dirname(f->path);

	g_mkdir(folder, 0700);
	g_assert_true(g_file_set_contents(f->path,
		"49210 win 11\n80 a\n49299 b\n49203\n49204 \nx y\n49210 other\n49211 win 11\n"
		"49205 linux",
		-1, NULL));
	assign_is(f->path, "linux a b other", "linux 49205, a 49201, b 49202, other 49203");
}

/* -- what hotseat-inputd is told --------------------------------------------------------------- */

static const char text[] =
	"libvirt: {domain: win11}\n"
	"guests: [{name: linux, domain: debian}, {domain: mac}]\n"
	"devices:\n"
	"  - {name: kbd, vendor: 0x046d, product: 0xc31c, serial: s, port: 3-1, "
	"via: input, guests: [linux]}\n"
	"  - {name: bt, input: K380, uniq: 'aa:bb', via: input, guests: [guest]}\n"
	"  - {name: path, input: /dev/input/event7, via: input, guests: [guest]}\n"
	"  - {name: pad, port: 1-1}\n"
	"hotkeys: {toggle: ctrl ctrl, linux: super+f2, next: f13}\n"
	"keep: [mute, volumeup]\n"
	"reports: paced\n";

static Config *parse(void)
{
	g_autoptr(GPtrArray) problems = config_problems_new();
	Config *config = config_parse("x", text, strlen(text), problems);

	g_assert_cmpuint(problems->len, ==, 0);
	return config;
}

static void test_guests(void)
{
	g_autoptr(Config) config = parse();
	g_autoptr(GPtrArray) guests = input_setup_guests(config);
	g_autoptr(GHashTable) ports = input_setup_ports(config, NULL);

	g_assert_cmpuint(guests->len, ==, 2);
	g_assert_cmpstr(guests->pdata[0], ==, "guest");
	g_assert_cmpstr(guests->pdata[1], ==, "linux");
	g_assert_cmpuint(g_hash_table_size(ports), ==, 2);
	g_assert_cmpuint(
		GPOINTER_TO_UINT(g_hash_table_lookup(ports, "guest")), ==, PROTOCOL_PORT_FIRST);
}

/* A guest without libvirt has the port of its command line; others keep out of its way. */
static void test_given(void)
{
	static const char with_qemu[] =
		"guests: [{domain: win11}, {name: q, qemu: {qmp: /q, port: 49201}}]\n"
		"devices: [{port: 1-1, via: input}]\n";
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autoptr(Config) config = config_parse("x", with_qemu, strlen(with_qemu), problems);
	g_autoptr(GHashTable) ports = input_setup_ports(config, NULL);

	g_assert_cmpuint(GPOINTER_TO_UINT(g_hash_table_lookup(ports, "q")), ==, 49201);
	g_assert_cmpuint(GPOINTER_TO_UINT(g_hash_table_lookup(ports, "win11")), ==, 49202);
}

/* The packet, which the other side reads; entries of a list begin with their own key. */
static void packet_is(const ProtocolMessage *message, const char *expected)
{
	g_autoptr(GError) error = NULL;
	gsize length;
	g_autofree char *packet = protocol_message_format(message, &length, &error);
	g_autofree char *got = g_strndup(packet, length);

	g_assert_no_error(error);
	g_strchomp(got);
	g_assert_cmpstr(got, ==, expected);
}

static void test_message(void)
{
	g_autoptr(Config) config = parse();
	g_autoptr(GHashTable) ports = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(ProtocolMessage) message = NULL;

	g_hash_table_insert(ports, (gpointer) "linux", GUINT_TO_POINTER(49207));
	message = input_setup_message(config, ports);
	message->id = 5;
	g_assert_cmpuint(message->setup->guests->len, ==, 1);
	g_assert_cmpuint(message->setup->devices->len, ==, 3);
	packet_is(message, "configure\n"
			   "version=1\n"
			   "id=5\n"
			   "keep=mute\n"
			   "keep=volumeup\n"
			   "guest=linux\n"
			   "port=49207\n"
			   "mode=paced\n"
			   "device=kbd\n"
			   "vendor=046d\n"
			   "product=c31c\n"
			   "serial=s\n"
			   "usb-port=3-1\n"
			   "device=bt\n"
			   "input=K380\n"
			   "uniq=aa:bb\n"
			   "device=path\n"
			   "node=/dev/input/event7\n"
			   "hotkey=ctrl ctrl\n"
			   "action=toggle\n"
			   "hotkey=super+f2\n"
			   "action=go\n"
			   "to=linux\n"
			   "hotkey=f13\n"
			   "action=next\n"
			   "hotkey=ctrl+alt+shift+esc\n"
			   "action=panic");
}

static void test_simulated(void)
{
	g_autoptr(Config) config = parse();
	g_autoptr(ProtocolMessage) message = input_setup_message(config, NULL);

	g_assert_cmpuint(message->setup->guests->len, ==, 2);
	for (guint i = 0; i < 2; i++)
		g_assert_cmpuint(((ProtocolGuest *)message->setup->guests->pdata[i])->port, ==, 0);
}

#define ADD(path, func) g_test_add("/input-ports/" path, Fixture, NULL, set_up, func, tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("kept", test_kept);
	ADD("not-kept", test_not_kept);
	ADD("full", test_full);
	ADD("nonsense", test_nonsense);
	g_test_add_func("/input-setup/guests", test_guests);
	g_test_add_func("/input-setup/given", test_given);
	g_test_add_func("/input-setup/message", test_message);
	g_test_add_func("/input-setup/simulated", test_simulated);
	return g_test_run();
}
