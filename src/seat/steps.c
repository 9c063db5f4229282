/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The steps of a switch: which ones wait for others, and which have failed.
 */
#include "seat/private.h"

gboolean step_is_over(const SwitchStep *step)
{
	return step->outcome != STEP_WAITING && step->outcome != STEP_RUNNING;
}

static gboolean step_failed(const SwitchStep *step)
{
	return step->outcome == STEP_FAILED && !step->resource->optional;
}

/* A display that may not come back must not leave while the keyboard stays with the host. */
static gboolean devices_are_moving(const Switch *sw)
{
	for (guint i = 0; i < sw->steps->len; i++) {
		const SwitchStep *step = g_ptr_array_index(sw->steps, i);

		if (step->resource->kind == RESOURCE_DEVICE && !step->undo && !step_is_over(step))
			return TRUE;
	}
	return FALSE;
}

static gboolean can_return(const SwitchStep *step)
{
	Resource *resource = step->resource;

	return resource->kind != RESOURCE_DISPLAY || g_str_equal(step->to, TARGET_HOST) ||
	       resource->ops->can_return == NULL || resource->ops->can_return(resource, step->to);
}

/* Is a command still running that devices wait for? */
static gboolean devices_wait(const Switch *sw)
{
	if (sw->rescue)
		return FALSE;
	for (guint i = 0; i < sw->steps->len; i++) {
		const SwitchStep *step = g_ptr_array_index(sw->steps, i);

		if (step->resource->before_devices && !step->undo && !step_is_over(step))
			return TRUE;
	}
	return FALSE;
}

/* Devices wait for commands, and displays that might not come back wait for devices. */
gboolean step_must_wait(const Switch *sw, const SwitchStep *step)
{
	if (step->resource->kind == RESOURCE_DEVICE)
		return devices_wait(sw);
	return !can_return(step) && devices_are_moving(sw);
}

SwitchStep *switch_forward_step(const Switch *sw, const Resource *resource)
{
	for (guint i = 0; i < sw->steps->len; i++) {
		SwitchStep *step = g_ptr_array_index(sw->steps, i);

		if (step->resource == resource && !step->undo)
			return step;
	}
	return NULL;
}

/* Have commands for the switch's target been started? Then those for the way back run as well. */
gboolean switch_commands_begun(const Switch *sw)
{
	for (guint i = 0; i < sw->steps->len; i++) {
		const SwitchStep *step = g_ptr_array_index(sw->steps, i);

		if (step->resource->kind == RESOURCE_COMMAND && step->outcome != STEP_WAITING &&
			step->outcome != STEP_SKIPPED)
			return TRUE;
	}
	return FALSE;
}

/* "keyboard: why; what to do | mouse: …" of the required steps that failed. */
char *switch_failures(const Switch *sw, gboolean undo)
{
	GString *all = g_string_new(NULL);

	for (guint i = 0; i < sw->steps->len; i++) {
		const SwitchStep *step = g_ptr_array_index(sw->steps, i);

		if (step_failed(step) && step->undo == undo)
			g_string_append_printf(all, "%s%s %s: %s", all->len > 0 ? " | " : "",
				resource_kind_name(step->resource->kind), step->resource->name,
				step->error->message);
	}
	return g_string_free(all, FALSE);
}

/* Would the user at the guest have no keyboard or no picture? Considers only steps that have ended.
 */
gboolean switch_strands_user(const Switch *sw, gboolean all_over)
{
	guint displays = 0, dark = 0;

	if (g_str_equal(sw->to, TARGET_HOST))
		return FALSE;
	for (guint i = 0; i < sw->steps->len; i++) {
		const SwitchStep *step = g_ptr_array_index(sw->steps, i);

		if (step->resource->kind == RESOURCE_DEVICE && step_failed(step) &&
			g_str_equal(step->to, sw->to))
			return TRUE;
		if (step->resource->before_devices && step_failed(step))
			return TRUE;
		if (step->resource->kind == RESOURCE_DISPLAY && g_str_equal(step->to, sw->to)) {
			displays++;
			dark += step->outcome == STEP_FAILED;
		}
	}
	return all_over && displays > 0 && dark == displays;
}
