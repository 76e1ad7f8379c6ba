/* A queue of files. Each is opened once, read, judged, and adds those that it leads to. */
#include "check/reach.h"

#include "base/arena.h"
#include "base/auto.h"
#include "base/error.h"
#include "base/file.h"
#include "check/programs.h"
#include "check/script.h"

#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>

#define FILE_BYTES_MAX (256u << 20)
#define ALL_BYTES_MAX (UINT64_C(4) << 30)
#define INTERPRETERS_MAX 4 /* as the kernel (fs/exec.c) */
#define NAMES_MAX 4
#define FILE_CAPABILITIES "security.capability"

enum item_sort {
	ITEM_PROGRAM,
	ITEM_SCRIPT, /* a text that a shell is told to read */
	ITEM_LIBRARY,
	ITEM_LINKER, /* the dynamic linker: that it is there is enough */
};

/* What a program brings to the search for libraries. */
struct program_paths {
	const char *path;
	const char *rpath; /* NULL where it has a runpath */
	const char *interpreter;
};

struct reach_item {
	enum item_sort sort;
	const char *path;
	const char *by;
	const char *called; /* the name it was asked for by */
	enum judge_role role;
	unsigned doubtful;     /* 1: a script only names it, or what loads it */
	unsigned interpreters; /* how many #! lead to it */
	unsigned names;        /* how many scripts that name each other do */
	const struct reach_entry *entry;
	struct follow_args args;
	const struct program_paths *program; /* of a library: who loads it in the end */
	dev_t device;
	ino_t inode;
};

struct visit {
	struct reach *reach;
	struct reach_item *item;
	struct judged file;
	const char *data;
	size_t size;
	/* while libraries are looked for */
	struct libraries_loader loader;
	const struct program_paths *program;
};

/* ---- findings and the queue */

static int
note(const struct reach *reach, const struct reach_item *item, const struct finding *finding)
{
	struct finding full = *finding;

	full.path = full.path ? full.path : item->path;
	full.by = full.by ? full.by : item->by;
	return findings_add(reach->judge.findings, &full);
}

/* What keeps this file from being run or loaded. A script may never come to what it names. */
static int
note_broken(const struct reach *reach, const struct reach_item *item, enum finding_kind kind,
    const char *what, const char *reason)
{
	const struct finding finding = {
		.kind = kind,
		.severity = item->doubtful ? FINDING_NOTE : FINDING_FATAL,
		.what = what,
		.reason = reason,
	};

	return note(reach, item, &finding);
}

static int
note_unread(
    const struct reach *reach, const struct reach_item *item, const char *path, const char *reason)
{
	const struct finding finding = {
		.kind = FINDING_UNREAD,
		.severity = item->doubtful ? FINDING_NOTE : FINDING_UNSEEN,
		.path = path,
		.reason = reason,
	};

	return note(reach, item, &finding);
}

static const char *
hidden_reason(enum place_result result)
{
	return result == PLACE_DENIED ? "it may not be read by you: check as root to know"
				      : "it lies in a mount that cannot be looked into from here";
}

/* Asked for in the same words already: a script may say "$@" a thousand times. */
static int
is_queued(const struct reach *reach, const struct reach_item *item)
{
	for (size_t i = 0; i < reach->count; i++) {
		const struct reach_item *other = &reach->items[i];

		if (other->sort == item->sort && other->role == item->role &&
		    other->doubtful == item->doubtful &&
		    other->interpreters == item->interpreters &&
		    other->args.count == item->args.count && strcmp(other->path, item->path) == 0 &&
		    strcmp(other->called, item->called) == 0)
			return 1;
	}
	return 0;
}

/* Copies path; the rest is shared. */
static int
push(struct reach *reach, const struct reach_item *item)
{
	struct reach_item copy = *item;

	if (is_queued(reach, item))
		return 0;
	if (reach->count == REACH_FILES_MAX) {
		reach->left_out++;
		return 0;
	}
	copy.path = arena_strdup(reach->arena, item->path);
	if (!copy.path)
		return -1;
	reach->items[reach->count++] = copy;
	return 0;
}

static int
was_visited(const struct reach *reach, const struct reach_item *item)
{
	for (size_t i = 0; i < reach->done; i++) {
		const struct reach_item *other = &reach->items[i];

		/* a program that is run, too, is judged again: it then weighs more; and a script
		 * behind further #! lines may be one too many */
		if (other->inode == item->inode && other->device == item->device &&
		    other->sort == item->sort && other->role <= item->role &&
		    other->doubtful <= item->doubtful && other->interpreters >= item->interpreters)
			return 1;
	}
	return 0;
}

/* ---- finding programs by PATH */

static const char *
env_value(const struct reach_entry *entry, const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < entry->env_count; i++)
		if (strncmp(entry->env[i], name, length) == 0 && entry->env[i][length] == '=')
			return entry->env[i] + length + 1;
	return NULL;
}

static enum place_result
try_program(const struct reach *reach, const char *path)
{
	struct place place;
	enum place_result result = place_open(reach->places, path, &place);

	if (place.fd >= 0)
		(void)close(place.fd); /* read only */
	if (result == PLACE_FOUND && !place_is_program(&place))
		return PLACE_MISSING;
	return result;
}

/* directory/name, from cwd where directory is relative (PATH=.). */
static int
join(const struct reach_entry *entry, const char *directory, size_t length, const char *name,
    char path[PATH_MAX])
{
	const char *cwd = length > 0 && directory[0] == '/' ? "" : entry->cwd;

	return snprintf(path, PATH_MAX, "%s%s%.*s/%s", cwd, *cwd ? "/" : "", (int)length, directory,
		   name) < PATH_MAX;
}

/* As the runtime does (kernel/process.c): a name with a slash is a path, any other is looked up in
 * PATH, without which nothing is found. */
static enum place_result
find_program(const struct reach *reach, const struct reach_entry *entry, const char *name,
    char path[PATH_MAX])
{
	const char *search = env_value(entry, "PATH");
	enum place_result seen = PLACE_MISSING;

	if (strchr(name, '/')) {
		if (snprintf(path, PATH_MAX, "%s%s%s", name[0] == '/' ? "" : entry->cwd,
			name[0] == '/' ? "" : "/", name) >= PATH_MAX)
			return PLACE_MISSING;
		return PLACE_FOUND; /* or not: who opens it will tell */
	}
	while (*name && search && *search) {
		size_t length = strcspn(search, ":");
		enum place_result result = join(entry, search, length, name, path)
					       ? try_program(reach, path)
					       : PLACE_MISSING;

		if (result == PLACE_FOUND || result == PLACE_DENIED)
			return PLACE_FOUND;
		if (result == PLACE_HIDDEN)
			seen = PLACE_HIDDEN;
		search += length + (search[length] == ':');
	}
	return seen;
}

/* ---- what leads on */

/* The path that a word stands for. A shell reads a file in its cwd, PATH or not. 0: none. */
static int
find_word(const struct visit *visit, const char *word, enum follow_how how, char path[PATH_MAX])
{
	const struct reach_entry *entry = visit->item->entry;

	if (how == FOLLOW_SCRIPT && !strchr(word, '/'))
		return join(entry, "", 0, word, path);
	if (find_program(visit->reach, entry, word, path) != PLACE_FOUND)
		return 0;
	return how == FOLLOW_SCRIPT || try_program(visit->reach, path) != PLACE_MISSING;
}

/* follow.h: a word that another program runs or names. Those that PATH lacks are no program, or
 * one that the script itself makes sure of. */
static int
follow(const char *word, enum follow_how how, const struct follow_args *args, void *context)
{
	const struct visit *visit = context;
	const struct reach_item *from = visit->item;
	int named = how == FOLLOW_NAMED;
	char path[PATH_MAX];
	struct reach_item item = {
		.sort = how == FOLLOW_SCRIPT ? ITEM_SCRIPT : ITEM_PROGRAM,
		.path = path,
		.by = from->path,
		.called = word,
		.role = named ? JUDGE_NAMED : from->role,
		.doubtful = named || from->doubtful,
		.names = from->names + (named ? 1 : 0),
		.entry = from->entry,
	};

	if (item.names > NAMES_MAX || !find_word(visit, word, how, path))
		return 0;
	if (!named) /* a named word's arguments do not outlive the text that it is in */
		item.args = *args;
	item.called = arena_strdup(visit->reach->arena, word);
	if (!item.called)
		return -1;
	return push(visit->reach, &item) < 0 ? -1 : 1;
}

/* ---- scripts */

static const char *
script_fault_reason(enum script_fault fault)
{
	switch (fault) {
	case SCRIPT_EMPTY:
		return "its #! line names no interpreter";
	case SCRIPT_CARRIAGE_RETURN:
		return "its #! line ends in a carriage return, so its interpreter's name does";
	case SCRIPT_LONG:
		return "its #! line is longer than the kernel reads";
	case SCRIPT_NONE:
	case SCRIPT_FINE:
	default:
		return NULL; /* the kind's own */
	}
}

/* The interpreter, and what env looks up for it. */
static int
push_interpreter(const struct visit *visit, const char *name)
{
	const struct reach_item *from = visit->item;
	struct reach *reach = visit->reach;
	char path[PATH_MAX];
	struct reach_item item = {
		.sort = ITEM_PROGRAM,
		.path = path,
		.by = from->path,
		.called = arena_strdup(reach->arena, name),
		.role = from->role,
		.doubtful = from->doubtful,
		.interpreters = from->interpreters + 1,
		.names = from->names,
		.entry = from->entry,
	};
	enum place_result result = find_program(reach, from->entry, name, path);

	if (!item.called)
		return -1;
	if (result == PLACE_MISSING)
		return note_broken(reach, from, FINDING_NO_INTERPRETER, name,
		    "what its #! line has env look for is not in PATH");
	if (result == PLACE_HIDDEN)
		return note_unread(reach, from, name, hidden_reason(result));
	return push(reach, &item);
}

static int
visit_text(const struct visit *visit)
{
	return follow_text(
	    visit->data, visit->size, &visit->item->args, follow, (void *)(uintptr_t)visit);
}

static int
visit_script(const struct visit *visit)
{
	const struct reach_item *item = visit->item;
	struct script script;
	enum script_fault fault = script_read(visit->data, visit->size, &script);
	const char *reader = script.program[0] ? script.program : script.interpreter;
	const struct program *program;

	if (fault != SCRIPT_FINE)
		return note_broken(
		    visit->reach, item, FINDING_NO_FORMAT, NULL, script_fault_reason(fault));
	if (item->interpreters >= INTERPRETERS_MAX)
		return note_broken(visit->reach, item, FINDING_TOO_DEEP, NULL, NULL);
	if (push_interpreter(visit, script.interpreter) < 0 ||
	    (script.program[0] && push_interpreter(visit, script.program) < 0))
		return -1;
	program = program_find(reader);
	return program && (program->flags & PROGRAM_SHELL) ? visit_text(visit) : 0;
}

/* ---- ELF */

static int
keep_text(const char *text, void *kept)
{
	*(const char **)kept = text;
	return 1;
}

static const char *
first_text(const struct elf *elf, enum elf_text sort)
{
	const char *text = NULL;

	(void)elf_each(elf, sort, keep_text, &text); /* 1 or 0: found or not */
	return text;
}

static int
push_library(const struct visit *visit, const char *path)
{
	const struct reach_item item = {
		.sort = ITEM_LIBRARY,
		.path = path,
		.by = visit->item->path,
		.called = path,
		.role = JUDGE_LIBRARY,
		.doubtful = visit->item->doubtful,
		.entry = visit->item->entry,
		.program = visit->program,
	};

	return push(visit->reach, &item);
}

/* The program has loaded it already, by whatever path: its name is then enough (ld.so(8)). */
static int
is_loaded(const struct reach *reach, const char *name)
{
	for (size_t i = 0; i < reach->count; i++) {
		const char *slash = strrchr(reach->items[i].path, '/');

		if (reach->items[i].sort == ITEM_LIBRARY && slash && strcmp(slash + 1, name) == 0)
			return 1;
	}
	return 0;
}

static int
visit_needed(const char *name, void *context)
{
	const struct visit *visit = context;
	char path[PATH_MAX];

	if (is_loaded(visit->reach, name))
		return 0;
	switch (libraries_find(&visit->reach->libraries, &visit->loader, name, path)) {
	case LIBRARIES_FOUND:
		return push_library(visit, path);
	case LIBRARIES_MISSING:
		return note_broken(visit->reach, visit->item, FINDING_NO_LIBRARY, name, NULL);
	case LIBRARIES_HIDDEN:
		return note_unread(visit->reach, visit->item, name, hidden_reason(PLACE_HIDDEN));
	case LIBRARIES_BUILT_IN:
	default:
		return 0;
	}
}

/* Texts of the file that the queue needs after the file is gone. */
static const char *
keep(struct reach *reach, const char *text, int *failed)
{
	const char *copy = text ? arena_strdup(reach->arena, text) : NULL;

	*failed |= text && !copy;
	return copy;
}

/* A program is the root of its own search; a library searches for that of its program. */
static int
set_loader(struct visit *visit, const struct elf *elf, const char *real)
{
	const struct reach_item *item = visit->item;
	struct libraries_loader *loader = &visit->loader;
	struct program_paths *own;
	int failed = 0;

	loader->runpath = first_text(elf, ELF_RUNPATH);
	loader->rpath = first_text(elf, ELF_RPATH);
	loader->library_path = env_value(item->entry, "LD_LIBRARY_PATH");
	visit->program = item->program;
	if (!visit->program) {
		own = arena_alloc(visit->reach->arena, sizeof(*own));
		if (!own)
			return -1;
		own->path = keep(visit->reach, real, &failed);
		own->rpath = loader->runpath ? NULL : keep(visit->reach, loader->rpath, &failed);
		own->interpreter = keep(visit->reach, elf->interpreter, &failed);
		visit->program = own;
	}
	loader->path = item->program ? item->path : visit->program->path;
	loader->main_path = visit->program->path;
	loader->main_rpath = visit->program->rpath;
	loader->interpreter = visit->program->interpreter;
	return failed ? -1 : 0;
}

static int
visit_linker(const struct visit *visit, const char *path)
{
	struct reach_item item = {
		.sort = ITEM_LINKER,
		.path = path,
		.by = visit->item->path,
		.called = path,
		.role = JUDGE_LIBRARY,
		.doubtful = visit->item->doubtful,
		.entry = visit->item->entry,
	};
	struct place place;
	enum place_result result = place_open(visit->reach->places, path, &place);

	if (place.fd >= 0)
		(void)close(place.fd); /* read only */
	if (result == PLACE_MISSING || (result == PLACE_FOUND && !place_is_program(&place)))
		return note_broken(visit->reach, visit->item, FINDING_NO_INTERPRETER, path,
		    "its dynamic linker is not in the rootfs: execve(2) then fails with \"no such "
		    "file or directory\"");
	return push(visit->reach, &item);
}

static int
is_by_number(const char *name, void *context)
{
	(void)context;
	return strcmp(name, "syscall") == 0;
}

static int
visit_good_elf(struct visit *visit, const struct elf *elf, const char *real)
{
	struct reach *reach = visit->reach;

	if (set_loader(visit, elf, real) < 0)
		return -1;
	if (visit->item->sort == ITEM_PROGRAM && elf->interpreter &&
	    visit_linker(visit, elf->interpreter) < 0)
		return -1;
	if (judge_is_libc(visit->item->path) || judge_is_libc(real))
		return 0;
	if (visit->item->sort == ITEM_PROGRAM)
		reach->by_number += elf_each(elf, ELF_IMPORTS, is_by_number, NULL) > 0;
	if (judge_elf(&reach->judge, &visit->file, elf) < 0)
		return -1;
	return elf_each(elf, ELF_NEEDED, visit_needed, visit);
}

static int
visit_elf(struct visit *visit, const char *real)
{
	const struct reach_item *item = visit->item;
	struct elf elf;
	enum elf_result result = elf_read(visit->data, visit->size, &elf);
	char reason[96];

	if (result == ELF_NONE && item->sort == ITEM_PROGRAM)
		return visit_script(visit);
	if (result == ELF_NONE || result == ELF_DAMAGED)
		return note_broken(visit->reach, item, FINDING_DAMAGED, NULL, NULL);
	if (result == ELF_OTHER || elf.machine != elf_native_machine()) {
		(void)snprintf(reason, sizeof(reason), "it is made for %s, and this is %s",
		    elf_machine_word(elf.machine), elf_machine_word(elf_native_machine()));
		return note_broken(visit->reach, item, FINDING_WRONG_MACHINE, NULL, reason);
	}
	return visit_good_elf(visit, &elf, real);
}

/* ---- one file */

/* What the program's arguments lead to. A wrapper whose program is not found leaves the question
 * open. */
static int
visit_command(const struct visit *visit)
{
	const struct reach_item *item = visit->item;
	const struct program *program = program_find(item->called);
	int found = follow_command(item->called, &item->args, follow, (void *)(uintptr_t)visit);

	if (found != 0 || item->args.count < 2 || !program || !(program->flags & PROGRAM_WRAPPER))
		return found < 0 ? -1 : 0;
	return note_unread(visit->reach, item, NULL,
	    "it runs another program, and none that its arguments name is there");
}

static int
visit_content(struct visit *visit, const struct place *place)
{
	struct reach *reach = visit->reach;
	struct error err;
	AUTO_FREE char *data = NULL;

	if (reach->bytes > ALL_BYTES_MAX) {
		reach->left_out++;
		return 0;
	}
	data = file_read_fd(place->fd, visit->item->path, FILE_BYTES_MAX, &visit->size, &err);
	if (!data)
		return note_unread(
		    reach, visit->item, NULL, "it cannot be read, or has more than 256 MiB");
	reach->read++;
	reach->bytes += visit->size;
	visit->data = data;
	if (visit->item->sort == ITEM_SCRIPT)
		return visit_text(visit);
	if (visit->item->sort == ITEM_PROGRAM && visit_command(visit) < 0)
		return -1;
	return visit_elf(visit, place->real);
}

static int
visit_place(struct visit *visit, const struct place *place)
{
	struct reach_item *item = visit->item;
	int has_caps = place->fd >= 0 && fgetxattr(place->fd, FILE_CAPABILITIES, NULL, 0) > 0;

	item->device = place->status.st_dev;
	item->inode = place->status.st_ino;
	if (item->sort == ITEM_PROGRAM && !place_is_program(place))
		return note_broken(visit->reach, item, FINDING_NOT_EXECUTABLE, NULL, NULL);
	if (!S_ISREG(place->status.st_mode))
		return note_broken(
		    visit->reach, item, FINDING_DAMAGED, NULL, "it is no regular file");
	if (item->sort == ITEM_PROGRAM &&
	    (judge_name(&visit->reach->judge, &visit->file, item->called, &item->args) < 0 ||
		judge_privileges(&visit->reach->judge, &visit->file, place->status.st_mode,
		    place->status.st_uid, has_caps) < 0))
		return -1;
	/* a program's own words lead on each time: busybox is many */
	if (was_visited(visit->reach, item) && item->args.count == 0)
		return 0;
	return visit_content(visit, place);
}

static int
visit_missing(const struct reach *reach, const struct reach_item *item)
{
	if (item->sort == ITEM_SCRIPT)
		return note_broken(reach, item, FINDING_NO_PROGRAM, NULL,
		    "the script that the shell is to read is not there");
	return note_broken(reach, item,
	    item->interpreters ? FINDING_NO_INTERPRETER : FINDING_NO_PROGRAM, NULL, NULL);
}

static int
visit_item(struct reach *reach, struct reach_item *item)
{
	struct visit visit = {
		.reach = reach,
		.item = item,
		.file = { item->path, item->by, item->role },
	};
	struct place place;
	enum place_result result = place_open(reach->places, item->path, &place);
	int visited;

	if (result == PLACE_FOUND)
		visited = visit_place(&visit, &place);
	else if (result == PLACE_MISSING)
		visited = visit_missing(reach, item);
	else
		visited = note_unread(reach, item, NULL, hidden_reason(result));
	if (place.fd >= 0)
		(void)close(place.fd); /* read only */
	return visited;
}

/* ---- */

static int
no_memory(struct error *err)
{
	return error_num(err, ENOMEM, "check");
}

int
reach_start(struct reach *reach, const struct places *places, const struct judge *judge,
    struct arena *arena, struct error *err)
{
	*reach = (struct reach) { .places = places, .arena = arena, .judge = *judge };
	reach->items = arena_array(arena, REACH_FILES_MAX, sizeof(*reach->items));
	if (!reach->items || libraries_load(&reach->libraries, places, arena) < 0)
		return no_memory(err);
	return 0;
}

int
reach_add(struct reach *reach, const struct reach_entry *entry, struct error *err)
{
	const char *name = entry->args.count ? entry->args.items[0] : "";
	char path[PATH_MAX];
	struct reach_item item = {
		.sort = ITEM_PROGRAM,
		.path = name,
		.called = name,
		.role = JUDGE_ENTRY,
		.entry = entry,
		.args = entry->args,
	};
	enum place_result result = find_program(reach, entry, name, path);
	int added;

	if (result == PLACE_MISSING) {
		added = note_broken(
		    reach, &item, FINDING_NO_PROGRAM, NULL, "executable file not found in $PATH");
	} else if (result == PLACE_HIDDEN) {
		added = note_unread(reach, &item, NULL, hidden_reason(result));
	} else {
		item.path = path;
		added = push(reach, &item);
	}
	return added < 0 ? no_memory(err) : 0;
}

int
reach_run(struct reach *reach, struct error *err)
{
	for (; reach->done < reach->count; reach->done++)
		if (visit_item(reach, &reach->items[reach->done]) < 0)
			return no_memory(err);
	return 0;
}

int
reach_has(const struct reach *reach, const char *names)
{
	for (size_t i = 0; i < reach->count; i++) {
		const struct reach_item *item = &reach->items[i];

		if (item->sort == ITEM_PROGRAM &&
		    (program_is(item->called, names) || program_is(item->path, names)))
			return 1;
	}
	return 0;
}
