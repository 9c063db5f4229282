/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How much strangers can make the daemon write into its log: so many lines in all, not for each
 * address, of which a stranger can have any number. Pure: the clock is the caller's.
 */
#pragma once

#include <glib.h>

/* Enough to see that something is going on, and too little to fill a journal: 14,400 lines a day.
 */
#define LOG_BUDGET_LINES 10
#define LOG_BUDGET_S	 60

typedef struct {
	gint64 since_us; /* the beginning of the interval; 0: there was none */
	guint lines;	 /* written in it */
	guint dropped;	 /* not written since a line last was */
} LogBudget;

/* Whether one more line may be written; if so, *dropped is how many were not since the last. */
gboolean log_budget_take(LogBudget *budget, gint64 now_us, guint *dropped);
