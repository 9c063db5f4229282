/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The return ladder. A monitor that shows a guest may accept commands only from that guest. Then
 * other ways to switch it are tried one after another: DDC/CI from the host, DDC/CI from inside the
 * guest, a user's command. The ladder records which of them works.
 */
#include "display/climb.h"

#include "common/error.h"
#include "display/registry.h"

static const ClimbTimes usual_times = {
	.look_ms = 10000, .doubt_ms = 3000, .pause_ms = 250, .slowest_ms = 2000
};

typedef struct {
	Resource resource;
	Resource *display; /* the host's way */
	MonitorRegistry *registry;
	ClimbTimes times;
	GHashTable *heard; /* set of the guests at whose inputs the monitor accepted the host's
			      commands */
	int worked;	   /* the way that last brought it back from a guest; -1: none yet */
	gboolean failed;   /* the last use */
	/* what is under way */
	ResourceDone done; /* NULL: nothing is */
	gpointer data;
	char *from;		       /* the target that it showed; NULL: unknown */
	Climb *climb;		       /* NULL: no way back is needed */
	GCancellable *features_cancel; /* never fires */
} Ladder;

/* -- what is learned -------------------------------------------------------------------------- */

static void set_answered(Ladder *ladder, const char *target, gboolean heard)
{
	if (target == NULL || g_str_equal(target, TARGET_HOST))
		return;
	if (heard)
		g_hash_table_add(ladder->heard, g_strdup(target));
	else
		g_hash_table_remove(ladder->heard, target);
}

/* It did not switch, or it accepted the value and has not answered since then: try again when a new
 * agent connects. */
static gboolean may_be_elsewhere(Ladder *ladder, const ResourceResult *result)
{
	const Shown *shown = display_shown(ladder->display);

	if (result->error != NULL)
		return !g_error_matches(result->error, HOTSEAT_ERROR, HOTSEAT_ERROR_CANCELLED);
	return g_strcmp0(result->at, TARGET_HOST) == 0 && !shown->confirmed &&
	       !show_is_unreliable(shown);
}

static void ladder_finish(Ladder *ladder, const ResourceResult *result)
{
	ResourceDone done = ladder->done;

	if (result->error == NULL && display_shown(ladder->display)->confirmed)
		set_answered(ladder, result->at, TRUE);
	ladder->failed = may_be_elsewhere(ladder, result);
	ladder->done = NULL;
	g_clear_pointer(&ladder->from, g_free);
	done(&ladder->resource, result, ladder->data);
}

static void keep_way(Ladder *ladder)
{
	const Edid *edid = display_edid(ladder->display);

	if (edid != NULL)
		monitor_memory_set(monitor_registry_memory(ladder->registry), edid, MEMORY_RETURN,
			return_way_names[ladder->worked]);
}

/* The way that brought it back under an earlier daemon. */
static void recall_way(Ladder *ladder)
{
	const Edid *edid = display_edid(ladder->display);
	g_autofree char *name = NULL;

	if (ladder->worked >= 0 || edid == NULL)
		return;
	name = monitor_memory_get(monitor_registry_memory(ladder->registry), edid, MEMORY_RETURN);
	for (int way = 0; name != NULL && return_way_names[way] != NULL; way++)
		if (g_str_equal(return_way_names[way], name))
			ladder->worked = way;
}

static void on_features(Resource *display, const ResourceResult *result, gpointer data)
{
	ResourceResult all = *result;

	/* the monitor has switched */
	all.changed = TRUE;
	ladder_finish(data, &all);
}

/* The agent or the command has set only the input. Now the monitor accepts the host's commands
 * again. */
static void write_features(Ladder *ladder, const ResourceResult *result)
{
	g_autofree char *target = g_strdup(result->at);

	ladder->display->ops->apply(
		ladder->display, target, ladder->features_cancel, on_features, ladder);
}

static void on_climbed(const ClimbEnd *end, gpointer data)
{
	Ladder *ladder = data;

	ladder->climb = NULL;
	if (end->unheard)
		set_answered(ladder, ladder->from, FALSE);
	if (end->way >= 0 && end->result.changed) {
		ladder->worked = end->way;
		keep_way(ladder);
		set_answered(ladder, ladder->from, end->way == RETURN_DDC);
	}
	if (end->result.error == NULL && end->way > RETURN_DDC && end->result.at != NULL &&
		display_owes_features(ladder->display, end->result.at))
		write_features(ladder, &end->result);
	else
		ladder_finish(ladder, &end->result);
}

static gboolean has_way(const ReturnWay *ways, guint n_ways, ReturnWay way)
{
	for (guint i = 0; i < n_ways; i++)
		if (ways[i] == way)
			return TRUE;
	return FALSE;
}

static gboolean ladder_can_return(Resource *resource, const char *target)
{
	Ladder *ladder = (Ladder *)resource;
	const ConfigDisplay *config = display_config(ladder->display);

	if (config->n_ways > 0 && !has_way(config->ways, config->n_ways, RETURN_DDC))
		return FALSE;
	/* only DDC/CI: according to the config, it accepts the host's commands */
	return config->n_ways == 1 || g_hash_table_contains(ladder->heard, target);
}

/* -- which ways ------------------------------------------------------------------------------- */

static void add_way(ClimbPlan *plan, ReturnWay way)
{
	if (!has_way(plan->ways, plan->n_ways, way))
		plan->ways[plan->n_ways++] = way;
}

/* According to the monitor database it ignores the host at that input, and nothing else was
 * learned. */
static gboolean is_thought_deaf(Ladder *ladder, const char *from)
{
	const MonitorModel *model = display_model(ladder->display);

	return model != NULL && model->deaf && ladder->worked < 0 &&
	       (from == NULL || !g_hash_table_contains(ladder->heard, from));
}

/* Adds the other ways, if there are any. */
static void add_ways_of_deaf(Ladder *ladder, ClimbPlan *plan, gboolean home)
{
	DisplayAgents *agents = plan->agents;

	if (agents != NULL && agents->any(agents, plan->from))
		add_way(plan, RETURN_AGENT);
	if (home && display_config(ladder->display)->return_command != NULL)
		add_way(plan, RETURN_COMMAND);
}

/* The way that worked last comes first, unless the config has an order. At the host's own input
 * DDC/CI is enough. A command can only bring it to the host. */
static void choose_ways(Ladder *ladder, ClimbPlan *plan)
{
	static const ReturnWay all[] = { RETURN_DDC, RETURN_AGENT, RETURN_COMMAND };
	const ConfigDisplay *config = display_config(ladder->display);
	const ReturnWay *ways = config->n_ways > 0 ? config->ways : all;
	guint n_ways = config->n_ways > 0 ? config->n_ways : G_N_ELEMENTS(all);
	gboolean home = g_str_equal(plan->target, TARGET_HOST);

	if (g_strcmp0(plan->from, TARGET_HOST) == 0)
		add_way(plan, RETURN_DDC);
	else if (config->n_ways == 0 && ladder->worked >= 0 &&
		 (home || ladder->worked != RETURN_COMMAND))
		add_way(plan, (ReturnWay)ladder->worked);
	else if (config->n_ways == 0 && is_thought_deaf(ladder, plan->from))
		add_ways_of_deaf(ladder, plan, home);
	for (guint i = 0; i < n_ways; i++)
		if (ways[i] != RETURN_COMMAND || (home && config->return_command != NULL))
			add_way(plan, ways[i]);
	if (plan->n_ways == 0)
		add_way(plan, RETURN_DDC);
}

static gboolean same_input(Ladder *ladder, const char *a, const char *b)
{
	GHashTable *inputs = display_config(ladder->display)->inputs;
	const ConfigInput *x = g_hash_table_lookup(inputs, a), *y = g_hash_table_lookup(inputs, b);

	return x != NULL && y != NULL && x->value == y->value;
}

/* To the host from any target, or from one guest to another. from of NULL: unknown. */
static gboolean leaves_guest(Ladder *ladder, const char *from, const char *target)
{
	if (g_str_equal(target, TARGET_HOST))
		return TRUE;
	return from != NULL && !g_str_equal(from, TARGET_HOST) && !same_input(ladder, from, target);
}

/* -- the resource ----------------------------------------------------------------------------- */

static void on_over(Resource *display, const ResourceResult *result, gpointer data)
{
	ladder_finish(data, result);
}

static void climb(Ladder *ladder, const char *target, GCancellable *cancel)
{
	ClimbPlan plan = {
		.display = ladder->display,
		.agents = monitor_registry_agents(ladder->registry),
		.target = target,
		.from = ladder->from,
		.cancel = cancel,
		.times = ladder->times,
	};

	recall_way(ladder);
	choose_ways(ladder, &plan);
	ladder->climb = climb_start(&plan, on_climbed, ladder);
}

static void ladder_apply(Resource *resource, const char *target, GCancellable *cancel,
	ResourceDone done, gpointer data)
{
	Ladder *ladder = (Ladder *)resource;

	ladder->done = done;
	ladder->data = data;
	ladder->from = g_strdup(display_target(ladder->display));
	if (leaves_guest(ladder, ladder->from, target))
		climb(ladder, target, cancel);
	else
		ladder->display->ops->apply(ladder->display, target, cancel, on_over, ladder);
}

static void ladder_observe(Resource *resource, ResourceDone done, gpointer data)
{
	Ladder *ladder = (Ladder *)resource;

	ladder->done = done;
	ladder->data = data;
	ladder->display->ops->observe(ladder->display, on_over, ladder);
}

static gboolean ladder_serves(Resource *resource, const char *target)
{
	return resource_serves(((Ladder *)resource)->display, target);
}

static gboolean ladder_check(Resource *resource, const char *target, GError **error)
{
	Resource *display = ((Ladder *)resource)->display;

	return display->ops->check(display, target, error);
}

static void on_display_changed(
	Resource *display, ResourceChange change, const ResourceResult *result, gpointer data)
{
	resource_changed(data, change, result);
}

/* Buses, monitors or agents have changed: a monitor that did not come back may do so now. */
static void on_scanned(gboolean fresh, gpointer data)
{
	Ladder *ladder = data;
	/* unknown until it has been asked */
	ResourceResult result = { 0 };

	if (fresh && ladder->failed && ladder->done == NULL)
		resource_changed(&ladder->resource, RESOURCE_APPEARED, &result);
}

static void ladder_free(Resource *resource)
{
	Ladder *ladder = (Ladder *)resource;

	monitor_registry_leave(ladder->registry, ladder);
	climb_free(ladder->climb);
	resource_free(ladder->display);
	g_hash_table_unref(ladder->heard);
	g_object_unref(ladder->features_cancel);
	g_free(ladder->from);
	g_free(ladder);
}

Resource *ladder_new_timed(
	MonitorRegistry *registry, const ConfigDisplay *config, const ClimbTimes *times)
{
	static const ResourceOps ops = {
		.serves = ladder_serves,
		.check = ladder_check,
		.can_return = ladder_can_return,
		.observe = ladder_observe,
		.apply = ladder_apply,
		.free = ladder_free,
	};
	Ladder *ladder = g_new0(Ladder, 1);

	ladder->resource.ops = &ops;
	ladder->resource.kind = RESOURCE_DISPLAY;
	ladder->resource.name = g_strdup(config->name);
	ladder->resource.optional = config->optional;
	ladder->display = display_new(registry, config);
	ladder->display->changed = on_display_changed;
	ladder->display->changed_data = ladder;
	ladder->registry = registry;
	ladder->times = *times;
	ladder->heard = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	ladder->worked = -1;
	ladder->features_cancel = g_cancellable_new();
	monitor_registry_join(registry, FALSE, on_scanned, ladder);
	return &ladder->resource;
}

Resource *ladder_new(MonitorRegistry *registry, const ConfigDisplay *config)
{
	return ladder_new_timed(registry, config, &usual_times);
}
