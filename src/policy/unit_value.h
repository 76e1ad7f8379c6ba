/* Values of org.systemd.property.* annotations: the part of GVariant's text format that runc takes
 * and systemd's properties need: true, false, numbers, 'text', ['a', 'b'], each after a type's word
 * ("uint64 5") or code ("@t 5") where the plain form would mean another. Pure. */
#ifndef OSLESS_POLICY_UNIT_VALUE_H
#define OSLESS_POLICY_UNIT_VALUE_H

#include "plan/plan.h"

struct arena;

/* Fills property's type and words. Returns NULL, or what is wrong ("is not a number of type u"). */
const char *
unit_value_parse(const char *text, struct arena *arena, struct plan_unit_property *property);

/* "TimeoutStopSec" in seconds becomes "TimeoutStopUSec" in microseconds, which is what the bus
 * knows; other names stay. Returns as above. */
const char *unit_value_seconds(struct arena *arena, struct plan_unit_property *property);

#endif
