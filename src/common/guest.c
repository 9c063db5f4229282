/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/guest.h"

#include <string.h>

const char *guest_title(const char *name, const char *domain)
{
	if (strcmp(name, "guest") != 0)
		return name;
	return domain != NULL ? domain : "the guest";
}

const char *guest_state_name(GuestState state)
{
	static const char *const names[] = {
		[GUEST_UNKNOWN] = "unknown",
		[GUEST_ABSENT] = "absent",
		[GUEST_OFF] = "off",
		[GUEST_CRASHED] = "crashed",
		[GUEST_PAUSED] = "paused",
		[GUEST_SUSPENDED] = "suspended",
		[GUEST_STOPPING] = "stopping",
		[GUEST_RUNNING] = "running",
	};

	return names[state];
}

void guest_set_state(Guest *guest, GuestState state, const char *error)
{
	gboolean same = guest->state == state && g_strcmp0(guest->error, error) == 0;

	if (same)
		return;
	guest->state = state;
	g_free(guest->error);
	guest->error = g_strdup(error);
	if (guest->changed != NULL)
		guest->changed(guest, guest->changed_data);
}

void guest_started(Guest *guest)
{
	guest_set_state(guest, GUEST_RUNNING, NULL);
	if (guest->started != NULL)
		guest->started(guest, guest->changed_data);
}

const char *guest_input_name(GuestInput input)
{
	static const char *const names[] = {
		[GUEST_INPUT_NONE] = NULL,
		[GUEST_INPUT_WAITING] = "waiting",
		[GUEST_INPUT_READY] = "ready",
	};

	return names[input];
}

void guest_set_input(Guest *guest, GuestInput input, const char *error)
{
	if (guest->input == input && g_strcmp0(guest->input_error, error) == 0)
		return;
	guest->input = input;
	g_free(guest->input_error);
	guest->input_error = g_strdup(error);
	if (guest->changed != NULL)
		guest->changed(guest, guest->changed_data);
}

void guest_free(Guest *guest)
{
	char *name, *domain, *virsh, *error, *input_error;

	if (guest == NULL)
		return;
	name = guest->name;
	domain = guest->domain;
	virsh = guest->virsh;
	error = guest->error;
	input_error = guest->input_error;
	guest->ops->free(guest);
	g_free(name);
	g_free(domain);
	g_free(virsh);
	g_free(error);
	g_free(input_error);
}
