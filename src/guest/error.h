/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libvirt's errors, as errors for people.
 */
#pragma once

#include <glib.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

/* Sets error from libvirt's last error on this thread: "WHAT: libvirt's message". */
void libvirt_error_last(GError **error, const char *what);

/* The same for err, with which a connection to uri failed; adds what to do about it. */
void libvirt_error_connect(GError **error, const char *uri, virErrorPtr err);

/* The same as libvirt_error_last() after a USB device could not be attached: adds what to do when
 * the domain has no port for it. Blocks. */
void libvirt_error_attach(GError **error, virDomainPtr domain, const char *what);

/* Sets error to "WHAT; " and the command that gives the domain more USB ports. disabled: the domain
 * has a controller of the model "none". */
void libvirt_error_ports(GError **error, virDomainPtr domain, gboolean disabled, const char *what);

/* Stops libvirt from printing each error to stderr, because the log has them already. */
void libvirt_error_silence(void);
