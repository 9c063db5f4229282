/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/vcp.h"

#include <string.h>

static int digit_of(char c)
{
	if (core_text_is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

/* 0: it is not a number from 1 to 255 */
static unsigned read_number(const char *text, size_t length)
{
	bool hex = length > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	unsigned base = hex ? 16 : 10, number = 0;

	for (size_t i = hex ? 2 : 0; i < length; i++) {
		unsigned digit = (unsigned)digit_of(text[i]);

		if (digit >= base || number > UINT8_MAX)
			return 0;
		number = number * base + digit;
	}
	return number <= UINT8_MAX ? number : 0;
}

static bool is_between(char c)
{
	return c == ',' || core_text_is_space(c);
}

bool core_features_parse(const char *text, Features *features, Problem *problem)
{
	Features found = { { 0 } };

	while (*text != '\0') {
		size_t length = 0;
		unsigned number;

		while (text[length] != '\0' && !is_between(text[length]))
			length++;
		number = read_number(text, length);
		if (length > 0 && number == 0)
			return core_problem_set(problem,
				"\"%.*s\" is not a feature; use numbers from 1 to 255, such as "
				"0x60",
				(int)(length < 40 ? length : 40), text);
		if (length > 0)
			found.more[number / 8] |= (uint8_t)(1u << number % 8);
		text += length > 0 ? length : 1;
	}
	*features = found;
	return true;
}

bool core_features_allow(
	const Features *features, unsigned feature, unsigned source_address, Problem *problem)
{
	if (feature == FEATURE_INPUT ||
		(feature == FEATURE_LG_INPUT && source_address == FEATURE_LG_SOURCE))
		return true;
	if (feature >= 1 && feature <= UINT8_MAX &&
		(features->more[feature / 8] >> feature % 8 & 1) != 0)
		return true;
	return core_problem_set(problem,
		"the agent sets only inputs, not feature 0x%02x; if this monitor uses it as its "
		"input, add it to \"features\" in the agent's settings",
		feature);
}
