/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Simulated guests. A query of their state takes as long as with libvirt.
 */
#pragma once

#include "common/guest.h"
#include "config/config.h"

/* A guest that runs; config is copied. */
Guest *sim_guest_new(const ConfigGuest *config);
