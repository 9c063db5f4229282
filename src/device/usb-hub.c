/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/usb-hub.h"

#include "common/error.h"
#include "device/plan.h"
#include "device/usb.h"

typedef struct UsbHub UsbHub;

/* A device that is plugged in behind the hub. */
typedef struct {
	UsbHub *hub;
	ConfigDevice config; /* owns port; its guests are the hub's */
	Resource *device;
	char *at; /* where it was observed last; NULL: at no target */
	GError *error;
	gboolean busy;
} Member;

/* An apply or observe under way. */
typedef struct {
	ResourceDone done; /* NULL: nothing is under way */
	gpointer data;
	guint start_id;
	char *target; /* of an apply; NULL: an observe */
	GCancellable *cancel;
	guint pending; /* members that are not ready yet */
	gboolean changed;
} Task;

struct UsbHub {
	Resource resource;
	UsbSystem *system;
	const ConfigDevice *config;
	GPtrArray *guests;
	const GPtrArray *devices;
	GPtrArray *members; /* Member *, by port */
	GString *left;	    /* what stays with the host, and why; empty: nothing */
	char *target; /* the last target, which is also reported if nothing is behind the hub; NULL:
			 none yet */
	guint watch, look_id;
	gboolean appeared; /* a member has changed, and this was not reported to the seat yet */
	Task task;
};

static void look_later(UsbHub *hub);

/* -- what is behind it ------------------------------------------------------------------------ */

static void member_free(gpointer data)
{
	Member *member = data;

	resource_free(member->device);
	g_free(member->config.port);
	g_free(member->config.name);
	g_free(member->at);
	g_clear_error(&member->error);
	g_free(member);
}

static gboolean is_input(const ConfigDevice *config)
{
	return config->input != NULL || config->uniq != NULL || config->node != NULL;
}

/* Does another entry of the config match it? */
static gboolean is_claimed(const UsbHub *hub, const UsbInfo *info)
{
	for (guint i = 0; i < hub->devices->len; i++) {
		const ConfigDevice *other = hub->devices->pdata[i];

		if (other->hub != NULL || !usb_info_fits(info, other))
			continue;
		if (!is_input(other) || hub->system->ops->is_input(hub->system, info, other))
			return TRUE;
	}
	return FALSE;
}

/* Where it is, as far as is known without asking. */
static const char *place_of(const UsbHub *hub, const UsbInfo *info)
{
	const GPtrArray *hostdevs = hub->system->ops->hostdevs(hub->system, NULL);
	const Hostdev *hostdev = hostdevs != NULL ? usb_hostdev(info, hostdevs) : NULL;
	const ConfigGuest *guest =
		hostdev != NULL ? usb_guest_of_domain(hub->guests, hostdev->domain) : NULL;

	if (hostdev == NULL)
		return TARGET_HOST;
	return guest != NULL ? guest->name : NULL;
}

static Member *find_member(const UsbHub *hub, const char *port)
{
	for (guint i = 0; i < hub->members->len; i++) {
		Member *member = hub->members->pdata[i];

		if (g_str_equal(member->config.port, port))
			return member;
	}
	return NULL;
}

static void on_member_changed(
	Resource *resource, ResourceChange change, const ResourceResult *result, gpointer data);

static void add_member(UsbHub *hub, const UsbInfo *info)
{
	Member *member = g_new0(Member, 1);

	member->hub = hub;
	member->config = (ConfigDevice){ .name = g_strdup_printf("port %s", info->port),
		.port = g_strdup(info->port),
		.vendor = -1,
		.product = -1,
		.guests = hub->config->guests };
	member->at = g_strdup(place_of(hub, info));
	member->device = usb_device_new(hub->system, &member->config, hub->guests);
	member->device->changed = on_member_changed;
	member->device->changed_data = member;
	g_ptr_array_add(hub->members, member);
}

static gboolean is_among(const GPtrArray *infos, const char *port)
{
	for (guint i = 0; i < infos->len; i++)
		if (g_str_equal(((const UsbInfo *)infos->pdata[i])->port, port))
			return TRUE;
	return FALSE;
}

/* Removes from all (UsbInfo *) what does not move with the hub. */
static void keep_what_moves(UsbHub *hub, GPtrArray *all)
{
	g_autoptr(GHashTable) harms = hub->system->ops->harms(hub->system);

	g_string_truncate(hub->left, 0);
	for (guint i = all->len; i > 0; i--) {
		const UsbInfo *info = all->pdata[i - 1];
		const UsbHarm *harm = g_hash_table_lookup(harms, info->port);
		gboolean is_behind = usb_port_is_behind(info->port, hub->config->hub) &&
				     !info->hub && !is_claimed(hub, info);
		gboolean is_away = g_strcmp0(place_of(hub, info), TARGET_HOST) != 0;

		/* the host does not need a device that a guest has */
		if (is_behind && harm != NULL && !is_away)
			g_string_append_printf(hub->left, "%s%s (%s)",
				hub->left->len > 0 ? ", " : "", info->port, harm->why);
		if (!is_behind || (harm != NULL && !is_away))
			g_ptr_array_remove_index(all, i - 1);
	}
}

/* What moves with the hub: UsbInfo *, freed with the array. */
static GPtrArray *list_moving(UsbHub *hub)
{
	GPtrArray *infos = hub->system->ops->list(hub->system, NULL);

	keep_what_moves(hub, infos);
	return infos;
}

static void drop_members(UsbHub *hub, const GPtrArray *infos)
{
	for (guint i = hub->members->len; i > 0; i--) {
		const Member *member = hub->members->pdata[i - 1];

		if (!member->busy && !is_among(infos, member->config.port))
			g_ptr_array_remove_index(hub->members, i - 1);
	}
}

/* Updates the members to what is plugged in. TRUE: there is a new one. */
static gboolean update_members(UsbHub *hub)
{
	g_autoptr(GPtrArray) infos = list_moving(hub);
	gboolean added = FALSE;

	drop_members(hub, infos);
	for (guint i = 0; i < infos->len; i++) {
		const UsbInfo *info = infos->pdata[i];

		if (find_member(hub, info->port) == NULL) {
			add_member(hub, info);
			added = TRUE;
		}
	}
	return added;
}

/* -- where it is ------------------------------------------------------------------------------ */

/* A target where all of them are; NULL: there is none. */
static const char *common_place(const UsbHub *hub)
{
	const char *at = hub->target;

	for (guint i = 0; i < hub->members->len; i++) {
		const Member *member = hub->members->pdata[i];

		if (i > 0 && g_strcmp0(at, member->at) != 0)
			return NULL;
		at = member->at;
	}
	return at;
}

/* The error of the first that has one, with its port. NULL: none has. */
static GError *first_error(const UsbHub *hub)
{
	for (guint i = 0; i < hub->members->len; i++) {
		const Member *member = hub->members->pdata[i];

		if (member->error != NULL)
			return g_error_new(member->error->domain, member->error->code,
				"port %s: %s", member->config.port, member->error->message);
	}
	return NULL;
}

/* "hub 3-1: 3-1.1, 3-1.2; stays with the host: 3-1.4 (its file system is mounted at /mnt)"; of one
 * whose devices are not all at one place: "hub 3-1: 3-1.1 (guest), 3-1.2 (host)" */
static char *describe(const UsbHub *hub)
{
	gboolean is_split = common_place(hub) == NULL;
	GString *text = g_string_new("hub ");

	g_string_append_printf(text, "%s: ", hub->config->hub);
	for (guint i = 0; i < hub->members->len; i++) {
		const Member *member = hub->members->pdata[i];

		g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", member->config.port);
		if (is_split && member->at != NULL)
			g_string_append_printf(text, " (%s)", member->at);
	}
	if (hub->members->len == 0)
		g_string_append(text, "nothing behind it");
	if (hub->left->len > 0)
		g_string_append_printf(text, "; stays with the host: %s", hub->left->str);
	return g_string_free(text, FALSE);
}

static void tell(UsbHub *hub, ResourceChange change)
{
	g_autofree char *detail = describe(hub);
	g_autoptr(GError) error = first_error(hub);
	ResourceResult result = { common_place(hub), detail, FALSE, error };

	resource_changed(&hub->resource, change, &result);
}

static void remember(Member *member, const ResourceResult *result)
{
	g_free(member->at);
	member->at = g_strdup(result->at);
	g_clear_error(&member->error);
	/* an unplugged device is no longer behind the hub */
	if (result->error != NULL &&
		!g_error_matches(result->error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_DEVICE))
		member->error = g_error_copy(result->error);
}

static void on_member_changed(
	Resource *resource, ResourceChange change, const ResourceResult *result, gpointer data)
{
	Member *member = data;

	remember(member, result);
	member->hub->appeared |= change == RESOURCE_APPEARED;
	look_later(member->hub);
}

/* -- observe and apply ------------------------------------------------------------------------ */

static void task_clear(Task *task)
{
	g_clear_handle_id(&task->start_id, g_source_remove);
	g_clear_object(&task->cancel);
	g_free(task->target);
	*task = (Task){ 0 };
}

static void task_finish(UsbHub *hub)
{
	ResourceDone done = hub->task.done;
	gpointer data = hub->task.data;
	gboolean changed = hub->task.changed;
	g_autoptr(GPtrArray) infos = list_moving(hub);
	g_autofree char *detail = NULL;
	g_autoptr(GError) error = NULL;
	ResourceResult result;

	drop_members(hub, infos);
	look_later(hub);
	detail = describe(hub);
	error = first_error(hub);
	result = (ResourceResult){ common_place(hub), detail, changed, error };
	task_clear(&hub->task);
	done(&hub->resource, &result, data);
}

static void member_done(Resource *resource, const ResourceResult *result, gpointer data)
{
	Member *member = data;
	UsbHub *hub = member->hub;

	member->busy = FALSE;
	remember(member, result);
	hub->task.changed |= result->changed;
	if (--hub->task.pending == 0)
		task_finish(hub);
}

static void start_member(UsbHub *hub, Member *member)
{
	const ResourceOps *ops = member->device->ops;

	member->busy = TRUE;
	hub->task.pending++;
	if (hub->task.target != NULL)
		ops->apply(member->device, hub->task.target, hub->task.cancel, member_done, member);
	else
		ops->observe(member->device, member_done, member);
}

static gboolean task_start(gpointer data)
{
	UsbHub *hub = data;

	hub->task.start_id = 0;
	update_members(hub);
	if (hub->task.target != NULL) {
		g_free(hub->target);
		hub->target = g_strdup(hub->task.target);
	}
	for (guint i = 0; i < hub->members->len; i++)
		start_member(hub, hub->members->pdata[i]);
	if (hub->members->len == 0)
		task_finish(hub);
	return G_SOURCE_REMOVE;
}

static void task_begin(UsbHub *hub, const Task *task)
{
	hub->task = *task;
	hub->task.start_id = g_idle_add_full(G_PRIORITY_DEFAULT, task_start, hub, NULL);
}

static void hub_observe(Resource *resource, ResourceDone done, gpointer data)
{
	task_begin((UsbHub *)resource, &(Task){ .done = done, .data = data });
}

static void hub_apply(Resource *resource, const char *target, GCancellable *cancel,
	ResourceDone done, gpointer data)
{
	task_begin((UsbHub *)resource, &(Task){ .done = done,
					       .data = data,
					       .target = g_strdup(target),
					       .cancel = g_object_ref(cancel) });
}

static gboolean hub_serves(Resource *resource, const char *target)
{
	const UsbHub *hub = (UsbHub *)resource;

	if (g_str_equal(target, TARGET_HOST))
		return TRUE;
	if (hub->config->guests != NULL)
		return g_strv_contains((const char *const *)hub->config->guests, target);
	for (guint i = 0; i < hub->guests->len; i++) {
		const ConfigGuest *guest = hub->guests->pdata[i];

		if (g_str_equal(guest->name, target))
			return guest->domain != NULL;
	}
	return FALSE;
}

/* If the hub is unplugged, or another device is in its port, nothing is behind it. */
static gboolean hub_check(Resource *resource, const char *target, GError **error)
{
	const UsbHub *hub = (UsbHub *)resource;
	const ConfigDevice wanted = { .vendor = -1, .product = -1, .port = hub->config->hub };
	g_autoptr(GPtrArray) infos = hub->system->ops->list(hub->system, &wanted);
	const UsbInfo *info = infos->len > 0 ? infos->pdata[0] : NULL;

	if (info == NULL || info->hub)
		return TRUE;
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_CONFIG,
		"%04x:%04x in port %s is not a hub; write \"port: %s\" to mean the device itself",
		(guint)info->vendor, (guint)info->product, info->port, info->port);
	return FALSE;
}

/* -- what happens without a request ----------------------------------------------------------- */

/* Changes during an apply or observe are handled when it has ended. */
static gboolean look(gpointer data)
{
	UsbHub *hub = data;
	gboolean added;

	hub->look_id = 0;
	if (hub->task.done != NULL)
		return G_SOURCE_REMOVE;
	added = update_members(hub) || hub->appeared;
	hub->appeared = FALSE;
	tell(hub, added ? RESOURCE_APPEARED : RESOURCE_MOVED);
	return G_SOURCE_REMOVE;
}

/* Deferred, because the unplugged member must clean up first. */
static void look_later(UsbHub *hub)
{
	if (hub->look_id == 0)
		hub->look_id = g_idle_add(look, hub);
}

static void on_news(UsbNews news, const char *port, gpointer data)
{
	UsbHub *hub = data;

	if (news != USB_HOSTDEVS && usb_port_is_behind(port, hub->config->hub))
		look_later(hub);
}

/* -- making and freeing ----------------------------------------------------------------------- */

static void hub_free(Resource *resource)
{
	UsbHub *hub = (UsbHub *)resource;

	hub->system->ops->unwatch(hub->system, hub->watch);
	task_clear(&hub->task);
	g_clear_handle_id(&hub->look_id, g_source_remove);
	g_ptr_array_unref(hub->members);
	g_string_free(hub->left, TRUE);
	g_free(hub->target);
	g_free(hub);
}

Resource *usb_hub_new(
	UsbSystem *system, const ConfigDevice *config, GPtrArray *guests, const GPtrArray *devices)
{
	static const ResourceOps ops = {
		.serves = hub_serves,
		.check = hub_check,
		.observe = hub_observe,
		.apply = hub_apply,
		.free = hub_free,
	};
	UsbHub *hub = g_new0(UsbHub, 1);

	hub->resource.ops = &ops;
	hub->resource.kind = RESOURCE_DEVICE;
	hub->resource.name = g_strdup(config->name);
	hub->resource.optional = config->optional;
	hub->system = system;
	hub->config = config;
	hub->guests = guests;
	hub->devices = devices;
	hub->members = g_ptr_array_new_with_free_func(member_free);
	hub->left = g_string_new(NULL);
	hub->watch = system->ops->watch(system, on_news, hub);
	update_members(hub);
	return &hub->resource;
}
