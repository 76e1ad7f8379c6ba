/* A JSON document written piece by piece to a stream. Commas, indentation and quoting are this
 * file's; write errors stay in the stream. For this folder only. */
#ifndef OSLESS_CONTAINER_JSON_H
#define OSLESS_CONTAINER_JSON_H

#include <stdint.h>
#include <stdio.h>

enum json_style {
	JSON_LINE,   /* all on one line */
	JSON_PRETTY, /* a member a line, indented by tabs */
};

struct json {
	FILE *out;
	enum json_style style;
	unsigned depth;
	unsigned members; /* written so far where it is; 0 or more */
};

/* key: NULL in an array and for the document itself. */
void json_open(struct json *json, const char *key, char bracket); /* '{' or '[' */
void json_close(struct json *json, char bracket);                 /* '}' or ']' */
void json_text(struct json *json, const char *key, const char *value);
void json_signed(struct json *json, const char *key, int64_t value);
void json_number(struct json *json, const char *key, uint64_t value);

/* A value that is JSON already. */
void json_verbatim(struct json *json, const char *key, const char *value);

/* The text where it is not NULL; the number where it is not 0. */
void json_text_if(struct json *json, const char *key, const char *value);
void json_number_if(struct json *json, const char *key, uint64_t value);

/* Ends the line that the document is, or ends with. */
void json_end(struct json *json);

#endif
