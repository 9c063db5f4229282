/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A user, and what that user may do with files: computed from modes and ACLs, since access(2) tells
 * it only of the one who asks.
 */
#pragma once

#include <glib.h>
#include <sys/types.h>

typedef struct {
	char *name; /* its number if the name is unknown */
	uid_t uid;
	GArray *groups; /* gid_t */
} Person;

/* Who runs this program; who asked for it when sudo did. */
Person *person_self(void);
Person *person_asking(void);
/* By name, with the groups of the database; NULL: there is no such user. */
Person *person_named(const char *name);
Person *person_numbered(uid_t uid);
/* The user that runs a process, with the process's groups. proc: "/proc" but for tests. NULL:
 * there is no such process, or it cannot be seen. */
Person *person_of_process(const char *proc, int pid);
/* Adds groups that the person is in only as this process: those of a unit. Unknown ones count not.
 */
void person_add_groups(Person *person, GStrv names);
void person_free(Person *person);

/* How a thing can be used, bits as in a mode. */
enum { PERSON_READ = 4, PERSON_WRITE = 2, PERSON_ENTER = 1 };

/* May the person open path for wanted (all of PERSON_READ and PERSON_WRITE), by the modes and ACLs
 * of it and of the directories on the way? FALSE too when it is not there, or cannot be seen. */
gboolean person_may(const Person *person, const char *path, guint wanted);

/* Is the person in the group of that name? FALSE when there is none. */
gboolean person_in_group(const Person *person, const char *group);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Person, person_free)
