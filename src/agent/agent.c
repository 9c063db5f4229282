/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/agent.h"

#include "agent/monitors.h"
#include "cli/text.h"
#include "common/json.h"

#include <stdio.h>

struct Agent {
	Remote *remote;
	GCancellable *cancel; /* cancels answers that are under way */
	Monitors *monitors;
	Features features;
	Link *link;
	char *problem; /* the last reason that was printed; NULL: connected since then */
};

G_GNUC_PRINTF(1, 2) static void tell(const char *format, ...)
{
	g_autofree char *text = NULL, *clean = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	clean = text_clean(text);
	fprintf(stderr, "hotseat: %s\n", clean);
}

/* --- the answer --- */

/* Must not use the agent, which may have been freed. */
static void on_answered(
	SoupMessage *message, const char *body, const GError *cause, gpointer unused)
{
	g_autoptr(JsonNode) root = body != NULL ? object_parse(body) : NULL;
	const char *why = member_text(root != NULL ? json_node_get_object(root) : NULL, "error");

	if (cause != NULL)
		why = cause->message;
	if (g_error_matches(cause, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
		(cause == NULL && soup_message_get_status(message) == SOUP_STATUS_OK))
		return;
	tell("hotseatd rejected the answer: %s", why != NULL ? why : "no reason given");
}

static void answer(Agent *agent, gint64 id, const char *why)
{
	g_autofree char *body = set_input_answer(id, why);
	g_autoptr(GError) error = NULL;
	g_autoptr(SoupMessage) message = remote_message(agent->remote, "/set-input", body, &error);

	if (message != NULL)
		remote_send(agent->remote, message, agent->cancel, on_answered, NULL);
	else
		tell("cannot answer hotseatd: %s", error->message);
}

/* --- the request --- */

static void on_set(const SetInput *request, const GError *error, gpointer data)
{
	g_autofree char *label = set_input_label(request);

	if (error == NULL)
		tell("%s: 0x%02x set to 0x%02x", label, request->feature.code, request->value);
	else
		tell("%s: not set: %s", label, error->message);
	answer(data, request->id, error != NULL ? error->message : NULL);
}

/* Carries out the request, and answers it. Takes ownership of request. */
static void take(Agent *agent, SetInput *request)
{
	const VcpFeature *feature = &request->feature;
	Problem problem;

	if (core_features_allow(
		    &agent->features, feature->code, feature->source_address, &problem)) {
		monitors_set(agent->monitors, request, on_set, agent);
		return;
	}
	tell("%s", problem.text);
	answer(agent, request->id, problem.text);
	set_input_free(request);
}

static void on_event(const char *name, const char *text, gpointer data)
{
	Agent *agent = data;
	g_autoptr(GError) error = NULL;
	SetInput *request;
	gboolean has_id;
	gint64 id;

	if (!g_str_equal(name, "set-input"))
		return;
	request = set_input_parse(text, &id, &has_id, &error);
	if (request != NULL) {
		take(agent, request);
		return;
	}
	tell("%s", error->message);
	if (has_id)
		answer(agent, id, error->message);
}

/* --- the connection --- */

static void on_up(gpointer data)
{
	Agent *agent = data;

	tell("connected to %s", agent->remote->endpoint->url);
	g_clear_pointer(&agent->problem, g_free);
}

static void on_down(const char *why, gpointer data)
{
	Agent *agent = data;

	if (g_strcmp0(agent->problem, why) == 0)
		return;
	tell("not connected, trying again: %s", why);
	g_free(agent->problem);
	agent->problem = g_strdup(why);
}

Agent *agent_new(
	Endpoint *endpoint, I2cSystem *system, const Features *features, const LinkTimes *times)
{
	static const LinkOps ops = { on_up, on_down, on_event };
	Agent *agent = g_new0(Agent, 1);

	agent->remote = remote_new(endpoint, times->silence_s);
	agent->cancel = g_cancellable_new();
	agent->monitors = monitors_new(system);
	agent->features = *features;
	agent->link = link_new(agent->remote, times, &ops, agent);
	return agent;
}

void agent_free(Agent *agent)
{
	if (agent == NULL)
		return;
	link_free(agent->link);
	monitors_free(agent->monitors);
	g_cancellable_cancel(agent->cancel);
	g_object_unref(agent->cancel);
	remote_free(agent->remote);
	g_free(agent->problem);
	g_free(agent);
}
