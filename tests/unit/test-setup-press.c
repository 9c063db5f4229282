/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which keyboard is pressed: event nodes of a made-up sysfs, which are pipes here.
 */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/input.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "talk/press.h"

#define INPUT "bus/usb/devices/3-1/3-1:1.0/0003:28DA:1101.0001/input/input5"

static const char *const folders[] = {
	INPUT "/event4",
	INPUT "/mouse0",
	"bus/usb/devices/3-1/3-1:1.1/0003:28DA:1101.0002/input/input6/event5",
	"bus/usb/devices/3-2/3-2:1.0/input/input7/event6",
	"bus/usb/devices/3-2.1/3-2.1:1.0/input/input8/event7",
};
static const char *const nodes[] = { "event4", "event5", "event6" };
static const char *const ports[] = { "3-1", "3-2", NULL };

typedef struct {
	char *root;
	int nodes[G_N_ELEMENTS(nodes)]; /* the writing ends */
	int typed[2];
} Tree;

static void setup(Tree *tree, gconstpointer data)
{
	tree->root = g_dir_make_tmp("hotseat-press-XXXXXX", NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *path = g_build_filename(tree->root, folders[i], NULL);

		g_assert_cmpint(g_mkdir_with_parents(path, 0700), ==, 0);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(nodes); i++) {
		g_autofree char *path = g_build_filename(tree->root, nodes[i], NULL);

		g_assert_cmpint(mkfifo(path, 0600), ==, 0);
		tree->nodes[i] = open(path, O_RDWR | O_CLOEXEC);
		g_assert_cmpint(tree->nodes[i], >=, 0);
	}
	g_assert_cmpint(pipe(tree->typed), ==, 0);
}

static void remove_tree(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *inner = g_build_filename(path, name, NULL);

		remove_tree(inner);
	}
	g_remove(path);
}

static void teardown(Tree *tree, gconstpointer data)
{
	for (gsize i = 0; i < G_N_ELEMENTS(nodes); i++)
		close(tree->nodes[i]);
	close(tree->typed[0]);
	close(tree->typed[1]);
	remove_tree(tree->root);
	g_free(tree->root);
}

static void emit(const Tree *tree, int node, guint16 type, guint16 code, gint32 value)
{
	struct input_event event = { .type = type, .code = code, .value = value };

	g_assert_cmpint(write(tree->nodes[node], &event, sizeof event), ==, sizeof event);
}

static int wait_for(const Tree *tree, TalkPress what)
{
	PressPlaces places = { tree->root, tree->root, tree->typed[0] };

	return press_wait(&places, ports, what);
}

/* All nodes of the device, whether there is a HID driver between or not, and no other device's. */
static void test_nodes(Tree *tree, gconstpointer data)
{
	g_autoptr(GPtrArray) first = press_nodes(tree->root, "3-1");
	g_autoptr(GPtrArray) second = press_nodes(tree->root, "3-2");

	g_assert_cmpuint(first->len, ==, 2);
	g_assert_true(g_ptr_array_find_with_equal_func(first, "event4", g_str_equal, NULL));
	g_assert_true(g_ptr_array_find_with_equal_func(first, "event5", g_str_equal, NULL));
	g_assert_cmpuint(second->len, ==, 1);
	g_assert_cmpstr(second->pdata[0], ==, "event6");
}

/* A key that comes up, a mouse that moves: neither is a key press. */
static void test_key(Tree *tree, gconstpointer data)
{
	emit(tree, 0, EV_KEY, KEY_ENTER, 0);
	emit(tree, 0, EV_REL, REL_X, 3);
	emit(tree, 0, EV_KEY, BTN_LEFT, 1);
	emit(tree, 2, EV_KEY, KEY_LEFTCTRL, 1);
	g_assert_cmpint(wait_for(tree, TALK_PRESS_KEY), ==, 1);
}

static void test_mouse(Tree *tree, gconstpointer data)
{
	emit(tree, 2, EV_KEY, KEY_A, 1);
	emit(tree, 1, EV_REL, REL_Y, -1);
	g_assert_cmpint(wait_for(tree, TALK_PRESS_MOUSE), ==, 0);
}

static void test_click(Tree *tree, gconstpointer data)
{
	emit(tree, 2, EV_KEY, BTN_LEFT, 1);
	g_assert_cmpint(wait_for(tree, TALK_PRESS_MOUSE), ==, 1);
}

/* Typed, and no event: elsewhere. Ctrl-D, or the end: the user has left. */
static void test_typed(Tree *tree, gconstpointer data)
{
	g_assert_cmpint(write(tree->typed[1], "a", 1), ==, 1);
	g_assert_cmpint(wait_for(tree, TALK_PRESS_KEY), ==, TALK_PRESS_UNSEEN);
	g_assert_cmpint(write(tree->typed[1], "\x04", 1), ==, 1);
	g_assert_cmpint(wait_for(tree, TALK_PRESS_KEY), ==, TALK_PRESS_END);
}

/* What the key typed is taken, so that it is no answer to the next question. */
static void test_leak(Tree *tree, gconstpointer data)
{
	char byte;

	emit(tree, 0, EV_KEY, KEY_A, 1);
	g_assert_cmpint(write(tree->typed[1], "aaa", 3), ==, 3);
	g_assert_cmpint(wait_for(tree, TALK_PRESS_KEY), ==, 0);
	g_assert_cmpint(fcntl(tree->typed[0], F_SETFL, O_NONBLOCK), ==, 0);
	g_assert_cmpint(read(tree->typed[0], &byte, 1), ==, -1);
}

static void test_none(Tree *tree, gconstpointer data)
{
	PressPlaces places = { tree->root, "/nonexistent", tree->typed[0] };

	g_assert_cmpint(press_wait(&places, ports, TALK_PRESS_KEY), ==, TALK_PRESS_UNSEEN);
}

#define ADD(name, test) g_test_add("/setup-press/" name, Tree, NULL, setup, test, teardown)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("nodes", test_nodes);
	ADD("key", test_key);
	ADD("mouse", test_mouse);
	ADD("click", test_click);
	ADD("typed", test_typed);
	ADD("leak", test_leak);
	ADD("none", test_none);
	return g_test_run();
}
