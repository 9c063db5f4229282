/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The parts of the reader of domains' XML.
 */
#pragma once

#include "guest/domain.h"
#include "guest/xml.h"

/* Adds a DomainTake. what: copied; NULL: nothing is added. means: static. */
void domain_take(GPtrArray *takes, const char *what, const char *means);

/* Adds the ports that one of the domain's devices provides, and those that it uses. */
void domain_count_ports(DomainPorts *ports, const XmlNode *device);

/* Adds what <qemu:commandline> contains. */
void domain_read_arguments(Domain *domain, const XmlNode *commandline);

/* Adds what <qemu:override> says. */
void domain_read_override(Domain *domain, const XmlNode *override);
