/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A user, and that user's permissions for files: computed from modes and ACLs, because access(2)
 * works only for the calling user.
 */
#pragma once

#include <glib.h>
#include <sys/types.h>

typedef struct {
	char *name; /* its number if the name is unknown */
	uid_t uid;
	GArray *groups; /* gid_t */
} Person;

/* The user that runs this program; with sudo, the user that called it. */
Person *person_self(void);
Person *person_asking(void);
/* A user by name, with the groups from the user database; NULL: there is no such user. */
Person *person_named(const char *name);
Person *person_numbered(uid_t uid);
/* The user that runs a process, with the process's groups. proc: "/proc" except in tests. NULL:
 * there is no such process, or it is not visible. */
Person *person_of_process(const char *proc, int pid);
/* Adds groups that the user has only in a service: those of its unit. Unknown groups are ignored.
 */
void person_add_groups(Person *person, GStrv names);
void person_free(Person *person);

/* Kinds of access, as bits in a mode. */
enum { PERSON_READ = 4, PERSON_WRITE = 2, PERSON_ENTER = 1 };

/* Can the user open path for wanted (PERSON_READ, PERSON_WRITE or both), according to the modes and
 * ACLs of path and its directories? FALSE also if it does not exist or is not visible. */
gboolean person_may(const Person *person, const char *path, guint wanted);

/* Is the user in the group of that name? FALSE if there is no such group. */
gboolean person_in_group(const Person *person, const char *group);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Person, person_free)
