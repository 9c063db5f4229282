/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/log-budget.h"

gboolean log_budget_take(LogBudget *budget, gint64 now_us, guint *dropped)
{
	if (budget->since_us == 0 || now_us - budget->since_us >= LOG_BUDGET_S * G_USEC_PER_SEC) {
		budget->since_us = now_us;
		budget->lines = 0;
	}
	if (budget->lines >= LOG_BUDGET_LINES) {
		budget->dropped++;
		return FALSE;
	}
	budget->lines++;
	*dropped = budget->dropped;
	budget->dropped = 0;
	return TRUE;
}
