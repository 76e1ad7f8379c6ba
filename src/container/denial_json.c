/* Denials as JSON. Names keep their bytes, as far as JSON has them (plan/quote.h). */
#include "container/denial_json.h"

#include "base/arena.h"
#include "container/denial_words.h"
#include "container/moment.h"

#include <inttypes.h>
#include <stdio.h>

static void
put_args(struct json *json, const uint64_t args[6])
{
	char text[24];

	json_open(json, "args", '[');
	for (int i = 0; i < 6; i++) {
		(void)snprintf(text, sizeof(text), "0x%" PRIx64, args[i]); /* fits */
		json_text(json, NULL, text);
	}
	json_close(json, ']');
}

static void
put_times(struct json *json, const struct journal_denial *denial)
{
	char time[MOMENT_MAX];

	json_number(json, "count", denial->count);
	json_text(json, "first", moment_time(denial->first_wall_ns, time));
	json_text(json, "last", moment_time(denial->last_wall_ns, time));
}

static void
put_program(struct json *json, const struct journal_denial *denial)
{
	json_text_if(json, "exe", *denial->exe ? denial->exe : NULL);
	json_text_if(json, "comm", *denial->comm ? denial->comm : NULL);
	if (denial->pid > 0)
		json_signed(json, "pid", denial->pid);
}

void
denial_json(struct json *json, const char *key, const struct journal_denial *denial,
    const struct plan *plan)
{
	struct arena arena = { .blocks = NULL };

	json_open(json, key, '{');
	json_text_if(json, "call", denial_call(denial, &arena));
	json_signed(json, "number", denial->number);
	json_text_if(json, "arch", denial_arch(denial, &arena));
	put_args(json, denial->args);
	json_text_if(json, "decoded", denial_arguments(denial, &arena));
	json_text_if(json, "errno", denial_errno(denial, &arena));
	json_verbatim(json, "would", denial->flags & JOURNAL_DENIAL_WOULD ? "true" : "false");
	json_text(json, "by", denial->flags & JOURNAL_DENIAL_BUNDLE ? "bundle" : "tier");
	put_program(json, denial);
	put_times(json, denial);
	json_text_if(json, "reason", denial_reason(denial, plan, &arena));
	json_text_if(json, "cure", denial_cure(denial, plan));
	json_close(json, '}');
	arena_free(&arena);
}
