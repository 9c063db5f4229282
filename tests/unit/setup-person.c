/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup-person.h"

#include "tree.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

const char *const no_options[] = { NULL };

const SimMonitorSpec aoc = { .manufacturer = "AOC", .model = "2778X", .input = DP1 };
const SimMonitorSpec dell = {
	.manufacturer = "DEL", .model = "U2719D", .serial = "ABC123", .input = DP1
};
const SimMonitorSpec lg = { .manufacturer = "GSM", .model = "LG HDR 4K", .input = DP1 };

typedef struct {
	Talk talk;
	SetupDesk *desk;
} Person;

static void print(Talk *talk, const char *text)
{
	SetupDesk *desk = ((Person *)talk)->desk;

	g_string_append(desk->said, text);
	g_string_append(desk->all, text);
}

/* Words, whatever lines they were broken into. */
static gboolean has_words(const char *text, const char *words)
{
	g_autofree char *one_line = g_strdelimit(g_strdup(text), "\n", ' ');

	return strstr(one_line, words) != NULL;
}

/* Begins the next line of the script: everything that was said led to it. */
static const Line *next_line(SetupDesk *desk, gboolean presses)
{
	const Line *line = &desk->script[desk->at];

	if (line->expect != NULL && desk->done == 0 && !has_words(desk->said->str, line->expect))
		g_error("line %u expects \"%s\", and this was said:\n%s", desk->at, line->expect,
			desk->said->str);
	if (line->presses != presses ||
		(line->expect == NULL && line->answer == NULL && line->times == 0 && !presses))
		g_error("no line %u for this:\n%s", desk->at, desk->said->str);
	if (desk->done == 0 && line->act != NULL)
		line->act(desk);
	g_string_truncate(desk->said, 0);
	if (++desk->done >= MAX(line->times, 1)) {
		desk->at++;
		desk->done = 0;
	}
	return line;
}

static TalkRead read_line(Talk *talk, int timeout_ms, char **text)
{
	SetupDesk *desk = ((Person *)talk)->desk;
	const Line *line = next_line(desk, FALSE);

	if (line->answer == NULL) {
		g_assert_cmpint(timeout_ms, >=, 0);
		return TALK_TIMEOUT;
	}
	g_string_append_printf(desk->all, "%s\n", line->answer);
	if (g_str_equal(line->answer, LEAVE))
		return TALK_END;
	*text = g_strdup(line->answer);
	return TALK_LINE;
}

static int press(Talk *talk, const char *const *ports, TalkPress what)
{
	const Line *line = next_line(((Person *)talk)->desk, TRUE);

	g_assert_cmpint(line->press, <, (int)g_strv_length((char **)ports));
	return line->press;
}

/* -- the desk --------------------------------------------------------------------------------- */

void desk_new(SetupDesk *desk)
{
	static const TalkOps ops = { .print = print, .read = read_line, .press = press };
	Person *person = g_new0(Person, 1);

	*desk = (SetupDesk){ .sim = sim_i2c_new(TRUE),
		.root = g_dir_make_tmp("hotseat-setup-XXXXXX", NULL),
		.options = { .guests = (const char **)no_options,
			.displays = (const char **)no_options,
			.devices = (const char **)no_options },
		.said = g_string_new(NULL),
		.all = g_string_new(NULL) };
	desk->sysfs = g_build_filename(desk->root, "sys", NULL);
	g_assert_cmpint(g_mkdir(desk->sysfs, 0700), ==, 0);
	person->talk.ops = &ops;
	person->desk = desk;
	desk->machine = (Machine){ sim_i2c_system(desk->sim), desk->sysfs, "test:///default" };
	interview_init(&desk->interview, &person->talk, &desk->machine, &desk->options, TRUE);
}

static void guest_free_made(gpointer data)
{
	FoundGuest *guest = data;

	for (guint i = 0; i < guest->networks->len; i++) {
		FoundNetwork *network = guest->networks->pdata[i];

		g_free(network->name);
		g_free(network->address);
		g_free(network);
	}
	g_ptr_array_unref(guest->networks);
	g_ptr_array_unref(guest->gpus);
	g_ptr_array_unref(guest->unknown);
	g_ptr_array_unref(guest->usb_controllers);
	domain_free(guest->now);
	g_free(guest->uri);
	g_free(guest->name);
	g_free(guest);
}

void desk_free(SetupDesk *desk)
{
	g_free(desk->interview.talk);
	interview_clear(&desk->interview);
	while (sim_i2c_in_use(desk->sim))
		g_usleep(1000);
	sim_i2c_unref(desk->sim);
	tree_remove(desk->root);
	g_free(desk->root);
	g_free(desk->sysfs);
	g_string_free(desk->said, TRUE);
	g_string_free(desk->all, TRUE);
}

void desk_set_up(SetupDesk *desk, gconstpointer unused)
{
	desk_new(desk);
}

void desk_tear_down(SetupDesk *desk, gconstpointer unused)
{
	desk_free(desk);
}

SimMonitor *desk_add_monitor(SetupDesk *desk, const SimMonitorSpec *spec, gboolean connector)
{
	int n = 0;
	g_autofree char *name = NULL;

	while (desk->monitors[n] != NULL)
		n++;
	name = g_strdup_printf("DP-%d", n + 1);
	desk->monitors[n] = sim_monitor_new(desk->sim, spec);
	sim_i2c_plug(desk->sim, 4 + 2 * n, connector ? name : NULL, desk->monitors[n], 0x0f);
	return desk->monitors[n];
}

/* path below the desk's sysfs, whose folder is there then. */
static char *make_path(const SetupDesk *desk, const char *path)
{
	char *whole = g_build_filename(desk->sysfs, path, NULL);
	g_autofree char *folder = g_path_get_dirname(whole);

	g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
	return whole;
}

void desk_put(SetupDesk *desk, const char *path, const char *text)
{
	g_autofree char *whole = make_path(desk, path);

	g_assert_true(g_file_set_contents(whole, text, -1, NULL));
}

void desk_link(SetupDesk *desk, const char *path, const char *target)
{
	g_autofree char *whole = make_path(desk, path);

	g_assert_cmpint(symlink(target, whole), ==, 0);
}

static void put(SetupDesk *desk, const char *folder, const char *file, const char *text)
{
	g_autofree char *dir = g_build_filename(desk->sysfs, "bus/usb/devices", folder, NULL);
	g_autofree char *path = g_build_filename(dir, file, NULL);

	g_assert_cmpint(g_mkdir_with_parents(dir, 0700), ==, 0);
	if (text != NULL)
		g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void put_interface(SetupDesk *desk, const char *port, int number, const char *protocol)
{
	g_autofree char *folder = g_strdup_printf("%s/%s:1.%d", port, port, number);

	put(desk, folder, "bInterfaceClass", *protocol != '\0' ? "03" : "01");
	put(desk, folder, "bInterfaceSubClass", "01");
	put(desk, folder, "bInterfaceProtocol", protocol);
}

void desk_add_device(SetupDesk *desk, const char *port, const char *id, const char *serial,
	const char *name, const char *usage)
{
	g_auto(GStrv) ids = g_strsplit(id, ":", 2);

	put(desk, port, "idVendor", ids[0]);
	put(desk, port, "idProduct", ids[1]);
	put(desk, port, "busnum", "3");
	put(desk, port, "devnum", "7");
	put(desk, port, "product", name);
	put(desk, port, "serial", serial);
	if (g_str_equal(usage, "keyboard") || g_str_equal(usage, "both"))
		put_interface(desk, port, 0, "01");
	if (g_str_equal(usage, "mouse") || g_str_equal(usage, "both"))
		put_interface(desk, port, 1, "02");
	if (g_str_equal(usage, "other"))
		put_interface(desk, port, 0, "");
}

static void no_progress(const char *what, guint done, guint all, gpointer data)
{
}

void desk_look(SetupDesk *desk, const char *capabilities)
{
	Interview *interview = &desk->interview;

	interview->found.scan = scan_run(desk->machine.i2c, SCAN_INPUT, no_progress, NULL);
	interview->found.monitors = interview->found.scan->monitors;
	interview->found.devices = devices_look(desk->machine.sysfs, FALSE);
	for (guint i = 0; capabilities != NULL && i < interview->found.monitors->len; i++) {
		FoundMonitor *monitor = interview->found.monitors->pdata[i];

		capabilities_parse(capabilities, strlen(capabilities), &monitor->capabilities);
	}
}

void desk_add_guest(SetupDesk *desk, const char *name, gboolean gpu, const char *network)
{
	FoundGuest *guest = g_new0(FoundGuest, 1);

	if (desk->interview.found.guests == NULL)
		desk->interview.found.guests = g_ptr_array_new_with_free_func(guest_free_made);
	guest->name = g_strdup(name);
	guest->state = GUEST_RUNNING;
	guest->uri = g_strdup("qemu:///system");
	guest->gpus = g_ptr_array_new();
	guest->unknown = g_ptr_array_new();
	guest->usb_controllers = g_ptr_array_new();
	guest->networks = g_ptr_array_new();
	if (gpu)
		g_ptr_array_add(guest->gpus, (gpointer) "GTX (0000:01:00.0)");
	if (network != NULL) {
		FoundNetwork *one = g_new0(FoundNetwork, 1);

		one->name = g_strdup("default");
		one->address = g_strdup(network);
		one->active = TRUE;
		g_ptr_array_add(guest->networks, one);
	}
	g_ptr_array_add(desk->interview.found.guests, guest);
}

gboolean desk_run(SetupDesk *desk, const Line *script)
{
	static const Line end = { 0 };
	gboolean stayed;

	desk->script = script != NULL ? script : &end;
	desk->at = desk->done = 0;
	stayed = interview_run(&desk->interview);
	if (desk->script[desk->at].expect != NULL || desk->script[desk->at].answer != NULL)
		g_error("line %u was not reached:\n%s", desk->at, desk->all->str);
	return stayed;
}

void desk_look_and_run(SetupDesk *desk, const char *capabilities, const Line *script)
{
	desk_look(desk, capabilities);
	g_assert_true(desk_run(desk, script));
}

void desk_assert_said(SetupDesk *desk, const char *text)
{
	if (!has_words(desk->all->str, text))
		g_error("\"%s\" was not said:\n%s", text, desk->all->str);
}

void desk_assert_text(SetupDesk *desk, const char *wanted)
{
	g_autofree char *text = draft_text(desk->interview.draft, DRAFT_SECRET_FILE);

	if (strstr(text, wanted) == NULL)
		g_error("\"%s\" is not in:\n%s", wanted, text);
}

/* Set VCP: "w 37 SOURCE LENGTH 03" (DDC/CI 1.1, 4.4) */
void desk_assert_nothing_set(SetupDesk *desk)
{
	g_autofree char *log = sim_i2c_log(desk->sim);

	g_assert_nonnull(strstr(log, " w 37 51 82 01 60"));
	g_assert_false(g_regex_match_simple(" w 37 [0-9a-f]{2} [0-9a-f]{2} 03", log, 0, 0));
}

void desk_add_usual(SetupDesk *desk)
{
	desk_add_device(desk, "3-1", "28da:1101", NULL, "G.Skill KM780", "keyboard");
	desk_add_device(desk, "3-2", "046d:c08b", "123", "Logitech G502", "mouse");
	desk_add_guest(desk, "win10", TRUE, NULL);
}

void desk_assert_missing(SetupDesk *desk, const char *text)
{
	for (guint i = 0; i < desk->interview.missing->len; i++)
		if (strstr(desk->interview.missing->pdata[i], text) != NULL)
			return;
	for (guint i = 0; i < desk->interview.missing->len; i++)
		g_test_message("missing: %s", (char *)desk->interview.missing->pdata[i]);
	g_error("\"%s\" is not said to be missing", text);
}
