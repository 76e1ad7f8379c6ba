/* The list, and the words of each kind. */
#include "check/finding.h"

#include "base/arena.h"

#include <string.h>

struct kind_words {
	const char *word;
	const char *reason;
	const char *cure;
};

static const struct kind_words kinds[FINDING_KINDS] = {
	[FINDING_NO_PROGRAM] = { "no-program", "there is no such file",
	    "correct process.args or PATH, or put the program into the rootfs" },
	[FINDING_NOT_EXECUTABLE] = { "not-executable",
	    "it is not a regular file with permission to execute", "chmod +x" },
	[FINDING_NO_FORMAT] = { "no-format",
	    "it is neither an ELF program nor does it begin with #!",
	    "begin the script with #! and its interpreter, or name the interpreter in "
	    "process.args" },
	[FINDING_DAMAGED] = { "damaged", "it is an ELF file that does not hold together",
	    "put a whole copy of it into the rootfs" },
	[FINDING_WRONG_MACHINE] = { "wrong-machine", "it is made for another machine",
	    "take the image for this one" },
	[FINDING_NO_INTERPRETER] = { "no-interpreter",
	    "execve(2) fails with \"no such file or directory\" without it",
	    "put it into the rootfs, or link the program statically" },
	[FINDING_NO_LIBRARY] = { "no-library",
	    "it needs this library, which is nowhere on its "
	    "search path",
	    "put the library into the rootfs" },
	[FINDING_TOO_DEEP] = { "too-deep", "the kernel follows #! four times, no further", NULL },
	[FINDING_UNREAD] = { "unread", "it could not be looked at", NULL },
	[FINDING_TOOL] = { "tool", "what it is for is refused", NULL },
	[FINDING_BACKGROUND] = { "background",
	    "it puts itself into the background unless told not to: whose parent ends, ends (R2)",
	    NULL },
	[FINDING_PSEUDO_TTY] = { "pseudo-tty",
	    "it can ask for pseudo-terminals, and there are none",
	    "run what it runs without a terminal" },
	[FINDING_JOB_CONTROL] = { "job-control",
	    "there is no terminal to control: these answer ENOTTY, as in any container without -t",
	    NULL },
	[FINDING_DAEMON] = { "daemon",
	    "if it puts itself into the background, it ends: whose parent ends, ends (R2)",
	    "run it in the foreground" },
	[FINDING_REFUSED_CALL] = { "refused-call", "refused if it is called", NULL },
	[FINDING_LIBRARY_CALL] = { "library-call",
	    "libraries that can make these refused calls, if the program asks them to", NULL },
	[FINDING_PRETENDED_CALL] = { "pretended-call",
	    "answered 0, and nothing is done: one identity for life", NULL },
	[FINDING_CONTAINED_CALL] = { "contained-call",
	    "its code contains these refused calls, perhaps in its C library only", NULL },
	[FINDING_SET_ID] = { "set-id",
	    "set-id bits and file capabilities give nothing (no_new_privs)", NULL },
	[FINDING_OWNER] = { "owner", "its data belongs to another user than the payload's", NULL },
	[FINDING_POLICY] = { "policy", "policy changes it", NULL },
	[FINDING_RULE] = { "rule", "it broke a rule of supervision in the trial",
	    "run it in the foreground, wait for its children (osless-tree(7))" },
	[FINDING_TRIAL] = { "trial", "how the trial went", NULL },
};

static const char *const severities[FINDING_SEVERITIES] = {
	[FINDING_NOTE] = "note",
	[FINDING_UNSEEN] = "unseen",
	[FINDING_REFUSED] = "refused",
	[FINDING_FATAL] = "fatal",
};

static int
same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static struct finding *
find_same(const struct findings *findings, const struct finding *wanted)
{
	for (size_t i = 0; i < findings->count; i++) {
		struct finding *item = &findings->items[i];

		if (item->kind == wanted->kind && same_text(item->path, wanted->path) &&
		    same_text(item->what, wanted->what))
			return item;
	}
	return NULL;
}

/* 1: all that was given is copied. */
static int
copy_text(struct arena *arena, const char **text)
{
	if (*text)
		*text = arena_strdup(arena, *text);
	return *text != NULL;
}

static int
copy_texts(struct arena *arena, struct finding *item, const struct finding *from)
{
	return (!from->path || copy_text(arena, &item->path)) &&
	       (!from->by || copy_text(arena, &item->by)) &&
	       (!from->what || copy_text(arena, &item->what)) &&
	       (!from->reason || copy_text(arena, &item->reason)) &&
	       (!from->cure || copy_text(arena, &item->cure));
}

/* The arena frees nothing: doubling wastes at most as much as is in use. */
static int
make_room(struct findings *findings)
{
	size_t capacity = findings->capacity ? findings->capacity * 2 : 32;
	struct finding *items;

	if (findings->count < findings->capacity)
		return 0;
	items = arena_array(findings->arena, capacity, sizeof(*items));
	if (!items)
		return -1;
	if (findings->count)
		memcpy(items, findings->items, findings->count * sizeof(*items));
	findings->items = items;
	findings->capacity = capacity;
	return 0;
}

/* What was seen to happen says more than what was read. */
static void
take_words(struct finding *item, const struct finding *with)
{
	item->reason = with->reason ? with->reason : item->reason;
	item->cure = with->cure ? with->cure : item->cure;
}

static void
merge(struct finding *item, const struct finding *with)
{
	if ((with->sources & FINDING_TRACE) && !(item->sources & FINDING_TRACE))
		take_words(item, with);
	item->sources |= with->sources;
	item->count += with->count;
	if (with->severity > item->severity)
		item->severity = with->severity;
}

int
findings_add(struct findings *findings, const struct finding *finding)
{
	struct finding item = *finding;
	struct finding *same;

	item.sources = item.sources ? item.sources : FINDING_STATIC;
	item.count = item.count ? item.count : 1;
	same = find_same(findings, &item);
	if (!same && findings->count == FINDINGS_MAX) {
		findings->left_out++;
		return 0;
	}
	if (!copy_texts(findings->arena, &item, finding))
		return -1;
	if (same) {
		merge(same, &item);
		return 0;
	}
	if (make_room(findings) < 0)
		return -1;
	findings->items[findings->count++] = item;
	return 0;
}

const char *
finding_kind_word(enum finding_kind kind)
{
	return kinds[kind].word;
}

const char *
finding_severity_word(enum finding_severity severity)
{
	return severities[severity];
}

const char *
finding_reason(const struct finding *finding)
{
	return finding->reason ? finding->reason : kinds[finding->kind].reason;
}

const char *
finding_cure(const struct finding *finding)
{
	return finding->cure ? finding->cure : kinds[finding->kind].cure;
}
