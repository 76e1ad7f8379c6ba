/* The words of the OCI text's seccomp section and their numbers. Pure. */
#ifndef OSLESS_PROFILE_BUNDLE_WORDS_H
#define OSLESS_PROFILE_BUNDLE_WORDS_H

#include <stdint.h>

#include "base/error.h"
#include "profile/bundle.h"

/* *value is libseccomp's number of the word: an action without its errno, an operator, an
 * architecture, or a flag's bit of seccomp(2). Returns 0, or -1 with the known words in err. */
int bundle_word(enum bundle_list list, const char *word, uint32_t *value, struct error *err);

#endif
