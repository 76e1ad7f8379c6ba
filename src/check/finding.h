/* What a check finds, in one list: what reading the files tells now, what a run tells later. The
 * same thing found twice is one finding, which then names both sources. Pure. */
#ifndef OSLESS_CHECK_FINDING_H
#define OSLESS_CHECK_FINDING_H

#include <stddef.h>
#include <stdint.h>

struct arena;

/* From harmless to fatal: the worst decides the verdict. */
enum finding_severity {
	FINDING_NOTE,    /* good to know; by itself no reason to change anything */
	FINDING_UNSEEN,  /* could not be looked at, so nothing can be said about it */
	FINDING_REFUSED, /* will be refused, and the program probably needs it */
	FINDING_FATAL,   /* cannot start */
	FINDING_SEVERITIES,
};

enum finding_kind {
	FINDING_NO_PROGRAM,
	FINDING_NOT_EXECUTABLE,
	FINDING_NO_FORMAT, /* neither ELF nor #! */
	FINDING_DAMAGED,
	FINDING_WRONG_MACHINE,
	FINDING_NO_INTERPRETER, /* of an ELF file, or behind #! */
	FINDING_NO_LIBRARY,
	FINDING_TOO_DEEP, /* #! after #! */
	FINDING_UNREAD,
	FINDING_TOOL,       /* a program whose purpose osless refuses, known by its name */
	FINDING_BACKGROUND, /* a server that leaves its parent unless told not to */
	FINDING_PSEUDO_TTY,
	FINDING_JOB_CONTROL,
	FINDING_DAEMON, /* daemon(3) */
	FINDING_REFUSED_CALL,
	FINDING_LIBRARY_CALL, /* the same, by a library that may never be asked to */
	FINDING_PRETENDED_CALL,
	FINDING_CONTAINED_CALL, /* a number beside a system-call instruction */
	FINDING_SET_ID,
	FINDING_OWNER,  /* data of another user */
	FINDING_POLICY, /* what policy makes of config.json */
	FINDING_RULE,   /* a rule of supervision that was broken in the trial */
	FINDING_TRIAL,  /* how the trial went */
	FINDING_KINDS,
};

/* Bits: who saw it. */
enum finding_source { FINDING_STATIC = 1, FINDING_TRACE = 2 };

/* Kind, path and what tell two findings apart. */
struct finding {
	enum finding_kind kind;
	enum finding_severity severity;
	unsigned sources;   /* enum finding_source; 0 stands for FINDING_STATIC */
	const char *path;   /* in the rootfs, or a place in config.json */
	const char *by;     /* what leads there; NULL: it is where all starts */
	const char *what;   /* the library, the call ...; NULL = the path says it all */
	const char *reason; /* one sentence without full stop; NULL: the kind's own */
	const char *cure;   /* likewise; NULL: the kind's own, which may be none */
	uint64_t count;     /* how often; 0 stands for 1 */
};

#define FINDINGS_MAX 4096

struct findings {
	struct arena *arena;
	struct finding *items;
	size_t count;
	size_t capacity;
	unsigned left_out; /* more than FINDINGS_MAX */
};

/* Adds the finding, or adds to the one that says the same: sources join, counts add up, the worse
 * severity stays. Strings are copied. -1 when memory is exhausted. */
int findings_add(struct findings *findings, const struct finding *finding);

/* "no-library", "refused-call" ...; "note", "refused" ... */
const char *finding_kind_word(enum finding_kind kind);
const char *finding_severity_word(enum finding_severity severity);

/* The finding's own, or its kind's; the cure may be NULL. */
const char *finding_reason(const struct finding *finding);
const char *finding_cure(const struct finding *finding);

#endif
