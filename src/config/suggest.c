/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/suggest.h"

/* longer words are never mistyped keys; this limits time and stack */
#define WORD_MAX 32

/* Copies the letters and digits of word, in lower case. Returns their number, or 0 if there are too
 * many. */
static gsize fold(const char *word, char folded[WORD_MAX])
{
	gsize length = 0;

	for (; *word != '\0'; word++) {
		if (*word == '-' || *word == '_' || *word == ' ')
			continue;
		if (length == WORD_MAX)
			return 0;
		folded[length++] = g_ascii_tolower(*word);
	}
	return length;
}

gboolean suggest_same(const char *a, const char *b)
{
	char x[WORD_MAX], y[WORD_MAX];
	gsize n = fold(a, x);

	return n > 0 && n == fold(b, y) && memcmp(x, y, n) == 0;
}

/* Optimal string alignment: counts letters that are inserted, removed, replaced, or swapped. */
static guint distance(const char *a, gsize a_length, const char *b, gsize b_length)
{
	guint rows[WORD_MAX + 1][WORD_MAX + 1];

	for (gsize i = 0; i <= a_length; i++)
		rows[i][0] = (guint)i;
	for (gsize j = 0; j <= b_length; j++)
		rows[0][j] = (guint)j;
	for (gsize i = 1; i <= a_length; i++)
		for (gsize j = 1; j <= b_length; j++) {
			guint cost = a[i - 1] == b[j - 1] ? 0 : 1;
			guint best = MIN(rows[i - 1][j], rows[i][j - 1]) + 1;

			best = MIN(best, rows[i - 1][j - 1] + cost);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				best = MIN(best, rows[i - 2][j - 2] + 1);
			rows[i][j] = best;
		}
	return rows[a_length][b_length];
}

/* With more differences than this, another word was meant. */
static guint tolerance(gsize length)
{
	return length <= 2 ? 0 : length <= 5 ? 1 : length <= 9 ? 2 : 3;
}

const char *suggest(const char *word, const char *const *known)
{
	char folded[WORD_MAX], other[WORD_MAX];
	gsize length = fold(word, folded);
	guint best = tolerance(length) + 1;
	const char *found = NULL;

	for (; length > 0 && *known != NULL; known++) {
		gsize n = fold(*known, other);
		guint d = n > 0 ? distance(folded, length, other, n) : G_MAXUINT;

		if (d < best) {
			best = d;
			found = *known;
		}
	}
	return found;
}
