/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kit/facts.h"

#include "common/address.h"
#include "common/error.h"
#include "common/wipe.h"
#include "config/secrets.h"
#include "guest/found.h"
#include "sysfs/sysfs.h"
#include "tls/certificate.h"

#include <gio/gio.h>
#include <string.h>

void kit_facts_free(KitFacts *facts)
{
	if (facts == NULL)
		return;
	g_free(facts->url);
	wipe_free(facts->secret);
	g_free(facts->guest);
	g_free(facts->certificate);
	g_free(facts->fingerprint);
	g_free(facts->key_pin);
	g_clear_pointer(&facts->agent, g_bytes_unref);
	g_free(facts);
}

/* -- which guest ------------------------------------------------------------------------------ */

static const ConfigGuest *find_guest(const Config *config, const char *name, GError **error)
{
	g_autofree char *names = config_guest_names(config);
	const ConfigGuest *guest = NULL;

	if (name != NULL)
		guest = config_guest(config, name);
	else if (config->guests->len == 1)
		guest = config->guests->pdata[0];
	if (guest != NULL)
		return guest;
	if (name != NULL)
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_GUEST,
			"%s has no guest %s; the guests are: %s", config->path, name, names);
	else
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_GUEST,
			"%s has several guests: %s; choose one with --guest", config->path, names);
	return NULL;
}

/* -- the address ------------------------------------------------------------------------------ */

static gboolean is_tls(const Config *config)
{
	return config->http_certificate.path != NULL;
}

static const char *scheme_of(const Config *config)
{
	return is_tls(config) ? "https" : "http";
}

static char *format_url(const char *scheme, const char *host, guint port)
{
	gboolean brackets = strchr(host, ':') != NULL;

	return g_strdup_printf(
		"%s://%s%s%s:%u", scheme, brackets ? "[" : "", host, brackets ? "]" : "", port);
}

static gboolean is_address(const GUri *uri)
{
	GUri *u = (GUri *)uri; /* GLib's getters do not accept const */
	const char *path = g_uri_get_path(u), *host = g_uri_get_host(u);

	return host != NULL && address_is_host(host) && g_uri_get_userinfo(u) == NULL &&
	       (*path == '\0' || g_str_equal(path, "/")) && g_uri_get_query(u) == NULL &&
	       g_uri_get_fragment(u) == NULL;
}

static char *take_url(const Config *config, const char *url, GError **error)
{
	g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
	const char *scheme = uri != NULL ? g_uri_get_scheme(uri) : "";
	int port;

	if ((!g_str_equal(scheme, "http") && !g_str_equal(scheme, "https")) || !is_address(uri)) {
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_CONFIG,
			"--url %s: it needs a scheme, a host and a port, such as "
			"%s://192.168.122.1:%u",
			url, scheme_of(config), config->http_port);
		return NULL;
	}
	if (!g_str_equal(scheme, scheme_of(config))) {
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_CONFIG,
			"--url %s: with %s hotseatd uses %s; write %s://", url, config->path,
			is_tls(config) ? "TLS" : "plain HTTP", scheme_of(config));
		return NULL;
	}
	port = g_uri_get_port(uri);
	return format_url(scheme, g_uri_get_host(uri), port > 0 ? (guint)port : config->http_port);
}

static char *find_url(const KitRequest *request, const char *domain, GError **error)
{
	const Config *config = request->config;
	g_autofree char *found = NULL;

	if (!config->http) {
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_CONFIG,
			"%s does not enable requests over the network; add a section http with "
			"\"address: 192.168.122.1:5001\" and \"security: {enabled: true}\"",
			config->path);
		return NULL;
	}
	if (request->url != NULL)
		return take_url(config, request->url, error);
	switch (address_reach(config->http_host)) {
	case ADDRESS_ONE:
		return format_url(scheme_of(config), config->http_host, config->http_port);
	case ADDRESS_SELF:
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_CONFIG,
			"http.address in %s is %s, which only this computer can reach; write this "
			"computer's address in the guest's network, or use --url",
			config->path, config->http_host);
		return NULL;
	default:
		found = request->find_address(config, domain, error);
		return found != NULL ? format_url(scheme_of(config), found, config->http_port)
				     : NULL;
	}
}

gboolean kit_is_reached(const Config *config, const GPtrArray *guests, const char *domain)
{
	switch (address_reach(config->http_host)) {
	case ADDRESS_SELF:
		return FALSE;
	case ADDRESS_ALL:
		return guests_network(guests, domain) != NULL;
	default:
		return TRUE;
	}
}

char *kit_find_address(const Config *config, const char *domain, GError **error)
{
	const char *uri = config->libvirt_uri != NULL ? config->libvirt_uri : CONFIG_URI_DEFAULT;
	g_autoptr(GPtrArray) guests = guests_look(SYSFS_ROOT, uri, error);
	const FoundNetwork *network;

	if (guests == NULL) {
		g_prefix_error(error,
			"cannot find this computer's address in the guest's network; use --url: ");
		return NULL;
	}
	network = guests_network(guests, domain);
	if (network != NULL)
		return g_strdup(network->address);
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
		"this computer has no address in a network of the domain %s; use --url",
		domain != NULL ? domain : "of a guest without libvirt");
	return NULL;
}

/* -- the secret ------------------------------------------------------------------------------- */

/* RFC 9110, 5.5: other characters are not safe in a header. AutoHotkey v1 and Windows PowerShell
 * would not read them as UTF-8 either. */
static gboolean check_secret(const char *path, const char *secret, GError **error)
{
	const char *p = secret;

	while (g_ascii_isprint(*p))
		p++;
	if (*p == '\0')
		return TRUE;
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
		"%s: some clients can send only ASCII characters; make another secret: hotseat "
		"secret new --replace",
		path);
	return FALSE;
}

/* The guest's own secret, never the administrator's. */
static gboolean take_secret(KitFacts *facts, const Config *config, GError **error)
{
	g_autofree char *path = secrets_file(config->path, facts->guest);

	if (!secrets_find(config, facts->guest, &facts->secret, error))
		return FALSE;
	if (facts->secret != NULL)
		return check_secret(path, facts->secret, error);
	facts->secret = secrets_make(config, facts->guest, FALSE, error);
	facts->new_secret = facts->secret != NULL;
	return facts->new_secret;
}

/* -- the certificate -------------------------------------------------------------------------- */

static gboolean take_certificate(KitFacts *facts, const Config *config, GError **error)
{
	g_autoptr(CertificateFiles) files = NULL;

	if (!is_tls(config))
		return TRUE;
	files = certificate_files_find(config, error);
	if (files == NULL)
		return FALSE;
	facts->key_pin = certificate_key_pin(files->pem, error);
	facts->fingerprint = g_steal_pointer(&files->fingerprint);
	facts->certificate = g_steal_pointer(&files->pem);
	return facts->key_pin != NULL;
}

KitFacts *kit_facts_find(const KitRequest *request, GError **error)
{
	const ConfigGuest *guest = find_guest(request->config, request->guest, error);
	g_autoptr(KitFacts) facts = NULL;

	if (guest == NULL)
		return NULL;
	facts = g_new0(KitFacts, 1);
	facts->guest = g_strdup(guest->name);
	facts->url = find_url(request, guest->domain, error);
	/* the secret comes last, so that it is created only if nothing else fails */
	if (facts->url == NULL || !take_certificate(facts, request->config, error) ||
		!take_secret(facts, request->config, error))
		return NULL;
	return g_steal_pointer(&facts);
}

/* -- the program for Windows ------------------------------------------------------------------ */

GBytes *kit_find_agent(void)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *beside = g_path_get_dirname(self != NULL ? self : "/");
	const char *const folders[] = { beside, HOTSEAT_DATADIR "/hotseat/windows" };

	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *path = g_build_filename(folders[i], KIT_AGENT, NULL);
		char *bytes;
		gsize length;

		if (g_file_get_contents(path, &bytes, &length, NULL))
			return g_bytes_new_take(bytes, length);
	}
	return NULL;
}
