/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seat-scenario.h"

#include "seat-desk.h"

/* Longer than all retries of an item together: 61 s. */
#define LONG_MS 100000
/* Once everything works again, a person has keyboard and picture in one place within this time: the
 * longest wait for a retry, and a slow switch. */
#define SEATED_MS 45000

static const char *const targets[] = { "host", "guest", "linux", "toggle" };
static const char *const resources[] = { "left", "right", "keyboard", "mouse" };
static const char *const guests[] = { "guest", "linux" };

static const GuestState states[] = { GUEST_RUNNING, GUEST_RUNNING, GUEST_RUNNING, GUEST_OFF,
	GUEST_CRASHED, GUEST_PAUSED, GUEST_SUSPENDED, GUEST_UNKNOWN, GUEST_STOPPING, GUEST_ABSENT };

/* -- making ----------------------------------------------------------------------------------- */

static guint below(GRand *rand, guint n)
{
	return (guint)g_rand_int_range(rand, 0, (gint32)n);
}

static Action random_fault(GRand *rand)
{
	Action action = { ACTION_STICK + below(rand, ACTION_GUEST - ACTION_STICK),
		below(rand, G_N_ELEMENTS(resources)), 0 };

	/* guests are what changes most often */
	if (below(rand, 3) == 0)
		return (Action){ ACTION_GUEST, below(rand, G_N_ELEMENTS(guests)),
			states[below(rand, G_N_ELEMENTS(states))] };
	if (action.kind == ACTION_SLOW)
		action.number = below(rand, below(rand, 2) == 0 ? 100 : 12000);
	if (action.kind == ACTION_BUTTON)
		action.number = below(rand, 4);
	return action;
}

static void add(Scenario *scenario, Action action)
{
	g_array_append_val(scenario->actions, action);
}

static void add_round(Scenario *scenario, GRand *rand)
{
	guint requests = below(rand, 4);

	if (below(rand, 3) > 0)
		add(scenario, random_fault(rand));
	add(scenario, (Action){ ACTION_WAIT, 0, below(rand, below(rand, 2) == 0 ? 30 : 4000) });
	for (guint i = 0; i < requests; i++) {
		ActionKind kind = below(rand, 8) == 0 ? ACTION_INTERRUPT : ACTION_REQUEST;

		add(scenario, (Action){ kind, below(rand, G_N_ELEMENTS(targets)), 0 });
		if (below(rand, 2) == 0)
			add(scenario, (Action){ ACTION_WAIT, 0, below(rand, 60) });
	}
}

Scenario *scenario_new(guint seed)
{
	Scenario *scenario = g_new0(Scenario, 1);
	g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
	guint rounds = 2 + below(rand, 18);

	scenario->seed = seed;
	scenario->optional_left = below(rand, 4) == 0;
	scenario->optional_mouse = below(rand, 4) == 0;
	scenario->forwarded = below(rand, 2) == 0;
	scenario->before = seed % 4 == 1;
	scenario->ending = below(rand, ENDINGS);
	scenario->actions = g_array_new(FALSE, FALSE, sizeof(Action));
	for (guint i = 0; i < rounds; i++)
		add_round(scenario, rand);
	return scenario;
}

void scenario_free(Scenario *scenario)
{
	g_array_unref(scenario->actions);
	g_free(scenario);
}

/* -- running ---------------------------------------------------------------------------------- */

typedef struct {
	const Scenario *scenario;
	SeatDesk desk;
	guint asked, answered, refused;
	guint button;	       /* a person has moved something */
	const char *interrupt; /* what a listener requests at the next event; NULL: nothing */
	GString *wrong;
} Run;

#define WRONG(run, ...) g_string_append_printf((run)->wrong, __VA_ARGS__)

static void check_steps(Run *run, const Switch *sw)
{
	for (guint i = 0; i < sw->steps->len; i++) {
		const SwitchStep *step = g_ptr_array_index(sw->steps, i);
		gboolean over = step->outcome != STEP_WAITING && step->outcome != STEP_RUNNING;
		gboolean well = step->outcome == STEP_DONE || step->outcome == STEP_ALREADY;

		if (!over && sw->outcome != SWITCH_SUPERSEDED)
			WRONG(run, "step %s is %s in a switch that is %s\n", step->resource->name,
				step_outcome_name(step->outcome), switch_outcome_name(sw->outcome));
		if (sw->outcome == SWITCH_DONE && !well && !step->resource->optional)
			WRONG(run, "step %s is %s in a switch that is done\n", step->resource->name,
				step_outcome_name(step->outcome));
	}
}

static void on_done(Seat *seat, const Switch *sw, gpointer data)
{
	Run *run = data;

	run->answered++;
	run->refused += sw->outcome == SWITCH_REFUSED;
	if (sw->outcome == SWITCH_RUNNING)
		WRONG(run, "answered by a switch that is running\n");
	if ((sw->error == NULL) != (sw->outcome == SWITCH_DONE))
		WRONG(run, "%s with error %s\n", switch_outcome_name(sw->outcome),
			sw->error != NULL ? sw->error->message : "none");
	check_steps(run, sw);
}

static void request(Run *run, const char *to)
{
	run->asked++;
	seat_switch(run->desk.seat, to, "request", on_done, run, NULL);
}

static void on_event(Seat *seat, const SeatEvent *event, gpointer data)
{
	Run *run = data;
	const char *to = run->interrupt;

	run->interrupt = NULL;
	if (to != NULL)
		request(run, to);
}

static FakeResource *resource(Run *run, guint i)
{
	FakeResource *all[] = { run->desk.left, run->desk.right, run->desk.keyboard,
		run->desk.mouse };

	return all[i];
}

static void press_button(Run *run, FakeResource *r, guint target)
{
	ResourceResult result = { 0 };

	if (r->base.kind != RESOURCE_DISPLAY || r->busy)
		return;
	run->button++;
	r->at = target < 3 ? targets[target] : NULL;
	result.at = r->at;
	resource_changed(&r->base, RESOURCE_MOVED, &result);
}

static void stop_or_start(Run *run)
{
	FakeResource *devices[] = { run->desk.keyboard, run->desk.mouse };

	for (guint i = 0; i < G_N_ELEMENTS(devices); i++)
		fake_stop(devices[i], !devices[i]->stopped);
}

/* The host has the devices before anything else happens; the rest follows. */
static void panic(Run *run)
{
	Seat *seat = run->desk.seat;

	fake_bring_home(run->desk.keyboard);
	fake_bring_home(run->desk.mouse);
	if (g_strcmp0(seat_at(seat), TARGET_HOST) != 0 ||
		!g_str_equal(seat_wanted(seat), TARGET_HOST) || seat_current(seat) != NULL)
		request(run, TARGET_HOST);
}

static void break_resource(Run *run, const Action *action)
{
	FakeResource *r = resource(run, action->what);

	if (action->kind == ACTION_STICK)
		r->stuck = !r->stuck;
	else if (action->kind == ACTION_STICK_AWAY)
		r->stuck_away = !r->stuck_away;
	else if (action->kind == ACTION_SLOW)
		r->ms = action->number;
	else if (action->kind == ACTION_PLUG && r->base.kind == RESOURCE_DEVICE)
		fake_plug(r, r->missing);
	else if (action->kind == ACTION_ONE_WAY)
		/* what is on its way has been decided */
		r->one_way ^= seat_current(run->desk.seat) == NULL;
	else if (action->kind == ACTION_BUTTON)
		press_button(run, r, action->number);
}

static void act(Run *run, const Action *action)
{
	if (action->kind == ACTION_WAIT)
		fake_run(&run->desk.time, action->number);
	else if (action->kind == ACTION_REQUEST)
		request(run, targets[action->what]);
	else if (action->kind == ACTION_INTERRUPT)
		run->interrupt = targets[action->what];
	else if (action->kind == ACTION_GUEST)
		fake_guest_becomes(action->what == 0 ? run->desk.guest : run->desk.other,
			(GuestState)action->number);
	else if (action->kind != ACTION_INPUTD && action->kind != ACTION_PANIC)
		break_resource(run, action);
	else if (!run->scenario->forwarded)
		return;
	else if (action->kind == ACTION_INPUTD)
		stop_or_start(run);
	else
		panic(run);
}

/* -- the end of it ---------------------------------------------------------------------------- */

static void fix_everything(Run *run)
{
	FakeGuest *all[] = { run->desk.guest, run->desk.other };

	if (run->desk.keyboard->stopped)
		stop_or_start(run);
	for (guint i = 0; i < G_N_ELEMENTS(resources); i++) {
		FakeResource *r = resource(run, i);

		r->stuck = r->stuck_away = FALSE;
		r->ms = 10;
		if (r->missing)
			fake_plug(r, TRUE);
	}
	/* to wait for these is right */
	for (guint i = 0; i < G_N_ELEMENTS(all); i++)
		if (all[i]->base.state == GUEST_UNKNOWN || all[i]->base.state == GUEST_STOPPING)
			fake_guest_becomes(all[i], GUEST_RUNNING);
}

static const Guest *guest_called(Run *run, const char *name)
{
	return g_str_equal(name, "guest")   ? &run->desk.guest->base
	       : g_str_equal(name, "linux") ? &run->desk.other->base
					    : NULL;
}

/* Where the person should be: where the seat is wanted, if someone can be there. */
static const char *living_target(Run *run)
{
	const char *wanted = seat_wanted(run->desk.seat);
	const Guest *guest = guest_called(run, wanted);

	return guest != NULL && guest->state == GUEST_RUNNING ? wanted : TARGET_HOST;
}

/* Is there a keyboard and a picture in one place that is alive? */
static gboolean is_seated(Run *run)
{
	const char *at = run->desk.keyboard->at;
	const Guest *guest;

	if (at == NULL ||
		(g_strcmp0(run->desk.left->at, at) != 0 && g_strcmp0(run->desk.right->at, at) != 0))
		return FALSE;
	guest = guest_called(run, at);
	return guest == NULL || guest->state == GUEST_RUNNING;
}

/* Lets a long time pass, and looks each time that something has happened. */
static void wait_seated(Run *run)
{
	FakeTime *fake = &run->desk.time;
	gint64 end = fake->now_us + 1000 * (gint64)LONG_MS;
	gint64 since = fake->now_us;

	while (fake->now_us < end) {
		int next = fake_until_next(fake);
		gint64 left = (end - fake->now_us) / 1000;

		fake_run(fake, (guint)(next < 0 || next > left ? left : next));
		if (is_seated(run))
			since = fake->now_us;
		else if (fake->now_us - since > 1000 * (gint64)SEATED_MS)
			break;
	}
	if (fake->now_us < end)
		WRONG(run, "no keyboard and picture in one place for %d s after all was fixed\n",
			SEATED_MS / 1000);
}

static void check_end(Run *run)
{
	const char *living = living_target(run);

	for (guint i = 0; i < G_N_ELEMENTS(resources); i++)
		if (g_strcmp0(resource(run, i)->at, living) != 0)
			WRONG(run, "%s is at %s, but %s is wanted and %s alive\n", resources[i],
				resource(run, i)->at != NULL ? resource(run, i)->at : "no target",
				seat_wanted(run->desk.seat), living);
	if (run->desk.time.timers->len > 0)
		WRONG(run, "%u timers are left\n", run->desk.time.timers->len);
	if (run->asked != run->answered)
		WRONG(run, "%u requests, %u answers\n", run->asked, run->answered);
}

static void finish(Run *run)
{
	FakeTime *fake = &run->desk.time;

	if (run->scenario->ending == ENDING_FIXED_LATE)
		fake_run(fake, LONG_MS);
	run->interrupt = NULL;
	fix_everything(run);
	wait_seated(run);
	/* what a person has moved by hand, or what was broken for too long, takes a request */
	if (run->scenario->ending == ENDING_FIXED_LATE || run->button > 0) {
		request(run, living_target(run));
		wait_seated(run);
	}
	check_end(run);
}

char *scenario_run(const Scenario *scenario)
{
	Run run = { .scenario = scenario, .wrong = g_string_new(NULL) };
	char *wrong;

	desk_make(&run.desk);
	run.desk.left->base.optional = scenario->optional_left;
	run.desk.mouse->base.optional = scenario->optional_mouse;
	run.desk.leave->base.before_devices = scenario->before;
	run.desk.come->base.before_devices = scenario->before;
	run.desk.keyboard->forwarded = run.desk.mouse->forwarded = scenario->forwarded;
	seat_listen(run.desk.seat, on_event, &run);
	seat_start(run.desk.seat, NULL);
	for (guint i = 0; i < scenario->actions->len; i++) {
		act(&run, &g_array_index(scenario->actions, Action, i));
		if (scenario->ending == ENDING_AT_REFUSAL && run.refused > 0)
			break;
	}
	finish(&run);
	desk_tear_down(&run.desk, NULL);
	wrong = g_string_free(run.wrong, run.wrong->len == 0);
	return wrong;
}

/* -- printing --------------------------------------------------------------------------------- */

static void print_action(GString *text, const Action *action)
{
	static const char *const verbs[] = {
		[ACTION_WAIT] = "wait",
		[ACTION_REQUEST] = "request",
		[ACTION_INTERRUPT] = "request at the next event:",
		[ACTION_STICK] = "stick or unstick",
		[ACTION_STICK_AWAY] = "stick away or unstick",
		[ACTION_SLOW] = "slow",
		[ACTION_PLUG] = "unplug or plug in",
		[ACTION_ONE_WAY] = "one way or not",
		[ACTION_BUTTON] = "move by hand",
		[ACTION_INPUTD] = "hotseat-inputd ends or starts",
		[ACTION_PANIC] = "panic hotkey",
		[ACTION_GUEST] = "guest",
	};

	g_string_append_printf(text, "  %s", verbs[action->kind]);
	if (action->kind == ACTION_REQUEST || action->kind == ACTION_INTERRUPT)
		g_string_append_printf(text, " %s", targets[action->what]);
	else if (action->kind == ACTION_GUEST)
		g_string_append_printf(text, " %s is %s", guests[action->what],
			guest_state_name((GuestState)action->number));
	else if (action->kind != ACTION_WAIT && action->kind != ACTION_INPUTD &&
		 action->kind != ACTION_PANIC)
		g_string_append_printf(text, " %s", resources[action->what]);
	if (action->kind == ACTION_WAIT || action->kind == ACTION_SLOW)
		g_string_append_printf(text, " %u ms", action->number);
	if (action->kind == ACTION_BUTTON)
		g_string_append_printf(
			text, " to %s", action->number < 3 ? targets[action->number] : "nowhere");
	g_string_append_c(text, '\n');
}

char *scenario_text(const Scenario *scenario)
{
	static const char *const endings[] = { "all is fixed", "all is fixed late",
		"at the first refusal all is fixed" };
	GString *text = g_string_new(NULL);

	g_string_append_printf(text, "scenario %u%s%s%s%s, %u actions:\n", scenario->seed,
		scenario->forwarded ? ", devices move via input" : "",
		scenario->optional_left ? ", left is optional" : "",
		scenario->optional_mouse ? ", mouse is optional" : "",
		scenario->before ? ", devices wait for commands" : "", scenario->actions->len);
	for (guint i = 0; i < scenario->actions->len; i++)
		print_action(text, &g_array_index(scenario->actions, Action, i));
	g_string_append_printf(text, "  %s\n", endings[scenario->ending]);
	return g_string_free(text, FALSE);
}

/* -- shortening ------------------------------------------------------------------------------- */

/* Does it fail without those n actions? Then they are gone. */
static gboolean drop_actions(
	Scenario *scenario, guint first, guint n, ScenarioFails fails, gpointer data)
{
	g_autoptr(GArray) before = g_array_copy(scenario->actions);

	g_array_remove_range(scenario->actions, first, n);
	if (fails(scenario, data))
		return TRUE;
	g_array_unref(scenario->actions);
	scenario->actions = g_steal_pointer(&before);
	return FALSE;
}

static gboolean drop_some(Scenario *scenario, guint n, ScenarioFails fails, gpointer data)
{
	gboolean dropped = FALSE;

	for (guint end = scenario->actions->len; end > 0;) {
		guint first = end > n ? end - n : 0;

		dropped |= drop_actions(scenario, first, end - first, fails, data);
		end = first;
	}
	return dropped;
}

static void shorten_waits(Scenario *scenario, ScenarioFails fails, gpointer data)
{
	for (guint i = 0; i < scenario->actions->len; i++) {
		Action *action = &g_array_index(scenario->actions, Action, i);
		guint before = action->number;

		while (action->kind == ACTION_WAIT && before > 0) {
			action->number = before / 2;
			if (!fails(scenario, data)) {
				action->number = before;
				break;
			}
			before = action->number;
		}
	}
}

void scenario_reduce(Scenario *scenario, ScenarioFails fails, gpointer data)
{
	guint n = scenario->actions->len;

	while (n > 0)
		if (!drop_some(scenario, n, fails, data))
			n /= 2;
	shorten_waits(scenario, fails, data);
}
