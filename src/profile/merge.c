/* Every return of the bundle's filter becomes a jump to a copy of one of ours whose returns are
 * changed as the bundle's answer wants it; a jump takes a return's place, so nothing moves. */
#include "profile/merge.h"

#include "base/bpf.h"
#include "plan/answer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#define COPIES_MAX 16
#define RETURN (BPF_RET | BPF_K)

/* What the bundle's filter answers, and where it goes on for that. */
struct copy {
	uint32_t answer;
	const struct profile_filter *of;
	size_t at; /* index of its first instruction */
};

struct merger {
	const struct profile_filter *builtin;
	const struct bundle_filter *bundle;
	struct copy copies[COPIES_MAX];
	size_t count;
	size_t length;
	struct sock_filter *code;
};

static uint32_t
action_of(uint32_t answer)
{
	return answer & SECCOMP_RET_ACTION_FULL;
}

/* Killing and trapping are stricter than anything of ours; errno 0 is the bundle's own pretence,
 * and nothing to tell. */
static int
is_final(uint32_t answer)
{
	uint32_t action = action_of(answer);

	return answer == SECCOMP_RET_ERRNO || action == SECCOMP_RET_KILL_PROCESS ||
	       action == SECCOMP_RET_KILL_THREAD || action == SECCOMP_RET_TRAP;
}

static const struct profile_filter *
goes_on_in(const struct merger *m, uint32_t answer)
{
	switch (action_of(answer)) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_TRACE:
		return m->builtin;
	case SECCOMP_RET_ERRNO:
		return profile_quiet();
	default: /* SECCOMP_RET_USER_NOTIF: it has a listener of its own */
		return NULL;
	}
}

static struct copy *
find_copy(struct merger *m, uint32_t answer)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->copies[i].answer == answer)
			return &m->copies[i];
	return NULL;
}

/* Gives every answer of the bundle's its place. Returns NULL, or why there is none. */
static const char *
place_copies(struct merger *m)
{
	m->length = m->bundle->length;
	for (size_t i = 0; i < m->bundle->length; i++) {
		uint32_t answer = m->bundle->code[i].k;
		const struct profile_filter *of;

		if (m->bundle->code[i].code != RETURN || is_final(answer) || find_copy(m, answer))
			continue;
		of = goes_on_in(m, answer);
		if (!of)
			return "the profile leaves calls to a listener";
		if (m->count == COPIES_MAX)
			return "the profile has too many different answers";
		m->copies[m->count++] = (struct copy) { answer, of, m->length };
		m->length += of->length;
	}
	return m->length > BPF_MAXINSNS ? "the two are too long for one filter" : NULL;
}

/* Tracing is less strict than a refusal of ours, but not than executing it. */
static int
goes_before(uint32_t bundles, uint32_t ours)
{
	return action_of(ours) == SECCOMP_RET_ALLOW ||
	       (action_of(bundles) == SECCOMP_RET_TRACE && answer_plain(ours) == SECCOMP_RET_LOG);
}

/* What a copy returns in place of one of ours. */
static uint32_t
changed(const struct copy *copy, uint32_t ours)
{
	if (copy->of != profile_quiet())
		return goes_before(copy->answer, ours) ? copy->answer : ours;
	if (action_of(ours) == SECCOMP_RET_ERRNO)
		return copy->answer;
	return ANSWER_ASK | ANSWER_BUNDLE | (copy->answer & ANSWER_ERRNO);
}

static void
write_bundle(struct merger *m)
{
	memcpy(m->code, m->bundle->code, m->bundle->length * sizeof(*m->code));
	for (size_t i = 0; i < m->bundle->length; i++) {
		const struct copy *copy;

		if (m->code[i].code != RETURN)
			continue;
		copy = find_copy(m, m->code[i].k);
		if (copy)
			m->code[i] = (struct sock_filter)BPF_STMT(
			    BPF_JMP | BPF_JA, (uint32_t)(copy->at - i - 1));
	}
}

static void
write_copy(struct merger *m, const struct copy *copy)
{
	struct sock_filter *code = m->code + copy->at;

	memcpy(code, copy->of->code, copy->of->length * sizeof(*code));
	for (size_t i = 0; i < copy->of->length; i++)
		if (code[i].code == RETURN)
			code[i].k = changed(copy, code[i].k);
}

/* Between the listener's birth and its holder's first look nobody answers: what is called in that
 * time must not ask. That is to hand it over, to execute the program, and where that fails to end.
 */
static int
can_be_launched(const struct merger *m)
{
	static const int calls[] = { SYS_sendmsg, SYS_execve, SYS_exit, SYS_exit_group };

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		uint32_t answer;

		if (!bpf_constant(m->code, BPF_NATIVE, calls[i], &answer) ||
		    (action_of(answer) != SECCOMP_RET_ALLOW &&
			action_of(answer) != SECCOMP_RET_LOG))
			return 0;
	}
	return 1;
}

static const char *
write_all(struct merger *m)
{
	write_bundle(m);
	for (size_t i = 0; i < m->count; i++)
		write_copy(m, &m->copies[i]);
	return can_be_launched(m) ? NULL : "the profile may refuse sendmsg, execve or exit";
}

int
merge_filters(const struct profile_filter *builtin, const struct bundle_filter *bundle,
    struct merged_filter *out, struct error *err)
{
	struct merger merger = { .builtin = builtin, .bundle = bundle };

	*out = (struct merged_filter) { .why_not = "the profile's filter is no plain one" };
	if (!bpf_is_plain(bundle->code, bundle->length))
		return 0;
	out->why_not = place_copies(&merger);
	if (out->why_not)
		return 0;
	merger.code = calloc(merger.length, sizeof(*merger.code));
	if (!merger.code)
		return error_sys(err, "merge the system-call filters");
	out->why_not = write_all(&merger);
	if (out->why_not) {
		free(merger.code);
		return 0;
	}
	out->code = merger.code;
	out->length = (unsigned short)merger.length;
	return 0;
}
