/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/text.h"
#include "common/json.h"
#include "doctor/doctor.h"

#include <stdio.h>
#include <string.h>

/* -- for people ------------------------------------------------------------------------------- */

/* Prints a command as it has to be typed, on a line of its own, so that it can be copied as a
 * whole. */
static void print_finding(const Finding *finding, GString *out)
{
	g_autofree char *text =
		finding->thing != NULL ? g_strdup_printf("%s: %s", finding->thing, finding->message)
				       : g_strdup(finding->message);
	TextStyle style;
	const char *mark = text_mark(finding_level_name(finding->level), &style);

	g_string_append(out, "  ");
	text_append(out, style, mark, -1);
	text_append_line(out, STYLE_PLAIN, " ", text);
	if (finding->command != NULL)
		text_append_line(out, STYLE_BOLD, "      ", finding->command);
	if (finding->advice != NULL)
		text_append_line(out, STYLE_DIM, "      ", finding->advice);
}

static void print_count(GString *out, guint count, const char *one)
{
	g_string_append_printf(out, "%u %s%s", count, one, count == 1 ? "" : "s");
}

static void print_people(const Findings *findings)
{
	g_autoptr(GString) out = g_string_new(NULL);
	const char *area = "";

	for (guint i = 0; i < findings->list->len; i++) {
		const Finding *finding = findings->list->pdata[i];

		if (strcmp(finding->area, area) != 0)
			text_append_line(out, STYLE_BOLD, "", finding->area);
		area = finding->area;
		print_finding(finding, out);
	}
	g_string_append_c(out, '\n');
	print_count(out, findings_count(findings, FINDING_PROBLEM), "problem");
	g_string_append(out, ", ");
	print_count(out, findings_count(findings, FINDING_WARNING), "warning");
	g_string_append(out, ".\n");
	fputs(out->str, stdout);
}

/* -- JSON ------------------------------------------------------------------------------------- */

static void add_finding(JsonBuilder *builder, const Finding *finding)
{
	json_builder_begin_object(builder);
	member_add_text(builder, "area", finding->area);
	member_add_text(builder, "thing", finding->thing);
	member_add_text(builder, "level", finding_level_name(finding->level));
	member_add_text(builder, "message", finding->message);
	member_add_text(builder, "command", finding->command);
	member_add_text(builder, "advice", finding->advice);
	json_builder_end_object(builder);
}

static void print_json(const Findings *findings)
{
	JsonBuilder *builder = object_begin();

	member_begin_array(builder, "findings");
	for (guint i = 0; i < findings->list->len; i++)
		add_finding(builder, findings->list->pdata[i]);
	json_builder_end_array(builder);
	member_add_int(builder, "problems", findings_count(findings, FINDING_PROBLEM));
	member_add_int(builder, "warnings", findings_count(findings, FINDING_WARNING));
	object_print(builder);
}

CliExit cmd_doctor(const Cli *cli, char **arguments)
{
	g_autofree char *path = cli_config_path(cli, arguments[0]);
	DoctorPlaces places = doctor_places(cli->socket);
	g_autoptr(Doctor) doctor = NULL;

	if (path == NULL)
		return CLI_USAGE;
	doctor = doctor_run(&places, path);
	if (cli->json)
		print_json(doctor->findings);
	else
		print_people(doctor->findings);
	return findings_count(doctor->findings, FINDING_PROBLEM) == 0 ? CLI_OK : CLI_FAILED;
}
