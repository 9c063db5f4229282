/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/config.h"

#include "common/wipe.h"
#include "config/document.h"
#include "config/file.h"
#include "config/problem.h"
#include "config/reader.h"

#define CONFIG_USER   "hotseat/config.yaml"
#define CONFIG_SYSTEM "/etc/hotseat/config.yaml"

void config_guest_free(gpointer data)
{
	ConfigGuest *guest = data;

	g_free(guest->name);
	g_free(guest->domain);
	g_free(guest->qmp);
	g_strfreev(guest->may_switch_to);
	g_free(guest);
}

void config_command_free(gpointer data)
{
	ConfigCommand *command = data;

	if (command == NULL)
		return;
	g_free(command->target);
	g_free(command->label);
	g_strfreev(command->argv);
	g_free(command);
}

ConfigCommand *config_command_copy(const ConfigCommand *command)
{
	ConfigCommand *copy = g_memdup2(command, sizeof *command);

	if (copy == NULL)
		return NULL;
	copy->target = g_strdup(command->target);
	copy->label = g_strdup(command->label);
	copy->argv = g_strdupv(command->argv);
	return copy;
}

void monitor_match_clear(MonitorMatch *match)
{
	g_free(match->monitor);
	g_free(match->manufacturer);
	g_free(match->model);
	g_free(match->serial);
	g_free(match->connector);
	*match = (MonitorMatch){ .bus = -1 };
}

static void display_free(gpointer data)
{
	ConfigDisplay *display = data;

	g_free(display->name);
	monitor_match_clear(&display->match);
	g_hash_table_unref(display->inputs);
	g_clear_pointer(&display->also, g_ptr_array_unref);
	config_command_free(display->return_command);
	g_free(display);
}

static void device_free(gpointer data)
{
	ConfigDevice *device = data;

	g_free(device->name);
	g_free(device->serial);
	g_free(device->port);
	g_free(device->hub);
	g_free(device->input);
	g_free(device->uniq);
	g_free(device->node);
	g_strfreev(device->guests);
	g_free(device);
}

static void hotkey_free(gpointer data)
{
	ConfigHotkey *hotkey = data;

	g_free(hotkey->to);
	g_free(hotkey->keys);
	g_free(hotkey);
}

Config *config_new(const char *path)
{
	Config *config = g_new0(Config, 1);

	config->path = g_strdup(path);
	config->check_guest = TRUE;
	config->guests = g_ptr_array_new_with_free_func(config_guest_free);
	config->displays = g_ptr_array_new_with_free_func(display_free);
	config->devices = g_ptr_array_new_with_free_func(device_free);
	config->commands = g_ptr_array_new_with_free_func(config_command_free);
	config->hotkeys = g_ptr_array_new_with_free_func(hotkey_free);
	config->keep = g_ptr_array_new_with_free_func(g_free);
	return config;
}

void config_free(Config *config)
{
	if (config == NULL)
		return;
	g_free(config->path);
	g_free(config->libvirt_uri);
	g_free(config->http_host);
	wipe_free(config->http_secret);
	g_free(config->http_secret_file);
	g_free(config->http_certificate.path);
	g_free(config->http_key.path);
	g_ptr_array_unref(config->guests);
	g_ptr_array_unref(config->displays);
	g_ptr_array_unref(config->devices);
	g_ptr_array_unref(config->commands);
	g_ptr_array_unref(config->hotkeys);
	g_ptr_array_unref(config->keep);
	g_free(config);
}

static void read_document(
	Config *config, guint mode, yaml_document_t *document, GPtrArray *problems)
{
	ConfigReader reader;

	reader_init(&reader, config->path, mode, document, problems, config);
	if (reader_fields(
		    &reader, root_fields, "config", yaml_document_get_root_node(document), config))
		check_config(&reader);
	reader_finish(&reader);
}

static Config *parse(
	const char *path, guint mode, const char *text, gsize length, GPtrArray *problems)
{
	g_autoptr(GPtrArray) found = config_problems_new();
	g_autoptr(Config) config = config_new(path);
	yaml_document_t document;

	if (document_load(&document, text, length, found)) {
		read_document(config, mode, &document, found);
		document_forget(&document);
	}
	problems_sort(found);
	if (config_problems_have_error(found))
		g_clear_pointer(&config, config_free);
	g_ptr_array_extend_and_steal(problems, g_steal_pointer(&found));
	return g_steal_pointer(&config);
}

Config *config_parse(const char *path, const char *text, gsize length, GPtrArray *problems)
{
	return parse(path, 0, text, length, problems);
}

gboolean config_is_system(const char *path)
{
	return g_str_equal(path, CONFIG_SYSTEM);
}

/* A user who did not name a file has no config yet. Takes ownership of reason. */
static char *explain_missing(const char *path, char *reason)
{
	g_autofree char *bare = reason;

	if (config_is_system(path) && !g_file_test(path, G_FILE_TEST_EXISTS))
		return g_strconcat(bare, "; create one with `sudo hotseat setup`", NULL);
	return g_steal_pointer(&bare);
}

Config *config_load(const char *path, GPtrArray *problems)
{
	WIPED char *text = NULL;
	char *reason = NULL;
	gsize length;
	guint mode;

	text = file_read(path, 0, &length, &mode, &reason);
	if (text != NULL)
		return parse(path, mode, text, length, problems);
	problem_add(problems, FALSE, 0, 0, explain_missing(path, reason));
	return NULL;
}

char *config_beside(const char *path, const char *name)
{
	g_autofree char *directory = g_path_get_dirname(path);

	return g_path_is_absolute(name) ? g_strdup(name) : g_build_filename(directory, name, NULL);
}

char *config_standard_path(gboolean own)
{
	return own ? g_build_filename(g_get_user_config_dir(), CONFIG_USER, NULL)
		   : g_strdup(CONFIG_SYSTEM);
}

char *config_find(const char *option)
{
	g_autofree char *user = config_standard_path(TRUE);

	if (option != NULL)
		return g_strdup(option);
	if (g_file_test(user, G_FILE_TEST_EXISTS))
		return g_steal_pointer(&user);
	return g_strdup(CONFIG_SYSTEM);
}

const ConfigGuest *config_guest(const Config *config, const char *name)
{
	for (guint i = 0; i < config->guests->len; i++) {
		const ConfigGuest *guest = config->guests->pdata[i];

		if (g_str_equal(guest->name, name))
			return guest;
	}
	return NULL;
}

gboolean config_has_via(const Config *config, DeviceVia via)
{
	for (guint i = 0; i < config->devices->len; i++)
		if (((const ConfigDevice *)config->devices->pdata[i])->via == via)
			return TRUE;
	return FALSE;
}

char *config_guest_names(const Config *config)
{
	GString *names = g_string_new(config->guests->len > 0 ? NULL : "none");

	for (guint i = 0; i < config->guests->len; i++)
		g_string_append_printf(names, "%s%s", i > 0 ? ", " : "",
			((ConfigGuest *)config->guests->pdata[i])->name);
	return g_string_free(names, FALSE);
}
