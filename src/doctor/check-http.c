/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doctor/doctor.h"

#include "common/port-owner.h"
#include "guest/found.h"
#include "ready/process.h"

#include <errno.h>
#include <gio/gio.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef IPV6_FREEBIND
#define IPV6_FREEBIND 78
#endif

#define FIREWALL_DEADLINE_MS 5000

/* http.address, and what is known about it. */
typedef struct {
	Doctor *doctor;
	const Config *config;
	GInetAddress *address; /* NULL: it is a name */
	char *thing;	       /* "192.168.122.1:5001" */
} Look;

/* -- whose network it is of ------------------------------------------------------------------- */

/* address: NULL: any. */
static const FoundNetwork *find_network(const Look *look, const char *address)
{
	return guests_network_with(look->doctor->found.guests, look->config, address);
}

static gboolean any_guest_runs(const Look *look)
{
	for (guint i = 0; i < look->config->guests->len; i++) {
		const ConfigGuest *config = look->config->guests->pdata[i];
		const FoundGuest *guest = guests_find(look->doctor->found.guests, config->domain);

		if (guest != NULL && guest->active)
			return TRUE;
	}
	return FALSE;
}

/* -- is it there ------------------------------------------------------------------------------ */

/* The interface with this address, and whether it is up. NULL: no interface has it. Free with
 * g_free(). */
static char *interface_of(GInetAddress *address, gboolean *up)
{
	struct ifaddrs *all = NULL;
	char *name = NULL;

	if (getifaddrs(&all) != 0)
		return NULL;
	for (struct ifaddrs *one = all; one != NULL && name == NULL; one = one->ifa_next) {
		int family = one->ifa_addr != NULL ? one->ifa_addr->sa_family : AF_UNSPEC;
		gsize length = family == AF_INET6 ? sizeof(struct sockaddr_in6)
						  : sizeof(struct sockaddr_in);
		g_autoptr(GSocketAddress) native = NULL;

		if (family != AF_INET && family != AF_INET6)
			continue;
		native = g_socket_address_new_from_native(one->ifa_addr, length);
		if (!g_inet_address_equal(address,
			    g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(native))))
			continue;
		name = g_strdup(one->ifa_name);
		*up = (one->ifa_flags & IFF_UP) != 0;
	}
	freeifaddrs(all);
	return name;
}

/* hotseatd also listens on addresses that do not exist yet, so this matters only while a guest
 * runs. */
static FindingLevel level_of_absence(const Look *look)
{
	return any_guest_runs(look) ? FINDING_PROBLEM : FINDING_WARNING;
}

static void say_network_off(const Look *look, const FoundNetwork *network)
{
	Finding *finding = finding_at(look->doctor->findings, level_of_absence(look), look->thing,
		"the address belongs to libvirt's network %s, which is not active", network->name);

	doctor_virsh(look->doctor, finding, "net-start", network->name, NULL);
	doctor_virsh(look->doctor, finding, "net-autostart", network->name, NULL);
}

/* otherwise: what to do when no guest has a network in common with this machine. */
static void advise_address(const Look *look, Finding *finding, const char *otherwise)
{
	const FoundNetwork *network = find_network(look, NULL);

	if (network != NULL)
		finding_advise(finding, "write http.address: \"%s:%u\", which the guest can reach",
			network->address, look->config->http_port);
	else
		finding_advise(finding, "%s", otherwise);
}

static void say_absent(const Look *look)
{
	const FoundNetwork *off = find_network(look, look->config->http_host);

	if (off != NULL && !off->active) {
		say_network_off(look, off);
		return;
	}
	advise_address(look,
		finding_at(look->doctor->findings, level_of_absence(look), look->thing,
			"no interface of this computer has the address"),
		"bring up the interface that should have it, or correct http.address");
}

/* Returns FALSE after a finding that the address is not there. */
static gboolean check_there(const Look *look)
{
	gboolean up = TRUE;
	g_autofree char *interface = NULL;
	Finding *finding;

	if (g_inet_address_get_is_any(look->address))
		return TRUE;
	interface = interface_of(look->address, &up);
	if (interface == NULL) {
		say_absent(look);
		return FALSE;
	}
	if (up)
		return TRUE;
	finding = finding_at(look->doctor->findings, level_of_absence(look), look->thing,
		"the interface %s, which has the address, is down", interface);
	finding_run_as_root(finding, "ip link set", interface, "up", NULL);
	return FALSE;
}

/* -- is its port free ------------------------------------------------------------------------- */

/* Can a program listen there? Binds the address and closes it again. */
static int try_bind(const Look *look)
{
	static const int on = 1;
	g_autoptr(GSocketAddress) address =
		g_inet_socket_address_new(look->address, look->config->http_port);
	gboolean v6 = g_inet_address_get_family(look->address) == G_SOCKET_FAMILY_IPV6;
	struct sockaddr_storage native;
	int code = 0, fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_FREEBIND : IP_FREEBIND, &on,
		sizeof on);
	g_socket_address_to_native(address, &native, sizeof native, NULL);
	if (bind(fd, (struct sockaddr *)&native,
		    (socklen_t)g_socket_address_get_native_size(address)) != 0)
		code = errno;
	close(fd);
	return code;
}

static gboolean is_daemon(const Doctor *doctor, const PortOwner *owner)
{
	if (doctor->daemon.pid == 0)
		return FALSE;
	/* Only root sees other users' files; without root, only the owner is known. */
	return owner->pid != 0 ? owner->pid == doctor->daemon.pid : owner->uid == doctor->user->uid;
}

static void say_taken(const Look *look, const PortOwner *owner)
{
	g_autofree char *name =
		owner->pid != 0 ? process_describe(look->doctor->places.proc, owner->pid) : NULL;
	Finding *finding = finding_problem(look->doctor->findings, look->thing,
		"the port is taken by %s", name != NULL ? name : "another program");

	if (owner->pid != 0)
		doctor_stop_process(look->doctor, finding, owner->pid);
	else
		finding_advise(finding,
			"`sudo ss -ltnp` shows which; stop it, or choose another port in "
			"http.address");
}

static void check_port(const Look *look)
{
	PortOwner owner = { 0 };
	int code = try_bind(look);

	if (code == EADDRINUSE) {
		port_owner_find(look->config->http_port, &owner);
		if (!is_daemon(look->doctor, &owner))
			say_taken(look, &owner);
	} else if (look->config->http_port < IPPORT_RESERVED && look->doctor->user->uid != 0) {
		finding_advise(finding_problem(look->doctor->findings, look->thing,
				       "only root can use ports below %d", IPPORT_RESERVED),
			"choose a higher one in http.address");
	}
}

/* -- does the guest reach it ------------------------------------------------------------------ */

static void say_unreachable(const Look *look, const char *why)
{
	advise_address(look, finding_warning(look->doctor->findings, look->thing, "%s", why),
		"connect the guest to a network of this computer, and set http.address to this "
		"computer's address in it");
}

/* By default, firewalld lets guests use only DHCP and DNS. */
static void check_firewalld(const Look *look, const FoundNetwork *network)
{
	g_autofree char *of = g_strconcat("--get-zone-of-interface=", network->bridge, NULL);
	const char *const ask_zone[] = { "firewall-cmd", of, NULL };
	g_autofree char *zone = look->doctor->places.ask(ask_zone, FIREWALL_DEADLINE_MS);
	g_autofree char *in =
		zone != NULL ? g_strconcat("--zone=", g_strchomp(zone), NULL) : g_strdup("");
	g_autofree char *port = g_strdup_printf("--query-port=%u/tcp", look->config->http_port);
	g_autofree char *add = g_strdup_printf("--add-port=%u/tcp", look->config->http_port);
	const char *const ask_port[] = { "firewall-cmd", in, port, NULL };
	g_autofree char *yes = NULL;
	Finding *finding;

	if (zone == NULL ||
		(yes = look->doctor->places.ask(ask_port, FIREWALL_DEADLINE_MS)) != NULL)
		return;
	finding = finding_warning(look->doctor->findings, look->thing,
		"firewalld's zone %s, which has the guest's network, does not name the port", zone);
	finding_run_as_root(finding, "firewall-cmd", in, add, NULL);
	finding_run_as_root(finding, "firewall-cmd --permanent", in, add, NULL);
}

/* ufw also writes its rules as comments: "### tuple ### allow tcp 5001 ..." */
static void check_ufw(const Look *look, const FoundNetwork *network)
{
	g_autofree char *path = doctor_path(look->doctor, "/etc/ufw/user.rules");
	g_autofree char *needle =
		g_strdup_printf("### tuple ### allow tcp %u ", look->config->http_port);
	g_autofree char *any =
		g_strdup_printf("### tuple ### allow any %u ", look->config->http_port);
	g_autofree char *port = g_strdup_printf("%u", look->config->http_port);
	g_autofree char *rules = NULL;
	Finding *finding;

	if (!g_file_get_contents(path, &rules, NULL, NULL) || strstr(rules, needle) != NULL ||
		strstr(rules, any) != NULL)
		return;
	finding = finding_warning(look->doctor->findings, look->thing,
		"ufw is active, and none of its rules allows the port");
	finding_run_as_root(finding, "ufw allow in on", network->bridge, "to", "any", "port", port,
		"proto", "tcp", NULL);
}

static void check_firewall(const Look *look, const FoundNetwork *network)
{
	if (network->bridge == NULL)
		return;
	if (units_active(look->doctor->units, "firewalld.service"))
		check_firewalld(look, network);
	if (units_active(look->doctor->units, "ufw.service"))
		check_ufw(look, network);
}

static void check_reach(const Look *look)
{
	gboolean any = g_inet_address_get_is_any(look->address);
	const FoundNetwork *network = find_network(look, any ? NULL : look->config->http_host);

	if (look->config->guests->len == 0 || look->doctor->found.guests == NULL)
		return;
	if (g_inet_address_get_is_loopback(look->address))
		say_unreachable(look, "only this computer can reach the address; guests cannot");
	else if (network == NULL && !any)
		say_unreachable(look, "the address is in none of the guests' networks");
	else if (network != NULL)
		check_firewall(look, network);
}

/* -- all of it -------------------------------------------------------------------------------- */

static void check_address(const Look *look)
{
	guint before = look->doctor->findings->list->len;

	if (check_there(look))
		check_reach(look);
	check_port(look);
	if (look->doctor->findings->list->len == before)
		finding_ok(look->doctor->findings, look->thing, "for the guests' requests");
}

void check_http(Doctor *doctor)
{
	const Config *config = doctor->config;
	Look look = { .doctor = doctor, .config = config };

	if (!config->http) {
		finding_ok(doctor->findings, NULL, "disabled: guests cannot request a switch");
		return;
	}
	look.address = g_inet_address_new_from_string(
		g_ascii_strcasecmp(config->http_host, "localhost") == 0 ? "127.0.0.1"
									: config->http_host);
	look.thing = g_strdup_printf("%s:%u", config->http_host, config->http_port);
	if (look.address != NULL) {
		check_address(&look);
		g_object_unref(look.address);
	} else {
		finding_advise(finding_warning(doctor->findings, look.thing,
				       "a name, which is looked up when hotseatd starts"),
			"write the address instead");
	}
	g_free(look.thing);
}
