/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is left to do when a configuration is there: the commands that let hotseatd run with it.
 * Only those that are needed; to find them out changes nothing.
 */
#pragma once

#include <glib.h>

typedef struct {
	char *why;	/* for people: "loads the driver of the monitors' buses" */
	GStrv argv;	/* without sudo */
	gboolean root;	/* only root may */
	gboolean later; /* has no effect before the user's next login: only shown */
} Step;

typedef struct {
	const char *root;   /* before /etc, /sys, /dev; "" but for tests */
	gboolean user;	    /* a service of the person's own, not the system's */
	const char *person; /* who is to use it; NULL: root, who may anyway */
	const char *path;   /* of the config */
	const char *staged; /* a folder with the config and the secret to install; NULL: they are
			       installed */
	gboolean standard_path;	 /* the service reads it there */
	gboolean secret;	 /* there is one beside it, or staged */
	const char *certificate; /* that the config names; NULL: none */
	gboolean input;		 /* some device moves via input */
} StepPlaces;

/* Step *, in their order, freed with the array. missing (char *): installed files that are not
 * there, for people. */
GPtrArray *steps_find(const StepPlaces *places, GPtrArray *missing);

/* The same, for what has to be done before a monitor can be seen. */
GPtrArray *steps_before_looking(const char *root);

/* As one would type it: with sudo if root is needed and we are not. Free with g_free(). */
char *step_command(const Step *step);

/* Runs it, without a question of sudo's if quiet. FALSE: *said is what it
 * said, to be freed with g_free(). */
gboolean step_run(const Step *step, gboolean quiet, char **said);
