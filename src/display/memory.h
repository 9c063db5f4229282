/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was learned about monitors, kept across restarts in one small file that people can read and
 * delete: a section for each monitor. It is not an error if the file cannot be read or written. Use
 * on the main loop only; the file is written on a lane.
 */
#pragma once

#include "display/edid.h"

typedef struct MonitorMemory MonitorMemory;

/* The keys of a monitor's section. */
#define MEMORY_RETURN	"return" /* "ddc", "agent", "command": the way that brought it back last */
#define MEMORY_REPLY_MS "reply-ms" /* how long it needs to prepare a reply */
#define MEMORY_REPORTS	"reports"  /* one of the two below: whether its reports follow a write */
#define MEMORY_CABLE	"cable"	   /* "0000:03:00.0 DP-1": the one over which it answered last */

#define MEMORY_UNRELIABLE "unreliable"
#define MEMORY_RELIABLE	  "reliable" /* although the monitor database disagrees */

/* path: the file, which may not exist; NULL: nothing is kept. */
MonitorMemory *monitor_memory_new(const char *path);
/* Writes changes that have not been written yet, and frees memory. NULL is allowed. */
void monitor_memory_free(MonitorMemory *memory);

/* The value of key, or NULL. memory may be NULL. Free with g_free(). */
char *monitor_memory_get(MonitorMemory *memory, const Edid *edid, const char *key);
/* Sets key, or removes it if value is NULL. memory may be NULL. */
void monitor_memory_set(
	MonitorMemory *memory, const Edid *edid, const char *key, const char *value);
