/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/capabilities.h"

#include <string.h>

#define FEATURE_INPUT	 0x60 /* MCCS 2.2a: Input Select */
#define FEATURE_LG_INPUT 0xf4 /* ddcutil wiki, "Switching input source on LG monitors" */

/* A piece of the string: from begin up to before end. */
typedef struct {
	const char *begin, *end;
} Slice;

typedef struct {
	const char *begin; /* where the last section ended */
	Slice rest;	   /* what is still to be read */
	Capabilities *out;
	gboolean closed; /* the section being read ends with its parenthesis */
	gboolean listed; /* the list of features was read already */
} CapabilityReader;

typedef struct {
	const char *name;
	/* Does it begin a section even inside another one (whose end is then missing), or at the
	 * end of another word? Not if it is a usual word, or is allowed there: MCCS 2.2a has
	 * window1(type (PIP) ...). */
	gboolean anywhere;
	void (*read)(CapabilityReader *reader, Slice content); /* NULL: the section is ignored */
} Section;

static gboolean is_space(char c)
{
	return !g_ascii_isgraph(c);
}

static gboolean ends_word(char c)
{
	return is_space(c) || c == '(' || c == ')';
}

static gsize size_of(Slice slice)
{
	return (gsize)(slice.end - slice.begin);
}

static void damage(CapabilityReader *reader, CapabilitiesDamage how)
{
	reader->out->damage |= how;
}

static void damage_list(CapabilityReader *reader, CapabilitiesDamage how)
{
	damage(reader, how);
	reader->out->list_damaged = TRUE;
}

/* Removes the spaces at the front of slice. Bytes that are not text are treated as spaces. */
static void skip_spaces(CapabilityReader *reader, Slice *slice)
{
	for (; slice->begin < slice->end && is_space(*slice->begin); slice->begin++)
		if (!g_ascii_isspace(*slice->begin) && !g_ascii_isprint(*slice->begin))
			damage(reader, CAPABILITIES_UNREADABLE);
}

/* Removes a word, which may be empty, from the front of slice. */
static Slice take_word(Slice *slice)
{
	Slice word = { slice->begin, slice->begin };

	while (word.end < slice->end && !ends_word(*word.end))
		word.end++;
	slice->begin = word.end;
	return word;
}

/* -- texts ------------------------------------------------------------------------------------- */

/* Keeps the first one: a string may repeat a section, even damaged. */
static void keep_text(CapabilityReader *reader, char text[CAPABILITIES_TEXT], Slice content)
{
	gsize length = MIN(size_of(content), CAPABILITIES_TEXT - 1);

	if (text[0] != '\0')
		return;
	for (gsize i = 0; i < length; i++) {
		gboolean readable = g_ascii_isprint(content.begin[i]);

		text[i] = readable ? content.begin[i] : ' ';
		if (!readable)
			damage(reader, CAPABILITIES_UNREADABLE);
	}
	text[length] = '\0';
	g_strstrip(text);
}

static void read_protocol(CapabilityReader *reader, Slice content)
{
	keep_text(reader, reader->out->protocol, content);
}

static void read_type(CapabilityReader *reader, Slice content)
{
	keep_text(reader, reader->out->type, content);
}

static void read_model(CapabilityReader *reader, Slice content)
{
	keep_text(reader, reader->out->model, content);
}

/* "2.1"; Sony: "0201" */
static void read_version(CapabilityReader *reader, Slice content)
{
	Capabilities *out = reader->out;
	guint8 digits[4];
	guint n = 0;

	for (const char *c = content.begin; c < content.end && n < sizeof digits; c++)
		if (g_ascii_isdigit(*c))
			digits[n++] = (guint8)g_ascii_digit_value(*c);
	if (n != 2 && n != 4) {
		damage(reader, CAPABILITIES_UNREADABLE);
	} else if (out->mccs_major == 0) {
		out->mccs_major = digits[n / 2 - 1];
		out->mccs_minor = digits[n - 1];
	}
}

/* -- features ---------------------------------------------------------------------------------- */

static gboolean is_hex(Slice word)
{
	for (const char *c = word.begin; c < word.end; c++)
		if (!g_ascii_isxdigit(*c))
			return FALSE;
	return size_of(word) > 0;
}

/* The meaning of a word in the list of features: a feature, an input, or a value of another
 * feature. The last may be unreadable without harm: Dell's F5 has values of three digits. */
typedef struct {
	guint depth;	 /* 0: a feature, 1: a value of feature, 2: inside a value */
	int feature;	 /* -1: unreadable */
	guint8 last;	 /* the last code that was read, of any kind */
	gboolean packed; /* codes of features stand together: "ECEFFD" is three of them */
} CapabilityPlace;

static CapabilitiesValues *values_at(CapabilityReader *reader, const CapabilityPlace *place)
{
	if (place->depth == 1 && place->feature == FEATURE_INPUT)
		return &reader->out->inputs;
	if (place->depth == 1 && place->feature == FEATURE_LG_INPUT)
		return &reader->out->lg_inputs;
	return NULL;
}

static void add_code(CapabilityReader *reader, CapabilityPlace *place, guint8 code)
{
	CapabilitiesValues *values = values_at(reader, place);

	place->last = code;
	if (place->depth == 0) {
		reader->out->features[code / 32] |= 1u << code % 32;
		place->feature = code;
	} else if (values != NULL && memchr(values->codes, code, values->length) == NULL) {
		values->codes[values->length++] = code;
	}
}

static void skip_code(CapabilityReader *reader, CapabilityPlace *place)
{
	if (place->depth == 0 || values_at(reader, place) != NULL)
		damage(reader, CAPABILITIES_UNREADABLE);
	if (place->depth == 0)
		place->feature = -1;
}

/* TPV's own features have codes of six digits: "E2A060(00 01)". LG, AOC and Sony write several
 * codes of two digits without spaces, but then not always three of them. */
static gboolean is_long_code(const CapabilityPlace *place, Slice word)
{
	return place->depth == 0 && size_of(word) == 6 &&
	       (!place->packed || g_ascii_strncasecmp(word.begin, "E2A0", 4) == 0);
}

/* A code of two digits (or of one: "D6(1 4)"), or several without spaces between them. */
static void read_codes(CapabilityReader *reader, CapabilityPlace *place, Slice word)
{
	if (is_hex(word) && is_long_code(place, word)) {
		place->feature = -1;
		return;
	}
	if (!is_hex(word) || (size_of(word) > 1 && size_of(word) % 2 != 0)) {
		skip_code(reader, place);
		return;
	}
	while (word.begin < word.end) {
		int code = g_ascii_xdigit_value(*word.begin++);

		if (word.begin < word.end)
			code = code << 4 | g_ascii_xdigit_value(*word.begin++);
		add_code(reader, place, (guint8)code);
	}
}

/* before: the character before the parenthesis. */
static void open_list(CapabilityReader *reader, CapabilityPlace *place, const char *before)
{
	CapabilitiesValues *inputs = &reader->out->inputs;

	if (place->depth != 1 || place->feature != FEATURE_INPUT || !g_ascii_isxdigit(*before)) {
		place->depth++;
		return;
	}
	/* "60(0F 11 AA(01 02)": an input has no values, so AA is a feature, and the words before it
	 * may be features too */
	damage_list(reader, CAPABILITIES_UNBALANCED);
	if (inputs->length > 0 && inputs->codes[inputs->length - 1] == place->last)
		inputs->length--;
	place->depth = 0;
	add_code(reader, place, place->last);
	place->depth = 1;
}

/* Does the list have words of several codes? Three features are not counted, because they look like
 * a long code, nor are values of four digits: LG's "69(5000 5500)". */
static gboolean is_packed(Slice content)
{
	guint depth = 0;

	while (content.begin < content.end) {
		Slice word = take_word(&content);

		if (is_hex(word) && size_of(word) >= 4 && size_of(word) != (depth == 0 ? 6 : 4))
			return TRUE;
		if (content.begin == content.end)
			break;
		if (*content.begin == '(')
			depth++;
		else if (*content.begin == ')' && depth > 0)
			depth--;
		content.begin++;
	}
	return FALSE;
}

/* "02 10 60(01 03 0F) DC(00 (01 02) 05)": codes of features, some with values; in HP's strings some
 * values have values too */
static void read_features(CapabilityReader *reader, Slice content)
{
	CapabilityPlace place = { 0, -1, 0, is_packed(content) };

	reader->listed = TRUE;
	for (skip_spaces(reader, &content); content.begin < content.end;
		skip_spaces(reader, &content)) {
		Slice word = take_word(&content);
		gboolean torn = content.begin == content.end && !reader->closed;

		if (torn && size_of(word) == 1)
			skip_code(reader, &place);
		else if (size_of(word) > 0)
			read_codes(reader, &place, word);
		else if (*content.begin++ == '(')
			open_list(reader, &place, content.begin - 2);
		else if (place.depth > 0)
			place.depth--;
	}
}

/* -- sections ---------------------------------------------------------------------------------- */

static const Section sections[] = {
	{ "prot", FALSE, read_protocol },
	{ "type", FALSE, read_type },
	{ "model", TRUE, read_model },
	{ "cmds", TRUE, NULL },
	{ "vcp", TRUE, read_features },
	{ "mccs_ver", TRUE, read_version },
	{ "mswhql", TRUE, NULL },
	{ "asset_eep", TRUE, NULL },
};

static gboolean ends_with(Slice word, const char *name)
{
	gsize length = strlen(name);

	return size_of(word) >= length && g_ascii_strncasecmp(word.end - length, name, length) == 0;
}

/* The section whose name is word or the end of word, or NULL. */
static const Section *find_section(Slice word, gboolean anywhere)
{
	for (gsize i = 0; i < G_N_ELEMENTS(sections); i++) {
		const Section *section = &sections[i];

		if (ends_with(word, section->name) &&
			(section->anywhere ||
				(!anywhere && size_of(word) == strlen(section->name))))
			return section;
	}
	return NULL;
}

/* The word before at, in content, also if a space follows it: "type (". */
static Slice word_before(Slice content, const char *at)
{
	Slice word = { at, at };

	while (word.end > content.begin && is_space(word.end[-1]))
		word.end--;
	word.begin = word.end;
	while (word.begin > content.begin && !ends_word(word.begin[-1]))
		word.begin--;
	return word;
}

/* Behind the data in "128(...)", ACCESS.bus 3.0, 7: "edid bin(128(...))", which may contain
 * parentheses; without such data, the same position. */
static const char *skip_binary(const char *at, const char *end)
{
	const char *begin = at;
	gsize length = 0;

	for (; at < end && g_ascii_isdigit(*at) && length < 4096; at++)
		length = length * 10 + (gsize)g_ascii_digit_value(*at);
	while (at < end && *at == ' ')
		at++;
	if (at == begin || at == end || *at != '(' || (gsize)(end - at) < length + 2 ||
		at[length + 1] != ')')
		return begin;
	return at + length + 2;
}

/* The section that begins with the parenthesis at at, before content has ended; *name is its
 * beginning. */
static const Section *find_next(Slice content, const char *at, const char **name)
{
	Slice word = word_before(content, at);
	const Section *section = find_section(word, TRUE);

	if (section != NULL)
		*name = word.end - strlen(section->name);
	return section;
}

/* Removes everything up to the closing parenthesis, or, if that is missing, up to the next section
 * or the end. */
static Slice take_content(CapabilityReader *reader)
{
	Slice content = reader->rest;
	const char *at = content.begin;
	guint depth = 1;

	for (; at < content.end; at++) {
		if (*at == ')' && --depth == 0)
			break;
		if (*at != '(')
			continue;
		if (find_next(content, at, &at) != NULL)
			break;
		depth++;
	}
	reader->closed = depth == 0;
	if (!reader->closed)
		damage(reader, at < content.end ? CAPABILITIES_UNBALANCED : CAPABILITIES_CUT_OFF);
	reader->rest.begin = reader->closed ? at + 1 : at;
	content.end = at;
	return content;
}

/* A section without an end damages the list of features if it is that list, or if it reaches to the
 * end of the string, so that it may contain the list. */
static void check_list(CapabilityReader *reader, const Section *section, Slice content)
{
	gboolean is_list = section != NULL && section->read == read_features;
	gboolean is_last = content.end == reader->rest.end;

	if (reader->closed)
		return;
	if (is_list ? size_of(content) > 0 || is_last : !reader->listed && is_last)
		reader->out->list_damaged = TRUE;
}

static void read_section(CapabilityReader *reader, const Section *section)
{
	Slice content = take_content(reader);

	check_list(reader, section, content);
	reader->begin = reader->rest.begin;
	if (section != NULL && section->read != NULL)
		section->read(reader, content);
}

/* Removes a parenthesis at the front of the rest. */
static gboolean take_opening(CapabilityReader *reader)
{
	Slice rest = reader->rest;

	skip_spaces(reader, &rest);
	if (rest.begin == rest.end || *rest.begin != '(')
		return FALSE;
	reader->rest.begin = rest.begin + 1;
	return TRUE;
}

/* LG: "type(lcd)27UD58cmds(01 02)": text before a section is the model, without its section; ASUS
 * has "modelVG278Hcmds(". */
static void read_prefix(CapabilityReader *reader, Slice word, const Section *section)
{
	Slice model = { word.begin, word.end - strlen(section->name) };

	while (model.begin > reader->begin && model.begin[-1] != '(' && model.begin[-1] != ')')
		model.begin--;
	skip_spaces(reader, &model);
	if (size_of(model) == 0)
		return;
	damage(reader, CAPABILITIES_UNBALANCED);
	if (size_of(model) > 5 && g_ascii_strncasecmp(model.begin, "model", 5) == 0)
		model.begin += 5;
	read_model(reader, model);
}

/* Is the last word the name of the data after "bin"? */
static gboolean binary_follows(CapabilityReader *reader)
{
	Slice rest = reader->rest;

	skip_spaces(reader, &rest);
	return ends_with(take_word(&rest), "bin");
}

/* A word outside all sections, which is the name of one. */
static void read_word(CapabilityReader *reader, Slice word)
{
	static const Section stray = { "", FALSE, read_features };
	const Section *section = find_section(word, FALSE);

	if (section != NULL && section->anywhere)
		read_prefix(reader, word, section);
	if (section == NULL && reader->listed && is_hex(word)) {
		/* the list of features was closed too early */
		damage_list(reader, CAPABILITIES_UNBALANCED);
		reader->rest.begin = word.begin;
		read_section(reader, &stray);
	} else if (take_opening(reader)) {
		if (ends_with(word, "bin"))
			reader->rest.begin = skip_binary(reader->rest.begin, reader->rest.end);
		read_section(reader, section);
	} else if (section != NULL) {
		/* ASUS: "model LCDPB287 cmds(01 02)" */
		damage(reader, CAPABILITIES_UNBALANCED);
		if (section->read == read_features)
			reader->out->list_damaged = TRUE;
		read_section(reader, section);
	} else if (!binary_follows(reader)) {
		damage(reader, CAPABILITIES_UNREADABLE);
	}
}

static void read_all(CapabilityReader *reader)
{
	guint depth = 0;

	for (skip_spaces(reader, &reader->rest); reader->rest.begin < reader->rest.end;
		skip_spaces(reader, &reader->rest)) {
		Slice word = take_word(&reader->rest);

		if (size_of(word) > 0)
			read_word(reader, word);
		else if (*reader->rest.begin++ == '(')
			depth++;
		else if (depth > 0)
			depth--;
		else
			damage(reader, CAPABILITIES_UNBALANCED);
	}
	if (depth > 0 && !(reader->out->damage & CAPABILITIES_CUT_OFF))
		damage(reader, CAPABILITIES_UNBALANCED);
}

void capabilities_parse(const char *text, gsize length, Capabilities *out)
{
	static const guint32 none[G_N_ELEMENTS(out->features)];
	CapabilityReader reader = { text, { text, text + length }, out, FALSE, FALSE };

	*out = (Capabilities){ 0 };
	/* some monitors include the NUL of a C string */
	while (reader.rest.end > text && reader.rest.end[-1] == '\0')
		reader.rest.end--;
	read_all(&reader);
	if (memcmp(out->features, none, sizeof none) == 0)
		damage(&reader, CAPABILITIES_NO_FEATURES);
}

gboolean capabilities_has(const Capabilities *capabilities, guint8 feature)
{
	return (capabilities->features[feature / 32] >> feature % 32 & 1) != 0;
}
