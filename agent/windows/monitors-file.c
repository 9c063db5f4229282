/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "monitors.h"

#include "files.h"
#include "wide.h"

#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	Monitors base;
	bool deaf[MONITORS_MAX];
	wchar_t log[MAX_PATH];
} FileMonitors;

static bool set(Monitors *monitors, size_t which, uint8_t feature, uint16_t value, Problem *problem)
{
	FileMonitors *self = (FileMonitors *)monitors;
	const char *model = self->base.edids[which].model;
	FILE *log;

	if (self->deaf[which])
		return core_problem_set(
			problem, "the monitor %s did not accept the command", model);
	log = _wfopen(self->log, L"a");
	if (log == NULL)
		return core_problem_set(problem, "cannot write the monitors' log");
	fprintf(log, "%u %u %s\n", feature, value, model);
	fclose(log);
	return true;
}

static void close_file(Monitors *monitors)
{
	free(monitors);
}

static const MonitorsOps ops = { .set = set, .close = close_file };

static void add_line(FileMonitors *self, const char *line)
{
	size_t which = self->base.count, length = 0;
	uint8_t bytes[EDID_LENGTH];
	unsigned byte;

	while (length < sizeof bytes && sscanf(line + 2 * length, "%2x", &byte) == 1)
		bytes[length++] = (uint8_t)byte;
	if (length < sizeof bytes || which == MONITORS_MAX)
		return;
	core_edid_parse(bytes, length, &self->base.edids[which]);
	self->deaf[which] = strstr(line, "deaf") != NULL;
	self->base.count++;
}

Monitors *monitors_open_file(const char *file, Problem *problem)
{
	FileMonitors *self;
	wchar_t path[MAX_PATH];
	bool missing;
	char *text;

	wide_from_utf8(path, file);
	text = file_text(path, &missing, problem);
	if (text == NULL)
		return NULL;
	self = calloc(1, sizeof *self);
	if (self == NULL) {
		free(text);
		core_problem_set(problem, "not enough memory");
		return NULL;
	}
	self->base.ops = &ops;
	_snwprintf(self->log, MAX_PATH - 1, L"%ls.log", path);
	for (char *line = strtok(text, "\r\n"); line != NULL; line = strtok(NULL, "\r\n"))
		add_line(self, line);
	free(text);
	return &self->base;
}
