/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/text.h"
#include "common/input.h"
#include "common/json.h"
#include "device/events.h"
#include "device/found.h"
#include "display/monitor-models.h"
#include "display/scan.h"
#include "display/show.h"
#include "find/report.h"
#include "find/show-guest.h"
#include "guest/found.h"

#include <stdio.h>

/* -- for people ------------------------------------------------------------------------------- */

static char *describe_answer(const FoundMonitor *monitor)
{
	g_autofree char *input = NULL;

	if (!monitor->answers)
		return g_strdup_printf("DDC/CI: no answer: %s", monitor->trouble);
	if (monitor->input < 0)
		return g_strdup_printf(
			"DDC/CI answers in %.0f ms, but does not report the input: %s",
			monitor->answer_ms, monitor->trouble);
	if (monitor->input == 0)
		return g_strdup_printf(
			"DDC/CI answers in %.0f ms, but reports 0x00, which is not an input",
			monitor->answer_ms);
	input = show_label(CONFIG_FEATURE_INPUT, monitor->input);
	return g_strdup_printf("DDC/CI answers in %.0f ms; shows %s", monitor->answer_ms, input);
}

static char *describe_inputs(const Capabilities *capabilities)
{
	const CapabilitiesValues *inputs = &capabilities->inputs;
	GString *text = g_string_new("inputs: ");

	for (guint i = 0; i < inputs->length; i++) {
		g_autofree char *label = show_label(CONFIG_FEATURE_INPUT, inputs->codes[i]);

		g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", label);
	}
	if (capabilities->list_damaged)
		g_string_append(text, "; its list is damaged: some may be wrong or missing");
	return g_string_free(text, FALSE);
}

static void add_database(GString *out, const FoundMonitor *monitor)
{
	const MonitorModel *model = monitor_models_find(monitor_models_builtin(), &monitor->edid);
	g_autofree char *inputs = monitor_model_describe_inputs(model);
	g_autoptr(GPtrArray) remarks = monitor_model_remarks(model);
	g_autoptr(GString) text = g_string_new("the monitor database says: ");

	if (model == NULL)
		return;
	if (*inputs != '\0')
		g_string_append_printf(text, "inputs %s", inputs);
	if (*inputs != '\0' && model->feature != CONFIG_FEATURE_INPUT)
		g_string_append_printf(text, " (feature 0x%02x)", model->feature);
	for (guint i = 0; i < remarks->len; i++)
		g_string_append_printf(text, "%s%s", i > 0 || *inputs != '\0' ? "; " : "",
			(char *)remarks->pdata[i]);
	text_append_line(out, STYLE_PLAIN, "      ", text->str);
}

static void print_monitor(const FoundMonitor *monitor, GString *out)
{
	g_autofree char *label = found_monitor_label(monitor);
	g_autofree char *cables = found_monitor_cables(monitor);
	g_autofree char *answer =
		monitor->bus >= 0 ? describe_answer(monitor) : g_strdup(monitor->trouble);

	text_append_line(out, STYLE_BOLD, "  ", label);
	text_append_line(out, monitor->answers || monitor->panel ? STYLE_PLAIN : STYLE_BUSY,
		"      ", answer);
	if (monitor->capabilities.inputs.length > 0) {
		g_autofree char *inputs = describe_inputs(&monitor->capabilities);

		text_append_line(out, STYLE_PLAIN, "      ", inputs);
	} else if (monitor->answers) {
		text_append_line(out, STYLE_DIM, "      ",
			monitor->described ? "it does not list its inputs"
					   : "it does not report its capabilities");
	}
	if (cables != NULL) {
		g_autofree char *line = g_strdup_printf("one monitor with %s", cables);

		text_append_line(out, STYLE_PLAIN, "      ", line);
	}
	add_database(out, monitor);
	if (monitor->twin)
		text_append_line(out, STYLE_DIM, "      ",
			"seen on several buses: either one monitor with two cables to this "
			"computer, or identical monitors");
}

static void print_monitors(const GPtrArray *monitors, GString *out)
{
	text_append_line(out, STYLE_PLAIN, "", "Monitors");
	for (guint i = 0; i < monitors->len; i++)
		print_monitor(monitors->pdata[i], out);
	if (monitors->len == 0)
		text_append_line(out, STYLE_DIM, "  ", "none");
}

/* The config's key, where it is not the usual one. */
static const char *describe_via(const FoundDevice *device)
{
	const char *why;

	return found_device_via(device, &why) == VIA_INPUT ? "via: input" : NULL;
}

/* What the user should know about it; "" if nothing. Free with g_free(). */
static char *describe_remarks(const FoundDevice *device)
{
	g_autoptr(GPtrArray) remarks = g_ptr_array_new_with_free_func(g_free);

	if (device->harm != USB_HARMLESS && device->harm != USB_HARM_HUB)
		g_ptr_array_add(remarks, g_strdup_printf("must stay here: %s", device->harm_why));
	if (device->twin)
		g_ptr_array_add(remarks, g_strdup("same ID as another device (use the port)"));
	else if (device->driving == USB_CLAIMED)
		g_ptr_array_add(remarks, g_strdup("in use by a guest or another program"));
	if (device->typed.judgement == JUDGED_POSSIBLE &&
		(device->kind == FOUND_KEYBOARD || device->kind == FOUND_MOUSE))
		g_ptr_array_add(remarks, g_strdup(device->typed.why));
	g_ptr_array_add(remarks, NULL);
	return g_strjoinv("; ", (char **)remarks->pdata);
}

static void print_device(const FoundDevice *device, TextTable *table)
{
	g_autofree char *remarks = describe_remarks(device);
	g_autofree char *id =
		g_strdup_printf("%04x:%04x", device->info->vendor, device->info->product);
	g_autofree char *port = g_strdup_printf("port %s", device->info->port);
	g_autofree char *serial = device->info->serial != NULL
					  ? g_strdup_printf("serial %s", device->info->serial)
					  : g_strdup("no serial");

	text_table_add(table, STYLE_PLAIN, found_device_kind(device));
	text_table_add(table, STYLE_BOLD, device->name);
	text_table_add(table, STYLE_PLAIN, id);
	text_table_add(table, STYLE_PLAIN, port);
	text_table_add(table, device->info->serial != NULL ? STYLE_PLAIN : STYLE_DIM, serial);
	text_table_add(table, STYLE_PLAIN, describe_via(device));
	text_table_add(table, device->harm == USB_HARMLESS ? STYLE_DIM : STYLE_BUSY, remarks);
}

static void print_devices(const GPtrArray *devices, GString *out)
{
	g_autoptr(TextTable) table = text_table_new(7);

	text_append_line(out, STYLE_PLAIN, "", "USB devices");
	for (guint i = 0; i < devices->len; i++)
		print_device(devices->pdata[i], table);
	text_table_print(table, "  ", out);
	if (devices->len == 0)
		text_append_line(out, STYLE_DIM, "  ", "none");
}

static void print_event(const EventDevice *event, TextTable *table)
{
	g_autofree char *uniq =
		event->uniq != NULL ? g_strdup_printf("uniq: %s", event->uniq) : NULL;
	g_autofree char *node = g_strdup_printf("/dev/input/%s", event->node);

	text_table_add(table, STYLE_PLAIN, event_device_kind(event));
	text_table_add(table, STYLE_BOLD, event->name);
	text_table_add(table, STYLE_PLAIN, event->bus);
	text_table_add(table, STYLE_PLAIN, "via: input");
	text_table_add(table, STYLE_PLAIN, uniq);
	text_table_add(table, STYLE_DIM, node);
}

/* Event nodes of USB devices are among these. */
static void print_events(const GPtrArray *events, GString *out)
{
	g_autoptr(TextTable) table = text_table_new(6);
	guint count = 0;

	for (guint i = 0; i < events->len; i++) {
		const EventDevice *event = events->pdata[i];

		if (event->usb)
			continue;
		print_event(event, table);
		count++;
	}
	if (count == 0)
		return;
	text_append_line(out, STYLE_PLAIN, "", "Other input devices");
	text_table_print(table, "  ", out);
	g_string_append_c(out, '\n');
}

static void print_guests(const GPtrArray *guests, GString *out)
{
	g_autoptr(TextTable) table = text_table_new(5);
	g_autoptr(GPtrArray) takes = g_ptr_array_new_with_free_func(g_free);

	text_append_line(out, STYLE_PLAIN, "", "Guests");
	for (guint i = 0; guests != NULL && i < guests->len; i++) {
		guest_show(guests->pdata[i], table);
		guest_add_takes(guests->pdata[i], takes);
	}
	text_table_print(table, "  ", out);
	for (guint i = 0; i < takes->len; i++)
		text_append_line(out, STYLE_PLAIN, "  ", takes->pdata[i]);
	if (guests == NULL || guests->len == 0)
		text_append_line(out, STYLE_DIM, "  ", guests == NULL ? "not known" : "none");
}

static void print_people(const Found *found, const GPtrArray *events)
{
	g_autoptr(GString) out = g_string_new(NULL);

	print_monitors(found->monitors, out);
	g_string_append_c(out, '\n');
	print_devices(found->devices, out);
	g_string_append_c(out, '\n');
	print_events(events, out);
	print_guests(found->guests, out);
	if (found->remarks->len > 0)
		g_string_append(out, "\nNot accessible\n");
	for (guint i = 0; i < found->remarks->len; i++)
		text_append_line(out, STYLE_BUSY, "  ", found->remarks->pdata[i]);
	fputs(out->str, stdout);
}

/* -- JSON ------------------------------------------------------------------------------------- */

static void add_inputs(JsonBuilder *builder, const CapabilitiesValues *inputs)
{
	member_begin_array(builder, "inputs");
	for (guint i = 0; i < inputs->length; i++) {
		json_builder_begin_object(builder);
		member_add_int(builder, "code", inputs->codes[i]);
		member_add_text(builder, "name", input_name(inputs->codes[i]));
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
}

static void add_cables(JsonBuilder *builder, const FoundMonitor *monitor)
{
	const FoundMonitor *cable;

	member_begin_array(builder, "cables");
	for (guint i = 0; (cable = found_monitor_cable(monitor, i)) != NULL; i++) {
		json_builder_begin_object(builder);
		member_add_text(builder, "connector", cable->connector);
		member_add_text(builder, "card", cable->card);
		member_add_text(builder, "address", cable->address);
		member_add_int_or_null(builder, "bus", cable->bus);
		member_add_bool(builder, "answers", cable->answers);
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
}

static void add_monitor(JsonBuilder *builder, const FoundMonitor *monitor)
{
	g_autofree char *number = g_strdup_printf("%u", monitor->edid.number);
	const char *serial = *monitor->edid.serial != '\0' ? monitor->edid.serial
			     : monitor->edid.number != 0   ? number
							   : NULL;

	json_builder_begin_object(builder);
	member_add_text(builder, "manufacturer", monitor->edid.manufacturer);
	member_add_text(builder, "model", monitor->edid.model);
	member_add_text(builder, "serial", serial);
	member_add_int_or_null(
		builder, "number", monitor->edid.number != 0 ? (gint64)monitor->edid.number : -1);
	member_add_text(builder, "connector", monitor->connector);
	member_add_int_or_null(builder, "bus", monitor->bus);
	add_cables(builder, monitor);
	member_add_bool(builder, "panel", monitor->panel);
	member_add_bool(builder, "twin", monitor->twin);
	member_add_bool(builder, "answers", monitor->answers);
	member_add_double_or_null(builder, "answer_ms", monitor->answers ? monitor->answer_ms : -1);
	member_add_int_or_null(builder, "input", monitor->input);
	add_inputs(builder, &monitor->capabilities.inputs);
	member_add_bool(builder, "inputs_damaged", monitor->capabilities.list_damaged);
	member_add_text(builder, "trouble", monitor->trouble);
	json_builder_end_object(builder);
}

static void add_device(JsonBuilder *builder, const FoundDevice *device)
{
	const char *why;

	json_builder_begin_object(builder);
	member_add_text(builder, "kind", found_device_kind(device));
	member_add_text(builder, "name", device->name);
	member_add_int(builder, "vendor", device->info->vendor);
	member_add_int(builder, "product", device->info->product);
	member_add_text(builder, "serial", device->info->serial);
	member_add_text(builder, "port", device->info->port);
	member_add_bool(builder, "keyboard", device->keyboard);
	member_add_bool(builder, "mouse", device->mouse);
	member_add_bool(builder, "twin", device->twin);
	member_add_text(builder, "harm", device->harm_why);
	member_add_text(builder, "typed", judgement_name(device->typed.judgement));
	member_add_text(builder, "doubt", device->typed.why);
	member_add_text(builder, "via", device_via_names[found_device_via(device, &why)]);
	member_add_text(builder, "why", why);
	json_builder_end_object(builder);
}

static void add_event(JsonBuilder *builder, const EventDevice *event)
{
	json_builder_begin_object(builder);
	member_add_text(builder, "kind", event_device_kind(event));
	member_add_text(builder, "input", event->name);
	member_add_text(builder, "uniq", event->uniq);
	member_add_text(builder, "node", event->node);
	member_add_bool(builder, "usb", event->usb);
	member_add_text(builder, "bus", event->bus);
	json_builder_end_object(builder);
}

static void add_guests(JsonBuilder *builder, const GPtrArray *guests)
{
	json_builder_begin_array(builder);
	for (guint i = 0; i < guests->len; i++)
		guest_add_json(builder, guests->pdata[i]);
	json_builder_end_array(builder);
}

static void print_json(const Found *found, const GPtrArray *events)
{
	JsonBuilder *builder = object_begin();

	member_begin_array(builder, "monitors");
	for (guint i = 0; i < found->monitors->len; i++)
		add_monitor(builder, found->monitors->pdata[i]);
	json_builder_end_array(builder);
	member_begin_array(builder, "devices");
	for (guint i = 0; i < found->devices->len; i++)
		add_device(builder, found->devices->pdata[i]);
	json_builder_end_array(builder);
	member_begin_array(builder, "inputs");
	for (guint i = 0; i < events->len; i++)
		add_event(builder, events->pdata[i]);
	json_builder_end_array(builder);
	json_builder_set_member_name(builder, "guests");
	if (found->guests != NULL)
		add_guests(builder, found->guests);
	else
		json_builder_add_null_value(builder);
	member_add_texts(builder, "unseen", found->remarks);
	object_print(builder);
}

/* The report needs neither devices nor guests. */
static void print_report(const Machine *machine, const Cli *cli)
{
	g_autofree char *sudo = cli_with_sudo(cli);
	g_autoptr(GPtrArray) remarks = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(ScanResult) scan =
		scan_run(machine->i2c, SCAN_CAPABILITIES, machine_progress, NULL);
	g_autofree char *report = report_monitors(machine, scan->monitors);

	scan_advise(scan, sudo);
	scan_remarks(scan, remarks);
	for (guint i = 0; i < remarks->len; i++)
		g_printerr("hotseat: %s\n", (char *)remarks->pdata[i]);
	fputs(report, stdout);
}

CliExit cmd_detect(const Cli *cli, char **arguments)
{
	Machine machine = machine_here();
	g_autofree char *sudo = cli_with_sudo(cli);
	g_autoptr(GPtrArray) events = NULL;
	Found found;

	if (cli_has(cli, "--report")) {
		if (cli->json)
			return cli_fail(g_error_new_literal(CLI_ERROR, CLI_USAGE,
				"detect: --report and --json exclude each other; leave one of them "
				"out"));
		print_report(&machine, cli);
		return CLI_OK;
	}
	found = machine_look(&machine, LOOK_SESSIONS | (cli_has(cli, "--hubs") ? LOOK_HUBS : 0),
		sudo, machine_progress);
	events = events_look(machine.sysfs);
	(cli->json ? print_json : print_people)(&found, events);
	found_clear(&found);
	return CLI_OK;
}
