/* What the tables say of an object and its fields. Reader, writer and comparison know no field by
 * name: all they know of OCI is in the tables_*.c files, whose rows rows.h builds. */
#ifndef OCISPEC_TABLES_H
#define OCISPEC_TABLES_H

#include "libocispec/ocispec.h"

/* What a field's value is, in JSON and in the struct. */
enum ocispec_kind {
	KIND_STRING, /* const char * */
	KIND_WORD,   /* const char *: a string, or the digits of a number; no item of lists */
	KIND_BOOL,
	KIND_INT32,
	KIND_INT64,
	KIND_UINT16,
	KIND_UINT32,
	KIND_UINT64,
	KIND_OBJECT, /* pointer to a struct with a table; as a list's item: the struct itself */
	KIND_LIST,   /* OCISPEC_LIST of strings, integers or structs */
	KIND_MAP,    /* OCISPEC_LIST of ocispec_pair, or of structs that begin with their key */
};

struct ocispec_table;

/* One field of an object. */
struct ocispec_field {
	const char *name; /* in JSON */
	size_t name_length;
	enum ocispec_kind kind;
	enum ocispec_kind item; /* of a list's items, of a map's values */
	bool required;
	size_t offset;                     /* in the object's struct */
	size_t flag;                       /* of has_x there; 0: none */
	const struct ocispec_table *table; /* of the object, of the items; NULL: they are scalars */
};

/* One object. */
struct ocispec_table {
	size_t size; /* of its struct */
	size_t count;
	const struct ocispec_field *fields;
};

/* An object has at most this many fields: the reader keeps one bit for each. */
#define OCISPEC_FIELDS_MAX 64

/* Objects, lists and maps that tables put inside each other, at most. config needs seven, for
 * linux.seccomp.syscalls[0].args[0]; tests/unit/libocispec_samples.c checks both bounds. A table
 * that contains itself is read so far, and refused beyond. */
#define OCISPEC_LEVELS_MAX 32

/* The outermost object of a document. */
const struct ocispec_table *ocispec_table(enum ocispec_type type);

/* Objects whose tables stand in another file than the object that holds them. */
extern const struct ocispec_table ocispec_config_table;
extern const struct ocispec_table ocispec_process_table;
extern const struct ocispec_table ocispec_linux_table;
extern const struct ocispec_table ocispec_id_mapping_table;
extern const struct ocispec_table ocispec_resources_table;
extern const struct ocispec_table ocispec_state_table;
extern const struct ocispec_table ocispec_features_table;

/* A list or map of any type, as OCISPEC_LIST lays it out. Only copied to and from structs with
 * memcpy: they hold it under another type. */
struct ocispec_any_list {
	const void *items;
	size_t count;
};

/* What becomes of keys that an object's table has no row for. refuse returns NULL to let the key
 * and all below it pass, or one short sentence without full stop that refuses the document. */
struct ocispec_unknown {
	const char *(*refuse)(
	    void *context, const struct ocispec_table *table, const char *key, size_t length);
	void *context;
};

/* ocispec_read with a table of the caller's own, for documents that are not OCI's. unknown may be
 * NULL: all unknown keys pass. */
int ocispec_read_table(const char *text, size_t length, const struct ocispec_table *table,
    const struct ocispec_unknown *unknown, const struct ocispec_limits *limits,
    const struct ocispec_memory *memory, void *out, struct ocispec_error *err);

/* Bytes of one item of a list or one entry of a map. */
size_t ocispec_item_size(const struct ocispec_field *field);

/* The member at an offset of a struct. */
static inline const void *
ocispec_member(const void *object, size_t offset)
{
	return (const char *)object + offset;
}

static inline const void *
ocispec_load_pointer(const void *where)
{
	const void *pointer;

	__builtin_memcpy(&pointer, where, sizeof(pointer));
	return pointer;
}

static inline struct ocispec_any_list
ocispec_load_list(const void *where)
{
	struct ocispec_any_list list;

	__builtin_memcpy(&list, where, sizeof(list));
	return list;
}

#endif
