/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/set-input.h"

#include "core/json.h"

#include <string.h>

/* VESA DDC/CI 1.1, 4.0 */
#define SOURCE_ADDRESS 0x51

/* Missing and null are "". */
static bool read_text(Json root, const char *name, char *out, size_t size, Problem *problem)
{
	Json value;

	out[0] = '\0';
	if (!core_json_member(root, name, &value) || core_json_is_null(value))
		return true;
	if (core_json_string(value, out, size))
		return true;
	return core_problem_set(
		problem, "\"%s\" in the request is not a text of less than %zu bytes", name, size);
}

static bool read_number(Json root, const char *name, int64_t max, int64_t *out, Problem *problem)
{
	Json value;

	if (core_json_member(root, name, &value) && core_json_integer(value, out) && *out >= 0 &&
		*out <= max)
		return true;
	return core_problem_set(
		problem, "\"%s\" in the request is not a number from 0 to %d", name, (int)max);
}

bool core_set_input_parse(const char *data, SetInput *request, bool *answerable, Problem *problem)
{
	EdidWanted *monitor = &request->monitor;
	int64_t feature, value, source = SOURCE_ADDRESS;
	Json root, id, member;

	*answerable = false;
	if (!core_json_parse(data, strlen(data), &root))
		return core_problem_set(problem, "the request is not JSON");
	if (!core_json_member(root, "id", &id) || !core_json_integer(id, &request->id))
		return core_problem_set(problem, "the request has no id");
	*answerable = true;
	if (!read_text(root, "manufacturer", monitor->manufacturer, sizeof monitor->manufacturer,
		    problem) ||
		!read_text(root, "model", monitor->model, sizeof monitor->model, problem) ||
		!read_text(root, "serial", monitor->serial, sizeof monitor->serial, problem) ||
		!read_number(root, "feature", UINT8_MAX, &feature, problem) ||
		!read_number(root, "value", UINT16_MAX, &value, problem) ||
		(core_json_member(root, "source_address", &member) &&
			!read_number(root, "source_address", UINT8_MAX, &source, problem)))
		return false;
	request->feature = (uint8_t)feature;
	request->value = (uint16_t)value;
	request->source_address = (uint8_t)source;
	return true;
}

void core_set_input_answer(int64_t id, const char *error, char out[SET_INPUT_ANSWER_MAX])
{
	/* a byte becomes at most the six of \u001b */
	char quoted[sizeof "null" + 6 * sizeof(Problem)] = "null";

	if (error != NULL)
		core_json_quote(error, quoted, sizeof quoted);
	core_text_format(
		out, SET_INPUT_ANSWER_MAX, "{\"id\":%lld,\"error\":%s}", (long long)id, quoted);
}
