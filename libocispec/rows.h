/* The words in which tables are written. A row is
 *
 *     WORD(struct without ocispec_, member, "name in JSON", type of what it holds)
 *
 * and takes kind, size and place from the member itself, so that a row cannot disagree with its
 * struct: a wrong type in it does not compile (_Generic finds no match). */
#ifndef OCISPEC_ROWS_H
#define OCISPEC_ROWS_H

#include "libocispec/tables.h"

/* clang-format off: one designator a line reads as a row does */

/* ---- the rows */

/* A string or scalar that must be there. */
#define REQUIRED(object, member, json) \
	{ \
		ROW_NAME(object, member, json), .kind = ROW_SCALAR(ROW_MEMBER(object, member)), \
						.required = true, \
	}

/* A string that may be absent. */
#define STRING(object, member, json) \
	{ \
		ROW_NAME(object, member, json), \
	.kind = _Generic(ROW_MEMBER(object, member), const char *: KIND_STRING), \
	}

/* A scalar declared with OCISPEC_OPTIONAL. */
#define OPTIONAL(object, member, json) \
	{ \
		ROW_NAME(object, member, json), \
		    .kind = ROW_SCALAR(ROW_MEMBER(object, member)), \
		    .flag = offsetof(struct ocispec_##object, has_##member), \
	}

/* An object, in a struct of its own. */
#define OBJECT(object, member, json, type) \
	{ \
		ROW_NAME(object, member, json), \
		    .kind = KIND_OBJECT, .table = ROW_TABLE(ROW_MEMBER(object, member), type), \
	}

/* A list of strings or integers. */
#define SCALARS(object, member, json) \
	{ \
		ROW_NAME(object, member, json), \
		    .kind = KIND_LIST, .item = ROW_SCALAR(*ROW_MEMBER(object, member).items), \
	}

/* The same, and it must be there. */
#define REQUIRED_SCALARS(object, member, json) \
	{ \
		ROW_NAME(object, member, json), \
		    .kind = KIND_LIST, .item = ROW_SCALAR(*ROW_MEMBER(object, member).items), \
		    .required = true, \
	}

/* A list of objects. */
#define OBJECTS(object, member, json, type) \
	{ \
		ROW_NAME(object, member, json), \
		    .kind = KIND_LIST, .item = KIND_OBJECT, \
		    .table = ROW_TABLE(ROW_MEMBER(object, member).items, type), \
	}

/* A map to strings. */
#define STRING_MAP(object, member, json) \
	{ \
		ROW_NAME(object, member, json), \
	.kind = KIND_MAP, \
	.item = _Generic(ROW_MEMBER(object, member).items, \
		const struct ocispec_pair *: KIND_STRING), \
	}

/* A map to objects, whose structs begin with the key. */
#define OBJECT_MAP(object, member, json, type) \
	{ \
		ROW_NAME(object, member, json), \
		    .kind = KIND_MAP, .item = KIND_OBJECT, \
		    .table = ROW_TABLE(ROW_MEMBER(object, member).items, type), \
	}

/* ---- the table of object_fields[], which stands above it */

#define TABLE(object) \
	const struct ocispec_table ocispec_##object##_table = { \
		.size = sizeof(struct ocispec_##object), \
		.count = sizeof(object##_fields) / sizeof(object##_fields[0]), \
		.fields = object##_fields, \
	}

/* ---- of which the rows are made */

#define ROW_NAME(object, member, json) \
	.name = (json), .name_length = sizeof(json) - 1, \
	.offset = offsetof(struct ocispec_##object, member)

#define ROW_MEMBER(object, member) (((struct ocispec_##object *)NULL)->member)

#define ROW_TABLE(pointer, type) \
	_Generic(pointer, const struct ocispec_##type * : &ocispec_##type##_table)

#define ROW_SCALAR(value) \
	_Generic(value, \
	const char *: KIND_STRING, \
	bool: KIND_BOOL, \
	int32_t: KIND_INT32, \
	int64_t: KIND_INT64, \
	uint16_t: KIND_UINT16, \
	uint32_t: KIND_UINT32, \
	uint64_t: KIND_UINT64)

/* clang-format on */

#endif
