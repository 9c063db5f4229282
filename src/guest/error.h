/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libvirt's errors, as errors for people.
 */
#pragma once

#include <glib.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

/* Sets error from what libvirt said last on this thread: "WHAT: libvirt's message". */
void libvirt_error_last(GError **error, const char *what);

/* The same for err, which a connection to uri failed with: adds what to do about it. */
void libvirt_error_connect(GError **error, const char *uri, virErrorPtr err);

/* The same as libvirt_error_last() after a USB device could not be attached: adds what to do when
 * the domain has no port for it. Blocks. */
void libvirt_error_attach(GError **error, virDomainPtr domain, const char *what);

/* "WHAT; " and the command that gives the domain more USB ports. disabled: it must not have any. */
void libvirt_error_ports(GError **error, virDomainPtr domain, gboolean disabled, const char *what);

/* libvirt prints each error to stderr by itself; the log has them already. */
void libvirt_error_silence(void);
