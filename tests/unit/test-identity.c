/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether two EDIDs belong to one monitor.
 */
#include "display/identity.h"

static Edid edid(guint16 product, guint32 number, const char *model, const char *serial)
{
	Edid made = { .manufacturer = "ACR", .product = product, .number = number };

	g_strlcpy(made.model, model, sizeof made.model);
	g_strlcpy(made.serial, serial, sizeof made.serial);
	return made;
}

static void test_numbers(void)
{
	static const guint32 placeholders[] = { 0, 1, 0x01000000, 0x01010101, 0x11111111,
		0x20202020, 0xffffffff };

	for (gsize i = 0; i < G_N_ELEMENTS(placeholders); i++)
		g_assert_false(identity_number_is_credible(placeholders[i]));
	g_assert_true(identity_number_is_credible(2));
	g_assert_true(identity_number_is_credible(0x01010102));
	g_assert_true(identity_number_is_credible(1234));
}

static void test_texts(void)
{
	static const char *const placeholders[] = { "", "0", "1", "0000000000", "1111111",
		"FFFFFFFF", "01010101", "0x01010101", "16843009", "0x00000000", "xxxx" };
	static const char *const serials[] = { "1234", "GCHD1234", "T7", "ABC123", "0012", "1213" };

	for (gsize i = 0; i < G_N_ELEMENTS(placeholders); i++)
		g_assert_false(identity_text_is_credible(placeholders[i]));
	for (gsize i = 0; i < G_N_ELEMENTS(serials); i++)
		g_assert_true(identity_text_is_credible(serials[i]));
}

static void test_compare(void)
{
	static const struct {
		guint32 numbers[2];
		const char *models[2], *texts[2];
		Identity identity;
	} cases[] = {
		{ { 0, 0 }, { "A", "A" }, { "T123", "T123" }, IDENTITY_SAME },
		{ { 0, 0 }, { "A", "B" }, { "T123", "T123" }, IDENTITY_DIFFERENT },
		{ { 0, 0 }, { "A", "A" }, { "T123", "T124" }, IDENTITY_DIFFERENT },
		{ { 0, 0 }, { "A", "A" }, { "", "" }, IDENTITY_UNKNOWN },
		{ { 0, 0 }, { "A", "A" }, { "0000", "0000" }, IDENTITY_UNKNOWN },
		{ { 0, 0 }, { "A", "A" }, { "T123", "" }, IDENTITY_UNKNOWN },
		{ { 77, 77 }, { "A", "A" }, { "", "" }, IDENTITY_SAME },
		/* a text at one of the inputs only */
		{ { 77, 77 }, { "A", "A" }, { "T123", "" }, IDENTITY_SAME },
		{ { 77, 0 }, { "A", "A" }, { "T123", "T123" }, IDENTITY_SAME },
		{ { 77, 0x01010101 }, { "A", "A" }, { "T123", "T123" }, IDENTITY_SAME },
		{ { 77, 78 }, { "A", "A" }, { "", "" }, IDENTITY_DIFFERENT },
		/* Acer: one text for all, and a number for each */
		{ { 77, 78 }, { "A", "A" }, { "T123", "T123" }, IDENTITY_DIFFERENT },
		{ { 0x01010101, 0x01010101 }, { "A", "A" }, { "", "" }, IDENTITY_UNKNOWN },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		/* the product code counts for nothing */
		Edid a = edid(1, cases[i].numbers[0], cases[i].models[0], cases[i].texts[0]);
		Edid b = edid(2, cases[i].numbers[1], cases[i].models[1], cases[i].texts[1]);
		g_autoptr(GPtrArray) all = g_ptr_array_new();

		g_ptr_array_add(all, &a);
		g_ptr_array_add(all, &b);
		g_test_message("case %zu", i);
		g_assert_cmpint(identity_compare(&a, &b, all), ==, cases[i].identity);
		g_assert_cmpint(identity_compare(&b, &a, all), ==, cases[i].identity);
	}
}

/* A text that others of the model have, too, is none that tells a monitor. */
static void test_shared_text(void)
{
	Edid a = edid(1, 0, "A", "T123"), b = edid(2, 0, "A", "T123");
	Edid c = edid(1, 77, "A", "T123"), d = edid(1, 78, "A", "T123");
	g_autoptr(GPtrArray) all = g_ptr_array_new();

	g_ptr_array_add(all, &a);
	g_ptr_array_add(all, &b);
	g_assert_cmpint(identity_compare(&a, &b, all), ==, IDENTITY_SAME);
	g_ptr_array_add(all, &c);
	g_ptr_array_add(all, &d);
	g_assert_cmpint(identity_compare(&a, &b, all), ==, IDENTITY_UNKNOWN);
}

/* Numbers of another model, of another text, and those that tell nothing, say nothing of a text. */
static void test_unshared_text(void)
{
	Edid a = edid(1, 0, "A", "T123"), b = edid(2, 0, "A", "T123");
	Edid others[] = { edid(1, 77, "B", "T123"), edid(1, 78, "A", "T124"),
		edid(1, 0x01010101, "A", "T123"), edid(1, 79, "A", "T123") };
	g_autoptr(GPtrArray) all = g_ptr_array_new();

	g_ptr_array_add(all, &a);
	g_ptr_array_add(all, &b);
	for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
		g_ptr_array_add(all, &others[i]);
		g_assert_cmpint(identity_compare(&a, &b, all), ==, IDENTITY_SAME);
	}
}

/* What is on a bus now, and what was there before. */
static void test_same_again(void)
{
	Edid before = edid(1, 77, "A", "T123"), same = edid(1, 77, "A", "T123");
	Edid other_product = edid(2, 77, "A", "T123"), other_number = edid(1, 78, "A", "T123");
	Edid plain = edid(1, 0, "A", ""), plain_again = edid(1, 0, "A", "");
	Edid plain_product = edid(2, 0, "A", "");

	g_assert_true(identity_is_same(&before, &same));
	g_assert_true(identity_is_same(&before, &other_product));
	g_assert_false(identity_is_same(&before, &other_number));
	g_assert_true(identity_is_same(&plain, &plain_again));
	/* without a serial number another product is another monitor */
	g_assert_false(identity_is_same(&plain, &plain_product));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/identity/numbers", test_numbers);
	g_test_add_func("/identity/texts", test_texts);
	g_test_add_func("/identity/compare", test_compare);
	g_test_add_func("/identity/shared-text", test_shared_text);
	g_test_add_func("/identity/unshared-text", test_unshared_text);
	g_test_add_func("/identity/same-again", test_same_again);
	return g_test_run();
}
