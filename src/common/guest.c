/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/guest.h"

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

void guest_free(Guest *guest)
{
	char *name, *domain, *error;

	if (guest == NULL)
		return;
	name = guest->name;
	domain = guest->domain;
	error = guest->error;
	guest->ops->free(guest);
	g_free(name);
	g_free(domain);
	g_free(error);
}
