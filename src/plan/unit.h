/* Names of systemd's units, and where their cgroups are. Pure. systemd.unit(5), systemd.slice(5).
 */
#ifndef OSLESS_PLAN_UNIT_H
#define OSLESS_PLAN_UNIT_H

#define UNIT_ANNOTATION "org.systemd.property." /* before a property's name */

struct arena;
struct error;

/* Whether the name is one of a slice. */
int unit_is_slice(const char *name);

/* -1 where systemd would not take the name: err says what is wrong with it. */
int unit_check_name(const char *name, struct error *err);

/* The slice's cgroup below its manager's: dashes nest, so that "a-b.slice" is "/a.slice/a-b.slice",
 * and "-.slice" is "". NULL: err. */
const char *unit_slice_path(const char *slice, struct arena *arena, struct error *err);

/* The unit's cgroup below its manager's. A slice's parent is in its name. NULL: err. */
const char *unit_path(const char *name, const char *slice, struct arena *arena, struct error *err);

/* The slice that a slice is in. NULL: err. */
const char *unit_slice_parent(const char *slice, struct arena *arena, struct error *err);

#endif
