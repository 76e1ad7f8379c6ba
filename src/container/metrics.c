/* metrics: OpenMetrics text, a family after the other, each over all containers. */
#include "container/container.h"

#include "base/error.h"
#include "base/log.h"
#include "container/metrics_box.h"
#include "container/metrics_denials.h"
#include "container/openmetrics.h"
#include "supervise/tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef void
metrics_function(FILE *out, const struct openmetrics_family *family, const struct metrics_box *box);

#define NO_LABEL \
	{ \
		NULL, NULL \
	}

/* ------------------------------------------------------------------- counters of the journal */

struct counter {
	enum journal_counter counter;
	const char *value; /* of the family's label */
};

static void
put_counters(FILE *out, const struct openmetrics_family *family, const struct metrics_box *box,
    const char *label, const struct counter *counters, size_t count)
{
	for (size_t i = 0; box->has_journal && i < count; i++) {
		const struct openmetrics_label labels[] = { { "id", box->id },
			{ counters[i].value ? label : NULL, counters[i].value }, NO_LABEL };

		openmetrics_count(out, family, labels, box->head.counters[counters[i].counter]);
	}
}

#define PUT_COUNTERS(label, counters) \
	put_counters(out, family, box, label, counters, sizeof(counters) / sizeof((counters)[0]))

static void
put_restarts(FILE *out, const struct openmetrics_family *family, const struct metrics_box *box)
{
	static const struct counter counters[] = {
		{ JOURNAL_COUNT_RESTARTS_EXIT, "exit" },
		{ JOURNAL_COUNT_RESTARTS_ERROR, "error" },
		{ JOURNAL_COUNT_RESTARTS_SIGNAL, "signal" },
		{ JOURNAL_COUNT_RESTARTS_START, "start" },
		{ JOURNAL_COUNT_RESTARTS_SIBLING, "sibling" },
	};

	PUT_COUNTERS("reason", counters);
}

static void
put_zombies(FILE *out, const struct openmetrics_family *family, const struct metrics_box *box)
{
	static const struct counter counters[] = {
		{ JOURNAL_COUNT_UNWAITED, "unwaited" },
		{ JOURNAL_COUNT_ZOMBIES, "unreaped" },
	};

	PUT_COUNTERS("reason", counters);
}

static void
put_denials(FILE *out, const struct openmetrics_family *family, const struct metrics_box *box)
{
	static const struct counter counters[] = {
		{ JOURNAL_COUNT_DENIED, "refused" },
		{ JOURNAL_COUNT_WOULD_DENY, "would" },
	};

	PUT_COUNTERS("action", counters);
}

/* A family without a label of its own. */
#define COUNTER_FUNCTION(name, which) \
	static void name( \
	    FILE *out, const struct openmetrics_family *family, const struct metrics_box *box) \
	{ \
		static const struct counter counters[] = { { which, NULL } }; \
\
		PUT_COUNTERS(NULL, counters); \
	}

COUNTER_FUNCTION(put_escalations, JOURNAL_COUNT_ESCALATIONS)
COUNTER_FUNCTION(put_orphans, JOURNAL_COUNT_ORPHANS)
COUNTER_FUNCTION(put_stopped, JOURNAL_COUNT_STOPPED)
COUNTER_FUNCTION(put_stopped_killed, JOURNAL_COUNT_STOPPED_KILLED)
COUNTER_FUNCTION(put_execs, JOURNAL_COUNT_EXECS)
COUNTER_FUNCTION(put_reaped, JOURNAL_COUNT_REAPED)
COUNTER_FUNCTION(put_unlisted, JOURNAL_COUNT_UNLISTED)

/* ------------------------------------------------------------------------------- workers */

static void
put_workers(FILE *out, const struct openmetrics_family *family, const struct metrics_box *box)
{
	for (uint32_t state = 0; box->has_journal && state < TREE_STATES; state++) {
		const struct openmetrics_label labels[] = { { "id", box->id },
			{ "state", journal_state_word(state) }, NO_LABEL };
		uint64_t count = 0;

		for (uint32_t i = 0; i < box->child_count; i++)
			count += box->is_worker[i] && box->children[i].state == state;
		openmetrics_count(out, family, labels, count);
	}
}

static void
put_starts(FILE *out, const struct openmetrics_family *family, const struct metrics_box *box)
{
	for (uint32_t i = 0; box->has_journal && i < box->child_count; i++) {
		const struct journal_child *child = &box->children[i];
		const struct openmetrics_label labels[] = { { "id", box->id },
			{ "worker", box->names[i] }, NO_LABEL };

		if (box->is_worker[i] && child->started_wall_ns > 0)
			openmetrics_sample(
			    out, family, labels, (double)child->started_wall_ns / 1e9);
	}
}

/* -------------------------------------------------------------------- container and cgroup */

static void
put_up(FILE *out, const struct openmetrics_family *family, const struct metrics_box *box)
{
	const struct openmetrics_label labels[] = { { "id", box->id }, NO_LABEL };

	openmetrics_count(out, family, labels, box->up ? 1 : 0);
}

static void
put_oom_kills(FILE *out, const struct openmetrics_family *family, const struct metrics_box *box)
{
	const struct openmetrics_label labels[] = { { "id", box->id }, NO_LABEL };

	if (box->has_oom_kills)
		openmetrics_count(out, family, labels, box->oom_kills);
}

enum listening_what { LISTENING_DEPTH, LISTENING_BACKLOG };

static void
put_listening(FILE *out, const struct openmetrics_family *family, const struct metrics_box *box,
    enum listening_what what)
{
	for (int i = 0; i < box->listening_count; i++) {
		const struct listening *at = &box->listening[i];
		char port[8];
		const struct openmetrics_label labels[] = { { "id", box->id }, { "port", port },
			NO_LABEL };

		(void)snprintf(port, sizeof(port), "%u", at->port); /* fits */
		openmetrics_count(
		    out, family, labels, what == LISTENING_DEPTH ? at->depth : at->backlog);
	}
}

static void
put_depth(FILE *out, const struct openmetrics_family *family, const struct metrics_box *box)
{
	put_listening(out, family, box, LISTENING_DEPTH);
}

static void
put_backlog(FILE *out, const struct openmetrics_family *family, const struct metrics_box *box)
{
	put_listening(out, family, box, LISTENING_BACKLOG);
}

enum pressure_what { PRESSURE_RATIO, PRESSURE_SECONDS };

static void
put_pressure(FILE *out, const struct openmetrics_family *family, const struct metrics_box *box,
    enum pressure_what what)
{
	static const char *const resources[CGROUP_PRESSURE_OF] = {
		[CGROUP_PRESSURE_CPU] = "cpu",
		[CGROUP_PRESSURE_MEMORY] = "memory",
		[CGROUP_PRESSURE_IO] = "io",
	};
	static const char *const kinds[CGROUP_PRESSURE_KINDS] = {
		[CGROUP_PRESSURE_SOME] = "some",
		[CGROUP_PRESSURE_FULL] = "full",
	};

	for (int i = 0; i < CGROUP_PRESSURE_OF * CGROUP_PRESSURE_KINDS; i++) {
		int of = i / CGROUP_PRESSURE_KINDS, kind = i % CGROUP_PRESSURE_KINDS;
		const struct cgroup_pressure *pressure = &box->pressure[of][kind];
		const struct openmetrics_label labels[] = { { "id", box->id },
			{ "resource", resources[of] }, { "kind", kinds[kind] }, NO_LABEL };

		if (pressure->has)
			openmetrics_sample(out, family, labels,
			    what == PRESSURE_RATIO ? pressure->avg10 / 100
						   : (double)pressure->total_us / 1e6);
	}
}

static void
put_pressure_ratio(
    FILE *out, const struct openmetrics_family *family, const struct metrics_box *box)
{
	put_pressure(out, family, box, PRESSURE_RATIO);
}

static void
put_pressure_seconds(
    FILE *out, const struct openmetrics_family *family, const struct metrics_box *box)
{
	put_pressure(out, family, box, PRESSURE_SECONDS);
}

/* ------------------------------------------------------------------------------ the page */

static const struct {
	struct openmetrics_family family;
	metrics_function *put;
} families[] = {
	{ { "osless_container_up", OPENMETRICS_GAUGE, NULL,
	      "1 while the container's first process lives." },
	    put_up },
	{ { "osless_restarts", OPENMETRICS_COUNTER, NULL,
	      "Restarts of workers (R1), by why: ended with 0, with an error, by a signal, could "
	      "not start, because of a sibling." },
	    put_restarts },
	{ { "osless_escalations", OPENMETRICS_COUNTER, NULL,
	      "Supervisors that gave up: more restarts than their intensity." },
	    put_escalations },
	{ { "osless_orphans_killed", OPENMETRICS_COUNTER, NULL,
	      "Processes that had lost their parent (R2); in audit, that were seen." },
	    put_orphans },
	{ { "osless_zombies", OPENMETRICS_COUNTER, NULL,
	      "Parents killed over zombies: of failed children (R3, unwaited), of any (R4, "
	      "unreaped); in audit, due." },
	    put_zombies },
	{ { "osless_stopped", OPENMETRICS_COUNTER, NULL, "Processes found stopped (R5)." },
	    put_stopped },
	{ { "osless_stopped_killed", OPENMETRICS_COUNTER, NULL,
	      "Processes killed because they were stopped again and again (R5)." },
	    put_stopped_killed },
	{ { "osless_execs", OPENMETRICS_COUNTER, NULL, "Processes that came in by exec." },
	    put_execs },
	{ { "osless_reaped", OPENMETRICS_COUNTER, NULL, "Processes that init has waited for." },
	    put_reaped },
	{ { "osless_denials", OPENMETRICS_COUNTER, NULL,
	      "System calls refused, less those that libraries probe routinely; in audit, that "
	      "would have been refused or pretended." },
	    put_denials },
	{ { "osless_denied_calls", OPENMETRICS_COUNTER, NULL,
	      "The same, by call and errno (0: would have been pretended)." },
	    metrics_denied_calls },
	{ { "osless_denials_unlisted", OPENMETRICS_COUNTER, NULL,
	      "Those of osless_denials that are not in osless_denied_calls, as the journal had no "
	      "room for more kinds." },
	    put_unlisted },
	{ { "osless_workers", OPENMETRICS_GAUGE, NULL, "Workers, by state." }, put_workers },
	{ { "osless_worker_start_seconds", OPENMETRICS_GAUGE, "seconds",
	      "When a worker was started last, in Unix time." },
	    put_starts },
	{ { "osless_listen_queue_depth", OPENMETRICS_GAUGE, NULL,
	      "Connections that wait to be accepted, by TCP port of the container's network "
	      "namespace; none where that is the host's." },
	    put_depth },
	{ { "osless_listen_backlog", OPENMETRICS_GAUGE, NULL,
	      "How many connections may wait to be accepted, by TCP port; likewise." },
	    put_backlog },
	{ { "osless_pressure_avg10_ratio", OPENMETRICS_GAUGE, "ratio",
	      "Share of the last 10 s in which some or all tasks waited for a resource; cgroup v2 "
	      "only." },
	    put_pressure_ratio },
	{ { "osless_pressure_seconds", OPENMETRICS_COUNTER, "seconds",
	      "Time in which some or all tasks waited for a resource; cgroup v2 only." },
	    put_pressure_seconds },
	{ { "osless_oom_kills", OPENMETRICS_COUNTER, NULL,
	      "Processes that the kernel killed for want of memory in the container's cgroup." },
	    put_oom_kills },
};

static void
print(const struct metrics_box *boxes, size_t count, FILE *out)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		openmetrics_begin(out, &families[i].family);
		for (size_t j = 0; j < count; j++)
			families[i].put(out, &families[i].family, &boxes[j]);
	}
	openmetrics_end(out);
}

/* A container that was named must be there; one that vanishes meanwhile, or is only half made, is
 * none of "all". */
enum metrics_missing { MISSING_IS_ERROR, MISSING_IS_LEFT_OUT };

/* A second sample of the same name and labels would spoil the page. */
static int
is_repeated(const char *const *ids, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(ids[i], ids[at]) == 0)
			return 1;
	return 0;
}

/* One that has vanished, or is only being made, is none; damaged ones must not stay hidden. */
static void
tell_left_out(const char *id, const struct error *err)
{
	char words[ERROR_TEXT_MAX + 128];

	if (err->errnum != ENOENT)
		log_line(LOG_WARNING, "%s is not measured: %s", id,
		    error_words(err, words, sizeof(words)));
}

static int
measure(const struct container_host *host, const char *const *ids, size_t count,
    enum metrics_missing missing, FILE *out, struct error *err)
{
	struct metrics_box *boxes = calloc(count + 1, sizeof(*boxes));
	size_t opened = 0;
	int result = 0;

	if (!boxes)
		return error_num(err, ENOMEM, "measure %zu containers", count);
	for (size_t i = 0; result == 0 && i < count; i++) {
		if (missing == MISSING_IS_ERROR && is_repeated(ids, i))
			continue;
		if (ids[i] && metrics_box_open(host, ids[i], &boxes[opened], err) == 0) {
			opened++;
			continue;
		}
		metrics_box_close(&boxes[opened]);
		if (missing == MISSING_IS_ERROR)
			result = -1;
		else if (ids[i])
			tell_left_out(ids[i], err);
	}
	if (result == 0)
		print(boxes, opened, out);
	while (opened)
		metrics_box_close(&boxes[--opened]);
	free(boxes);
	return result;
}

int
container_metrics(const struct container_host *host, const char *const *ids, size_t count,
    FILE *out, struct error *err)
{
	char **all = NULL;
	size_t all_count = 0;
	int result;

	if (count)
		return measure(host, ids, count, MISSING_IS_ERROR, out, err);
	if (look_ids(host->root, &all, &all_count, err) < 0)
		return -1;
	result = measure(host, (const char *const *)all, all_count, MISSING_IS_LEFT_OUT, out, err);
	for (size_t i = 0; i < all_count; i++)
		free(all[i]);
	free(all);
	return result;
}
