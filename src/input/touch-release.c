/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/touch-release.h"

#include "input/key-set.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* More fingers than any touchpad distinguishes, and more buttons and tools than any has. */
enum { SLOTS_MAX = 32, KEYS_MAX = 30 };

/* The result of EVIOCGMTSLOTS. */
typedef struct {
	guint32 code;
	gint32 values[SLOTS_MAX];
} Slots;

typedef struct {
	struct input_event events[2 * SLOTS_MAX + KEYS_MAX + 2];
	guint n;
} Writing;

/* The number of slots; 0: it does not distinguish fingers. current: the slot to which events belong
 * now.
 */
static guint read_slots(int fd, Slots *slots, int *current)
{
	struct input_absinfo info;

	if (ioctl(fd, EVIOCGABS(ABS_MT_SLOT), &info) < 0)
		return 0;
	slots->code = ABS_MT_TRACKING_ID;
	if (ioctl(fd, EVIOCGMTSLOTS(sizeof *slots), slots) < 0)
		return 0;
	*current = info.value;
	return (guint)CLAMP(info.maximum + 1, 0, SLOTS_MAX);
}

static void add(Writing *writing, guint type, guint code, int value)
{
	writing->events[writing->n++] = (struct input_event){
		.type = (guint16)type, .code = (guint16)code, .value = value
	};
}

static void lift_fingers(Writing *writing, int fd)
{
	Slots slots;
	int current = 0;
	guint n = read_slots(fd, &slots, &current);

	for (guint i = 0; i < n; i++) {
		if (slots.values[i] < 0)
			continue;
		add(writing, EV_ABS, ABS_MT_SLOT, (int)i);
		add(writing, EV_ABS, ABS_MT_TRACKING_ID, -1);
	}
	if (writing->n > 0)
		add(writing, EV_ABS, ABS_MT_SLOT, current);
}

static gboolean read_keys(int fd, KeySet *keys)
{
	*keys = (KeySet){ 0 };
	return ioctl(fd, EVIOCGKEY(sizeof keys->words), keys->words) >= 0;
}

/* Also BTN_TOUCH, and the tools that report the number of fingers. */
static void release_keys(Writing *writing, int fd)
{
	KeySet keys;
	guint n = 0;

	if (!read_keys(fd, &keys))
		return;
	for (guint code = key_set_next(&keys, 0); code < KEY_CNT && n < KEYS_MAX;
		code = key_set_next(&keys, code + 1), n++)
		add(writing, EV_KEY, code, 0);
}

void touch_release(int fd)
{
	Writing writing = { .n = 0 };

	lift_fingers(&writing, fd);
	release_keys(&writing, fd);
	if (writing.n == 0)
		return;
	add(&writing, EV_SYN, SYN_REPORT, 0);
	/* if writing fails, the touchpad is being removed */
	if (write(fd, writing.events, writing.n * sizeof writing.events[0]) < 0)
		g_debug("a touchpad cannot be written to: %s", g_strerror(errno));
}

gboolean touch_is_on(int fd)
{
	Slots slots;
	KeySet keys;
	int current;
	guint n = read_slots(fd, &slots, &current);

	for (guint i = 0; i < n; i++)
		if (slots.values[i] >= 0)
			return TRUE;
	return read_keys(fd, &keys) && !key_set_is_empty(&keys);
}

void touch_listen_to_nothing(int fd)
{
	static const guint types[] = { EV_KEY, EV_REL, EV_ABS, EV_MSC, EV_SW, EV_LED };
	guint8 codes[KEY_CNT / 8] = { 0 };

	for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
		struct input_mask mask = { .type = types[i],
			.codes_size = sizeof codes,
			.codes_ptr = (guint64)(gsize)codes };

		(void)ioctl(fd, EVIOCSMASK, &mask);
	}
}
