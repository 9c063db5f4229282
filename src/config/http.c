/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/address.h"
#include "common/wipe.h"
#include "config/file.h"
#include "config/reader.h"
#include "config/secrets.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <sys/stat.h>

/* --- address --- */

static const char *address_hint(const char *text)
{
	if (text == NULL)
		return NULL;
	if (strstr(text, "://") != NULL)
		return "leave out http:// and any path";
	if (*text == ':')
		return "0.0.0.0 means all IPv4 addresses of this computer, 127.0.0.1 only the "
		       "computer itself";
	if (strchr(text, ':') == NULL)
		return "both host and port are required";
	return NULL;
}

/* Splits it as virtkvm does: at the last colon, without []. */
static gboolean split_address(const char *text, char **host, guint16 *port)
{
	const char *colon = text != NULL ? strrchr(text, ':') : NULL;
	g_autofree char *name = NULL;
	guint64 number;

	if (colon == NULL ||
		!g_ascii_string_to_unsigned(colon + 1, 10, 1, G_MAXUINT16, &number, NULL))
		return FALSE;
	name = *text == '[' && colon > text + 1 && colon[-1] == ']'
		       ? g_strndup(text + 1, (gsize)(colon - text) - 2)
		       : g_strndup(text, (gsize)(colon - text));
	if (!address_is_host(name))
		return FALSE;
	g_free(*host);
	*host = g_steal_pointer(&name);
	*port = (guint16)number;
	return TRUE;
}

static void read_address(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	const char *text = node_text(node);
	Config *config = out;

	if (!split_address(text, &config->http_host, &config->http_port))
		reader_expected(reader, field->key, "HOST:PORT such as 127.0.0.1:5001", node,
			address_hint(text));
}

static gboolean is_loopback(const char *host)
{
	g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);

	return address != NULL ? g_inet_address_get_is_loopback(address)
			       : g_ascii_strcasecmp(host, "localhost") == 0;
}

/* A fork of virtkvm needs it to split the address; hotseat sees it in the address. */
static void read_ipversion(
	ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	const char *text = node_text(node);
	gint64 number;

	if (text == NULL || !number_parse(text, &number))
		reader_expected(reader, field->key, "4 or 6", node, NULL);
}

/* --- secret --- */

static void warn_readable(
	ConfigReader *reader, const yaml_node_t *node, const char *path, guint mode)
{
	if (mode & S_IROTH)
		reader_warning(reader, node,
			"other users can read the secret in %s; run: chmod o= %s", path, path);
}

/* Uses secret, which stands at key, if it is valid. */
static void take_secret(
	ConfigReader *reader, const char *key, const yaml_node_t *node, char *secret)
{
	WIPED char *taken = secret;
	const char *fault = secret_fault(taken);

	if (fault != NULL) {
		reader_error(reader, node, "%s: %s", key, fault);
	} else {
		if (strlen(taken) < SECRET_SHORT)
			reader_warning(reader, node,
				"%s: shorter than %d characters can be guessed; try: openssl rand "
				"-hex 16",
				key, SECRET_SHORT);
		wipe_free(reader->config->http_secret);
		reader->config->http_secret = g_steal_pointer(&taken);
	}
}

static void read_secret(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	const char *text = node_text(node);
	const Config *config = out;

	/* it is not used, and forks of virtkvm have an empty one by default */
	if ((!config->http || !config->http_security) &&
		(node_is_null(node) || g_strcmp0(text, "") == 0))
		return;
	if (text == NULL || node_is_null(node)) {
		reader_expected(reader, field->key, "text", node, NULL);
		return;
	}
	take_secret(reader, field->key, node, g_strdup(text));
	warn_readable(reader, node, reader->path, reader->mode);
}

static void read_secret_file(
	ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	g_autofree char *name = reader_take_text(reader, field->key, node);
	g_autofree char *path = NULL;
	g_autofree char *reason = NULL;
	Config *config = out;
	char *text;
	gsize length;
	guint mode;

	/* without security the secret is not used, so the file need not exist; if there are two
	 * secrets, one must be removed */
	if (name == NULL || !config->http_security || config->http_secret != NULL)
		return;
	path = config_beside(reader->path, name);
	/* do not block on pipes and similar files */
	text = file_read(path, O_NONBLOCK, &length, &mode, &reason);
	if (text == NULL) {
		reader_error(reader, node, "%s: %s %s%s", field->key, path, reason,
			g_file_test(path, G_FILE_TEST_EXISTS)
				? ""
				: "; create one: openssl rand -hex 16");
		return;
	}
	secret_chomp(text, length);
	warn_readable(reader, node, path, mode);
	take_secret(reader, field->key, node, text);
	g_free(config->http_secret_file);
	config->http_secret_file = g_steal_pointer(&path);
}

static const Field security_fields[] = {
	{ "enabled", reader_bool, FIELD_MEMBER(Config, http_security), .also = "enable|active" },
	{ "secret", read_secret, .also = "password|key|token" },
	{ "secret_file", read_secret_file, .also = "passwordfile|keyfile|tokenfile" },
	{ .key = NULL },
};

/* --- TLS --- */

/* src/tls checks whether it can be used. */
static void read_file(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	ConfigFile *file = (ConfigFile *)((char *)out + field->offset);
	g_autofree char *name = reader_take_text(reader, field->key, node);

	if (name == NULL)
		return;
	g_free(file->path);
	file->path = config_beside(reader->path, name);
	file->line = (guint)node->start_mark.line + 1;
	file->column = (guint)node->start_mark.column + 1;
}

static const Field tls_fields[] = {
	{ "certificate", read_file, FIELD_MEMBER(Config, http_certificate), .required = TRUE,
		.also = "cert|certfile|chain" },
	{ "key", read_file, FIELD_MEMBER(Config, http_key), .required = TRUE,
		.also = "keyfile|privatekey" },
	{ .key = NULL },
};

static void read_tls(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	/* an empty "tls:" does not mean plain HTTP */
	if (node_is_null(node))
		reader_error(reader, node,
			"tls: missing keys \"certificate\" and \"key\"; `hotseat certificate new` "
			"creates both");
	else
		reader_fields(reader, tls_fields, field->key, node, out);
}

const Field http_fields[] = {
	{ "enabled", reader_bool, FIELD_MEMBER(Config, http), .also = "enable|active" },
	{ "address", read_address, .also = "listen|bind|host|port" },
	{ .key = "ipversion", .read = read_ipversion },
	{ "security", reader_section, .fields = security_fields, .also = "auth|secure" },
	{ "tls", read_tls, .fields = tls_fields, .also = "ssl|https" },
	{ .key = NULL },
};

static void check_security(ConfigReader *reader, yaml_node_t *node)
{
	Config *config = reader->config;
	const yaml_node_t *file = reader_find(reader, node, "secret_file");
	gboolean secret = !reader_is_missing(reader, node, "secret");

	/* without a secret here, the guests may have their own: see secrets_load() */
	config->http_security_line = (guint)node->start_mark.line + 1;
	config->http_security_column = (guint)node->start_mark.column + 1;
	if (config->http_security && secret && file != NULL)
		reader_error(reader, file,
			"secret_file: there is a \"secret\" too; keep one of the two");
	else if (!config->http_security && config->http_host != NULL &&
		 !is_loopback(config->http_host))
		reader_warning(reader, node,
			"security: disabled, and %s is not a loopback address: everyone who can "
			"reach it can switch",
			config->http_host);
}

/* Missing keys matter only if HTTP is enabled. */
static void check_http(ConfigReader *reader, yaml_node_t *node)
{
	yaml_node_t *security = reader_find(reader, node, "security");

	if (reader_is_missing(reader, node, "address"))
		reader_error(reader, node,
			"http: missing key \"address\", such as 127.0.0.1:5001; or write enabled: "
			"false");
	if (reader_is_missing(reader, node, "security") ||
		(security != NULL && node_is_null(security)))
		reader_error(reader, security != NULL ? security : node,
			"http: missing key \"security\" with a \"secret\" (or enabled: false)");
	else if (security != NULL && security->type == YAML_MAPPING_NODE)
		check_security(reader, security);
}

void read_http(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	Config *config = out;

	if (node_is_null(node))
		return;
	config->http = TRUE;
	config->http_security = TRUE;
	if (reader_fields(reader, http_fields, field->key, node, config) && config->http)
		check_http(reader, node);
	if (!config->http_security)
		g_clear_pointer(&config->http_secret, wipe_free);
}
