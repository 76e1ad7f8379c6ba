/* Refused system calls: what, to whom, how often, why; and why it may be that none are told. */
#include "container/explain_denials.h"

#include "base/arena.h"
#include "container/denial_words.h"
#include "container/moment.h"
#include "container/plain.h"

#include <inttypes.h>
#include <stdlib.h>

#define SHOWN_MAX 12
#define SHORTLY_NS INT64_C(2000000000)

/* ------------------------------------------------------------------------------- the lists */

struct listing {
	const struct explain_facts *facts;
	struct arena *arena;
	struct explain_denials *denials;
};

/* Of one time, in the order of their first. */
static int
compare_last(const void *a, const void *b)
{
	const struct journal_denial *x = a, *y = b;

	if (x->last_wall_ns != y->last_wall_ns)
		return x->last_wall_ns > y->last_wall_ns ? 1 : -1;
	return (x->first_wall_ns > y->first_wall_ns) - (x->first_wall_ns < y->first_wall_ns);
}

/* A copy, by when they were last; NULL: memory is exhausted. */
static const struct journal_denial *
sort(const struct explain_facts *facts, struct arena *arena)
{
	size_t count = facts->denial_count;
	struct journal_denial *sorted = arena_array(arena, count + 1, sizeof(*sorted));

	for (size_t i = 0; sorted && i < count; i++)
		sorted[i] = facts->denials[i];
	if (sorted)
		qsort(sorted, count, sizeof(*sorted), compare_last);
	return sorted;
}

static int
is_would(const struct journal_denial *denial)
{
	return (denial->flags & JOURNAL_DENIAL_WOULD) != 0;
}

static enum explain_denied
list_of(const struct journal_denial *denial)
{
	if (!is_would(denial))
		return EXPLAIN_REFUSED;
	return denial->errnum ? EXPLAIN_WOULD_REFUSE : EXPLAIN_WOULD_PRETEND;
}

/* "/bin/busybox (sh, pid 7)" */
static const char *
say_who(const struct listing *l, const struct journal_denial *denial)
{
	const char *program = denial_program(denial, l->arena);
	const char *comm = plain_process(l->arena, denial->comm);

	if (denial->pid > 0)
		return arena_printf(
		    l->arena, "%s (%s, pid %" PRId32 ")", program, comm, denial->pid);
	return arena_printf(l->arena, "%s (%s)", program, comm);
}

static const char *
say_count(const struct listing *l, const struct journal_denial *denial)
{
	char first[MOMENT_MAX];

	if (denial->count <= 1)
		return "";
	return arena_printf(l->arena, "; %" PRIu64 " times since %s", denial->count,
	    moment_plain(denial->first_wall_ns, first));
}

static void
list_one(const struct listing *l, const struct journal_denial *denial)
{
	const char *who = say_who(l, denial);
	const char *call = denial_call(denial, l->arena);
	const char *arguments = denial_arguments(denial, l->arena);
	const char *answer = denial_errno(denial, l->arena);
	const char *count = say_count(l, denial);
	const char *reason = denial_reason(denial, l->facts->plan, l->arena);
	char last[MOMENT_MAX];

	if (who && call && arguments && answer && count && reason)
		explain_add(&l->denials->lists[list_of(denial)], l->arena,
		    "%s  %s: %s(%s) = %s%s: %s", moment_plain(denial->last_wall_ns, last), who,
		    call, arguments, answer, count, reason);
}

/* Of each list the newest SHOWN_MAX. Returns how many are left out. */
static size_t
list_all(const struct listing *l, const struct journal_denial *sorted)
{
	size_t left[EXPLAIN_DENIED_LISTS] = { 0 }, cut = 0;

	for (size_t i = 0; i < l->facts->denial_count; i++)
		left[list_of(&sorted[i])]++;
	for (size_t i = 0; i < l->facts->denial_count; i++)
		if (left[list_of(&sorted[i])]-- > SHOWN_MAX)
			cut++;
		else
			list_one(l, &sorted[i]);
	return cut;
}

/* --------------------------------------------------------------------------------- the notes */

int
explain_denials_are_told(const struct explain_facts *facts)
{
	return facts->plan->denials == PLAN_DENIALS_INIT && facts->head &&
	       facts->head->listening == JOURNAL_LISTENING;
}

static const char *
untold_by_plan(const struct explain_facts *facts)
{
	if (facts->plan->syscalls_mode == PLAN_MODE_OFF)
		return "not told: osless refuses no system calls here (modes.syscalls is off in "
		       "the host's policy, or dev.osless.syscalls)";
	if (facts->plan->supervision_mode == PLAN_MODE_OFF)
		return "not told: supervision is off, so there is no init to tell; refused calls "
		       "just fail, and with syscalls at audit the kernel's log has them";
	return "not told: refused calls just fail";
}

static void
note_untold(const struct listing *l)
{
	const struct explain_facts *facts = l->facts;
	struct explain_lines *notes = &l->denials->notes;

	if (facts->plan->denials == PLAN_DENIALS_UNTOLD)
		explain_add(notes, l->arena, "%s", untold_by_plan(facts));
	else if (facts->plan->denials == PLAN_DENIALS_AGENT)
		explain_add(notes, l->arena,
		    "not told: the bundle's agent has the listener, of which there can be one "
		    "(linux.seccomp.listenerPath, %s); what osless refuses just fails",
		    plain_process(l->arena, facts->plan->listener_path));
	else if (facts->head && facts->head->listening == JOURNAL_LISTENER_ABOVE)
		explain_add(notes, l->arena,
		    "not told: whoever started osless listens to system calls already, and the "
		    "kernel allows one listener; refused calls just fail");
	else if (facts->head && facts->head->listening == JOURNAL_LISTENER_LOST)
		explain_add(notes, l->arena,
		    "not told: the kernel's listener could not be had, or not be handed to init");
	else if (facts->head && facts->head->started_wall_ns)
		explain_add(notes, l->arena, "not told yet: init has no listener");
}

/* What is refused all the same without being in the lists. */
static void
note_missing(const struct listing *l, size_t cut)
{
	const struct journal_head *head = l->facts->head;
	struct explain_lines *notes = &l->denials->notes;

	if (cut)
		explain_add(notes, l->arena,
		    "%zu more, older than these: osless explain --format json %s", cut,
		    l->facts->id);
	if (head && head->counters[JOURNAL_COUNT_UNLISTED])
		explain_add(notes, l->arena,
		    "%" PRIu64 " calls of further kinds, for which the journal has no room (it "
		    "has %d)",
		    head->counters[JOURNAL_COUNT_UNLISTED], JOURNAL_DENIALS);
	if (l->facts->torn_denials)
		explain_add(notes, l->arena, "%zu that init could not write down to the end",
		    l->facts->torn_denials);
}

static void
note_told(const struct listing *l)
{
	const struct explain_denials *denials = l->denials;
	struct explain_lines *notes = &l->denials->notes;

	if (!l->facts->denial_count)
		explain_add(notes, l->arena,
		    "none, apart from what libraries probe routinely, which is not told");
	if (denials->lists[EXPLAIN_WOULD_REFUSE].count ||
	    denials->lists[EXPLAIN_WOULD_PRETEND].count)
		explain_add(notes, l->arena,
		    "audit: what would be refused or pretended was executed; enforced, it is "
		    "answered as shown");
	if (l->facts->plan->filters[PLAN_FILTER_BUNDLE].code.count)
		explain_add(notes, l->arena,
		    "what the bundle's own profile refuses is not told: here it is a filter of "
		    "its own (osless plan says why)");
}

int
explain_denials_tell(
    const struct explain_facts *facts, struct arena *arena, struct explain_denials *denials)
{
	const struct listing l = { facts, arena, denials };
	const struct journal_denial *sorted = sort(facts, arena);
	size_t cut;

	if (!sorted || explain_begin(&denials->notes, arena) < 0)
		return -1;
	for (int i = 0; i < EXPLAIN_DENIED_LISTS; i++)
		if (explain_begin(&denials->lists[i], arena) < 0)
			return -1;
	cut = list_all(&l, sorted);
	note_missing(&l, cut);
	if (explain_denials_are_told(facts))
		note_told(&l);
	else
		note_untold(&l);
	return 0;
}

/* ------------------------------------------------------------------------- cures, and reasons */

static int
is_cured(const char *const *cures, size_t count, const char *cure)
{
	while (count)
		if (cures[--count] == cure)
			return 1;
	return 0;
}

static int
tier_refuses(const struct explain_facts *facts)
{
	const uint32_t others = JOURNAL_DENIAL_WOULD | JOURNAL_DENIAL_BUNDLE;

	for (size_t i = 0; i < facts->denial_count; i++)
		if (!(facts->denials[i].flags & others))
			return 1;
	return 0;
}

void
explain_denials_cures(
    const struct explain_facts *facts, struct arena *arena, struct explain_lines *todo)
{
	const struct journal_denial *sorted = sort(facts, arena);
	const char *cures[SHOWN_MAX];
	size_t count = 0;

	for (size_t i = facts->denial_count; sorted && i-- > 0 && count < SHOWN_MAX;) {
		const char *cure = denial_cure(&sorted[i], facts->plan);
		const char *call = denial_call(&sorted[i], arena);

		if (!cure || !call || is_cured(cures, count, cure))
			continue;
		cures[count++] = cure;
		explain_add(todo, arena, "if %s is needed: %s", call, cure);
	}
	if (tier_refuses(facts))
		explain_add(todo, arena,
		    "to try it with nothing refused and all recorded: modes.syscalls at audit in "
		    "the host's policy, or dev.osless.syscalls where that lists it under "
		    "annotations.mayLoosen");
}

/* Whether it was a process of this worker, this one or an earlier one. */
static int
is_of_child(const struct explain_facts *facts, uint32_t child, int32_t pid)
{
	for (size_t i = 0; pid > 0 && i < facts->event_count; i++) {
		const struct journal_event *event = &facts->events[i];

		if (event->kind == JOURNAL_EXITED && event->child == child && event->pid == pid)
			return 1;
	}
	return 0;
}

static int
is_shortly_before(int64_t this_ns, int64_t that_ns)
{
	return this_ns >= 0 && this_ns <= that_ns && that_ns - this_ns <= SHORTLY_NS;
}

const struct journal_denial *
explain_denials_before(const struct explain_facts *facts, const struct journal_event *exited)
{
	const struct journal_denial *found = NULL;

	for (size_t i = 0; exited->status != 0 && i < facts->denial_count; i++) {
		const struct journal_denial *denial = &facts->denials[i];
		int last = is_shortly_before(denial->last_wall_ns, exited->wall_ns);
		int first = denial->pid == exited->pid &&
			    is_shortly_before(denial->first_wall_ns, exited->wall_ns);

		if (!is_would(denial) && (first || last) &&
		    is_of_child(facts, exited->child, denial->pid) &&
		    (!found || found->last_wall_ns <= denial->last_wall_ns))
			found = denial;
	}
	return found;
}
