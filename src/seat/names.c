/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seat/seat.h"

const char *step_outcome_name(StepOutcome outcome)
{
	static const char *const names[] = {
		[STEP_WAITING] = "waiting",
		[STEP_RUNNING] = "running",
		[STEP_DONE] = "done",
		[STEP_ALREADY] = "already",
		[STEP_FAILED] = "failed",
		[STEP_SKIPPED] = "skipped",
	};

	return names[outcome];
}

const char *switch_outcome_name(SwitchOutcome outcome)
{
	static const char *const names[] = {
		[SWITCH_RUNNING] = "running",
		[SWITCH_DONE] = "done",
		[SWITCH_REFUSED] = "refused",
		[SWITCH_ROLLED_BACK] = "rolled-back",
		[SWITCH_INCOMPLETE] = "incomplete",
		[SWITCH_SUPERSEDED] = "superseded",
	};

	return names[outcome];
}

const char *resource_kind_name(ResourceKind kind)
{
	static const char *const names[] = {
		[RESOURCE_DISPLAY] = "display",
		[RESOURCE_DEVICE] = "device",
		[RESOURCE_COMMAND] = "command",
	};

	return names[kind];
}
