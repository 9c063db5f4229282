/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/text.h"
#include "common/json.h"
#include "tls/certificate.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

static void print_json(const CertificateFiles *files)
{
	JsonBuilder *builder = object_begin();
	g_autofree char *certificate = g_filename_display_name(files->certificate);
	g_autofree char *key = g_filename_display_name(files->key);

	member_add_text(builder, "certificate", certificate);
	member_add_text(builder, "key", key);
	member_add_text(builder, "fingerprint", files->fingerprint);
	object_print(builder);
}

/* The lines that a config without http.tls needs. If the files are beside the config, their names
 * are enough. */
static void print_lines(void)
{
	puts("\nThese lines of the configuration, under http:, enable TLS:\n"
	     "\n"
	     "  tls:\n"
	     "    certificate: " CERTIFICATE_FILE "\n"
	     "    key: " KEY_FILE);
}

static void print_people(
	const Config *config, const CertificateFiles *files, gboolean made, gboolean replaced)
{
	g_autofree char *certificate = text_clean(files->certificate);
	g_autofree char *key = text_clean(files->key);

	printf("certificate  %s\nkey          %s\nSHA-256      %s\n", certificate, key,
		files->fingerprint);
	if (config->http_certificate.path == NULL)
		print_lines();
	else if (made)
		puts("\nA running daemon uses it after a reload:\n"
		     "sudo systemctl reload hotseatd");
	if (made && replaced)
		puts("Guests that know the old one need the new fingerprint, or a new kit.");
}

CliExit cmd_certificate(const Cli *cli, char **arguments)
{
	gboolean new = g_str_equal(arguments[0], "new");
	g_autoptr(Config) config = NULL;
	g_autoptr(CertificateFiles) files = NULL;
	g_autoptr(GError) error = NULL;

	if (!new && !g_str_equal(arguments[0], "show"))
		return cli_fail(g_error_new(CLI_ERROR, CLI_USAGE,
			"unknown action %s; certificate has new and show; see `hotseat help "
			"certificate`",
			arguments[0]));
	config = cli_config(cli, NULL);
	if (config == NULL)
		return CLI_USAGE;
	files = new ? certificate_files_make(config, cli_has(cli, "--replace"), &error)
		    : certificate_files_find(config, &error);
	if (files == NULL)
		return cli_fail(g_steal_pointer(&error));
	if (cli->json)
		print_json(files);
	else
		print_people(config, files, new, cli_has(cli, "--replace"));
	return CLI_OK;
}
