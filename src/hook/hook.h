/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The user's commands. The commands of one HookQueue run one after another. Each has its own
 * process group, a time limit, and HOTSEAT_TARGET in its environment. The end of its output is
 * logged and, if it fails, part of the error.
 */
#pragma once

#include "common/resource.h"
#include "config/config.h"

typedef struct HookQueue HookQueue;

HookQueue *hook_queue_new(void);
void hook_queue_free(HookQueue *queue);

/* A resource of kind RESOURCE_COMMAND for config, which is copied. The queue must outlive it. */
Resource *hook_new(HookQueue *queue, const ConfigCommand *config);
