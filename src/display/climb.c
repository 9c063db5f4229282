/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One way after another, until the monitor shows what it should. Whatever a way says of itself, the
 * monitor is looked at before it is believed.
 */
#include "display/climb.h"

#include "common/error.h"

ClimbTimes climb_times = { .look_ms = 10000, .doubt_ms = 3000, .every_ms = 100 };

static void climb_on(Ladder *ladder);

void climb_clear(Ladder *ladder)
{
	Climb *climb = &ladder->climb;

	g_clear_handle_id(&climb->timer, g_source_remove);
	if (climb->order != 0)
		room_agents(ladder->room)->cancel(room_agents(ladder->room), climb->order);
	if (climb->run != NULL)
		hook_run_forget(climb->run);
	g_clear_object(&climb->cancel);
	if (climb->failures != NULL)
		g_string_free(climb->failures, TRUE);
	g_free(climb->target);
	g_free(climb->from);
	*climb = (Climb){ 0 };
}

static ReturnWay present_way(const Climb *climb)
{
	return climb->ways[climb->next - 1];
}

/* -- how it ends ------------------------------------------------------------------------------ */

/* way: that did it; -1: none of ours. */
static void arrive(Ladder *ladder, int way, const ResourceResult *result)
{
	static const char *const notes[] = {
		[RETURN_DDC] = "",
		[RETURN_AGENT] = "; set from inside of the guest",
		[RETURN_COMMAND] = "; brought back by return_command",
	};
	Climb *climb = &ladder->climb;
	gboolean confirmed = display_shown(ladder->display)->confirmed;
	g_autofree char *detail = NULL;
	ResourceResult told = {
		.at = climb->target,
		.detail = result->detail,
		.changed = climb->changed || result->changed,
	};

	if (way > RETURN_DDC)
		told.detail = detail = g_strconcat(
			confirmed ? result->detail : "the monitor does not tell what it shows",
			notes[way], NULL);
	ladder_finish(ladder, way, &told);
}

static void note_failure(Ladder *ladder, const char *way, const char *why)
{
	GString *failures = ladder->climb.failures;

	g_info("display %s to %s: %s%s%s", ladder->resource.name, ladder->climb.target, way,
		*way != '\0' ? ": " : "", why);
	g_string_append_printf(failures, "%s%s%s%s", failures->len > 0 ? "; " : "", way,
		*way != '\0' ? ": " : "", why);
}

static void fail(Ladder *ladder, const ResourceResult *result)
{
	Climb *climb = &ladder->climb;
	g_autoptr(GError) error = NULL;
	ResourceResult told = *result;

	told.changed |= climb->changed;
	/* the host's value was taken, and nothing speaks against it */
	if (climb->doubt && !display_shown(ladder->display)->confirmed) {
		display_believe(ladder->display, climb->target);
		told.at = climb->target;
		told.error = NULL;
	} else {
		told.error = error =
			g_error_new(HOTSEAT_ERROR, climb->code, "%s", climb->failures->str);
	}
	ladder_finish(ladder, -1, &told);
}

static void stop(Ladder *ladder, const ResourceResult *result)
{
	g_autoptr(GError) error = g_error_new(
		HOTSEAT_ERROR, HOTSEAT_ERROR_CANCELLED, "stopped: a newer request took its place");
	ResourceResult told = *result;

	told.changed |= ladder->climb.changed;
	told.error = error;
	ladder_finish(ladder, -1, &told);
}

static void go_on_or_fail(Ladder *ladder, const ResourceResult *result)
{
	if (g_cancellable_is_cancelled(ladder->climb.cancel))
		stop(ladder, result);
	else if (ladder->climb.next < ladder->climb.n_ways)
		climb_on(ladder);
	else
		fail(ladder, result);
}

/* -- looks ------------------------------------------------------------------------------------ */

static void look(Ladder *ladder);

static gboolean on_look_again(gpointer data)
{
	Ladder *ladder = data;

	ladder->climb.timer = 0;
	look(ladder);
	return G_SOURCE_REMOVE;
}

static gboolean is_home(const Climb *climb)
{
	return g_str_equal(climb->target, TARGET_HOST);
}

/* A monitor that says nothing is not at the host, as far as one knows. Only the user's own command
 * is believed: it is for those that never say anything. At a guest's input silence is usual. */
static gboolean may_believe(Ladder *ladder)
{
	const Shown *shown = display_shown(ladder->display);
	const Climb *climb = &ladder->climb;

	return climb->told &&
	       (shown->mute || (!shown->confirmed &&
				       (present_way(climb) == RETURN_COMMAND || !is_home(climb))));
}

static const char *why_not(Ladder *ladder, const ResourceResult *result)
{
	gboolean silent = result->error == NULL ? !display_shown(ladder->display)->confirmed
						: g_error_matches(result->error, HOTSEAT_ERROR,
							  HOTSEAT_ERROR_NO_ANSWER);

	if (silent)
		return "the monitor was told, and does not answer to the host";
	return result->error != NULL ? result->error->message
				     : "the monitor was told, and shows another input all the same";
}

static void looks_over(Ladder *ladder, const ResourceResult *result)
{
	Climb *climb = &ladder->climb;

	if (may_believe(ladder)) {
		display_believe(ladder->display, climb->target);
		arrive(ladder, (int)present_way(climb), result);
		return;
	}
	if (climb->told)
		note_failure(ladder, return_way_names[present_way(climb)], why_not(ladder, result));
	climb->looked = TRUE;
	go_on_or_fail(ladder, result);
}

/* By its input: several targets may have the same. */
static gboolean is_there(Ladder *ladder, const ResourceResult *result)
{
	const Shown *shown = display_shown(ladder->display);
	const ConfigInput *input =
		g_hash_table_lookup(display_config(ladder->display)->inputs, ladder->climb.target);

	return result->error == NULL && shown->confirmed && shown->input == show_reads_as(input);
}

/* Whose doing it is that it is there. */
static int way_that_did_it(const Climb *climb)
{
	if (climb->told)
		return (int)present_way(climb);
	return climb->doubt ? RETURN_DDC : -1;
}

static void on_looked(Resource *display, const ResourceResult *result, gpointer data)
{
	Ladder *ladder = data;
	Climb *climb = &ladder->climb;

	if (is_there(ladder, result))
		arrive(ladder, way_that_did_it(climb), result);
	else if (g_cancellable_is_cancelled(climb->cancel))
		stop(ladder, result);
	else if (display_shown(display)->mute || g_get_monotonic_time() >= climb->until_us)
		looks_over(ladder, result);
	else
		climb->timer = g_timeout_add(climb_times.every_ms, on_look_again, ladder);
}

static void look(Ladder *ladder)
{
	ladder->display->ops->observe(ladder->display, on_looked, ladder);
}

/* Looks whether the monitor shows the target, until it does or ms are over; 0: once. */
static void look_for(Ladder *ladder, guint ms)
{
	ladder->climb.until_us = g_get_monotonic_time() + 1000 * (gint64)ms;
	look(ladder);
}

/* -- the ways --------------------------------------------------------------------------------- */

/* The guest whose agents are to hear of it; NULL: all, since it is only thought to be there. */
static const char *guest_shown(Ladder *ladder)
{
	const Climb *climb = &ladder->climb;

	return display_shown(ladder->display)->confirmed && g_strcmp0(climb->from, TARGET_HOST) != 0
		       ? climb->from
		       : NULL;
}

static gboolean any_agent(Ladder *ladder)
{
	DisplayAgents *agents = room_agents(ladder->room);

	return agents != NULL && agents->any(agents, guest_shown(ladder));
}

/* Is there a way left that might do what the present one did not? */
static gboolean has_another(Ladder *ladder)
{
	const Climb *climb = &ladder->climb;

	for (guint i = climb->next; i < climb->n_ways; i++)
		if (climb->ways[i] != RETURN_AGENT || any_agent(ladder))
			return TRUE;
	return FALSE;
}

static void on_ddc(Resource *display, const ResourceResult *result, gpointer data)
{
	Ladder *ladder = data;
	Climb *climb = &ladder->climb;
	const Shown *shown = display_shown(display);

	climb->changed |= result->changed;
	if (g_error_matches(result->error, HOTSEAT_ERROR, HOTSEAT_ERROR_CANCELLED)) {
		ladder_finish(ladder, -1, result);
	} else if (result->error != NULL) {
		climb->code = result->error->code;
		climb->looked = TRUE;
		if (climb->code == HOTSEAT_ERROR_NO_ANSWER)
			ladder_unheard(ladder, climb->from);
		note_failure(ladder, "", result->error->message);
		go_on_or_fail(ladder, result);
	} else if (shown->confirmed || shown->mute) {
		arrive(ladder, RETURN_DDC, result);
	} else if (has_another(ladder)) {
		climb->doubt = TRUE;
		look_for(ladder, climb_times.doubt_ms);
	} else {
		ladder_finish(ladder, -1, result);
	}
}

static void go_ddc(Ladder *ladder)
{
	Climb *climb = &ladder->climb;

	ladder->display->ops->apply(ladder->display, climb->target, climb->cancel, on_ddc, ladder);
}

/* A way has been gone, well or not. */
static void on_told(Ladder *ladder, const GError *error)
{
	Climb *climb = &ladder->climb;

	climb->told = error == NULL;
	climb->changed |= climb->told;
	if (error != NULL)
		note_failure(ladder, return_way_names[present_way(climb)], error->message);
	look_for(ladder, !climb->told	  ? 0
			 : is_home(climb) ? climb_times.look_ms
					  : climb_times.doubt_ms);
}

static void on_ordered(const GError *error, gpointer data)
{
	Ladder *ladder = data;

	ladder->climb.order = 0;
	on_told(ladder, error);
}

/* Not worth a word where no monitor is, unless the config counts on agents. */
static void no_agent(Ladder *ladder)
{
	const Climb *climb = &ladder->climb;
	const char *guest = g_strcmp0(climb->from, TARGET_HOST) != 0 ? climb->from : NULL;
	g_autofree char *why =
		guest != NULL
			? g_strdup_printf(
				  "none is connected from the guest %s; start it there", guest)
			: g_strdup("none is connected; start it in the guest");

	if (climb->code == HOTSEAT_ERROR_NO_ANSWER || display_config(ladder->display)->n_ways > 0)
		note_failure(ladder, return_way_names[RETURN_AGENT], why);
	go_on_or_fail(ladder, &(ResourceResult){ 0 });
}

static void go_agent(Ladder *ladder)
{
	const ConfigDisplay *config = display_config(ladder->display);
	DisplayAgents *agents = room_agents(ladder->room);
	Climb *climb = &ladder->climb;
	const ConfigInput *input = g_hash_table_lookup(config->inputs, climb->target);
	DisplayOrder order = {
		.display = ladder->resource.name,
		.edid = display_edid(ladder->display),
		.feature = config->feature,
		.value = input->value,
	};

	if (any_agent(ladder))
		climb->order =
			agents->order(agents, guest_shown(ladder), &order, on_ordered, ladder);
	else
		no_agent(ladder);
}

static void on_run(HookRun *run, const GError *error, gpointer data)
{
	Ladder *ladder = data;

	ladder->climb.run = NULL;
	on_told(ladder, error);
}

static void go_command(Ladder *ladder)
{
	const ConfigDisplay *config = display_config(ladder->display);
	g_autofree char *name = g_strconcat("HOTSEAT_DISPLAY=", ladder->resource.name, NULL);
	const char *const environment[] = { "HOTSEAT_TARGET=" TARGET_HOST, name, NULL };

	ladder->climb.run = hook_run_new(config->return_command, environment, on_run, ladder);
}

/* Tries the next way. From where it is already, a command that only presses a button would make it
 * leave again: it is looked at first. */
static void climb_on(Ladder *ladder)
{
	static void (*const go[])(Ladder * ladder) = {
		[RETURN_DDC] = go_ddc,
		[RETURN_AGENT] = go_agent,
		[RETURN_COMMAND] = go_command,
	};
	Climb *climb = &ladder->climb;

	climb->told = FALSE;
	if (climb->ways[climb->next] == RETURN_COMMAND && !climb->looked) {
		look_for(ladder, 0);
		return;
	}
	climb->looked = FALSE;
	go[climb->ways[climb->next++]](ladder);
}

void climb_begin(Ladder *ladder)
{
	ladder->climb.code = HOTSEAT_ERROR_NO_ANSWER;
	climb_on(ladder);
}
