/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/usb-device.h"

#include <string.h>

/* wValue's upper byte in GET_DESCRIPTOR (USB 2.0, table 9-5; HID 1.11, 7.1) */
#define DESCRIPTOR_DEVICE	 1
#define DESCRIPTOR_CONFIGURATION 2
#define DESCRIPTOR_STRING	 3
#define DESCRIPTOR_QUALIFIER	 6
#define DESCRIPTOR_HID		 0x21
#define DESCRIPTOR_REPORT	 0x22

/* wValue's upper byte in GET_REPORT and SET_REPORT (HID 1.11, 7.2.1) */
#define REPORT_INPUT   1
#define REPORT_OUTPUT  2
#define REPORT_FEATURE 3

#define LED_BITS	0x1f
#define MULTIPLIER_BITS 0x0f

/* A transfer under way. */
typedef struct {
	UsbDevice *device;
	guint8 high, low; /* of wValue */
	guint interface;
	const guint8 *data;
	gsize data_length;
	guint8 *reply;
	gsize reply_length;
} Transfer;

void usb_device_init(UsbDevice *device, Queue *queue)
{
	*device = (UsbDevice){ .queue = queue };
	usb_device_reset(device);
}

void usb_device_reset(UsbDevice *device)
{
	device->configuration = 0;
	for (int i = 0; i < HID_INTERFACES; i++) {
		device->protocol[i] = 1;
		device->idle[i] = 0;
	}
	queue_reset(device->queue);
}

gboolean usb_device_configure(UsbDevice *device, guint8 configuration)
{
	if (configuration > 1)
		return FALSE;
	device->configuration = configuration;
	return TRUE;
}

static gboolean answer(Transfer *transfer, const guint8 *bytes, gsize length)
{
	if (bytes == NULL)
		return FALSE;
	memcpy(transfer->reply, bytes, length);
	transfer->reply_length = length;
	return TRUE;
}

static gboolean answer_byte(Transfer *transfer, guint8 byte)
{
	return answer(transfer, &byte, 1);
}

static gboolean get_descriptor(Transfer *transfer)
{
	const guint8 *bytes;
	gsize length = 0;

	switch (transfer->high) {
	case DESCRIPTOR_DEVICE:
		bytes = hid_device_descriptor(&length);
		return answer(transfer, bytes, length);
	case DESCRIPTOR_CONFIGURATION:
		bytes = transfer->low == 0 ? hid_configuration_descriptor(&length) : NULL;
		return answer(transfer, bytes, length);
	case DESCRIPTOR_QUALIFIER:
		bytes = hid_qualifier_descriptor(&length);
		return answer(transfer, bytes, length);
	case DESCRIPTOR_STRING:
		return hid_string_descriptor(
			transfer->low, transfer->reply, &transfer->reply_length);
	default:
		return FALSE;
	}
}

static gboolean get_interface_descriptor(Transfer *transfer)
{
	const guint8 *bytes = NULL;
	gsize length = 0;

	if (transfer->high == DESCRIPTOR_HID)
		bytes = hid_hid_descriptor(transfer->interface, &length);
	else if (transfer->high == DESCRIPTOR_REPORT)
		bytes = hid_report_descriptor(transfer->interface, &length);
	return answer(transfer, bytes, length);
}

static gboolean get_device_status(Transfer *transfer)
{
	return answer(transfer, (const guint8[]){ 1, 0 }, 2); /* self-powered */
}

static gboolean get_other_status(Transfer *transfer)
{
	return answer(transfer, (const guint8[]){ 0, 0 }, 2);
}

static gboolean get_configuration(Transfer *transfer)
{
	return answer_byte(transfer, transfer->device->configuration);
}

static gboolean get_alternate(Transfer *transfer)
{
	return answer_byte(transfer, 0);
}

/* CLEAR_FEATURE and SET_FEATURE: no feature has an effect on the device. */
static gboolean accept(Transfer *transfer)
{
	return TRUE;
}

/* Returns what is pressed now. Motion is only in the endpoint's reports, because it must be used
 * once. */
static gboolean get_input_report(Transfer *transfer)
{
	static const gint16 none[HID_AXES];
	static const HidKind kinds[] = { [HID_ID_KEYBOARD] = HID_KEYBOARD,
		[HID_ID_CONSUMER] = HID_CONSUMER,
		[HID_ID_SYSTEM] = HID_SYSTEM,
		[HID_ID_MOUSE] = HID_MOUSE };
	const HidState *state = &transfer->device->queue->state;

	if (transfer->interface == 0)
		transfer->reply_length = hid_boot_report(state, transfer->reply);
	else if (transfer->low >= HID_ID_KEYBOARD && transfer->low <= HID_ID_MOUSE)
		transfer->reply_length =
			hid_report(state, kinds[transfer->low], none, transfer->reply);
	else
		return FALSE;
	return TRUE;
}

static gboolean get_report(Transfer *transfer)
{
	const UsbDevice *device = transfer->device;

	if (transfer->high == REPORT_INPUT)
		return get_input_report(transfer);
	if (transfer->high == REPORT_OUTPUT && transfer->interface == 0)
		return answer_byte(transfer, device->leds);
	if (transfer->high == REPORT_OUTPUT && transfer->low == HID_ID_KEYBOARD)
		return answer(transfer, (const guint8[]){ HID_ID_KEYBOARD, device->leds }, 2);
	if (transfer->high == REPORT_FEATURE && transfer->interface == 1 &&
		transfer->low == HID_ID_MOUSE)
		return answer(
			transfer, (const guint8[]){ HID_ID_MOUSE, device->queue->multipliers }, 2);
	return FALSE;
}

static gboolean set_report(Transfer *transfer)
{
	UsbDevice *device = transfer->device;
	gsize id = transfer->interface; /* interface 1 has its report ID first */
	guint8 value;

	if (transfer->data_length <= id)
		return FALSE;
	value = transfer->data[id];
	if (transfer->high == REPORT_OUTPUT &&
		(transfer->interface == 0 || transfer->low == HID_ID_KEYBOARD)) {
		device->leds = value & LED_BITS;
		return TRUE;
	}
	if (transfer->high == REPORT_FEATURE && transfer->interface == 1 &&
		transfer->low == HID_ID_MOUSE) {
		device->queue->multipliers = value & MULTIPLIER_BITS;
		return TRUE;
	}
	return FALSE;
}

static gboolean get_idle(Transfer *transfer)
{
	return answer_byte(transfer, transfer->device->idle[transfer->interface]);
}

static gboolean set_idle(Transfer *transfer)
{
	transfer->device->idle[transfer->interface] = transfer->high;
	return TRUE;
}

static gboolean get_protocol(Transfer *transfer)
{
	return answer_byte(transfer, transfer->device->protocol[transfer->interface]);
}

static gboolean set_protocol(Transfer *transfer)
{
	UsbDevice *device = transfer->device;

	if (transfer->low > 1)
		return FALSE;
	device->protocol[transfer->interface] = transfer->low;
	if (transfer->interface == 0)
		queue_set_boot(device->queue, transfer->low == 0);
	return TRUE;
}

static const struct {
	guint8 type, request;
	gboolean (*handle)(Transfer *transfer);
} requests[] = {
	{ 0x80, 0x06, get_descriptor },
	{ 0x81, 0x06, get_interface_descriptor },
	{ 0x80, 0x00, get_device_status },
	{ 0x81, 0x00, get_other_status },
	{ 0x82, 0x00, get_other_status },
	{ 0x80, 0x08, get_configuration },
	{ 0x81, 0x0a, get_alternate },
	{ 0x00, 0x01, accept },
	{ 0x00, 0x03, accept },
	{ 0x01, 0x01, accept },
	{ 0x01, 0x03, accept },
	{ 0x02, 0x01, accept },
	{ 0x02, 0x03, accept },
	{ 0xa1, 0x01, get_report },
	{ 0xa1, 0x02, get_idle },
	{ 0xa1, 0x03, get_protocol },
	{ 0x21, 0x09, set_report },
	{ 0x21, 0x0a, set_idle },
	{ 0x21, 0x0b, set_protocol },
};

/* The lower five bits are the recipient: 1 is an interface, whose number is in wIndex. */
static gboolean is_for_missing_interface(const UsbSetup *setup)
{
	return (setup->type & 0x1f) == 1 && setup->index >= HID_INTERFACES;
}

gboolean usb_device_control(UsbDevice *device, const UsbSetup *setup, const guint8 *data,
	gsize data_length, guint8 *reply, gsize *reply_length)
{
	Transfer transfer = {
		.device = device,
		.high = (guint8)(setup->value >> 8),
		.low = (guint8)setup->value,
		.interface = setup->index,
		.data = data,
		.data_length = data_length,
		.reply = reply,
	};

	*reply_length = 0;
	if (is_for_missing_interface(setup))
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(requests); i++) {
		if (requests[i].type != setup->type || requests[i].request != setup->request)
			continue;
		if (!requests[i].handle(&transfer))
			return FALSE;
		*reply_length = MIN(transfer.reply_length, setup->length);
		return TRUE;
	}
	return FALSE;
}
