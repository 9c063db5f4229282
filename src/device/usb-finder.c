/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/usb-finder.h"

#include "common/error.h"

typedef struct {
	UsbNews news;
	const char *port;
} News;

static void call_listener(GCallback func, gpointer data, gconstpointer event)
{
	const News *news = event;

	((UsbListener)func)(news->news, news->port, data);
}

void usb_news_tell(Listeners *listeners, UsbNews news, const char *port)
{
	listeners_call(listeners, call_listener, &(News){ news, port });
}

void usb_op_clear(UsbOp **op)
{
	UsbOp *dropped = g_steal_pointer(op);

	if (dropped != NULL)
		dropped->system->ops->drop(dropped);
}

void usb_finder_clear(UsbFinder *finder)
{
	g_clear_pointer(&finder->info, usb_info_free);
	g_clear_pointer(&finder->before, usb_info_free);
}

static gboolean check_hub(const UsbFinder *finder, const UsbInfo *info, GError **error)
{
	g_autoptr(GPtrArray) all =
		info->hub ? finder->system->ops->list(finder->system, NULL) : NULL;

	return usb_info_check_hub(info, all, error);
}

gboolean usb_finder_look(UsbFinder *finder, GError **error)
{
	g_autoptr(GPtrArray) fitting = finder->system->ops->list(finder->system, finder->config);
	UsbInfo *info = usb_infos_choose(fitting, finder->config, error);

	if (info == NULL || !check_hub(finder, info, error)) {
		usb_info_free(info);
		return FALSE;
	}
	if (finder->info != NULL && !usb_info_same_address(finder->info, info)) {
		usb_info_free(finder->before);
		finder->before = g_steal_pointer(&finder->info);
	}
	usb_info_free(finder->info);
	finder->info = info;
	finder->only = TRUE;
	return TRUE;
}

static gboolean is_there(UsbFinder *finder)
{
	return finder->info != NULL && finder->system->ops->is_there(finder->system, finder->info);
}

gboolean usb_finder_refresh(UsbFinder *finder, GError **error)
{
	return (finder->only && is_there(finder)) || usb_finder_look(finder, error);
}

gboolean usb_finder_refresh_if_gone(UsbFinder *finder, GError **error)
{
	return is_there(finder) || usb_finder_look(finder, error);
}

gboolean usb_finder_check_disk(const UsbFinder *finder, GError **error)
{
	UsbSystem *system = finder->system;
	const char *port = finder->info->port;
	g_autofree char *use = system->ops->driving(system, port) == USB_DRIVEN
				       ? system->ops->disk_use(system, port)
				       : NULL;

	if (use == NULL)
		return TRUE;
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
		"it must stay with the host: %s; unmount it there, or remove it from the "
		"configuration",
		use);
	return FALSE;
}
