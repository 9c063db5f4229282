/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Commands concerning libvirt, for people to paste. Free those that are returned with g_free().
 */
#pragma once

#include <glib.h>

/* A controller with enough ports: the one that libvirt itself gives to new domains. */
#define ADVICE_CONTROLLER "<controller type=\"usb\" model=\"qemu-xhci\" ports=\"15\"/>"

/* "virsh -c qemu:///system". Without -c, an ordinary user's virsh asks that user's own libvirt. */
char *advice_virsh(const char *uri);

/* Gives the domain more USB ports at its next start. virsh: advice_virsh(), perhaps with sudo
 * before it. disabled: the domain has a controller of the model "none", which must be replaced,
 * because the domain does not start with a second one. */
char *advice_add_ports(const char *virsh, const char *domain, gboolean disabled);

/* Is uri a user's session libvirt? Its commands are not for root. */
gboolean advice_is_session(const char *uri);

/* The libvirt daemon for QEMU that this machine uses, "virtqemud" or "libvirtd" (static); NULL:
 * neither is installed. The unit of this name with ".socket" starts it. root: "" except in tests.
 */
const char *advice_daemon(const char *root);

/* A command that shows the state of the libvirt at uri: "systemctl status virtqemud", or the list
 * of its domains. */
char *advice_status(const char *uri);
