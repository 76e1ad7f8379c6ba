/* Fuzzing libocispec: any bytes are refused with a reason or read; what is read can be written, and
 * what was written reads as the same document.
 *
 * The first byte picks the document's type, the rest is the document. With clang:
 *
 *     clang -std=gnu11 -D_GNU_SOURCE -I. -g -O1 -fsanitize=fuzzer,address,undefined \
 *         libocispec/[a-z]*.c tests/fuzz/fuzz_ocispec.c -lyajl
 *
 * With -DFUZZ_STANDALONE it has a main of its own that runs the files it is given once each, so
 * that any compiler can replay a corpus. */
#include "libocispec/ocispec.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TYPES (OCISPEC_FEATURES + 1)

/* Memory of one run: blocks on their own, so that each overrun is seen. */
struct pile {
	void **blocks;
	size_t count;
};

static void *
pile_alloc(void *context, size_t size)
{
	struct pile *pile = context;
	void **grown = realloc(pile->blocks, (pile->count + 1) * sizeof(*grown));

	if (!grown)
		return NULL;
	pile->blocks = grown;
	grown[pile->count] = calloc(1, size);
	return grown[pile->count++];
}

static void
pile_free(struct pile *pile)
{
	for (size_t i = 0; i < pile->count; i++)
		free(pile->blocks[i]);
	free(pile->blocks);
}

struct output {
	char *text;
	size_t length;
};

static int
output_write(void *context, const char *text, size_t length)
{
	struct output *output = context;
	char *grown = realloc(output->text, output->length + length);

	if (!grown)
		return -1;
	memcpy(grown + output->length, text, length);
	output->text = grown;
	output->length += length;
	return 0;
}

static void
fail(const char *what, const struct ocispec_error *err)
{
	fprintf(stderr, "%s: %s\n", what, err->text);
	abort();
}

/* An error is one line that says something. */
static void
check_error(const struct ocispec_error *err)
{
	if (err->text[0] == '\0' || strpbrk(err->text, "\r\n"))
		fail("not one line", err);
}

static void
check_again(
    struct pile *pile, const void *document, enum ocispec_type type, enum ocispec_style style)
{
	/* What was written pretty may be larger than what was read. */
	struct ocispec_limits limits = { .document_bytes = SIZE_MAX };
	struct ocispec_memory memory = { pile_alloc, pile };
	struct output output = { NULL, 0 };
	struct ocispec_sink sink = { output_write, &output };
	struct ocispec_error err = { .text = "" };
	void *again = pile_alloc(pile, ocispec_size(type));

	if (ocispec_write(document, type, style, &sink, &err) < 0)
		fail("what was read cannot be written", &err);
	if (ocispec_read(output.text, output.length, type, &limits, &memory, again, &err) < 0)
		fail("what was written cannot be read", &err);
	if (!ocispec_equal(document, again, type))
		fail("what was written is another document", &err);
	free(output.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pile pile = { NULL, 0 };
	struct ocispec_memory memory = { pile_alloc, &pile };
	struct ocispec_error err = { .text = "" };
	enum ocispec_type type;
	void *document;

	if (size == 0)
		return 0;
	type = (enum ocispec_type)(data[0] % TYPES);
	document = pile_alloc(&pile, ocispec_size(type));
	if (ocispec_read((const char *)data + 1, size - 1, type, NULL, &memory, document, &err) <
	    0) {
		check_error(&err);
	} else {
		check_again(&pile, document, type, OCISPEC_COMPACT);
		check_again(&pile, document, type, OCISPEC_PRETTY);
	}
	pile_free(&pile);
	return 0;
}

#ifdef FUZZ_STANDALONE
static int
run_file(const char *path)
{
	struct output file = { NULL, 0 };
	char chunk[4096];
	FILE *stream = fopen(path, "re");
	size_t got;

	if (!stream) {
		perror(path);
		return 1;
	}
	while ((got = fread(chunk, 1, sizeof(chunk), stream)) > 0)
		if (output_write(&file, chunk, got) < 0)
			abort();
	(void)fclose(stream); /* read only */
	(void)LLVMFuzzerTestOneInput((const uint8_t *)file.text, file.length);
	free(file.text);
	return 0;
}

int
main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed |= run_file(argv[i]);
	printf("%d inputs, all well\n", argc - 1);
	return failed;
}
#endif
