/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A device whose events are forwarded, as the seat sees it.
 */
#include "common/error.h"
#include "device/input.h"
#include "sim/input.h"

#include <string.h>

/* Longer than anything here takes, and too short to wait for. */
enum { LONG_MS = 60000, SHORT_MS = 20 };

typedef struct {
	SimInput *sim;
	ConfigDevice config;
	GPtrArray *guests;
	Resource *device;
	GCancellable *cancel;

	/* of the apply or observe that ended last */
	guint ended, seen; /* so far; when the last one began */
	char *at, *detail;
	gboolean changed;
	GError *error;

	GString *told; /* "appeared host, " for each change that was reported to the seat */
} InputDeviceDesk;

static void on_changed(
	Resource *resource, ResourceChange change, const ResourceResult *result, gpointer data)
{
	static const char *const names[] = {
		[RESOURCE_MOVED] = "moved",
		[RESOURCE_APPEARED] = "appeared",
		[RESOURCE_GONE] = "gone",
	};

	g_string_append_printf(((InputDeviceDesk *)data)->told, "%s %s%s, ", names[change],
		result->at != NULL ? result->at : "nowhere", result->error != NULL ? "!" : "");
}

static void remake(InputDeviceDesk *desk, guint ready_ms)
{
	resource_free(desk->device);
	desk->device = device_via_input_new(
		sim_input_system(desk->sim), &desk->config, desk->guests, ready_ms);
	desk->device->changed = on_changed;
	desk->device->changed_data = desk;
}

static void add_guest(InputDeviceDesk *desk, const char *name, InputReadiness readiness)
{
	ConfigGuest *guest = g_new0(ConfigGuest, 1);

	guest->name = (char *)name;
	g_ptr_array_add(desk->guests, guest);
	sim_input_set_guest(desk->sim, name, readiness);
}

static void set_up(InputDeviceDesk *desk, gconstpointer unused)
{
	desk->sim = sim_input_new(0);
	sim_input_add(desk->sim, "keyboard");
	desk->config = (ConfigDevice){ .name = (char *)"keyboard", .via = VIA_INPUT };
	desk->guests = g_ptr_array_new_with_free_func(g_free);
	add_guest(desk, "guest", INPUT_READY);
	add_guest(desk, "linux", INPUT_READY);
	desk->cancel = g_cancellable_new();
	desk->told = g_string_new(NULL);
	remake(desk, LONG_MS);
}

static void forget_result(InputDeviceDesk *desk)
{
	g_clear_pointer(&desk->at, g_free);
	g_clear_pointer(&desk->detail, g_free);
	g_clear_error(&desk->error);
}

static void tear_down(InputDeviceDesk *desk, gconstpointer unused)
{
	resource_free(desk->device);
	sim_input_free(desk->sim);
	g_ptr_array_unref(desk->guests);
	g_object_unref(desk->cancel);
	g_string_free(desk->told, TRUE);
	forget_result(desk);
	g_assert_false(g_main_context_iteration(NULL, FALSE));
}

static void on_done(Resource *resource, const ResourceResult *result, gpointer data)
{
	InputDeviceDesk *desk = data;

	forget_result(desk);
	desk->ended++;
	desk->at = g_strdup(result->at);
	desk->detail = g_strdup(result->detail);
	desk->changed = result->changed;
	desk->error = result->error != NULL ? g_error_copy(result->error) : NULL;
}

static void begin(InputDeviceDesk *desk, const char *target)
{
	desk->seen = desk->ended;
	g_object_unref(desk->cancel);
	desk->cancel = g_cancellable_new();
	desk->device->ops->apply(desk->device, target, desk->cancel, on_done, desk);
	g_assert_cmpuint(desk->ended, ==, desk->seen);
}

static void wait_end(InputDeviceDesk *desk)
{
	while (desk->ended == desk->seen)
		g_main_context_iteration(NULL, TRUE);
}

static void settle(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
}

static void apply(InputDeviceDesk *desk, const char *target)
{
	begin(desk, target);
	wait_end(desk);
	settle();
}

static void observe(InputDeviceDesk *desk)
{
	desk->seen = desk->ended;
	desk->device->ops->observe(desk->device, on_done, desk);
	wait_end(desk);
}

static void ended_at(InputDeviceDesk *desk, const char *at, gboolean changed)
{
	g_assert_no_error(desk->error);
	g_assert_cmpstr(desk->at, ==, at);
	g_assert_cmpint(desk->changed, ==, changed);
}

static void told_is(InputDeviceDesk *desk, const char *expected)
{
	settle();
	g_assert_cmpstr(desk->told->str, ==, expected);
	g_string_truncate(desk->told, 0);
}

/* -- moving ----------------------------------------------------------------------------------- */

static void test_there_and_back(InputDeviceDesk *desk, gconstpointer unused)
{
	observe(desk);
	ended_at(desk, "host", FALSE);
	apply(desk, "guest");
	ended_at(desk, "guest", TRUE);
	g_assert_cmpstr(sim_input_at(desk->sim, "keyboard"), ==, "guest");
	apply(desk, "guest");
	ended_at(desk, "guest", FALSE);
	apply(desk, "linux");
	ended_at(desk, "linux", TRUE);
	apply(desk, "host");
	ended_at(desk, "host", TRUE);
	told_is(desk, "");
}

static void test_serves(InputDeviceDesk *desk, gconstpointer unused)
{
	const char *only[] = { "linux", NULL };

	g_assert_true(resource_serves(desk->device, "host"));
	g_assert_true(resource_serves(desk->device, "guest"));
	g_assert_false(resource_serves(desk->device, "nobody"));
	desk->config.guests = (char **)only;
	desk->config.optional = TRUE;
	remake(desk, LONG_MS);
	g_assert_true(resource_serves(desk->device, "host"));
	g_assert_true(resource_serves(desk->device, "linux"));
	g_assert_false(resource_serves(desk->device, "guest"));
	g_assert_true(desk->device->optional);
	g_assert_cmpint(desk->device->kind, ==, RESOURCE_DEVICE);
}

/* -- waiting for a guest ----------------------------------------------------------------------- */

static void test_becomes_ready(InputDeviceDesk *desk, gconstpointer unused)
{
	sim_input_set_guest(desk->sim, "guest", INPUT_SOON);
	begin(desk, "guest");
	settle();
	g_assert_cmpuint(desk->ended, ==, 0);
	/* another guest's readiness does not help */
	sim_input_set_guest(desk->sim, "linux", INPUT_READY);
	settle();
	g_assert_cmpuint(desk->ended, ==, 0);
	sim_input_set_guest(desk->sim, "guest", INPUT_READY);
	wait_end(desk);
	ended_at(desk, "guest", TRUE);
}

static void failed_with(InputDeviceDesk *desk, HotseatError code, const char *text)
{
	g_assert_error(desk->error, HOTSEAT_ERROR, (int)code);
	g_assert_nonnull(strstr(desk->error->message, text));
	g_assert_false(desk->changed);
}

static void test_not_ready_in_time(InputDeviceDesk *desk, gconstpointer unused)
{
	remake(desk, SHORT_MS);
	sim_input_set_guest(desk->sim, "guest", INPUT_SOON);
	apply(desk, "guest");
	failed_with(desk, HOTSEAT_ERROR_FAILED, "guest takes no input yet");
	g_assert_cmpstr(desk->at, ==, "host");
	/* the way to the host needs no guest */
	apply(desk, "host");
	ended_at(desk, "host", FALSE);
}

static void test_gives_up_at_once(InputDeviceDesk *desk, gconstpointer unused)
{
	sim_input_set_guest(desk->sim, "guest", INPUT_SOON);
	begin(desk, "guest");
	settle();
	sim_input_set_guest(desk->sim, "guest", INPUT_NEVER);
	wait_end(desk);
	failed_with(desk, HOTSEAT_ERROR_FAILED, "guest takes no input yet");
}

static void test_cancelled(InputDeviceDesk *desk, gconstpointer unused)
{
	sim_input_set_guest(desk->sim, "guest", INPUT_SOON);
	begin(desk, "guest");
	settle();
	g_cancellable_cancel(desk->cancel);
	g_assert_cmpuint(desk->ended, ==, 0);
	wait_end(desk);
	failed_with(desk, HOTSEAT_ERROR_SUPERSEDED, "stopped before");
	g_assert_cmpstr(sim_input_at(desk->sim, "keyboard"), ==, "host");
}

static void test_cancelled_before(InputDeviceDesk *desk, gconstpointer unused)
{
	begin(desk, "guest");
	g_cancellable_cancel(desk->cancel);
	wait_end(desk);
	failed_with(desk, HOTSEAT_ERROR_SUPERSEDED, "stopped before");
}

static void test_check(InputDeviceDesk *desk, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(desk->device->ops->check(desk->device, "guest", &error));
	sim_input_set_guest(desk->sim, "guest", INPUT_SOON);
	g_assert_true(desk->device->ops->check(desk->device, "guest", &error));
	g_assert_no_error(error);
	sim_input_set_guest(desk->sim, "guest", INPUT_NEVER);
	g_assert_false(desk->device->ops->check(desk->device, "guest", &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED);
	g_clear_error(&error);
	sim_input_plug(desk->sim, "keyboard", FALSE);
	g_assert_false(desk->device->ops->check(desk->device, "linux", &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_DEVICE);
}

/* -- coming and going -------------------------------------------------------------------------- */

static void test_plugged(InputDeviceDesk *desk, gconstpointer unused)
{
	observe(desk);
	apply(desk, "guest");
	sim_input_plug(desk->sim, "keyboard", FALSE);
	told_is(desk, "gone nowhere!, ");
	apply(desk, "linux");
	failed_with(desk, HOTSEAT_ERROR_NO_DEVICE, "plug it in");
	/* it continues where it was */
	sim_input_plug(desk->sim, "keyboard", TRUE);
	told_is(desk, "appeared guest, ");
}

static void test_unplugged_on_the_way(InputDeviceDesk *desk, gconstpointer unused)
{
	observe(desk);
	begin(desk, "guest");
	sim_input_plug(desk->sim, "keyboard", FALSE);
	wait_end(desk);
	failed_with(desk, HOTSEAT_ERROR_NO_DEVICE, "plug it in");
	g_assert_null(desk->at);
	sim_input_plug(desk->sim, "keyboard", TRUE);
	told_is(desk, "appeared host, ");
}

/* hotseat-inputd ends: the kernel returns the device to the host, and the seat has it moved again
 * when hotseat-inputd is back. */
static void test_stops(InputDeviceDesk *desk, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	observe(desk);
	apply(desk, "guest");
	sim_input_stop(desk->sim, TRUE);
	told_is(desk, "gone host, ");
	apply(desk, "host");
	ended_at(desk, "host", FALSE);
	g_assert_nonnull(strstr(desk->detail, "hotseat-inputd is not running"));
	g_assert_false(desk->device->ops->check(desk->device, "guest", &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED);
	apply(desk, "guest");
	failed_with(desk, HOTSEAT_ERROR_FAILED, "hotseat-inputd is not running");
	sim_input_stop(desk->sim, FALSE);
	told_is(desk, "appeared host, ");
}

static void test_stops_on_the_way(InputDeviceDesk *desk, gconstpointer unused)
{
	sim_input_hang(desk->sim, TRUE);
	begin(desk, "guest");
	settle();
	sim_input_stop(desk->sim, TRUE);
	wait_end(desk);
	failed_with(desk, HOTSEAT_ERROR_FAILED, "hotseat-inputd is not running");
	g_assert_cmpstr(desk->at, ==, "host");
}

/* The panic hotkey needs no hotseatd; the seat is told. */
static void test_brought_home(InputDeviceDesk *desk, gconstpointer unused)
{
	observe(desk);
	apply(desk, "guest");
	sim_input_press(desk->sim, INPUT_NEWS_HOME, "panic hotkey");
	told_is(desk, "moved host, ");
}

/* Freed with everything under way: no one is called. */
static void test_freed(InputDeviceDesk *desk, gconstpointer unused)
{
	sim_input_hang(desk->sim, TRUE);
	begin(desk, "guest");
	settle();
	remake(desk, LONG_MS);
	sim_input_hang(desk->sim, FALSE);
	sim_input_set_guest(desk->sim, "guest", INPUT_SOON);
	begin(desk, "linux");
	remake(desk, LONG_MS);
	settle();
	g_assert_cmpuint(desk->ended, ==, 0);
}

/* -- typing ----------------------------------------------------------------------------------- */

/* What is typed arrives where the device is, and where it is taken. */
static void test_typing(InputDeviceDesk *desk, gconstpointer unused)
{
	g_assert_true(sim_input_type(desk->sim, "keyboard", "a"));
	g_assert_true(sim_input_type(desk->sim, "keyboard", "b"));
	apply(desk, "guest");
	g_assert_true(sim_input_type(desk->sim, "keyboard", "c"));
	sim_input_set_guest(desk->sim, "guest", INPUT_SOON);
	g_assert_false(sim_input_type(desk->sim, "keyboard", "d"));
	sim_input_plug(desk->sim, "keyboard", FALSE);
	g_assert_false(sim_input_type(desk->sim, "keyboard", "e"));
	g_assert_cmpstr(sim_input_arrived(desk->sim, "host"), ==, "a b");
	g_assert_cmpstr(sim_input_arrived(desk->sim, "guest"), ==, "c");
	g_assert_cmpstr(sim_input_arrived(desk->sim, "linux"), ==, "");
	settle();
}

#define ADD(path, func)                                                                            \
	g_test_add("/input-device/" path, InputDeviceDesk, NULL, set_up, func, tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("there-and-back", test_there_and_back);
	ADD("serves", test_serves);
	ADD("becomes-ready", test_becomes_ready);
	ADD("not-ready-in-time", test_not_ready_in_time);
	ADD("gives-up-at-once", test_gives_up_at_once);
	ADD("cancelled", test_cancelled);
	ADD("cancelled-before", test_cancelled_before);
	ADD("check", test_check);
	ADD("plugged", test_plugged);
	ADD("unplugged-on-the-way", test_unplugged_on_the_way);
	ADD("stops", test_stops);
	ADD("stops-on-the-way", test_stops_on_the_way);
	ADD("brought-home", test_brought_home);
	ADD("freed", test_freed);
	ADD("typing", test_typing);
	return g_test_run();
}
