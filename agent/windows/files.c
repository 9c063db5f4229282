/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "files.h"

#include "wide.h"

#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_NAME L"hotseat-agent.ini"
#define FILE_MAX  (256 * 1024)
#define RUN_KEY	  L"Software\\Microsoft\\Windows\\CurrentVersion\\Run"
#define RUN_VALUE L"hotseat-agent"

static bool exists(const wchar_t *path)
{
	return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

void settings_path(wchar_t path[FILES_PATH_MAX])
{
	wchar_t folder[MAX_PATH], *slash;

	GetModuleFileNameW(NULL, folder, MAX_PATH);
	slash = wcsrchr(folder, L'\\');
	if (slash != NULL)
		*slash = L'\0';
	_snwprintf(path, FILES_PATH_MAX, L"%ls\\%ls", folder, FILE_NAME);
	if (exists(path) || GetEnvironmentVariableW(L"APPDATA", folder, MAX_PATH) == 0)
		return;
	_snwprintf(path, FILES_PATH_MAX, L"%ls\\hotseat\\%ls", folder, FILE_NAME);
}

static bool failed(Problem *problem, const char *what, const wchar_t *path)
{
	char name[FILES_PATH_MAX], why[256];
	wchar_t reason[256] = L"";
	DWORD error = GetLastError();

	FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS |
			       FORMAT_MESSAGE_MAX_WIDTH_MASK,
		NULL, error, 0, reason, sizeof reason / sizeof reason[0], NULL);
	utf8_from_wide(name, path);
	utf8_from_wide(why, reason);
	return core_problem_set(problem, "%s %s: %s(error %lu)", what, name, why, error);
}

/* Reads at most FILE_MAX bytes. */
static unsigned char *read_all(HANDLE handle, DWORD *length)
{
	unsigned char *bytes = malloc(FILE_MAX);

	if (bytes != NULL && !ReadFile(handle, bytes, FILE_MAX, length, NULL)) {
		free(bytes);
		return NULL;
	}
	return bytes;
}

char *file_text(const wchar_t *path, bool *missing, Problem *problem)
{
	HANDLE handle = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
		OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
	unsigned char *bytes;
	DWORD length = 0;
	char *text;

	*missing =
		handle == INVALID_HANDLE_VALUE &&
		(GetLastError() == ERROR_FILE_NOT_FOUND || GetLastError() == ERROR_PATH_NOT_FOUND);
	bytes = handle != INVALID_HANDLE_VALUE ? read_all(handle, &length) : NULL;
	if (bytes == NULL)
		failed(problem, "cannot read", path);
	if (handle != INVALID_HANDLE_VALUE)
		CloseHandle(handle);
	if (bytes == NULL)
		return NULL;
	text = core_text_from_file(bytes, length);
	if (text == NULL)
		core_problem_set(problem, "it is neither UTF-8 nor UTF-16; save it as UTF-8");
	free(bytes);
	return text;
}

SettingsLoaded settings_load(const wchar_t *path, Settings *settings, Problem *problem)
{
	bool missing, fine;
	char *text;

	core_settings_init(settings);
	text = file_text(path, &missing, problem);
	if (text == NULL)
		return missing ? SETTINGS_MISSING : SETTINGS_WRONG;
	fine = core_settings_parse(text, settings, problem);
	free(text);
	return fine ? SETTINGS_READ : SETTINGS_WRONG;
}

static bool write_all(const wchar_t *path, const char *text, Problem *problem)
{
	DWORD length = (DWORD)strlen(text), written = 0;
	HANDLE handle = CreateFileW(
		path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
	bool fine;

	if (handle == INVALID_HANDLE_VALUE)
		return failed(problem, "cannot write", path);
	fine = WriteFile(handle, text, length, &written, NULL) && written == length &&
	       FlushFileBuffers(handle);
	if (!fine)
		failed(problem, "cannot write", path);
	CloseHandle(handle);
	return fine;
}

/* The folder in %APPDATA% may not exist yet. */
static void make_folder(const wchar_t *path)
{
	wchar_t folder[FILES_PATH_MAX], *slash;

	wcscpy(folder, path);
	slash = wcsrchr(folder, L'\\');
	if (slash != NULL)
		*slash = L'\0';
	CreateDirectoryW(folder, NULL);
}

/* Writes atomically: the old file is kept until the new one is complete. */
static bool replace(const wchar_t *path, const char *text, Problem *problem)
{
	wchar_t new_path[FILES_PATH_MAX + 4];
	bool fine;

	_snwprintf(new_path, sizeof new_path / sizeof new_path[0], L"%ls.new", path);
	make_folder(path);
	if (!write_all(new_path, text, problem))
		return false;
	/* ReplaceFile() keeps the old one's permissions, but needs an old one */
	fine = exists(path) ? ReplaceFileW(path, new_path, NULL, 0, NULL, NULL)
			    : MoveFileExW(new_path, path, MOVEFILE_WRITE_THROUGH);
	if (!fine) {
		failed(problem, "cannot replace", path);
		DeleteFileW(new_path);
	}
	return fine;
}

bool settings_save(const wchar_t *path, const Settings *settings, Problem *problem)
{
	bool missing, fine;
	char *old = file_text(path, &missing, problem), *text;

	if (old == NULL && !missing)
		return false;
	text = core_settings_write(old != NULL ? old : "", settings);
	free(old);
	if (text == NULL)
		return core_problem_set(problem, "there is not enough memory");
	fine = replace(path, text, problem);
	free(text);
	return fine;
}

bool autostart_is_on(void)
{
	return RegGetValueW(HKEY_CURRENT_USER, RUN_KEY, RUN_VALUE, RRF_RT_REG_SZ, NULL, NULL,
		       NULL) == ERROR_SUCCESS;
}

bool autostart_set(bool on, Problem *problem)
{
	wchar_t program[MAX_PATH], command[MAX_PATH + 2];
	LSTATUS status;

	if (on) {
		GetModuleFileNameW(NULL, program, MAX_PATH);
		_snwprintf(command, sizeof command / sizeof command[0], L"\"%ls\"", program);
		status = RegSetKeyValueW(HKEY_CURRENT_USER, RUN_KEY, RUN_VALUE, REG_SZ, command,
			(DWORD)((wcslen(command) + 1) * sizeof *command));
	} else {
		status = RegDeleteKeyValueW(HKEY_CURRENT_USER, RUN_KEY, RUN_VALUE);
		if (status == ERROR_FILE_NOT_FOUND)
			status = ERROR_SUCCESS;
	}
	SetLastError((DWORD)status);
	return status == ERROR_SUCCESS ||
	       failed(problem, "cannot set whether the agent starts at login: registry key",
		       RUN_KEY);
}
