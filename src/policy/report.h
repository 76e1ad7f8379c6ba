/* What policy did to the config's wishes, for `osless plan`, debug logs and tests: one entry a
 * departure. */
#ifndef OSLESS_POLICY_REPORT_H
#define OSLESS_POLICY_REPORT_H

#include "plan/plan.h"

struct arena;

enum report_kind {
	REPORT_STRIPPED,    /* asked for, not there */
	REPORT_CHANGED,     /* there, but otherwise */
	REPORT_KEPT,        /* kept, although one might expect it to be stripped */
	REPORT_UNSUPPORTED, /* asked for; this version does not act on it */
	REPORT_WARNING,     /* will probably not do what is meant */
	REPORT_KINDS,
};

struct report_entry {
	uint32_t kind;    /* enum report_kind */
	const char *what; /* config path: "process.terminal", "mounts[/dev/pts]" */
	const char *from; /* value asked for; NULL = none worth showing */
	const char *to;   /* value given instead; NULL = none */
	const char *why;  /* one sentence without full stop */
	uint32_t warn;    /* 1: create and run tell the user even without --debug */
};

struct report {
	struct arena *arena;
	PLAN_LIST(struct report_entry) entries;
	uint64_t capacity;
};

/* Adds a copy of the entry, texts included; those of kind REPORT_WARNING always warn. -1 only when
 * memory is exhausted. */
int report_add_entry(struct report *report, const struct report_entry *entry);

/* The same from its members; nothing but a REPORT_WARNING warns. */
int report_add(struct report *report, enum report_kind kind, const char *what, const char *from,
    const char *to, const char *why);

/* The word for a kind: "stripped" ... */
const char *report_kind_word(enum report_kind kind);

#endif
