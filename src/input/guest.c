/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/guest.h"

#include "input/peer.h"
#include "input/redir.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A QEMU that was restored or migrated keeps its connection's state, and sends no hello. If the
 * connection is closed, it connects again and sends one. */
#define HELLO_US (1500 * 1000)
/* Refused connections are logged at most once in this time, in microseconds. */
#define REFUSED_LOG_US (10 * G_USEC_PER_SEC)
/* How many bytes the kernel keeps for QEMU. If QEMU stops reading, the rest waits in the queue,
 * where motion is summed. The kernel's minimum is 4.5 KiB. */
#define SEND_BUFFER 4096

struct InputGuest {
	Loop *loop;
	ProtocolGuest spec;
	const InputGuestEvents *events;
	gpointer data;
	int uid;
	LoopWatch listener;
	LoopWatch connection;
	gboolean is_blocked; /* waits until the connection has room */
	LoopTimer timer;
	gint64 hello_by_us;
	gint64 refused_us; /* when the last one was logged; 0: none */
	Redir *redir;
	Queue queue;
	guint8 holders[KEY_CNT]; /* devices that hold the key */
	gboolean unresponsive;
	ProtocolState state;
	const char *detail;
	guint8 leds;
};

/* ---- state */

static gboolean is_simulated(const InputGuest *guest)
{
	return guest->spec.port == 0;
}

static ProtocolState state_of(const InputGuest *guest)
{
	if (is_simulated(guest))
		return PROTOCOL_READY;
	if (guest->redir == NULL)
		return PROTOCOL_WAITING;
	return guest->unresponsive ? PROTOCOL_UNRESPONSIVE : redir_state(guest->redir);
}

static const char *detail_of(ProtocolState state)
{
	static const char *const details[] = {
		[PROTOCOL_WAITING] = "QEMU is not connected",
		[PROTOCOL_CONNECTED] = "the guest has not configured the keyboard and mouse yet",
		[PROTOCOL_CONFIGURED] = "the guest does not ask for keys yet",
		[PROTOCOL_READY] = NULL,
		[PROTOCOL_UNRESPONSIVE] = "the guest has not asked for keys for two seconds",
	};

	return details[state];
}

/* When the guest counts as hung, unless it takes a report before; G_MAXINT64: it takes reports, or
 * is not ready.
 */
static gint64 hangs_at(const InputGuest *guest)
{
	gint64 since = G_MAXINT64;

	if (guest->redir != NULL && redir_state(guest->redir) == PROTOCOL_READY)
		since = redir_stuck_since(guest->redir);
	return since == G_MAXINT64 ? since : since + PROTOCOL_HUNG_MS * G_GINT64_CONSTANT(1000);
}

static void set_timer(InputGuest *guest)
{
	gint64 at = guest->hello_by_us;

	if (guest->redir != NULL)
		at = MIN(at, redir_deadline(guest->redir));
	if (!guest->unresponsive && hangs_at(guest) != G_MAXINT64)
		at = MIN(at, hangs_at(guest));
	guest->timer.at_us = at;
}

/* A guest that hangs keeps this state until it requests a report again. */
static void look_whether_hung(InputGuest *guest)
{
	gboolean is_hung = loop_now(guest->loop) >= hangs_at(guest);

	if (is_hung && !guest->unresponsive)
		queue_drop(&guest->queue);
	guest->unresponsive = is_hung;
}

/* Call it after anything that may have changed the state. */
static void update(InputGuest *guest)
{
	ProtocolState state;
	guint8 leds = guest->redir != NULL ? redir_leds(guest->redir) : 0;

	look_whether_hung(guest);
	set_timer(guest);
	state = state_of(guest);
	if (leds != guest->leds) {
		guest->leds = leds;
		guest->events->leds(guest->data, guest);
	}
	if (state == guest->state)
		return;
	guest->state = state;
	guest->detail = detail_of(state);
	g_message("%s: %s", guest->spec.name,
		guest->detail != NULL ? guest->detail : "ready: keys arrive");
	guest->events->changed(guest->data, guest);
}

/* ---- connection */

static void disconnect(InputGuest *guest)
{
	if (guest->redir == NULL)
		return;
	loop_unwatch(&guest->connection);
	redir_free(guest->redir);
	guest->redir = NULL;
	guest->is_blocked = FALSE;
	guest->hello_by_us = G_MAXINT64;
	queue_reset(&guest->queue);
}

static void lose(InputGuest *guest)
{
	const char *why = redir_error(guest->redir);

	if (why != NULL)
		g_warning("%s: disconnected from QEMU: %s", guest->spec.name, why);
	disconnect(guest);
}

static void watch_for_room(InputGuest *guest)
{
	gboolean is_blocked = redir_is_blocked(guest->redir);

	if (is_blocked == guest->is_blocked)
		return;
	guest->is_blocked = is_blocked;
	loop_watch_change(&guest->connection, is_blocked ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

static void on_connection(gpointer data, guint32 events)
{
	InputGuest *guest = data;
	gint64 now = loop_now(guest->loop);
	gboolean ok = (events & ~(guint32)EPOLLOUT) != 0 ? redir_read(guest->redir, now)
							 : redir_flush(guest->redir, now);

	if (!ok)
		lose(guest);
	else
		watch_for_room(guest);
	if (guest->redir != NULL && redir_has_hello(guest->redir))
		guest->hello_by_us = G_MAXINT64;
	update(guest);
}

static void on_timer(gpointer data)
{
	InputGuest *guest = data;

	if (loop_now(guest->loop) >= guest->hello_by_us) {
		g_message("%s: no hello from QEMU (perhaps it was restored): disconnected, so that "
			  "it reconnects",
			guest->spec.name);
		disconnect(guest);
		update(guest);
		return;
	}
	input_guest_flush(guest);
}

/* The slowest check comes last. uid: of the process at the other end; -1: not known. */
static const char *why_refused(const InputGuest *guest, int fd, int *uid)
{
	*uid = -1;
	if (guest->uid < 0)
		return "no QEMU is expected now";
	if (guest->redir != NULL)
		return "QEMU is connected already";
	*uid = peer_uid(fd);
	if (*uid < 0)
		return "its user is not in /proc/1/net/tcp; let hotseat-inputd see all of /proc";
	return *uid == guest->uid ? NULL : "it is not this guest's QEMU";
}

static void refuse(InputGuest *guest, int fd, int uid, const char *why)
{
	gint64 now = loop_now(guest->loop);

	close(fd);
	if (guest->refused_us != 0 && now - guest->refused_us < REFUSED_LOG_US)
		return;
	guest->refused_us = now;
	if (uid >= 0)
		g_warning("%s: refused a connection of uid %d to port %u: %s", guest->spec.name,
			uid, guest->spec.port, why);
	else
		g_warning("%s: refused a connection to port %u: %s", guest->spec.name,
			guest->spec.port, why);
}

static void take(InputGuest *guest, int fd)
{
	/* neither fails for a TCP socket */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &(int){ SEND_BUFFER }, sizeof(int));
	queue_reset(&guest->queue);
	guest->redir = redir_new(fd, guest->spec.mode, &guest->queue);
	guest->hello_by_us = loop_now(guest->loop) + HELLO_US;
	guest->connection = (LoopWatch){ .fd = fd, .ready = on_connection, .data = guest };
	loop_watch(guest->loop, &guest->connection, EPOLLIN);
	update(guest);
}

static void on_listener(gpointer data, guint32 events)
{
	InputGuest *guest = data;
	int fd = accept4(guest->listener.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	const char *why;
	int uid;

	if (fd < 0)
		return;
	why = why_refused(guest, fd, &uid);
	if (why != NULL)
		refuse(guest, fd, uid, why);
	else
		take(guest, fd);
}

/* ---- life */

InputGuest *input_guest_new(Loop *loop, const ProtocolGuest *spec, int listener,
	const InputGuestEvents *events, gpointer data)
{
	InputGuest *guest = g_new0(InputGuest, 1);

	guest->loop = loop;
	guest->spec = *spec;
	guest->spec.name = g_strdup(spec->name);
	guest->events = events;
	guest->data = data;
	guest->uid = -1;
	guest->hello_by_us = G_MAXINT64;
	guest->state = state_of(guest);
	guest->detail = detail_of(guest->state);
	queue_init(&guest->queue);
	guest->timer = (LoopTimer){ .due = on_timer, .data = guest };
	loop_timer(loop, &guest->timer);
	if (listener >= 0) {
		guest->listener =
			(LoopWatch){ .fd = listener, .ready = on_listener, .data = guest };
		loop_watch(loop, &guest->listener, EPOLLIN);
	}
	return guest;
}

void input_guest_free(InputGuest *guest)
{
	disconnect(guest);
	loop_unwatch(&guest->listener);
	loop_untimer(&guest->timer);
	g_free(guest->spec.name);
	g_free(guest);
}

const char *input_guest_name(const InputGuest *guest)
{
	return guest->spec.name;
}

ProtocolState input_guest_state(const InputGuest *guest)
{
	return guest->state;
}

const char *input_guest_detail(const InputGuest *guest)
{
	return guest->detail;
}

guint8 input_guest_leds(const InputGuest *guest)
{
	return guest->leds;
}

gboolean input_guest_is(const InputGuest *guest, const ProtocolGuest *spec)
{
	return g_str_equal(guest->spec.name, spec->name) && guest->spec.port == spec->port &&
	       guest->spec.mode == spec->mode;
}

void input_guest_expect(InputGuest *guest, int uid)
{
	if (uid != guest->uid)
		disconnect(guest);
	guest->uid = uid;
	update(guest);
}

/* ---- keys and motion */

void input_guest_key(InputGuest *guest, guint code, gboolean down)
{
	guint8 *holders = &guest->holders[code];

	if (code >= KEY_CNT || (!down && *holders == 0) || (down && *holders == G_MAXUINT8))
		return;
	*holders = (guint8)(down ? *holders + 1 : *holders - 1);
	if (*holders != (down ? 1 : 0))
		return;
	if (is_simulated(guest))
		guest->events->arrived(guest->data, guest, EV_KEY, code, down);
	else
		queue_key(&guest->queue, code, down);
	/* what is typed while a guest hangs must not arrive when it continues */
	if (guest->unresponsive)
		queue_drop(&guest->queue);
}

void input_guest_move(InputGuest *guest, HidAxis axis, gint64 amount)
{
	static const guint16 codes[HID_AXES] = { [HID_X] = REL_X,
		[HID_Y] = REL_Y,
		[HID_WHEEL] = REL_WHEEL_HI_RES,
		[HID_PAN] = REL_HWHEEL_HI_RES };

	if (is_simulated(guest))
		guest->events->arrived(guest->data, guest, EV_REL, codes[axis], (int)amount);
	else if (guest->redir != NULL && !guest->unresponsive)
		queue_move(&guest->queue, axis, amount);
}

void input_guest_flush(InputGuest *guest)
{
	if (guest->redir == NULL)
		return;
	if (!redir_flush(guest->redir, loop_now(guest->loop)))
		lose(guest);
	else
		watch_for_room(guest);
	update(guest);
}
