/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/room.h"

#include "common/error.h"

#include <string.h>

/* A bus that hangs does not hold up the others for longer; one whose lane is busy with a switch
 * takes about 3 s. */
#define SCAN_DEADLINE_MS 5000
#define EDID_TRIES	 3

typedef struct {
	int bus;
	char *connector; /* NULL: unknown */
	Edid edid;
} Place;

typedef struct {
	gboolean by_edid;
	RoomScanned scanned;
	gpointer data;
} Member;

struct DisplayRoom {
	I2cSystem *system;
	DisplayAgents *agents; /* NULL: none */
	GHashTable *buses;     /* number to RoomBus * */
	GPtrArray *members;    /* Member * */
	GPtrArray *places;     /* Place *, by bus; NULL: never scanned */
	GPtrArray *found;      /* the same, of the scan under way; NULL: none is */
	guint scan;	       /* counts scans: a late result belongs to none */
	guint outstanding;     /* buses that the scan under way waits for */
	gboolean fresh;	       /* the scan under way was started by a rescan */
	gboolean again;	       /* there was another rescan since */
	guint deadline;	       /* source */
	guint watch;
};

typedef struct {
	DisplayRoom *room; /* only touched by scan_done() */
	guint scan;
	RoomBus *bus;
	GCancellable *cancel;
	gboolean found;
	Edid edid;
} ScanJob;

RoomBus *room_bus_ref(RoomBus *bus)
{
	g_atomic_ref_count_inc(&bus->refs);
	return bus;
}

void room_bus_unref(RoomBus *bus)
{
	I2cSystem *system = bus->port.system;

	if (!g_atomic_ref_count_dec(&bus->refs))
		return;
	if (system->ops->unref != NULL)
		system->ops->unref(system);
	g_free(bus);
}

/* the room's own reference, and its lane */
static void bus_retire(gpointer data)
{
	RoomBus *bus = data;

	lane_free(g_steal_pointer(&bus->lane));
	room_bus_unref(bus);
}

RoomBus *room_bus(DisplayRoom *room, int number)
{
	RoomBus *bus = g_hash_table_lookup(room->buses, GINT_TO_POINTER(number));
	g_autofree char *name = NULL;

	if (bus != NULL)
		return bus;
	name = g_strdup_printf("i2c-%d", number);
	bus = g_new0(RoomBus, 1);
	g_atomic_ref_count_init(&bus->refs);
	bus->port = (DdcPort){ .system = room->system, .bus = number };
	if (room->system->ops->ref != NULL)
		room->system->ops->ref(room->system);
	bus->lane = lane_new(name);
	g_hash_table_insert(room->buses, GINT_TO_POINTER(number), bus);
	return bus;
}

I2cSystem *room_system(DisplayRoom *room)
{
	return room->system;
}

DisplayAgents *room_agents(DisplayRoom *room)
{
	return room->agents;
}

void display_room_set_agents(DisplayRoom *room, DisplayAgents *agents)
{
	room->agents = agents;
}

static void place_free(gpointer data)
{
	Place *place = data;

	g_free(place->connector);
	g_free(place);
}

static void tell_members(DisplayRoom *room, gboolean fresh)
{
	for (guint i = 0; i < room->members->len; i++) {
		Member *member = g_ptr_array_index(room->members, i);

		member->scanned(fresh, member->data);
	}
}

static gint by_bus(gconstpointer a, gconstpointer b)
{
	const Place *const *left = a, *const *right = b;

	return (*left)->bus - (*right)->bus;
}

static void scan_finish(DisplayRoom *room)
{
	gboolean fresh = room->fresh, again = room->again;

	g_clear_handle_id(&room->deadline, g_source_remove);
	g_clear_pointer(&room->places, g_ptr_array_unref);
	room->places = g_steal_pointer(&room->found);
	g_ptr_array_sort(room->places, by_bus);
	room->scan++;
	room->outstanding = 0;
	room->fresh = room->again = FALSE;
	tell_members(room, fresh);
	if (again)
		display_room_rescan(room);
}

/* nothing to wait for, or no longer */
static gboolean scan_over(gpointer data)
{
	DisplayRoom *room = data;

	room->deadline = 0;
	scan_finish(room);
	return G_SOURCE_REMOVE;
}

static void scan_work(gpointer data)
{
	static const VcpFeature none = { .source_address = CONFIG_SOURCE_ADDRESS };
	ScanJob *job = data;
	DdcTalk talk;

	if (!ddc_open(&talk, &job->bus->port, &none, job->cancel, NULL))
		return;
	for (int i = 0; i < EDID_TRIES && !job->found; i++) {
		g_autoptr(GError) error = NULL;

		job->found = ddc_read_edid(&talk, &job->edid, &error);
		/* nobody there: no need to ask again */
		if (!job->found && !g_error_matches(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED))
			break;
	}
	ddc_close(&talk);
	if (job->found) {
		job->bus->edid = job->edid;
		job->bus->has_edid = TRUE;
	}
}

static void scan_done(gpointer data)
{
	ScanJob *job = data;
	DisplayRoom *room = job->room;

	if (job->scan != room->scan || room->found == NULL)
		return;
	if (job->found) {
		Place *place = g_new0(Place, 1);
		I2cSystem *system = room->system;

		place->bus = job->bus->port.bus;
		place->connector = system->ops->connector(system, place->bus);
		place->edid = job->edid;
		g_ptr_array_add(room->found, place);
	}
	if (--room->outstanding == 0)
		scan_finish(room);
}

static void scan_job_free(gpointer data)
{
	ScanJob *job = data;

	room_bus_unref(job->bus);
	g_object_unref(job->cancel);
	g_free(job);
}

void room_scan(DisplayRoom *room)
{
	g_autoptr(GArray) buses = NULL;

	if (room->found != NULL)
		return;
	buses = room->system->ops->list(room->system);
	room->found = g_ptr_array_new_with_free_func(place_free);
	room->outstanding = buses->len;
	room->deadline = g_timeout_add(buses->len > 0 ? SCAN_DEADLINE_MS : 0, scan_over, room);
	for (guint i = 0; i < buses->len; i++) {
		RoomBus *bus = room_bus(room, g_array_index(buses, int, i));
		ScanJob *job = g_new0(ScanJob, 1);

		job->room = room;
		job->scan = room->scan;
		job->bus = room_bus_ref(bus);
		job->cancel = g_cancellable_new();
		lane_push(bus->lane, scan_work, scan_done, job, scan_job_free);
	}
}

gboolean room_scanned(DisplayRoom *room)
{
	return room->places != NULL;
}

const Edid *room_edid(DisplayRoom *room, int bus)
{
	for (guint i = 0; room->places != NULL && i < room->places->len; i++) {
		const Place *place = g_ptr_array_index(room->places, i);

		if (place->bus == bus)
			return &place->edid;
	}
	return NULL;
}

static gboolean fits(const Place *place, const MonitorMatch *match)
{
	if (match->connector != NULL &&
		(place->connector == NULL ||
			g_ascii_strcasecmp(place->connector, match->connector) != 0))
		return FALSE;
	return edid_matches(&place->edid, match);
}

static char *place_label(const Place *place)
{
	return place->connector != NULL
		       ? g_strdup_printf("/dev/i2c-%d (%s)", place->bus, place->connector)
		       : g_strdup_printf("/dev/i2c-%d", place->bus);
}

static void set_ambiguous(const Place *one, const Place *other, GError **error)
{
	g_autofree char *who = edid_describe(&one->edid);
	g_autofree char *first = place_label(one);
	g_autofree char *second = place_label(other);
	g_autofree char *add =
		one->connector != NULL
			? g_strdup_printf("connector: %s", one->connector)
			: g_strdup_printf("bus: %d\" instead of \"monitor", one->bus);

	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_AMBIGUOUS,
		"several monitors fit the description: \"%s\" on %s and on %s; tell them apart "
		"with \"serial\" if theirs differ, else with \"%s\"",
		who, first, second, add);
}

static void set_missing(DisplayRoom *room, GError **error)
{
	g_autoptr(GString) others = g_string_new(NULL);

	for (guint i = 0; room->places != NULL && i < room->places->len; i++) {
		const Place *place = g_ptr_array_index(room->places, i);
		g_autofree char *who = edid_describe(&place->edid);
		g_autofree char *where = place_label(place);

		g_string_append_printf(
			others, "%s\"%s\" on %s", i > 0 ? ", " : "; found: ", who, where);
	}
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_MONITOR,
		"no monitor fits the description%s; is it plugged in and switched on?",
		others->len > 0 ? others->str : ", nor was any other found");
}

int room_find(DisplayRoom *room, const MonitorMatch *match, GError **error)
{
	const Place *found = NULL;

	if (match->bus >= 0)
		return match->bus;
	for (guint i = 0; room->places != NULL && i < room->places->len; i++) {
		const Place *place = g_ptr_array_index(room->places, i);

		if (!fits(place, match))
			continue;
		if (found != NULL) {
			set_ambiguous(found, place, error);
			return -1;
		}
		found = place;
	}
	if (found == NULL) {
		set_missing(room, error);
		return -1;
	}
	return found->bus;
}

void room_join(DisplayRoom *room, gboolean by_edid, RoomScanned scanned, gpointer data)
{
	Member *member = g_new0(Member, 1);

	member->by_edid = by_edid;
	member->scanned = scanned;
	member->data = data;
	g_ptr_array_add(room->members, member);
}

void room_leave(DisplayRoom *room, gpointer data)
{
	for (guint i = 0; i < room->members->len; i++) {
		Member *member = g_ptr_array_index(room->members, i);

		if (member->data == data) {
			g_ptr_array_remove_index(room->members, i);
			return;
		}
	}
}

void display_room_rescan(DisplayRoom *room)
{
	gboolean by_edid = FALSE;

	for (guint i = 0; i < room->members->len; i++)
		by_edid |= ((Member *)g_ptr_array_index(room->members, i))->by_edid;
	if (!by_edid) {
		tell_members(room, TRUE);
	} else if (room->found != NULL) {
		room->again = TRUE;
	} else {
		room->fresh = TRUE;
		room_scan(room);
	}
}

static void buses_changed(gpointer data)
{
	display_room_rescan(data);
}

DisplayRoom *display_room_new(I2cSystem *system)
{
	DisplayRoom *room = g_new0(DisplayRoom, 1);

	room->system = system;
	if (system->ops->ref != NULL)
		system->ops->ref(system);
	room->buses = g_hash_table_new_full(NULL, NULL, NULL, bus_retire);
	room->members = g_ptr_array_new_with_free_func(g_free);
	room->watch = system->ops->watch(system, buses_changed, room);
	return room;
}

void display_room_free(DisplayRoom *room)
{
	I2cSystem *system;

	if (room == NULL)
		return;
	system = room->system;
	system->ops->unwatch(system, room->watch);
	g_clear_handle_id(&room->deadline, g_source_remove);
	g_hash_table_unref(room->buses);
	g_clear_pointer(&room->places, g_ptr_array_unref);
	g_clear_pointer(&room->found, g_ptr_array_unref);
	g_ptr_array_unref(room->members);
	g_free(room);
	if (system->ops->unref != NULL)
		system->ops->unref(system);
}
