/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/memory.h"

#include "common/lane.h"

#include <glib/gstdio.h>

static const char header[] = " What hotseatd has learned about these monitors. hotseatd writes "
			     "this file. You can delete it:\n"
			     " hotseatd learns it again. The configuration has priority.";

struct MonitorMemory {
	char *path; /* NULL: nothing is kept */
	GKeyFile *file;
	Lane *lane;
	gboolean changed; /* something has changed since the file was written */
	gboolean warned;
};

typedef struct {
	MonitorMemory *memory; /* must outlive the completions of its lane */
	guint64 number;	       /* counts them */
	char *path, *text;
	GError *error;
} Save;

static void save_free(gpointer data)
{
	Save *save = data;

	g_free(save->path);
	g_free(save->text);
	g_clear_error(&save->error);
	g_free(save);
}

/* A freed lane continues its running job, which must not overwrite what a newer job has written. */
static GMutex writing;
static guint64 newest;

static void save_work(gpointer data)
{
	Save *save = data;
	g_autofree char *folder = g_path_get_dirname(save->path);

	g_mutex_lock(&writing);
	if (save->number > newest) {
		newest = save->number;
		/* if that fails, the next call fails too and reports the reason */
		g_mkdir_with_parents(folder, 0700);
		g_file_set_contents_full(save->path, save->text, -1, G_FILE_SET_CONTENTS_CONSISTENT,
			0644, &save->error);
	}
	g_mutex_unlock(&writing);
}

static void save_done(gpointer data)
{
	const Save *save = data;

	if (save->error == NULL || save->memory->warned)
		return;
	save->memory->warned = TRUE;
	g_message(
		"cannot save what was learned about monitors: %s; after a restart hotseatd learns "
		"it again",
		save->error->message);
}

static Save *save_new(MonitorMemory *memory)
{
	static guint64 numbers; /* the main loop's */
	Save *save = g_new0(Save, 1);

	save->memory = memory;
	save->number = ++numbers;
	save->path = g_strdup(memory->path);
	save->text = g_key_file_to_data(memory->file, NULL, NULL);
	return save;
}

MonitorMemory *monitor_memory_new(const char *path)
{
	MonitorMemory *memory = g_new0(MonitorMemory, 1);
	g_autoptr(GError) error = NULL;

	memory->path = g_strdup(path);
	memory->file = g_key_file_new();
	memory->lane = lane_new("memory");
	if (path != NULL &&
		!g_key_file_load_from_file(memory->file, path, G_KEY_FILE_KEEP_COMMENTS, &error) &&
		!g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
		g_info("cannot read what was learned about monitors: %s: %s", path, error->message);
	g_key_file_set_comment(memory->file, NULL, NULL, header, NULL);
	return memory;
}

void monitor_memory_free(MonitorMemory *memory)
{
	if (memory == NULL)
		return;
	lane_free(memory->lane);
	if (memory->changed) {
		Save *save = save_new(memory);

		save_work(save);
		save_free(save);
	}
	g_key_file_unref(memory->file);
	g_free(memory->path);
	g_free(memory);
}

/* The monitor's name, without characters that the name of a section cannot have. */
static char *section(const Edid *edid)
{
	char *name = edid_describe(edid);

	return g_strdelimit(name, "[]", '?');
}

char *monitor_memory_get(MonitorMemory *memory, const Edid *edid, const char *key)
{
	g_autofree char *name = section(edid);

	return memory != NULL ? g_key_file_get_string(memory->file, name, key, NULL) : NULL;
}

void monitor_memory_set(MonitorMemory *memory, const Edid *edid, const char *key, const char *value)
{
	g_autofree char *name = section(edid);
	g_autofree char *before = monitor_memory_get(memory, edid, key);

	if (memory == NULL || g_strcmp0(before, value) == 0)
		return;
	if (value != NULL)
		g_key_file_set_string(memory->file, name, key, value);
	else
		g_key_file_remove_key(memory->file, name, key, NULL);
	if (memory->path == NULL)
		return;
	memory->changed = TRUE;
	lane_push(memory->lane, save_work, save_done, save_new(memory), save_free);
}
