/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/seat.h"

#include "core/json.h"

#include <string.h>

/* Is name in the list? */
static bool is_listed(Json targets, const char *name)
{
	char target[SEAT_NAME_MAX];
	Json item = { NULL, NULL };

	while (core_json_next(targets, &item))
		if (core_json_string(item, target, sizeof target) && strcmp(target, name) == 0)
			return true;
	return false;
}

/* A client with a guest's secret may request what the host lists; a host without a list has an
 * older version. asker of "": a client that may request everything. */
static bool may_ask(Json root, const char *asker, const char *name)
{
	Json targets;

	if (asker[0] == '\0')
		return true;
	return core_json_member(root, "may_switch_to", &targets) ? is_listed(targets, name)
								 : strcmp(asker, name) == 0;
}

static void read_guests(Seat *seat, Json root, Json guests, const char *asker)
{
	Json guest = { NULL, NULL }, name;

	seat->guest_count = 0;
	while (seat->guest_count < SEAT_GUESTS_MAX && core_json_next(guests, &guest))
		if (core_json_member(guest, "name", &name) &&
			core_json_string(name, seat->guests[seat->guest_count], SEAT_NAME_MAX) &&
			may_ask(root, asker, seat->guests[seat->guest_count]))
			seat->guest_count++;
}

void core_seat_update(Seat *seat, const char *event, const char *data)
{
	char asker[SEAT_NAME_MAX] = "";
	Json root, value;

	if (!core_json_parse(data, strlen(data), &root))
		return;
	/* a target in an event is always the seat's */
	if (core_json_member(root, "target", &value) &&
		!core_json_string(value, seat->target, sizeof seat->target))
		seat->target[0] = '\0';
	if (core_json_member(root, "asker", &value) &&
		!core_json_string(value, asker, sizeof asker))
		asker[0] = '\0';
	if (strcmp(event, "status") == 0 && core_json_member(root, "guests", &value))
		read_guests(seat, root, value, asker);
}

void core_seat_describe(const Seat *seat, char *out, size_t size)
{
	if (seat->target[0] == '\0')
		core_text_format(out, size, "The desk is split, or the seat's place is unknown.");
	else if (strcmp(seat->target, "host") == 0)
		core_text_format(out, size, "The host has the seat.");
	else
		core_text_format(out, size, "%s has the seat.", seat->target);
}

bool core_switch_request(const char *to, char *out, size_t size)
{
	char quoted[2 * SEAT_NAME_MAX];

	if (!core_json_quote(to, quoted, sizeof quoted) ||
		strlen(quoted) + sizeof "{\"to\":}" > size)
		return false;
	core_text_format(out, size, "{\"to\":%s}", quoted);
	return true;
}

bool core_answer_is_passing(unsigned status)
{
	return status == 503;
}

bool core_answer_is_refusal(unsigned status)
{
	return status == 403 || status == 429;
}

bool core_answer_check(unsigned status, const char *body, size_t length, Problem *problem)
{
	char error[400];
	Json root, value;

	if (status == 200)
		return true;
	if (!core_json_parse(body, length, &root) || !core_json_member(root, "error", &value) ||
		!core_json_string(value, error, sizeof error))
		return core_problem_set(problem,
			"HTTP status %u without a reason; check that hotseatd listens there",
			status);
	/* a guest with a forbidden request still has a valid secret */
	if (status == 403 && strstr(error, "may not") == NULL)
		return core_problem_set(
			problem, "hotseatd rejected the secret: %s. Enter the correct one.", error);
	return core_problem_set(problem, "%s", error);
}

unsigned core_backoff_next(unsigned pause_ms)
{
	if (pause_ms == 0)
		return BACKOFF_FIRST_MS;
	return pause_ms * 2 < BACKOFF_MAX_MS ? pause_ms * 2 : BACKOFF_MAX_MS;
}
