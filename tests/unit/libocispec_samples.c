/* Documents of real engines: read, written, and read again without loss. Loss is looked for twice:
 * with ocispec_equal, and by comparing the JSON with yajl's tree, which knows none of the tables.
 * Also the bounds that the tables promise to the reader. */
#include "libocispec_help.h"
#include "tap.h"

#include "libocispec/tables.h"

#include <dirent.h>

#include <yajl/yajl_tree.h>

/* ---- comparing JSON values, whatever they mean */

static int values_same(yajl_val a, yajl_val b);

static yajl_val
member(yajl_val object, const char *key)
{
	for (size_t i = 0; i < object->u.object.len; i++)
		if (strcmp(object->u.object.keys[i], key) == 0)
			return object->u.object.values[i];
	return NULL;
}

static int
objects_same(yajl_val a, yajl_val b)
{
	if (a->u.object.len != b->u.object.len)
		return 0;
	for (size_t i = 0; i < a->u.object.len; i++) {
		yajl_val other = member(b, a->u.object.keys[i]);

		if (!other || !values_same(a->u.object.values[i], other)) {
			printf("#   differs below %s\n", a->u.object.keys[i]);
			return 0;
		}
	}
	return 1;
}

static int
arrays_same(yajl_val a, yajl_val b)
{
	if (a->u.array.len != b->u.array.len)
		return 0;
	for (size_t i = 0; i < a->u.array.len; i++)
		if (!values_same(a->u.array.values[i], b->u.array.values[i])) {
			printf("#   differs in item %zu\n", i);
			return 0;
		}
	return 1;
}

/* Keys may stand in another order; nothing else may differ. Numbers are compared as text. */
static int
values_same(yajl_val a, yajl_val b)
{
	if (a->type != b->type)
		return 0;
	if (YAJL_IS_OBJECT(a))
		return objects_same(a, b);
	if (YAJL_IS_ARRAY(a))
		return arrays_same(a, b);
	if (YAJL_IS_STRING(a))
		return strcmp(a->u.string, b->u.string) == 0;
	if (YAJL_IS_NUMBER(a))
		return strcmp(a->u.number.r, b->u.number.r) == 0;
	return 1; /* true, false and null are types of their own */
}

static int
json_same(const char *a, const char *b)
{
	char why[256];
	yajl_val tree_a = yajl_tree_parse(a, why, sizeof(why));
	yajl_val tree_b = yajl_tree_parse(b, why, sizeof(why));
	int same = tree_a && tree_b && values_same(tree_a, tree_b);

	yajl_tree_free(tree_a);
	yajl_tree_free(tree_b);
	return same;
}

/* ---- one sample */

static void
check_written(const char *name, const char *original, const void *first, enum ocispec_type type,
    enum ocispec_style style)
{
	struct pile pile = PILE;
	struct ocispec_error err = { .text = "" };
	void *second = pile_alloc(&pile, ocispec_size(type));
	struct buffer written = { NULL, 0 };
	char text[300];

	(void)snprintf(text, sizeof(text), "%s: written %s", name,
	    style == OCISPEC_PRETTY ? "pretty" : "compact");
	EQ_INT(write_buffer(&written, first, type, style, &err), 0, text);
	(void)snprintf(text, sizeof(text), "%s: the same JSON", name);
	OK(written.text && json_same(original, written.text), text);
	(void)snprintf(text, sizeof(text), "%s: the same structs when read again", name);
	OK(written.text && read_text(&pile, written.text, type, second, &err) == 0 &&
		ocispec_equal(first, second, type),
	    text);
	if (err.text[0] != '\0')
		printf("#   %s\n", err.text);
	free(written.text);
	pile_free(&pile);
}

static void
check_sample(const char *folder, const char *name, enum ocispec_type type)
{
	struct pile pile = PILE;
	struct ocispec_error err;
	void *first = pile_alloc(&pile, ocispec_size(type));
	struct buffer file;
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = read_file(path);
	if (file.text && read_bytes(&pile, file.text, file.length, type, NULL, first, &err) == 0) {
		OK(1, name);
		check_written(name, file.text, first, type, OCISPEC_COMPACT);
		check_written(name, file.text, first, type, OCISPEC_PRETTY);
	} else {
		OK(0, name);
		printf("#   %s\n", file.text ? err.text : "cannot be opened");
	}
	free(file.text);
	pile_free(&pile);
}

/* ---- all samples */

static const struct {
	const char *suffix;
	enum ocispec_type type;
} kinds[] = {
	{ ".config.json", OCISPEC_CONFIG },
	{ ".process.json", OCISPEC_PROCESS },
	{ ".resources.json", OCISPEC_RESOURCES },
};

/* Whether name was a sample. */
static int
check_name(const char *folder, const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t length = strlen(name), tail = strlen(kinds[i].suffix);

		if (length > tail && strcmp(name + length - tail, kinds[i].suffix) == 0) {
			check_sample(folder, name, kinds[i].type);
			return 1;
		}
	}
	return 0;
}

static void
check_samples(void)
{
	const char *folder = getenv("OSLESS_SAMPLES");
	struct dirent *entry;
	int samples = 0;
	DIR *dir;

	if (!folder)
		folder = "tests/samples";
	dir = opendir(folder);
	while (dir && (entry = readdir(dir)))
		samples += check_name(folder, entry->d_name);
	if (dir)
		(void)closedir(dir); /* read only */
	OK(samples > 40, "the folder of samples was found (else set OSLESS_SAMPLES)");
}

/* ---- what the reader relies on */

static size_t
deepest(const struct ocispec_table *table)
{
	size_t most = 0;

	for (size_t i = 0; i < table->count; i++) {
		const struct ocispec_field *field = &table->fields[i];
		size_t levels = field->kind == KIND_LIST || field->kind == KIND_MAP;

		if (field->table)
			levels += deepest(field->table);
		if (levels > most)
			most = levels;
	}
	return most + 1;
}

static size_t
most_fields(const struct ocispec_table *table)
{
	size_t most = table->count;

	for (size_t i = 0; i < table->count; i++) {
		const struct ocispec_table *inner = table->fields[i].table;

		if (inner && most_fields(inner) > most)
			most = most_fields(inner);
	}
	return most;
}

static void
check_tables(void)
{
	for (int type = OCISPEC_CONFIG; type <= OCISPEC_FEATURES; type++) {
		OK(deepest(ocispec_table((enum ocispec_type)type)) <= OCISPEC_LEVELS_MAX,
		    "the tables nest no deeper than the reader's stack");
		OK(most_fields(ocispec_table((enum ocispec_type)type)) <= OCISPEC_FIELDS_MAX,
		    "no table has more rows than the reader has bits");
	}
}

int
main(void)
{
	check_tables();
	check_samples();
	DONE();
}
