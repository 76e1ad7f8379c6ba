/* Lines of `events`. */
#include "container/events_line.h"

#include "container/denial_json.h"
#include "container/json.h"
#include "container/moment.h"
#include "container/stats_json.h"

#include <sys/wait.h>

static struct json
begin(const struct events_line *line, const char *type)
{
	struct json json = { .out = line->out, .style = JSON_LINE };

	json_open(&json, NULL, '{');
	json_text(&json, "type", type);
	json_text(&json, "id", line->id);
	return json;
}

static struct json
begin_osless(const struct events_line *line)
{
	struct json json = begin(line, "osless");

	json_open(&json, "data", '{');
	return json;
}

static void
end_osless(struct json *json)
{
	json_close(json, '}');
	json_close(json, '}');
	json_end(json);
}

static int
has_status(const struct journal_event *event)
{
	switch (event->kind) {
	case JOURNAL_EXITED:
	case JOURNAL_RESTART:
	case JOURNAL_ENDED:
	case JOURNAL_UNWAITED:
	case JOURNAL_ZOMBIE:
		return 1;
	default: /* one that came in by exec is not init's child: its status goes to its parent */
		return 0;
	}
}

static void
put_status(struct json *json, int32_t status)
{
	json_open(json, "status", '{');
	if (WIFSIGNALED(status))
		json_signed(json, "signal", WTERMSIG(status));
	else
		json_signed(json, "exit", WEXITSTATUS(status));
	json_close(json, '}');
}

static void
put_process(
    struct json *json, const char *pid_key, int32_t pid, const char *comm_key, const char *comm)
{
	if (pid > 0)
		json_signed(json, pid_key, pid);
	if (*comm)
		json_text(json, comm_key, comm);
}

void
events_line_event(const struct events_line *line, const struct journal_event *event,
    const struct journal_denial *denial)
{
	const struct plan_tree *tree = &line->plan->tree;
	struct json json = begin_osless(line);
	char time[MOMENT_MAX];

	json_number(&json, "sequence", event->sequence);
	json_text(&json, "time", moment_time(event->wall_ns, time));
	json_text(&json, "event", journal_kind_word((enum journal_kind)event->kind));
	json_text_if(&json, "rule", journal_kind_rule((enum journal_kind)event->kind));
	json_text(&json, "action", journal_action_word((enum journal_action)event->action));
	if (event->child < tree->children.count)
		json_text(&json, "child", tree->children.items[event->child].id);
	put_process(&json, "pid", event->pid, "comm", event->comm);
	put_process(&json, "parent", event->parent, "parent_comm", event->parent_comm);
	if (has_status(event))
		put_status(&json, event->status);
	json_number(&json, "number", event->number);
	if (denial)
		denial_json(&json, "denial", denial, line->plan);
	end_osless(&json);
}

void
events_line_lost(const struct events_line *line, uint64_t first, uint64_t last)
{
	struct json json = begin_osless(line);

	json_text(&json, "event", "lost");
	json_number(&json, "first", first);
	json_number(&json, "last", last);
	end_osless(&json);
}

void
events_line_torn(const struct events_line *line, uint64_t sequence)
{
	struct json json = begin_osless(line);

	json_number(&json, "sequence", sequence);
	json_text(&json, "event", "torn");
	end_osless(&json);
}

void
events_line_stats(const struct events_line *line, const struct cgroup_stats *stats)
{
	struct json json = begin(line, "stats");

	stats_json(&json, "data", stats);
	json_close(&json, '}');
	json_end(&json);
}

void
events_line_oom(const struct events_line *line)
{
	struct json json = begin(line, "oom");

	json_close(&json, '}');
	json_end(&json);
}
