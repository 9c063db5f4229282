/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads hotseatd's events and answers.
 */
#pragma once

#include "core/text.h"

#include <stdint.h>

/* longest name of a guest, with its NUL; guests with longer names are left out */
#define SEAT_NAME_MAX	64
#define SEAT_GUESTS_MAX 16

/* Which target has the seat, as far as is known. */
typedef struct {
	char target[SEAT_NAME_MAX];		     /* "host", a guest's name, "": unknown */
	char guests[SEAT_GUESTS_MAX][SEAT_NAME_MAX]; /* the guests that may be requested */
	size_t guest_count;
} Seat;

/* Updates seat from an event. data is its JSON; unknown content changes nothing. */
void core_seat_update(Seat *seat, const char *event, const char *data);

/* "The host has the seat." */
void core_seat_describe(const Seat *seat, char *out, size_t size);

/* {"to":"…"}; false if it does not fit */
bool core_switch_request(const char *to, char *out, size_t size);

/* Was the answer to a request "done"? If not, problem has the reason: that of hotseatd if it sent
 * one. */
bool core_answer_check(unsigned status, const char *body, size_t length, Problem *problem);

/* Can a retry help soon after an answer with that status? */
bool core_answer_is_passing(unsigned status);

/* Is the secret wrong, so that no retry can help? */
bool core_answer_is_refusal(unsigned status);

#define BACKOFF_FIRST_MS 1000
#define BACKOFF_MAX_MS	 30000

/* The next pause before a reconnect; pause is the last one, 0 at first. */
unsigned core_backoff_next(unsigned pause_ms);
