/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/input.h"

/* aliases: without case, '-', '_' and spaces */
static const struct {
	guint8 code;
	const char *name;
	const char *aliases[4];
} inputs[] = {
	{ 0x01, "VGA-1", { "vga1", "vga", "analog1" } },
	{ 0x02, "VGA-2", { "vga2", "analog2" } },
	{ 0x03, "DVI-1", { "dvi1", "dvi" } },
	{ 0x04, "DVI-2", { "dvi2" } },
	{ 0x05, "Composite-1", { "composite1", "composite" } },
	{ 0x06, "Composite-2", { "composite2" } },
	{ 0x07, "S-Video-1", { "svideo1", "svideo" } },
	{ 0x08, "S-Video-2", { "svideo2" } },
	{ 0x09, "Tuner-1", { "tuner1", "tuner" } },
	{ 0x0a, "Tuner-2", { "tuner2" } },
	{ 0x0b, "Tuner-3", { "tuner3" } },
	{ 0x0c, "Component-1", { "component1", "component" } },
	{ 0x0d, "Component-2", { "component2" } },
	{ 0x0e, "Component-3", { "component3" } },
	{ 0x0f, "DisplayPort-1", { "dp1", "dp", "displayport1", "displayport" } },
	{ 0x10, "DisplayPort-2", { "dp2", "displayport2" } },
	{ 0x11, "HDMI-1", { "hdmi1", "hdmi" } },
	{ 0x12, "HDMI-2", { "hdmi2" } },
	{ 0x1b, "USB-C", { "usbc", "usbc1", "typec" } },
};

static char *normalise(const char *name)
{
	GString *s = g_string_new(NULL);

	for (; *name != '\0'; name++)
		if (*name != '-' && *name != '_' && *name != ' ')
			g_string_append_c(s, g_ascii_tolower(*name));
	return g_string_free(s, FALSE);
}

int input_code(const char *name)
{
	g_autofree char *wanted = normalise(name);

	for (gsize i = 0; i < G_N_ELEMENTS(inputs); i++)
		for (gsize j = 0; j < G_N_ELEMENTS(inputs[i].aliases); j++)
			if (g_strcmp0(inputs[i].aliases[j], wanted) == 0)
				return inputs[i].code;
	return -1;
}

const char *input_name(guint8 code)
{
	for (gsize i = 0; i < G_N_ELEMENTS(inputs); i++)
		if (inputs[i].code == code)
			return inputs[i].name;
	return NULL;
}

const char *const *input_names(void)
{
	static const char *names[G_N_ELEMENTS(inputs) + 1];

	for (gsize i = 0; i < G_N_ELEMENTS(inputs); i++)
		names[i] = inputs[i].aliases[0];
	return names;
}
