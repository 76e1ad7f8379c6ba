/* The supervision tree's corner cases. Each has a plan and a story, both in a small language; what
 * the tree says is written into the story in place of what was expected, and the two must be equal.
 *
 * Plan: words. The first is the root: its strategy 1 (one_for_one), A (one_for_all) or R
 * (rest_for_one), intensity/period in ms, and maybe +first-max of the backoff. Then children:
 * a.p is a permanent worker called a, .t transient, .x temporary; =ms its shutdown (=0 kill, =i
 * infinity; else 1000). s.p:R1/5000 begins a supervisor, with ~ms behind it for its shutdown, }
 * ends it. The main worker is m, or the first.
 *
 * Story: words. What happens:
 *     @N       time is N; before, everything is done that the tree wants
 *     a>N a>sN worker a exits with code N, or by signal N
 *     stop     the orderly shutdown is ordered
 *     no yes   nothing may be started; may again
 * What is expected:
 *     +a +a!   start a; the start then fails as by an exit with 127
 *     -a *a    signal a; kill a
 *     . .N     nothing until an event; nothing until N
 *     =N =sN   the end, with this code or signal
 *     a?up     the state of a
 *     a#N a^N  its restarts that count; when it is due, in ms (- never)
 *     up#N     whether the first start is complete
 *     r:a:N w:a g:a:N s:a   the next news: restart in N ms, would, gave up after N, shutdown */
#include "tap.h"

#include "supervise/journal.h"
#include "supervise/tree.h"

#include <stdlib.h>

#define CHILDREN_MAX 16
#define NEWS_MAX 64

struct play {
	struct plan_tree plan;
	struct plan_child children[CHILDREN_MAX];
	char ids[CHILDREN_MAX][8];
	struct tree *tree;
	int64_t now_ms;
	enum tree_may may;
	int told;
	int read;
	char news[NEWS_MAX][32];
	char said[2048];
};

/* ------------------------------------------------------------------------------------- plans */

static void
read_supervisor(struct plan_child *child, const char *word)
{
	char strategy = '1';
	unsigned first = 0;
	unsigned last = 0;

	child->kind = PLAN_SUPERVISOR;
	child->shutdown_ms = strchr(word, '~') ? (uint32_t)strtoul(strchr(word, '~') + 1, NULL, 10)
					       : PLAN_SHUTDOWN_INFINITY;
	(void)sscanf(
	    word, "%c%u/%u+%u-%u", &strategy, &child->intensity, &child->period_ms, &first, &last);
	child->strategy = strategy == 'A'   ? PLAN_ONE_FOR_ALL
			  : strategy == 'R' ? PLAN_REST_FOR_ONE
					    : PLAN_ONE_FOR_ONE;
	child->backoff_first_ms = first;
	child->backoff_max_ms = last;
}

static void
read_child(struct play *play, uint32_t parent, const char *word)
{
	uint32_t i = (uint32_t)play->plan.children.count++;
	struct plan_child *child = &play->children[i];
	size_t length = strcspn(word, ".");
	const char *rest = word + length + 2;

	memcpy(play->ids[i], word, length);
	*child = (struct plan_child) { .id = play->ids[i], .parent = parent, .kind = PLAN_WORKER };
	child->restart = word[length + 1] == 'p'   ? PLAN_PERMANENT
			 : word[length + 1] == 't' ? PLAN_TRANSIENT
						   : PLAN_TEMPORARY;
	child->shutdown_ms = 1000;
	child->stop_signal = 15;
	if (*rest == ':')
		read_supervisor(child, rest + 1);
	else if (*rest == '=')
		child->shutdown_ms =
		    rest[1] == 'i' ? PLAN_SHUTDOWN_INFINITY : (uint32_t)strtoul(rest + 1, NULL, 10);
	if (child->kind == PLAN_WORKER && (play->plan.main == 0 || word[0] == 'm'))
		play->plan.main = i;
}

static void
read_plan(struct play *play, const char *text)
{
	char copy[512];
	char *save;
	uint32_t parent = 0;

	(void)snprintf(copy, sizeof(copy), "%s", text);
	play->plan.children.items = play->children;
	play->plan.children.count = 1;
	play->plan.declared = 1;
	play->children[0] = (struct plan_child) { .id = "root" };
	read_supervisor(&play->children[0], strtok_r(copy, " ", &save));
	for (char *word = strtok_r(NULL, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		uint32_t i = (uint32_t)play->plan.children.count;

		if (word[0] == '}') {
			parent = play->children[parent].parent;
			continue;
		}
		read_child(play, parent, word);
		if (play->children[i].kind == PLAN_SUPERVISOR)
			parent = i;
	}
}

/* ----------------------------------------------------------------------------------- stories */

static void
say(struct play *play, const char *word)
{
	size_t used = strlen(play->said);

	(void)snprintf(play->said + used, sizeof(play->said) - used, "%s%s", used ? " " : "", word);
}

static uint32_t
find(const struct play *play, const char *id, size_t length)
{
	for (uint32_t i = 0; i < play->plan.children.count; i++)
		if (strlen(play->children[i].id) == length &&
		    strncmp(play->children[i].id, id, length) == 0)
			return i;
	printf("Bail out! no child %s\n", id);
	exit(1);
}

static void
hear(void *context, enum tree_news news, uint32_t child, int32_t status, uint32_t number)
{
	static const char letters[] = { [TREE_NEWS_RESTART] = 'r',
		[TREE_NEWS_WOULD] = 'w',
		[TREE_NEWS_GAVE_UP] = 'g',
		[TREE_NEWS_SHUTDOWN] = 's' };
	struct play *play = context;
	char *text = play->news[play->told++ % NEWS_MAX];
	const char *id = play->children[child].id;

	(void)status;
	if (news == TREE_NEWS_RESTART || news == TREE_NEWS_GAVE_UP)
		(void)snprintf(text, sizeof(play->news[0]), "%c:%s:%u", letters[news], id, number);
	else
		(void)snprintf(text, sizeof(play->news[0]), "%c:%s", letters[news], id);
}

/* One tree_next in words; 0: it waits or has ended. */
static int
ask(struct play *play, int fails, char *word, size_t size)
{
	static const char signs[] = { [TREE_START] = '+', [TREE_SIGNAL] = '-', [TREE_KILL] = '*' };
	struct tree_action action = tree_next(play->tree, play->now_ms, play->may);

	if (action.act == TREE_WAIT && action.until_ms == TREE_NEVER)
		(void)snprintf(word, size, ".");
	else if (action.act == TREE_WAIT)
		(void)snprintf(word, size, ".%lld", (long long)action.until_ms);
	else if (action.act == TREE_END && (action.status & 0xff) != 0)
		(void)snprintf(word, size, "=s%d", action.status);
	else if (action.act == TREE_END)
		(void)snprintf(word, size, "=%d", action.status >> 8);
	else
		(void)snprintf(word, size, "%c%s%s", signs[action.act],
		    play->children[action.child].id, fails ? "!" : "");
	if (action.act == TREE_START && fails)
		tree_start_failed(play->tree, action.child, 127 << 8, play->now_ms);
	return action.act != TREE_WAIT && action.act != TREE_END;
}

/* What the story does not know of. */
static void
ask_for_more(struct play *play)
{
	char word[64];

	for (int i = 0; i < 50 && ask(play, 0, word, sizeof(word)); i++)
		say(play, word);
}

static void
happen(struct play *play, const char *word)
{
	const char *mark = strchr(word, '>');

	if (word[0] == '@') {
		ask_for_more(play);
		play->now_ms = strtoll(word + 1, NULL, 10);
	} else if (strcmp(word, "stop") == 0) {
		tree_stop(play->tree, play->now_ms);
	} else if (mark) {
		int by_signal = mark[1] == 's';
		int32_t code = (int32_t)strtol(mark + 1 + by_signal, NULL, 10);

		tree_exited(play->tree, find(play, word, (size_t)(mark - word)),
		    by_signal ? code : code << 8, play->now_ms);
	} else {
		play->may = word[0] == 'n' ? TREE_MAY_NOT_START : TREE_MAY_START;
	}
	say(play, word);
}

/* The answer to a word such as a?up, a#1, a^100. */
static void
look(struct play *play, const char *word, size_t length)
{
	int whole = strncmp(word, "up#", 3) == 0;
	uint32_t child = whole ? 0 : find(play, word, length);
	int64_t due_ms = tree_due_ms(play->tree, child);
	const char *state = journal_state_word(tree_state(play->tree, child));
	uint32_t restarts = tree_restarts(play->tree, child, play->now_ms);
	char out[64];

	if (whole)
		(void)snprintf(out, sizeof(out), "up#%d", tree_is_up(play->tree));
	else if (word[length] == '?')
		(void)snprintf(out, sizeof(out), "%s?%s", play->children[child].id, state);
	else if (word[length] == '#')
		(void)snprintf(out, sizeof(out), "%s#%u", play->children[child].id, restarts);
	else if (due_ms == TREE_NEVER)
		(void)snprintf(out, sizeof(out), "%s^-", play->children[child].id);
	else
		(void)snprintf(
		    out, sizeof(out), "%s^%lld", play->children[child].id, (long long)due_ms);
	say(play, out);
}

static void
tell_word(struct play *play, const char *word)
{
	char out[64];
	size_t mark = strcspn(word, "?#^");

	if (word[1] == ':' && strchr("rwgs", word[0])) {
		say(play, play->read < play->told ? play->news[play->read % NEWS_MAX] : "no-news");
		play->read++;
	} else if (strchr("+-*.=", word[0])) {
		(void)ask(play, strchr(word, '!') != NULL, out, sizeof(out));
		say(play, out);
	} else if (word[mark]) {
		look(play, word, mark);
	} else {
		happen(play, word);
	}
}

struct row {
	const char *name;
	const char *plan;
	const char *story;
	uint32_t mode; /* of R1 */
};

static void
test_row(const struct row *row)
{
	static struct play play;
	char copy[1024];
	char *save;
	void *memory;

	memset(&play, 0, sizeof(play));
	play.may = TREE_MAY_START;
	read_plan(&play, row->plan);
	play.plan.rules.restarts = row->mode;
	memory = malloc(tree_size(&play.plan));
	if (!memory)
		exit(1);
	play.tree = tree_begin(memory, &play.plan, hear, &play);
	(void)snprintf(copy, sizeof(copy), "%s", row->story);
	for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
		tell_word(&play, word);
	ask_for_more(&play);
	EQ_STR(play.said, row->story, row->name);
	free(memory);
}

/* ------------------------------------------------------------------------------------- table */

static const struct row rows[] = {
	{ "started in order, stopped in reverse, ends with main's status", "13/1000 a.p m.p c.p",
	    "up#0 +a +m up#0 +c . up#1 stop s:root -c .1000 c>s15 -m m>7 -a a>0 =7 =7", 0 },
	{ "a worker that ends is restarted", "13/1000 a.p b.p",
	    "+a +b @5 a>1 a?failed +a r:a:0 . root#1 @1005 root#1 @1006 root#0 .", 0 },
	{ "permanent: also after status 0", "13/1000 a.p", "+a @5 a>0 +a r:a:0 .", 0 },
	{ "transient: not after status 0", "13/1000 a.t b.p", "+a +b @5 a>0 . a?done @6 b>0 +b .",
	    0 },
	{ "transient: after a signal", "13/1000 a.t", "+a @5 a>s9 +a .", 0 },
	{ "temporary: never", "13/1000 a.x b.p", "+a +b @5 a>s9 . a?done root#0", 0 },

	{ "a restart exactly a period ago counts", "11/1000 a.p",
	    "+a @10 a>1 +a r:a:0 @1010 a>2 =2 g:root:2", 0 },
	{ "a restart a millisecond longer ago does not", "11/1000 a.p",
	    "+a @10 a>1 +a r:a:0 @1011 a>2 +a r:a:0 . root#1", 0 },
	{ "the window slides", "12/1000 a.p",
	    "+a @0 a>1 +a @900 a>1 +a @1001 a>1 +a root#2 @1900 a>1 =1 r:a:0 r:a:0 r:a:0 g:root:3",
	    0 },
	{ "intensity 0: the first failure is the last", "10/1000 a.p b.p",
	    "+a +b @9 a>3 -b g:root:1 b>s15 =3", 0 },
	{ "intensity 0: a status of 0 is passed on", "10/1000 a.p", "+a @9 a>0 =0 g:root:1", 0 },
	{ "... which is a failure where restarts are wanted", "11/1000 a.p",
	    "+a @9 a>0 +a r:a:0 @10 a>0 =1 g:root:2", 0 },
	{ "one counter a supervisor, whichever child", "11/1000 a.p b.p",
	    "+a +b @9 a>3 +a @10 b>4 -a a>s15 =4", 0 },
	{ "giving up stops in reverse", "10/1000 a.p b.p c.p", "+a +b +c @9 b>3 -c c>0 -a a>0 =3",
	    0 },
	{ "what ends while a supervisor gives up does not change why", "10/1000 a.p b.p",
	    "+a +b @9 a>3 -b @10 b>0 =3", 0 },

	{ "a start that fails counts and is tried again", "13/1000 a.p",
	    "+a @1 a>1 +a! +a! +a . root#3", 0 },
	{ "... and escalates", "12/1000 a.p b.p", "+a +b @1 a>1 +a! +a! -b b>0 =127", 0 },
	{ "... of a transient child, too", "13/1000 a.t", "+a @1 a>1 +a! +a .", 0 },
	{ "the first start is all or nothing", "13/1000 a.p b.p c.p d.p",
	    "+a +b +c! -b b>0 up#0 -a a>0 =127", 0 },
	{ "the first start: a nested failure, too", "13/1000 a.p s.x:13/1000 b.p c.p } d.p",
	    "+a +b +c! -b b>s15 -a a>0 =127", 0 },
	{ "a worker that has ended is not stopped", "13/1000 a.p b.p c.p",
	    "+a +b a>1 +c! -b b>0 =127", 0 },

	{ "one_for_all stops the others in reverse, starts all in order", "A3/1000 a.p b.p c.p",
	    "+a +b +c @1 b>1 -c c>0 -a a>0 +a +b +c . root#1", 0 },
	{ "rest_for_one: the middle child takes the later ones", "R3/1000 a.p b.p c.p d.p",
	    "+a +b +c +d @1 b>1 -d d>0 -c c>0 +b +c +d .", 0 },
	{ "rest_for_one: the last child is alone", "R3/1000 a.p b.p", "+a +b @1 b>1 +b .", 0 },
	{ "a temporary one of a group is not started again", "A3/1000 a.p b.x c.p",
	    "+a +b +c @1 a>1 -c c>0 -b b>0 +a +c . b?done", 0 },
	{ "a transient one that had finished is", "A3/1000 a.p b.t c.p",
	    "+a +b +c @1 b>0 . b?done @2 a>1 -c c>0 +a +b +c .", 0 },
	{ "a temporary one that fails takes nobody along", "A3/1000 a.p b.x", "+a +b @1 b>1 .", 0 },
	{ "who fails while its group is being stopped goes with it", "A3/1000 a.p b.p c.p",
	    "+a +b +c @1 b>1 -c a>1 c>0 +a +b +c . root#1", 0 },
	{ "a failed start in a group is tried with the group", "A3/1000 a.p b.p c.p",
	    "+a +b +c @1 a>1 -c c>0 -b b>0 +a +b! -a a>0 +a +b +c . root#2", 0 },
	{ "a failed start in the rest is tried from there", "R3/1000 a.p b.p c.p",
	    "+a +b +c @1 a>1 -c c>0 -b b>0 +a +b! +b +c . root#2", 0 },
	{ "two failures at once, one_for_one", "13/1000 a.p b.p",
	    "+a +b @1 b>1 a>1 +b +a r:b:0 r:a:0", 0 },

	{ "shutdown: kill", "13/1000 a.p=0", "+a @1 stop *a a?stopping . a>s9 =s9", 0 },
	{ "shutdown: after its time, killed once", "13/1000 a.p=500",
	    "+a @1 stop -a a^501 .501 @500 .501 @501 *a . a>s9 =s9", 0 },
	{ "shutdown: in time", "13/1000 a.p=500", "+a @1 stop -a @500 a>0 =0", 0 },
	{ "shutdown: infinity", "13/1000 a.p=i", "+a @1 stop -a a^- . @9999999 . a>0 =0", 0 },
	{ "each of a group has its own time", "13/1000 a.p=500 b.p=500",
	    "+a +b @1 stop -b @501 *b @600 b>s9 -a .1100 a>0 =0", 0 },

	{ "a supervisor's time is over: all that is below it is killed",
	    "19/1000 s.p:19/1000~500 a.p=i b.p=i } c.p",
	    "+a +b +c @0 stop -c @100 c>0 -b s^600 .600 @600 *b *a b>0 a>s9 =s9", 0 },
	{ "shutdown while the root gives up: it has given up", "10/1000 a.p b.p",
	    "+a +b @0 b>3 -a stop a>0 =3 g:root:1", 0 },

	{ "a delayed restart", "19/1000+100-400 a.p b.p",
	    "+a +b @5 a>1 .105 r:a:100 a?delayed a^105 root#1 @104 .105 @105 +a . a?up a^-", 0 },
	{ "the delay doubles up to its maximum", "19/1000+100-350 a.p",
	    "+a @0 a>1 .100 @100 +a a>1 .300 @300 +a a>1 .650 @650 +a a>1 .1000", 0 },
	{ "each child has its own", "19/1000+100-400 a.p b.p",
	    "+a +b @0 a>1 .100 @100 +a a>1 .300 @200 b>1 .300 b^300 a^300", 0 },
	{ "the delay is forgotten after a quiet period", "19/1000+100-400 a.p",
	    "+a @0 a>1 .100 @100 +a a>1 .300 @300 +a @1301 a>1 .1401", 0 },
	{ "... and not in shorter runs", "A99/1000+100-400 a.p b.p",
	    "+a +b @0 a>1 -b b>0 .100 @100 +a +b @1100 b>1 -a a>0 .1200 @1200 +a +b @1300 a>1 "
	    "-b b>0 .1500",
	    0 },
	{ "... but not sooner", "19/1000+100-400 a.p",
	    "+a @0 a>1 .100 @100 +a a>1 .300 @300 +a @1300 a>1 .1700", 0 },
	{ "... even where others have caused its restart since", "A99/1000+100-400 a.p b.p",
	    "+a +b @0 a>1 -b b>0 .100 @100 +a +b @2000 b>1 -a a>0 .2100 @2100 +a +b @2200 a>1 "
	    "-b b>0 .2300",
	    0 },
	{ "a failed start waits, too", "19/1000+100-400 a.p",
	    "+a @0 a>1 .100 @100 +a! .300 r:a:100 r:a:200 @300 +a .", 0 },
	{ "a group is stopped at once and started after the delay", "A9/1000+100-400 a.p b.p",
	    "+a +b @0 a>1 -b .100 @50 b>0 .100 @100 +a +b .", 0 },
	{ "... or when it has stopped, where that takes longer", "A9/1000+100-400 a.p b.p",
	    "+a +b @0 a>1 -b @150 b>0 +a +b .", 0 },
	{ "a group's delay is its failed child's", "A9/1000+100-400 a.p b.p",
	    "+a +b @0 b>1 -a b?delayed b^100 @5 a>0 .100 a?down b?delayed b^100 @100 +a +b . b?up",
	    0 },
	{ "a group's delay over while one stops: the failed child is not started alone",
	    "A9/1000+100-400 a.p b.p c.p",
	    "+a +b +c @0 b>1 -c @150 .1000 c>0 -a a>0 +a! .250 a?delayed b?down", 0 },
	{ "rest_for_one: an earlier failure waits while a group is delayed",
	    "R9/1000+100-400 a.p b.p",
	    "+a +b @0 b>1 .100 @50 a>1 a?failed .100 @100 +b -b b>0 .200 @200 +a +b .", 0 },
	{ "one_for_one: a delayed one does not hold up others", "19/1000+100-400 a.p b.p",
	    "+a +b @0 a>1 .100 @50 b>1 .100 @100 +a .150 @150 +b .", 0 },
	{ "one_for_one: a supervisor that waits for leave does not hold up others",
	    "19/1000 s.p:10/1000 a.p } b.p", "+a +b @0 no a>1 . b>1 . b?delayed root#2 yes +a +b",
	    0 },
	{ "shutdown while a restart is delayed", "19/1000+100-400 a.p b.p",
	    "+a +b @0 a>1 .100 @50 stop -b b>0 =1", 0 },
	{ "shutdown while a group is being stopped starts nothing", "A9/1000 a.p b.p c.p",
	    "+a +b +c @0 b>1 -c stop c>0 -a a>0 =0", 0 },
	{ "shutdown while a group is being started", "A9/1000 a.p b.p",
	    "+a +b @0 a>1 -b b>0 no . stop =1", 0 },
	{ "shutdown during the first start", "A9/1000 a.p b.p", "+a no . stop -a a>0 =0", 0 },
	{ "shutdown before anything", "19/1000 a.p", "stop =0", 0 },
	{ "an exit during the shutdown is no failure", "19/1000 a.p b.p c.p",
	    "+a +b +c @0 stop -c a>5 c>0 -b b>0 =5", 0 },

	{ "nested: gives up, is restarted as new", "19/1000 s.p:11/9000 a.p b.p } c.p",
	    "+a +b +c @0 a>1 +a r:a:0 @1 s#1 a>2 -b g:s:2 b>0 +a r:s:0 +b . s#0 root#1 "
	    "@2 a>1 +a .",
	    0 },
	{ "nested: escalates to the root and its status is the end's",
	    "10/1000 s.p:10/1000 t.p:10/1000 a.p } b.p } c.p",
	    "+a +b +c @0 a>42 -b g:t:1 g:s:1 b>0 -c g:root:1 c>0 =42", 0 },
	{ "nested: transient, and gave up: has failed", "19/1000 s.t:10/1000 a.p } b.p",
	    "+a +b @0 a>1 +a g:s:1 r:s:0 .", 0 },
	{ "nested: temporary, and gave up: done", "19/1000 s.x:10/1000 a.p } b.p",
	    "+a +b @0 a>1 . g:s:1 s?done b?up", 0 },
	{ "nested: its failed start counts with its supervisor", "12/1000 s.p:10/1000 a.p b.p }",
	    "+a +b @0 a>1 -b b>0 +a +b! -a a>0 +a +b! -a a>0 =127", 0 },
	{ "nested: all below are stopped in reverse with a group",
	    "A9/1000 a.p s.p:19/1000 b.p c.p } d.p",
	    "+a +b +c +d @0 a>1 -d d>0 -c c>0 -b b>0 +a +b +c +d .", 0 },
	{ "nested: its temporary child is started with a new supervisor",
	    "19/1000 s.p:10/1000 a.p b.x }", "+a +b @0 b>0 . a>1 +a +b .", 0 },
	{ "nested: main's last status outlives its supervisor's restart",
	    "19/1000 s.p:10/1000 a.p m.x }", "+a +m @0 m>3 . a>1 no . stop =3", 0 },

	{ "R1 in audit: told, not done", "13/1000 a.p b.t",
	    "+a +b @0 a>1 w:a . a?done root#0 @1 b>0 =1", PLAN_MODE_AUDIT },
	{ "R1 in audit: none is told that would not have been restarted", "13/1000 a.t b.p",
	    "+a +b @0 a>0 . stop -b b>0 s:root =0", PLAN_MODE_AUDIT },
	{ "R1 off", "A3/1000 a.p b.t", "+a +b @0 a>1 . b>2 =2", PLAN_MODE_OFF },

	{ "starts wait for leave", "13/1000 a.p b.p",
	    "no . up#0 yes +a no . yes +b @1 no a>1 . a?delayed @9 yes +a .", 0 },
	{ "leave to start does not hold up stops", "A3/1000 a.p b.p",
	    "+a +b @1 no a>1 -b b>0 . yes +a +b", 0 },

	{ "a plain bundle: the status passes through", "10/0 m.x=0", "+m . up#1 @5 m>0 =0", 0 },
	{ "a plain bundle: code", "10/0 m.x=0", "+m @5 m>42 =42", 0 },
	{ "a plain bundle: signal", "10/0 m.x=0", "+m @5 m>s11 =s11", 0 },
	{ "a plain bundle: no start", "10/0 m.x=0", "+m! =127", 0 },
	{ "all temporary: the last that failed", "13/1000 a.x b.x c.x",
	    "+a +b +c @0 b>5 @1 a>6 @2 c>0 =6", 0 },
	{ "all ended well", "13/1000 a.x b.t", "+a +b @0 b>0 @1 a>0 =0", 0 },
	{ "it ends where the last one ends in a nested supervisor", "13/1000 a.x s.p:13/1000 b.t }",
	    "+a +b @0 a>5 . @1 b>0 =5", 0 },
	{ "a worker that failed, was restarted and ended well has not failed", "13/1000 a.t",
	    "+a @0 a>5 +a @1 a>0 =0", 0 },
};

int
main(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		test_row(&rows[i]);
	DONE();
}
