/* Rules R3..R5 under an invented clock. Each case is a story in a small language; what the rules
 * judge is written into it in place of what was expected, and the two must be equal.
 *
 *     @N        look at N ms, at what was seen last: once a second until then, then at N
 *     ^N        the same, but without a look before N: init could not run
 *     Z7<3:1    from now on process 7, child of 3, is seen: a zombie that exited with code 1
 *     T8<3      ... stopped; any state letter, so R8<3 sees it run again
 *     +2        behind one: its start time; & behind one: it has other threads
 *     -7        from now on process 7 is not seen
 *     3:P7/N    expected: rule 3 kills the parent of 7, N its number; C continue, K kill; 3? audit
 */
#include "tap.h"

#include "supervise/rules.h"

#include <stdlib.h>

#define SEEN_MAX 16
#define STEP_MS 1000

struct play {
	struct plan_rules plan;
	struct rules rules;
	struct seen seen[SEEN_MAX];
	int count;
	int64_t now_ms;
	char said[2048];
};

static void
say(struct play *play, const char *word)
{
	size_t used = strlen(play->said);

	(void)snprintf(play->said + used, sizeof(play->said) - used, "%s%s", used ? " " : "", word);
}

static void
judge(void *context, const struct rules_verdict *verdict, const struct seen *seen)
{
	static const char letters[] = {
		[RULES_KILL_PARENT] = 'P', [RULES_CONTINUE] = 'C', [RULES_KILL] = 'K'
	};
	char word[64];

	(void)snprintf(word, sizeof(word), "%d%s:%c%d/%u", verdict->rule, verdict->audit ? "?" : "",
	    letters[verdict->act], (int)seen->pid, verdict->number);
	say(context, word);
}

static void
look(struct play *play, int64_t now_ms)
{
	play->now_ms = now_ms;
	rules_look(&play->rules, play->seen, play->count, now_ms, judge, play);
}

static void
forget(struct play *play, pid_t pid)
{
	int kept = 0;

	for (int i = 0; i < play->count; i++)
		if (play->seen[i].pid != pid)
			play->seen[kept++] = play->seen[i];
	play->count = kept;
}

static void
see(struct play *play, const char *word)
{
	struct seen seen = { .state = word[0], .alone = strchr(word, '&') == NULL, .comm = "x" };
	const char *code = strchr(word, ':');
	const char *started = strchr(word, '+');

	(void)sscanf(word + 1, "%d<%d", &seen.pid, &seen.parent);
	seen.started = started ? strtoull(started + 1, NULL, 10) : 1;
	seen.status = code ? (int32_t)strtol(code + 1, NULL, 10) << 8 : 0;
	forget(play, seen.pid);
	if (play->count < SEEN_MAX)
		play->seen[play->count++] = seen;
}

static void
tell_word(struct play *play, const char *word)
{
	if (word[0] >= '0' && word[0] <= '9')
		return; /* said by judge */
	say(play, word);
	if (word[0] == '-')
		forget(play, (pid_t)strtol(word + 1, NULL, 10));
	else if (word[0] != '@' && word[0] != '^')
		see(play, word);
	else {
		int64_t until_ms = strtoll(word + 1, NULL, 10);

		while (word[0] == '@' && play->now_ms + STEP_MS < until_ms)
			look(play, play->now_ms + STEP_MS);
		look(play, until_ms);
	}
}

struct row {
	const char *name;
	const char *story;
	uint32_t unwaited;
	uint32_t zombies;
	uint32_t stopped;
};

static void
test_row(const struct row *row)
{
	static struct play play;
	char copy[2048];
	char *save;

	memset(&play, 0, sizeof(play));
	play.plan = (struct plan_rules) {
		.unwaited = row->unwaited,
		.zombies = row->zombies,
		.stopped = row->stopped,
		.handle_within_ms = 10000,
		.zombie_within_ms = 60000,
	};
	rules_begin(&play.rules, &play.plan);
	(void)snprintf(copy, sizeof(copy), "%s", row->story);
	for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
		tell_word(&play, word);
	EQ_STR(play.said, row->story, row->name);
}

#define ENFORCE PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE

static const struct row rows[] = {
	{ "nothing to judge", "@0 S7<3 @70000", ENFORCE },
	{ "R3: a failed child that is not waited for, after handle_within and not before",
	    "@0 R3<1 Z7<3:1 @100 @10099 @10100 3:P7/10000", ENFORCE },
	{ "R3: once", "@0 Z7<3:1 @100 @10100 3:P7/10000 @50000", ENFORCE },
	{ "R4: a zombie of any status", "@0 Z7<3:0 @100 @60099 @60100 4:P7/60000", ENFORCE },
	{ "R4: once", "@0 Z7<3:0 @100 @60100 4:P7/60000 @200000", ENFORCE },
	{ "R3, and not R4 as well", "@0 Z7<3:1 @100 @10100 3:P7/10000 @60100 @200000", ENFORCE },
	{ "waited for in time", "@0 Z7<3:1 @100 @10000 -7 @10050 @70000", ENFORCE },
	{ "the parent ends meanwhile, and with it the zombie",
	    "@0 R3<1 Z7<3:1 @100 -3 -7 @9000 @70000", ENFORCE },
	{ "the parent ends meanwhile: another waits; the age is the zombie's",
	    "@0 R3<1 Z7<3:1 @100 @9000 -3 Z7<2:1 @10100 3:P7/10000", ENFORCE },
	{ "a pid that is used again is another process",
	    "@0 Z7<3:1+1 @100 @10000 Z7<3:1+2 @10100 @20000 @20100 3:P7/10000", ENFORCE },
	{ "alive, then a zombie: its age is that of its death",
	    "@0 S7<3 @50000 Z7<3:1 @50100 @60099 "
	    "@60100 3:P7/10000",
	    ENFORCE },
	{ "each zombie has its time",
	    "@0 Z7<3:1 @100 Z8<4:1 @600 @10100 3:P7/10000 @10600 3:P8/10000", ENFORCE },
	{ "a Z with other threads is none", "@0 Z7<3:1& @100 @70100", ENFORCE },
	{ "... and becomes one with the last of them",
	    "@0 Z7<3:1& @5000 Z7<3:1 ^5100 @15099 @15100 3:P7/10000", ENFORCE },
	{ "X and others are no zombies", "@0 X7<3:1 D8<3 I9<3 @100 @70100", ENFORCE },

	{ "R5: continued, counted, then killed",
	    "@0 T7<3 ^100 5:C7/1 ^200 5:C7/2 ^300 5:C7/3 ^400 5:C7/4 ^500 5:C7/5 ^600 5:K7/6",
	    ENFORCE },
	{ "R5: running in between does not make it innocent",
	    "@0 T7<3 ^100 5:C7/1 S7<3 ^200 T7<3 ^300 5:C7/2", ENFORCE },
	{ "R5: forgotten when not seen stopped for a minute",
	    "@0 T7<3 ^100 5:C7/1 ^200 5:C7/2 S7<3 @60300 T7<3 ^60400 5:C7/1", ENFORCE },
	{ "R5: ... and not sooner",
	    "@0 T7<3 ^100 5:C7/1 ^200 5:C7/2 S7<3 @59000 T7<3 ^60100 5:C7/3", ENFORCE },
	{ "R5: a pid that is used again is another process",
	    "@0 T7<3+1 ^100 5:C7/1 ^200 5:C7/2 T7<3+2 ^300 5:C7/1", ENFORCE },
	{ "R5: what is traced is left alone", "@0 t7<3 @70000", ENFORCE },
	{ "R5: stopped, then a zombie", "@0 T7<3 ^100 5:C7/1 Z7<3:1 ^200 @10199 @10200 3:P7/10000",
	    ENFORCE },

	{ "R3 in audit, R4 enforced", "@0 Z7<3:1 @100 @10100 3?:P7/10000 @60100 4:P7/60000",
	    PLAN_MODE_AUDIT, PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE },
	{ "R3 off, R4 in audit", "@0 Z7<3:1 @100 @60100 4?:P7/60000 @200000", PLAN_MODE_OFF,
	    PLAN_MODE_AUDIT, PLAN_MODE_ENFORCE },
	{ "R4 off", "@0 Z7<3:1 Z8<3:0 @100 @10100 3:P7/10000 @200000", PLAN_MODE_ENFORCE,
	    PLAN_MODE_OFF, PLAN_MODE_ENFORCE },
	{ "R5 in audit: told once", "@0 T7<3 ^100 5?:C7/1 ^200 @9000", PLAN_MODE_ENFORCE,
	    PLAN_MODE_ENFORCE, PLAN_MODE_AUDIT },
	{ "R5 off", "@0 T7<3 @70000", PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE, PLAN_MODE_OFF },
	{ "all off", "@0 T7<3 Z8<3:1 @70000", PLAN_MODE_OFF, PLAN_MODE_OFF, PLAN_MODE_OFF },
};

/* ------------------------------------------------------------------- more than can be watched */

#define MANY (RULES_WATCHED_MAX + 88)

static void
count_verdicts(void *context, const struct rules_verdict *verdict, const struct seen *seen)
{
	int *counts = context;

	if (verdict->rule == 3)
		counts[seen->pid]++;
}

static void
look_for_long(struct rules *rules, const struct seen *seen, int count, int64_t from_ms, int *counts)
{
	for (int64_t now_ms = from_ms; now_ms <= from_ms + 11000; now_ms += STEP_MS)
		rules_look(rules, seen, count, now_ms, count_verdicts, counts);
}

static int
judged_once(const int *counts)
{
	int once = 0;

	for (int i = 0; i < MANY; i++)
		once += counts[i] == 1;
	return once;
}

static void
test_many(void)
{
	static struct rules rules;
	static struct seen seen[MANY];
	static int counts[MANY];
	static const struct plan_rules plan = { .handle_within_ms = 10000,
		.zombie_within_ms = 60000 };

	for (int i = 0; i < MANY; i++)
		seen[i] = (struct seen) { .pid = i,
			.parent = MANY,
			.started = 1,
			.status = 1 << 8,
			.state = 'Z',
			.alone = 1 };
	rules_begin(&rules, &plan);
	look_for_long(&rules, seen, MANY, 1000, counts);
	EQ_INT(judged_once(counts), RULES_WATCHED_MAX, "as many are judged as can be watched");
	look_for_long(&rules, seen + RULES_WATCHED_MAX, MANY - RULES_WATCHED_MAX, 13000, counts);
	EQ_INT(judged_once(counts), MANY, "the others when those are gone");
	rules_look(&rules, seen, 0, 25000, count_verdicts, counts);
	EQ_INT(rules.count, 0, "nothing is left to be watched");
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		test_row(&rows[i]);
	test_many();
	DONE();
}
