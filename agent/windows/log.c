/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "log.h"

#include "wide.h"

#include <windows.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static SRWLOCK lock = SRWLOCK_INIT;
static wchar_t file[MAX_PATH];

void log_to(const char *path)
{
	AcquireSRWLockExclusive(&lock);
	wide_from_utf8(file, path);
	ReleaseSRWLockExclusive(&lock);
}

static void append(const char *line)
{
	HANDLE handle = CreateFileW(file, FILE_APPEND_DATA,
		FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_ALWAYS,
		FILE_ATTRIBUTE_NORMAL, NULL);
	DWORD written;

	/* there is nowhere to report that the log cannot be written */
	if (handle == INVALID_HANDLE_VALUE)
		return;
	WriteFile(handle, line, (DWORD)strlen(line), &written, NULL);
	CloseHandle(handle);
}

void log_line(const char *format, ...)
{
	char text[1024], line[1100];
	SYSTEMTIME now;
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof text, format, list);
	va_end(list);
	GetLocalTime(&now);
	core_text_format(line, sizeof line, "%04u-%02u-%02u %02u:%02u:%02u %s\r\n", now.wYear,
		now.wMonth, now.wDay, now.wHour, now.wMinute, now.wSecond, text);
	AcquireSRWLockExclusive(&lock);
	if (file[0] != L'\0')
		append(line);
	ReleaseSRWLockExclusive(&lock);
}
