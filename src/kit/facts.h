/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The values for a guest kit: from the config, its guests' secrets, and the certificate.
 */
#pragma once

#include "config/config.h"
#include "guest/found.h"

/* The program for Windows, and its name in a kit. */
#define KIT_AGENT "hotseat-agent.exe"

typedef struct {
	char *url;	     /* hotseatd's URL without a path: "https://192.168.122.1:5001" */
	char *secret;	     /* the guest's secret, which can be sent in a header */
	char *guest;	     /* its name */
	char *certificate;   /* PEM, only this certificate; NULL: plain HTTP, and the next two are
			      * NULL too
			      */
	char *fingerprint;   /* certificate_fingerprint() */
	char *key_pin;	     /* certificate_key_pin() */
	GBytes *agent;	     /* hotseat-agent.exe; NULL: this computer does not have it */
	gboolean new_secret; /* the guest had no secret; this one was created */
} KitFacts;

typedef struct {
	const Config *config;
	const char *guest; /* NULL: the only one */
	const char *url;   /* NULL: the config's address */
	/* This machine's address in a network of the domain's, for a config that listens on all of
	 * them. Free with g_free(). NULL and an error. */
	char *(*find_address)(const Config *config, const char *domain, GError **error);
} KitRequest;

/* Creates a secret for the guest if it has none. NULL and an error on failure (CONFIG and NO_GUEST:
 * the request does not match the config; FAILED). */
KitFacts *kit_facts_find(const KitRequest *request, GError **error);
void kit_facts_free(KitFacts *facts);

/* Reads hotseat-agent.exe from the folder of this program (in a build directory), otherwise from
 * where it is installed. NULL: it is in neither. */
GBytes *kit_find_agent(void);

/* Is there an address at which the domain reaches the config's HTTP API? guests: those found; NULL:
 * libvirt could not be asked. */
gboolean kit_is_reached(const Config *config, const GPtrArray *guests, const char *domain);

/* Asks libvirt: KitRequest.find_address. */
char *kit_find_address(const Config *config, const char *domain, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KitFacts, kit_facts_free)
