/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The user's commands. Those of one HookQueue run one after another, each in a process group of its
 * own with a time limit, HOTSEAT_TARGET set, its output (capped) in the log and, when it fails, in
 * the error.
 */
#pragma once

#include "common/resource.h"
#include "config/config.h"

typedef struct HookQueue HookQueue;

HookQueue *hook_queue_new(void);
void hook_queue_free(HookQueue *queue);

/* A resource of kind RESOURCE_COMMAND for config, which is copied. The queue must outlive it. */
Resource *hook_new(HookQueue *queue, const ConfigCommand *config);
