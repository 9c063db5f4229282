/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is this program part of a libvirt hook? libvirt attaches nothing to a domain until the hook ends,
 * and the hook does not end until this program does.
 */
#pragma once

#include <glib.h>

/* The libvirt hook among the ancestors of the process pid: the path of its script, or the name of
 * libvirt's daemon if the script's path is not known; NULL: there is none. proc is "/proc". Free
 * with g_free(). */
char *hook_of_process(const char *proc, int pid);
