/* From what libocispec read to struct spec: one file a section of config.json, all with the same
 * first parameter. Inside this folder only.
 *
 *     spec.c       the document: version, root, host name, annotations; the order of the sections
 *     process.c    process
 *     mounts.c     mounts (option words: mount_options.c)
 *     hooks.c      hooks
 *     scheduling.c where and how soon things run: process.scheduler, ioPriority and
 *                  execCPUAffinity, linux.memoryPolicy
 *     linux.c      namespaces, id maps, devices, paths, the rest of linux
 *     resources.c  linux.resources
 *     intel_rdt.c  linux.intelRdt
 *     seccomp.c    linux.seccomp
 *
 * Every function returns 0 or -1 with the error filled. */
#ifndef OSLESS_SPEC_CONVERT_H
#define OSLESS_SPEC_CONVERT_H

#include "libocispec/ocispec.h"

#include "spec/spec.h"
#include "spec/words.h"

struct convert {
	const char *name; /* of the document, for errors */
	struct arena *arena;
	struct spec *spec;
	uint64_t unsupported_room;
	struct error *err;
};

/* Gives *list, a list of a plan struct, memory for wanted items; strings get a NULL after the last.
 * An empty list is NULL, and no error. */
#define CONVERT_LIST(c, list, wanted) \
	({ \
		(list)->items = convert_array(c, wanted, sizeof(*(list)->items)); \
		(list)->count = (list)->items ? (wanted) : 0; \
		(wanted) > 0 && !(list)->items ? -1 : 0; \
	})
void *convert_array(struct convert *c, size_t wanted, size_t size);

/* The same list of strings. */
#define CONVERT_STRINGS(c, from, to) \
	convert_strings(c, (from)->items, (from)->count, &(to)->items, &(to)->count)
int convert_strings(struct convert *c, const char *const *from, size_t from_count,
    const char ***items, uint64_t *count);

/* The same map, in the document's order. */
#define CONVERT_PAIRS(c, from, to) convert_pairs(c, from, &(to)->items, &(to)->count)
int convert_pairs(
    struct convert *c, const ocispec_map *from, struct plan_pair **items, uint64_t *count);

/* text, or NULL where it is absent or empty: engines write "" for not given. */
const char *convert_text(const char *text);

/* The sentence of a refusal: "PATH: what is wrong: cure". Always -1. */
int
convert_refuse(struct convert *c, const char *sentence, ...) __attribute__((format(printf, 2, 3)));
int convert_no_memory(struct convert *c);

/* Refuses "PATH: NOUN WORD is not known: use a, b or c". Always -1. */
int convert_refuse_word(struct convert *c, const char *path, const char *noun, const char *word,
    const struct words *known);

/* word in double quotes, fit for one line of an error. */
const char *convert_quote(struct convert *c, const char *word);

/* Refuses "PATH: VALUE is not an absolute path". Always -1. */
int convert_refuse_relative(struct convert *c, const char *path, const char *value);

/* Notes a field that is there and not acted on. Both strings must outlive the spec. */
int convert_unsupported(struct convert *c, const char *path, const char *why);

/* The path of an item, "mounts[3]", in the arena; "" where memory is exhausted. */
const char *
convert_path(struct convert *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

int convert_process(struct convert *c, const struct ocispec_process *from);
int convert_mounts(struct convert *c, const struct ocispec_config *from);
int convert_hooks(struct convert *c, const struct ocispec_hooks *from);
int convert_linux(struct convert *c, const struct ocispec_linux *from);
int convert_resources(struct convert *c, const struct ocispec_resources *from);
int convert_scheduling(struct convert *c, const struct ocispec_process *from);
int convert_memory_policy(struct convert *c, const struct ocispec_memory_policy *from);
int convert_intel_rdt(struct convert *c, const struct ocispec_intel_rdt *from);
int convert_seccomp(struct convert *c, const struct ocispec_seccomp *from);

/* Id maps of linux and of mounts; path is the list's. */
int convert_idmaps(struct convert *c, const char *path, const struct ocispec_id_mapping *from,
    size_t count, plan_idmaps *to);

#endif
