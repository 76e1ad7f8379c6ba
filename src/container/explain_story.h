/* Why a container is as it is, and what to do about it, in the manner of Solaris' svcs(1) -x: facts
 * in, sentences out. Pure. For this folder only. */
#ifndef OSLESS_CONTAINER_EXPLAIN_STORY_H
#define OSLESS_CONTAINER_EXPLAIN_STORY_H

#include "container/explain_denials.h"
#include "container/explain_facts.h"
#include "container/explain_lines.h"

#include <stdint.h>

struct arena;

struct explain_story {
	const char *state;             /* a word: "degraded" and those of state_word */
	int64_t since_ns;              /* 0: unknown */
	struct explain_lines why;      /* never empty, as are next and todo */
	struct explain_lines happened; /* newest last; each kind of thing once */
	struct explain_denials denials;
	struct explain_lines next;
	struct explain_lines todo;
};

/* All of story lies in the arena. -1: it is exhausted. */
int
explain_tell(const struct explain_facts *facts, struct arena *arena, struct explain_story *story);

#endif
