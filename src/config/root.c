/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/reader.h"

static const Field kvm_fields[] = {
	/* a key of virtkvm; hotseatd never uses sudo */
	{ .key = "usesudo", .read = reader_ignored_bool },
	{ "checkguest", reader_bool, FIELD_MEMBER(Config, check_guest) },
	{ .key = NULL },
};

static const char *const unresponsive_names[] = { "home", "stay", NULL };
static const char *const report_names[] = { "pull", "paced", NULL };

const Field root_fields[] = {
	{ "kvm", reader_section, .fields = kvm_fields },
	{ "libvirt", read_libvirt, .fields = libvirt_fields },
	{ "guests", read_guests, .also = "guest|vms|vm|domains" },
	{ "http", read_http, .fields = http_fields, .also = "api|server|web|listen" },
	{ "displays", read_displays, .also = "monitors|monitor|screens|screen" },
	{ "devices", read_devices, .also = "usb|inputs|keyboards" },
	{ "evdev", read_evdev, .fields = evdev_fields },
	{ "hotkeys", read_hotkeys, .also = "hotkey|keys|shortcuts|shortcut|bindings" },
	{ "keep", read_keep, .also = "keepkeys|hostkeys" },
	{ "unresponsive", reader_choice, FIELD_MEMBER(Config, unresponsive),
		.choices = unresponsive_names, .also = "hung|hang" },
	{ "reports", reader_choice, FIELD_MEMBER(Config, reports), .choices = report_names },
	{ "commands", read_commands, .also = "hooks|scripts|run|exec" },
	{ .key = NULL },
};
