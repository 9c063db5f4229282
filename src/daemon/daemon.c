/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/daemon.h"

#include "common/accounts.h"
#include "common/log.h"
#include "common/socket.h"
#include "config/secrets.h"
#include "daemon/desk.h"
#include "daemon/service.h"
#include "device/sysfs.h"
#include "http/http.h"
#include "sim/desk.h"
#include "tls/credentials.h"

#include <glib-unix.h>
#include <locale.h>
#include <stdio.h>
#include <unistd.h>

/* The program's exit statuses, as documented in hotseatd(8). */
enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* How often at most the desk checks its monitors again because of new agents. */
#define AGENTS_PAUSE_S 10

typedef struct {
	char *config_path; /* --config */
	char *socket_path; /* --socket */
	gboolean simulate, verbose, version;
} Options;

typedef struct {
	Options options;
	GMainLoop *loop;
	Http *http;
	Desk *desk;
	const Config *config; /* the desk's */
	Config *next; /* the config that takes effect when its addresses have been looked up; NULL:
			 none */
	SecretsWatch *watch; /* NULL: no config file */
	gboolean reload_wanted;
	guint reload_id;
	guint agents_id;  /* source: reports new agents to the desk */
	gint64 agents_us; /* when that last happened; 0: never */
} Daemon;

/* -- the config ------------------------------------------------------------------------------- */

static void log_problems(const char *path, const GPtrArray *problems)
{
	for (guint i = 0; i < problems->len; i++) {
		const ConfigProblem *problem = g_ptr_array_index(problems, i);
		g_autofree char *text = config_problem_format(path, problem);

		if (problem->warning)
			g_message("%s", text);
		else
			g_critical("%s", text);
	}
}

/* Reads the config and logs its problems; NULL: it cannot be used. */
static Config *load_config(const Options *options)
{
	g_autofree char *path = config_find(options->config_path);
	g_autoptr(GPtrArray) problems = config_problems_new();
	Config *config;

	if (options->simulate && options->config_path == NULL)
		return sim_desk_config();
	config = config_load(path, problems);
	if (config != NULL)
		tls_credentials_unref(tls_credentials_new(config, problems));
	/* devices that are plugged in must not prevent hotseatd from starting: a guest may have the
	 * seat, and hotseatd must bring the rest back */
	if (config != NULL && !options->simulate)
		usb_check_hubs(SYSFS_ROOT, config, TRUE, problems);
	if (config_problems_have_error(problems))
		g_clear_pointer(&config, config_free);
	log_problems(path, problems);
	return config;
}

/* An invalid secret locks out its guest, and prevents nothing else. */
static void load_secrets(gpointer data)
{
	Daemon *daemon = data;
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autoptr(GPtrArray) secrets = secrets_load(daemon->config, problems);

	log_problems(daemon->config->path, problems);
	http_set_secrets(daemon->http, secrets);
}

static void on_secrets_changed(gpointer data)
{
	load_secrets(data);
	g_message("reloaded the guests' secrets");
}

/* Watches the secrets again, because the config may be another file now. */
static void watch_secrets(Daemon *daemon)
{
	g_autoptr(GError) error = NULL;

	g_clear_pointer(&daemon->watch, secrets_watch_free);
	daemon->watch = secrets_watch_new(daemon->config->path, on_secrets_changed, daemon, &error);
	if (daemon->watch == NULL)
		g_warning("%s", error->message);
}

static void reload_soon(Daemon *daemon);

/* -- switches in the log ------------------------------------------------------------ */

static void log_switch(const Switch *sw)
{
	if (sw->outcome == SWITCH_DONE)
		g_message("switch %u to %s: done in %.0f ms (%s)", sw->id, sw->to, sw->ms,
			sw->reason);
	else
		g_warning("switch %u to %s: %s after %.0f ms (%s): %s", sw->id, sw->to,
			switch_outcome_name(sw->outcome), sw->ms, sw->reason, sw->error->message);
}

static void log_step(const SwitchStep *step)
{
	if (step->outcome == STEP_FAILED)
		g_warning("%s %s to %s: %s", resource_kind_name(step->resource->kind),
			step->resource->name, step->to, step->error->message);
	else if (step->outcome != STEP_RUNNING)
		g_debug("%s %s to %s: %s in %.1f ms%s%s", resource_kind_name(step->resource->kind),
			step->resource->name, step->to, step_outcome_name(step->outcome), step->ms,
			step->detail != NULL ? ", " : "", step->detail != NULL ? step->detail : "");
}

static void log_resource(Seat *seat, Resource *resource)
{
	const ResourceResult *known = seat_known(seat, resource);

	/* during a switch, the step logs it */
	if (seat_current(seat) != NULL || resource->kind == RESOURCE_COMMAND)
		return;
	g_message("%s %s: %s%s%s", resource_kind_name(resource->kind), resource->name,
		known->error != NULL ? known->error->message
		: known->at != NULL  ? known->at
				     : "at no target",
		known->detail != NULL && known->error == NULL ? ", " : "",
		known->detail != NULL && known->error == NULL ? known->detail : "");
}

/* What a guest still needs to take input changes several times at each start, so it is logged only
 * in detail. */
static void log_guest(const Guest *guest)
{
	gboolean on_its_way = guest->state == GUEST_RUNNING && guest->input == GUEST_INPUT_WAITING;
	const char *why = guest->error != NULL ? guest->error : guest->input_error;

	g_log(G_LOG_DOMAIN, on_its_way ? G_LOG_LEVEL_DEBUG : G_LOG_LEVEL_MESSAGE, "%s is %s%s%s%s",
		guest_title(guest->name, guest->domain), guest_state_name(guest->state),
		guest->input == GUEST_INPUT_READY ? ", and takes input" : "",
		why != NULL ? ": " : "", why != NULL ? why : "");
}

/* Reports the state for `systemctl status`. */
static void tell_service(Seat *seat)
{
	const char *at = seat_at(seat), *title = at;
	const GPtrArray *guests = seat_guests(seat);

	for (guint i = 0; at != NULL && i < guests->len; i++) {
		const Guest *guest = guests->pdata[i];

		if (g_str_equal(guest->name, at))
			title = guest_title(guest->name, guest->domain);
	}
	if (at == NULL)
		service_status("The desk is split");
	else
		service_status(
			"%s has the seat", g_str_equal(at, TARGET_HOST) ? "The host" : title);
}

static void on_event(Seat *seat, const SeatEvent *event, gpointer data)
{
	switch (event->kind) {
	case SEAT_SWITCH_STARTED:
		break;
	case SEAT_STEP:
		log_step(event->step);
		break;
	case SEAT_SWITCH_FINISHED:
		log_switch(event->sw);
		reload_soon(data);
		tell_service(seat);
		break;
	case SEAT_RESOURCE_CHANGED:
		log_resource(seat, event->resource);
		break;
	case SEAT_GUEST_CHANGED:
		log_guest(event->guest);
		break;
	}
}

/* -- the desk, and another one after a reload ----------------------------------------------------
 */

/* wanted, last_guest: as kept from before a reload; NULL: the first desk. */
static void daemon_set_desk(
	Daemon *daemon, Config *config, const char *wanted, const char *last_guest)
{
	Seat *seat;

	daemon->config = config;
	daemon->desk = desk_new(config, daemon->options.simulate, http_agents(daemon->http));
	seat = desk_seat(daemon->desk);
	seat_listen(seat, on_event, daemon);
	seat_set_last_guest(seat, last_guest);
	seat_start(seat, wanted);
	http_set_seat(daemon->http, seat);
	/* the built-in desk has no file, and nothing beside it */
	if (daemon->options.simulate && daemon->options.config_path == NULL)
		return;
	watch_secrets(daemon);
	load_secrets(daemon);
}

/* Replaces the desk with one for config. */
static void replace_desk(Daemon *daemon, Config *config)
{
	Seat *seat = desk_seat(daemon->desk);
	g_autofree char *wanted = g_strdup(seat_wanted(seat));
	g_autofree char *last_guest = g_strdup(seat_last_guest(seat));
	gboolean behind = seat_is_behind(seat);
	SeatAwait *await = seat_await_take(seat);

	http_set_seat(daemon->http, NULL);
	desk_free(g_steal_pointer(&daemon->desk));
	daemon_set_desk(daemon, config, wanted, last_guest);
	seat_await_put(desk_seat(daemon->desk), await);
	/* the new config may fix the problem */
	if (behind)
		seat_catch_up(desk_seat(daemon->desk));
}

/* The last step of a reload; error: an earlier step has failed. */
static void reload_now(Daemon *daemon, const GError *error)
{
	g_autoptr(Config) config = g_steal_pointer(&daemon->next);
	g_autoptr(GError) local = NULL;

	if (error == NULL && !http_listen(daemon->http, config, &local))
		error = local;
	if (error != NULL) {
		g_warning("not reloaded, the old config stays in force: %s", error->message);
		return;
	}
	replace_desk(daemon, g_steal_pointer(&config));
	g_message("reloaded the config");
}

/* A switch that has begun meanwhile is finished by the desk that began it. */
static void on_looked_up(const GError *error, gpointer data)
{
	Daemon *daemon = data;

	if (seat_current(desk_seat(daemon->desk)) != NULL) {
		g_clear_pointer(&daemon->next, config_free);
		daemon->reload_wanted = TRUE;
	} else {
		reload_now(daemon, error);
	}
	service_ready();
	reload_soon(daemon);
}

static gboolean on_reload(gpointer data)
{
	Daemon *daemon = data;

	daemon->reload_id = 0;
	if (seat_current(desk_seat(daemon->desk)) != NULL || daemon->next != NULL)
		return G_SOURCE_REMOVE;
	daemon->reload_wanted = FALSE;
	service_reloading();
	daemon->next = load_config(&daemon->options);
	if (daemon->next != NULL) {
		http_look_up(daemon->http, daemon->next, on_looked_up, daemon);
	} else {
		g_warning("not reloaded: the old config stays in force");
		service_ready();
	}
	return G_SOURCE_REMOVE;
}

static void reload_soon(Daemon *daemon)
{
	if (daemon->reload_wanted && daemon->reload_id == 0)
		daemon->reload_id = g_idle_add(on_reload, daemon);
}

static gboolean on_sighup(gpointer data)
{
	Daemon *daemon = data;

	daemon->reload_wanted = TRUE;
	reload_soon(daemon);
	return G_SOURCE_CONTINUE;
}

static gboolean on_end(gpointer data)
{
	Daemon *daemon = data;

	service_stopping();
	g_main_loop_quit(daemon->loop);
	return G_SOURCE_CONTINUE;
}

/* -- the API's further answers -------------------------------------------------------------------
 */

static void add_status(JsonBuilder *builder, gpointer data)
{
	desk_describe(((Daemon *)data)->desk, builder);
}

static gboolean on_agents_settled(gpointer data)
{
	Daemon *daemon = data;

	daemon->agents_id = 0;
	if (daemon->desk != NULL)
		desk_agents_changed(daemon->desk);
	return G_SOURCE_REMOVE;
}

/* Reports it immediately, but repeated connections do not keep the buses busy. */
static void on_agent(gpointer data)
{
	Daemon *daemon = data;
	gint64 now = g_get_monotonic_time();
	gboolean again =
		daemon->agents_us != 0 && now - daemon->agents_us < AGENTS_PAUSE_S * G_USEC_PER_SEC;

	if (daemon->agents_id != 0)
		return;
	daemon->agents_us = now;
	daemon->agents_id =
		g_timeout_add_seconds(again ? AGENTS_PAUSE_S : 0, on_agents_settled, daemon);
}

static gboolean on_simulate(JsonObject *body, gpointer data, GError **error)
{
	return desk_break(((Daemon *)data)->desk, body, error);
}

/* -- from start to end ---------------------------------------------------------------------------
 */

static gboolean daemon_listen(Daemon *daemon, const Config *config, GError **error)
{
	g_autofree char *path = socket_path_daemon(daemon->options.socket_path);

	daemon->http = http_new(path, error);
	if (daemon->http == NULL || !http_listen(daemon->http, config, error))
		return FALSE;
	http_set_status_func(daemon->http, add_status, daemon);
	http_set_agents_func(daemon->http, on_agent, daemon);
	if (daemon->options.simulate)
		http_add_post(daemon->http, "/simulate", on_simulate, daemon);
	g_message("listening on %s", path);
	if (config->http)
		g_message("listening on %s, port %u%s", config->http_host, config->http_port,
			config->http_certificate.path != NULL ? ", for TLS" : "");
	return TRUE;
}

static void warn_of_root(const Options *options)
{
	if (geteuid() == 0 && !options->simulate)
		g_warning("hotseatd runs as root, which is not needed; run it as the "
			  "user " HOTSEAT_USER ": "
			  "`systemctl start hotseatd`");
}

/* Signals are handled when the main loop runs. They must not end the daemon before that, because
 * processes that see its socket may send them. */
static void take_signals(Daemon *daemon)
{
	g_unix_signal_add(SIGTERM, on_end, daemon);
	g_unix_signal_add(SIGINT, on_end, daemon);
	g_unix_signal_add(SIGHUP, on_sighup, daemon);
}

static int daemon_run(Daemon *daemon)
{
	g_autoptr(Config) config = NULL;
	g_autoptr(GError) error = NULL;

	take_signals(daemon);
	config = load_config(&daemon->options);
	if (config == NULL)
		return EXIT_USAGE;
	if (!daemon_listen(daemon, config, &error)) {
		g_critical("%s", error->message);
		return EXIT_FAILED;
	}
	daemon_set_desk(daemon, g_steal_pointer(&config), NULL, NULL);
	warn_of_root(&daemon->options);
	service_watchdog();
	service_ready();
	g_main_loop_run(daemon->loop);
	return EXIT_OK;
}

static int print_version(void)
{
	printf("hotseatd %s\n", HOTSEAT_VERSION);
	return EXIT_OK;
}

static void daemon_finish(Daemon *daemon)
{
	g_clear_handle_id(&daemon->reload_id, g_source_remove);
	g_clear_handle_id(&daemon->agents_id, g_source_remove);
	g_clear_pointer(&daemon->watch, secrets_watch_free);
	/* the desk asks the agents that http knows */
	if (daemon->http != NULL)
		http_set_seat(daemon->http, NULL);
	g_clear_pointer(&daemon->desk, desk_free);
	g_clear_pointer(&daemon->http, http_free);
	g_clear_pointer(&daemon->next, config_free);
	g_main_loop_unref(daemon->loop);
	g_free(daemon->options.config_path);
	g_free(daemon->options.socket_path);
}

static gboolean parse_options(Options *options, int *argc, char ***argv)
{
	const GOptionEntry entries[] = {
		{ "config", 'c', 0, G_OPTION_ARG_FILENAME, &options->config_path,
			"Read FILE instead of the default config", "FILE" },
		{ "socket", 's', 0, G_OPTION_ARG_FILENAME, &options->socket_path,
			"Listen on the Unix socket PATH", "PATH" },
		{ "simulate", 0, 0, G_OPTION_ARG_NONE, &options->simulate,
			"Simulate the desk: touch no hardware and no guest", NULL },
		{ "verbose", 'v', 0, G_OPTION_ARG_NONE, &options->verbose, "Log every step", NULL },
		{ "version", 'V', 0, G_OPTION_ARG_NONE, &options->version, "Print the version",
			NULL },
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autoptr(GError) error = NULL;

	g_option_context_set_summary(
		context, "Moves monitors, keyboard and mouse to a virtual machine and back.");
	g_option_context_set_description(context,
		"It stays in the foreground. See hotseatd(8), hotseat.yaml(5), and hotseat(1) for "
		"the\ncommand that talks to it.");
	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, argc, argv, &error)) {
		fprintf(stderr, "hotseatd: %s; see `hotseatd --help`\n", error->message);
		return FALSE;
	}
	if (*argc > 1) {
		fprintf(stderr, "hotseatd: unexpected argument %s; see `hotseatd --help`\n",
			(*argv)[1]);
		return FALSE;
	}
	return TRUE;
}

int daemon_main(int argc, char **argv)
{
	Daemon daemon = { 0 };
	int status = EXIT_USAGE;

	setlocale(LC_ALL, "");
	daemon.loop = g_main_loop_new(NULL, FALSE);
	if (parse_options(&daemon.options, &argc, &argv)) {
		log_set_up("hotseatd", daemon.options.verbose);
		status = daemon.options.version ? print_version() : daemon_run(&daemon);
	}
	daemon_finish(&daemon);
	return status;
}
