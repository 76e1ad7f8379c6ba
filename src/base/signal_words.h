/* Words for signals. Pure. */
#ifndef OSLESS_BASE_SIGNAL_WORDS_H
#define OSLESS_BASE_SIGNAL_WORDS_H

#define SIGNAL_WORDS_LAST 64

/* "TERM", "sigterm", "15", "RTMIN+2", "RTMAX-1": the signal's number, 0..SIGNAL_WORDS_LAST. -1:
 * no signal. */
int signal_words_find(const char *word);

#endif
