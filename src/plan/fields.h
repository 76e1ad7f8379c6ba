/* One table that describes every field of struct plan and of the structs in it: where it is, what
 * it is, what it is called, how it reads. Encoding, decoding and printing walk this table and
 * nothing else, so a field is in all of them or in none; tests/unit/plan_fields.c finds the
 * forgotten one.
 *
 * Inside this folder only. It must not know words (plan/words.h): init links it. */
#ifndef OSLESS_PLAN_FIELDS_H
#define OSLESS_PLAN_FIELDS_H

#include <stddef.h>
#include <stdint.h>

enum field_kind {
	FIELD_U32,
	FIELD_I32,
	FIELD_U64,
	FIELD_I64,
	FIELD_TEXT,   /* const char * */
	FIELD_RECORD, /* a struct, described by field.record */
};

/* How a field reads. Words for the kinds from FIELD_AS_MODE on are in plan/words.c. */
enum field_as {
	FIELD_AS_NUMBER, /* decimal; 0 = not given */
	FIELD_AS_COUNT,  /* decimal, where 0 says something */
	FIELD_AS_OCTAL,
	FIELD_AS_HEX,
	FIELD_AS_FLAG,    /* 0 or 1; 0 = not given */
	FIELD_AS_LETTER,  /* the character of that code */
	FIELD_AS_PLAIN,   /* texts and records */
	FIELD_AS_MAP,     /* a list of pairs whose keys differ */
	FIELD_AS_OPTIONS, /* a list of pairs: "key=value", or "key" where there is no value */
	FIELD_AS_CODE,    /* a BPF program: its length */
	FIELD_AS_HIDDEN,  /* a has_ flag, told by the field that it belongs to */
	FIELD_AS_MODE,
	FIELD_AS_TIER,
	FIELD_AS_IDENTITY,
	FIELD_AS_NS_MODE,
	FIELD_AS_NS_TYPE,
	FIELD_AS_CGROUP_MANAGER,
	FIELD_AS_RLIMIT,
	FIELD_AS_CAPS,
	FIELD_AS_MOUNT_FLAGS,
	FIELD_AS_MOUNT_ATTR,
	FIELD_AS_PROPAGATION,
	FIELD_AS_DEVICE_ACCESS,
	FIELD_AS_FILTER_FLAGS,
	FIELD_AS_CHILD_KIND,
	FIELD_AS_STRATEGY,
	FIELD_AS_RESTART,
	FIELD_AS_SHUTDOWN,
	FIELD_AS_SIGNALS,
	FIELD_AS_DENIALS,
	FIELD_AS_SCHED_POLICY,
	FIELD_AS_SCHED_FLAGS,
	FIELD_AS_IO_CLASS,
	FIELD_AS_MEMORY_MODE,
	FIELD_AS_MEMORY_FLAGS,
	FIELD_AS_COUNT_OF,
};

#define FIELD_NO_FLAG UINT16_MAX
#define FIELD_LIST 0

struct field {
	const char *name;
	uint16_t offset;
	uint16_t length; /* FIELD_LIST: a PLAN_LIST; else that many items in place */
	uint16_t given;  /* offset of the has_ flag; FIELD_NO_FLAG where there is none */
	uint8_t kind;    /* enum field_kind, of the item where it is a list */
	uint8_t as;      /* enum field_as */
	const struct record *record; /* FIELD_RECORD */
};

struct record {
	const char *name;
	const struct field *fields;
	uint32_t count;
	uint32_t size;
};

/* A PLAN_LIST of anything, as it lies in memory. */
struct field_list {
	void *items;
	uint64_t count;
};

extern const struct record record_plan;
extern const struct record record_resources;

/* Bytes of one item. */
size_t field_item_size(const struct field *field);

/* Bytes that the field takes in its record. */
size_t field_size(const struct field *field);

/* A number that changes whenever anything in the table does: images of another layout are refused
 * by it (FNV-1a over names, offsets and kinds). */
uint64_t fields_layout(void);

#endif
