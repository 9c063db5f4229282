/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command `hotseat`: one file per command, one table of commands.
 *
 * It is on the way from a shortcut to the switch, so it links nothing that starts slowly: no
 * libvirt, no libsoup, no gudev, no gnutls.
 */
#pragma once

#include "config/config.h"

#include <glib.h>

/* What the command exits with, and the codes of CLI_ERROR. */
typedef enum {
	CLI_OK = 0,
	CLI_FAILED = 1,
	CLI_USAGE = 2,	/* or a config that cannot be used */
	CLI_ABSENT = 3, /* no daemon */
} CliExit;

#define CLI_ERROR (cli_error_quark())
GQuark cli_error_quark(void);

/* How it was called. */
typedef struct {
	gboolean json;
	const char *socket_option; /* --socket; NULL: not given */
	char *socket;		   /* the daemon's, as socket_path_client() found it */
	char **argv;		   /* all of it, for another program to read again */
	GArray *own;		   /* CliGiven: the command's own options, in their order */
} Cli;

typedef CliExit (*CliRun)(const Cli *cli, char **arguments);

typedef struct {
	const char *name;     /* "--json" */
	const char *argument; /* "PATH"; NULL: it takes none */
	const char *summary;
	const char *of; /* the command's argument it goes with; NULL: any */
} CliOption;

typedef struct {
	const CliOption *option;
	const char *value; /* NULL without an argument */
} CliGiven;

typedef struct {
	const char *name;
	const char *arguments;	  /* "TARGET", "[FILE]"; "" for none */
	int min, max;		  /* how many of them */
	const char *summary;	  /* a line */
	const char *help;	  /* the rest; whole lines */
	CliRun run;		  /* cmd_extern…(): another program has it */
	const CliOption *options; /* its own; NULL: none */
	gboolean json;		  /* it has --json */
} CliCommand;

/* A command that a program does itself, instead of what the table has. */
typedef struct {
	const char *name;
	CliRun run;
} CliOwn;

/* All end with an entry without a name. Help, man page and completions list just these. */
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

/* Those of the program hotseat-setup, in rooms above this one. */
CliExit cmd_certificate(const Cli *cli, char **arguments);
CliExit cmd_check_config(const Cli *cli, char **arguments);
CliExit cmd_detect(const Cli *cli, char **arguments);
CliExit cmd_doctor(const Cli *cli, char **arguments);
CliExit cmd_guest_kit(const Cli *cli, char **arguments);
CliExit cmd_setup(const Cli *cli, char **arguments);
/* What hotseat does for each of them: it becomes hotseat-setup, which links what would make this
 * program slow to start. */
CliExit cmd_extern(const Cli *cli, char **arguments);
/* The same for hotseat-agent, which asks over the network. */
CliExit cmd_extern_agent(const Cli *cli, char **arguments);

/* Is the daemon that is meant on another machine, says an option, or $HOTSEAT_URL without
 * --socket? */
gboolean cli_is_remote(const Cli *cli);

/* Was the command's own option given? */
gboolean cli_has(const Cli *cli, const char *option);
/* What it was given with, the last one if there were several; NULL: not given. Borrowed. */
const char *cli_value(const Cli *cli, const char *option);
/* All it was given with, NULL at the end. Free with g_free(); the strings are borrowed. */
const char **cli_values(const Cli *cli, const char *option);

/* The path of the config that is meant: file (an argument of the command; NULL: not given) or that
 * of --config, else the one that hotseatd would read. NULL: both are given and differ, which stderr
 * says. Free with g_free(). */
char *cli_config_path(const Cli *cli, const char *file);
/* FALSE, which stderr says: this user has no permission to read the config at path. Only the
 * service and root can read the system's. */
gboolean cli_may_read(const Cli *cli, const char *path);
/* That config. NULL: it cannot be used, and stderr says why. */
Config *cli_config(const Cli *cli, const char *file);
/* Prints the problems of the config at path, on stderr. */
void cli_print_problems(const char *path, const GPtrArray *problems);

/* This command with sudo before it, to be pasted; NULL: root runs it already. Free with g_free().
 */
char *cli_with_sudo(const Cli *cli);

/* Prints what went wrong, on stderr, and returns the exit status for it. Frees error. */
CliExit cli_fail(GError *error);

/* Everything, from the command line to the exit status. own: what this program does itself; ends
 * with an entry without a name; NULL: nothing. */
CliExit cli_main(int argc, char **argv, const CliOwn *own);
