/* From a document's type to its outermost table, and what else follows from tables alone. */
#include "libocispec/tables.h"

#include "libocispec/integer.h"

static const struct ocispec_table *const documents[] = {
	[OCISPEC_CONFIG] = &ocispec_config_table,
	[OCISPEC_PROCESS] = &ocispec_process_table,
	[OCISPEC_RESOURCES] = &ocispec_resources_table,
	[OCISPEC_STATE] = &ocispec_state_table,
	[OCISPEC_FEATURES] = &ocispec_features_table,
};

const struct ocispec_table *
ocispec_table(enum ocispec_type type)
{
	return documents[type];
}

size_t
ocispec_size(enum ocispec_type type)
{
	return documents[type]->size;
}

size_t
ocispec_item_size(const struct ocispec_field *field)
{
	if (field->table)
		return field->table->size;
	if (field->kind == KIND_MAP)
		return sizeof(struct ocispec_pair);
	return field->item == KIND_STRING ? sizeof(const char *)
					  : ocispec_integer_size(field->item);
}
