/* Fault injection, so that tests can make any row of a table fail: OSLESS_FAIL="create:cgroup",
 * "init:mounts", "launch:identity". Only a build with --enable-fault-injection reads it; the others
 * always answer "none". */
#ifndef OSLESS_BASE_FAULT_H
#define OSLESS_BASE_FAULT_H

struct error;

/* What is to fail, or NULL. */
const char *fault_wanted(void);

/* -1 with err where fault names this row of this table, else 0. fault may be NULL. */
int fault_check(const char *fault, const char *table, const char *row, struct error *err);

#endif
