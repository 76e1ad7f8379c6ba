/* The words for what the journal holds. Pure. */
#include "supervise/journal.h"

#include "supervise/tree.h"

static const struct {
	const char *word;
	const char *rule;
} kinds[JOURNAL_KINDS] = {
	[JOURNAL_STARTED] = { "started", NULL },
	[JOURNAL_START_FAILED] = { "start-failed", NULL },
	[JOURNAL_EXITED] = { "exited", NULL },
	[JOURNAL_RESTART] = { "restart", "R1" },
	[JOURNAL_GAVE_UP] = { "gave-up", "R1" },
	[JOURNAL_SHUTDOWN] = { "shutdown", NULL },
	[JOURNAL_SIGNALLED] = { "signalled", NULL },
	[JOURNAL_KILLED] = { "killed", NULL },
	[JOURNAL_ENDED] = { "ended", NULL },
	[JOURNAL_ORPHAN] = { "orphan", "R2" },
	[JOURNAL_UNWAITED] = { "unwaited", "R3" },
	[JOURNAL_ZOMBIE] = { "zombie", "R4" },
	[JOURNAL_STOPPED] = { "stopped", "R5" },
	[JOURNAL_EXEC_BEGUN] = { "exec-begun", NULL },
	[JOURNAL_EXEC_ENDED] = { "exec-ended", NULL },
	[JOURNAL_DENIED] = { "denied", NULL },
};

static const char *const actions[JOURNAL_ACTIONS] = {
	[JOURNAL_NOTHING] = "none",
	[JOURNAL_KILL] = "kill",
	[JOURNAL_CONTINUE] = "continue",
	[JOURNAL_WOULD] = "would",
};

static const char *const states[TREE_STATES] = {
	[TREE_DOWN] = "down",
	[TREE_UP] = "up",
	[TREE_STOPPING] = "stopping",
	[TREE_FAILED] = "failed",
	[TREE_DELAYED] = "delayed",
	[TREE_DONE] = "done",
};

const char *
journal_state_word(uint32_t state)
{
	return state < TREE_STATES ? states[state] : "unknown";
}

const char *
journal_kind_word(enum journal_kind kind)
{
	return kind < JOURNAL_KINDS && kinds[kind].word ? kinds[kind].word : "unknown";
}

const char *
journal_kind_rule(enum journal_kind kind)
{
	return kind < JOURNAL_KINDS ? kinds[kind].rule : NULL;
}

const char *
journal_action_word(enum journal_action action)
{
	return action < JOURNAL_ACTIONS ? actions[action] : "unknown";
}
