/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Displays: a monitor, and the input code that shows each target.
 */
#pragma once

#include "common/resource.h"
#include "config/config.h"
#include "display/registry.h"

/* A resource for config. registry and config must outlive it. display_new() sets the monitor only
 * from the host; ladder_new() also has the other ways to bring it back from a guest's input. */
Resource *display_new(MonitorRegistry *registry, const ConfigDisplay *config);
Resource *ladder_new(MonitorRegistry *registry, const ConfigDisplay *config);

/* The kernel's I2C buses. There is one system, which is never freed. */
I2cSystem *i2c_kernel(void);
