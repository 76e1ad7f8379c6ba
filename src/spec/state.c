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

static int
take_annotations(const char *name, const ocispec_map *from, struct arena *arena,
    struct state_doc *state, struct error *err)
{
	if (from->count == 0)
		return 0;
	state->annotations.items =
	    arena_array(arena, from->count, sizeof(*state->annotations.items));
	if (!state->annotations.items)
		return error_set(err, "%s: out of memory", name);
	for (size_t i = 0; i < from->count; i++)
		state->annotations.items[i] =
		    (struct plan_pair) { from->items[i].key, from->items[i].value };
	state->annotations.count = from->count;
	return 0;
}

int
state_doc_read(const char *name, const char *text, size_t length, struct arena *arena,
    struct state_doc *state, struct error *err)
{
	struct ocispec_state document;

	if (length > STATE_DOC_MAX)
		return error_set(
		    err, "%s: the document has more than %u bytes", name, STATE_DOC_MAX);
	if (document_read(name, text, length, OCISPEC_STATE, arena, &document, err) < 0)
		return -1;
	*state = (struct state_doc) {
		.oci_version = document.oci_version,
		.id = document.id,
		.pid = document.pid,
		.status = document.status,
		.bundle = document.bundle,
		.rootfs = document.rootfs,
		.created = document.created,
		.owner = document.owner,
	};
	return take_annotations(name, &document.annotations, arena, state, err);
}
