/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "switcher.h"

#include "http.h"
#include "log.h"

#include <stdlib.h>
#include <string.h>

/* A switch that waits for a device or a monitor takes about ten seconds at most. */
#define ANSWER_MS 60000

typedef struct {
	HWND window;
	UINT message;
	Endpoint endpoint;
	SwitchResult *result;
	HttpAnswer answer;
} Job;

/* Can a retry help? */
static bool try_once(Job *job)
{
	SwitchResult *result = job->result;
	HttpAnswer *answer = &job->answer;
	char body[3 * SEAT_NAME_MAX];
	HttpOutcome outcome;

	if (!core_switch_request(result->to, body, sizeof body)) {
		core_problem_set(&result->problem, "the name %s is too long", result->to);
		return false;
	}
	outcome = http_request(
		&job->endpoint, L"POST", L"/switch", body, ANSWER_MS, answer, &result->problem);
	if (outcome != HTTP_ANSWERED)
		return outcome == HTTP_UNREACHABLE;
	result->done =
		core_answer_check(answer->status, answer->body, answer->length, &result->problem);
	return core_answer_is_passing(answer->status);
}

static DWORD WINAPI run(void *data)
{
	ULONGLONG end = GetTickCount64() + SWITCH_RETRY_MS;
	Job *job = data;

	while (try_once(job) && GetTickCount64() < end)
		Sleep(SWITCH_PAUSE_MS);
	if (!PostMessageW(job->window, job->message, 0, (LPARAM)job->result))
		free(job->result);
	free(job);
	return 0;
}

static Job *new_job(const Switcher *switcher, const Endpoint *endpoint, const char *to)
{
	Job *job = calloc(1, sizeof *job);
	SwitchResult *result = calloc(1, sizeof *result);

	if (job == NULL || result == NULL) {
		free(job);
		free(result);
		return NULL;
	}
	job->window = switcher->window;
	job->message = switcher->message;
	job->endpoint = *endpoint;
	job->result = result;
	result->number = switcher->number + 1;
	core_text_format(result->to, sizeof result->to, "%s", to);
	return job;
}

bool switcher_ask(Switcher *switcher, const Endpoint *endpoint, const char *to, Problem *problem)
{
	HANDLE thread = NULL;
	Job *job;

	if (switcher->under_way && strcmp(switcher->to, to) == 0) {
		log_line("switch to %s: already in progress", to);
		return true;
	}
	job = new_job(switcher, endpoint, to);
	if (job != NULL)
		thread = CreateThread(NULL, 0, run, job, 0, NULL);
	if (thread == NULL) {
		if (job != NULL)
			free(job->result);
		free(job);
		return core_problem_set(problem, "not enough memory");
	}
	CloseHandle(thread);
	log_line("switch to %s: requested", to);
	switcher->under_way = true;
	switcher->number++;
	core_text_format(switcher->to, sizeof switcher->to, "%s", to);
	return true;
}

bool switcher_take(Switcher *switcher, const SwitchResult *result)
{
	/* a newer request has replaced it, in hotseatd too */
	if (result->number != switcher->number)
		return false;
	switcher->under_way = false;
	return true;
}
