/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/identity.h"

#include <string.h>

gboolean identity_number_is_credible(guint32 number)
{
	guint32 byte = number & 0xff;
	/* in either byte order */
	gboolean one = number == 1 || number == GUINT32_SWAP_LE_BE_CONSTANT(1u);

	return !one && number != byte * 0x01010101u;
}

/* "1111", "0101", "123123": does the text only repeat a short pattern? */
static gboolean repeats(const char *text, gsize length)
{
	for (gsize period = 1; period <= MIN(length / 2, 2); period++) {
		gsize i = period;

		while (i < length && text[i] == text[i - period])
			i++;
		if (i == length)
			return TRUE;
	}
	return length == 1;
}

gboolean identity_text_is_credible(const char *text)
{
	guint64 number;
	const char *digits = g_ascii_strncasecmp(text, "0x", 2) == 0 ? text + 2 : text;

	if (*digits == '\0' || repeats(digits, strlen(digits)))
		return FALSE;
	/* a placeholder for the binary number, as text */
	if (g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT32, &number, NULL) ||
		g_ascii_string_to_unsigned(digits, 16, 0, G_MAXUINT32, &number, NULL))
		return identity_number_is_credible((guint32)number);
	return TRUE;
}

static gboolean same_model(const Edid *a, const Edid *b)
{
	return strcmp(a->manufacturer, b->manufacturer) == 0 && strcmp(a->model, b->model) == 0;
}

/* Do monitors of this model with this text have different numbers? */
static gboolean text_is_shared(const Edid *edid, const GPtrArray *all)
{
	guint32 number = 0;

	for (guint i = 0; i < all->len; i++) {
		const Edid *other = all->pdata[i];

		if (!same_model(edid, other) || strcmp(edid->serial, other->serial) != 0 ||
			!identity_number_is_credible(other->number))
			continue;
		if (number != 0 && number != other->number)
			return TRUE;
		number = other->number;
	}
	return FALSE;
}

static gboolean has_text(const Edid *edid, const GPtrArray *all)
{
	return identity_text_is_credible(edid->serial) && !text_is_shared(edid, all);
}

static gboolean has_number(const Edid *edid)
{
	return identity_number_is_credible(edid->number);
}

Identity identity_compare(const Edid *a, const Edid *b, const GPtrArray *all)
{
	gboolean texts = has_text(a, all) && has_text(b, all);
	gboolean numbers = has_number(a) && has_number(b);

	if (!same_model(a, b))
		return IDENTITY_DIFFERENT;
	if (texts && strcmp(a->serial, b->serial) != 0)
		return IDENTITY_DIFFERENT;
	if (numbers && a->number != b->number)
		return IDENTITY_DIFFERENT;
	return texts || numbers ? IDENTITY_SAME : IDENTITY_UNKNOWN;
}

gboolean identity_is_same(const Edid *a, const Edid *b)
{
	g_autoptr(GPtrArray) both = g_ptr_array_new();

	if (edid_equal(a, b))
		return TRUE;
	g_ptr_array_add(both, (gpointer)a);
	g_ptr_array_add(both, (gpointer)b);
	return identity_compare(a, b, both) == IDENTITY_SAME;
}
