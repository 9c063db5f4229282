/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The address of hotseatd, and how it is authenticated.
 */
#pragma once

#include "core/text.h"

#include <stdint.h>

#define PIN_LENGTH 32 /* SHA-256 */

typedef struct {
	bool https;
	char host[128]; /* a name, or an address; IPv6 in brackets */
	uint16_t port;
} Url;

typedef struct {
	Url url;
	char secret[256]; /* "": none is sent */
	bool pinned;	  /* only the certificate whose hash is pin is accepted */
	uint8_t pin[PIN_LENGTH];
} Endpoint;

/* Parses "http://HOST[:PORT]" or https, with or without a trailing "/"; "http://" may be missing.
 * url is untouched on failure. */
bool core_url_parse(const char *text, Url *url, Problem *problem);

/* HOST:PORT, for messages */
void core_url_format(const Url *url, char *out, size_t size);

/* Parses the SHA-256 hash of a certificate: 64 hex digits, with or without colons or spaces between
 * them. pin is untouched on failure. */
bool core_pin_parse(const char *text, uint8_t pin[PIN_LENGTH], Problem *problem);
