/* Profiles that differ in anything have different bytes, equal ones the same: every field by hand,
 * and random pairs out of a small world, judged by a comparison of its own. */
#include "profile/canonical.h"

#include <errno.h>
#include <stdlib.h>

#include "tests/unit/tap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PAIRS 300000

static const struct canonical_maker here = {
	.version = "1.2",
	.commit = "abc",
	.kernel = "6.1",
	.libseccomp = { 2, 5, 4 },
	.arch = 0xc000003e,
};

struct bytes {
	void *data;
	size_t length;
};

static struct bytes
bytes_by(const struct bundle_seccomp *seccomp, const struct canonical_maker *maker)
{
	struct bytes bytes = { 0 };

	bytes.data = canonical_bytes(seccomp, maker, &bytes.length);
	if (!bytes.data)
		abort();
	return bytes;
}

static int
same_bytes(struct bytes a, struct bytes b)
{
	int same = a.length == b.length && memcmp(a.data, b.data, a.length) == 0;

	free(a.data);
	free(b.data);
	return same;
}

/* Whether one is the other's beginning. */
static int
begins(struct bytes a, struct bytes b)
{
	size_t shorter = a.length < b.length ? a.length : b.length;
	int result = memcmp(a.data, b.data, shorter) == 0;

	free(a.data);
	free(b.data);
	return result;
}

/* ------------------------------------------------------------------------------ every field */

static const char *const names[] = { "read", "write" };
static const struct bundle_arg args[] = { { 1, 2, 3, "SCMP_CMP_EQ" }, { 2, 2, 3, "SCMP_CMP_NE" } };
static const struct bundle_rule rules[] = {
	{ names, 1, "SCMP_ACT_ERRNO", 1, 5, args, 1 },
	{ names, 2, "SCMP_ACT_ALLOW", 0, 0, NULL, 0 },
};
static const struct bundle_seccomp plain = {
	.foreign = BUNDLE_FOREIGN_TOO,
	.default_action = "SCMP_ACT_ALLOW",
	.flags = names,
	.flags_count = 1,
	.architectures = names,
	.architectures_count = 1,
	.rules = rules,
	.rules_count = 1,
};

static void
differs(const struct bundle_seccomp *changed, const char *what)
{
	OK(!begins(bytes_by(changed, &here), bytes_by(&plain, &here)), what);
}

static void
differs_in_rule(struct bundle_rule rule, const char *what)
{
	struct bundle_seccomp changed = plain;

	changed.rules = &rule;
	differs(&changed, what);
}

static void
differs_in_arg(struct bundle_arg arg, const char *what)
{
	struct bundle_rule rule = rules[0];

	rule.args = &arg;
	differs_in_rule(rule, what);
}

/* expression changes the copy `it`. */
#define DIFFERS(check, type, from, expression) \
	do { \
		struct type it = from; \
		expression; \
		check(it, #expression); \
	} while (0)

static void
differs_in_profile(struct bundle_seccomp changed, const char *what)
{
	differs(&changed, what);
}

static void
check_profile_fields(void)
{
	static const char *const none[] = { NULL };

	DIFFERS(differs_in_profile, bundle_seccomp, plain, it.foreign = BUNDLE_FOREIGN_REFUSED);
	DIFFERS(differs_in_profile, bundle_seccomp, plain, it.default_action = "SCMP_ACT_LOG");
	DIFFERS(differs_in_profile, bundle_seccomp, plain, it.default_action = NULL);
	DIFFERS(differs_in_profile, bundle_seccomp, plain, it.default_action = "");
	DIFFERS(differs_in_profile, bundle_seccomp, plain, it.has_default_errno = 1);
	DIFFERS(differs_in_profile, bundle_seccomp, plain, it.default_errno = 1);
	DIFFERS(differs_in_profile, bundle_seccomp, plain, it.flags = names + 1);
	DIFFERS(differs_in_profile, bundle_seccomp, plain, it.flags = none);
	DIFFERS(differs_in_profile, bundle_seccomp, plain, it.flags_count = 2);
	DIFFERS(differs_in_profile, bundle_seccomp, plain, it.flags_count = 0);
	DIFFERS(differs_in_profile, bundle_seccomp, plain, it.architectures = names + 1);
	DIFFERS(differs_in_profile, bundle_seccomp, plain, it.architectures_count = 2);
	DIFFERS(differs_in_profile, bundle_seccomp, plain, it.architectures_count = 0);
	DIFFERS(differs_in_profile, bundle_seccomp, plain,
	    (it.flags_count = 2, it.architectures_count = 0));
	DIFFERS(differs_in_profile, bundle_seccomp, plain, it.rules = rules + 1);
	DIFFERS(differs_in_profile, bundle_seccomp, plain, it.rules_count = 2);
	DIFFERS(differs_in_profile, bundle_seccomp, plain, it.rules_count = 0);
	DIFFERS(differs_in_profile, bundle_seccomp, plain, it.listener_path = "");
}

static void
check_rule_fields(void)
{
	DIFFERS(differs_in_rule, bundle_rule, rules[0], it.names = names + 1);
	DIFFERS(differs_in_rule, bundle_rule, rules[0], it.names_count = 2);
	DIFFERS(differs_in_rule, bundle_rule, rules[0], it.names_count = 0);
	DIFFERS(differs_in_rule, bundle_rule, rules[0], it.action = "SCMP_ACT_LOG");
	DIFFERS(differs_in_rule, bundle_rule, rules[0], it.has_errno = 0);
	DIFFERS(differs_in_rule, bundle_rule, rules[0], it.errnum = 6);
	DIFFERS(differs_in_rule, bundle_rule, rules[0], it.args = args + 1);
	DIFFERS(differs_in_rule, bundle_rule, rules[0], it.args_count = 2);
	DIFFERS(differs_in_rule, bundle_rule, rules[0], it.args_count = 0);
	DIFFERS(differs_in_arg, bundle_arg, args[0], it.index = 0);
	DIFFERS(differs_in_arg, bundle_arg, args[0], it.value = UINT64_C(1) << 63);
	DIFFERS(differs_in_arg, bundle_arg, args[0], it.value_two = UINT64_C(1) << 32);
	DIFFERS(differs_in_arg, bundle_arg, args[0], it.op = "SCMP_CMP_E");
}

static void
differs_in_maker(struct canonical_maker maker, const char *what)
{
	OK(!begins(bytes_by(&plain, &maker), bytes_by(&plain, &here)), what);
}

static void
check_maker_fields(void)
{
	DIFFERS(differs_in_maker, canonical_maker, here, it.version = "1.3");
	DIFFERS(differs_in_maker, canonical_maker, here, (it.version = "1.2a", it.commit = "bc"));
	DIFFERS(differs_in_maker, canonical_maker, here, it.commit = "abd");
	DIFFERS(differs_in_maker, canonical_maker, here, it.kernel = "6.10");
	DIFFERS(differs_in_maker, canonical_maker, here, it.libseccomp[0] = 3);
	DIFFERS(differs_in_maker, canonical_maker, here, it.libseccomp[1] = 6);
	DIFFERS(differs_in_maker, canonical_maker, here, it.libseccomp[2] = 5);
	DIFFERS(differs_in_maker, canonical_maker, here, it.arch = 0xc00000b7);
}

/* What may be the same: where strings lie, and where the listener is. */
static void
check_same(void)
{
	char action[] = "SCMP_ACT_ALLOW", name[] = "read";
	const char *const copy[] = { name };
	struct bundle_seccomp other = plain;

	other.default_action = action;
	other.flags = copy;
	OK(same_bytes(bytes_by(&other, &here), bytes_by(&plain, &here)), "a copy");
	other.listener_path = "/run/a";
	struct bundle_seccomp another = other;

	another.listener_path = "/run/another";
	OK(same_bytes(bytes_by(&other, &here), bytes_by(&another, &here)), "the listener's path");
}

/* ----------------------------------------------------------------------------- random pairs */

#define MOST 2 /* entries of a list */

/* A profile with room for its parts. */
struct world {
	struct bundle_seccomp seccomp;
	struct bundle_rule rules[MOST];
	struct bundle_arg args[MOST][MOST];
	const char *names[MOST][MOST];
	const char *flags[MOST];
	const char *arches[MOST];
};

static uint64_t seed = 88172645463325252u;

static unsigned
below(unsigned limit)
{
	seed ^= seed << 13; /* xorshift64 */
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 33) % limit;
}

/* Mostly the first: pairs should often be equal, or nearly. */
static const char *
some_word(void)
{
	static const char *const words[] = { "a", "b", "ab", "", NULL };

	return words[below(4) ? 0 : below(COUNT(words))];
}

static unsigned
some_number(unsigned limit)
{
	return below(4) ? 0 : below(limit);
}

static void
fill_words(const char **words)
{
	for (size_t i = 0; i < MOST; i++)
		words[i] = some_word();
}

static void
fill_rule(struct world *w, size_t at)
{
	for (size_t i = 0; i < MOST; i++)
		w->args[at][i] = (struct bundle_arg) { some_number(2), some_number(2),
			some_number(2), some_word() };
	fill_words(w->names[at]);
	w->rules[at] = (struct bundle_rule) { w->names[at], some_number(MOST + 1), some_word(),
		(int)some_number(2), some_number(2), w->args[at], some_number(MOST + 1) };
}

static void
fill(struct world *w)
{
	for (size_t i = 0; i < MOST; i++)
		fill_rule(w, i);
	fill_words(w->flags);
	fill_words(w->arches);
	w->seccomp = (struct bundle_seccomp) {
		.foreign = some_number(2) ? BUNDLE_FOREIGN_REFUSED : BUNDLE_FOREIGN_TOO,
		.default_action = some_word(),
		.has_default_errno = (int)some_number(2),
		.default_errno = some_number(2),
		.flags = w->flags,
		.flags_count = some_number(MOST + 1),
		.architectures = w->arches,
		.architectures_count = some_number(MOST + 1),
		.rules = w->rules,
		.rules_count = some_number(MOST + 1),
		.listener_path = some_word(),
	};
}

static int
same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static int
same_words(const char *const *a, size_t a_count, const char *const *b, size_t b_count)
{
	if (a_count != b_count)
		return 0;
	for (size_t i = 0; i < a_count; i++)
		if (!same_text(a[i], b[i]))
			return 0;
	return 1;
}

static int
same_rule(const struct bundle_rule *a, const struct bundle_rule *b)
{
	if (!same_words(a->names, a->names_count, b->names, b->names_count) ||
	    !same_text(a->action, b->action) || a->has_errno != b->has_errno ||
	    a->errnum != b->errnum || a->args_count != b->args_count)
		return 0;
	for (size_t i = 0; i < a->args_count; i++)
		if (a->args[i].index != b->args[i].index || a->args[i].value != b->args[i].value ||
		    a->args[i].value_two != b->args[i].value_two ||
		    !same_text(a->args[i].op, b->args[i].op))
			return 0;
	return 1;
}

static int
same_profile(const struct bundle_seccomp *a, const struct bundle_seccomp *b)
{
	if (a->foreign != b->foreign || !same_text(a->default_action, b->default_action) ||
	    a->has_default_errno != b->has_default_errno || a->default_errno != b->default_errno ||
	    !same_words(a->flags, a->flags_count, b->flags, b->flags_count) ||
	    !same_words(a->architectures, a->architectures_count, b->architectures,
		b->architectures_count) ||
	    !a->listener_path != !b->listener_path || a->rules_count != b->rules_count)
		return 0;
	for (size_t i = 0; i < a->rules_count; i++)
		if (!same_rule(&a->rules[i], &b->rules[i]))
			return 0;
	return 1;
}

static void
check_random(void)
{
	unsigned wrong = 0, equal = 0;

	for (unsigned i = 0; i < PAIRS; i++) {
		struct world a, b;
		int same;

		fill(&a);
		fill(&b);
		same = same_profile(&a.seccomp, &b.seccomp);
		equal += same ? 1 : 0;
		if (begins(bytes_by(&a.seccomp, &here), bytes_by(&b.seccomp, &here)) != same)
			wrong++;
	}
	printf("# %u of %u pairs are equal\n", equal, (unsigned)PAIRS);
	OK(equal > PAIRS / 1000 && equal < PAIRS / 2, "pairs of both kinds");
	EQ_INT(wrong, 0, "bytes are the same where the profiles are");
}

static void
check_size(void)
{
	struct bundle_seccomp large = plain;
	char *word = malloc(CANONICAL_MAX + 1);
	size_t length;

	if (!word)
		abort();
	memset(word, 'a', CANONICAL_MAX);
	word[CANONICAL_MAX] = '\0';
	large.default_action = word;
	errno = 0;
	OK(!canonical_bytes(&large, &here, &length), "too large");
	EQ_INT(errno, EFBIG, "and says so");
	free(word);
}

int
main(void)
{
	check_same();
	check_profile_fields();
	check_rule_fields();
	check_maker_fields();
	check_random();
	check_size();
	DONE();
}
