/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseatd's request to set a monitor from inside the guest.
 */
#pragma once

#include "core/edid.h"

typedef struct {
	int64_t id; /* is returned with the answer */
	EdidWanted monitor;
	uint8_t feature; /* VCP code */
	uint16_t value;
	uint8_t source_address; /* source address in DDC/CI: 0x51 unless the request has another */
} SetInput;

/* Reads an event's data. Without an id it returns false with *answerable false; otherwise
 * request->id is set even if the rest is invalid. */
bool core_set_input_parse(const char *data, SetInput *request, bool *answerable, Problem *problem);

/* {"id":…,"error":…}, error NULL: success. Errors that are too long are cut. */
#define SET_INPUT_ANSWER_MAX 4096
void core_set_input_answer(int64_t id, const char *error, char out[SET_INPUT_ANSWER_MAX]);
