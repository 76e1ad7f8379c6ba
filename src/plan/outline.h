/* Writes a tree of keys, lists and values, as indented text for people or as JSON. Callers say the
 * same in both cases:
 *
 *     outline_key(o, "mounts");            mounts:                 "mounts": [
 *     outline_open(o, OUTLINE_LIST);         - dest: /proc           {
 *     outline_open(o, OUTLINE_OBJECT);         type: proc              "dest": "/proc",
 *     outline_key(o, "dest");                                          ...
 *
 * JSON starts with an open, after_key set; text starts with a key. Write errors stay in the stream.
 * Each open has its close. */
#ifndef OSLESS_PLAN_OUTLINE_H
#define OSLESS_PLAN_OUTLINE_H

#include <stdio.h>

enum outline_form {
	OUTLINE_TEXT,
	OUTLINE_JSON,
};

enum outline_shape {
	OUTLINE_OBJECT,
	OUTLINE_LIST,
};

struct outline {
	FILE *out;
	enum outline_form form;
	unsigned depth;     /* levels of indentation of the next line */
	unsigned after_key; /* a value comes next, on this line: also at the start of JSON */
	unsigned dash;      /* text: the next line is the first of a list's object */
	unsigned fresh;     /* JSON: nothing stands on this level yet */
};

void outline_key(struct outline *o, const char *key);
void outline_open(struct outline *o, enum outline_shape shape);
void outline_close(struct outline *o, enum outline_shape shape);

/* A text of any content. */
void outline_text(struct outline *o, const char *text);

/* A number, true or false, as it is. */
void outline_literal(struct outline *o, const char *literal);

#endif
