/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseatd's request that a monitor be set from inside the guest.
 */
#pragma once

#include "core/edid.h"

typedef struct {
	int64_t id; /* to be given back with the answer */
	EdidWanted monitor;
	uint8_t feature; /* VCP code */
	uint16_t value;
	uint8_t source_address; /* of the host in DDC/CI: 0x51 unless the request says another */
} SetInput;

/* Reads an event's data. Without an id (false, *answerable false) there is nothing to answer;
 * otherwise request->id is set even if the rest is not understood. */
bool core_set_input_parse(const char *data, SetInput *request, bool *answerable, Problem *problem);

/* {"id":…,"error":…}, error NULL: it is done. Longer errors are cut off. */
#define SET_INPUT_ANSWER_MAX 4096
void core_set_input_answer(int64_t id, const char *error, char out[SET_INPUT_ANSWER_MAX]);
