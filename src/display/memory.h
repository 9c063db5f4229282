/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was learned about monitors, kept across restarts in one small file that people can read and
 * delete: a section for each monitor. That it cannot be read or written is no reason to fail. On
 * the main loop; the file is written on a lane.
 */
#pragma once

#include "display/edid.h"

typedef struct MonitorMemory MonitorMemory;

/* The keys of a monitor's section. */
#define MEMORY_RETURN	"return"   /* "ddc", "agent", "command": what brought it back last */
#define MEMORY_REPLY_MS "reply-ms" /* what it needs to make a reply ready */
#define MEMORY_REPORTS	"reports"  /* one of the two below: whether it reflects a write */
#define MEMORY_CABLE	"cable"	   /* "0000:03:00.0 DP-1": over which it was reached last */

#define MEMORY_UNRELIABLE "unreliable"
#define MEMORY_RELIABLE	  "reliable" /* though the monitor database says something else */

/* path: the file, which may not exist; NULL: nothing is kept. */
MonitorMemory *monitor_memory_new(const char *path);
/* Writes what has not been written yet. NULL is fine. */
void monitor_memory_free(MonitorMemory *memory);

/* What is known, or NULL. memory: NULL is fine. Free with g_free(). */
char *monitor_memory_get(MonitorMemory *memory, const Edid *edid, const char *key);
/* value: NULL: forgets it. memory: NULL is fine. */
void monitor_memory_set(
	MonitorMemory *memory, const Edid *edid, const char *key, const char *value);
