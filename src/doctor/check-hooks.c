/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libvirt's hooks: what they ask hotseat for while libvirt waits for them, and what they move
 * themselves.
 */
#include "doctor/doctor.h"

#include <string.h>
#include <sys/stat.h>

#define HOOKS "/etc/libvirt/hooks"
/* A dispatcher is below 1 KiB, the longest published scripts below 20 KiB. */
#define SCRIPT_MAX (64 * 1024)
/* qemu.d/win11/prepare/begin */
enum { DEPTH_MAX = 5 };

typedef enum {
	CALL_WAITS, /* for hotseat, which waits for libvirt, which waits for the hook */
	CALL_MOVES, /* what hotseat moves */
	CALLS,
} Call;

static const struct {
	Call call;
	const char *has, *lacks; /* regular expressions; lacks may be NULL */
} calls[] = {
	{ CALL_WAITS, "(^|[\\s/;&|(`])hotseat\\b[^#]*\\sswitch\\b", "--no-wait" },
	{ CALL_WAITS, "\\b(curl|wget|http|xh|Invoke-RestMethod)\\b.*/switch\\b", "\\bwait\\b" },
	{ CALL_MOVES, "\\bvirsh\\b.*\\b(attach|detach|update)-device", NULL },
	{ CALL_MOVES, "\\bddcutil\\b.*\\bsetvcp\\b", NULL },
};

typedef struct {
	Doctor *doctor;
	GHashTable *seen; /* paths */
} Hooks;

static gboolean matches(const char *pattern, const char *line)
{
	return pattern != NULL && g_regex_match_simple(pattern, line, G_REGEX_RAW, 0);
}

/* CALLS: none. */
static Call call_of(const char *line)
{
	for (gsize i = 0; i < G_N_ELEMENTS(calls); i++)
		if (matches(calls[i].has, line) && !matches(calls[i].lacks, line))
			return calls[i].call;
	return CALLS;
}

static void say(const Hooks *hooks, const char *path, guint line, Call call)
{
	Findings *findings = hooks->doctor->findings;
	Finding *finding;

	if (call == CALL_WAITS) {
		finding = finding_warning(findings, path,
			"line %u: the hook waits for a switch, and the switch for the hook: "
			"libvirt "
			"attaches devices only after it has ended",
			line);
		finding_advise(finding,
			"remove the line, and write follow: true at the guest in the config; or "
			"write hotseat switch --no-wait");
	} else {
		finding = finding_warning(findings, path,
			"line %u: the hook moves devices or monitors, as hotseat does", line);
		finding_advise(finding,
			"remove the line; follow: true at the guest in the config moves the seat "
			"when it starts");
	}
}

static void check_script(Hooks *hooks, const char *path, gboolean follow);

/* Scripts that a hook calls by their paths: "/usr/local/bin/vfio-startup "$1"". */
static void check_called(Hooks *hooks, const char *line)
{
	g_auto(GStrv) words = g_regex_split_simple("[\\s\"';&|()`]+", line, G_REGEX_RAW, 0);

	for (char **word = words; *word != NULL; word++)
		if (**word == '/')
			check_script(hooks, *word, FALSE);
}

static void check_line(Hooks *hooks, const char *path, guint number, char *line, gboolean follow)
{
	Call call;

	g_strchug(line);
	if (*line == '#')
		return;
	call = call_of(line);
	if (call != CALLS)
		say(hooks, path, number, call);
	else if (follow)
		check_called(hooks, line);
}

/* What cannot be read, or is no script, says nothing. */
static void check_script(Hooks *hooks, const char *path, gboolean follow)
{
	g_autofree char *real = doctor_path(hooks->doctor, path);
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	struct stat st;

	if (stat(real, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > SCRIPT_MAX ||
		!g_hash_table_add(hooks->seen, g_strdup(path)) ||
		!g_file_get_contents(real, &text, NULL, NULL) || !g_str_has_prefix(text, "#!"))
		return;
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++)
		check_line(hooks, path, i + 1, lines[i], follow);
}

static int compare(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void check_folder(Hooks *hooks, const char *folder, guint depth)
{
	g_autofree char *real = doctor_path(hooks->doctor, folder);
	g_autoptr(GDir) dir = depth < DEPTH_MAX ? g_dir_open(real, 0, NULL) : NULL;
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, compare);
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL);
		g_autofree char *there = doctor_path(hooks->doctor, path);

		if (g_file_test(there, G_FILE_TEST_IS_DIR))
			check_folder(hooks, path, depth + 1);
		else
			check_script(hooks, path, TRUE);
	}
}

void check_hooks(Doctor *doctor)
{
	Hooks hooks = { doctor, g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL) };

	check_folder(&hooks, HOOKS, 0);
	g_hash_table_unref(hooks.seen);
}
