/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The configuration, as read and checked. Everything here is owned by the Config.
 */
#pragma once

#include <glib.h>

/* The source address in DDC/CI messages from the host (VESA DDC/CI 1.1, 4.0). LG's proprietary
 * command uses 0x50. */
#define CONFIG_SOURCE_ADDRESS 0x51
/* MCCS 2.2: Input Select */
#define CONFIG_FEATURE_INPUT 0x60
/* This machine's system libvirt, whose guests can get its hardware. */
#define CONFIG_URI_DEFAULT "qemu:///system"

typedef struct {
	char *name;   /* "guest" for the guest of libvirt.domain */
	char *domain; /* libvirt's name for it; NULL: it runs without libvirt, and has qmp */
	char *qmp;    /* path of its QEMU's QMP socket; NULL: it has a domain */
	guint16 port; /* TCP, of 127.0.0.1: where its QEMU finds hotseat-inputd; 0: hotseatd chooses
		       */
	gboolean follow; /* the seat moves to it when it starts */
	/* targets that may be requested with its secret: "host", "self", names of guests; NULL:
	 * only "host" */
	GStrv may_switch_to;
} ConfigGuest;

/* The code that makes a display show a target. */
typedef struct {
	guint16 value; /* written */
	int reads_as;  /* the low byte that the monitor reports for it, 0-255; -1: the low byte of
			  value */
} ConfigInput;

typedef struct {
	char *target; /* "host" or a guest's name */
	char *label;  /* as written in the file, for people */
	GStrv argv;   /* a shell string has become "/bin/sh", "-c", string */
	guint timeout_ms;
	gboolean before_devices; /* devices move after it has ended */
} ConfigCommand;

/* Ways to bring a display back from a guest's input, because many monitors accept commands only on
 * the input that they show. */
typedef enum {
	RETURN_DDC,	/* DDC/CI from the host */
	RETURN_AGENT,	/* DDC/CI from inside the guest */
	RETURN_COMMAND, /* the user's return_command */
	RETURN_WAYS,
} ReturnWay;

/* "ddc", "agent", "command", as in the file; ends with NULL. */
extern const char *const return_way_names[RETURN_WAYS + 1];

/* Describes a monitor: by its bus, or by its EDID and connector. */
typedef struct {
	int bus; /* N of /dev/i2c-N; -1: the fields below describe it */
	/* what the EDID must contain; NULL: anything. With bus >= 0 all are NULL */
	char *monitor;	    /* words that must all occur in "<manufacturer> <model> <serial>" */
	char *manufacturer; /* three letters, PNP id */
	char *model;
	char *serial;	/* text or the decimal binary serial */
	guint32 number; /* binary serial; 0: anything */
	/* DRM connector such as "DP-1", to tell twins apart; of one card as "card1-DP-1" or
	 * "0000:03:00.0-DP-1", or all of a card as "card1" or "0000:03:00.0" */
	char *connector;
} MonitorMatch;

/* A VCP feature of a monitor, and the source address that the monitor requires in the message. */
typedef struct {
	guint8 code;
	guint8 source_address;
} VcpFeature;

/* Input Select, as in the standard. */
#define VCP_FEATURE_INPUT                                                                          \
	((VcpFeature){ .code = CONFIG_FEATURE_INPUT, .source_address = CONFIG_SOURCE_ADDRESS })

/* Another feature that is written at a switch, for example that of the USB switch inside a monitor.
 */
typedef struct {
	VcpFeature feature;
	GHashTable *
		values; /* target's name (char *) to the value that is written (GUINT_TO_POINTER) */
} ConfigAlso;

typedef struct {
	char *name; /* never NULL: generated from monitor or bus if the file has none */
	MonitorMatch match;
	VcpFeature feature; /* the feature that selects the input */
	gboolean optional;
	GHashTable *inputs; /* target's name (char *) to ConfigInput *; always has "host" */
	GPtrArray *also;    /* ConfigAlso *, in the order to write them; NULL: none */
	ReturnWay ways[RETURN_WAYS];   /* in the order to try them */
	guint n_ways;		       /* 0: not in the file */
	ConfigCommand *return_command; /* target is "host"; NULL: none */
} ConfigDisplay;

/* How a device moves to a guest. */
typedef enum {
	VIA_USB,   /* the USB device is attached to the guest */
	VIA_INPUT, /* the host keeps it and forwards its events */
} DeviceVia;

/* "usb", "input", as in the file; ends with NULL. */
extern const char *const device_via_names[];

typedef struct {
	char *name; /* never NULL */
	DeviceVia via;
	int vendor, product; /* 0-0xffff; -1: anything */
	char *serial;	     /* USB serial string; NULL: anything */
	char *port;	     /* sysfs port path such as "3-1.2"; NULL: anything */
	/* port of a hub, to mean everything behind it; then the fields above are not set. NULL: one
	 * device */
	char *hub;
	/* VIA_INPUT only, each NULL: anything */
	char *input; /* the name of its event device */
	char *uniq;  /* its unique identifier; for a Bluetooth device the address */
	char *node;  /* path of an event node or of a link to one */
	gboolean optional;
	GStrv guests;	    /* the guests to which it moves; NULL: all */
	guint line, column; /* its position in the file, from 1; 0: not from a file */
} ConfigDevice;

typedef enum {
	HOTKEY_TOGGLE,
	HOTKEY_GO, /* to a target */
	HOTKEY_NEXT,
	HOTKEY_PANIC, /* brings everything to the host, in any state */
} HotkeyAction;

typedef struct {
	HotkeyAction action;
	char *to;   /* HOTKEY_GO: "host" or a guest's name; else NULL */
	char *keys; /* as written in the file; see input/chord.h */
} ConfigHotkey;

/* The default hotkeys, if devices move via input and the file has none for the action. */
#define CONFIG_TOGGLE_KEYS "leftctrl+rightctrl"
#define CONFIG_PANIC_KEYS  "ctrl+alt+shift+esc"

/* What happens when the guest that has the seat no longer takes input. */
typedef enum {
	UNRESPONSIVE_HOME,
	UNRESPONSIVE_STAY,
} Unresponsive;

/* How input reports reach QEMU. */
typedef enum {
	REPORTS_PULL,  /* QEMU requests each one */
	REPORTS_PACED, /* at most one per millisecond is sent */
} ReportMode;

/* A file that the config names, and the position of that line. */
typedef struct {
	char *path; /* for open(2); NULL: no file is named */
	guint line, column;
} ConfigFile;

typedef struct {
	char *path; /* the file it was read from */
	gboolean check_guest;
	char *libvirt_uri; /* NULL: no libvirt (neither guests nor devices) */
	gboolean http;	   /* listen on TCP */
	char *http_host;   /* without [] */
	guint16 http_port;
	gboolean http_security;
	char *http_secret;	/* the administrator's; NULL: none, or no http_security */
	char *http_secret_file; /* the file that contains it; NULL: it is in the config itself */
	guint http_security_line, http_security_column;
	ConfigFile http_certificate, http_key; /* for TLS, which is used if both are set */
	GPtrArray *guests;		       /* ConfigGuest *, in the order of the file */
	GPtrArray *displays;		       /* ConfigDisplay * */
	GPtrArray *devices;		       /* ConfigDevice * */
	GPtrArray *hotkeys;		       /* ConfigHotkey *; none without VIA_INPUT */
	GPtrArray *keep;		       /* char *, names of keys as in input/keys.h */
	Unresponsive unresponsive;
	ReportMode reports;
	GPtrArray *commands; /* ConfigCommand *, in the order of the file */
} Config;

typedef struct {
	gboolean warning;   /* FALSE: the file cannot be used */
	char *path;	    /* the file with the problem; NULL: the config */
	guint line, column; /* from 1; 0: it concerns the whole file */
	char *message;
} ConfigProblem;

/*
 * Reads and checks the file at path. Appends every problem to problems (ConfigProblem *, created by
 * config_problems_new()). Returns NULL if any of them is an error. Free with config_free().
 */
Config *config_load(const char *path, GPtrArray *problems);

/* The same for text; path is used only in messages and for relative file names. */
Config *config_parse(const char *path, const char *text, gsize length, GPtrArray *problems);

/* An empty config, to be filled in. path is copied. */
Config *config_new(const char *path);

GPtrArray *config_problems_new(void);
gboolean config_problems_have_error(const GPtrArray *problems);

/* "file:line:column: message" ("file: message" without a line), with "warning: " before a warning's
 * message. Free with g_free(). */
char *config_problem_format(const char *path, const ConfigProblem *problem);

/* The file to read: option (--config) if not NULL, else $XDG_CONFIG_HOME/hotseat/config.yaml if it
 * exists, else /etc/hotseat/config.yaml (which may not exist). Free with g_free(). */
char *config_find(const char *option);

/* Where the service reads it: the system's, or (own) the user's own. Free with g_free(). */
char *config_standard_path(gboolean own);
/* Is it the one of the system's service? */
gboolean config_is_system(const char *path);

/* The guest of that name, or NULL. */
const ConfigGuest *config_guest(const Config *config, const char *name);
/* Does any device move in this way? */
gboolean config_has_via(const Config *config, DeviceVia via);
/* Does anything need libvirt? */
gboolean config_needs_libvirt(const Config *config);
/* The names of all guests, for people: "a, b", or "none". Free with g_free(). */
char *config_guest_names(const Config *config);

/* The path of the file name; a relative name is in the directory of the config at path. Free with
 * g_free(). */
char *config_beside(const char *path, const char *name);

void config_free(Config *config);

/* Frees what match points to, not match itself. */
void monitor_match_clear(MonitorMatch *match);

void config_also_free(gpointer also);

/* NULL is allowed for both. */
ConfigCommand *config_command_copy(const ConfigCommand *command);
void config_command_free(gpointer command);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)
