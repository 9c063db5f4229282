/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link.h"

#include "core/events.h"
#include "core/seat.h"
#include "http.h"
#include "log.h"
#include "monitors.h"

#include <stdlib.h>
#include <string.h>

/* hotseatd sends something every 15 s; the connection has failed if three of these are missing */
#define SILENCE_MS 45000
#define ANSWER_MS  10000
#define PATH	   L"/events?agent=windows%20" HOTSEAT_VERSION

struct Link {
	LONG references; /* references of the thread and of the owner */
	HANDLE stop;	 /* set: end */
	HWND window;
	UINT message;
	unsigned number;
	Endpoint endpoint;
	Features features;
	char monitors[SETTING_MAX];
	HttpAnswer answer; /* the thread's */
};

static void unref(Link *link)
{
	if (InterlockedDecrement(&link->references) > 0)
		return;
	CloseHandle(link->stop);
	free(link);
}

static bool waits(Link *link, DWORD ms)
{
	return WaitForSingleObject(link->stop, ms) == WAIT_TIMEOUT;
}

static void tell(Link *link, LinkNewsKind kind, const char *name, const char *text)
{
	size_t length = strlen(text);
	LinkNews *news = malloc(sizeof *news + length + 1);

	if (news == NULL)
		return;
	news->number = link->number;
	news->kind = kind;
	core_text_format(news->name, sizeof news->name, "%s", name);
	memcpy(news->text, text, length + 1);
	if (!PostMessageW(link->window, link->message, 0, (LPARAM)news))
		free(news);
}

static void set_input(Link *link, const char *data)
{
	char body[SET_INPUT_ANSWER_MAX];
	bool answerable, fine;
	SetInput request;
	Problem problem;

	fine = core_set_input_parse(data, &request, &answerable, &problem) &&
	       core_features_allow(
		       &link->features, request.feature, request.source_address, &problem) &&
	       monitors_set_input(link->monitors, &request, &problem);
	if (fine)
		log_line("set-input: %s %s: feature %u set to %u", request.monitor.manufacturer,
			request.monitor.model, request.feature, request.value);
	else
		log_line("set-input: %s", problem.text);
	if (!answerable)
		return;
	core_set_input_answer(request.id, fine ? NULL : problem.text, body);
	if (http_request(&link->endpoint, L"POST", L"/set-input", body, ANSWER_MS, &link->answer,
		    &problem) != HTTP_ANSWERED ||
		!core_answer_check(
			link->answer.status, link->answer.body, link->answer.length, &problem))
		log_line("set-input: the answer: %s", problem.text);
}

static void on_event(const char *name, const char *data, void *user)
{
	if (strcmp(name, "set-input") == 0)
		set_input(user, data);
	else
		tell(user, LINK_EVENT, name, data);
}

/* Reads until the connection ends; problem gets the reason. */
static void read_events(Link *link, HttpCall *call, Problem *problem)
{
	Events *events = core_events_new(on_event, link);
	HttpOutcome outcome = HTTP_ANSWERED;
	char buffer[4096];
	size_t length = 1;

	core_problem_set(problem, "hotseatd closed the connection");
	while (events != NULL && outcome == HTTP_ANSWERED && length > 0 && waits(link, 0)) {
		outcome = http_read(call, buffer, sizeof buffer, &length, problem);
		if (outcome == HTTP_ANSWERED && !core_events_feed(events, buffer, length))
			break;
	}
	core_events_free(events);
}

/* Why there is no stream of events: the text of the answer. */
static LinkNewsKind refused(Link *link, HttpCall *call, Problem *problem)
{
	HttpAnswer *answer = &link->answer;
	Problem ignored;

	answer->length = 0;
	http_read(call, answer->body, HTTP_ANSWER_MAX, &answer->length, &ignored);
	core_answer_check(call->status, answer->body, answer->length, problem);
	return core_answer_is_refusal(call->status) ? LINK_REFUSED : LINK_DOWN;
}

/* Runs one connection until its end. Returns true if it was established. */
static bool connect_once(Link *link, LinkNewsKind *end, Problem *problem)
{
	HttpOutcome outcome;
	bool up = false;
	HttpCall call;

	outcome = http_begin(&call, &link->endpoint, L"GET", PATH, NULL, SILENCE_MS, problem);
	*end = outcome == HTTP_UNTRUSTED ? LINK_REFUSED : LINK_DOWN;
	if (outcome == HTTP_ANSWERED && call.status != 200) {
		*end = refused(link, &call, problem);
	} else if (outcome == HTTP_ANSWERED) {
		up = true;
		tell(link, LINK_UP, "", "");
		read_events(link, &call, problem);
	}
	http_end(&call);
	return up;
}

static DWORD WINAPI run(void *data)
{
	unsigned pause = 0;
	LinkNewsKind end;
	Problem problem;
	Link *link = data;

	while (waits(link, pause)) {
		if (connect_once(link, &end, &problem))
			pause = 0;
		tell(link, end, "", problem.text);
		/* hotseatd counts wrong secrets */
		pause = end == LINK_REFUSED ? BACKOFF_MAX_MS : core_backoff_next(pause);
	}
	unref(link);
	return 0;
}

Link *link_start(HWND window, UINT message, unsigned number, const SettingsMeaning *settings,
	const char *monitors)
{
	Link *link = calloc(1, sizeof *link);
	HANDLE thread;

	if (link == NULL)
		return NULL;
	*link = (Link){
		.references = 2,
		.stop = CreateEventW(NULL, TRUE, FALSE, NULL),
		.window = window,
		.message = message,
		.number = number,
		.endpoint = settings->endpoint,
		.features = settings->features,
	};
	core_text_format(link->monitors, sizeof link->monitors, "%s", monitors);
	thread = link->stop != NULL ? CreateThread(NULL, 0, run, link, 0, NULL) : NULL;
	if (thread == NULL) {
		if (link->stop != NULL)
			CloseHandle(link->stop);
		free(link);
		return NULL;
	}
	CloseHandle(thread);
	return link;
}

void link_stop(Link *link)
{
	SetEvent(link->stop);
	unref(link);
}
