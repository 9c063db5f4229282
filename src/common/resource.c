/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/resource.h"

void resource_free(Resource *resource)
{
	char *name;

	if (resource == NULL)
		return;
	name = resource->name;
	resource->ops->free(resource);
	g_free(name);
}

void resource_changed(Resource *resource, ResourceChange change, const ResourceResult *result)
{
	if (resource->changed != NULL)
		resource->changed(resource, change, result, resource->changed_data);
}

gboolean resource_serves(Resource *resource, const char *target)
{
	return resource->ops->serves == NULL || resource->ops->serves(resource, target);
}
