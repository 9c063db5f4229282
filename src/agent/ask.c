/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/ask.h"

#include "agent/remote.h"

typedef struct {
	const AskTimes *times;
	GCancellable *cancel;
	guint deadline;	    /* source */
	gboolean connected; /* the request is being sent, or has been sent */
	gboolean late, over;
	ClientAnswer *answer;
	GError *error; /* an error of libsoup, GIO or CLI_ERROR */
} Request;

static gboolean on_deadline(gpointer data)
{
	Request *request = data;

	request->deadline = 0;
	request->late = TRUE;
	g_cancellable_cancel(request->cancel);
	return G_SOURCE_REMOVE;
}

static void on_starting(SoupMessage *message, gpointer data)
{
	Request *request = data;

	request->connected = TRUE;
	g_clear_handle_id(&request->deadline, g_source_remove);
	request->deadline = g_timeout_add(request->times->answer, on_deadline, request);
}

static void on_done(SoupMessage *message, const char *body, const GError *cause, gpointer data)
{
	Request *request = data;

	request->over = TRUE;
	if (cause == NULL)
		request->answer =
			client_answer_new(soup_message_get_status(message), body, &request->error);
	else if (request->late)
		request->error = g_error_new_literal(G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "late");
	else
		request->error = g_error_copy(cause);
}

static void run(Request *request, Remote *remote, SoupMessage *message)
{
	request->cancel = g_cancellable_new();
	request->deadline = g_timeout_add(request->times->connect, on_deadline, request);
	g_signal_connect(message, "starting", G_CALLBACK(on_starting), request);
	remote_send(remote, message, request->cancel, on_done, request);
	while (!request->over)
		g_main_context_iteration(NULL, TRUE);
	g_clear_handle_id(&request->deadline, g_source_remove);
	g_signal_handlers_disconnect_by_data(message, request);
	g_object_unref(request->cancel);
}

/* again: whether a retry can help after a failure. */
static ClientAnswer *ask_once(Remote *remote, const char *path, const char *body,
	const AskTimes *times, gboolean *again, GError **error)
{
	Request request = { .times = times };
	g_autoptr(SoupMessage) message = remote_message(remote, path, body, error);
	GError *why;

	*again = FALSE;
	if (message == NULL)
		return NULL;
	run(&request, remote, message);
	if (request.answer != NULL)
		return request.answer;
	why = request.error->domain == CLI_ERROR ? g_error_copy(request.error)
						 : remote_explain(remote, message, request.error);
	*again = !request.connected && why->code == CLI_ABSENT;
	g_error_free(request.error);
	g_propagate_error(error, why);
	return NULL;
}

ClientAnswer *ask(Endpoint *endpoint, const char *path, const char *body, const AskTimes *times,
	GError **error)
{
	gint64 end = g_get_monotonic_time() + 1000 * (gint64)times->patience;
	g_autoptr(Remote) remote = remote_new(endpoint, 0);
	g_autoptr(GError) why = NULL;
	ClientAnswer *answer;
	gboolean again;

	while ((answer = ask_once(remote, path, body, times, &again, &why)) == NULL && again &&
		g_get_monotonic_time() < end) {
		g_clear_error(&why);
		g_usleep(ASK_PAUSE_MS * G_TIME_SPAN_MILLISECOND);
	}
	if (answer == NULL)
		g_propagate_error(error, g_steal_pointer(&why));
	return answer;
}
