/* Findings join, the worst decides. */
#include "check/finding.h"

#include "base/arena.h"
#include "check/verdict.h"
#include "tap.h"

static void
test_merge(struct arena *arena)
{
	struct findings findings = { .arena = arena };
	char path[] = "/bin/x";
	struct finding finding = {
		.kind = FINDING_REFUSED_CALL, .path = path, .what = "ptrace", .reason = "first"
	};

	EQ_INT(findings_add(&findings, &finding), 0, "a finding is added");
	path[5] = 'y';
	EQ_STR(findings.items[0].path, "/bin/x", "its texts are copies");
	path[5] = 'x';
	finding.sources = FINDING_TRACE;
	finding.severity = FINDING_REFUSED;
	finding.count = 40;
	EQ_INT(findings_add(&findings, &finding), 0, "and seen again, when it ran");
	EQ_INT(findings.count, 1, "it is one finding");
	EQ_INT(findings.items[0].sources, FINDING_STATIC | FINDING_TRACE, "of both sources");
	EQ_INT(findings.items[0].count, 41, "counts add up");
	EQ_INT(findings.items[0].severity, FINDING_REFUSED, "the worse severity stays");
	finding.severity = FINDING_NOTE;
	(void)findings_add(&findings, &finding); /* memory was enough before */
	EQ_INT(findings.items[0].severity, FINDING_REFUSED, "and is not lowered again");
	finding.what = "chroot";
	(void)findings_add(&findings, &finding);
	EQ_INT(findings.count, 2, "another call is another finding");
	EQ_STR(finding_reason(&findings.items[0]), "first", "its own reason");
	findings.items[1].reason = NULL;
	EQ_STR(finding_reason(&findings.items[1]), "refused if it is called", "or the kind's");
}

static void
test_bound(struct arena *arena)
{
	struct findings findings = { .arena = arena };
	char what[16];
	const struct finding finding = { .kind = FINDING_NO_LIBRARY, .path = "/x", .what = what };

	for (unsigned i = 0; i < FINDINGS_MAX + 10; i++) {
		(void)snprintf(what, sizeof(what), "lib%u", i);
		(void)findings_add(&findings, &finding); /* counted below */
	}
	EQ_INT(findings.count, FINDINGS_MAX, "no more than so many");
	EQ_INT(findings.left_out, 10, "and those left out are counted");
}

static void
test_verdict(struct arena *arena)
{
	static const struct {
		enum finding_severity severity;
		enum verdict verdict;
		int status;
	} rows[] = {
		{ FINDING_NOTE, VERDICT_WORKS, 0 },
		{ FINDING_UNSEEN, VERDICT_UNCLEAR, 4 },
		{ FINDING_REFUSED, VERDICT_CHANGES, 2 },
		{ FINDING_NOTE, VERDICT_CHANGES, 2 },
		{ FINDING_FATAL, VERDICT_FAILS, 3 },
		{ FINDING_UNSEEN, VERDICT_FAILS, 3 },
	};
	struct findings findings = { .arena = arena };

	EQ_STR(verdict_word(verdict_of(&findings)), "works", "nothing found: it works");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct finding finding = { .kind = FINDING_POLICY,
			.severity = rows[i].severity,
			.path = finding_severity_word(rows[i].severity) };

		(void)findings_add(&findings, &finding); /* the verdict shows it */
		EQ_INT(verdict_of(&findings), rows[i].verdict, verdict_word(rows[i].verdict));
		EQ_INT(verdict_exit_status(verdict_of(&findings)), rows[i].status, "its status");
	}
}

static void
test_words(void)
{
	int all = 1;

	for (int kind = 0; kind < FINDING_KINDS; kind++) {
		const struct finding finding = { .kind = (enum finding_kind)kind };

		all &= finding_kind_word(finding.kind) && finding_reason(&finding);
	}
	OK(all, "every kind has a word and a reason");
}

int
main(void)
{
	struct arena arena = { .blocks = NULL };

	test_merge(&arena);
	test_bound(&arena);
	test_verdict(&arena);
	test_words();
	arena_free(&arena);
	DONE();
}
