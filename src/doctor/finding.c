/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doctor/finding.h"

#include "common/command.h"

static void finding_free(gpointer data)
{
	Finding *finding = data;

	g_free(finding->thing);
	g_free(finding->message);
	g_free(finding->command);
	g_free(finding->advice);
	g_free(finding);
}

Findings *findings_new(gboolean sudo)
{
	Findings *findings = g_new0(Findings, 1);

	findings->list = g_ptr_array_new_with_free_func(finding_free);
	findings->sudo = sudo;
	return findings;
}

void findings_free(Findings *findings)
{
	g_ptr_array_unref(findings->list);
	g_free(findings);
}

guint findings_count(const Findings *findings, FindingLevel level)
{
	guint count = 0;

	for (guint i = 0; i < findings->list->len; i++)
		count += ((const Finding *)findings->list->pdata[i])->level == level;
	return count;
}

FindingLevel finding_level_of(gboolean optional)
{
	return optional ? FINDING_WARNING : FINDING_PROBLEM;
}

const char *finding_level_name(FindingLevel level)
{
	static const char *const names[] = {
		[FINDING_OK] = "ok",
		[FINDING_WARNING] = "warning",
		[FINDING_PROBLEM] = "problem",
	};

	return names[level];
}

static Finding *add(Findings *findings, FindingLevel level, const char *thing, const char *format,
	va_list arguments) G_GNUC_PRINTF(4, 0);

static Finding *add(Findings *findings, FindingLevel level, const char *thing, const char *format,
	va_list arguments)
{
	Finding *finding = g_new0(Finding, 1);

	finding->area = findings->area;
	finding->thing = g_strdup(thing);
	finding->level = level;
	finding->sudo = findings->sudo;
	finding->message = g_strdup_vprintf(format, arguments);
	g_ptr_array_add(findings->list, finding);
	return finding;
}

/* the three are what makes a check read well */
#define ADD(name, level)                                                                           \
	Finding *name(Findings *findings, const char *thing, const char *format, ...)              \
	{                                                                                          \
		Finding *finding;                                                                  \
		va_list arguments;                                                                 \
                                                                                                   \
		va_start(arguments, format);                                                       \
		finding = add(findings, level, thing, format, arguments);                          \
		va_end(arguments);                                                                 \
		return finding;                                                                    \
	}

ADD(finding_ok, FINDING_OK)
ADD(finding_warning, FINDING_WARNING)
ADD(finding_problem, FINDING_PROBLEM)

Finding *finding_at(
	Findings *findings, FindingLevel level, const char *thing, const char *format, ...)
{
	Finding *finding;
	va_list arguments;

	va_start(arguments, format);
	finding = add(findings, level, thing, format, arguments);
	va_end(arguments);
	return finding;
}

static void append(Finding *finding, gboolean root, const char *command, const char *words)
{
	g_autofree char *old = finding->command;

	finding->command = g_strconcat(old != NULL ? old : "", old != NULL ? " && " : "",
		root && finding->sudo ? "sudo " : "", command, *words != '\0' ? " " : "", words,
		NULL);
}

static void append_words(Finding *finding, gboolean root, const char *command, va_list words)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	g_autofree char *text = NULL;
	const char *word;

	while ((word = va_arg(words, const char *)) != NULL)
		g_ptr_array_add(list, (gpointer)word);
	g_ptr_array_add(list, NULL);
	text = command_text((const char *const *)list->pdata);
	append(finding, root, command, text);
}

void finding_run(Finding *finding, const char *command, ...)
{
	va_list words;

	va_start(words, command);
	append_words(finding, FALSE, command, words);
	va_end(words);
}

void finding_run_as_root(Finding *finding, const char *command, ...)
{
	va_list words;

	va_start(words, command);
	append_words(finding, TRUE, command, words);
	va_end(words);
}

void finding_script_as_root(Finding *finding, const char *format, ...)
{
	g_autofree char *script = NULL, *quoted = NULL;
	va_list arguments;

	va_start(arguments, format);
	script = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	quoted = g_shell_quote(script);
	append(finding, TRUE, "sh -c", quoted);
}

void finding_advise(Finding *finding, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_free(finding->advice);
	finding->advice = g_strdup_vprintf(format, arguments);
	va_end(arguments);
}
