/* Which signals `kill` takes. */
#include "cli/signals.h"

#include "base/error.h"
#include "base/signal_words.h"
#include "base/signals.h"

int
signal_parse(const char *word, struct error *err)
{
	int number = signal_words_find(word);

	if (number < 0)
		return error_set(err,
		    "unknown signal \"%s\": give a name of signal(7), or a number from 0 to %d",
		    word, SIGNAL_WORDS_LAST);
	if (signals_is_stop(number))
		return error_set(err,
		    "signal %s would leave stopped processes behind, which osless never has: "
		    "use pause",
		    word);
	return number;
}
