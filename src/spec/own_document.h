/* Documents of our own: the words for their tables, and reading them. Unlike config.json, which
 * anybody's engine writes, an unknown key in one of them is a mistake. Inside this folder only. */
#ifndef OSLESS_SPEC_OWN_DOCUMENT_H
#define OSLESS_SPEC_OWN_DOCUMENT_H

#include "libocispec/tables.h"

struct arena;
struct error;

#define OWN_NAME(object, member, json) \
	.name = (json), .name_length = sizeof(json) - 1, .offset = offsetof(struct object, member)
#define OWN_STRING(object, member, json) \
	{ \
		OWN_NAME(object, member, json), .kind = KIND_STRING \
	}
/* A string or a number, as text. */
#define OWN_WORD(object, member, json) \
	{ \
		OWN_NAME(object, member, json), .kind = KIND_WORD \
	}
/* A uint32_t with its has_ flag. */
#define OWN_NUMBER(object, member, json) \
	{ \
		OWN_NAME(object, member, json), .kind = KIND_UINT32, \
						.flag = offsetof(struct object, has_##member) \
	}
#define OWN_STRINGS(object, member, json) \
	{ \
		OWN_NAME(object, member, json), .kind = KIND_LIST, .item = KIND_STRING \
	}
#define OWN_OBJECT(object, member, json, of) \
	{ \
		OWN_NAME(object, member, json), .kind = KIND_OBJECT, .table = (of) \
	}
#define OWN_OBJECTS(object, member, json, of) \
	{ \
		OWN_NAME(object, member, json), .kind = KIND_LIST, .item = KIND_OBJECT, \
						.table = (of) \
	}
#define OWN_TABLE(object, rows) \
	{ \
		.size = sizeof(struct object), .count = sizeof(rows) / sizeof(*(rows)), \
		.fields = (rows) \
	}

/* Reads text into *out, the struct of table; all of it lies in arena. An unknown key is an error
 * that names the nearest known one, or all. -1: err, which begins with name. */
int own_document_read(const char *name, const char *text, size_t length,
    const struct ocispec_table *table, struct arena *arena, void *out, struct error *err);

#endif
