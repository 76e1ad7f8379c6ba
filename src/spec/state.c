/* struct state_doc to libocispec's state and back: the same members, but for pid, which is always
 * written. */
#include "spec/state.h"

#include "spec/document.h"

#include "base/arena.h"
#include "base/auto.h"
#include "base/error.h"

#include <string.h>

/* The same pairs in libocispec's type; NULL where there are none or memory is exhausted. */
static struct ocispec_pair *
copy_pairs(const struct plan_pair *from, uint64_t count)
{
	struct ocispec_pair *to = count ? calloc(count, sizeof(*to)) : NULL;

	for (uint64_t i = 0; to && i < count; i++)
		to[i] = (struct ocispec_pair) { from[i].key, from[i].value };
	return to;
}

char *
state_doc_write(
    const struct state_doc *state, enum state_style style, size_t *length, struct error *err)
{
	AUTO_FREE struct ocispec_pair *pairs =
	    copy_pairs(state->annotations.items, state->annotations.count);
	const struct ocispec_state document = {
		.oci_version = state->oci_version,
		.id = state->id,
		.pid = state->pid,
		.has_pid = true,
		.status = state->status,
		.bundle = state->bundle,
		.rootfs = state->rootfs,
		.created = state->created,
		.owner = state->owner,
		.annotations = { pairs, pairs ? state->annotations.count : 0 },
	};

	if (state->annotations.count && !pairs) {
		(void)error_set(err, "write the state: out of memory"); /* always -1 */
		return NULL;
	}
	return document_write(&document, OCISPEC_STATE,
	    style == STATE_PRETTY ? OCISPEC_PRETTY : OCISPEC_COMPACT, length, err);
}
