/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup/interview.h"
#include "tls/certificate.h"

#include <string.h>

/* virtkvm's, which its clients ask */
#define PORT 5001

/* What --http says for no address */
#define NOTHING "none"

/* A network on which a guest of the config reaches this machine, or NULL. */
static const FoundNetwork *shared_network(const Interview *interview)
{
	const GPtrArray *guests = interview->draft->config->guests;
	const FoundNetwork *network = NULL;

	for (guint i = 0; network == NULL && i < guests->len; i++)
		network = guests_network(
			interview->guests, ((ConfigGuest *)guests->pdata[i])->domain);
	return network;
}

static void set_address(Interview *interview, const char *host, guint16 port)
{
	Config *config = interview->draft->config;

	g_free(config->http_host);
	config->http_host = g_strdup(host);
	config->http_port = port;
	config->http = config->http_security = TRUE;
}

/* Lets the config's reader read it. NULL: it is no address. */
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

static gboolean offer(Interview *interview, const FoundNetwork *network)
{
	g_autofree char *question = g_strdup_printf(
		"Let the guest ask for the switch at http://%s:%u?", network->address, PORT);
	gboolean wanted = TRUE;

	talk_say(interview->talk,
		"The guest and this computer share the network %s, so that a key of the guest's "
		"can "
		"bring the seat back.",
		network->name);
	if (interview->asks &&
		!talk_yes(interview->talk, question,
			"In the guest, a key can be bound to a request (with curl, say) that "
			"switches back. Only who has the secret is heard. Without it the host has "
			"to be reached in another way: with a second keyboard, or over ssh.",
			TRUE, &wanted))
		return FALSE;
	if (wanted)
		set_address(interview, network->address, PORT);
	return TRUE;
}

static gboolean choose_address(Interview *interview)
{
	const FoundNetwork *network = shared_network(interview);

	if (interview->options->http != NULL)
		take_option(interview);
	else if (interview->options->from != NULL)
		return TRUE;
	else if (network != NULL)
		return offer(interview, network);
	else
		talk_say(interview->talk,
			"%s, so that there is no HTTP in the configuration. --http HOST:PORT adds "
			"it.",
			interview->guests != NULL
				? "The guest shares no network with this computer on which it "
				  "could ask for the switch back"
				: "It could not be seen in which network the guest could ask for "
				  "the switch back");
	return TRUE;
}

/* -- TLS -------------------------------------------------------------------------------------- */

/* Only of an address that was asked about is there more to ask. */
static gboolean ask_tls(Interview *interview, gboolean *wanted)
{
	const InterviewOptions *options = interview->options;
	gboolean several = interview->draft->config->guests->len > 1;

	*wanted = options->tls;
	if (!interview->asks || options->tls || options->http != NULL || options->from != NULL)
		return TRUE;
	return talk_yes(interview->talk,
		"Encrypt that with TLS? Other guests in the same network could read the secret "
		"otherwise; with one guest plain HTTP is fine.",
		"yes: hotseat makes a key and a certificate that it signs itself. What `hotseat "
		"guest-kit` writes, and the agents, know that certificate and believe no other; "
		"clients that cannot be told so are left out.",
		several, wanted);
}

static gboolean choose_tls(Interview *interview)
{
	Config *config = interview->draft->config;
	gboolean wanted;

	if (config->http_host == NULL || config->http_certificate.path != NULL) {
		if (interview->options->tls && config->http_host == NULL)
			interview_missing(interview, "--tls: there is no HTTP to be encrypted; "
						     "--http HOST:PORT says where");
		return TRUE;
	}
	if (!ask_tls(interview, &wanted))
		return FALSE;
	if (wanted) {
		config->http_certificate.path = g_strdup(CERTIFICATE_FILE);
		config->http_key.path = g_strdup(KEY_FILE);
	}
	return TRUE;
}

gboolean interview_http(Interview *interview)
{
	return choose_address(interview) && choose_tls(interview);
}
