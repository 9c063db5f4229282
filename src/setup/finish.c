/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup/finish.h"

#include "common/accounts.h"
#include "common/command.h"
#include "config/secrets.h"
#include "draft/place.h"
#include "draft/save.h"
#include "kit/facts.h"
#include "talk/interrupt.h"

#include <glib/gstdio.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

/* -- the text --------------------------------------------------------------------------------- */

/* Decides on the secret, and whether to write it. */
static gboolean choose_secret(const Finish *finish, gboolean *write, GError **error)
{
	Config *config = finish->interview->draft->config;
	gboolean exists;
	g_autofree char *there = NULL;

	*write = config->http_host != NULL && config->http_security;
	/* Guests know the secret that the start has. */
	if (!*write || config->http_secret != NULL)
		return TRUE;
	there = secret_read(finish->path, &exists);
	*write = !exists;
	config->http_secret = there != NULL ? g_steal_pointer(&there) : secret_random(error);
	return config->http_secret != NULL;
}

/* Reads our own text with our own reader, and returns what that says. */
static gboolean is_right(const Finish *finish)
{
	g_autofree char *text = draft_text(finish->interview->draft, DRAFT_SECRET_WITHIN);
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autoptr(Config) config = config_parse(finish->path, text, strlen(text), problems);

	for (guint i = 0; i < problems->len; i++) {
		const ConfigProblem *problem = problems->pdata[i];

		talk_say(finish->interview->talk, "%s: %s",
			problem->warning ? "Note" : "This is a bug in hotseat; please report it",
			problem->message);
	}
	return config != NULL;
}

char *finish_text(const Finish *finish, gboolean *write_secret)
{
	g_autoptr(GError) error = NULL;
	gboolean write;

	if (!choose_secret(finish, &write, &error)) {
		talk_say(finish->interview->talk, "%s. Nothing has been changed.", error->message);
		return NULL;
	}
	if (!is_right(finish))
		return NULL;
	*write_secret = write;
	return draft_text(finish->interview->draft, DRAFT_SECRET_FILE);
}

/* -- the file --------------------------------------------------------------------------------- */

static gboolean write_to(
	const Finish *finish, const char *path, const char *text, gboolean secret, Saved *saved)
{
	const struct passwd *user =
		geteuid() == 0 && finish->standard_path && !finish->interview->options->user
			? getpwnam(HOTSEAT_USER)
			: NULL;
	SaveRequest request = {
		.path = path,
		.text = text,
		.secret = secret ? finish->interview->draft->config->http_secret : NULL,
		.uid = user != NULL ? user->pw_uid : (uid_t)-1,
		.gid = user != NULL ? user->pw_gid : (gid_t)-1,
	};
	g_autoptr(GError) error = NULL;
	gboolean written;

	/* Either all of it is written, or nothing. */
	interrupt_hold();
	written = save_config(&request, saved, &error);
	interrupt_release();
	if (!written)
		talk_say(finish->interview->talk, "%s. Nothing has been changed.", error->message);
	return written;
}

static void say_saved(const Finish *finish, const Saved *saved)
{
	Talk *talk = finish->interview->talk;

	if (saved->same)
		talk_say(talk, "%s is already up to date.", finish->path);
	else
		talk_say(talk, "Written: %s.", finish->path);
	if (saved->backup != NULL)
		talk_say(talk, "The old configuration is now %s.", saved->backup);
	if (saved->secret_backup != NULL)
		talk_say(talk, "The old secret is now %s.", saved->secret_backup);
}

/* If this user has no permission to write, root copies the file from a temporary folder. NULL: the
 * folder cannot be created. Free with g_free(). */
static char *stage(const Finish *finish, const char *text, gboolean secret)
{
	g_autofree char *folder = g_dir_make_tmp("hotseat-setup-XXXXXX", NULL);
	g_autofree char *path = NULL;
	Saved saved;

	if (folder == NULL)
		return NULL;
	path = g_build_filename(folder, "config.yaml", NULL);
	if (!write_to(finish, path, text, secret, &saved))
		return NULL;
	saved_clear(&saved);
	return g_steal_pointer(&folder);
}

static void unstage(const char *folder)
{
	static const char *const files[] = { "config.yaml", "secret" };

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = g_build_filename(folder, files[i], NULL);

		g_unlink(path);
	}
	g_rmdir(folder);
}

/* -- the steps -------------------------------------------------------------------------------- */

/* The state of the steps when step number i is the next. */
static void stand(const GPtrArray *steps, guint next, const char *before)
{
	g_autoptr(GString) text = g_string_new(before);

	for (guint i = 0; i < steps->len; i++) {
		g_autofree char *command = step_command(steps->pdata[i]);

		if (i == 0 && next > 0)
			g_string_append(text, "Done:\n");
		if (i == next)
			g_string_append(text, "Left to do:\n");
		g_string_append_printf(text, "  %s\n", command);
	}
	interrupt_stand(text->str);
}

static void show_steps(Talk *talk, const GPtrArray *steps, guint from)
{
	g_autoptr(GString) text = g_string_new(NULL);
	const char *before = NULL;

	for (guint i = from; i < steps->len; i++) {
		const ReadyStep *step = steps->pdata[i];
		g_autofree char *command = step_command(step);

		if (g_strcmp0(before, step->why) != 0)
			g_string_append_printf(text, "  # %s%s\n", step->why,
				step->later ? " (after your next login)" : "");
		g_string_append_printf(text, "  %s\n", command);
		before = step->why;
	}
	talk_show(talk, text->str);
}

/* Runs the steps until one fails. Returns how many are done. */
static guint run_steps(const Finish *finish, const GPtrArray *steps, const char *before)
{
	Talk *talk = finish->interview->talk;

	for (guint i = 0; i < steps->len; i++) {
		const ReadyStep *step = steps->pdata[i];
		g_autofree char *command = step_command(step);
		g_autofree char *said = NULL;
		gboolean good;

		if (step->later)
			return i;
		talk_say(talk, "%s", command);
		interrupt_hold();
		good = step_run(step, !finish->interview->asks, &said);
		stand(steps, good ? i + 1 : i, before);
		interrupt_release();
		if (!good) {
			talk_say(talk, "That failed:");
			talk_show(talk, said);
			return i;
		}
	}
	return steps->len;
}

static gboolean ask_to_run(const Finish *finish, gboolean *run)
{
	const Interview *interview = finish->interview;

	*run = interview->options->yes && !interview->options->no_root;
	if (!interview->asks || interview->options->no_root)
		return TRUE;
	return talk_yes(interview->talk, "Run these commands now?",
		"They run one after another, as shown, until one fails. no: you can run them "
		"yourself.",
		TRUE, run);
}

/* Free with g_free(). */
static char *find_certificate(const Config *config, const char *path)
{
	const char *named = config->http_certificate.path;

	return named != NULL ? config_beside(path, named) : NULL;
}

/* A draft without a URI means the system's libvirt. A session libvirt needs neither a group nor
 * root, and the libvirt of another machine cannot be prepared from here. */
static gboolean needs_system_libvirt(const Draft *draft)
{
	return config_needs_libvirt(draft->config) &&
	       g_str_has_prefix(draft_uri(draft), CONFIG_URI_DEFAULT);
}

/* All steps that are left to do, in their order. Path, staged and secret of place are set. */
static GPtrArray *find_steps(const Finish *finish, ConfigPlace place, GPtrArray *missing)
{
	const Config *config = finish->interview->draft->config;
	gboolean own = finish->interview->options->user;
	GPtrArray *steps = steps_new();
	g_autoptr(Units) units = units_look(finish->ask);
	g_autoptr(Person) user = own ? person_numbered(geteuid()) : person_named(HOTSEAT_USER);
	g_autofree char *certificate = find_certificate(config, finish->path);
	Host host = { .root = finish->root,
		.units = units,
		.user_name = own ? user->name : HOTSEAT_USER,
		.user = user,
		.person = finish->person,
		.own = own,
		.input = config_has_via(config, VIA_INPUT),
		.libvirt = needs_system_libvirt(finish->interview->draft) };

	place.certificate = certificate;
	place.for_service = finish->standard_path && !own;
	if (finish->standard_path)
		ready_find_steps(&host, READY_BEFORE_CONFIG, steps, missing);
	place_find_steps(&place, &host, steps);
	if (finish->standard_path)
		ready_find_steps(&host, READY_AFTER_CONFIG, steps, missing);
	return steps;
}

static void say_left(const Finish *finish, const GPtrArray *steps, const GPtrArray *missing)
{
	Talk *talk = finish->interview->talk;

	talk_say(talk, "%s", "");
	for (guint i = 0; i < missing->len; i++)
		talk_say(talk, "Not installed: %s; `meson install -C build` installs it.",
			(char *)missing->pdata[i]);
	if (steps->len > 0)
		talk_say(talk, "What is left to do, and why:");
}

typedef enum { STEPS_LEFT, STEPS_DONE, STEPS_OPEN, STEPS_FAILED } StepsEnd;

static StepsEnd do_steps(const Finish *finish, const GPtrArray *steps, const char *before)
{
	Talk *talk = finish->interview->talk;
	gboolean run;
	guint done = 0;

	if (steps->len == 0)
		return STEPS_DONE;
	show_steps(talk, steps, 0);
	stand(steps, 0, before);
	if (!ask_to_run(finish, &run))
		return STEPS_LEFT;
	if (run)
		done = run_steps(finish, steps, before);
	if (done == steps->len)
		return STEPS_DONE;
	if (run) {
		talk_say(talk, "Left to do:");
		show_steps(talk, steps, done);
	}
	return run && !((const ReadyStep *)steps->pdata[done])->later ? STEPS_FAILED : STEPS_OPEN;
}

gboolean finish_before_looking(const Finish *finish)
{
	g_autoptr(GPtrArray) steps = steps_new();
	Host host = { .root = finish->root };

	if (requirements[READY_MODULE].met(&host) == READY_UNMET)
		ready_add_steps(&host, READY_MODULE, steps);
	if (steps->len == 0 || finish->interview->options->no_root)
		return TRUE;
	if (!finish->interview->asks && !finish->interview->options->yes)
		return TRUE;
	talk_say(finish->interview->talk, "Monitors are not accessible until you run:");
	return do_steps(finish, steps, "The configuration is as it was.\n") != STEPS_LEFT;
}

/* -- the last words --------------------------------------------------------------------------- */

static void append_kit(GString *out, const Finish *finish, const ConfigGuest *guest)
{
	gboolean root = finish->standard_path && !finish->interview->options->user;
	g_autofree char *folder =
		g_strconcat(guest->domain != NULL ? guest->domain : guest->name, "-kit", NULL);

	g_string_append_printf(out, "  %shotseat", root ? "sudo " : "");
	command_add_option(out, "guest-kit", folder);
	if (finish->interview->draft->config->guests->len > 1)
		command_add_option(out, "--guest", guest->name);
	if (!finish->standard_path)
		command_add_option(out, "--config", finish->path);
	g_string_append_c(out, '\n');
}

/* How the user comes back from a guest. done: nothing has to be done before that. */
static void say_kits(const Finish *finish, gboolean done)
{
	const Config *config = finish->interview->draft->config;
	g_autoptr(GString) lines = g_string_new(NULL);

	if (config->http_host == NULL || !config->http)
		return;
	for (guint i = 0; i < config->guests->len; i++) {
		const ConfigGuest *guest = config->guests->pdata[i];

		if (kit_is_reached(config, finish->interview->found.guests, guest->domain))
			append_kit(lines, finish, guest);
	}
	if (lines->len == 0)
		return;
	talk_say(finish->interview->talk,
		"This creates a folder%s with what a guest needs for the way back. Copy it into "
		"the guest:",
		done ? "" : ", once the commands above have run");
	talk_show(finish->interview->talk, lines->str);
}

/* The keys that move the seat there and back; NULL: there are none. */
static const char *toggle_keys(const Config *config)
{
	for (guint i = 0; i < config->hotkeys->len; i++) {
		const ConfigHotkey *hotkey = config->hotkeys->pdata[i];

		if (hotkey->action == HOTKEY_TOGGLE)
			return hotkey->keys;
	}
	return NULL;
}

static void say_end(const Finish *finish, gboolean done)
{
	const char *keys = toggle_keys(finish->interview->draft->config);

	talk_say(finish->interview->talk, "%s", "");
	if (!finish->standard_path)
		talk_say(finish->interview->talk, "Start it with: hotseatd --config %s",
			finish->path);
	if (keys != NULL)
		talk_say(finish->interview->talk, "The hotkey in both directions: %s", keys);
	else
		talk_say(finish->interview->talk,
			"Bind a key of your desktop to: hotseat switch toggle");
	say_kits(finish, done);
}

/* Can a trial be offered? Not after another one. */
typedef enum { TRIAL_NONE, TRIAL_OFFERED } Trial;

static CliExit put(const Finish *finish, const char *text, gboolean secret, Trial trial);

/* Writes what the trial has shown. */
static CliExit finish_again(const Finish *finish)
{
	gboolean secret;
	g_autofree char *text = finish_text(finish, &secret);

	return text != NULL ? put(finish, text, secret, TRIAL_NONE) : CLI_FAILED;
}

static CliExit end_steps(const Finish *finish, StepsEnd end, Trial trial)
{
	gboolean learned = FALSE;

	if (end == STEPS_LEFT)
		return CLI_FAILED;
	if (end == STEPS_DONE && finish->has_trial && trial == TRIAL_OFFERED &&
		!trial_offer(finish, &learned))
		return CLI_FAILED;
	if (learned)
		return finish_again(finish);
	say_end(finish, end == STEPS_DONE);
	return end == STEPS_FAILED ? CLI_FAILED : CLI_OK;
}

/* Writes where this user can. */
static gboolean write_here(const Finish *finish, const char *text, gboolean secret, char **before)
{
	gboolean written;
	Saved saved;

	interrupt_hold();
	written = write_to(finish, finish->path, text, secret, &saved);
	if (written) {
		*before = g_strdup_printf("The configuration is written: %s.\n", finish->path);
		interrupt_stand(*before);
	}
	interrupt_release();
	if (written) {
		say_saved(finish, &saved);
		saved_clear(&saved);
	}
	return written;
}

/* Writes the text to the config's path, and runs the steps that follow from it. */
static CliExit put(const Finish *finish, const char *text, gboolean secret, Trial trial)
{
	/* If something is in the way in the user's own home, root must not overwrite it. */
	gboolean here = finish->interview->options->user || save_may(finish->path);
	g_autofree char *folder = here ? NULL : stage(finish, text, secret);
	g_autofree char *before = NULL;
	g_autoptr(GPtrArray) missing = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) steps = NULL;
	ConfigPlace place = { .path = finish->path, .staged = folder, .secret = !here && secret };
	StepsEnd end;

	if (here ? !write_here(finish, text, secret, &before) : folder == NULL)
		return CLI_FAILED;
	if (folder != NULL)
		before = g_strdup_printf("The configuration is in %s.\n", folder);
	steps = find_steps(finish, place, missing);
	say_left(finish, steps, missing);
	end = do_steps(finish, steps, before);
	if (end == STEPS_DONE && folder != NULL)
		unstage(folder);
	return end_steps(finish, end, trial);
}

CliExit finish(const Finish *finish)
{
	Interview *interview = finish->interview;
	gboolean secret, write = interview->options->yes;
	g_autofree char *text = finish_text(finish, &secret);
	g_autofree char *question = g_strdup_printf("Write this to %s?", finish->path);

	if (text == NULL)
		return CLI_FAILED;
	talk_say(interview->talk, "%s", "");
	talk_show(interview->talk, text);
	talk_say(interview->talk, "%s", "");
	if (interview->asks &&
		!talk_yes(interview->talk, question,
			"An existing file is kept under another name. no: nothing changes.", TRUE,
			&write))
		return CLI_FAILED;
	if (!write) {
		talk_say(interview->talk, "Nothing has been changed%s.",
			interview->asks ? "" : ": there is no terminal to ask on; --yes writes it");
		return interview->asks ? CLI_OK : CLI_FAILED;
	}
	return put(finish, text, secret, TRIAL_OFFERED);
}
