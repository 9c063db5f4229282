/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libvirt's hooks: what they ask hotseat for while libvirt waits for them, and what they move
 * themselves.
 */
#include "doctor/doctor.h"

#include <string.h>
#include <sys/stat.h>

#define HOOKS "/etc/libvirt/hooks"
/* A dispatcher is smaller than 1 KiB, and the longest published scripts are smaller than 20 KiB. */
#define SCRIPT_MAX (64 * 1024)
/* qemu.d/win11/prepare/begin */
enum { DEPTH_MAX = 5 };
/* A hook calls a dispatcher, which calls a script, which calls the user's. */
enum { CALLED_MAX = 3 };

typedef enum {
	CALL_WAITS, /* waits for hotseat, which waits for libvirt, which waits for the hook */
	CALL_MOVES, /* moves what hotseat moves */
	CALLS,
} Call;

/* Matches shell words, a list of words in another language (["hotseat", "switch"]), and a variable
 * that has hotseat's name ("$HOTSEAT" switch). */
#define HOTSEAT "((^|[\\s/;&|(`\"'\\[])hotseat|\\$\\{?\\w*(?i:hotseat)\\w*\\}?)[\"']?[\\s,]"

static const struct {
	Call call;
	const char *has, *lacks; /* regular expressions; lacks may be NULL */
} calls[] = {
	{ CALL_WAITS, HOTSEAT "([^#]*[\\s\"'])?switch\\b", "--no-wait" },
	{ CALL_WAITS, "\\b(curl|wget|https?|xh|Invoke-RestMethod|requests\\.post)\\b.*/switch\\b",
		"\\bwait\\b" },
	{ CALL_MOVES, "\\bvirsh\\b.*\\b(attach|detach|update)-device", NULL },
	{ CALL_MOVES, "\\bvirsh\\b.*\\bqemu-monitor-command\\b.*\\bdevice_(add|del)\\b", NULL },
	/* libvirt's functions in Python and Perl */
	{ CALL_MOVES, "(\\.|->)(attach|detach|update)_?[dD]evice(Flags|_flags)?\\s*\\(", NULL },
	{ CALL_MOVES, "\\bddcutil\\b.*\\bsetvcp\\b", NULL },
	{ CALL_MOVES, "\\bddccontrol\\b.*\\s(-w|--write)", NULL },
};

/* Prints or logs words, and runs no other command. */
#define PRINTS "^(echo|printf|logger|print|log\\w*)\\b[^;&|`]*$"

typedef struct {
	Doctor *doctor;
	GHashTable *seen; /* paths */
} Hooks;

static gboolean matches(const char *pattern, const char *line)
{
	return pattern != NULL && g_regex_match_simple(pattern, line, G_REGEX_RAW, 0);
}

/* CALLS: the line makes no call. */
static Call call_of(const char *line)
{
	if (matches(PRINTS, line) && strstr(line, "$(") == NULL)
		return CALLS;
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

static void check_script(Hooks *hooks, const char *path, guint calls_left);

/* Scripts that a hook calls by their paths: "/usr/local/bin/vfio-startup "$1"". */
static void check_called(Hooks *hooks, const char *line, guint calls_left)
{
	g_auto(GStrv) words = g_regex_split_simple("[\\s\"';&|()`,\\[\\]]+", line, G_REGEX_RAW, 0);

	for (char **word = words; *word != NULL; word++)
		if (**word == '/')
			check_script(hooks, *word, calls_left);
}

static void check_line(
	Hooks *hooks, const char *path, guint number, const char *line, guint calls_left)
{
	Call call;

	if (*line == '#')
		return;
	call = call_of(line);
	if (call != CALLS)
		say(hooks, path, number, call);
	else if (calls_left > 0)
		check_called(hooks, line, calls_left - 1);
}

/* Joins each line with those that continue it; its number is that of the first. */
static void check_lines(Hooks *hooks, const char *path, const char *text, guint calls_left)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autoptr(GString) whole = g_string_new(NULL);

	for (guint i = 0, first = 0; lines[i] != NULL; i++) {
		gboolean is_continued;

		g_string_append(whole, g_strstrip(lines[i]));
		is_continued = *whole->str != '#' && g_str_has_suffix(whole->str, "\\") &&
			       lines[i + 1] != NULL;
		if (is_continued) {
			whole->str[whole->len - 1] = ' ';
			continue;
		}
		check_line(hooks, path, first + 1, whole->str, calls_left);
		g_string_truncate(whole, 0);
		first = i + 1;
	}
}

/* The shell of a dispatcher runs an executable file without a #! line, too. */
static gboolean is_script(const char *text, gsize length, guint mode)
{
	return g_str_has_prefix(text, "#!") ||
	       ((mode & S_IXUSR) != 0 && memchr(text, '\0', length) == NULL);
}

/* Files that cannot be read, or are not scripts, are ignored. calls_left: how many levels of called
 * scripts are still followed. */
static void check_script(Hooks *hooks, const char *path, guint calls_left)
{
	g_autofree char *real = doctor_path(hooks->doctor, path);
	g_autofree char *text = NULL;
	struct stat st;
	gsize length;

	if (stat(real, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= SCRIPT_MAX &&
		g_hash_table_add(hooks->seen, g_strdup(path)) &&
		g_file_get_contents(real, &text, &length, NULL) &&
		is_script(text, length, st.st_mode))
		check_lines(hooks, path, text, calls_left);
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
			check_script(hooks, path, CALLED_MAX);
	}
}

void check_hooks(Doctor *doctor)
{
	Hooks hooks = { doctor, g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL) };

	check_folder(&hooks, HOOKS, 0);
	g_hash_table_unref(hooks.seen);
}
