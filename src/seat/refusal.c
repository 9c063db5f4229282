/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reasons to refuse a switch before anything moves.
 */
#include "common/command.h"
#include "seat/private.h"

#include <string.h>

static const char *title(const Guest *guest)
{
	return guest_title(guest->name, guest->domain);
}

/* A guest without libvirt must be started in the user's own way. */
static GError *refusal_without_libvirt(const Guest *guest)
{
	return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_GUEST_STATE, "%s is %s; start it",
		title(guest), guest_state_name(guest->state));
}

/* Simulated guests have this one too. */
#define VIRSH "virsh -c qemu:///system"

/* The virsh command that helps. verb of NULL: lists all domains. */
static char *command(const Guest *guest, const char *verb)
{
	g_autofree char *domain = command_word(guest->domain);
	const char *virsh = guest->virsh != NULL ? guest->virsh : VIRSH;

	return verb != NULL ? g_strdup_printf("%s %s %s", virsh, verb, domain)
			    : g_strconcat(virsh, " list --all", NULL);
}

GError *refusal_of_guest(const Guest *guest)
{
	static const struct {
		const char *is, *remedy, *verb;
	} why[] = {
		[GUEST_ABSENT] = { "does not exist in libvirt", "list the domains", NULL },
		[GUEST_OFF] = { "is off", "start it", "start" },
		[GUEST_CRASHED] = { "has crashed", "start it", "start" },
		[GUEST_PAUSED] = { "is paused", "resume it", "resume" },
		[GUEST_SUSPENDED] = { "is asleep", "wake it", "dompmwakeup" },
		[GUEST_STOPPING] = { "is shutting down", "start it again", "start" },
	};
	g_autofree char *text = NULL;
	gboolean named; /* its name differs from its domain */

	if (guest->state == GUEST_UNKNOWN)
		return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT, "%s: %s", title(guest),
			guest->error != NULL ? guest->error : "state unknown");
	if (guest->domain == NULL)
		return refusal_without_libvirt(guest);
	text = command(guest, why[guest->state].verb);
	named = strcmp(title(guest), guest->domain) != 0;
	return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_GUEST_STATE, "%s%sdomain %s %s; %s: %s",
		named ? title(guest) : "", named ? ": " : "", guest->domain, why[guest->state].is,
		why[guest->state].remedy, text);
}

/* Why a required resource cannot move to a guest; NULL: all can. */
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
