/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The messages between hotseatd and hotseat-inputd. Pure: no sockets here.
 *
 * The socket is a Unix socket of the type SOCK_SEQPACKET; each packet is one message. A message is
 * UTF-8 text: its verb in the first line, then a line "key=value" for each field that is set. In
 * "configure", a line "guest=", "device=" or "hotkey=" begins an entry of that list, and the lines
 * after it belong to the entry.
 *
 *	configure                     move                  result
 *	version=1                     id=2                  id=2
 *	id=1                          device=keyboard       device=keyboard
 *	keep=mute                     to=win11              at=win11
 *	guest=win11                                         changed=yes
 *	port=49201
 *	mode=pull
 *	device=keyboard
 *	vendor=046d
 *	product=c08b
 *	hotkey=scrolllock scrolllock
 *	action=toggle
 *
 * In order:
 * 1. hotseatd connects. hotseat-inputd sends WELCOME: its version and the ports that it holds.
 * 2. hotseatd sends CONFIGURE with the whole configuration, again after each reload. hotseat-inputd
 *    answers with RESULT, then sends DEVICE for each device and GUEST for each guest, and again
 *    whenever something about one of them changes. A device that is at a guest stays there when the
 *    new configuration still has both.
 * 3. hotseatd sends EXPECT before it attaches a guest's USB redirection or finds it attached, with
 *    the uid of that QEMU; and EXPECT without a uid when the guest no longer runs. RESULT answers
 *    it if it has an id. Wait for it before attaching, or the connection may be refused (QEMU
 *    connects again after a second).
 * 4. hotseatd sends MOVE; RESULT answers each, in order, within PROTOCOL_MOVE_MS.
 * 5. hotseat-inputd sends HOTKEY when a hotkey is pressed. It moves nothing by itself, with two
 *    exceptions: "panic" brings everything to the host immediately, and so do "toggle" and "go" to
 *    the host if no hotseatd is connected or none sends a MOVE within PROTOCOL_HOTKEY_MS. HOME
 *    reports that it happened.
 * 6. When hotseatd has been disconnected for PROTOCOL_ALONE_MS, hotseat-inputd brings everything to
 *    the host. It does so immediately if it disconnects hotseatd itself, for a message that it does
 *    not understand or because hotseatd does not read: after such a disconnection the host has
 *    everything.
 *
 * Both ends must expect that the socket has no room for a packet (EAGAIN): the kernel keeps only 10
 * unread ones unless net.unix.max_dgram_qlen has another value. Only one hotseatd can be connected:
 * a second connection gets REFUSED, and is closed.
 */
#pragma once

#include <glib.h>

#define PROTOCOL_VERSION 1
/* The system service's socket; its unit is hotseat-inputd.socket. */
#define PROTOCOL_SOCKET "/run/hotseat-input/control"
/* Longest message in bytes. A configuration with PROTOCOL_LIST_MAX long entries fits. */
#define PROTOCOL_MESSAGE_MAX (64 * 1024)
/* Longest value in bytes, and most entries of a list. */
#define PROTOCOL_VALUE_MAX 255
#define PROTOCOL_LIST_MAX  64

/* The times above, in milliseconds. EVIOCGRAB with 0 takes 20 to 75 ms for each event node
 * (Linux 6.1), devices move one after another, and a keyboard can have five nodes. */
#define PROTOCOL_MOVE_MS   2000
#define PROTOCOL_HOTKEY_MS 1000
#define PROTOCOL_ALONE_MS  10000
/* A guest that fetches no pending report for this time is PROTOCOL_UNRESPONSIVE. */
#define PROTOCOL_HUNG_MS 2000

/* The ports that hotseat-inputd.socket holds, one for each guest. SELinux lets QEMU connect to
 * 49152 to 49216 (virt_migration_port_t). These are the last of them, because libvirt uses ports
 * for migrations from 49152 upwards, and never 49216. */
#define PROTOCOL_PORT_FIRST 49201
#define PROTOCOL_PORT_LAST  49216

/* The place of a device that no guest has. No guest can have this name. */
#define PROTOCOL_HOST "host"

/* The hotkey that brings everything to the host, in any state, if the configuration has none with
 * the action PROTOCOL_PANIC. */
#define PROTOCOL_PANIC_CHORD "ctrl+alt+shift+esc"

typedef enum {
	PROTOCOL_WELCOME, /* from hotseat-inputd: version, ports, simulated */
	PROTOCOL_REFUSED, /* from hotseat-inputd: error; the connection is closed after it */
	PROTOCOL_RESULT,  /* from hotseat-inputd: id, error; of a MOVE also device, at, changed */
	PROTOCOL_DEVICE,  /* from hotseat-inputd: device, presence, at, detail */
	PROTOCOL_GUEST,	  /* from hotseat-inputd: guest, state, detail */
	PROTOCOL_HOTKEY,  /* from hotseat-inputd: action, to */
	PROTOCOL_HOME,	  /* from hotseat-inputd: detail says why */
	PROTOCOL_ARRIVED, /* from hotseat-inputd, simulated only: guest, type, code, value */

	PROTOCOL_CONFIGURE, /* from hotseatd: version, id, setup */
	PROTOCOL_EXPECT,    /* from hotseatd: guest, uid, id */
	PROTOCOL_MOVE,	    /* from hotseatd: id, device, to */
	/* from hotseatd, simulated only: device. A file descriptor comes with it (SCM_RIGHTS), one
	 * end of a SOCK_SEQPACKET pair that stands for the device's event node: whole struct
	 * input_event in both directions. From hotseat-inputd it carries what is written to a node
	 * (LEDs, releases), and PROTOCOL_SIM_GRAB with the code 0 and the value 1 or 0 for
	 * EVIOCGRAB. Closing the other end unplugs the device. */
	PROTOCOL_PLUG,
	PROTOCOL_VERBS
} ProtocolVerb;

/* The type of an event that no kernel sends: EV_MAX of linux/input-event-codes.h is 0x1f. */
#define PROTOCOL_SIM_GRAB 0xf0

typedef enum {
	PROTOCOL_ABSENT,  /* unplugged, or never seen */
	PROTOCOL_PRESENT, /* plugged in, and can be moved */
	PROTOCOL_UNFIT, /* plugged in, but cannot be moved: detail has the reason and what to do */
} ProtocolPresence;

/* The state of the emulated USB device in a guest. */
typedef enum {
	PROTOCOL_WAITING,      /* no QEMU is connected */
	PROTOCOL_CONNECTED,    /* QEMU is connected; the guest has not configured the device */
	PROTOCOL_CONFIGURED,   /* the guest's firmware or system has configured it */
	PROTOCOL_READY,	       /* it fetches reports: what is typed arrives */
	PROTOCOL_UNRESPONSIVE, /* it was ready, but has fetched none for PROTOCOL_HUNG_MS */
} ProtocolState;

typedef enum {
	PROTOCOL_TOGGLE, /* to the host, or to the guest that had it last */
	PROTOCOL_GO,	 /* to the target in "to", a guest's name or "host" */
	PROTOCOL_NEXT,	 /* to the next target in the configuration's order */
	PROTOCOL_PANIC,	 /* everything to the host, by hotseat-inputd itself */
} ProtocolAction;

/* How input reports reach QEMU. */
typedef enum {
	PROTOCOL_PULL,	/* QEMU requests each one (the endpoint is declared as bulk): the default */
	PROTOCOL_PACED, /* at most one a millisecond is sent (interrupt, as the protocol means it)
			 */
} ProtocolMode;

typedef struct {
	char *name;
	guint port; /* TCP, on 127.0.0.1, one of WELCOME's; 0: a simulated guest, always ready */
	ProtocolMode mode;
} ProtocolGuest;

/* A device consists of every event node that matches all fields that are set. At least one is set.
 */
typedef struct {
	char *name;
	int vendor, product; /* 0-0xffff; -1: anything */
	char *serial;	     /* USB serial string; NULL: anything */
	char *usb_port;	     /* sysfs port path such as "3-1.2"; NULL: anything */
	char *input;	     /* the event device's name (EVIOCGNAME); NULL: anything */
	char *uniq;	     /* EVIOCGUNIQ: for Bluetooth devices the address; NULL: anything */
	char *node;	     /* path of the event node or a link to it; NULL: anything */
} ProtocolDevice;

typedef struct {
	char *keys; /* as in the config, see chord.h */
	ProtocolAction action;
	char *to; /* of PROTOCOL_GO */
} ProtocolHotkey;

typedef struct {
	GPtrArray *guests;  /* ProtocolGuest * */
	GPtrArray *devices; /* ProtocolDevice * */
	GPtrArray *hotkeys; /* ProtocolHotkey * */
	GPtrArray *keep;    /* char *, names of keys that stay with the host */
} ProtocolSetup;

/* A field that is not listed for a verb above is not sent, and is unset (NULL, 0, -1 for uid) when
 * read.
 */
typedef struct {
	ProtocolVerb verb;
	guint version;
	guint id;
	char *device;
	char *guest;
	char *to;
	char *at;	    /* PROTOCOL_HOST or a guest's name */
	gboolean changed;   /* the MOVE moved something */
	gboolean simulated; /* hotseat-inputd was started with --simulate */
	char *error;	    /* NULL: success */
	char *detail;	    /* for people; NULL: no details */
	ProtocolPresence presence;
	ProtocolState state;
	ProtocolAction action;
	int uid; /* of the QEMU that may connect; -1: none may */
	guint type, code;
	int value;
	GArray *ports;	      /* guint; never NULL after protocol_message_new() or parse */
	ProtocolSetup *setup; /* never NULL for CONFIGURE, NULL for others */
} ProtocolMessage;

/* "welcome", "configure"… */
const char *protocol_verb_name(ProtocolVerb verb);
/* "waiting", "connected", "configured", "ready", "unresponsive" */
const char *protocol_state_name(ProtocolState state);

ProtocolMessage *protocol_message_new(ProtocolVerb verb);
void protocol_message_free(ProtocolMessage *message);

/* The bytes of a packet, with its length in length. Control characters in values become spaces, and
 * values longer than PROTOCOL_VALUE_MAX are cut. Free with g_free(). NULL and error
 * (HOTSEAT_ERROR_FAILED): it would be longer than PROTOCOL_MESSAGE_MAX. */
char *protocol_message_format(const ProtocolMessage *message, gsize *length, GError **error);

/* Parses a packet, which may contain any bytes. NULL and error (HOTSEAT_ERROR_FAILED) if it is
 * invalid: an unknown verb or key, a duplicate key, a missing field, a value out of range, or an
 * entry without its list. */
ProtocolMessage *protocol_message_parse(const char *packet, gsize length, GError **error);

ProtocolSetup *protocol_setup_new(void);
void protocol_setup_free(ProtocolSetup *setup);
/* Append an entry to setup, which owns it. name (keys) is copied. */
ProtocolGuest *protocol_setup_add_guest(ProtocolSetup *setup, const char *name);
ProtocolDevice *protocol_setup_add_device(ProtocolSetup *setup, const char *name);
ProtocolHotkey *protocol_setup_add_hotkey(ProtocolSetup *setup, const char *keys);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ProtocolMessage, protocol_message_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ProtocolSetup, protocol_setup_free)
