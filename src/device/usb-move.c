/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/usb-move.h"

#include "common/error.h"
#include "device/plan.h"

/* how often a refusal by libvirt leads to a refresh and a new plan: once */
enum { ATTACH_TRIES = 2 };

struct UsbMove {
	UsbMoveRequest request;
	UsbMoveDone done;
	gpointer data;
	UsbMoveResult result;
	guint start_id;
	UsbOp *op;
	guint attaches;
};

void usb_move_drop(UsbMove *move)
{
	if (move == NULL)
		return;
	g_clear_handle_id(&move->start_id, g_source_remove);
	usb_op_clear(&move->op);
	g_clear_object(&move->request.cancel);
	g_free(move);
}

static void finish(UsbMove *move, const GError *error)
{
	g_autoptr(GError) kept = error == NULL ? NULL : g_error_copy(error);
	UsbMoveResult result = move->result;
	UsbMoveDone done = move->done;
	gpointer data = move->data;

	usb_move_drop(move);
	result.error = kept;
	done(&result, data);
}

static const UsbInfo *device(const UsbMove *move)
{
	return move->request.finder->info;
}

static UsbSystem *usb(const UsbMove *move)
{
	return move->request.finder->system;
}

static UsbDriving driving(const UsbMove *move)
{
	return usb(move)->ops->driving(usb(move), device(move)->port);
}

static void step(UsbMove *move);
static void arrived(UsbMove *move);

static void refreshed(const GError *error, gpointer data)
{
	UsbMove *move = data;

	move->op = NULL;
	if (error != NULL)
		finish(move, error);
	else
		step(move);
}

static void refresh(UsbMove *move)
{
	move->op = usb(move)->ops->refresh(usb(move), refreshed, move);
}

static void note_overdue(UsbMove *move, const GError *error)
{
	move->result.overdue = g_error_matches(error, HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT);
}

static void detached(const GError *error, gpointer data)
{
	UsbMove *move = data;

	move->op = NULL;
	note_overdue(move, error);
	if (error != NULL) {
		finish(move, error);
		return;
	}
	move->result.changed = TRUE;
	step(move);
}

static void attached(const GError *error, gpointer data)
{
	UsbMove *move = data;

	move->op = NULL;
	note_overdue(move, error);
	if (error == NULL) {
		move->result.changed = TRUE;
		arrived(move);
	} else if (move->attaches < ATTACH_TRIES) {
		/* another program may have moved it: check its present state */
		refresh(move);
	} else {
		finish(move, error);
	}
}

static void bound(const GError *error, gpointer data)
{
	UsbMove *move = data;

	move->op = NULL;
	if (driving(move) != USB_DRIVERLESS)
		move->result.changed = TRUE;
	else
		move->result.declined = error == NULL;
	finish(move, error);
}

/* Always binds a driver, because a device has none after its guest has crashed. */
static void arrived(UsbMove *move)
{
	if (move->request.domain == NULL && driving(move) == USB_DRIVERLESS)
		move->op = usb(move)->ops->bind(usb(move), device(move), bound, move);
	else
		finish(move, NULL);
}

static void attach(UsbMove *move)
{
	g_autofree char *alias = usb_alias(device(move)->port);
	g_autoptr(GError) error = NULL;

	if (!usb_finder_check_disk(move->request.finder, &error)) {
		finish(move, error);
		return;
	}
	move->attaches++;
	move->op = usb(move)->ops->attach(
		usb(move), move->request.domain, device(move), alias, attached, move);
}

static void refuse_foreign(UsbMove *move, const Hostdev *hostdev)
{
	g_autoptr(GError) error = g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT,
		"it is in the domain %s, which is not in the configuration; take it out "
		"(`hotseat doctor` shows the command), or add the guest",
		hostdev->domain);

	finish(move, error);
}

static void give_way(UsbMove *move)
{
	g_autoptr(GError) error = g_error_new_literal(
		HOTSEAT_ERROR, HOTSEAT_ERROR_SUPERSEDED, "stopped before it was done");

	finish(move, error);
}

static void detach(UsbMove *move, const Hostdev *hostdev)
{
	move->op =
		usb(move)->ops->detach(usb(move), hostdev->domain, hostdev->alias, detached, move);
}

/* libvirt lists it in the domain, and the host drives it: QEMU has not opened it, which happens
 * when a guest is restored. Detaching and attaching it again makes QEMU open it. */
static gboolean is_not_open(const UsbMove *move, const UsbPlan *plan)
{
	return plan->kind == USB_PLAN_NOTHING && plan->hostdev != NULL &&
	       plan->hostdev->alias != NULL && move->attaches == 0 && driving(move) == USB_DRIVEN;
}

static void follow_plan(UsbMove *move, const GPtrArray *hostdevs)
{
	UsbPlan plan = usb_plan(device(move), hostdevs, move->request.guests, move->request.domain);

	if (is_not_open(move, &plan))
		plan.kind = USB_PLAN_DETACH;
	if (plan.kind != USB_PLAN_NOTHING && g_cancellable_is_cancelled(move->request.cancel)) {
		give_way(move);
		return;
	}
	switch (plan.kind) {
	case USB_PLAN_NOTHING:
		arrived(move);
		break;
	case USB_PLAN_DETACH:
		detach(move, plan.hostdev);
		break;
	case USB_PLAN_ATTACH:
		attach(move);
		break;
	case USB_PLAN_FOREIGN:
		refuse_foreign(move, plan.hostdev);
		break;
	}
}

/* Checks where it is now, and takes the next step. */
static void step(UsbMove *move)
{
	const GPtrArray *hostdevs = usb(move)->ops->hostdevs(usb(move), NULL);
	g_autoptr(GError) error = NULL;

	if (!usb_finder_refresh_if_gone(move->request.finder, &error))
		finish(move, error);
	else if (hostdevs != NULL)
		follow_plan(move, hostdevs);
	else if (move->request.domain == NULL && driving(move) == USB_DRIVEN)
		finish(move, NULL);
	else
		refresh(move);
}

static gboolean start(gpointer data)
{
	UsbMove *move = data;
	UsbFinder *finder = move->request.finder;
	g_autoptr(GError) error = NULL;
	/* on the way to the host, an identical device does not matter */
	gboolean found = move->request.domain == NULL ? usb_finder_refresh_if_gone(finder, &error)
						      : usb_finder_refresh(finder, &error);

	move->start_id = 0;
	if (found)
		step(move);
	else
		finish(move, error);
	return G_SOURCE_REMOVE;
}

UsbMove *usb_move_start(const UsbMoveRequest *request, UsbMoveDone done, gpointer data)
{
	UsbMove *move = g_new0(UsbMove, 1);

	move->request = *request;
	g_object_ref(request->cancel);
	move->done = done;
	move->data = data;
	move->start_id = g_idle_add_full(G_PRIORITY_DEFAULT, start, move, NULL);
	return move;
}
