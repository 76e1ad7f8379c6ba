/* The reader's insides: its state, and how its files share the work.
 *
 *     reader.c         the document as a whole: limits, yajl, the verdict
 *     reader_events.c  what yajl saw: one function an event
 *     reader_frames.c  where that goes: the stack of open objects, lists and maps
 *     reader_refuse.c  what is wrong with it, and where
 *
 * Functions here return 1 to go on and 0 to stop, as yajl's callbacks do; 0 means that the error is
 * filled. */
#ifndef OCISPEC_READER_H
#define OCISPEC_READER_H

#include "libocispec/complaint.h"
#include "libocispec/tables.h"

#include <yajl/yajl_parse.h>

/* An object, list or map that the document has opened and not closed yet. */
struct ocispec_frame {
	enum ocispec_kind kind;            /* KIND_OBJECT, KIND_LIST or KIND_MAP */
	const struct ocispec_table *table; /* of the object */

	/* KIND_OBJECT */
	char *object;                      /* its struct */
	uint64_t seen;                     /* a bit for each row that the document gave */
	size_t next;                       /* the row that most likely comes next */
	const struct ocispec_field *field; /* its value comes now; NULL: unknown, or none */

	/* KIND_LIST, KIND_MAP */
	const struct ocispec_field *of; /* the row that it is the value of */
	void *where;                    /* its OCISPEC_LIST, written when it ends */
	char *items;
	size_t count; /* of finished items */
	size_t room;
	const char *key; /* KIND_MAP: of the entry whose value comes now */
};

struct ocispec_reader {
	const char *text;
	size_t length;
	struct ocispec_limits limits;
	const struct ocispec_memory *memory;
	struct ocispec_error *err;
	yajl_handle yajl;
	size_t end; /* where the last event ended in text */

	const struct ocispec_table *table;       /* of the document */
	const struct ocispec_unknown *strangers; /* who judges unknown keys; NULL: they pass */
	void *out;
	struct ocispec_frame frames[OCISPEC_LEVELS_MAX];
	size_t level;   /* open frames */
	size_t unknown; /* open objects and lists below an unknown key */
	size_t depth;   /* all open objects and lists */

	char *strings; /* room for all strings: unescaping never makes one longer */
	size_t strings_room;
};

/* Where a value goes. */
struct ocispec_slot {
	enum ocispec_kind kind;            /* that it must have */
	const struct ocispec_field *field; /* NULL: the document itself */
	const struct ocispec_table *table; /* KIND_OBJECT */
	void *where;
	bool in_place; /* KIND_OBJECT: where is the struct, not a pointer to it */
	bool *has;     /* to set when the value is there; NULL: nothing */
};

/* ---- reader_events.c */

extern const yajl_callbacks ocispec_reader_events;

/* ---- reader_frames.c */

/* Whether what comes now belongs to an unknown key. */
bool ocispec_frames_skip(const struct ocispec_reader *reader);

/* A key of the innermost object or map. Unknown keys of objects make ocispec_frames_skip true. */
int ocispec_frames_key(struct ocispec_reader *reader, const char *key, size_t length);

/* Where the value that comes now goes. */
int ocispec_frames_slot(struct ocispec_reader *reader, struct ocispec_slot *slot);

/* The slot's value is an object, list or map that begins here. */
int ocispec_frames_open(struct ocispec_reader *reader, const struct ocispec_slot *slot);

/* The innermost frame ends. */
int ocispec_frames_close(struct ocispec_reader *reader);

/* The value of the innermost frame's current field, item or entry is complete. */
void ocispec_frames_advance(struct ocispec_reader *reader);

/* A copy of a string, terminated; NULL when there is no memory. */
const char *ocispec_frames_keep(struct ocispec_reader *reader, const char *text, size_t length);

/* ---- reader_refuse.c: all fill the error, with the path to the current value, and return 0 */

/* What stands at the current value is of another kind or range. bytes may be NULL. */
int ocispec_refuse(struct ocispec_reader *reader, const char *expected, const char *kind,
    const char *bytes, size_t length);

/* Something else is wrong with the current value. */
int ocispec_refuse_say(struct ocispec_reader *reader, const char *sentence, ...)
    __attribute__((format(printf, 2, 3)));

/* The same, at an offset of the text rather than at the current value. */
int ocispec_refuse_at(struct ocispec_reader *reader, size_t offset, const char *sentence);

/* The document as a whole is not to be read: no line and column. */
int ocispec_refuse_whole(struct ocispec_reader *reader, const char *sentence);

int ocispec_refuse_memory(struct ocispec_reader *reader);

/* yajl found the error itself: this is no JSON. AT_END: only when told that no more text comes. */
enum ocispec_stage { IN_TEXT, AT_END };

int ocispec_refuse_syntax(struct ocispec_reader *reader, enum ocispec_stage stage);

/* "a string", "true or false": what a value of a kind is called. */
const char *ocispec_kind_words(enum ocispec_kind kind);

#endif
