/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command `hotseat`: one file per command, one table of commands.
 *
 * Its start is part of a switch's time, so it links nothing that starts slowly: no libvirt, no
 * libsoup, no gudev, no gnutls.
 */
#pragma once

#include "config/config.h"

#include <glib.h>

/* Exit statuses, and the codes of CLI_ERROR. */
typedef enum {
	CLI_OK = 0,
	CLI_FAILED = 1,
	CLI_USAGE = 2,	/* wrong usage, or a config that cannot be used */
	CLI_ABSENT = 3, /* no daemon */
} CliExit;

#define CLI_ERROR (cli_error_quark())
GQuark cli_error_quark(void);

/* The parsed command line. */
typedef struct {
	gboolean json;
	const char *socket_option; /* --socket; NULL: not given */
	char *socket;		   /* the daemon's socket, from socket_path_client() */
	char **argv;		   /* the complete command line, for another program */
	GArray *own;		   /* CliGiven: the command's own options, in their order */
} Cli;

typedef CliExit (*CliRun)(const Cli *cli, char **arguments);

typedef struct {
	const char *name;     /* "--json" */
	const char *argument; /* "PATH"; NULL: it takes none */
	const char *summary;
	const char *of; /* the command's argument for which it is; NULL: any */
} CliOption;

typedef struct {
	const CliOption *option;
	const char *value; /* NULL: it has no argument */
} CliGiven;

typedef struct {
	const char *name;
	const char *arguments;	  /* "TARGET", "[FILE]"; "" for none */
	int min, max;		  /* how many arguments */
	const char *summary;	  /* one line */
	const char *help;	  /* the rest of the help; complete lines */
	CliRun run;		  /* cmd_extern…(): another program runs it */
	const CliOption *options; /* its own; NULL: none */
	gboolean json;		  /* it has --json */
} CliCommand;

/* A command that a program runs itself, instead of the function in the table. */
typedef struct {
	const char *name;
	CliRun run;
} CliOwn;

/* The tables of commands and options. Each ends with an entry without a name. Help, man page and
 * completions list exactly these. */
extern const CliCommand cli_commands[];
extern const CliOption cli_options[];

CliExit cmd_switch(const Cli *cli, char **arguments);
CliExit cmd_status(const Cli *cli, char **arguments);
CliExit cmd_watch(const Cli *cli, char **arguments);
/* The same for bars and for notifications. */
CliExit cmd_watch_bar(const Cli *cli);
CliExit cmd_desk(const Cli *cli, char **arguments);
CliExit cmd_secret(const Cli *cli, char **arguments);
CliExit cmd_help(const Cli *cli, char **arguments);

/* The commands of the program hotseat-setup, in directories above this one. */
CliExit cmd_certificate(const Cli *cli, char **arguments);
CliExit cmd_check_config(const Cli *cli, char **arguments);
CliExit cmd_detect(const Cli *cli, char **arguments);
CliExit cmd_doctor(const Cli *cli, char **arguments);
CliExit cmd_guest_kit(const Cli *cli, char **arguments);
CliExit cmd_setup(const Cli *cli, char **arguments);
/* What hotseat does for each of them: it executes hotseat-setup, whose libraries would make this
 * program slow to start. */
CliExit cmd_extern(const Cli *cli, char **arguments);
/* The same for hotseat-agent, which sends requests over the network. */
CliExit cmd_extern_agent(const Cli *cli, char **arguments);

/* Is the daemon on another machine, according to --url, or to $HOTSEAT_URL without --socket? */
gboolean cli_is_remote(const Cli *cli);

/* Was the command's own option given? */
gboolean cli_has(const Cli *cli, const char *option);
/* The option's value, the last one if it was given several times; NULL: not given. Borrowed. */
const char *cli_value(const Cli *cli, const char *option);
/* All values of the option; ends with NULL. Free with g_free(); the strings are borrowed. */
const char **cli_values(const Cli *cli, const char *option);

/* The path of the config to use: file (an argument of the command; NULL: not given) or that of
 * --config, otherwise the one that hotseatd would read. NULL: both are given and differ; prints
 * that on stderr. Free with g_free(). */
char *cli_config_path(const Cli *cli, const char *file);
/* Returns FALSE, and prints it on stderr, if this user has no permission to read the config at
 * path. Only the service and root can read the system's config. */
gboolean cli_may_read(const Cli *cli, const char *path);
/* Reads that config. NULL: it cannot be used; prints the reason on stderr. */
Config *cli_config(const Cli *cli, const char *file);
/* Prints the problems of the config at path, on stderr. */
void cli_print_problems(const char *path, const GPtrArray *problems);

/* This command line with sudo before it, for people to paste; NULL: root runs it already. Free with
 * g_free().
 */
char *cli_with_sudo(const Cli *cli);

/* Prints error on stderr, frees it, and returns the exit status for it. */
CliExit cli_fail(GError *error);

/* Runs the command line and returns the exit status. own: the commands that this program runs
 * itself; ends with an entry without a name; NULL: none. */
CliExit cli_main(int argc, char **argv, const CliOwn *own);
