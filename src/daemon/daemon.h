/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* hotseatd, from its arguments to its exit status. */
int daemon_main(int argc, char **argv);
