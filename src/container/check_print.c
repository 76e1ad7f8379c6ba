/* Text: the worst first, findings of one kind on one file together. JSON: one by one. Texts that
 * come from the rootfs are quoted. */
#include "container/check_print.h"

#include "container/json.h"
#include "plan/quote.h"

#include <inttypes.h>
#include <string.h>

static const char *const tiers[] = {
	[PROFILE_GVISOR] = "gvisor",
	[PROFILE_MINIMAL] = "minimal",
};

static const char *const headings[FINDING_SEVERITIES] = {
	[FINDING_FATAL] = "keeps it from starting",
	[FINDING_REFUSED] = "will be refused, and is probably needed",
	[FINDING_UNSEEN] = "could not be looked at",
	[FINDING_NOTE] = "notes",
};

static int
same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Those of which many files or places have the same to say. */
static int
is_by_reason(const struct finding *finding)
{
	return finding->kind == FINDING_POLICY || finding->kind == FINDING_LIBRARY_CALL ||
	       (finding->kind == FINDING_OWNER && finding->severity == FINDING_NOTE);
}

/* Whether two findings share their lines: by reason, or by file. */
static int
together(const struct finding *a, const struct finding *b)
{
	if (a->kind != b->kind || a->severity != b->severity)
		return 0;
	if (a->kind == FINDING_LIBRARY_CALL)
		return 1;
	if (is_by_reason(a))
		return strcmp(finding_reason(a), finding_reason(b)) == 0;
	return same_text(a->path, b->path);
}

/* 1: a line before has it already. */
static int
is_printed(const struct findings *findings, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (together(&findings->items[i], &findings->items[index]))
			return 1;
	return 0;
}

/* "/lib/a.so (mount, chroot), /lib/b.so (setns)" */
static void
print_places(const struct findings *findings, size_t index, FILE *out)
{
	const struct finding *first = &findings->items[index];
	const char *path = NULL;

	for (size_t i = index; i < findings->count; i++) {
		const struct finding *item = &findings->items[i];

		if (!together(first, item))
			continue;
		if (path && strcmp(path, item->path) == 0) {
			(void)fputs(", ", out);
		} else {
			(void)fputs(path ? "), " : "  ", out);
			quote_text(item->path, out);
			(void)fputs(" (", out);
		}
		quote_text(item->what, out);
		path = item->path;
	}
	(void)fputs(")\n", out);
}

/* "/usr/bin/script (from /entry.sh): openpty, login_tty" */
static void
print_names(const struct findings *findings, size_t index, FILE *out)
{
	const struct finding *first = &findings->items[index];
	const char *between = ": ";

	(void)fputs("  ", out);
	quote_text(first->path, out);
	if (first->by) {
		(void)fputs(" (from ", out);
		quote_text(first->by, out);
		(void)fputs(")", out);
	}
	for (size_t i = index; i < findings->count; i++) {
		const struct finding *item = &findings->items[i];

		if (!item->what || !together(first, item))
			continue;
		(void)fputs(between, out);
		quote_text(item->what, out);
		between = ", ";
	}
	(void)fputs("\n", out);
}

/* Each different cure once; with several names the name it is for. */
static void
print_cures(const struct findings *findings, size_t index, FILE *out)
{
	const struct finding *first = &findings->items[index];
	const char *last = NULL;

	for (size_t i = index; i < findings->count; i++) {
		const struct finding *item = &findings->items[i];
		const char *cure = finding_cure(item);

		if (!cure || !together(first, item) || same_text(cure, last))
			continue;
		(void)fputs("      cure: ", out);
		quote_text(cure, out);
		(void)fputs("\n", out);
		last = cure;
	}
}

/* Whether the group's reasons differ: the kind's own then stands for them. */
static const char *
group_reason(const struct findings *findings, size_t index)
{
	const struct finding *first = &findings->items[index];
	const struct finding general = { .kind = first->kind };

	if (first->kind == FINDING_LIBRARY_CALL)
		return finding_reason(&general);
	for (size_t i = index + 1; i < findings->count; i++)
		if (together(first, &findings->items[i]) &&
		    strcmp(finding_reason(first), finding_reason(&findings->items[i])) != 0)
			return finding_reason(&general);
	return finding_reason(first);
}

static void
print_group(const struct findings *findings, size_t index, FILE *out)
{
	if (is_by_reason(&findings->items[index]))
		print_places(findings, index, out);
	else
		print_names(findings, index, out);
	(void)fputs("      ", out);
	quote_text(group_reason(findings, index), out);
	(void)fputs("\n", out);
	if (findings->items[index].severity != FINDING_NOTE)
		print_cures(findings, index, out);
}

static void
print_severity(const struct findings *findings, enum finding_severity severity, FILE *out)
{
	int started = 0;

	for (size_t i = 0; i < findings->count; i++) {
		if (findings->items[i].severity != severity || is_printed(findings, i))
			continue;
		if (!started)
			(void)fprintf(out, "\n%s:\n", headings[severity]);
		started = 1;
		print_group(findings, i, out);
	}
}

/* How it was found out, and what therefore does not show. */
static void
print_limits(const struct check_answer *answer, FILE *out)
{
	const char *by_number = answer->reach->by_number ? ", calls made by number (syscall)" : "";

	if (answer->trial_ms)
		(void)fprintf(out,
		    "\nSeen by reading files, and in a trial of up to %" PRIu32
		    " ms in which nothing was refused and all recorded: what it did not do then "
		    "does not show.\n",
		    answer->trial_ms);
	else
		(void)fprintf(out,
		    "\nSeen by reading files, not by running them: plug-ins%s and what "
		    "configuration asks for do not show (--trace runs it).\n",
		    by_number);
}

void
check_print_text(const struct check_answer *answer, FILE *out)
{
	const struct reach *reach = answer->reach;

	(void)fprintf(out, "%s:", verdict_word(answer->verdict));
	for (size_t i = 0; i < answer->args.count; i++) {
		(void)fputs(" ", out);
		quote_text(answer->args.items[i], out);
	}
	(void)fprintf(out,
	    "\nas %" PRIu32 ":%" PRIu32 ", system calls of tier %s, %zu files read\n",
	    answer->rules->uid, answer->rules->gid, tiers[answer->rules->tier], reach->read);
	for (int severity = FINDING_FATAL; severity >= 0; severity--)
		print_severity(answer->findings, (enum finding_severity)severity, out);
	print_limits(answer, out);
	if (reach->left_out || answer->findings->left_out)
		(void)fprintf(out,
		    "Incomplete: %u more files and %u more findings were left out.\n",
		    reach->left_out, answer->findings->left_out);
}

static void
print_sources(struct json *json, unsigned sources)
{
	json_open(json, "sources", '[');
	if (sources & FINDING_STATIC)
		json_text(json, NULL, "static");
	if (sources & FINDING_TRACE)
		json_text(json, NULL, "trace");
	json_close(json, ']');
}

static void
print_finding(struct json *json, const struct finding *finding)
{
	json_open(json, NULL, '{');
	json_text(json, "kind", finding_kind_word(finding->kind));
	json_text(json, "severity", finding_severity_word(finding->severity));
	print_sources(json, finding->sources);
	json_text(json, "path", finding->path);
	json_text_if(json, "by", finding->by);
	json_text_if(json, "what", finding->what);
	json_text(json, "reason", finding_reason(finding));
	json_text_if(json, "cure", finding_cure(finding));
	json_number(json, "count", finding->count);
	json_close(json, '}');
}

void
check_print_json(const struct check_answer *answer, FILE *out)
{
	struct json json = { .out = out, .style = JSON_PRETTY };

	json_open(&json, NULL, '{');
	json_text(&json, "verdict", verdict_word(answer->verdict));
	json_open(&json, "args", '[');
	for (size_t i = 0; i < answer->args.count; i++)
		json_text(&json, NULL, answer->args.items[i]);
	json_close(&json, ']');
	json_number(&json, "uid", answer->rules->uid);
	json_number(&json, "gid", answer->rules->gid);
	json_text(&json, "tier", tiers[answer->rules->tier]);
	json_number(&json, "filesRead", answer->reach->read);
	json_number(&json, "leftOut", answer->reach->left_out + answer->findings->left_out);
	json_open(&json, "findings", '[');
	for (size_t i = 0; i < answer->findings->count; i++)
		print_finding(&json, &answer->findings->items[i]);
	json_close(&json, ']');
	json_close(&json, '}');
	json_end(&json);
}
