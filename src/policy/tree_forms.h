/* The short forms in which annotations declare a tree of one worker: the bundle's own program,
 * restarted. Inside this folder only. */
#ifndef OSLESS_POLICY_TREE_FORMS_H
#define OSLESS_POLICY_TREE_FORMS_H

#include "policy/pass.h"

struct tree_forms {
	const char *key;     /* the first that is given, "dev.osless.period"; NULL = none */
	const char *restart; /* value of dev.osless.restart: with it they declare a tree */
	struct plan_child supervisor; /* intensity, period, backoff */
	struct plan_child worker;     /* restart, shutdown; the stop signal is the container's */
};

/* Reads them all, defaults where they are not given. -1: err names key and cure. */
int tree_forms_read(struct compile *c, struct tree_forms *forms, struct error *err);

#endif
