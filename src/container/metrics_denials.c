/* Refused system calls as samples. The journal has an entry for each program and number; a path, or
 * a number without a name, which the payload chooses, is no label: series must not grow as it
 * likes. */
#include "container/metrics_denials.h"

#include "base/arena.h"
#include "container/denial_words.h"

#include <string.h>

struct sample {
	const char *call;
	const char *answer;
	const char *action;
	uint64_t count;
};

static int
is_same(const struct sample *a, const struct sample *b)
{
	return strcmp(a->call, b->call) == 0 && strcmp(a->answer, b->answer) == 0 &&
	       strcmp(a->action, b->action) == 0;
}

/* To the sample that has the same labels, or as one more. Returns how many there are. */
static uint32_t
add_sample(struct sample *samples, uint32_t count, const struct sample *sample)
{
	for (uint32_t i = 0; i < count; i++) {
		if (!is_same(&samples[i], sample))
			continue;
		samples[i].count += sample->count;
		return count;
	}
	samples[count] = *sample;
	return count + 1;
}

static uint32_t
gather(const struct metrics_box *box, struct arena *arena, struct sample *samples)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < box->denial_count; i++) {
		const struct journal_denial *denial = &box->denials[i];
		const struct sample sample = { denial_call_group(denial, arena),
			denial_errno(denial, arena),
			denial->flags & JOURNAL_DENIAL_WOULD ? "would" : "refused", denial->count };

		if (sample.call && sample.answer)
			count = add_sample(samples, count, &sample);
	}
	return count;
}

void
metrics_denied_calls(
    FILE *out, const struct openmetrics_family *family, const struct metrics_box *box)
{
	struct arena arena = { .blocks = NULL };
	struct sample samples[JOURNAL_DENIALS];
	uint32_t count = gather(box, &arena, samples);

	for (uint32_t i = 0; i < count; i++) {
		const struct openmetrics_label labels[] = { { "id", box->id },
			{ "call", samples[i].call }, { "errno", samples[i].answer },
			{ "action", samples[i].action }, { NULL, NULL } };

		openmetrics_count(out, family, labels, samples[i].count);
	}
	arena_free(&arena);
}
