/* A look over the rootfs for what one identity changes: set-id files, which give nothing, and data
 * of other users. Bounded in files and in depth; follows no symlink and crosses no mount. */
#ifndef OSLESS_CHECK_OWNERS_H
#define OSLESS_CHECK_OWNERS_H

#include "check/place.h"
#include "check/reach.h"

struct error;

/* Notes the set-id files below the rootfs, as one finding. -1 when memory is exhausted. */
int owners_set_id(const struct places *places, const struct judge *judge, struct error *err);

/* Notes data directories that are another user's than the payload's: below /var/lib, /srv and
 * /data, and what is bind-mounted. Where a program was reached that judges owners, it is more than
 * a note. uid_map turns the host's ids into the container's. */
int owners_data(const struct places *places, const struct reach *reach, const plan_idmaps *uid_map,
    struct error *err);

#endif
