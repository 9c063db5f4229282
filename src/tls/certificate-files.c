/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/error.h"
#include "common/owner.h"
#include "config/file.h"
#include "tls/certificate.h"

#include <errno.h>

void certificate_files_free(CertificateFiles *files)
{
	if (files == NULL)
		return;
	g_free(files->certificate);
	g_free(files->key);
	g_free(files->pem);
	g_free(files->fingerprint);
	g_free(files);
}

static char *path_of(const Config *config, const ConfigFile *file, const char *name)
{
	return file->path != NULL ? g_strdup(file->path) : config_beside(config->path, name);
}

static CertificateFiles *files_new(const Config *config)
{
	CertificateFiles *files = g_new0(CertificateFiles, 1);

	files->certificate = path_of(config, &config->http_certificate, CERTIFICATE_FILE);
	files->key = path_of(config, &config->http_key, KEY_FILE);
	return files;
}

/* Fails if either file exists, so that no single file of a pair is lost. */
static gboolean check_absent(const CertificateFiles *files, GError **error)
{
	const char *paths[] = { files->certificate, files->key };

	for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
		if (!g_file_test(paths[i], G_FILE_TEST_EXISTS))
			continue;
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
			"%s exists; --replace creates a new one, which clients that know the old "
			"one reject",
			paths[i]);
		return FALSE;
	}
	return TRUE;
}

static gboolean describe(CertificateFiles *files, const char *text, GError **error)
{
	files->pem = certificate_alone(text, error);
	if (files->pem != NULL)
		files->fingerprint = certificate_fingerprint(files->pem, error);
	return files->fingerprint != NULL;
}

static gboolean is_beside(const Config *config, const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *own = g_path_get_dirname(config->path);

	return g_str_equal(folder, own);
}

/*
 * The user with whose rights the files are written: the one who controls the config, because it
 * names the files. Beside the system's config that is root, although the files belong to the
 * service, which must read the key.
 */
static uid_t find_writer(const Config *config, const CertificateFiles *files)
{
	gboolean beside = is_beside(config, files->certificate) && is_beside(config, files->key);

	return owner_of(config->path, !beside);
}

static gboolean write_files(const CertificateFiles *files, const char *certificate, const char *key,
	const struct stat *owner, gboolean replace, GError **error)
{
	return file_write(files->key, key, 0600, owner, replace, error) &&
	       file_write(files->certificate, certificate, 0644, owner, replace, error);
}

CertificateFiles *certificate_files_make(const Config *config, gboolean replace, GError **error)
{
	g_autoptr(CertificateFiles) files = files_new(config);
	g_autofree char *certificate = NULL, *key = NULL;
	struct stat owner;
	gboolean written;
	AsUser as;

	if (!replace && !check_absent(files, error))
		return NULL;
	if (stat(config->path, &owner) != 0) {
		file_set_error(error, files->key, errno);
		return NULL;
	}
	if (!certificate_make(config->http_host, &certificate, &key, error) ||
		!as_user_begin(&as, find_writer(config, files), error))
		return NULL;
	written = write_files(files, certificate, key, &owner, replace, error);
	as_user_end(&as);
	return written && describe(files, certificate, error) ? g_steal_pointer(&files) : NULL;
}

CertificateFiles *certificate_files_find(const Config *config, GError **error)
{
	g_autoptr(CertificateFiles) files = files_new(config);
	g_autofree char *reason = NULL;
	g_autofree char *text = NULL;
	gsize length;

	text = file_read(files->certificate, 0, &length, NULL, &reason);
	if (text == NULL) {
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
			"%s %s; create one with `hotseat certificate new`", files->certificate,
			reason);
		return NULL;
	}
	if (!describe(files, text, error)) {
		g_prefix_error(error, "%s: ", files->certificate);
		return NULL;
	}
	return g_steal_pointer(&files);
}
