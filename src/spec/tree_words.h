/* The words in which a supervision tree is declared (osless-tree(7)): in its document, in
 * annotations and in the policy file alike. Pure. */
#ifndef OSLESS_SPEC_TREE_WORDS_H
#define OSLESS_SPEC_TREE_WORDS_H

#include <stdint.h>

struct arena;

#define TREE_WORDS_DURATION_MAX_S 1000000u

/* Reads a word into *value. NULL: it is fine; else what follows the word in an error, with the
 * cure: "is not known: use a, b or c"; it may lie in arena. */
typedef const char *tree_word(const char *word, struct arena *arena, uint32_t *value);

/* Milliseconds. "5" and "0.25" are seconds; "250ms", "5s", "1.5m", "2h" have their unit. */
tree_word tree_word_duration;

tree_word tree_word_strategy;    /* enum plan_strategy */
tree_word tree_word_restart;     /* enum plan_restart */
tree_word tree_word_signals;     /* enum plan_signals */
tree_word tree_word_shutdown;    /* "kill", "infinity" or a duration: plan_child.shutdown_ms */
tree_word tree_word_stop_signal; /* base/signal_words.h, less those that stop a process */
tree_word tree_word_intensity;   /* digits, at most PLAN_INTENSITY_MAX */

/* Milliseconds as shortly as they can be read: "30 s", "250 ms". */
const char *tree_words_ms(uint32_t ms, struct arena *arena);

#endif
