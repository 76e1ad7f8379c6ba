/* Writing JSON. */
#include "container/json.h"

#include "plan/quote.h"

#include <inttypes.h>

#define INDENT_MAX 32 /* tabs; deeper than that, a chain of processes would be mostly tabs */

static void
new_line(const struct json *json)
{
	if (json->style != JSON_PRETTY || json->depth == 0)
		return;
	(void)fputc('\n', json->out);
	for (unsigned i = 0; i < json->depth && i < INDENT_MAX; i++)
		(void)fputc('\t', json->out);
}

static void
begin_member(struct json *json, const char *key)
{
	if (json->members)
		(void)fputc(',', json->out);
	json->members++;
	new_line(json);
	if (!key)
		return;
	quote_json(key, json->out);
	(void)fputs(json->style == JSON_PRETTY ? ": " : ":", json->out);
}

void
json_open(struct json *json, const char *key, char bracket)
{
	begin_member(json, key);
	(void)fputc(bracket, json->out);
	json->depth++;
	json->members = 0;
}

void
json_close(struct json *json, char bracket)
{
	json->depth--;
	if (json->members && json->depth == 0 && json->style == JSON_PRETTY)
		(void)fputc('\n', json->out);
	else if (json->members)
		new_line(json);
	(void)fputc(bracket, json->out);
	json->members = 1; /* what was closed is one */
}

void
json_text(struct json *json, const char *key, const char *value)
{
	begin_member(json, key);
	quote_json(value, json->out);
}

void
json_signed(struct json *json, const char *key, int64_t value)
{
	begin_member(json, key);
	(void)fprintf(json->out, "%" PRId64, value);
}

void
json_number(struct json *json, const char *key, uint64_t value)
{
	begin_member(json, key);
	(void)fprintf(json->out, "%" PRIu64, value);
}

void
json_verbatim(struct json *json, const char *key, const char *value)
{
	begin_member(json, key);
	(void)fputs(value, json->out);
}

void
json_text_if(struct json *json, const char *key, const char *value)
{
	if (value)
		json_text(json, key, value);
}

void
json_number_if(struct json *json, const char *key, uint64_t value)
{
	if (value)
		json_number(json, key, value);
}

void
json_end(struct json *json)
{
	(void)fputc('\n', json->out);
	json->members = 0;
}
