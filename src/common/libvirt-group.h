/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The group whose members may use libvirt.
 */
#pragma once

/* "libvirt", or "libvirtd" where that is what the distribution calls it (NixOS): the one of the two
 * that exists, and "libvirt" when there is neither. Static. */
const char *libvirt_group(void);
