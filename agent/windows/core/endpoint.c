/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/endpoint.h"

#include <string.h>

#define HTTP_PORT  80
#define HTTPS_PORT 443

static bool has_prefix(const char *text, const char *prefix)
{
	for (; *prefix != '\0'; prefix++, text++)
		if (*text != *prefix && *text != *prefix - 'a' + 'A')
			return false;
	return true;
}

static bool parse_scheme(const char **text, bool *https, Problem *problem)
{
	static const struct {
		const char *prefix;
		bool https;
	} schemes[] = { { "http", false }, { "https", true } };
	const char *colon = strstr(*text, "://");

	*https = false;
	if (colon == NULL)
		return true;
	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
		size_t length = strlen(schemes[i].prefix);

		if ((size_t)(colon - *text) == length && has_prefix(*text, schemes[i].prefix)) {
			*https = schemes[i].https;
			*text = colon + 3;
			return true;
		}
	}
	return core_problem_set(problem,
		"the address begins with \"%.*s://\"; use http:// or https://",
		(int)(colon - *text), *text);
}

static bool parse_port(const char *text, size_t length, uint16_t *port, Problem *problem)
{
	unsigned long number = 0;

	for (size_t i = 0; i < length && number <= UINT16_MAX; i++)
		number = core_text_is_digit(text[i]) ? number * 10 + (unsigned long)(text[i] - '0')
						     : UINT16_MAX + 1ul;
	if (number == 0 || number > UINT16_MAX)
		return core_problem_set(problem,
			"the port \"%.*s\" is not a number from 1 to 65535", (int)length, text);
	*port = (uint16_t)number;
	return true;
}

/* The length of the host at text; 0 if it has an invalid character. */
static size_t host_length(const char *text, size_t length)
{
	static const char in_brackets[] = "0123456789abcdefABCDEF:.", other[] = "@/\\?#[] \t\"<>";
	size_t end;

	if (*text == '[') {
		end = 1 + strspn(text + 1, in_brackets);
		return end < length && text[end] == ']' && end > 1 ? end + 1 : 0;
	}
	for (end = 0; end < length && text[end] != ':'; end++)
		if (!core_text_is_plain(text[end]) || strchr(other, text[end]) != NULL)
			return 0;
	return end;
}

bool core_url_parse(const char *text, Url *url, Problem *problem)
{
	Url found = { 0 };
	size_t length = core_text_strip(&text, strlen(text)), host;
	const char *end = text + length;

	if (length == 0)
		return core_problem_set(
			problem, "the address is missing; write it like http://192.168.122.1:5001");
	if (!parse_scheme(&text, &found.https, problem))
		return false;
	while (end > text && (core_text_is_space(end[-1]) || end[-1] == '/'))
		end--;
	host = host_length(text, (size_t)(end - text));
	if (host == 0 || !core_text_copy(found.host, sizeof found.host, text, host) ||
		(text + host < end && text[host] != ':'))
		return core_problem_set(problem,
			"the address \"%.*s\" is not valid; write it like "
			"http://192.168.122.1:5001",
			(int)(end - text), text);
	found.port = found.https ? HTTPS_PORT : HTTP_PORT;
	if (text + host < end &&
		!parse_port(text + host + 1, (size_t)(end - text) - host - 1, &found.port, problem))
		return false;
	*url = found;
	return true;
}

void core_url_format(const Url *url, char *out, size_t size)
{
	core_text_format(out, size, "%s:%u", url->host, url->port);
}

static int hex_digit(char c)
{
	if (core_text_is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool core_pin_parse(const char *text, uint8_t pin[PIN_LENGTH], Problem *problem)
{
	uint8_t found[PIN_LENGTH] = { 0 };
	size_t digits = 0;

	for (; *text != '\0'; text++) {
		int digit = hex_digit(*text);

		if (*text == ':' || core_text_is_space(*text))
			continue;
		if (digit < 0)
			return core_problem_set(problem,
				"the fingerprint has a \"%c\"; it must have only hex digits and "
				"colons",
				core_text_is_plain(*text) ? *text : '?');
		if (digits < 2 * PIN_LENGTH)
			found[digits / 2] = (uint8_t)(found[digits / 2] << 4 | digit);
		digits++;
	}
	if (digits != 2 * PIN_LENGTH)
		return core_problem_set(problem,
			"the fingerprint has %zu hex digits; SHA-256 has %d", digits,
			2 * PIN_LENGTH);
	memcpy(pin, found, sizeof found);
	return true;
}
