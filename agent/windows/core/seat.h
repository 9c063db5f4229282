/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What hotseatd's events and answers say.
 */
#pragma once

#include "core/text.h"

#include <stdint.h>

#define SEAT_NAME_MAX	64 /* of a guest, with its NUL; one whose name is longer is left out */
#define SEAT_GUESTS_MAX 16

/* Who has the seat, as far as is known. */
typedef struct {
	char target[SEAT_NAME_MAX];		     /* "host", a guest's name, "": unknown */
	char guests[SEAT_GUESTS_MAX][SEAT_NAME_MAX]; /* that may be asked for */
	size_t guest_count;
} Seat;

/* Takes what an event tells. data is its JSON; what is not understood changes nothing. */
void core_seat_update(Seat *seat, const char *event, const char *data);

/* "The host has the seat." */
void core_seat_describe(const Seat *seat, char *out, size_t size);

/* {"to":"…"}; false if it does not fit */
bool core_switch_request(const char *to, char *out, size_t size);

/* Was the answer to a request "done"? Else problem says why not: hotseatd's own reason if it gave
 * one. */
bool core_answer_check(unsigned status, const char *body, size_t length, Problem *problem);

/* Is an answer of that status worth asking again in a moment? */
bool core_answer_is_passing(unsigned status);

/* Is it about the secret, which no asking again makes right? */
bool core_answer_is_refusal(unsigned status);

#define BACKOFF_FIRST_MS 1000
#define BACKOFF_MAX_MS	 30000

/* The next pause before a connection is tried again; pause is the last one, 0 at first. */
unsigned core_backoff_next(unsigned pause_ms);
