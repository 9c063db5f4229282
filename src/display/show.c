/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/show.h"

#include "common/error.h"
#include "common/input.h"

/* A busy monitor sends NAKs for about 100 ms; longer waits are left to retries in the background.
 */
static const guint write_backoff_ms[] = { 20, 50, 100, 200, 400, 0 };
static const guint read_backoff_ms[] = { 40, 80, 160, 0 };
static const guint no_backoff_ms[] = { 0 };
/* After a switch many monitors are silent, some for 10 s, and some permanently, because they accept
 * commands only on the input that they show. Ask only briefly, so that the switch is not delayed.
 */
static const guint confirm_backoff_ms[] = { 100, 200, 400, 0 };
/* The switch does not depend on it. */
static const guint save_backoff_ms[] = { 50, 100, 0 };
/* How long a monitor that still reports its old input may take to follow... */
static const guint follow_ms[] = { 100, 200, 400, 600, 1000 };
/* ...and after how many reads it is set once more: a set may get lost without a NAK. */
#define LOOKS_BEFORE_REWRITE 4

guint8 show_reads_as(const ConfigInput *input)
{
	return (guint8)(input->reads_as >= 0 ? input->reads_as : input->value & 0xff);
}

gboolean show_reads_like(GHashTable *inputs, const char *target, int reading)
{
	const ConfigInput *own = g_hash_table_lookup(inputs, target);
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, inputs);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const ConfigInput *input = value;

		if ((own == NULL || input->value != own->value) && show_reads_as(input) == reading)
			return TRUE;
	}
	return FALSE;
}

gboolean show_is_of_another(GHashTable *inputs, const char *target, int reading)
{
	const ConfigInput *own = g_hash_table_lookup(inputs, target);
	GHashTableIter iter;
	gpointer value;

	if (show_reads_like(inputs, target, reading))
		return TRUE;
	g_hash_table_iter_init(&iter, inputs);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const ConfigInput *input = value;

		if ((own == NULL || input->value != own->value) && (input->value & 0xff) == reading)
			return TRUE;
	}
	return FALSE;
}

char *show_label(guint8 feature, int code)
{
	const char *name = feature == CONFIG_FEATURE_INPUT ? input_name((guint8)code) : NULL;

	return name != NULL ? g_strdup_printf("%s (0x%02x)", name, code)
			    : g_strdup_printf("0x%02x", code);
}

/* Replaces error by one that explains why a monitor does not answer, and what to do. */
static GError *explain(DdcTalk *talk, const Shown *shown, GError *error)
{
	int bus = talk->port->bus;
	g_autoptr(GError) why = error;
	g_autoptr(GError) edid_error = NULL;
	Edid edid;

	if (!g_error_matches(why, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER))
		return g_steal_pointer(&why);
	if (!ddc_read_edid(talk, &edid, &edid_error) &&
		g_error_matches(edid_error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER))
		return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_NO_MONITOR,
			"no monitor answers on /dev/i2c-%d; check its cable, and that it has power",
			bus);
	if (shown->answered)
		return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER,
			"the monitor on /dev/i2c-%d has stopped answering DDC/CI (%s); it may "
			"accept commands only on its active input: use its buttons, or the agent "
			"in the guest",
			bus, why->message);
	return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER,
		"the monitor on /dev/i2c-%d does not answer DDC/CI (%s); enable DDC/CI in its "
		"menu, or switch it to this computer's input",
		bus, why->message);
}

gboolean show_is_unreliable(const Shown *shown)
{
	return shown->mute || shown->unreliable;
}

static void take_reading(Shown *shown, guint8 input)
{
	shown->answered = TRUE;
	shown->mute = input == 0 && !shown->zero_counts;
	shown->confirmed = !show_is_unreliable(shown);
	if (!shown->mute)
		shown->read = input;
	if (shown->confirmed)
		shown->input = input;
}

/* Reads the input; a refusal is an answer too. */
static gboolean ask(DdcTalk *talk, Shown *shown, const guint *backoff_ms, GError **error)
{
	g_autoptr(GError) why = NULL;
	guint8 input;

	if (ddc_get(talk, &input, backoff_ms, &why)) {
		take_reading(shown, input);
		return TRUE;
	}
	if (g_error_matches(why, HOTSEAT_ERROR, HOTSEAT_ERROR_UNSUPPORTED)) {
		shown->mute = shown->answered = TRUE;
		shown->confirmed = FALSE;
		return TRUE;
	}
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

/* It was set to an input on which it ignores this bus, so silence is expected. */
static gboolean silent_as_left(const Shown *shown, const GError *error)
{
	return shown->input >= 0 && !shown->confirmed &&
	       g_error_matches(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER);
}

void show_look(DdcTalk *talk, Shown *shown, gboolean once, GError **error)
{
	GError *why = NULL;

	if (ask(talk, shown, once ? no_backoff_ms : read_backoff_ms, &why))
		return;
	if (!once)
		why = explain(talk, shown, why);
	if (silent_as_left(shown, why))
		g_error_free(why);
	else
		g_propagate_error(error, why);
}

static void not_followed(DdcTalk *talk, Shown *shown, const ConfigInput *input, GError **error)
{
	g_autofree char *wanted = show_label(talk->feature.code, input->value);
	g_autofree char *shows = show_label(talk->feature.code, shown->input);

	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NOT_FOLLOWED,
		"the monitor on /dev/i2c-%d accepted %s but still shows %s", talk->port->bus,
		wanted, shows);
	shown->unreliable = TRUE;
}

static gboolean stopped(DdcTalk *talk, GError **error)
{
	if (!g_cancellable_is_cancelled(talk->cancel))
		return FALSE;
	g_set_error_literal(error, HOTSEAT_ERROR, HOTSEAT_ERROR_CANCELLED,
		"stopped: replaced by a newer request");
	return TRUE;
}

void shown_assume(Shown *shown, const ConfigInput *input)
{
	shown->input = show_reads_as(input);
	shown->confirmed = FALSE;
}

/* Writes the input. Some monitors apply it only with "save settings" (ddcutil #136, #236). */
static gboolean write_input(
	DdcTalk *talk, const Shown *shown, const ConfigInput *input, GError **error)
{
	g_autoptr(GError) why = NULL;

	if (!ddc_set(talk, input->value, write_backoff_ms, error))
		return FALSE;
	if (shown->must_save && !ddc_save(talk, save_backoff_ms, &why))
		g_info("the monitor on /dev/i2c-%d did not accept \"save settings\": %s",
			talk->port->bus, why->message);
	return TRUE;
}

/* before: what it reported before the write, if that equals the previous write; otherwise -1. The
 * report is reliable if it follows two writes in a row. One is not enough: many monitors report
 * some of their inputs correctly and others wrong. */
static void trust_again(Shown *shown, const ConfigInput *input, int before)
{
	guint8 wanted = show_reads_as(input);

	if (shown->read != wanted || before < 0 || before == wanted)
		return;
	shown->unreliable = FALSE;
	take_reading(shown, wanted);
}

/* Reads back. It is not an error if that fails, because the monitor has accepted the value. */
static void confirm(
	DdcTalk *talk, Shown *shown, const ConfigInput *input, int before, GError **error)
{
	for (guint looks = 1;; looks++) {
		gboolean answers = ask(talk, shown, confirm_backoff_ms, NULL);

		trust_again(shown, input, before);
		if (!answers || show_is_unreliable(shown)) {
			shown_assume(shown, input);
			return;
		}
		if (shown->input == show_reads_as(input))
			return;
		if (looks > G_N_ELEMENTS(follow_ms)) {
			not_followed(talk, shown, input, error);
			return;
		}
		if (looks == LOOKS_BEFORE_REWRITE)
			write_input(talk, shown, input, NULL);
		ddc_wait(talk, follow_ms[looks - 1]);
		if (stopped(talk, error)) {
			/* it may still follow, so a request for another input must write */
			shown_assume(shown, input);
			return;
		}
	}
}

gboolean show_write(DdcTalk *talk, const Shown *shown, guint16 value, GError **error)
{
	GError *why = NULL;

	if (stopped(talk, error))
		return FALSE;
	if (ddc_set(talk, value, write_backoff_ms, &why))
		return TRUE;
	g_propagate_error(error, explain(talk, shown, why));
	return FALSE;
}

void show_input(
	DdcTalk *talk, Shown *shown, const ConfigInput *input, gboolean *written, GError **error)
{
	guint8 wanted = show_reads_as(input);
	GError *why = NULL;
	int before;

	*written = FALSE;
	/* reading takes 45 ms, so it is done only if it may save a write */
	if (!show_is_unreliable(shown) && (shown->input < 0 || shown->input == wanted)) {
		if (ask(talk, shown, read_backoff_ms, NULL) && shown->confirmed &&
			shown->input == wanted)
			return;
	}
	if (stopped(talk, error))
		return;
	if (!write_input(talk, shown, input, &why)) {
		why = explain(talk, shown, why);
		if (!show_is_unreliable(shown) && shown->input == wanted &&
			silent_as_left(shown, why))
			g_error_free(why);
		else
			g_propagate_error(error, why);
		return;
	}
	*written = TRUE;
	before = shown->read == shown->written ? shown->read : -1;
	shown->written = wanted;
	shown_assume(shown, input);
	if (!shown->mute)
		confirm(talk, shown, input, before, error);
}
