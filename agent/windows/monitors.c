/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "monitors.h"

bool monitors_set_input(const char *file, const SetInput *request, Problem *problem)
{
	Monitors *monitors =
		*file != '\0' ? monitors_open_file(file, problem) : monitors_open_real(problem);
	int which;
	bool fine;

	if (monitors == NULL)
		return false;
	which = core_edid_choose(monitors->edids, monitors->count, &request->monitor, problem);
	fine = which >= 0 && monitors->ops->set(monitors, (size_t)which, request->feature,
				     request->value, problem);
	monitors->ops->close(monitors);
	return fine;
}
