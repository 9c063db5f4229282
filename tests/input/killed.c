/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs in a virtual machine, as root: hotseatd, hotseat-inputd and a process that stands for a
 * guest's QEMU, of which one at a time is killed with SIGKILL while keys are typed, often in the
 * middle of a switch. In each round every key is typed once, so that each press can be told apart.
 * Usage: killed HOTSEAT_INPUTD HOTSEATD ROUNDS [SEED]. TAP.
 */
#include "made.h"
#include "programs.h"
#include "sides.h"

#include <linux/input.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* a round that takes longer hangs, which ends the program */
#define HANGS_S	 300
#define HELD_MAX 4
#define GAP_US	 6000

typedef enum { AT_HOST, IN_GUEST } KeyboardPlace;

static Made keyboard;
static Sides sides;
static guint round_number, lost, killed_in_switch;

/* All that are not part of a hotkey. */
static guint keys[KEY_F12];
static guint n_keys;

static void choose_keys(void)
{
	for (guint code = KEY_1; code <= KEY_F12; code++)
		if (code != KEY_SYSRQ && code != KEY_SCROLLLOCK && code != KEY_NUMLOCK &&
			code != KEY_CAPSLOCK && code != 84 && code != 85 && code != KEY_LEFTCTRL &&
			code != KEY_LEFTALT)
			keys[n_keys++] = code;
}

static G_NORETURN void fail(const char *what)
{
	printf("not ok 1 - round %u: %s: at the host \"%s\", in the guest \"%s\"\n", round_number,
		what, sides.at_host->str, sides.in_guest->str);
	fflush(stdout);
	programs_stop();
	exit(1);
}

static void tend(void)
{
	sides_read_host(&sides, &keyboard);
	if (programs_tend(&sides) != 0)
		fail("a program ended by itself");
	usleep(1000);
}

static void tend_for(guint ms)
{
	gint64 end = wire_now_ns() + ms * G_GINT64_CONSTANT(1000000);

	while (wire_now_ns() < end)
		tend();
}

/* ---- the typist */

static void shuffle(void)
{
	for (guint i = n_keys; i-- > 1;) {
		guint k = (guint)rand() % (i + 1), code = keys[i];

		keys[i] = keys[k];
		keys[k] = code;
	}
}

/* Types each key once, several at a time, and exits with nothing down. */
static pid_t start_typing(void)
{
	guint held[HELD_MAX], n_held = 0, next = 0;
	guint seed = (guint)rand();
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	srand(seed);
	while (next < n_keys || n_held > 0) {
		if (next < n_keys && n_held < HELD_MAX && rand() % 2 == 0) {
			held[n_held++] = keys[next];
			made_emit(&keyboard, EV_KEY, keys[next++], 1);
		} else if (n_held > 0) {
			guint i = (guint)rand() % n_held;

			made_emit(&keyboard, EV_KEY, held[i], 0);
			held[i] = held[--n_held];
		}
		usleep((guint)rand() % GAP_US);
	}
	_exit(0);
}

/* ---- a round */

static void switch_to(KeyboardPlace place)
{
	const char *to = place == IN_GUEST ? "g" : "host";

	for (;;) {
		pid_t request = programs_request(to);
		int status;

		while (waitpid(request, &status, WNOHANG) == 0)
			tend();
		if (status == 0)
			return;
		tend_for(100);
	}
}

/* How often each key was pressed on one side; down: and not released. */
static void count(const GString *came, guint presses[KEY_CNT], gboolean down[KEY_CNT])
{
	g_auto(GStrv) words = g_strsplit(came->str, " ", -1);

	for (char **word = words; *word != NULL && **word != '\0'; word++) {
		char *kind = NULL;
		guint code = (guint)g_ascii_strtoull(*word, &kind, 10) % KEY_CNT;

		presses[code] += *kind == '+';
		down[code] = *kind == '+';
	}
}

static void check_sides(Program killed)
{
	guint presses[KEY_CNT] = { 0 };
	gboolean host[KEY_CNT] = { 0 }, guest[KEY_CNT] = { 0 };
	gulong held[KEY_CNT / 8 / sizeof(gulong)] = { 0 };

	count(sides.at_host, presses, host);
	count(sides.in_guest, presses, guest);
	for (guint code = 0; code < KEY_CNT; code++) {
		if (host[code] || guest[code])
			fail("a key is stuck");
		if (presses[code] > 1)
			fail("a press is on both sides");
	}
	for (guint i = 0; i < n_keys; i++) {
		lost += presses[keys[i]] == 0;
		/* hotseat-inputd is there all the time, and so is the guest */
		if (presses[keys[i]] == 0 && killed == PROGRAM_HOTSEATD)
			fail("a press is lost although only hotseatd was killed");
	}
	ioctl(keyboard.node, EVIOCGKEY(sizeof held), held);
	for (gsize i = 0; i < G_N_ELEMENTS(held); i++)
		if (held[i] != 0)
			fail("a key is down for the kernel");
	if (sides.dropped > 0)
		fail("this program does not read fast enough");
	g_string_truncate(sides.at_host, 0);
	g_string_truncate(sides.in_guest, 0);
}

static void type_and_kill(Program program, KeyboardPlace place)
{
	gint64 kill_at = wire_now_ns() + rand() % 250 * G_GINT64_CONSTANT(1000000);
	gint64 switch_at =
		rand() % 2 == 0 ? kill_at - rand() % 20 * G_GINT64_CONSTANT(1000000) : G_MAXINT64;
	pid_t typist = start_typing(), request = 0;
	gboolean is_killed = FALSE;

	while (waitpid(typist, NULL, WNOHANG) == 0 || !is_killed) {
		if (request == 0 && wire_now_ns() >= switch_at)
			request = programs_request(place == IN_GUEST ? "host" : "g");
		if (!is_killed && wire_now_ns() >= kill_at) {
			programs_kill(program);
			is_killed = TRUE;
		}
		tend();
	}
	if (request != 0) {
		waitpid(request, NULL, 0);
		killed_in_switch++;
	}
}

static void run_round(void)
{
	Program program = (Program)(round_number % PROGRAMS);
	KeyboardPlace place = rand() % 4 == 0 ? AT_HOST : IN_GUEST;

	alarm(HANGS_S);
	shuffle();
	switch_to(place);
	type_and_kill(program, place);
	programs_wait(&sides, tend);
	/* nothing is down: what is left on a side is stuck there */
	switch_to(AT_HOST);
	tend_for(50);
	check_sides(program);
}

int main(int argc, char **argv)
{
	guint rounds, seed;

	if (argc < 4)
		return 2;
	rounds = (guint)atoi(argv[3]);
	seed = argc > 4 ? (guint)atoi(argv[4]) : (guint)getpid();
	printf("# seed %u\n", seed);
	srand(seed);
	choose_keys();
	sides_init(&sides);
	made_keyboard(&keyboard);
	programs_start(argv[1], argv[2]);
	programs_wait(&sides, tend);
	for (; round_number < rounds; round_number++)
		run_round();
	programs_stop();
	printf("# %u keys in each of %u rounds, %u of them in a switch; %u presses reached no "
	       "side\n",
		n_keys, rounds, killed_in_switch, lost);
	printf("ok 1 - hotseat-inputd, hotseatd and QEMU killed while typing: no key is stuck, and "
	       "no "
	       "press is on both sides\n1..1\n");
	return 0;
}
