/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/seat.h"

#include "core/json.h"

#include <string.h>

/* Whoever asks with a guest's own secret may ask for no other guest. asker: "": one who may. */
static void read_guests(Seat *seat, Json guests, const char *asker)
{
	Json guest = { NULL, NULL }, name;

	seat->guest_count = 0;
	while (seat->guest_count < SEAT_GUESTS_MAX && json_next(guests, &guest))
		if (json_member(guest, "name", &name) &&
			json_string(name, seat->guests[seat->guest_count], SEAT_NAME_MAX) &&
			(asker[0] == '\0' || strcmp(asker, seat->guests[seat->guest_count]) == 0))
			seat->guest_count++;
}

void seat_update(Seat *seat, const char *event, const char *data)
{
	char asker[SEAT_NAME_MAX] = "";
	Json root, value;

	if (!json_parse(data, strlen(data), &root))
		return;
	/* every event that has a target means the seat's */
	if (json_member(root, "target", &value) &&
		!json_string(value, seat->target, sizeof seat->target))
		seat->target[0] = '\0';
	if (json_member(root, "asker", &value) && !json_string(value, asker, sizeof asker))
		asker[0] = '\0';
	if (strcmp(event, "status") == 0 && json_member(root, "guests", &value))
		read_guests(seat, value, asker);
}

void seat_describe(const Seat *seat, char *out, size_t size)
{
	if (seat->target[0] == '\0')
		text_format(out, size, "The seat is divided, or nobody knows where it is.");
	else if (strcmp(seat->target, "host") == 0)
		text_format(out, size, "The host has the seat.");
	else
		text_format(out, size, "%s has the seat.", seat->target);
}

bool switch_request(const char *to, char *out, size_t size)
{
	char quoted[2 * SEAT_NAME_MAX];

	if (!json_quote(to, quoted, sizeof quoted) || strlen(quoted) + sizeof "{\"to\":}" > size)
		return false;
	text_format(out, size, "{\"to\":%s}", quoted);
	return true;
}

bool answer_is_passing(unsigned status)
{
	return status == 503;
}

bool answer_is_refusal(unsigned status)
{
	return status == 403 || status == 429;
}

bool answer_check(unsigned status, const char *body, size_t length, Problem *problem)
{
	char error[400];
	Json root, value;

	if (status == 200)
		return true;
	if (!json_parse(body, length, &root) || !json_member(root, "error", &value) ||
		!json_string(value, error, sizeof error))
		return problem_set(problem,
			"the answer was HTTP %u without a reason; is it hotseatd that listens "
			"there?",
			status);
	if (status == 403)
		return problem_set(problem,
			"hotseatd refuses the secret: %s. Put the right one into Settings.", error);
	return problem_set(problem, "%s", error);
}

unsigned backoff_next(unsigned pause_ms)
{
	if (pause_ms == 0)
		return BACKOFF_FIRST_MS;
	return pause_ms * 2 < BACKOFF_MAX_MS ? pause_ms * 2 : BACKOFF_MAX_MS;
}
