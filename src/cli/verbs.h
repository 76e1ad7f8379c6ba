/* The verbs: one row each. Command line, help, completion and the man page's test read this table.
 */
#ifndef OSLESS_CLI_VERBS_H
#define OSLESS_CLI_VERBS_H

#include "cli/command.h"
#include "cli/options.h"

#include <stddef.h>

struct error;

/* Rows of a verb's option table; field is one of struct command_options. */
#define COMMAND_FLAG(name, letter, field, help) \
	{ \
		name, letter, OPTION_FLAG, offsetof(struct command_options, field), NULL, NULL, \
		    help \
	}
#define COMMAND_TEXT(name, letter, field, value, help) \
	{ \
		name, letter, OPTION_TEXT, offsetof(struct command_options, field), value, NULL, \
		    help \
	}
#define COMMAND_LIST(name, letter, field, value, help) \
	{ \
		name, letter, OPTION_LIST, offsetof(struct command_options, field), value, NULL, \
		    help \
	}
#define COMMAND_NUMBER(name, letter, field, value, help) \
	{ \
		name, letter, OPTION_NUMBER, offsetof(struct command_options, field), value, NULL, \
		    help \
	}
#define COMMAND_CHOICE(name, letter, field, value, words, help) \
	{ \
		name, letter, OPTION_CHOICE, offsetof(struct command_options, field), value, \
		    words, help \
	}

/* What stands after a verb's options. */
enum verb_words {
	NEEDS_NOTHING,
	NEEDS_NEW_ID, /* of no container yet */
	NEEDS_ID,
	NEEDS_ID_TAKES_SIGNAL,
	NEEDS_ID_TAKES_PROGRAM,    /* options end at the ID: the program's own follow */
	NEEDS_ID_TAKES_PS_OPTIONS, /* the same for ps(1)'s options */
	TAKES_VERB,
	TAKES_BUNDLE,
	TAKES_BUNDLE_AND_PROGRAM,
	TAKES_IDS,
	TAKES_ANYTHING, /* options too: the verb fails whatever they say */
	VERB_WORDS_COUNT,
};

/* Returns the exit status; -1: err, and its shape's exit status. Output goes to stdout, which
 * the caller flushes and checks. */
typedef int verb_function(const struct command *command, struct error *err);

struct verb {
	const char *name; /* NULL ends the table */
	verb_function *run;
	enum verb_words words;
	const char *help;
	const struct option_row
	    *options[4]; /* tables into struct command_options, NULL at the end */
};

extern const struct verb verbs[];

/* The words as help shows them ("ID [SIGNAL]"), how many there may be, and the exit status where
 * the runtime fails: after a program's words 1 would pass for the program's own. */
struct verb_shape {
	const char *usage;
	int least;
	int most;
	int failure;
};
extern const struct verb_shape verb_shapes[VERB_WORDS_COUNT];

/* NULL: there is none; err names the nearest. */
const struct verb *verb_find(const char *name, struct error *err);

/* Each verb's own options stand beside its function. */
extern const struct option_row create_options[];
extern const struct option_row run_options[];
extern const struct option_row exec_options[];
extern const struct option_row kill_options[];
extern const struct option_row delete_options[];
extern const struct option_row list_options[];
extern const struct option_row spec_options[];
extern const struct option_row plan_options[];
extern const struct option_row check_options[];
extern const struct option_row tree_options[];
extern const struct option_row events_options[];
extern const struct option_row explain_options[];
extern const struct option_row ps_options[];
extern const struct option_row update_options[];

verb_function cmd_create;
verb_function cmd_start;
verb_function cmd_run;
verb_function cmd_exec;
verb_function cmd_state;
verb_function cmd_kill;
verb_function cmd_delete;
verb_function cmd_list;
verb_function cmd_spec;
verb_function cmd_features;
verb_function cmd_plan;
verb_function cmd_check;
verb_function cmd_tree;
verb_function cmd_events;
verb_function cmd_explain;
verb_function cmd_metrics;
verb_function cmd_pause;
verb_function cmd_resume;
verb_function cmd_ps;
verb_function cmd_update;
verb_function cmd_help;
verb_function cmd_unsupported; /* checkpoint, restore */

#endif
