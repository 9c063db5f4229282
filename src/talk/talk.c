/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "talk/talk.h"

#include "cli/text.h"

#include <string.h>

#define WIDTH 79 /* columns; what every terminal has */

static void append_wrapped(GString *out, const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	int used = 0;

	for (char **word = words; *word != NULL; word++) {
		int width = text_width(*word);

		if (used > 0 && used + 1 + width > WIDTH) {
			g_string_append_c(out, '\n');
			used = 0;
		}
		if (used > 0)
			g_string_append_c(out, ' ');
		g_string_append(out, *word);
		used += width + (used > 0 ? 1 : 0);
	}
	g_string_append_c(out, '\n');
}

void talk_say(Talk *talk, const char *format, ...)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autofree char *text = NULL, *clean = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	clean = text_clean(text);
	append_wrapped(out, clean);
	talk->ops->print(talk, out->str);
}

void talk_show(Talk *talk, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autoptr(GString) out = g_string_new(NULL);

	for (char **line = lines; *line != NULL; line++) {
		g_autofree char *clean = text_clean(*line);

		if (line[1] != NULL || **line != '\0')
			g_string_append_printf(out, "%s\n", clean);
	}
	talk->ops->print(talk, out->str);
}

static void print_question(Talk *talk, const char *question, const char *fallback)
{
	g_autofree char *clean = text_clean(question);
	g_autofree char *shown = text_clean(fallback);
	g_autoptr(GString) out = g_string_new(NULL);

	text_append(out, STYLE_BOLD, clean, -1);
	if (fallback != NULL)
		g_string_append_printf(out, " [%s]", shown);
	g_string_append(out, " ");
	talk->ops->print(talk, out->str);
}

char *talk_ask(Talk *talk, const char *question, const char *help, const char *fallback)
{
	for (;;) {
		g_autofree char *line = NULL;

		print_question(talk, question, fallback);
		if (talk->ops->read(talk, -1, &line) != TALK_LINE)
			return NULL;
		g_strstrip(line);
		if (g_str_equal(line, "?"))
			talk_say(talk, "%s", help);
		else if (*line == '\0' && fallback != NULL)
			return g_strdup(fallback);
		else
			return g_steal_pointer(&line);
	}
}

/* -- what an answer means --------------------------------------------------------------------- */

static int match_number(const TalkQuestion *question, const char *answer, char **why)
{
	guint64 number = 0;

	if (g_ascii_string_to_unsigned(answer, 10, 1, question->choices->len, &number, NULL))
		return (int)number - 1;
	*why = g_strdup_printf("The numbers go from 1 to %u.", question->choices->len);
	return -1;
}

/* Compares without case, in Unicode's composed form. */
static char *fold(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autofree char *normal = g_utf8_normalize(valid, -1, G_NORMALIZE_ALL_COMPOSE);

	return g_utf8_casefold(normal, -1);
}

static gboolean is_called(const TalkQuestion *question, guint i, const char *folded)
{
	const char *word = question->words != NULL ? question->words->pdata[i] : NULL;
	g_autofree char *name = fold(question->choices->pdata[i]);
	g_autofree char *other = fold(word != NULL ? word : "");

	return g_str_equal(name, folded) || (word != NULL && g_str_equal(other, folded));
}

static gboolean is_part(const TalkQuestion *question, guint i, const char *folded)
{
	g_autofree char *name = fold(question->choices->pdata[i]);

	return strstr(name, folded) != NULL;
}

int talk_match(const TalkQuestion *question, const char *answer, char **why)
{
	g_autofree char *folded = fold(answer);
	guint count = 0;
	int found = -1;

	for (guint i = 0; i < question->choices->len; i++)
		if (is_called(question, i, folded))
			return (int)i;
	if (*answer != '\0' && answer[strspn(answer, "0123456789")] == '\0')
		return match_number(question, answer, why);
	for (guint i = 0; i < question->choices->len; i++)
		if (*answer != '\0' && is_part(question, i, folded)) {
			found = (int)i;
			count++;
		}
	if (count == 1)
		return found;
	*why = count > 1
		       ? g_strdup_printf(
				 "\"%s\" could be several of these; answer with a number.", answer)
		       : g_strdup_printf("\"%s\" is none of these; answer with a number, or with a "
					 "name.",
				 answer);
	return -1;
}

/* -- choices ---------------------------------------------------------------------------------- */

static void print_choices(Talk *talk, const TalkQuestion *question)
{
	g_autoptr(GString) out = g_string_new(NULL);

	for (guint i = 0; i < question->choices->len; i++)
		g_string_append_printf(
			out, "  %2u  %s\n", i + 1, (char *)question->choices->pdata[i]);
	talk_show(talk, out->str);
}

static int choose_from(Talk *talk, const TalkQuestion *question)
{
	g_autofree char *fallback =
		question->fallback >= 0 ? g_strdup_printf("%d", question->fallback + 1) : NULL;

	for (;;) {
		g_autofree char *answer =
			talk_ask(talk, question->question, question->help, fallback);
		g_autofree char *why = NULL;
		int index;

		if (answer == NULL)
			return TALK_LEFT;
		index = *answer != '\0' ? talk_match(question, answer, &why) : -1;
		if (index >= 0)
			return index;
		talk_say(talk, "%s",
			why != NULL ? why : "Answer with a number or a name; ? explains.");
	}
}

int talk_choose(Talk *talk, const TalkQuestion *question)
{
	print_choices(talk, question);
	return choose_from(talk, question);
}

static gboolean has(const GArray *chosen, guint index)
{
	for (guint i = 0; i < chosen->len; i++)
		if (g_array_index(chosen, guint, i) == index)
			return TRUE;
	return FALSE;
}

/* Returns FALSE and the reason when a part of the answer is wrong. The whole answer may be one name
 * with spaces. */
static gboolean match_all(
	const TalkQuestion *question, const char *answer, GArray *chosen, char **why)
{
	g_auto(GStrv) parts = g_strsplit_set(answer, " ,", -1);
	g_autofree char *ignored = NULL;
	int whole = talk_match(question, answer, &ignored);

	if (whole >= 0) {
		g_array_append_val(chosen, whole);
		return TRUE;
	}
	for (char **part = parts; *part != NULL; part++) {
		int index = **part != '\0' ? talk_match(question, *part, why) : -1;

		if (index >= 0 && !has(chosen, (guint)index))
			g_array_append_val(chosen, index);
		if (*why != NULL)
			return FALSE;
	}
	return TRUE;
}

gboolean talk_choose_some(Talk *talk, const TalkQuestion *question, GArray *chosen)
{
	g_autofree char *fallback = question->fallback >= 0
					    ? g_strdup_printf("%d", question->fallback + 1)
					    : g_strdup("none");

	print_choices(talk, question);
	for (;;) {
		g_autofree char *answer =
			talk_ask(talk, question->question, question->help, fallback);
		g_autofree char *why = NULL;

		if (answer == NULL)
			return FALSE;
		g_array_set_size(chosen, 0);
		if (g_ascii_strcasecmp(answer, "none") == 0 ||
			match_all(question, answer, chosen, &why))
			return TRUE;
		talk_say(talk, "%s", why);
	}
}

gboolean talk_yes(
	Talk *talk, const char *question, const char *help, gboolean fallback, gboolean *answer)
{
	static const char *const yes[] = { "y", "yes", NULL }, *const no[] = { "n", "no", NULL };

	for (;;) {
		g_autofree char *line = talk_ask(talk, question, help, fallback ? "yes" : "no");
		g_autofree char *lower = line != NULL ? g_ascii_strdown(line, -1) : NULL;

		if (line == NULL)
			return FALSE;
		*answer = g_strv_contains(yes, lower);
		if (*answer || g_strv_contains(no, lower))
			return TRUE;
		talk_say(talk, "Answer yes or no; ? explains.");
	}
}
