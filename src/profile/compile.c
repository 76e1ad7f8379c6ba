#include "profile/compile.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "plan/answer.h"
#include "profile/assemble.h"
#include "profile/tree.h"

#define BLOCKS_MAX 64

static const uint32_t audit_arches[PROFILE_ARCHES] = {
	[PROFILE_X86_64] = AUDIT_ARCH_X86_64,
	[PROFILE_AARCH64] = AUDIT_ARCH_AARCH64,
};

/* One filter in the making. */
struct compiler {
	const struct compile_variant *variant;
	struct assembler assembler;
	struct {
		const struct profile_look *look;
		struct target target;
	} blocks[BLOCKS_MAX]; /* rules written so far: calls share them */
	unsigned blocks_count;
	struct error *err;
	int failed;
};

/* Ranges that cover all 32-bit numbers, and what each leads to. A range's answer is the index of
 * the first outcome like its own, so that trees compare answers as numbers. */
struct map {
	const struct compile_variant *variant;
	struct tree_range ranges[TREE_RANGES_MAX];
	struct profile_outcome outcomes[TREE_RANGES_MAX]; /* by range */
	size_t count;
};

static const struct profile_outcome accepted = { .verdict = PROFILE_ACCEPT };
static const struct profile_outcome unknown = { .verdict = PROFILE_REFUSE, .errnum = ENOSYS };

/* What the filter returns for an outcome that is no look (plan/answer.h). A pretence, errno 0, is
 * no event but in audit. */
static uint32_t
answer_value(const struct compile_variant *variant, struct profile_outcome outcome)
{
	uint32_t errnum = (uint32_t)outcome.errnum & ANSWER_ERRNO;
	int quiet = outcome.verdict == PROFILE_REFUSE_QUIET;

	if (outcome.verdict == PROFILE_ACCEPT || (quiet && variant->mode == PROFILE_AUDIT))
		return SECCOMP_RET_ALLOW;
	if (variant->mode == PROFILE_AUDIT || (errnum == 0 && variant->ids == PROFILE_TOLD_IDS))
		return ANSWER_ASK | ANSWER_WOULD | errnum;
	return (quiet || errnum == 0 ? SECCOMP_RET_ERRNO : ANSWER_ASK) | errnum;
}

/* By what the filter answers. */
static int
same_outcome(
    const struct compile_variant *variant, struct profile_outcome a, struct profile_outcome b)
{
	if (a.verdict == PROFILE_LOOK || b.verdict == PROFILE_LOOK)
		return a.verdict == b.verdict && a.next == b.next;
	return answer_value(variant, a) == answer_value(variant, b);
}

/* Root that is told that it has left uid 0, and finds that it has not, may try for ever:
 * entrypoints start themselves again by gosu. Whose a file is, nobody asks. */
static int
is_pretended(const struct compile_variant *variant, const struct profile_call *call)
{
	if (variant->ids == PROFILE_ROOT_IDS)
		return strstr(call->name, "chown") != NULL;
	return variant->ids != PROFILE_REAL_IDS; /* PROFILE_TOLD_IDS: see answer_value */
}

/* Pretending is a refusal with errno 0: the caller sees success. */
static struct profile_outcome
outcome_of_call(const struct compile_variant *variant, const struct profile_call *call)
{
	if (variant->tier == PROFILE_MINIMAL && call->minimal == PROFILE_TAKE)
		return unknown;
	switch (call->class) {
	case PROFILE_ALLOW:
		return accepted;
	case PROFILE_ALLOW_IF:
		return (struct profile_outcome) { .verdict = PROFILE_LOOK, .next = call->rule };
	case PROFILE_PRETEND:
		if (!is_pretended(variant, call))
			return accepted;
		return (struct profile_outcome) { .verdict = PROFILE_REFUSE };
	case PROFILE_DENY:
		return (struct profile_outcome) { PROFILE_REFUSE, .errnum = call->errnum };
	case PROFILE_DENY_QUIET:
		break;
	}
	return (struct profile_outcome) { PROFILE_REFUSE_QUIET, .errnum = call->errnum };
}

/* Appends a range; one that leads where its neighbour does melts into it. */
static int
map_add(struct map *map, uint32_t low, struct profile_outcome outcome)
{
	unsigned answer = (unsigned)map->count;

	if (map->count && same_outcome(map->variant, map->outcomes[map->count - 1], outcome))
		return 0;
	if (map->count == TREE_RANGES_MAX)
		return -1;
	for (unsigned i = 0; i < map->count; i++)
		if (same_outcome(map->variant, map->outcomes[i], outcome)) {
			answer = i;
			break;
		}
	map->ranges[map->count] = (struct tree_range) { low, answer };
	map->outcomes[map->count++] = outcome;
	return 0;
}

/* Cases ascend; what lies between them, before and after, is otherwise. */
static int
map_cases(struct map *map, const struct profile_case *cases, size_t count,
    struct profile_outcome otherwise)
{
	uint64_t next = 0;

	for (size_t i = 0; i < count; i++) {
		if (cases[i].low < next || cases[i].high < cases[i].low)
			return -1;
		if (cases[i].low > next && map_add(map, (uint32_t)next, otherwise) < 0)
			return -1;
		if (map_add(map, cases[i].low, cases[i].outcome) < 0)
			return -1;
		next = (uint64_t)cases[i].high + 1;
	}
	return next <= UINT32_MAX ? map_add(map, (uint32_t)next, otherwise) : 0;
}

static struct target write_look(struct compiler *compiler, const struct profile_look *look);

static struct target
write_outcome(struct compiler *compiler, struct profile_outcome outcome)
{
	if (outcome.verdict == PROFILE_LOOK)
		return write_look(compiler, outcome.next);
	return assemble_answer(answer_value(compiler->variant, outcome));
}

static struct target
write_ranges(struct compiler *compiler, const struct map *map, const struct tree *tree,
    unsigned first, unsigned last)
{
	struct tree_choice choice;
	struct target yes, no;

	if (first == last)
		return write_outcome(compiler, map->outcomes[first]);
	choice = tree_choose(tree, first, last);
	if (choice.cut == TREE_SPLIT) {
		yes = write_ranges(compiler, map, tree, choice.at, last);
		no = write_ranges(compiler, map, tree, first, choice.at - 1);
		return assemble_branch(
		    &compiler->assembler, BPF_JGE, map->ranges[choice.at].low, yes, no);
	}
	if (choice.cut == TREE_PEEL_FIRST) {
		yes = write_outcome(compiler, map->outcomes[first + 1]);
		no = write_ranges(compiler, map, tree, first + 2, last);
		return assemble_branch(
		    &compiler->assembler, BPF_JEQ, map->ranges[first + 1].low, yes, no);
	}
	yes = write_outcome(compiler, map->outcomes[last - 1]);
	no = write_ranges(compiler, map, tree, first, last - 2);
	return assemble_branch(&compiler->assembler, BPF_JEQ, map->ranges[last - 1].low, yes, no);
}

static struct target
fail(struct compiler *compiler, const char *text)
{
	if (!compiler->failed)
		(void)error_set(compiler->err, "%s", text); /* the caller returns -1 */
	compiler->failed = 1;
	return assemble_answer(SECCOMP_RET_KILL_PROCESS);
}

/* The tree over a map's numbers; the number is in the accumulator when it runs. */
static struct target
write_map(struct compiler *compiler, const struct map *map)
{
	struct tree *tree = tree_plan(map->ranges, map->count);
	struct target root;

	if (!tree)
		return fail(compiler, "plan the decision tree: out of memory");
	root = write_ranges(compiler, map, tree, 0, (unsigned)map->count - 1);
	tree_free(tree);
	return root;
}

static struct sock_filter
load_word(size_t offset)
{
	return (struct sock_filter) { .code = BPF_LD | BPF_W | BPF_ABS, .k = (uint32_t)offset };
}

/* Offset in struct seccomp_data; both architectures are little-endian. */
static size_t
word_offset(const struct profile_look *look)
{
	return offsetof(struct seccomp_data, args) + look->arg * sizeof(uint64_t) +
	       (look->word == PROFILE_HIGH_WORD ? sizeof(uint32_t) : 0);
}

static struct target
write_new_look(struct compiler *compiler, const struct profile_look *look)
{
	struct assembler *assembler = &compiler->assembler;
	struct map *map = calloc(1, sizeof(*map));
	struct target entry;

	if (!map)
		return fail(compiler, "compile a rule: out of memory");
	map->variant = compiler->variant;
	if (map_cases(map, look->cases, look->count, look->otherwise) < 0) {
		free(map);
		return fail(compiler, "a rule's cases overlap, do not ascend, or are too many");
	}
	entry = write_map(compiler, map);
	free(map);
	if (look->mask != UINT32_MAX)
		entry = assemble_then(assembler,
		    (struct sock_filter) { .code = BPF_ALU | BPF_AND | BPF_K, .k = look->mask },
		    entry);
	return assemble_then(assembler, load_word(word_offset(look)), entry);
}

static struct target
write_look(struct compiler *compiler, const struct profile_look *look)
{
	unsigned count = compiler->blocks_count;
	struct target entry;

	for (unsigned i = 0; i < count; i++)
		if (compiler->blocks[i].look == look)
			return compiler->blocks[i].target;
	entry = write_new_look(compiler, look);
	count = compiler->blocks_count; /* looks lead to looks */
	if (count == BLOCKS_MAX)
		return fail(compiler, "more argument rules than the compiler has room for");
	compiler->blocks[count].look = look;
	compiler->blocks[count].target = entry;
	compiler->blocks_count++;
	return entry;
}

static int
compare_cases(const void *a, const void *b)
{
	const struct profile_case *x = a, *y = b;

	return (x->low > y->low) - (x->low < y->low);
}

/* The table's numbers as cases, so that calls and arguments compile by the same code. */
static int
map_calls(
    struct compiler *compiler, const struct profile_call *calls, size_t count, struct map *map)
{
	struct profile_case *cases = calloc(count + 1, sizeof(*cases));
	size_t used = 0;
	int result;

	if (!cases)
		return error_set(compiler->err, "sort the table: out of memory");
	for (size_t i = 0; i < count; i++) {
		int number = calls[i].number[compiler->variant->arch];

		if (number == PROFILE_NO_NUMBER)
			continue;
		cases[used].low = cases[used].high = (uint32_t)number;
		cases[used++].outcome = outcome_of_call(compiler->variant, &calls[i]);
	}
	qsort(cases, used, sizeof(*cases), compare_cases);
	result = map_cases(map, cases, used, unknown);
	free(cases);
	if (result < 0)
		return error_set(
		    compiler->err, "two calls share a number, or the table is too long");
	return 0;
}

/* Written backwards: the tree, the number's load, the check of the architecture. */
static void
write_filter(struct compiler *compiler, const struct map *map)
{
	struct assembler *assembler = &compiler->assembler;
	struct target foreign = assemble_answer(answer_value(compiler->variant, unknown));
	struct target entry = write_map(compiler, map);

	entry = assemble_then(assembler, load_word(offsetof(struct seccomp_data, nr)), entry);
	entry = assemble_branch(
	    assembler, BPF_JEQ, audit_arches[compiler->variant->arch], entry, foreign);
	(void)assemble_then(
	    assembler, load_word(offsetof(struct seccomp_data, arch)), entry); /* the first */
}

static int
hand_over(const struct compiler *compiler, struct compile_out *out, struct error *err)
{
	const struct assembler *assembler = &compiler->assembler;
	unsigned length = ASSEMBLE_MAX - assembler->start;

	if (compiler->failed)
		return -1;
	if (assembler->overflow)
		return error_set(err, "the filter is longer than %d instructions", ASSEMBLE_MAX);
	out->code = malloc(length * sizeof(*out->code));
	if (!out->code)
		return error_set(err, "hand the filter over: out of memory");
	memcpy(out->code, assembler->code + assembler->start, length * sizeof(*out->code));
	out->length = (unsigned short)length;
	return 0;
}

int
compile_table(const struct profile_call *calls, size_t count, const struct compile_variant *variant,
    struct compile_out *out, struct error *err)
{
	struct compiler *compiler = calloc(1, sizeof(*compiler));
	struct map *map = calloc(1, sizeof(*map));
	int result = -1;

	*out = (struct compile_out) { 0 };
	if (!compiler || !map) {
		(void)error_set(err, "compile the table: out of memory");
	} else {
		compiler->variant = map->variant = variant;
		compiler->err = err;
		assemble_begin(&compiler->assembler);
		result = map_calls(compiler, calls, count, map);
		if (result == 0) {
			write_filter(compiler, map);
			result = hand_over(compiler, out, err);
		}
	}
	free(compiler);
	free(map);
	return result;
}
