/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/lg.h"

#include "common/input.h"

/* feature 0x60's code, and LG's for the same socket */
static const struct {
	guint8 standard, own;
} codes[] = {
	{ 0x0f, 0xd0 }, /* DisplayPort-1 */
	{ 0x10, 0xd1 }, /* DisplayPort-2 */
	{ 0x11, 0x90 }, /* HDMI-1 */
	{ 0x12, 0x91 }, /* HDMI-2 */
	{ 0x1b, 0xd1 }, /* USB-C */
};

static int usual_code(int standard)
{
	for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
		if (codes[i].standard == standard)
			return codes[i].own;
	return -1;
}

int lg_code(const MonitorModel *model, int standard)
{
	const char *name = input_name((guint8)standard);

	if (model == NULL || model->feature != LG_FEATURE || name == NULL)
		return usual_code(standard);
	for (guint i = 0; i < model->inputs->len; i++) {
		const ModelInput *input = &g_array_index(model->inputs, ModelInput, i);
		g_autofree char *first = g_strconcat(input->connector, "-1", NULL);

		if (g_str_equal(input->connector, name) || g_str_equal(first, name))
			return input->code;
	}
	return usual_code(standard);
}
