/* What to do where a refused system call is needed: data. Sentences continue "if CALL is needed: ".
 * For this folder only. */
#ifndef OSLESS_CONTAINER_DENIAL_CURES_H
#define OSLESS_CONTAINER_DENIAL_CURES_H

#include <stdint.h>

extern const char cure_bundle[];    /* the bundle's profile refuses it */
extern const char cure_foreign[];   /* another architecture's entry point */
extern const char cure_minimal[];   /* the tier minimal has taken it away */
extern const char cure_pretended[]; /* it would answer 0 */

/* Of a call of this name that the built-in table refuses; NULL: none. */
const char *cure_call(const char *name, const uint64_t args[6]);

#endif
