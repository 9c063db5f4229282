/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/show-guest.h"

#include "common/json.h"

static void add_taken(GPtrArray *lines, const char *name, const GPtrArray *hostdevs)
{
	for (guint i = 0; hostdevs != NULL && i < hostdevs->len; i++) {
		const Hostdev *hostdev = hostdevs->pdata[i];

		if (hostdev->vendor >= 0 && hostdev->product >= 0)
			g_ptr_array_add(
				lines, g_strdup_printf("%s takes %04x:%04x at each start", name,
					       (guint)hostdev->vendor, (guint)hostdev->product));
		else if (hostdev->port != NULL)
			g_ptr_array_add(
				lines, g_strdup_printf("%s takes what is in port %s at each start",
					       name, hostdev->port));
	}
}

static gboolean is_before(const GPtrArray *grabs, guint nth)
{
	for (guint i = 0; i < nth; i++)
		if (g_str_equal(((const DomainTake *)grabs->pdata[i])->what,
			    ((const DomainTake *)grabs->pdata[nth])->what))
			return TRUE;
	return FALSE;
}

/* Each node once. Borrowed. */
static GPtrArray *grabs_of(const FoundGuest *guest)
{
	const GPtrArray *grabs = guest->now != NULL ? guest->now->grabs : NULL;
	GPtrArray *nodes = g_ptr_array_new();

	for (guint i = 0; grabs != NULL && i < grabs->len; i++)
		if (!is_before(grabs, i))
			g_ptr_array_add(nodes, ((const DomainTake *)grabs->pdata[i])->what);
	return nodes;
}

void guest_add_takes(const FoundGuest *guest, GPtrArray *lines)
{
	g_autoptr(GPtrArray) grabs = grabs_of(guest);

	add_taken(lines, guest->name, guest->at_start != NULL ? guest->at_start->usb : NULL);
	add_taken(lines, guest->name, guest->now != NULL ? guest->now->usb_arguments : NULL);
	for (guint i = 0; i < grabs->len; i++)
		g_ptr_array_add(lines, g_strdup_printf("%s grabs %s while it runs", guest->name,
					       (const char *)grabs->pdata[i]));
	for (guint i = 0; i < guest->usb_controllers->len; i++)
		g_ptr_array_add(lines,
			g_strdup_printf("%s has the USB controller %s, and everything that is "
					"plugged into it",
				guest->name, (const char *)guest->usb_controllers->pdata[i]));
}

void guest_show(const FoundGuest *guest, TextTable *table)
{
	g_autofree char *gpus = guest_describe_gpus(guest);
	const Domain *domain = guest->now;
	g_autofree char *ports = domain != NULL
					 ? g_strdup_printf("%u of %u USB ports free",
						   domain_free_ports(domain), domain->ports.all)
					 : NULL;
	gboolean own = g_str_equal(guest->uri, GUESTS_SESSION);

	text_table_add(table, STYLE_BOLD, guest->name);
	text_table_add(table, STYLE_PLAIN, guest_state_name(guest->state));
	text_table_add(table, *gpus != '\0' ? STYLE_PLAIN : STYLE_DIM,
		*gpus != '\0' ? gpus : "no graphics card passed through");
	text_table_add(table, STYLE_PLAIN, ports);
	text_table_add(table, STYLE_DIM, own ? "at " GUESTS_SESSION : NULL);
}

void guest_add_json(JsonBuilder *builder, const FoundGuest *guest)
{
	g_autoptr(GPtrArray) grabs = grabs_of(guest);

	json_builder_begin_object(builder);
	member_add_text(builder, "name", guest->name);
	member_add_text(builder, "state", guest_state_name(guest->state));
	member_add_text(builder, "uri", guest->uri);
	member_add_texts(builder, "gpus", guest->gpus);
	member_add_texts(builder, "unknown_pci", guest->unknown);
	member_add_texts(builder, "usb_controllers", guest->usb_controllers);
	member_add_texts(builder, "grabs", grabs);
	member_add_int_or_null(builder, "usb_ports_free",
		guest->now != NULL ? (gint64)domain_free_ports(guest->now) : -1);
	json_builder_end_object(builder);
}
