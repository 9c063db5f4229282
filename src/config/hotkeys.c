/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys on devices that move via input: hotkeys, keys that stay with the host, and the section
 * "evdev" of rokups' virtkvm.
 */
#include "common/resource.h"
#include "config/reader.h"
#include "input/chord.h"

static const struct {
	const char *word;
	HotkeyAction action;
	const char *to;
} actions[] = {
	{ "toggle", HOTKEY_TOGGLE, NULL },
	{ TARGET_HOST, HOTKEY_GO, TARGET_HOST },
	{ "next", HOTKEY_NEXT, NULL },
	{ "panic", HOTKEY_PANIC, NULL },
};

/* The action of a hotkey, as the file names it. */
static const char *action_word(const ConfigHotkey *hotkey)
{
	for (gsize i = 0; i < G_N_ELEMENTS(actions); i++)
		if (actions[i].action == hotkey->action &&
			g_strcmp0(actions[i].to, hotkey->to) == 0)
			return actions[i].word;
	return hotkey->to;
}

static void add_hotkey(ConfigReader *reader, yaml_node_t *node, const char *word, const char *keys)
{
	ConfigHotkey *hotkey = g_new0(ConfigHotkey, 1);

	hotkey->action = HOTKEY_GO;
	hotkey->to = g_strdup(word);
	for (gsize i = 0; i < G_N_ELEMENTS(actions); i++)
		if (g_str_equal(actions[i].word, word)) {
			hotkey->action = actions[i].action;
			g_free(hotkey->to);
			hotkey->to = g_strdup(actions[i].to);
		}
	hotkey->keys = g_strdup(keys);
	g_hash_table_insert(reader->nodes, hotkey, node);
	g_ptr_array_add(reader->config->hotkeys, hotkey);
}

/* data: the action of the hotkey */
static void read_keys(ConfigReader *reader, yaml_node_t *node, gpointer data)
{
	g_autofree char *keys = reader_take_text(reader, data, node);
	g_autoptr(GError) error = NULL;
	Chord chord;

	if (keys != NULL && chord_parse(keys, &chord, &error))
		add_hotkey(reader, node, data, keys);
	else if (keys != NULL)
		reader_error(reader, node, "%s: %s", (const char *)data, error->message);
}

static gboolean is_action(const char *word)
{
	for (gsize i = 0; i < G_N_ELEMENTS(actions); i++)
		if (g_str_equal(actions[i].word, word))
			return TRUE;
	return FALSE;
}

static void read_hotkey(ConfigReader *reader, const Pair *pair)
{
	const char *word = node_text(pair->key);

	if (!is_action(word))
		reader_refer(reader, "hotkeys", pair->key, FALSE);
	if (pair->value->type == YAML_SEQUENCE_NODE)
		reader_list(reader, word, "hotkeys", pair->value, read_keys, (gpointer)word);
	else
		read_keys(reader, pair->value, (gpointer)word);
}

void read_hotkeys(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	const GArray *pairs = node_is_null(node) ? NULL : reader_pairs(reader, field->key, node);

	for (guint i = 0; pairs != NULL && i < pairs->len; i++)
		read_hotkey(reader, &g_array_index(pairs, Pair, i));
}

/* --- keep --- */

static void read_kept(ConfigReader *reader, yaml_node_t *node, gpointer data)
{
	g_autofree char *key = reader_take_text(reader, "keep", node);
	const char *near = key != NULL ? key_name_near(key) : NULL;
	KeyChoice choice;

	if (key != NULL && key_from_name(key, &choice))
		g_ptr_array_add(reader->config->keep, g_steal_pointer(&key));
	else if (key != NULL && near != NULL)
		reader_error(
			reader, node, "keep: unknown key \"%s\"; did you mean \"%s\"?", key, near);
	else if (key != NULL)
		reader_error(reader, node, "keep: unknown key \"%s\"", key);
}

void read_keep(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	reader_list(reader, field->key, "keys", node, read_kept, NULL);
}

/* --- rokups' virtkvm --- */

/* With that program, both control keys on this device are the hotkey, and QEMU passes the device to
 * the guest. */
typedef struct {
	gboolean enabled;
	char *device;
} Evdev;

/* A path that is not used need not be valid. */
static void read_evdev_device(
	ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	if (((Evdev *)out)->enabled)
		reader_text(reader, field, node, out);
}

const Field evdev_fields[] = {
	{ "enabled", reader_bool, FIELD_MEMBER(Evdev, enabled) },
	{ "device", read_evdev_device, FIELD_MEMBER(Evdev, device), .also = "path|node" },
	{ .key = NULL },
};

static void add_evdev(ConfigReader *reader, yaml_node_t *node, Evdev *evdev)
{
	ConfigDevice *device = g_new0(ConfigDevice, 1);

	device->via = VIA_INPUT;
	device->vendor = device->product = -1;
	device->name = g_strdup("evdev");
	device->node = g_steal_pointer(&evdev->device);
	g_hash_table_insert(reader->nodes, device, node);
	g_ptr_array_add(reader->config->devices, device);
}

void read_evdev(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	Evdev evdev = { .enabled = TRUE };

	if (!node_is_null(node) && reader_fields(reader, evdev_fields, "evdev", node, &evdev) &&
		evdev.enabled) {
		if (evdev.device != NULL && g_path_is_absolute(evdev.device))
			add_evdev(reader, node, &evdev);
		else if (evdev.device != NULL)
			reader_expected(reader, "device", "the path of an event device",
				reader_find(reader, node, "device"),
				"ls /dev/input/by-id shows them");
		else if (reader_is_missing(reader, node, "device"))
			reader_error(reader, node, "evdev: missing key \"device\"");
	}
	g_free(evdev.device);
}

/* --- what can only be seen when everything has been read --- */

static gboolean has_action(const Config *config, HotkeyAction action)
{
	for (guint i = 0; i < config->hotkeys->len; i++)
		if (((const ConfigHotkey *)config->hotkeys->pdata[i])->action == action)
			return TRUE;
	return FALSE;
}

/* The index of a key in chord that can be key, and is not in used (bits); -1: there is none. */
static int find_key(const Chord *chord, const KeyChoice *key, guint used)
{
	for (guint i = 0; i < chord->n_keys; i++)
		if ((used & 1u << i) == 0 && key_choices_meet(&chord->keys[i], key))
			return (int)i;
	return -1;
}

/* The keys of b (bits) that a also has; 0: a has a key that b does not have. */
static guint keys_within(const Chord *a, const Chord *b)
{
	guint used = 0;

	for (guint i = 0; i < a->n_keys; i++) {
		int found = find_key(b, &a->keys[i], used);

		if (found < 0)
			return 0;
		used |= 1u << found;
	}
	return used;
}

static gboolean all_modifiers(const Chord *chord, guint keys)
{
	for (guint i = 0; i < chord->n_keys; i++)
		if ((keys & 1u << i) != 0 && !key_is_modifier(chord->keys[i].codes[0]))
			return FALSE;
	return TRUE;
}

/* Does pressing b fire a first? Modifiers are pressed before other keys, and a does not fire while
 * other modifiers than its own are held. */
static gboolean is_before(const Chord *a, const Chord *b)
{
	guint shared = keys_within(a, b);

	if (a->twice || shared == 0)
		return FALSE;
	if (b->twice)
		return TRUE;
	return b->n_keys > a->n_keys && (all_modifiers(b, shared) || !all_modifiers(b, ~shared));
}

static void check_pair(ConfigReader *reader, const ConfigHotkey *first, const ConfigHotkey *second)
{
	const yaml_node_t *node = g_hash_table_lookup(reader->nodes, second);
	Chord a, b;

	if (!chord_parse(first->keys, &a, NULL) || !chord_parse(second->keys, &b, NULL))
		return;
	if (a.twice == b.twice && a.n_keys == b.n_keys && keys_within(&a, &b) != 0)
		reader_error(reader, node, "%s: %s is also the hotkey of %s; choose another",
			action_word(second), second->keys, action_word(first));
	else if (is_before(&a, &b))
		reader_error(reader, node,
			"%s: pressing %s would press %s first, which is %s; choose others",
			action_word(second), second->keys, first->keys, action_word(first));
	else if (is_before(&b, &a))
		reader_error(reader, node,
			"%s: pressing %s, which is %s, would press %s first; choose others",
			action_word(second), first->keys, action_word(first), second->keys);
}

/* Without a hotkey for the host, the user would need the panic keys each time. */
static gboolean has_way_back(const Config *config)
{
	for (guint i = 0; i < config->hotkeys->len; i++)
		if (g_strcmp0(((ConfigHotkey *)config->hotkeys->pdata[i])->to, TARGET_HOST) == 0)
			return TRUE;
	return has_action(config, HOTKEY_TOGGLE) || has_action(config, HOTKEY_NEXT);
}

void check_hotkeys(ConfigReader *reader)
{
	Config *config = reader->config;
	yaml_node_t *root = yaml_document_get_root_node(reader->document);
	yaml_node_t *node = reader_find(reader, root, "hotkeys");
	const GPtrArray *hotkeys = config->hotkeys;

	if (!config_has_via(config, VIA_INPUT)) {
		if (node != NULL && reader->errors == 0)
			reader_warning(reader, node,
				"hotkeys: they work only on devices with \"via: input\", and there "
				"is none; add it to a keyboard");
		g_ptr_array_set_size(config->hotkeys, 0);
		return;
	}
	if (node == NULL)
		add_hotkey(reader, root, "toggle", CONFIG_TOGGLE_KEYS);
	else if (!has_way_back(config) && reader->errors == 0)
		reader_warning(reader, node,
			"hotkeys: none brings the seat back; add \"toggle\" or \"host\"");
	if (!has_action(config, HOTKEY_PANIC))
		add_hotkey(reader, node != NULL ? node : root, "panic", CONFIG_PANIC_KEYS);
	for (guint i = 0; i < hotkeys->len; i++)
		for (guint j = i + 1; j < hotkeys->len; j++)
			check_pair(reader, hotkeys->pdata[i], hotkeys->pdata[j]);
}
