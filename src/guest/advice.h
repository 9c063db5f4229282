/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Commands for people to paste that have to do with libvirt. Each that is returned: free with
 * g_free().
 */
#pragma once

#include <glib.h>

/* The controller that has ports for everything, as libvirt's own default for new domains has. */
#define ADVICE_CONTROLLER "<controller type=\"usb\" model=\"qemu-xhci\" ports=\"15\"/>"

/* "virsh -c qemu:///system". Without -c, an ordinary user's virsh asks that user's own libvirt. */
char *advice_virsh(const char *uri);

/* Gives the domain more USB ports, from its next start on. virsh: advice_virsh(), perhaps with sudo
 * before it. disabled: it has a controller of the model "none", which must go: the domain would not
 * start with a second one. */
char *advice_add_ports(const char *virsh, const char *domain, gboolean disabled);

/* Is uri the libvirt of a user's own session? Its commands are not for root. */
gboolean advice_is_session(const char *uri);

/* The daemon of libvirt for QEMU that this machine uses, "virtqemud" or "libvirtd" (static); NULL:
 * neither is installed. It is started by its socket, that name with ".socket". root: "" but for
 * tests. */
const char *advice_daemon(const char *root);

/* What shows how the libvirt behind uri is: "systemctl status virtqemud", or a look at its
 * domains. */
char *advice_status(const char *uri);
