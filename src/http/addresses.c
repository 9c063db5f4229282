/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/addresses.h"

#include "common/error.h"

typedef struct {
	Addresses *addresses; /* NULL: dropped */
	GCancellable *cancel;
	char *host;
	AddressesDone done;
	gpointer data;
} Question;

struct Addresses {
	GHashTable *known;  /* host (char *) to GList * of GInetAddress * */
	Question *question; /* under way; NULL: none is */
};

static void list_free(gpointer list)
{
	g_list_free_full(list, g_object_unref);
}

Addresses *addresses_new(void)
{
	Addresses *addresses = g_new0(Addresses, 1);

	addresses->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, list_free);
	return addresses;
}

void addresses_free(Addresses *addresses)
{
	if (addresses == NULL)
		return;
	if (addresses->question != NULL) {
		addresses->question->addresses = NULL;
		g_cancellable_cancel(addresses->question->cancel);
	}
	g_hash_table_unref(addresses->known);
	g_free(addresses);
}

static GList *every_address(void)
{
	GList *list = g_list_append(NULL, g_inet_address_new_any(G_SOCKET_FAMILY_IPV4));

	return g_list_append(list, g_inet_address_new_any(G_SOCKET_FAMILY_IPV6));
}

static void set_error(GError **error, const char *host, const GError *why)
{
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
		"cannot find the address of \"%s\": %s; change http.address", host, why->message);
}

/* Takes list. */
static void answer(Question *question, GList *list, const GError *why)
{
	Addresses *addresses = question->addresses;
	g_autoptr(GError) error = NULL;

	if (list == NULL)
		set_error(&error, question->host, why);
	if (addresses == NULL)
		list_free(list);
	else if (list != NULL)
		g_hash_table_replace(addresses->known, g_strdup(question->host), list);
	if (addresses != NULL) {
		addresses->question = NULL;
		question->done(error, question->data);
	}
	g_object_unref(question->cancel);
	g_free(question->host);
	g_free(question);
}

static void found(GObject *resolver, GAsyncResult *result, gpointer data)
{
	g_autoptr(GError) why = NULL;
	GList *list = g_resolver_lookup_by_name_finish(G_RESOLVER(resolver), result, &why);

	answer(data, list, why);
}

static gboolean found_at_once(gpointer data)
{
	answer(data, every_address(), NULL);
	return G_SOURCE_REMOVE;
}

void addresses_look_up(Addresses *addresses, const char *host, AddressesDone done, gpointer data)
{
	g_autoptr(GResolver) resolver = g_resolver_get_default();
	Question *question = g_new0(Question, 1);

	g_assert(addresses->question == NULL);
	question->addresses = addresses;
	question->cancel = g_cancellable_new();
	question->host = g_strdup(host);
	question->done = done;
	question->data = data;
	addresses->question = question;
	if (*host == '\0')
		g_idle_add(found_at_once, question);
	else
		g_resolver_lookup_by_name_async(resolver, host, question->cancel, found, question);
}

const GList *addresses_of(Addresses *addresses, const char *host, GError **error)
{
	const GList *known = g_hash_table_lookup(addresses->known, host);
	g_autoptr(GResolver) resolver = g_resolver_get_default();
	g_autoptr(GError) why = NULL;
	GList *list;

	if (known != NULL)
		return known;
	list = *host == '\0' ? every_address()
			     : g_resolver_lookup_by_name(resolver, host, NULL, &why);
	if (list == NULL)
		set_error(error, host, why);
	else
		g_hash_table_replace(addresses->known, g_strdup(host), list);
	return list;
}
