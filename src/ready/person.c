/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ready/person.h"

#include <grp.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

/* Longest ACL that is read. It has a few entries of 8 bytes. */
#define ACL_MAX 4096
/* More groups than any tool adds a user to by default. */
#define GROUPS_MAX 256

static Person *person_new(uid_t uid, const char *name)
{
	Person *person = g_new0(Person, 1);

	person->uid = uid;
	person->name = name != NULL ? g_strdup(name) : g_strdup_printf("%u", uid);
	person->groups = g_array_new(FALSE, FALSE, sizeof(gid_t));
	return person;
}

void person_free(Person *person)
{
	if (person == NULL)
		return;
	g_free(person->name);
	g_array_unref(person->groups);
	g_free(person);
}

static Person *of_entry(const struct passwd *entry)
{
	Person *person = person_new(entry->pw_uid, entry->pw_name);
	int count = GROUPS_MAX;

	g_array_set_size(person->groups, GROUPS_MAX);
	if (getgrouplist(entry->pw_name, entry->pw_gid, (gid_t *)(gpointer)person->groups->data,
		    &count) < 0)
		count = GROUPS_MAX;
	g_array_set_size(person->groups, (guint)count);
	return person;
}

Person *person_named(const char *name)
{
	const struct passwd *entry = getpwnam(name);

	return entry != NULL ? of_entry(entry) : NULL;
}

Person *person_numbered(uid_t uid)
{
	const struct passwd *entry = getpwuid(uid);

	return entry != NULL ? of_entry(entry) : person_new(uid, NULL);
}

Person *person_self(void)
{
	const struct passwd *entry = getpwuid(geteuid());
	Person *person = person_new(geteuid(), entry != NULL ? entry->pw_name : NULL);
	gid_t own = getegid();
	int count;

	g_array_set_size(person->groups, GROUPS_MAX);
	count = getgroups(GROUPS_MAX, (gid_t *)(gpointer)person->groups->data);
	g_array_set_size(person->groups, (guint)MAX(count, 0));
	g_array_append_val(person->groups, own);
	return person;
}

Person *person_asking(void)
{
	const char *uid = g_getenv("SUDO_UID");
	guint64 number;

	if (geteuid() == 0 && uid != NULL &&
		g_ascii_string_to_unsigned(uid, 10, 0, G_MAXUINT32, &number, NULL))
		return person_numbered((uid_t)number);
	return person_self();
}

/* The numbers after "Uid:" and similar names in /proc/PID/status (proc(5)). NULL: there is no such
 * line. Free with g_strfreev(). */
static GStrv status_numbers(const char *status, const char *key)
{
	const char *line = strstr(status, key);
	g_autofree char *values = NULL;

	if (line == NULL)
		return NULL;
	line += strlen(key);
	values = g_strndup(line, strcspn(line, "\n"));
	return g_strsplit_set(g_strstrip(values), "\t ", -1);
}

static void add_groups(Person *person, GStrv numbers, guint count)
{
	for (guint i = 0; numbers != NULL && numbers[i] != NULL && i < count; i++) {
		gid_t group = (gid_t)g_ascii_strtoull(numbers[i], NULL, 10);

		if (*numbers[i] != '\0')
			g_array_append_val(person->groups, group);
	}
}

Person *person_of_process(const char *proc, int pid)
{
	g_autofree char *path = g_strdup_printf("%s/%d/status", proc, pid);
	g_autofree char *status = NULL;
	g_auto(GStrv) uids = NULL, gids = NULL, groups = NULL;
	const struct passwd *entry;
	Person *person;
	uid_t uid;

	if (!g_file_get_contents(path, &status, NULL, NULL))
		return NULL;
	uids = status_numbers(status, "\nUid:");
	gids = status_numbers(status, "\nGid:");
	groups = status_numbers(status, "\nGroups:");
	/* real, effective, ... */
	if (uids == NULL || g_strv_length(uids) < 2)
		return NULL;
	uid = (uid_t)g_ascii_strtoull(uids[1], NULL, 10);
	entry = getpwuid(uid);
	person = person_new(uid, entry != NULL ? entry->pw_name : NULL);
	add_groups(person, gids, 2);
	add_groups(person, groups, G_MAXUINT);
	return person;
}

void person_add_groups(Person *person, GStrv names)
{
	for (char **name = names; *name != NULL; name++) {
		const struct group *entry = getgrnam(*name);

		if (entry != NULL)
			g_array_append_val(person->groups, entry->gr_gid);
	}
}

static gboolean has_group(const Person *person, gid_t group)
{
	for (guint i = 0; i < person->groups->len; i++)
		if (g_array_index(person->groups, gid_t, i) == group)
			return TRUE;
	return FALSE;
}

gboolean person_in_group(const Person *person, const char *group)
{
	const struct group *entry = getgrnam(group);

	return entry != NULL && has_group(person, entry->gr_gid);
}

/* -- access, as acl(5) has it ----------------------------------------------------------------- */

typedef struct {
	const Person *person;
	const struct stat *st;
	guint wanted;
} Question;

/* Does an entry with this tag apply to the user? */
static gboolean is_about(const Question *question, guint tag, guint id)
{
	const Person *person = question->person;

	switch (tag) {
	case ACL_USER_OBJ:
		return person->uid == question->st->st_uid;
	case ACL_USER:
		return person->uid == id;
	case ACL_GROUP_OBJ:
		return has_group(person, question->st->st_gid);
	case ACL_GROUP:
		return has_group(person, id);
	default:
		return tag == ACL_OTHER;
	}
}

/* The first class that applies to the user decides: owner, named users, groups (any of them),
 * others. The mask limits all classes except owner and others. */
static gboolean decide(const Question *question, const struct posix_acl_xattr_entry *entries,
	gsize count, guint mask)
{
	static const guint classes[][2] = {
		{ ACL_USER_OBJ, ACL_USER_OBJ },
		{ ACL_USER, ACL_USER },
		{ ACL_GROUP_OBJ, ACL_GROUP },
		{ ACL_OTHER, ACL_OTHER },
	};

	for (gsize c = 0; c < G_N_ELEMENTS(classes); c++) {
		gboolean spoken = FALSE;

		for (gsize i = 0; i < count; i++) {
			guint tag = GUINT16_FROM_LE(entries[i].e_tag);
			guint bits = GUINT16_FROM_LE(entries[i].e_perm);

			if ((tag != classes[c][0] && tag != classes[c][1]) ||
				!is_about(question, tag, GUINT32_FROM_LE(entries[i].e_id)))
				continue;
			spoken = TRUE;
			if (tag != ACL_USER_OBJ && tag != ACL_OTHER)
				bits &= mask;
			if ((bits & question->wanted) == question->wanted)
				return TRUE;
		}
		if (spoken)
			return FALSE;
	}
	return FALSE;
}

static guint find_mask(const struct posix_acl_xattr_entry *entries, gsize count)
{
	for (gsize i = 0; i < count; i++)
		if (GUINT16_FROM_LE(entries[i].e_tag) == ACL_MASK)
			return GUINT16_FROM_LE(entries[i].e_perm);
	return 7;
}

/* Converts the mode to the ACL that it stands for. */
static gsize acl_of_mode(mode_t mode, struct posix_acl_xattr_entry entries[3])
{
	static const guint16 tags[] = { ACL_USER_OBJ, ACL_GROUP_OBJ, ACL_OTHER };

	for (guint i = 0; i < G_N_ELEMENTS(tags); i++) {
		entries[i].e_tag = GUINT16_TO_LE(tags[i]);
		entries[i].e_perm = GUINT16_TO_LE((guint16)(mode >> (6 - 3 * i) & 7));
		entries[i].e_id = 0;
	}
	return G_N_ELEMENTS(tags);
}

static gboolean may(const Person *person, const char *path, guint wanted)
{
	union {
		struct posix_acl_xattr_header header;
		guint8 bytes[ACL_MAX];
	} acl;
	struct posix_acl_xattr_entry *entries =
		(struct posix_acl_xattr_entry *)(gpointer)(acl.bytes + sizeof acl.header);
	struct stat st;
	Question question = { person, &st, wanted };
	ssize_t length;
	gsize count;

	if (stat(path, &st) != 0)
		return FALSE;
	if (person->uid == 0)
		return TRUE;
	length = getxattr(path, "system.posix_acl_access", &acl, sizeof acl);
	if (length > (ssize_t)sizeof acl.header)
		count = ((gsize)length - sizeof acl.header) / sizeof *entries;
	else
		count = acl_of_mode(st.st_mode, entries);
	return decide(&question, entries, count, find_mask(entries, count));
}

gboolean person_may(const Person *person, const char *path, guint wanted)
{
	for (const char *slash = strchr(path + 1, '/'); slash != NULL;
		slash = strchr(slash + 1, '/')) {
		g_autofree char *directory = g_strndup(path, (gsize)(slash - path));

		if (!may(person, directory, PERSON_ENTER))
			return FALSE;
	}
	return may(person, path, wanted);
}
