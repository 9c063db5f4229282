/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the strings in tests/capabilities, and says what it read as their headers do.
 */
#include "display/capabilities.h"

#include <string.h>

static const char *const of_the_file[] = { "monitor: ", "source: ", "edid: ", "escaped: " };

static void add_line(GString *s, const char *key, const char *value)
{
	if (value[0] != '\0')
		g_string_append_printf(s, "%s: %s\n", key, value);
}

static void add_values(GString *s, const char *key, const CapabilitiesValues *values)
{
	if (values->length == 0)
		return;
	g_string_append_printf(s, "%s:", key);
	for (guint i = 0; i < values->length; i++)
		g_string_append_printf(s, " %02X", values->codes[i]);
	g_string_append_c(s, '\n');
}

static void add_damage(GString *s, CapabilitiesDamage damage)
{
	static const char *const names[] = { "unbalanced", "cut-off", "unreadable", "no-features" };

	g_string_append(s, "damage:");
	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		if ((guint)damage & 1u << i)
			g_string_append_printf(s, " %s", names[i]);
	g_string_append(s, damage == 0 ? " none\n" : "\n");
}

static char *describe(const Capabilities *capabilities)
{
	GString *s = g_string_new(NULL);
	guint features = 0;

	for (int i = 0; i < 256; i++)
		features += capabilities_has(capabilities, (guint8)i) ? 1 : 0;
	add_line(s, "protocol", capabilities->protocol);
	add_line(s, "type", capabilities->type);
	add_line(s, "model", capabilities->model);
	if (capabilities->mccs_major != 0)
		g_string_append_printf(
			s, "version: %u.%u\n", capabilities->mccs_major, capabilities->mccs_minor);
	g_string_append_printf(s, "features: %u\n", features);
	add_values(s, "inputs", &capabilities->inputs);
	add_values(s, "lg-inputs", &capabilities->lg_inputs);
	add_damage(s, capabilities->damage);
	if (capabilities->list_damaged)
		g_string_append(s, "list-damaged: yes\n");
	g_assert_true(capabilities->damage != 0 || !capabilities->list_damaged);
	return g_string_free(s, FALSE);
}

/* "\x1f" becomes one byte. Returns the length. */
static gsize unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from != '\0'; to++) {
		if (from[0] == '\\' && from[1] == 'x') {
			*to = (char)(g_ascii_xdigit_value(from[2]) << 4 |
				     g_ascii_xdigit_value(from[3]));
			from += 4;
		} else {
			*to = *from++;
		}
	}
	return (gsize)(to - text);
}

/* The lines of the header that say what is read, behind those about the file. */
static const char *expected_of(const char *header)
{
	for (guint i = 0; i < G_N_ELEMENTS(of_the_file); i++)
		if (g_str_has_prefix(header, of_the_file[i]))
			header = strchr(header, '\n') + 1;
	return header;
}

static void test_file(gconstpointer data)
{
	const char *path = data;
	g_autofree char *file = NULL, *read = NULL;
	g_autoptr(GError) error = NULL;
	Capabilities capabilities;
	gsize length;
	char *text;

	g_file_get_contents(path, &file, &length, &error);
	g_assert_no_error(error);
	text = strstr(file, "\n\n");
	g_assert_nonnull(text);
	g_assert_true(g_str_has_suffix(file, "\n"));
	file[length - 1] = '\0';
	text[1] = '\0';
	text += 2;
	length = strstr(file, "\nescaped: yes\n") != NULL ? unescape(text) : strlen(text);
	capabilities_parse(text, length, &capabilities);
	read = describe(&capabilities);
	g_assert_cmpstr(read, ==, expected_of(file));
}

/* Cut anywhere, a string never says of an input more than the whole one did. */
static void test_cut(void)
{
	static const char text[] = "(prot(monitor)model(X)vcp(10 60(0F 10 11)DF)mccs_ver(2.1))";
	static const guint8 inputs[] = { 0x0f, 0x10, 0x11 };

	for (gsize length = 0; length < strlen(text); length++) {
		Capabilities capabilities;

		capabilities_parse(text, length, &capabilities);
		g_assert_cmphex(capabilities.damage, !=, 0);
		g_assert_cmpuint(capabilities.inputs.length, <=, sizeof inputs);
		g_assert_cmpint(
			memcmp(capabilities.inputs.codes, inputs, capabilities.inputs.length), ==,
			0);
	}
}

/* as long as it may be, and longer */
static void test_long_text(void)
{
	g_autofree char *most = g_strnfill(CAPABILITIES_TEXT - 1, 'm');
	g_autofree char *exact = g_strdup_printf("(model(%s)vcp(10))", most);
	g_autofree char *more = g_strdup_printf("(model(%sn)vcp(10))", most);
	Capabilities capabilities;

	capabilities_parse(exact, strlen(exact), &capabilities);
	g_assert_cmpstr(capabilities.model, ==, most);
	capabilities_parse(more, strlen(more), &capabilities);
	g_assert_cmpstr(capabilities.model, ==, most);
	g_assert_cmphex(capabilities.damage, ==, 0);
}

/* every code there is, several times */
static void test_all_values(void)
{
	g_autoptr(GString) s = g_string_new("vcp(60(");
	Capabilities capabilities;

	for (guint i = 0; i < 600; i++)
		g_string_append_printf(s, "%02x", i & 0xff);
	g_string_append(s, "))");
	capabilities_parse(s->str, s->len, &capabilities);
	g_assert_cmpuint(capabilities.inputs.length, ==, 256);
	for (guint i = 0; i < 256; i++)
		g_assert_cmphex(capabilities.inputs.codes[i], ==, i);
}

/* far deeper than anything that recurses would survive */
static void test_deep(void)
{
	const gsize length = 1 << 22;
	g_autofree char *text = g_strnfill(length, '(');
	Capabilities capabilities;

	memcpy(text, "(vcp(60(11 ", 11);
	capabilities_parse(text, length, &capabilities);
	g_assert_cmphex(capabilities.damage, ==, CAPABILITIES_CUT_OFF);
	g_assert_true(capabilities_has(&capabilities, 0x60));
}

static void add_files(GPtrArray *paths)
{
	g_autofree char *folder = g_test_build_filename(G_TEST_DIST, "..", "capabilities", NULL);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	g_assert_nonnull(dir);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *test = g_strconcat("/capabilities/", name, NULL);

		if (!g_str_has_suffix(name, ".txt"))
			continue;
		g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
		g_test_add_data_func(test, paths->pdata[paths->len - 1], test_file);
	}
	g_assert_cmpuint(paths->len, >, 0);
}

int main(int argc, char **argv)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);

	g_test_init(&argc, &argv, NULL);
	add_files(paths);
	g_test_add_func("/capabilities/cut", test_cut);
	g_test_add_func("/capabilities/long-text", test_long_text);
	g_test_add_func("/capabilities/all-values", test_all_values);
	g_test_add_func("/capabilities/deep", test_deep);
	return g_test_run();
}
