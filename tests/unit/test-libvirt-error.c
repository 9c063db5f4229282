/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is said when libvirt cannot be reached, or does not do what it was asked for.
 */
#include "common/error.h"
#include "common/libvirt-host.h"
#include "guest/advice.h"
#include "guest/error.h"

#include <errno.h>
#include <grp.h>
#include <string.h>

#define JOIN "add the user to the group libvirt and log in again"
#define URI  "correct libvirt.uri in the configuration, most often qemu:///system"
#define TRY  "check whether this works: virsh -c qemu:///x list"

/* The groups of this machine, instead of libc's: names with spaces between them. */
static const char *groups = "libvirt";

int getgrnam_r(const char *restrict name, struct group *restrict group, char *restrict buffer,
	size_t size, struct group **restrict found)
{
	g_auto(GStrv) names = g_strsplit(groups, " ", -1);

	*found = g_strv_contains((const char *const *)names, name) ? group : NULL;
	return 0;
}

static const struct {
	int code, system_errno;
	HotseatError kind;
	const char *advice;
} cases[] = {
	{ VIR_ERR_SYSTEM_ERROR, EACCES, HOTSEAT_ERROR_NO_PERMISSION, JOIN },
	{ VIR_ERR_SYSTEM_ERROR, EPERM, HOTSEAT_ERROR_NO_PERMISSION, JOIN },
	{ VIR_ERR_AUTH_UNAVAILABLE, 0, HOTSEAT_ERROR_NO_PERMISSION, JOIN },
	{ VIR_ERR_AUTH_CANCELLED, EPERM, HOTSEAT_ERROR_NO_PERMISSION, JOIN },
	{ VIR_ERR_AUTH_FAILED, 0, HOTSEAT_ERROR_NO_PERMISSION, JOIN },
	{ VIR_ERR_SYSTEM_ERROR, ENOENT, HOTSEAT_ERROR_LIBVIRT, TRY },
	{ VIR_ERR_SYSTEM_ERROR, ECONNREFUSED, HOTSEAT_ERROR_LIBVIRT, TRY },
	{ VIR_ERR_SYSTEM_ERROR, ENOMEM, HOTSEAT_ERROR_LIBVIRT, TRY },
	{ VIR_ERR_NO_CONNECT, 0, HOTSEAT_ERROR_LIBVIRT, URI },
	{ VIR_ERR_INVALID_ARG, 0, HOTSEAT_ERROR_LIBVIRT, URI },
	{ VIR_ERR_CONFIG_UNSUPPORTED, 0, HOTSEAT_ERROR_LIBVIRT, URI },
	{ VIR_ERR_INTERNAL_ERROR, 7, HOTSEAT_ERROR_LIBVIRT, URI },
	{ VIR_ERR_NO_DOMAIN, EACCES, HOTSEAT_ERROR_LIBVIRT, TRY },
};

static void test_connect(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		virError err = { .code = cases[i].code,
			.message = (char *)"so it is",
			.int1 = cases[i].system_errno };
		g_autofree char *expected = g_strdup_printf(
			"cannot connect to libvirt at qemu:///x: so it is; %s", cases[i].advice);
		g_autoptr(GError) error = NULL;

		libvirt_error_connect(&error, "qemu:///x", &err);
		g_assert_error(error, HOTSEAT_ERROR, (int)cases[i].kind);
		g_assert_cmpstr(error->message, ==, expected);
	}
}

/* Only the system's libvirt is started from here. */
static void test_start(void)
{
	const char *daemon = advice_daemon("");
	virError err = { .code = VIR_ERR_SYSTEM_ERROR, .int1 = ECONNREFUSED };
	g_autofree char *start =
		daemon != NULL ? g_strdup_printf("start it: sudo systemctl start %s.socket", daemon)
			       : g_strdup("install it with its QEMU driver");
	g_autoptr(GError) error = NULL, session = NULL;

	libvirt_error_connect(&error, "qemu:///system", &err);
	g_assert_true(g_str_has_suffix(error->message, start));
	libvirt_error_connect(&session, "qemu:///session", &err);
	g_assert_true(g_str_has_suffix(
		session->message, "; check whether this works: virsh -c qemu:///session list"));
}

/* libvirt knows of no error, or has no words for it. */
static void test_silent(void)
{
	virError err = { .code = VIR_ERR_NO_CONNECT };
	g_autoptr(GError) none = NULL, wordless = NULL;

	libvirt_error_connect(&none, "qemu:///x", NULL);
	g_assert_cmpstr(
		none->message, ==, "cannot connect to libvirt at qemu:///x: no reason given; " TRY);
	libvirt_error_connect(&wordless, "qemu:///x", &err);
	g_assert_cmpstr(wordless->message, ==,
		"cannot connect to libvirt at qemu:///x: no reason given; " URI);
}

static void test_last(void)
{
	g_autoptr(GError) none = NULL, some = NULL;

	g_assert_cmpint(virInitialize(), ==, 0);
	virResetLastError();
	libvirt_error_last(&none, "cannot ask");
	g_assert_error(none, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT);
	g_assert_cmpstr(none->message, ==, "cannot ask: no reason given");
	libvirt_error_silence();
	g_assert_null(virConnectOpen("nonsense:///x"));
	libvirt_error_last(&some, "cannot ask");
	g_assert_true(g_str_has_prefix(some->message, "cannot ask: "));
	g_assert_cmpstr(some->message, !=, none->message);
}

/* The one that exists is named, everywhere. */
static void test_group(void)
{
	static const struct {
		const char *groups, *wanted;
	} rows[] = {
		{ "users libvirt", "libvirt" },
		{ "libvirtd users", "libvirtd" },
		{ "libvirtd libvirt", "libvirt" },
		{ "users", "libvirt" },
	};
	virError err = { .code = VIR_ERR_AUTH_FAILED };

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *wanted =
			g_strdup_printf("to the group %s and log in again", rows[i].wanted);
		g_autoptr(GError) error = NULL;

		groups = rows[i].groups;
		g_assert_cmpstr(libvirt_group(), ==, rows[i].wanted);
		libvirt_error_connect(&error, "qemu:///system", &err);
		g_assert_nonnull(strstr(error->message, wanted));
	}
	groups = "libvirt";
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/libvirt-error/connect", test_connect);
	g_test_add_func("/libvirt-error/group", test_group);
	g_test_add_func("/libvirt-error/start", test_start);
	g_test_add_func("/libvirt-error/silent", test_silent);
	g_test_add_func("/libvirt-error/last", test_last);
	return g_test_run();
}
