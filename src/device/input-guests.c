/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/input-guests.h"

#include "common/error.h"
#include "device/input-setup.h"
#include "guest/redirdevs.h"

/* Whether the guest runs is not known yet. */
enum { UID_UNKNOWN = -2 };

struct InputGuests {
	const InputGuestsOps *ops;
	gpointer data;
	RedirTable *redirs; /* NULL: no guest has a domain */
	GPtrArray *all;	    /* InputGuest * */
};

typedef struct {
	const ConfigGuest *config;
	guint port;	 /* 0: all ports are taken */
	int uid;	 /* the user that runs its QEMU; -1: it does not run; or UID_UNKNOWN */
	guint expect_id; /* id of the message that has no answer yet; 0: none */
	char *refused;	 /* why hotseat-inputd refuses its QEMU; NULL: it accepts it */
	gboolean unheld; /* hotseat-inputd does not listen on port */
	ProtocolState state;
} InputGuest;

InputReadiness input_not_ready(
	GError **error, InputReadiness readiness, int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (error != NULL)
		*error = g_error_new_valist(HOTSEAT_ERROR, code, format, args);
	va_end(args);
	return readiness;
}

static InputGuest *find(InputGuests *guests, const char *name)
{
	for (guint i = 0; i < guests->all->len; i++) {
		InputGuest *guest = guests->all->pdata[i];

		if (g_str_equal(guest->config->name, name))
			return guest;
	}
	return NULL;
}

/* domain is not NULL */
static InputGuest *find_domain(InputGuests *guests, const char *domain)
{
	for (guint i = 0; i < guests->all->len; i++) {
		InputGuest *guest = guests->all->pdata[i];

		if (g_strcmp0(guest->config->domain, domain) == 0)
			return guest;
	}
	return NULL;
}

/* -- readiness -------------------------------------------------------------------------------- */

/* Is what hotseat-inputd emulates attached to the guest, as far as libvirt knows? */
static InputReadiness attached(InputGuests *guests, const InputGuest *guest, GError **error)
{
	RedirInfo info = redir_table_info(guests->redirs, guest->config->domain);

	switch (info.state) {
	case REDIR_FAILED:
		return input_not_ready(
			error, INPUT_NEVER, info.error->code, "%s", info.error->message);
	case REDIR_OFF:
		return input_not_ready(error, INPUT_NEVER, HOTSEAT_ERROR_GUEST_STATE,
			"%s is not running; start it", guest->config->name);
	case REDIR_ATTACHING:
		return input_not_ready(error, INPUT_SOON, HOTSEAT_ERROR_LIBVIRT,
			"libvirt has not attached the emulated keyboard and mouse to %s yet; try "
			"again in a moment",
			guest->config->name);
	case REDIR_UNKNOWN: /* what was attached before the connection to libvirt was lost is still
			       attached */
	case REDIR_ATTACHED:
		break;
	}
	return INPUT_READY;
}

/* The problem in a state that hotseat-inputd reports; follows the guest's name. */
static const char *const missing[] = {
	[PROTOCOL_WAITING] = "'s QEMU is not connected to hotseat-inputd; see: journalctl -u "
			     "hotseat-inputd",
	[PROTOCOL_CONNECTED] = " has not configured the emulated keyboard and mouse yet; wait "
			       "until it has started",
	[PROTOCOL_CONFIGURED] = " does not ask for input yet; wait until it has started",
	[PROTOCOL_READY] = NULL,
	[PROTOCOL_UNRESPONSIVE] = " takes no input; check whether it hangs",
};

InputReadiness input_guests_readiness(InputGuests *guests, const char *name, GError **error)
{
	const InputGuest *guest = find(guests, name);
	InputReadiness readiness = INPUT_READY;

	if (guest == NULL)
		return input_not_ready(error, INPUT_NEVER, HOTSEAT_ERROR_NO_GUEST,
			"no device with \"via: input\" goes to %s; name this guest under "
			"\"guests\" of one",
			name);
	if (guest->port == 0)
		return input_not_ready(error, INPUT_NEVER, HOTSEAT_ERROR_FAILED,
			"other guests use all %d ports of hotseat-inputd; under \"guests\" of each "
			"device, list only the guests that it goes to",
			PROTOCOL_PORT_LAST - PROTOCOL_PORT_FIRST + 1);
	if (guest->unheld)
		return input_not_ready(error, INPUT_NEVER, HOTSEAT_ERROR_FAILED,
			"hotseat-inputd does not listen on port %u; check ListenStream= in "
			"hotseat-inputd.socket",
			guest->port);
	if (guest->refused != NULL)
		return input_not_ready(error, INPUT_NEVER, HOTSEAT_ERROR_FAILED,
			"hotseat-inputd refuses the connection of %s: %s", name, guest->refused);
	if (guest->config->domain != NULL && guests->redirs != NULL)
		readiness = attached(guests, guest, error);
	if (readiness != INPUT_READY || missing[guest->state] == NULL)
		return readiness;
	if (guest->config->domain == NULL && guest->state == PROTOCOL_WAITING)
		return input_not_ready(error, INPUT_SOON, HOTSEAT_ERROR_FAILED,
			"%s's QEMU is not connected to hotseat-inputd; start it with -chardev "
			"socket,id=hotseat,host=127.0.0.1,port=%u,reconnect=1 -device "
			"usb-redir,chardev=hotseat",
			name, guest->port);
	return input_not_ready(
		error, INPUT_SOON, HOTSEAT_ERROR_FAILED, "%s%s", name, missing[guest->state]);
}

void input_guests_retry(InputGuests *guests, const char *name)
{
	const InputGuest *guest = find(guests, name);

	if (guest != NULL && guest->config->domain != NULL && guests->redirs != NULL)
		redir_table_retry(guests->redirs, guest->config->domain);
}

gboolean input_guests_set_state(InputGuests *guests, const char *name, ProtocolState state)
{
	InputGuest *guest = find(guests, name);

	if (guest == NULL || guest->state == state)
		return FALSE;
	guest->state = state;
	guests->ops->changed(name, guests->data);
	/* it was ready, even if this hotseatd does not know that */
	return state == PROTOCOL_UNRESPONSIVE;
}

void input_guests_announce(InputGuests *guests)
{
	for (guint i = 0; i < guests->all->len; i++)
		guests->ops->changed(
			((InputGuest *)guests->all->pdata[i])->config->name, guests->data);
}

void input_guests_forget_states(InputGuests *guests)
{
	for (guint i = 0; i < guests->all->len; i++)
		((InputGuest *)guests->all->pdata[i])->state = PROTOCOL_WAITING;
	input_guests_announce(guests);
}

static void expect(InputGuests *guests, InputGuest *guest)
{
	g_clear_pointer(&guest->refused, g_free);
	guest->expect_id = guests->ops->expect(guest->config->name, guest->uid, guests->data);
}

void input_guests_expect_all(InputGuests *guests)
{
	for (guint i = 0; i < guests->all->len; i++) {
		InputGuest *guest = guests->all->pdata[i];

		if (guest->uid != UID_UNKNOWN)
			expect(guests, guest);
	}
}

static InputGuest *find_expecting(InputGuests *guests, guint id)
{
	for (guint i = 0; i < guests->all->len && id != 0; i++) {
		InputGuest *guest = guests->all->pdata[i];

		if (guest->expect_id == id)
			return guest;
	}
	return NULL;
}

gboolean input_guests_answered(InputGuests *guests, guint id, const char *error)
{
	InputGuest *guest = find_expecting(guests, id);

	if (guest == NULL)
		return FALSE;
	guest->expect_id = 0;
	if (error == NULL)
		return TRUE;
	guest->refused = g_strdup(error);
	guests->ops->changed(guest->config->name, guests->data);
	return TRUE;
}

static gboolean is_among(guint port, const GArray *ports)
{
	for (guint i = 0; i < ports->len; i++)
		if (g_array_index(ports, guint, i) == port)
			return TRUE;
	return FALSE;
}

void input_guests_set_held(InputGuests *guests, const GArray *ports)
{
	for (guint i = 0; i < guests->all->len; i++) {
		InputGuest *guest = guests->all->pdata[i];

		guest->unheld = ports != NULL && !is_among(guest->port, ports);
	}
}

gboolean input_guests_is_held(InputGuests *guests, const char *name)
{
	const InputGuest *guest = find(guests, name);

	return guest != NULL && !guest->unheld;
}

/* -- libvirt ---------------------------------------------------------------------------------- */

static void set_uid(InputGuests *guests, InputGuest *guest, int uid)
{
	if (guest == NULL || guest->uid == uid)
		return;
	guest->uid = uid;
	expect(guests, guest);
}

static void on_expect(const char *domain, int uid, gpointer data)
{
	set_uid(data, find_domain(data, domain), uid);
}

void input_guests_expect(InputGuests *guests, const char *name, int uid)
{
	set_uid(guests, find(guests, name), uid);
}

static void on_redir_changed(const char *domain, gpointer data)
{
	InputGuests *guests = data;
	const InputGuest *guest = find_domain(guests, domain);

	if (guest != NULL)
		guests->ops->changed(guest->config->name, guests->data);
}

static void add_redir(InputGuests *guests, const ConfigGuest *config)
{
	const InputGuest *guest = find(guests, config->name);

	if (config->domain != NULL)
		redir_table_add(guests->redirs, config->domain, guest != NULL ? guest->port : 0);
}

/* -- making and freeing ----------------------------------------------------------------------- */

static void add_guest(
	InputGuests *guests, const Config *config, const ConfigGuest *guest, GHashTable *ports)
{
	InputGuest *added;

	if (!input_setup_serves(config, guest))
		return;
	added = g_new0(InputGuest, 1);
	added->config = guest;
	added->uid = UID_UNKNOWN;
	added->port = GPOINTER_TO_UINT(g_hash_table_lookup(ports, guest->name));
	g_ptr_array_add(guests->all, added);
}

static void guest_free(gpointer data)
{
	InputGuest *guest = data;

	g_free(guest->refused);
	g_free(guest);
}

InputGuests *input_guests_new(const Config *config, LibvirtConnection *connection,
	GHashTable *ports, const InputGuestsOps *ops, gpointer data)
{
	static const RedirOps redir_ops = { on_expect, on_redir_changed };
	InputGuests *guests = g_new0(InputGuests, 1);

	guests->ops = ops;
	guests->data = data;
	guests->all = g_ptr_array_new_with_free_func(guest_free);
	for (guint i = 0; i < config->guests->len; i++)
		add_guest(guests, config, config->guests->pdata[i], ports);
	if (connection == NULL)
		return guests;
	guests->redirs = redir_table_new(connection, &redir_ops, guests);
	for (guint i = 0; i < config->guests->len; i++)
		add_redir(guests, config->guests->pdata[i]);
	return guests;
}

void input_guests_free(InputGuests *guests)
{
	if (guests == NULL)
		return;
	redir_table_free(guests->redirs);
	g_ptr_array_unref(guests->all);
	g_free(guests);
}
