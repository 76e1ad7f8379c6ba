/* What config.json grants, for the passes that ask. Inside this folder only. */
#ifndef OSLESS_POLICY_CAPABILITIES_H
#define OSLESS_POLICY_CAPABILITIES_H

#include "spec/spec.h"

#include <stdint.h>

/* The capabilities that the process would hold under runc after its execve(2) (capabilities(7),
 * "Transformation of capabilities during execve"), never more. */
uint64_t capabilities_granted(const struct spec_process *process);

#endif
