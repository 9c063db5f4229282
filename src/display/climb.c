/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/climb.h"

#include "common/error.h"
#include "common/guest.h"
#include "hook/run.h"

struct Climb {
	ClimbPlan plan; /* target, from and cancel: its own */
	ClimbDone done;
	gpointer data;
	gulong handler;	  /* of plan.cancel */
	guint next;	  /* the way to be tried after the present one */
	gboolean looked;  /* since the last one was tried */
	gboolean told;	  /* the present way reports that it has set the monitor */
	gboolean doubt;	  /* the host has set it, and it has not answered since then */
	gboolean unheard; /* see ClimbEnd */
	gboolean changed;
	GString *failures; /* why the ways did not bring it back, "; " between them */
	int code;	   /* HotseatError of DDC/CI from the host */
	gint64 until_us;   /* the time at which looks end */
	guint pause_ms;	   /* pause until the next look */
	gboolean thorough; /* the present look is the last one */
	guint timer, order;
	HookRun *run;
};

static void try_next(Climb *climb);

void climb_free(Climb *climb)
{
	if (climb == NULL)
		return;
	g_clear_handle_id(&climb->timer, g_source_remove);
	g_signal_handler_disconnect(climb->plan.cancel, climb->handler);
	if (climb->order != 0)
		climb->plan.agents->cancel(climb->plan.agents, climb->order);
	if (climb->run != NULL)
		hook_run_forget(climb->run);
	g_object_unref(climb->plan.cancel);
	g_string_free(climb->failures, TRUE);
	g_free((char *)climb->plan.target);
	g_free((char *)climb->plan.from);
	g_free(climb);
}

static ReturnWay present_way(const Climb *climb)
{
	return climb->plan.ways[climb->next - 1];
}

static const Shown *shown(const Climb *climb)
{
	return display_shown(climb->plan.display);
}

/* -- how it ends ------------------------------------------------------------------------------ */

static void finish(Climb *climb, int way, const ResourceResult *result)
{
	const ClimbEnd end = { .way = way, .unheard = climb->unheard, .result = *result };

	climb->done(&end, climb->data);
	climb_free(climb);
}

/* way: the one that did it; -1: none of the ladder's. */
static void arrive(Climb *climb, int way, const ResourceResult *result)
{
	static const char *const notes[] = {
		[RETURN_DDC] = "",
		[RETURN_AGENT] = "; set by the agent in the guest",
		[RETURN_COMMAND] = "; brought back by return_command",
	};
	g_autofree char *detail = NULL;
	ResourceResult told = {
		.at = climb->plan.target,
		.detail = result->detail,
		.changed = climb->changed || result->changed,
	};

	if (way > RETURN_DDC)
		told.detail = detail = g_strconcat(
			shown(climb)->confirmed ? result->detail
						: "the monitor does not report its input",
			notes[way], NULL);
	finish(climb, way, &told);
}

static void note_failure(Climb *climb, const char *way, const char *why)
{
	GString *failures = climb->failures;

	g_info("display %s to %s: %s%s%s", climb->plan.display->name, climb->plan.target, way,
		*way != '\0' ? ": " : "", why);
	g_string_append_printf(failures, "%s%s%s%s", failures->len > 0 ? "; " : "", way,
		*way != '\0' ? ": " : "", why);
}

static void fail(Climb *climb, const ResourceResult *result)
{
	g_autoptr(GError) error = NULL;
	ResourceResult told = *result;

	told.changed |= climb->changed;
	/* the monitor accepted the host's value, and no other way is known to be needed */
	if (climb->doubt && !shown(climb)->confirmed) {
		display_assume(climb->plan.display, climb->plan.target);
		told.at = climb->plan.target;
		told.error = NULL;
	} else {
		told.error = error =
			g_error_new(HOTSEAT_ERROR, climb->code, "%s", climb->failures->str);
	}
	finish(climb, -1, &told);
}

static void stop(Climb *climb, const ResourceResult *result)
{
	g_autoptr(GError) error = g_error_new(
		HOTSEAT_ERROR, HOTSEAT_ERROR_CANCELLED, "stopped: replaced by a newer request");
	ResourceResult told = *result;

	told.changed |= climb->changed;
	told.error = error;
	finish(climb, -1, &told);
}

static void go_on_or_fail(Climb *climb, const ResourceResult *result)
{
	if (g_cancellable_is_cancelled(climb->plan.cancel))
		stop(climb, result);
	else if (climb->next < climb->plan.n_ways)
		try_next(climb);
	else
		fail(climb, result);
}

/* -- looks ------------------------------------------------------------------------------------ */

static void look(Climb *climb);

static gboolean on_look_again(gpointer data)
{
	Climb *climb = data;

	climb->timer = 0;
	look(climb);
	return G_SOURCE_REMOVE;
}

/* The last look is at the end of the time, not after it. */
static void look_later(Climb *climb)
{
	gint64 left_us = MAX(climb->until_us - g_get_monotonic_time(), 0);
	guint left_ms = (guint)((left_us + 999) / 1000);

	climb->timer = g_timeout_add(MIN(climb->pause_ms, left_ms), on_look_again, climb);
	climb->pause_ms = MIN(2 * climb->pause_ms, climb->plan.times.slowest_ms);
}

static gboolean is_at_host(const Climb *climb)
{
	return g_str_equal(climb->plan.target, TARGET_HOST);
}

/* A silent monitor is not assumed to show the host. Only the user's command is trusted, because it
 * is for monitors that never answer. At a guest's input silence is normal. */
static gboolean may_assume(Climb *climb)
{
	return climb->told &&
	       (show_is_unreliable(shown(climb)) ||
		       (!shown(climb)->confirmed &&
			       (present_way(climb) == RETURN_COMMAND || !is_at_host(climb))));
}

static const char *why_not(Climb *climb, const ResourceResult *result)
{
	gboolean silent = result->error == NULL ? !shown(climb)->confirmed
						: g_error_matches(result->error, HOTSEAT_ERROR,
							  HOTSEAT_ERROR_NO_ANSWER);

	if (silent)
		return "the agent set the monitor, but it does not answer the host";
	return result->error != NULL ? result->error->message
				     : "the agent set the monitor, but it shows another input";
}

static void looks_over(Climb *climb, const ResourceResult *result)
{
	if (may_assume(climb)) {
		display_assume(climb->plan.display, climb->plan.target);
		arrive(climb, (int)present_way(climb), result);
		return;
	}
	if (climb->told)
		note_failure(climb, return_way_names[present_way(climb)], why_not(climb, result));
	climb->looked = TRUE;
	go_on_or_fail(climb, result);
}

/* Compares inputs, because several targets may have the same one. */
static gboolean is_there(Climb *climb, const ResourceResult *result)
{
	const ConfigInput *input = g_hash_table_lookup(
		display_config(climb->plan.display)->inputs, climb->plan.target);

	return result->error == NULL && shown(climb)->confirmed &&
	       shown(climb)->input == show_reads_as(input);
}

/* Which way brought it there. */
static int way_that_did_it(const Climb *climb)
{
	if (climb->told)
		return (int)present_way(climb);
	return climb->doubt ? RETURN_DDC : -1;
}

static void on_looked(Resource *display, const ResourceResult *result, gpointer data)
{
	Climb *climb = data;

	if (is_there(climb, result))
		arrive(climb, way_that_did_it(climb), result);
	else if (g_cancellable_is_cancelled(climb->plan.cancel))
		stop(climb, result);
	else if (show_is_unreliable(shown(climb)) || climb->thorough)
		looks_over(climb, result);
	else
		look_later(climb);
}

/* The last look is a complete observe. */
static void look(Climb *climb)
{
	climb->thorough = g_get_monotonic_time() >= climb->until_us ||
			  g_cancellable_is_cancelled(climb->plan.cancel);
	if (!climb->thorough)
		display_observe_once(climb->plan.display, on_looked, climb);
	else
		climb->plan.display->ops->observe(climb->plan.display, on_looked, climb);
}

/* Looks until the monitor shows the target, for at most ms; 0: once. */
static void look_for(Climb *climb, guint ms)
{
	climb->until_us = g_get_monotonic_time() + 1000 * (gint64)ms;
	climb->pause_ms = climb->plan.times.pause_ms;
	look(climb);
}

/* -- the ways --------------------------------------------------------------------------------- */

/* The guest whose agents get the order; NULL: all agents, because the guest's input is only
 * assumed. */
static const char *guest_shown(Climb *climb)
{
	return shown(climb)->confirmed && g_strcmp0(climb->plan.from, TARGET_HOST) != 0
		       ? climb->plan.from
		       : NULL;
}

static gboolean any_agent(Climb *climb)
{
	DisplayAgents *agents = climb->plan.agents;

	return agents != NULL && agents->any(agents, guest_shown(climb));
}

/* Is there another way left to try? */
static gboolean has_another(Climb *climb)
{
	for (guint i = climb->next; i < climb->plan.n_ways; i++)
		if (climb->plan.ways[i] != RETURN_AGENT || any_agent(climb))
			return TRUE;
	return FALSE;
}

static void on_ddc(Resource *display, const ResourceResult *result, gpointer data)
{
	Climb *climb = data;

	climb->changed |= result->changed;
	if (g_error_matches(result->error, HOTSEAT_ERROR, HOTSEAT_ERROR_CANCELLED)) {
		finish(climb, -1, result);
	} else if (result->error != NULL) {
		climb->code = result->error->code;
		climb->looked = TRUE;
		if (climb->code == HOTSEAT_ERROR_NO_ANSWER)
			climb->unheard = TRUE;
		note_failure(climb, "", result->error->message);
		go_on_or_fail(climb, result);
	} else if (shown(climb)->confirmed || show_is_unreliable(shown(climb))) {
		arrive(climb, RETURN_DDC, result);
	} else if (has_another(climb)) {
		climb->doubt = TRUE;
		look_for(climb, climb->plan.times.doubt_ms);
	} else {
		finish(climb, -1, result);
	}
}

static void go_ddc(Climb *climb)
{
	climb->plan.display->ops->apply(
		climb->plan.display, climb->plan.target, climb->plan.cancel, on_ddc, climb);
}

/* A way has been tried, with or without success. */
static void on_agent_answer(Climb *climb, const GError *error)
{
	climb->told = error == NULL;
	climb->changed |= climb->told;
	if (error != NULL && !g_cancellable_is_cancelled(climb->plan.cancel))
		note_failure(climb, return_way_names[present_way(climb)], error->message);
	look_for(climb, !climb->told	    ? 0
			: is_at_host(climb) ? climb->plan.times.look_ms
					    : climb->plan.times.doubt_ms);
}

static void on_ordered(const GError *error, gpointer data)
{
	Climb *climb = data;

	climb->order = 0;
	on_agent_answer(climb, error);
}

static gboolean on_no_agent(gpointer data)
{
	Climb *climb = data;

	climb->timer = 0;
	go_on_or_fail(climb, &(ResourceResult){ 0 });
	return G_SOURCE_REMOVE;
}

/* If there is no monitor, this is not mentioned unless the config lists the agent as a way. */
static void no_agent(Climb *climb)
{
	const char *guest = g_strcmp0(climb->plan.from, TARGET_HOST) != 0 ? climb->plan.from : NULL;
	g_autofree char *why = guest != NULL ? g_strdup_printf("not connected; start it in %s",
						       guest_title(guest, NULL))
					     : g_strdup("not connected; start it in the guest");

	if (climb->code == HOTSEAT_ERROR_NO_ANSWER ||
		display_config(climb->plan.display)->n_ways > 0)
		note_failure(climb, return_way_names[RETURN_AGENT], why);
	climb->timer = g_idle_add(on_no_agent, climb);
}

static void go_agent(Climb *climb)
{
	const ConfigDisplay *config = display_config(climb->plan.display);
	DisplayAgents *agents = climb->plan.agents;
	const ConfigInput *input = g_hash_table_lookup(config->inputs, climb->plan.target);
	DisplayOrder order = {
		.display = climb->plan.display->name,
		.edid = display_edid(climb->plan.display),
		.feature = config->feature,
		.value = input->value,
	};

	if (any_agent(climb))
		climb->order = agents->order(agents, guest_shown(climb), &order, on_ordered, climb);
	else
		no_agent(climb);
}

static void on_run(HookRun *run, const GError *error, gpointer data)
{
	Climb *climb = data;

	climb->run = NULL;
	on_agent_answer(climb, error);
}

static void go_command(Climb *climb)
{
	const ConfigDisplay *config = display_config(climb->plan.display);
	g_autofree char *name = g_strconcat("HOTSEAT_DISPLAY=", climb->plan.display->name, NULL);
	const char *const environment[] = { "HOTSEAT_TARGET=" TARGET_HOST, name, NULL };

	climb->run = hook_run_new(config->return_command, environment, on_run, climb);
}

typedef void (*Go)(Climb *climb);

/* Tries the next way. Before a command the monitor is read: a command that only presses a button
 * would switch a monitor away that is already right. */
static void try_next(Climb *climb)
{
	static const Go ways[] = {
		[RETURN_DDC] = go_ddc,
		[RETURN_AGENT] = go_agent,
		[RETURN_COMMAND] = go_command,
	};

	climb->told = FALSE;
	if (climb->plan.ways[climb->next] == RETURN_COMMAND && !climb->looked) {
		look_for(climb, 0);
		return;
	}
	climb->looked = FALSE;
	ways[climb->plan.ways[climb->next++]](climb);
}

/* -- start ------------------------------------------------------------------------------------ */

/* Stops everything that can be stopped. An agent may still carry out its order. */
static void on_cancelled(GCancellable *cancel, gpointer data)
{
	Climb *climb = data;

	if (climb->run != NULL)
		hook_run_stop(climb->run);
	if (climb->timer == 0)
		return;
	g_clear_handle_id(&climb->timer, g_source_remove);
	look(climb);
}

Climb *climb_start(const ClimbPlan *plan, ClimbDone done, gpointer data)
{
	Climb *climb = g_new0(Climb, 1);

	climb->plan = *plan;
	climb->plan.target = g_strdup(plan->target);
	climb->plan.from = g_strdup(plan->from);
	climb->plan.cancel = g_object_ref(plan->cancel);
	climb->handler =
		g_signal_connect(plan->cancel, "cancelled", G_CALLBACK(on_cancelled), climb);
	climb->done = done;
	climb->data = data;
	climb->failures = g_string_new(NULL);
	climb->code = HOTSEAT_ERROR_NO_ANSWER;
	try_next(climb);
	return climb;
}
