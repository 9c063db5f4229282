/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What speaks against a switch before anything moves.
 */
#include "seat/private.h"

#include <string.h>

static const char *title(const Guest *guest)
{
	return guest_title(guest->name, guest->domain);
}

/* One that runs without libvirt is started as it always was. */
static GError *refusal_without_libvirt(const Guest *guest)
{
	return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_GUEST_STATE, "%s is %s; start it",
		title(guest), guest_state_name(guest->state));
}

GError *refusal_of_guest(const Guest *guest)
{
	static const char *const why[] = {
		[GUEST_ABSENT] = "libvirt has no domain %s; list what it has: virsh list --all",
		[GUEST_OFF] = "domain %s is off; start it: virsh start %s",
		[GUEST_CRASHED] = "domain %s has crashed; start it: virsh start %s",
		[GUEST_PAUSED] = "domain %s is paused; resume it: virsh resume %s",
		[GUEST_SUSPENDED] = "domain %s is asleep; wake it: virsh dompmwakeup %s",
		[GUEST_STOPPING] = "domain %s is shutting down; start it again: virsh start %s",
	};
	g_auto(GStrv) parts = NULL;
	g_autofree char *text = NULL;

	if (guest->state == GUEST_UNKNOWN)
		return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT, "%s: %s", title(guest),
			guest->error != NULL ? guest->error : "libvirt did not say how it is");
	if (guest->domain == NULL)
		return refusal_without_libvirt(guest);
	parts = g_strsplit(why[guest->state], "%s", -1);
	text = g_strjoinv(guest->domain, parts);
	if (strcmp(title(guest), guest->domain) == 0)
		return g_error_new_literal(HOTSEAT_ERROR, HOTSEAT_ERROR_GUEST_STATE, text);
	return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_GUEST_STATE, "%s: %s", title(guest), text);
}

/* What speaks against leaving for a guest, of all that is required; NULL: nothing. */
GError *refusal_of_resources(Seat *seat, const char *target)
{
	g_autoptr(GString) all = g_string_new(NULL);
	int code = HOTSEAT_ERROR_FAILED;

	for (guint i = 0; i < seat->items->len; i++) {
		Item *item = g_ptr_array_index(seat->items, i);
		Resource *resource = item->resource;
		g_autoptr(GError) error = NULL;

		if (resource->optional || resource->ops->check == NULL ||
			!resource_serves(resource, target) ||
			resource->ops->check(resource, target, &error))
			continue;
		code = error->code;
		g_string_append_printf(all, "%s%s %s: %s", all->len > 0 ? " | " : "",
			resource_kind_name(resource->kind), resource->name, error->message);
	}
	return all->len > 0 ? g_error_new(HOTSEAT_ERROR, code, "%s", all->str) : NULL;
}
