/* explain: gathers the facts and prints the story. */
#include "container/container.h"

#include "base/arena.h"
#include "container/denial_json.h"
#include "container/explain_story.h"
#include "container/json.h"
#include "container/look.h"
#include "container/moment.h"

#include <errno.h>

/* ------------------------------------------------------------------------------- facts */

struct gathering {
	struct journal_head head;
	struct journal_child children[PLAN_CHILDREN_MAX];
	struct journal_event events[JOURNAL_EVENTS];
	struct journal_denial denials[JOURNAL_DENIALS];
};

static void
gather_events(
    const struct journal_view *journal, struct gathering *all, struct explain_facts *facts)
{
	uint64_t last = all->head.last;

	for (uint64_t i = journal_oldest(journal); i <= last; i++) {
		enum journal_got got;

		if (facts->event_count == JOURNAL_EVENTS)
			break;
		got = journal_event(journal, i, &all->events[facts->event_count]);
		facts->event_count += got == JOURNAL_GOT;
		facts->torn += got == JOURNAL_TORN;
	}
}

static void
gather_denials(
    const struct journal_view *journal, struct gathering *all, struct explain_facts *facts)
{
	for (uint32_t i = 0; i < JOURNAL_DENIALS; i++) {
		enum journal_got got =
		    journal_denial(journal, i, &all->denials[facts->denial_count]);

		if (got == JOURNAL_NOT_YET)
			break;
		facts->denial_count += got == JOURNAL_GOT;
		facts->torn_denials += got == JOURNAL_TORN;
	}
}

static void
gather(const struct look *look, struct gathering *all, struct explain_facts *facts)
{
	*facts = (struct explain_facts) {
		.id = look->id,
		.plan = look->plan,
		.status = look->status,
		.now_ns = look->now_ns,
		.created_ns = look->record.created_s * 1000000000 + look->record.created_ns,
		.no_journal = look_no_journal(look),
		.children = all->children,
		.events = all->events,
		.denials = all->denials,
	};
	(void)look_oom_kills(look, &facts->oom_kills); /* else 0 */
	if (!look->journal.head)
		return;
	journal_read_head(&look->journal, &all->head);
	facts->head = &all->head;
	for (uint32_t i = 0; i < look->journal.children && i < PLAN_CHILDREN_MAX; i++)
		(void)journal_child(&look->journal, i, &all->children[i]); /* torn: as it is */
	gather_events(&look->journal, all, facts);
	gather_denials(&look->journal, all, facts);
}

/* ------------------------------------------------------------------------------ printing */

static void
print_lines(const char *title, const struct explain_lines *lines, FILE *out)
{
	for (size_t i = 0; i < lines->count; i++)
		(void)fprintf(out, "%-15s %s\n", i ? "" : title, lines->items[i]);
}

static const char *const denied_titles[EXPLAIN_DENIED_LISTS] = {
	[EXPLAIN_REFUSED] = "Refused:",
	[EXPLAIN_WOULD_REFUSE] = "Would refuse:",
	[EXPLAIN_WOULD_PRETEND] = "Would pretend:",
};

static void
print_text(const struct look *look, const struct explain_story *story, FILE *out)
{
	char since[MOMENT_MAX], ago[MOMENT_MAX];

	(void)fprintf(out, "%-15s %s", "Container:", look->id);
	(void)fprintf(out, "\n%-15s %s", "State:", story->state);
	if (story->since_ns > 0)
		(void)fprintf(out, " since %s (%s)", moment_plain(story->since_ns, since),
		    moment_span(look->now_ns - story->since_ns, ago));
	(void)fputc('\n', out);
	print_lines("Why:", &story->why, out);
	print_lines("What happened:", &story->happened, out);
	for (int i = 0; i < EXPLAIN_DENIED_LISTS; i++)
		print_lines(denied_titles[i], &story->denials.lists[i], out);
	print_lines("Refusals:", &story->denials.notes, out);
	print_lines("What next:", &story->next, out);
	print_lines("What to do:", &story->todo, out);
}

static void
put_lines(struct json *json, const char *key, const struct explain_lines *lines)
{
	json_open(json, key, '[');
	for (size_t i = 0; i < lines->count; i++)
		json_text(json, NULL, lines->items[i]);
	json_close(json, ']');
}

static void
put_denials(struct json *json, const struct explain_facts *facts, const struct explain_story *story)
{
	const struct journal_head *head = facts->head;

	json_open(json, "denials", '{');
	json_verbatim(json, "told", explain_denials_are_told(facts) ? "true" : "false");
	put_lines(json, "notes", &story->denials.notes);
	json_number(json, "refused", head ? head->counters[JOURNAL_COUNT_DENIED] : 0);
	json_number(json, "would", head ? head->counters[JOURNAL_COUNT_WOULD_DENY] : 0);
	json_number(json, "unlisted", head ? head->counters[JOURNAL_COUNT_UNLISTED] : 0);
	json_open(json, "list", '[');
	for (size_t i = 0; i < facts->denial_count; i++)
		denial_json(json, NULL, &facts->denials[i], facts->plan);
	json_close(json, ']');
	json_close(json, '}');
}

static void
print_json(const struct look *look, const struct explain_facts *facts,
    const struct explain_story *story, FILE *out)
{
	struct json json = { .out = out, .style = JSON_PRETTY };
	char since[MOMENT_MAX];

	json_open(&json, NULL, '{');
	json_text(&json, "id", look->id);
	json_text(&json, "status", state_word(look->status));
	json_text(&json, "state", story->state);
	if (story->since_ns > 0)
		json_text(&json, "since", moment_time(story->since_ns, since));
	put_lines(&json, "why", &story->why);
	put_lines(&json, "happened", &story->happened);
	put_denials(&json, facts, story);
	put_lines(&json, "next", &story->next);
	put_lines(&json, "todo", &story->todo);
	json_close(&json, '}');
	json_end(&json);
}

static int
explain(const struct look *look, enum container_show format, struct arena *arena, FILE *out,
    struct error *err)
{
	struct gathering *all = arena_alloc(arena, sizeof(*all));
	struct explain_facts facts;
	struct explain_story story;

	if (all)
		gather(look, all, &facts);
	if (!all || explain_tell(&facts, arena, &story) < 0)
		return error_num(err, ENOMEM, "explain");
	if (format == SHOW_JSON)
		print_json(look, &facts, &story, out);
	else
		print_text(look, &story, out);
	return 0;
}

int
container_explain(const struct container_host *host, const char *id, enum container_show format,
    FILE *out, struct error *err)
{
	struct arena arena = { .blocks = NULL };
	struct look look = LOOK_NONE;
	int result = look_open(host, id, &look, err);

	if (result == 0)
		result = explain(&look, format, &arena, out, err);
	look_close(&look);
	arena_free(&arena);
	return result;
}
