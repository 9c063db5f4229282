/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/identity.h"
#include "input/peer.h"
#include "input/redir-frame.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LOOPBACK 0x7f000001

static const char table[] = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when "
			    "retrnsmt   uid  timeout inode\n"
			    "   0: 0100007F:C031 00000000:0000 0A 00000000:00000000 00:00000000 "
			    "00000000     0        0 1 1\n"
			    "   1: 0100007F:9C40 0100007F:C031 01 00000000:00000000 00:00000000 "
			    "00000000 64055        0 2 1\n"
			    "   2: 0100007F:C031 0100007F:9C40 01 00000000:00000000 00:00000000 "
			    "00000000   995        0 3 1\n"
			    "   3: 0100007F:9C41 0100007F:C031 06 00000000:00000000 03:00001770 "
			    "00000000     0        0 0 3\n"
			    "   4: 0200007F:9C42 0100007F:C031 01 00000000:00000000 00:00000000 "
			    "00000000  1000        0 5 1\n"
			    "   5: a line that is none\n"
			    "   6: 0100007F:9C43 0100007F:C032 01 00000000:00000000 00:00000000 "
			    "00000000  1001        0 6 1\n";

static void test_table(void)
{
	static const struct {
		const char *what;
		guint32 address;
		guint16 near, far;
		int uid;
	} cases[] = {
		{ "connected", LOOPBACK, 40000, 49201, 64055 },
		{ "its other end", LOOPBACK, 49201, 40000, 995 },
		{ "closed already", LOOPBACK, 40001, 49201, -1 },
		{ "from another address", LOOPBACK, 40002, 49201, -1 },
		{ "of that address", 0x7f000002, 40002, 49201, 1000 },
		{ "to another port", LOOPBACK, 40003, 49201, -1 },
		{ "last line", LOOPBACK, 40003, 49202, 1001 },
		{ "listening", LOOPBACK, 49201, 0, -1 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		PeerEnd near = { cases[i].address, cases[i].near };
		PeerEnd far = { LOOPBACK, cases[i].far };

		g_test_message("%s", cases[i].what);
		g_assert_cmpint(peer_find(table, near, far), ==, cases[i].uid);
	}
	g_assert_cmpint(peer_find("", (PeerEnd){ 0 }, (PeerEnd){ 0 }), ==, -1);
}

/* hotseatd has a network, and must not get what is typed. */
static void test_expected(void)
{
	static const struct {
		int uid, client, own;
		gboolean may;
	} cases[] = {
		{ 64055, 994, 995, TRUE },
		{ 994, 994, 995, FALSE },
		{ 0, 994, 995, TRUE },
		{ 0, 0, 995, TRUE },
		{ 1000, 1000, 1000, TRUE },
		{ 1000, 0, 0, TRUE },
		{ -1, 994, 995, TRUE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_cmpint(peer_may_be_expected(cases[i].uid, cases[i].client, cases[i].own),
			==, cases[i].may);
}

static void test_connection(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = g_htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
	int fd;

	g_assert_cmpint(bind(listener, (struct sockaddr *)&address, length), ==, 0);
	g_assert_cmpint(listen(listener, 1), ==, 0);
	g_assert_cmpint(getsockname(listener, (struct sockaddr *)&address, &length), ==, 0);
	g_assert_cmpint(connect(client, (struct sockaddr *)&address, length), ==, 0);
	fd = accept(listener, NULL, NULL);
	g_assert_cmpint(peer_uid(fd), ==, (int)getuid());
	g_assert_cmpint(peer_uid(listener), ==, -1);
	g_assert_cmpint(peer_uid(-1), ==, -1);
	close(client);
	close(fd);
	close(listener);
}

static void test_frames(void)
{
	static const guint8 packets[] = { 1, 0, 0, 0, 3, 0, 0, 0, 9, 9, 9, 9, 'a', 'b', 'c', /**/
		1, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9,					     /**/
		1, 0, 0, 0, 0, 1, 0, 0, 9, 9, 9, 9 };

	for (gsize piece = 1; piece <= sizeof packets; piece++) {
		RedirFrame frame = { 0 };
		gsize at = 0;

		while (at < sizeof packets) {
			gsize n = MIN(piece, sizeof packets - at);

			if (!redir_frame_pass(&frame, packets + at, n, FALSE, 255))
				break;
			at += n;
		}
		/* the last header says 256 */
		g_assert_cmpuint(at + piece, >=, sizeof packets);
		g_assert_cmpuint(at, <, sizeof packets);
	}
}

static NodeIdentity identity(void)
{
	return (NodeIdentity){ .path = (char *)"/dev/input/event7",
		.vendor = 0x046d,
		.product = 0x4079,
		.name = (char *)"Logitech G Pro",
		.uniq = (char *)"f0:0d:11:22:33:44",
		.usb_vendor = 0x046d,
		.usb_product = 0xc539,
		.usb_serial = (char *)"A1",
		.usb_port = (char *)"3-1.2" };
}

static void test_identity(void)
{
	static const struct {
		const char *what;
		ProtocolDevice device;
		gboolean fits;
	} cases[] = {
		{ "as the event device says", { .vendor = 0x046d, .product = 0x4079 }, TRUE },
		{ "as its receiver says", { .vendor = 0x046d, .product = 0xc539 }, TRUE },
		{ "half of each", { .vendor = 0x046d, .product = 0x1234 }, FALSE },
		{ "port", { .vendor = -1, .product = -1, .usb_port = (char *)"3-1.2" }, TRUE },
		{ "another port", { .vendor = -1, .product = -1, .usb_port = (char *)"3-1" },
			FALSE },
		{ "serial and vendor", { .vendor = 0x046d, .product = -1, .serial = (char *)"A1" },
			TRUE },
		{ "another serial", { .vendor = 0x046d, .product = -1, .serial = (char *)"A2" },
			FALSE },
		{ "name", { .vendor = -1, .product = -1, .input = (char *)"Logitech G Pro" },
			TRUE },
		{ "part of the name", { .vendor = -1, .product = -1, .input = (char *)"Logitech" },
			FALSE },
		{ "Bluetooth address in capitals",
			{ .vendor = -1, .product = -1, .uniq = (char *)"F0:0D:11:22:33:44" },
			TRUE },
		{ "a node that is not there",
			{ .vendor = -1, .product = -1, .node = (char *)"/nowhere/event7" }, FALSE },
	};
	NodeIdentity own = identity();

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].what);
		g_assert_cmpint(node_identity_fits(&own, &cases[i].device), ==, cases[i].fits);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/peer/table", test_table);
	g_test_add_func("/peer/expected", test_expected);
	g_test_add_func("/peer/connection", test_connection);
	g_test_add_func("/peer/frames", test_frames);
	g_test_add_func("/peer/identity", test_identity);
	return g_test_run();
}
