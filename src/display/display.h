/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Displays: a monitor, and the input code that shows each target.
 */
#pragma once

#include "common/resource.h"
#include "config/config.h"
#include "display/registry.h"

/* A resource for config, which must outlive it, as the registry must. display_new() commands the
 * monitor from the host and no more; ladder_new() has the other ways, too, to make it leave a
 * guest's input. */
Resource *display_new(MonitorRegistry *registry, const ConfigDisplay *config);
Resource *ladder_new(MonitorRegistry *registry, const ConfigDisplay *config);

/* The kernel's buses. There is one; never freed. */
I2cSystem *i2c_kernel(void);
