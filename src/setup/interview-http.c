/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup/interview.h"
#include "tls/certificate.h"

#include <string.h>

/* virtkvm's port, which its clients use */
#define PORT 5001

/* the value of --http that means no address */
#define NOTHING "none"

static void set_address(Interview *interview, const char *host, guint16 port)
{
	Config *config = interview->draft->config;

	g_free(config->http_host);
	config->http_host = g_strdup(host);
	config->http_port = port;
	config->http = config->http_security = TRUE;
}

/* Parses the address with the config's reader. Returns NULL if it is not an address. */
static Config *parse_address(const char *address)
{
	g_autofree char *quoted = g_strescape(address, NULL);
	g_autofree char *text = g_strdup_printf(
		"http:\n  address: \"%s\"\n  security:\n    enabled: false\n", quoted);
	g_autoptr(GPtrArray) problems = config_problems_new();

	return draft_can_say(address) ? config_parse("--http", text, strlen(text), problems) : NULL;
}

gboolean interview_http_fits(const char *address)
{
	g_autoptr(Config) config = parse_address(address);

	return config != NULL || g_str_equal(address, NOTHING);
}

static void take_option(Interview *interview)
{
	g_autoptr(Config) config = parse_address(interview->options->http);

	if (config != NULL)
		set_address(interview, config->http_host, config->http_port);
	else
		g_clear_pointer(&interview->draft->config->http_host, g_free);
}

/* asked: the address is new, and the user agreed. */
static gboolean offer(Interview *interview, const FoundNetwork *network, gboolean *asked)
{
	g_autofree char *question = g_strdup_printf(
		"Accept requests from the guest at http://%s:%u?", network->address, PORT);
	gboolean wanted = TRUE;

	talk_say(interview->talk,
		"The guest and this computer share the network %s, so that a hotkey in the guest "
		"can "
		"switch back.",
		network->name);
	if (interview->asks && !talk_yes(interview->talk, question,
				       "In the guest, a key can be bound to a request (with curl, "
				       "for example) that switches back. hotseatd accepts only "
				       "requests with the secret. Without it you need another way "
				       "back to the host: the hotkey, a second keyboard, or ssh.",
				       TRUE, &wanted))
		return FALSE;
	if (wanted)
		set_address(interview, network->address, PORT);
	*asked = wanted;
	return TRUE;
}

/* The address that guests have used so far stays: every kit contains it, with the certificate's
 * fingerprint. */
static void keep_replaced(Interview *interview)
{
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autoptr(Config) old =
		interview->replaced != NULL ? config_load(interview->replaced, problems) : NULL;
	Config *config = interview->draft->config;

	if (old == NULL || !old->http || old->http_host == NULL)
		return;
	set_address(interview, old->http_host, old->http_port);
	config->http_security = old->http_security;
	config->http_certificate.path = g_strdup(old->http_certificate.path);
	config->http_key.path = g_strdup(old->http_key.path);
	talk_say(interview->talk,
		"http.address stays %s:%u, as in %s, so that guest kits stay valid.",
		old->http_host, old->http_port, interview->replaced);
}

static void say_no_network(Interview *interview)
{
	talk_say(interview->talk, "%s, so the HTTP API stays off. --http HOST:PORT enables it.",
		interview->found.guests != NULL
			? "The guest cannot reach this computer over a network"
			: "The guest's network could not be determined");
}

static gboolean choose_address(Interview *interview, gboolean *asked)
{
	const Config *config = interview->draft->config;
	const FoundNetwork *network = guests_network_with(interview->found.guests, config, NULL);

	*asked = FALSE;
	if (interview->options->http != NULL) {
		take_option(interview);
		return TRUE;
	}
	/* What the start has is kept. */
	if (config->http_host == NULL && interview->options->from == NULL)
		keep_replaced(interview);
	if (config->http_host != NULL || interview->options->from != NULL)
		return TRUE;
	if (network != NULL)
		return offer(interview, network, asked);
	say_no_network(interview);
	return TRUE;
}

/* -- TLS -------------------------------------------------------------------------------------- */

/* The following questions make sense only after the question about the address. */
static gboolean ask_tls(Interview *interview, gboolean asked, gboolean *wanted)
{
	gboolean several = interview->draft->config->guests->len > 1;

	*wanted = interview->options->tls;
	if (!interview->asks || *wanted || !asked)
		return TRUE;
	return talk_yes(interview->talk,
		"Encrypt that with TLS? Other guests in the same network could read the secret "
		"otherwise; with one guest plain HTTP is fine.",
		"yes: hotseat creates a key and a self-signed certificate. The files of `hotseat "
		"guest-kit` and the agents accept only that certificate; clients that cannot check "
		"it by its fingerprint cannot be used.",
		several, wanted);
}

static gboolean choose_tls(Interview *interview, gboolean asked)
{
	Config *config = interview->draft->config;
	gboolean wanted;

	if (config->http_host == NULL || config->http_certificate.path != NULL) {
		if (interview->options->tls && config->http_host == NULL)
			interview_missing(interview,
				"--tls: the HTTP API is off, so there is nothing to "
				"encrypt; enable it with --http HOST:PORT");
		return TRUE;
	}
	if (!ask_tls(interview, asked, &wanted))
		return FALSE;
	if (wanted) {
		config->http_certificate.path = g_strdup(CERTIFICATE_FILE);
		config->http_key.path = g_strdup(KEY_FILE);
	}
	return TRUE;
}

gboolean interview_http(Interview *interview)
{
	gboolean asked;

	return choose_address(interview, &asked) && choose_tls(interview, asked);
}
