/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/routes.h"

#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* What the kernel puts into one datagram of a dump (NLMSG_GOODSIZE) is at most 8 KiB on pages of 4
 * KiB, and 32 KiB for a program that asks with a large buffer. */
enum { ANSWER_MAX = 32 * 1024 };
/* The kernel answers as fast as the answers are read. */
enum { DEADLINE_MS = 500 };

static void add(GArray *interfaces, guint index)
{
	for (guint i = 0; i < interfaces->len; i++)
		if (g_array_index(interfaces, guint, i) == index)
			return;
	if (index != 0)
		g_array_append_val(interfaces, index);
}

static void read_hops(const struct rtattr *attribute, GArray *interfaces)
{
	const struct rtnexthop *hop = RTA_DATA(attribute);
	gsize left = RTA_PAYLOAD(attribute);

	while (left >= sizeof *hop && hop->rtnh_len >= sizeof *hop && hop->rtnh_len <= left) {
		gsize step = MIN((gsize)RTNH_ALIGN(hop->rtnh_len), left);

		add(interfaces, (guint)hop->rtnh_ifindex);
		left -= step;
		hop = (gconstpointer)((const char *)hop + step);
	}
}

static void read_route(const struct nlmsghdr *message, GArray *interfaces)
{
	const struct rtmsg *route = NLMSG_DATA(message);
	gsize left;

	if (message->nlmsg_type != RTM_NEWROUTE ||
		message->nlmsg_len < NLMSG_LENGTH(sizeof *route) || route->rtm_dst_len != 0 ||
		route->rtm_type != RTN_UNICAST)
		return;
	left = RTM_PAYLOAD(message);
	for (const struct rtattr *at = RTM_RTA(route); RTA_OK(at, left); at = RTA_NEXT(at, left)) {
		if (at->rta_type == RTA_OIF && RTA_PAYLOAD(at) >= sizeof(guint))
			add(interfaces, *(const guint *)RTA_DATA(at));
		else if (at->rta_type == RTA_MULTIPATH)
			read_hops(at, interfaces);
	}
}

gboolean routes_read(gconstpointer messages, gsize length, GArray *interfaces)
{
	gsize left = length;

	for (const struct nlmsghdr *message = messages; NLMSG_OK(message, left);
		message = NLMSG_NEXT(message, left)) {
		if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR)
			return TRUE;
		read_route(message, interfaces);
	}
	return FALSE;
}

static gboolean ask(int fd)
{
	struct {
		struct nlmsghdr header;
		struct rtmsg route;
	} request = {
		.header = { .nlmsg_len = sizeof request,
			.nlmsg_type = RTM_GETROUTE,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.route = { .rtm_family = AF_UNSPEC },
	};
	struct timeval timeout = { .tv_usec = DEADLINE_MS * 1000 };

	return setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) == 0 &&
	       send(fd, &request, sizeof request, 0) == (ssize_t)sizeof request;
}

static void read_answers(int fd, GArray *interfaces)
{
	gint64 deadline = g_get_monotonic_time() + DEADLINE_MS * G_TIME_SPAN_MILLISECOND;
	g_autofree struct nlmsghdr *buffer = g_malloc(ANSWER_MAX);
	ssize_t got;

	while (g_get_monotonic_time() < deadline && (got = recv(fd, buffer, ANSWER_MAX, 0)) > 0)
		if (routes_read(buffer, (gsize)got, interfaces))
			return;
}

GPtrArray *routes_look(void)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GArray) interfaces = g_array_new(FALSE, FALSE, sizeof(guint));
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd >= 0 && ask(fd))
		read_answers(fd, interfaces);
	if (fd >= 0)
		close(fd);
	for (guint i = 0; i < interfaces->len; i++) {
		char name[IF_NAMESIZE];

		if (if_indextoname(g_array_index(interfaces, guint, i), name) != NULL)
			g_ptr_array_add(names, g_strdup(name));
	}
	return names;
}
