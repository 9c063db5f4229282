/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A draft from the file of another program.
 */
#pragma once

#include "import/import.h"
#include "setup/interview.h"

/* What the file at path says, if it is one of a program that src/import knows; NULL: it is not, or
 * cannot be read. A script's files are read, too. */
Import *from_read(const char *path);
/* Makes the interview's draft of it, and says line by line what was taken and left out. */
void from_start(Interview *interview, const char *path, const Import *import);
