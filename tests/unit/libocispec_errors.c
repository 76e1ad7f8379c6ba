/* Bad documents: each is refused, with a sentence that says where and what. */
#include "libocispec_help.h"
#include "tap.h"

static const struct bad {
	enum ocispec_type type;
	const char *text;
	const char *complaint;
} bads[] = {
	/* ---- no JSON */
	{ OCISPEC_CONFIG, "", "the document is empty" },
	{ OCISPEC_CONFIG, " \n\t", "the document is empty" },
	{ OCISPEC_CONFIG, "{\"ociVersion\":\"1\"",
	    "the JSON is cut off: it ends in the middle of a value (line 1, column 18)" },
	{ OCISPEC_CONFIG, "{\"ociVersion\":\n\"1\"}\n{",
	    "something follows the end of the JSON document (line 3, column 1)" },
	{ OCISPEC_CONFIG, "{\"ociVersion\":\"1\",}",
	    "not JSON: a key must be a string in double quotes (line 1, column 19)" },
	{ OCISPEC_CONFIG, "{\"ociVersion\" \"1\"}",
	    "ociVersion: not JSON: a key must be followed by a colon (line 1, column 15)" },
	{ OCISPEC_CONFIG, "{\"hostname\":hello}",
	    "hostname: not JSON: this character cannot stand here (line 1, column 13)" },
	{ OCISPEC_CONFIG, "{\"annotations\":{\"a\":\"\" \"b\":\"\"}}",
	    "annotations: not JSON: a value must be followed by a comma or } (line 1, column 24)" },
	{ OCISPEC_CONFIG, "{'a':1}",
	    "not JSON: this character cannot stand here (line 1, column 2)" },
	{ OCISPEC_CONFIG, "{\"x\":01}",
	    "not JSON: a value must be followed by a comma or } (line 1, column 7)" },
	{ OCISPEC_CONFIG, "{\"x\":\"a\nb\"}",
	    "not JSON: a control character in a string (line 1, column 6)" },
	{ OCISPEC_CONFIG, "{\"x\":\"\\x\"}",
	    "not JSON: an unknown escape in a string (line 1, column 6)" },
	{ OCISPEC_CONFIG, "{\"x\":\"\\u12\"}",
	    "not JSON: \\u needs four hexadecimal digits (line 1, column 6)" },
	{ OCISPEC_CONFIG, "{/* why */}", "not JSON: comments are not allowed (line 1, column 2)" },
	{ OCISPEC_CONFIG, "\xef\xbb\xbf{}",
	    "not JSON: this character cannot stand here (line 1, column 1)" },
	{ OCISPEC_CONFIG, "{\"x\":[1,2}",
	    "not JSON: an item must be followed by a comma or ] (line 1, column 10)" },

	/* ---- strings that cannot be C strings */
	{ OCISPEC_CONFIG, "{\"ociVersion\":\"1\",\"hostname\":\"a\\u0000b\"}",
	    "hostname: \\u0000 is not allowed in a string (line 1, column 32)" },
	{ OCISPEC_CONFIG,
	    "{\"mounts\":[{\"destination\":\"/\"},\n{\"options\":[\"ro\",\"\xff\"]}]}",
	    "mounts[1].options[1]: the text is not valid UTF-8 (line 2, column 19)" },
	{ OCISPEC_CONFIG, "{\"annotations\":{\"\xc0\xaf\":\"\"}}",
	    "annotations: the text is not valid UTF-8 (line 1, column 18)" },
	{ OCISPEC_CONFIG, "{\"x\":\"\xed\xa0\x80\"}",
	    "the text is not valid UTF-8 (line 1, column 7)" },
	{ OCISPEC_CONFIG, "{\"x\":\"\xf4\x90\x80\x80\"}",
	    "the text is not valid UTF-8 (line 1, column 7)" },
	{ OCISPEC_CONFIG, "{\"x\":\"\xe2\x82\"}",
	    "the text is not valid UTF-8 (line 1, column 7)" },
	{ OCISPEC_CONFIG, "{\"hostname\":\"\\ud800\"}",
	    "hostname: half of a surrogate pair in a string (line 1, column 14)" },
	{ OCISPEC_CONFIG, "{\"hostname\":\"\\ud800\\u0041\"}",
	    "hostname: half of a surrogate pair in a string (line 1, column 14)" },
	{ OCISPEC_CONFIG, "{\"hostname\":\"\\udc00\"}",
	    "hostname: half of a surrogate pair in a string (line 1, column 14)" },
	{ OCISPEC_CONFIG, "{\"x\":\"\\\\\\u0000\"}",
	    "\\u0000 is not allowed in a string (line 1, column 9)" },

	/* ---- twice */
	{ OCISPEC_CONFIG, "{\"hostname\":\"a\",\n \"hostname\":\"a\"}",
	    "hostname: the key is there twice (line 2, column 2)" },
	{ OCISPEC_CONFIG, "{\"hostname\":null,\"hostname\":\"a\"}",
	    "hostname: the key is there twice (line 1, column 18)" },
	{ OCISPEC_CONFIG, "{\"annotations\":{\"x.y\":\"1\",\"z\":\"\",\"x\\u002ey\":\"2\"}}",
	    "annotations[\"x.y\"]: the key is there twice (line 1, column 34)" },
	{ OCISPEC_CONFIG, "{\"linux\":{\"timeOffsets\":{\"a\":{},\"a\":{}}}}",
	    "linux.timeOffsets[\"a\"]: the key is there twice (line 1, column 33)" },

	/* ---- another type */
	{ OCISPEC_CONFIG, "[]", "expected an object, found a list (line 1, column 1)" },
	{ OCISPEC_CONFIG, " 12 ", "expected an object, found number 12 (line 1, column 2)" },
	{ OCISPEC_CONFIG, "12", "expected an object, found number 12 (line 1, column 1)" },
	{ OCISPEC_CONFIG, "null", "expected an object, found null (line 1, column 1)" },
	{ OCISPEC_CONFIG, "{\"linux\":{\"resources\":{\"pids\":{\n  \"limit\":\"many\"}}}}",
	    "linux.resources.pids.limit: expected an integer, found string \"many\" "
	    "(line 2, column 11)" },
	{ OCISPEC_CONFIG, "{\"linux\":{\"namespaces\":[{\"type\":\"pid\"},{\"type\":7}]}}",
	    "linux.namespaces[1].type: expected a string, found number 7 (line 1, column 48)" },
	{ OCISPEC_CONFIG, "{\"annotations\":{\"x.y\":true}}",
	    "annotations[\"x.y\"]: expected a string, found true (line 1, column 23)" },
	{ OCISPEC_CONFIG, "{\"annotations\":[]}",
	    "annotations: expected an object, found a list (line 1, column 16)" },
	{ OCISPEC_CONFIG, "{\"mounts\":{}}",
	    "mounts: expected a list, found an object (line 1, column 11)" },
	{ OCISPEC_CONFIG, "{\"mounts\":[null]}",
	    "mounts[0]: expected an object, found null (line 1, column 12)" },
	{ OCISPEC_CONFIG, "{\"annotations\":{\"a\":null}}",
	    "annotations[\"a\"]: expected a string, found null (line 1, column 21)" },
	{ OCISPEC_CONFIG, "{\"root\":{\"path\":null}}",
	    "root.path: expected a string, found null (line 1, column 17)" },
	{ OCISPEC_CONFIG, "{\"root\":{\"path\":\"r\",\"readonly\":0}}",
	    "root.readonly: expected true or false, found number 0 (line 1, column 32)" },
	{ OCISPEC_PROCESS, "{\"args\":[\"a\",[\"b\"]]}",
	    "args[1]: expected a string, found a list (line 1, column 14)" },
	{ OCISPEC_PROCESS, "{\"args\":\"sh -c 'something that is longer than forty bytes'\"}",
	    "args: expected a list, found string \"sh -c 'something that is longer than for...\" "
	    "(line 1, column 9)" },
	{ OCISPEC_PROCESS, "{\"args\":\"two\\nlines\"}",
	    "args: expected a list, found string \"two?lines\" (line 1, column 9)" },
	{ OCISPEC_STATE, "{\"pid\":false}",
	    "pid: expected an integer, found false (line 1, column 8)" },
	{ OCISPEC_FEATURES, "{\"linux\":{\"cgroup\":{\"v1\":\"yes\"}}}",
	    "linux.cgroup.v1: expected true or false, found string \"yes\" (line 1, column 26)" },

	/* ---- numbers */
	{ OCISPEC_RESOURCES, "{\"memory\":{\"limit\":1.5}}",
	    "memory.limit: expected an integer without fraction or exponent, found number 1.5 "
	    "(line 1, column 20)" },
	{ OCISPEC_RESOURCES, "{\"memory\":{\"limit\":1e3}}",
	    "memory.limit: expected an integer without fraction or exponent, found number 1e3 "
	    "(line 1, column 20)" },
	{ OCISPEC_RESOURCES, "{\"memory\":{\"limit\":9223372036854775808}}",
	    "memory.limit: expected an integer from -9223372036854775808 to 9223372036854775807, "
	    "found number 9223372036854775808 (line 1, column 20)" },
	{ OCISPEC_RESOURCES, "{\"cpu\":{\"shares\":18446744073709551616}}",
	    "cpu.shares: expected an integer from 0 to 18446744073709551615, "
	    "found number 18446744073709551616 (line 1, column 18)" },
	{ OCISPEC_RESOURCES, "{\"cpu\":{\"shares\":-1}}",
	    "cpu.shares: expected an integer from 0 to 18446744073709551615, found number -1 "
	    "(line 1, column 18)" },
	{ OCISPEC_RESOURCES, "{\"blockIO\":{\"weight\":65536}}",
	    "blockIO.weight: expected an integer from 0 to 65535, found number 65536 "
	    "(line 1, column 22)" },
	{ OCISPEC_PROCESS, "{\"oomScoreAdj\":-2147483649}",
	    "oomScoreAdj: expected an integer from -2147483648 to 2147483647, "
	    "found number -2147483649 (line 1, column 16)" },
	{ OCISPEC_PROCESS, "{\"user\":{\"uid\":4294967296}}",
	    "user.uid: expected an integer from 0 to 4294967295, found number 4294967296 "
	    "(line 1, column 16)" },

	/* ---- missing */
	{ OCISPEC_CONFIG, "{}",
	    "ociVersion: required, but missing from the object that ends here (line 1, column 2)" },
	{ OCISPEC_CONFIG, "{\"mounts\":[{\"destination\":\"/\"},{\"type\":\"t\"}]}",
	    "mounts[1].destination: required, but missing from the object that ends here "
	    "(line 1, column 43)" },
	{ OCISPEC_CONFIG, "{\"linux\":{\"seccomp\":{\"defaultAction\":\"a\",\"syscalls\":[{}]}}}",
	    "linux.seccomp.syscalls[0].names: required, but missing from the object that ends here "
	    "(line 1, column 55)" },
};

static void
check_bad(const struct bad *bad)
{
	struct pile pile = PILE;
	struct ocispec_error err = { .text = "" };
	void *document = pile_alloc(&pile, ocispec_size(bad->type));

	EQ_INT(read_text(&pile, bad->text, bad->type, document, &err), -1, bad->complaint);
	EQ_STR(err.text, bad->complaint, "  is said");
	pile_free(&pile);
}

/* The parts of an error, beside the sentence made of them. */
static void
check_parts(void)
{
	struct pile pile = PILE;
	struct ocispec_error err;
	struct ocispec_config config;

	EQ_INT(read_text(&pile, "{\n \"mounts\":[{\"type\":3}]}", OCISPEC_CONFIG, &config, &err),
	    -1, "the parts of an error");
	EQ_STR(err.path, "mounts[0].type", "  path");
	EQ_STR(err.expected, "a string", "  expected");
	EQ_STR(err.found, "number 3", "  found");
	EQ_INT(err.line, 2, "  line");
	EQ_INT(err.column, 20, "  column");
	pile_free(&pile);
}

/* ---- limits */

static const struct ocispec_limits small = {
	.depth = 4, .string_bytes = 8, .list_items = 3, .map_entries = 2
};

static const struct {
	const char *text;
	const char *complaint; /* NULL: just within */
} limited[] = {
	{ "{\"cwd\":\"/\",\"x\":[[[]]]}", NULL },
	{ "{\"cwd\":\"/\",\"x\":[[[[]]]]}",
	    "objects and lists nest deeper than 4 (line 1, column 19)" },
	{ "{\"cwd\":\"12345678\"}", NULL },
	{ "{\"cwd\":\"123456789\"}", "cwd: a string of more than 8 bytes (line 1, column 8)" },
	{ "{\"123456789\":0}", "a string of more than 8 bytes (line 1, column 2)" },
	{ "{\"cwd\":\"/\",\"env\":[\"\",\"\",\"\"]}", NULL },
	{ "{\"cwd\":\"/\",\"env\":[\"\",\"\",\"\",\"\"]}",
	    "env[3]: more than 3 items (line 1, column 28)" },
};

static void
check_limits(void)
{
	for (size_t i = 0; i < sizeof(limited) / sizeof(limited[0]); i++) {
		struct pile pile = PILE;
		struct ocispec_error err = { .text = "" };
		struct ocispec_process process;

		EQ_INT(read_bytes(&pile, limited[i].text, strlen(limited[i].text), OCISPEC_PROCESS,
			   &small, &process, &err),
		    limited[i].complaint ? -1 : 0, limited[i].text);
		EQ_STR(err.text, limited[i].complaint ? limited[i].complaint : "", "  and says so");
		pile_free(&pile);
	}
}

static void
check_map_limit(void)
{
	static const char text[] = "{\"unified\":{\"a\":\"\",\"b\":\"\",\"c\":\"\"}}";
	struct ocispec_limits limits = { .map_entries = 2 };
	struct pile pile = PILE;
	struct ocispec_error err;
	struct ocispec_resources resources;

	EQ_INT(read_bytes(&pile, text, strlen(text), OCISPEC_RESOURCES, &limits, &resources, &err),
	    -1, "a map of three where two are allowed");
	EQ_STR(
	    err.text, "unified[\"c\"]: more than 2 entries (line 1, column 27)", "  and says so");
	pile_free(&pile);
}

static void
check_document_limit(void)
{
	static const char text[] = "{\"cwd\":\"/\"}";
	struct ocispec_limits limits = { .document_bytes = sizeof(text) - 1 };
	struct pile pile = PILE;
	struct ocispec_error err;
	struct ocispec_process process;

	EQ_INT(read_bytes(&pile, text, sizeof(text) - 1, OCISPEC_PROCESS, &limits, &process, &err),
	    0, "a document as large as it may be");
	limits.document_bytes--;
	EQ_INT(read_bytes(&pile, text, sizeof(text) - 1, OCISPEC_PROCESS, &limits, &process, &err),
	    -1, "a document of one byte more");
	EQ_STR(err.text, "the document is too large", "  and says so");
	pile_free(&pile);
}

/* The default depth, in a key that nothing describes. */
static void
check_deep(size_t depth, int want)
{
	struct pile pile = PILE;
	struct ocispec_error err;
	struct ocispec_process process;
	struct buffer text = { NULL, 0 };
	int written = buffer_write(&text, "{\"cwd\":\"/\",\"x\":", 15);

	for (size_t i = 1; i < depth; i++)
		written |= buffer_write(&text, "[", 1);
	for (size_t i = 1; i < depth; i++)
		written |= buffer_write(&text, "]", 1);
	written |= buffer_write(&text, "}", 1);
	EQ_INT(written, 0, "a deep document");
	EQ_INT(read_text(&pile, text.text, OCISPEC_PROCESS, &process, &err), want, "  is read");
	free(text.text);
	pile_free(&pile);
}

/* ---- a sample cut after each byte, and with less and less memory */

static struct buffer
sample(void)
{
	const char *folder = getenv("OSLESS_SAMPLES");
	char path[4096];

	(void)snprintf(
	    path, sizeof(path), "%s/ctr-user1000.config.json", folder ? folder : "tests/samples");
	return read_file(path);
}

static int
fails_whole(const char *text, size_t length, long allocations)
{
	struct pile pile = { NULL, allocations };
	struct ocispec_error err = { .text = "" };
	struct ocispec_config config;
	int failed = read_bytes(&pile, text, length, OCISPEC_CONFIG, NULL, &config, &err) < 0;

	pile_free(&pile);
	return failed && err.text[0] != '\0';
}

static void
check_truncated(const struct buffer *file)
{
	size_t end = file->length, failed = 0;

	while (end > 0 && file->text[end - 1] != '}') /* what follows the last brace is blank */
		end--;
	for (size_t length = 0; length < end; length++)
		failed += (size_t)fails_whole(file->text, length, -1);
	EQ_INT(failed, end, "a document cut after each of its bytes is refused with a reason");
}

static void
check_memory(const struct buffer *file)
{
	long needed = 0;

	while (needed < 10000 && fails_whole(file->text, file->length, needed))
		needed++;
	OK(needed > 10 && needed < 10000, "each allocation may fail");
}

int
main(void)
{
	struct buffer file = sample();

	for (size_t i = 0; i < sizeof(bads) / sizeof(bads[0]); i++)
		check_bad(&bads[i]);
	check_parts();
	check_limits();
	check_map_limit();
	check_document_limit();
	check_deep(32, 0);
	check_deep(33, -1);
	check_deep(100000, -1);
	OK(file.text, "a sample to cut");
	if (file.text) {
		check_truncated(&file);
		check_memory(&file);
	}
	free(file.text);
	DONE();
}
