/* The table, and what its rows do. */
#include "spec/mount_options.h"

#include "base/syscalls.h"

#include <string.h>

enum act {
	SET,         /* attributes */
	CLEAR,       /* attributes */
	ATIME,       /* this access-time mode */
	NOT_ATIME,   /* not this one: the kernel's default, unless another was chosen */
	PROPAGATION, /* MS_* */
	FLAG,        /* enum plan_mount_flag */
	FILE_SYSTEM, /* of the superblock: fsconfig(2) takes the word itself */
	NOTHING,     /* accepted without effect */
	REFUSE,
};

enum scope {
	MOUNT, /* this mount alone */
	TREE,  /* with all below it */
};

struct row {
	const char *word;
	enum act act;
	enum scope scope;
	uint64_t value;
};

/* clang-format off: one row a word */
static const struct row rows[] = {
	{ "defaults", NOTHING, MOUNT, 0 },
	{ "ro", SET, MOUNT, MOUNT_ATTR_RDONLY },
	{ "rw", CLEAR, MOUNT, MOUNT_ATTR_RDONLY },
	{ "suid", CLEAR, MOUNT, MOUNT_ATTR_NOSUID },
	{ "nosuid", SET, MOUNT, MOUNT_ATTR_NOSUID },
	{ "dev", CLEAR, MOUNT, MOUNT_ATTR_NODEV },
	{ "nodev", SET, MOUNT, MOUNT_ATTR_NODEV },
	{ "exec", CLEAR, MOUNT, MOUNT_ATTR_NOEXEC },
	{ "noexec", SET, MOUNT, MOUNT_ATTR_NOEXEC },
	{ "symfollow", CLEAR, MOUNT, MOUNT_ATTR_NOSYMFOLLOW },
	{ "nosymfollow", SET, MOUNT, MOUNT_ATTR_NOSYMFOLLOW },
	{ "diratime", CLEAR, MOUNT, MOUNT_ATTR_NODIRATIME },
	{ "nodiratime", SET, MOUNT, MOUNT_ATTR_NODIRATIME },
	{ "atime", NOT_ATIME, MOUNT, MOUNT_ATTR_NOATIME },
	{ "noatime", ATIME, MOUNT, MOUNT_ATTR_NOATIME },
	{ "relatime", ATIME, MOUNT, MOUNT_ATTR_RELATIME },
	{ "norelatime", NOTHING, MOUNT, 0 }, /* relatime is the kernel's default anyway */
	{ "strictatime", ATIME, MOUNT, MOUNT_ATTR_STRICTATIME },
	{ "nostrictatime", NOT_ATIME, MOUNT, MOUNT_ATTR_STRICTATIME },

	{ "rro", SET, TREE, MOUNT_ATTR_RDONLY },
	{ "rrw", CLEAR, TREE, MOUNT_ATTR_RDONLY },
	{ "rsuid", CLEAR, TREE, MOUNT_ATTR_NOSUID },
	{ "rnosuid", SET, TREE, MOUNT_ATTR_NOSUID },
	{ "rdev", CLEAR, TREE, MOUNT_ATTR_NODEV },
	{ "rnodev", SET, TREE, MOUNT_ATTR_NODEV },
	{ "rexec", CLEAR, TREE, MOUNT_ATTR_NOEXEC },
	{ "rnoexec", SET, TREE, MOUNT_ATTR_NOEXEC },
	{ "rsymfollow", CLEAR, TREE, MOUNT_ATTR_NOSYMFOLLOW },
	{ "rnosymfollow", SET, TREE, MOUNT_ATTR_NOSYMFOLLOW },
	{ "rdiratime", CLEAR, TREE, MOUNT_ATTR_NODIRATIME },
	{ "rnodiratime", SET, TREE, MOUNT_ATTR_NODIRATIME },
	{ "ratime", NOT_ATIME, TREE, MOUNT_ATTR_NOATIME },
	{ "rnoatime", ATIME, TREE, MOUNT_ATTR_NOATIME },
	{ "rrelatime", ATIME, TREE, MOUNT_ATTR_RELATIME },
	{ "rnorelatime", NOTHING, TREE, 0 },
	{ "rstrictatime", ATIME, TREE, MOUNT_ATTR_STRICTATIME },
	{ "rnostrictatime", NOT_ATIME, TREE, MOUNT_ATTR_STRICTATIME },

	{ "private", PROPAGATION, MOUNT, MS_PRIVATE },
	{ "rprivate", PROPAGATION, TREE, MS_PRIVATE },
	{ "shared", PROPAGATION, MOUNT, MS_SHARED },
	{ "rshared", PROPAGATION, TREE, MS_SHARED },
	{ "slave", PROPAGATION, MOUNT, MS_SLAVE },
	{ "rslave", PROPAGATION, TREE, MS_SLAVE },
	{ "unbindable", PROPAGATION, MOUNT, MS_UNBINDABLE },
	{ "runbindable", PROPAGATION, TREE, MS_UNBINDABLE },

	{ "bind", FLAG, MOUNT, PLAN_MOUNT_BIND },
	{ "rbind", FLAG, TREE, PLAN_MOUNT_BIND | PLAN_MOUNT_BIND_REC },
	{ "idmap", FLAG, MOUNT, PLAN_MOUNT_IDMAP },
	{ "ridmap", FLAG, TREE, PLAN_MOUNT_IDMAP | PLAN_MOUNT_IDMAP_REC },
	{ "tmpcopyup", FLAG, MOUNT, PLAN_MOUNT_TMPCOPYUP },
	{ "src-nofollow", FLAG, MOUNT, PLAN_MOUNT_SRC_NOFOLLOW },
	{ "dest-nofollow", FLAG, MOUNT, PLAN_MOUNT_DEST_NOFOLLOW },

	{ "sync", FILE_SYSTEM, MOUNT, 0 },
	{ "async", FILE_SYSTEM, MOUNT, 0 },
	{ "dirsync", FILE_SYSTEM, MOUNT, 0 },
	{ "lazytime", FILE_SYSTEM, MOUNT, 0 },
	{ "nolazytime", FILE_SYSTEM, MOUNT, 0 },
	{ "mand", FILE_SYSTEM, MOUNT, 0 },
	{ "nomand", FILE_SYSTEM, MOUNT, 0 },

	/* fsconfig(2) cannot say these; the kernel now decides on them itself */
	{ "iversion", NOTHING, MOUNT, 0 },
	{ "noiversion", NOTHING, MOUNT, 0 },
	{ "silent", NOTHING, MOUNT, 0 },
	{ "loud", NOTHING, MOUNT, 0 },

	/* last, so that spec_mount_option_word ends before it: each mount is made once */
	{ "remount", REFUSE, MOUNT, 0 },
};
/* clang-format on */

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const struct row *
find_row(const char *word)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (strcmp(rows[i].word, word) == 0)
			return &rows[i];
	}
	return NULL;
}

/* Puts value in, and all of mask out, of what is to be set; the kernel clears before it sets. */
static void
choose(uint64_t *set, uint64_t *clear, uint64_t mask, uint64_t value)
{
	*set = (*set & ~mask) | value;
	*clear = (*clear & ~mask) | (mask & ~value);
}

static void
apply_attribute(const struct row *row, uint64_t *set, uint64_t *clear)
{
	int chosen = (*clear & MOUNT_ATTR__ATIME) != 0;
	uint64_t mode = *set & MOUNT_ATTR__ATIME;

	if (row->act == SET)
		choose(set, clear, row->value, row->value);
	if (row->act == CLEAR)
		choose(set, clear, row->value, 0);
	if (row->act == NOT_ATIME && chosen && mode != row->value)
		return; /* "strictatime,atime": atime only takes noatime away */
	if (row->act == NOT_ATIME || row->act == ATIME) {
		choose(set, clear, MOUNT_ATTR__ATIME,
		    row->act == ATIME ? row->value : MOUNT_ATTR_RELATIME);
		*clear |= MOUNT_ATTR__ATIME; /* a mode is changed as a whole or not at all */
	}
}

static void
apply_row(const struct row *row, struct plan_mount *mount)
{
	int tree = row->scope == TREE;

	if (row->act == FLAG)
		mount->flags |= (uint32_t)row->value;
	else if (row->act == PROPAGATION)
		*(tree ? &mount->rec_propagation : &mount->propagation) = row->value;
	else if (tree)
		apply_attribute(row, &mount->rec_attr_set, &mount->rec_attr_clear);
	else
		apply_attribute(row, &mount->attr_set, &mount->attr_clear);
}

enum mount_option_verdict
mount_option_apply(const char *word, struct plan_mount *mount)
{
	const struct row *row = find_row(word);

	if (!row || row->act == FILE_SYSTEM)
		return MOUNT_OPTION_FILE_SYSTEM;
	if (row->act == REFUSE)
		return MOUNT_OPTION_REFUSED;
	if (row->act != NOTHING)
		apply_row(row, mount);
	return MOUNT_OPTION_APPLIED;
}

const char *
spec_mount_option_word(size_t index)
{
	return index < ROWS && rows[index].act != REFUSE ? rows[index].word : NULL;
}
