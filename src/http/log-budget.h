/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Limits how many lines unknown clients can cause in the daemon's log. The limit is for all
 * addresses together, because one client can have any number of addresses. Pure: the caller passes
 * the time.
 */
#pragma once

#include <glib.h>

/* Enough to show that something happens, and too little to fill a journal: 14,400 lines a day.
 */
#define LOG_BUDGET_LINES 10
#define LOG_BUDGET_S	 60

typedef struct {
	gint64 since_us; /* the beginning of the interval; 0: there was none */
	guint lines;	 /* written in it */
	guint dropped;	 /* not written since the last line that was */
} LogBudget;

/* Can one more line be written? If so, *dropped is how many were dropped since the last one. */
gboolean log_budget_take(LogBudget *budget, gint64 now_us, guint *dropped);
