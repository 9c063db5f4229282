/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Monitors through dxva2.dll (Monitor Configuration API). It is loaded at run time, because without
 * it the agent can still send keyboard and mouse to the host.
 */
#include "monitors.h"

#include <windows.h>

#include <physicalmonitorenumerationapi.h>
#include <setupapi.h>

#include <stdlib.h>

/* ntddvdeo.h: GUID_DEVINTERFACE_MONITOR */
static const GUID monitor_interface = { 0xe6f07b5f, 0xee97, 0x4a90,
	{ 0xb0, 0x76, 0x33, 0xf5, 0x7b, 0xf4, 0xea, 0xa7 } };

typedef BOOL(WINAPI *CountFunc)(HMONITOR, DWORD *);
typedef BOOL(WINAPI *GetFunc)(HMONITOR, DWORD, PHYSICAL_MONITOR *);
typedef BOOL(WINAPI *SetFunc)(HANDLE, BYTE, DWORD);
typedef BOOL(WINAPI *DestroyFunc)(HANDLE);

typedef struct {
	Monitors base;
	HMODULE library;
	CountFunc count;
	GetFunc get;
	SetFunc set;
	DestroyFunc destroy;
	PHYSICAL_MONITOR monitors[MONITORS_MAX];
} RealMonitors;

static bool set(Monitors *monitors, size_t which, uint8_t feature, uint16_t value, Problem *problem)
{
	RealMonitors *self = (RealMonitors *)monitors;

	if (self->set(self->monitors[which].hPhysicalMonitor, feature, value))
		return true;
	return core_problem_set(problem,
		"the monitor %s did not accept the command inside the guest: error 0x%lx",
		self->base.edids[which].model, GetLastError());
}

static void close_real(Monitors *monitors)
{
	RealMonitors *self = (RealMonitors *)monitors;

	for (size_t i = 0; i < self->base.count; i++)
		self->destroy(self->monitors[i].hPhysicalMonitor);
	FreeLibrary(self->library);
	free(self);
}

static const MonitorsOps ops = { .set = set, .close = close_real };

static void read_edid_key(HDEVINFO devices, SP_DEVINFO_DATA *device, Edid *edid)
{
	HKEY key = SetupDiOpenDevRegKey(
		devices, device, DICS_FLAG_GLOBAL, 0, DIREG_DEV, KEY_QUERY_VALUE);
	/* with the largest possible number of extension blocks */
	BYTE bytes[256 * EDID_LENGTH];
	DWORD size = sizeof bytes;

	if (key == INVALID_HANDLE_VALUE)
		return;
	if (RegQueryValueExW(key, L"EDID", NULL, NULL, bytes, &size) == ERROR_SUCCESS)
		core_edid_parse(bytes, size, edid);
	RegCloseKey(key);
}

/* Reads the EDID that Windows stores for the monitor with that device interface path. */
static void read_edid(const wchar_t *path, Edid *edid)
{
	HDEVINFO devices = SetupDiCreateDeviceInfoList(NULL, NULL);
	SP_DEVICE_INTERFACE_DATA interface_data = { .cbSize = sizeof interface_data };
	SP_DEVINFO_DATA device = { .cbSize = sizeof device };

	if (devices == INVALID_HANDLE_VALUE)
		return;
	if (SetupDiOpenDeviceInterfaceW(devices, path, 0, &interface_data) &&
		/* fails because there is no buffer, but fills in the device */
		(SetupDiGetDeviceInterfaceDetailW(
			 devices, &interface_data, NULL, 0, NULL, &device) ||
			GetLastError() == ERROR_INSUFFICIENT_BUFFER) &&
		IsEqualGUID(&interface_data.InterfaceClassGuid, &monitor_interface))
		read_edid_key(devices, &device, edid);
	SetupDiDestroyDeviceInfoList(devices);
}

/* Reads the EDIDs of count monitors that show one desktop, in Windows' order. The last ones are
 * unknown if Windows reports fewer. */
static void read_edids(HMONITOR desktop, Edid *edids, size_t count)
{
	DISPLAY_DEVICEW device = { .cb = sizeof device };
	MONITORINFOEXW info = { .cbSize = sizeof info };
	size_t found = 0;

	if (!GetMonitorInfoW(desktop, (MONITORINFO *)&info))
		return;
	for (DWORD i = 0; found < count && EnumDisplayDevicesW(info.szDevice, i, &device,
						   EDD_GET_DEVICE_INTERFACE_NAME);
		i++) {
		/* not monitors that were connected earlier */
		if ((device.StateFlags & DISPLAY_DEVICE_ACTIVE) != 0)
			read_edid(device.DeviceID, &edids[found++]);
	}
}

static BOOL CALLBACK add_desktop(HMONITOR desktop, HDC dc, RECT *area, LPARAM data)
{
	RealMonitors *self = (RealMonitors *)data;
	size_t first = self->base.count;
	DWORD count = 0;

	(void)dc;
	(void)area;
	if (!self->count(desktop, &count) || count == 0 || count > MONITORS_MAX - first ||
		!self->get(desktop, count, self->monitors + first))
		return TRUE;
	self->base.count += count;
	read_edids(desktop, self->base.edids + first, count);
	return TRUE;
}

/* Converted through void *, because gcc warns about casts between types of functions. */
static void *function(const RealMonitors *self, const char *name)
{
	return (void *)(INT_PTR)GetProcAddress(self->library, name);
}

static bool load(RealMonitors *self)
{
	self->library = LoadLibraryExW(L"dxva2.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
	if (self->library == NULL)
		return false;
	self->count = (CountFunc)function(self, "GetNumberOfPhysicalMonitorsFromHMONITOR");
	self->get = (GetFunc)function(self, "GetPhysicalMonitorsFromHMONITOR");
	self->set = (SetFunc)function(self, "SetVCPFeature");
	self->destroy = (DestroyFunc)function(self, "DestroyPhysicalMonitor");
	return self->count != NULL && self->get != NULL && self->set != NULL &&
	       self->destroy != NULL;
}

Monitors *monitors_open_real(Problem *problem)
{
	RealMonitors *self = calloc(1, sizeof *self);

	if (self == NULL) {
		core_problem_set(problem, "not enough memory");
		return NULL;
	}
	self->base.ops = &ops;
	if (!load(self)) {
		core_problem_set(problem,
			"this version of Windows cannot control monitors: dxva2.dll is missing");
		close_real(&self->base);
		return NULL;
	}
	EnumDisplayMonitors(NULL, NULL, add_desktop, (LPARAM)self);
	return &self->base;
}
