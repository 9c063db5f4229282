/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The served desk with two guests that have secrets of their own: "guest" may switch to host and
 * itself, "linux" to the host, which is the default.
 */
#pragma once

#include "http-desk.h"

void hostile_desk_init(HttpDesk *desk);

/* A whole request to switch, under this secret ("of guest", "of linux", "open"). */
char *hostile_post(const char *secret, const char *to);
/* Its answer, and the one to GET /status. */
char *hostile_ask(HttpDesk *desk, const char *secret, const char *to);
char *hostile_status(HttpDesk *desk, const char *secret);
