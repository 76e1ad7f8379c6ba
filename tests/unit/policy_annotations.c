/* What annotations may do to the host's policy. */
#include "policy/annotations.h"

#include "policy_help.h"
#include "tap.h"

enum start { HOST_STRICT, HOST_LAX };

static const struct row {
	const char *key;
	const char *value;
	enum start
	    start; /* the host's policy: all enforced, or all audited with tier minimal off */
	const char *loosening;
	const char *want; /* part of the error; NULL = taken */
	uint32_t identity, syscalls, supervision, tier;
} rows[] = {
	{ "dev.osless.identity", "enforce", HOST_LAX, NULL, NULL, PLAN_MODE_ENFORCE,
	    PLAN_MODE_AUDIT, PLAN_MODE_AUDIT, POLICY_TIER_GVISOR },
	{ "dev.osless.syscalls", "enforce", HOST_LAX, NULL, NULL, PLAN_MODE_AUDIT,
	    PLAN_MODE_ENFORCE, PLAN_MODE_AUDIT, POLICY_TIER_GVISOR },
	{ "dev.osless.supervision", "audit", HOST_LAX, NULL, NULL, PLAN_MODE_AUDIT, PLAN_MODE_AUDIT,
	    PLAN_MODE_AUDIT, POLICY_TIER_GVISOR },
	{ "dev.osless.tier", "minimal", HOST_STRICT, NULL, NULL, PLAN_MODE_ENFORCE,
	    PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE, POLICY_TIER_MINIMAL },
	{ "dev.osless.identity", "off", HOST_STRICT, NULL,
	    "\"off\" is laxer than the host's "
	    "\"enforce\"",
	    0, 0, 0, 0 },
	{ "dev.osless.identity", "off", HOST_LAX, NULL, "is laxer", 0, 0, 0, 0 },
	{ "dev.osless.identity", "off", HOST_STRICT, "dev.osless.identity", NULL, PLAN_MODE_OFF,
	    PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE, POLICY_TIER_GVISOR },
	{ "dev.osless.identity", "off", HOST_STRICT, "dev.osless.syscalls", "is laxer", 0, 0, 0,
	    0 },
	{ "dev.osless.syscalls", "yes", HOST_STRICT, NULL, "use one of enforce, audit, off", 0, 0,
	    0, 0 },
	{ "dev.osless.tier", "", HOST_STRICT, NULL, "use one of gvisor, minimal", 0, 0, 0, 0 },
	{ "dev.osless.identiy", "off", HOST_STRICT, NULL, "did you mean dev.osless.identity", 0, 0,
	    0, 0 },
	{ "dev.osless.", "off", HOST_STRICT, NULL, "is not known", 0, 0, 0, 0 },
	{ "dev.osless.abc", "off", HOST_STRICT, NULL, "osless features", 0, 0, 0, 0 },
	{ "com.example", "x", HOST_STRICT, "dev.osless.tir",
	    "annotations.mayLoosen: \"dev.osless.tir\" is not known: did you mean dev.osless.tier?",
	    0, 0, 0, 0 },
	{ "com.example", "x", HOST_STRICT, "dev.osless.tree",
	    "annotations.mayLoosen: dev.osless.tree loosens nothing", 0, 0, 0, 0 },
	{ "dev.osless.something-else-entirely", "x", HOST_STRICT, NULL, "osless features", 0, 0, 0,
	    0 },
	{ "dev.oslessother", "x", HOST_STRICT, NULL, NULL, 0, 0, 0, 0 },
	{ "com.example", "x", HOST_STRICT, NULL, NULL, 0, 0, 0, 0 },
};

static void
test_row(const struct row *row)
{
	struct plan_pair annotation = { row->key, row->value };
	const char *loosening[] = { row->loosening };
	struct bench b;

	bench_start(&b);
	if (row->start == HOST_LAX)
		b.policy.identity_mode = b.policy.syscalls_mode = b.policy.supervision_mode =
		    PLAN_MODE_AUDIT;
	b.policy.loosening.items = loosening;
	b.policy.loosening.count = row->loosening != NULL;
	BENCH_ONE(&b.spec.annotations, &annotation);
	EQ_INT(bench_compile(&b), row->want ? -1 : 0, row->key);
	if (row->want) {
		HAS_STR(b.err.text, row->want, "why");
	} else {
		EQ_INT(b.plan.identity_mode, row->identity, "identity");
		EQ_INT(b.plan.syscalls_mode, row->syscalls, "syscalls");
		EQ_INT(b.plan.supervision_mode, row->supervision, "supervision");
		EQ_INT(b.plan.tier, row->tier, "tier");
		EQ_INT(b.plan.annotations.count, 1, "and it is passed on");
	}
	bench_end(&b);
}

static void
test_tier_may_not_grow(void)
{
	struct plan_pair annotation = { "dev.osless.tier", "gvisor" };
	struct bench b;

	bench_start(&b);
	b.policy.tier = POLICY_TIER_MINIMAL;
	BENCH_ONE(&b.spec.annotations, &annotation);
	EQ_INT(bench_compile(&b), -1, "a wider tier");
	HAS_STR(b.err.text, "is laxer than the host's \"minimal\"", "is refused");
	bench_end(&b);
}

/* Every key is known to the pass: what it says about a value is about the value. */
static void
test_known_keys(void)
{
	for (size_t i = 0; policy_annotation_key(i); i++) {
		struct plan_pair annotation = { policy_annotation_key(i), "x" };
		struct bench b;

		bench_start(&b);
		BENCH_ONE(&b.spec.annotations, &annotation);
		EQ_INT(bench_compile(&b), -1, annotation.key);
		HAS_STR(b.err.text, annotation.key, "is named");
		OK(!strstr(b.err.text, "osless features"), "as known");
		bench_end(&b);
	}
}

/* Takes the backslashes of \\- out. */
static void
plain_dashes(char *line)
{
	char *to = line;

	for (const char *from = line; *from; from++) {
		if (*from != '\\')
			*to++ = *from;
	}
	*to = '\0';
}

/* The page has the known keys, in their order, and no others: each stands on a line of its own
 * after .TP or .TQ. Unit tests run in the source directory. */
static void
test_page(void)
{
	static const char item[] = ".B dev.osless.";
	FILE *page = fopen("man/osless-annotations.7", "re");
	size_t keys = 0;
	int after_tag = 0;
	char line[256];

	OK(page, "man/osless-annotations.7 is there");
	while (page && fgets(line, sizeof(line), page)) {
		line[strcspn(line, "\n")] = '\0';
		plain_dashes(line);
		if (after_tag && strncmp(line, item, strlen(item)) == 0)
			EQ_STR(line + strlen(".B "), policy_annotation_key(keys++), "is known");
		after_tag = strcmp(line, ".TP") == 0 || strcmp(line, ".TQ") == 0;
	}
	EQ_STR(policy_annotation_key(keys), NULL, "the page has every key");
	if (page)
		(void)fclose(page); /* only read */
}

int
main(void)
{
	test_page();
	for (size_t i = 0; i < COUNT(rows); i++)
		test_row(&rows[i]);
	test_tier_may_not_grow();
	test_known_keys();
	DONE();
}
