/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The group whose members may use libvirt.
 */
#pragma once

/* "libvirt", or "libvirtd" if the distribution calls it that (NixOS): the one that exists, or
 * "libvirt" if neither does. Static. */
const char *libvirt_group(void);
