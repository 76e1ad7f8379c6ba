/* JSON pieces: commas, indentation, empty objects. */
#include "tap.h"

#include "container/json.h"

#include <stdlib.h>

static char *
write_sample(enum json_style style)
{
	char *text = NULL;
	size_t size = 0;
	struct json json = { .out = open_memstream(&text, &size), .style = style };

	json_open(&json, NULL, '{');
	json_text(&json, "a", "x\"y\n");
	json_open(&json, "empty", '[');
	json_close(&json, ']');
	json_open(&json, "list", '[');
	json_signed(&json, NULL, -1);
	json_open(&json, NULL, '{');
	json_close(&json, '}');
	json_close(&json, ']');
	json_text_if(&json, "none", NULL);
	json_number_if(&json, "zero", 0);
	json_number_if(&json, "n", UINT64_MAX);
	json_close(&json, '}');
	json_end(&json);
	(void)fclose(json.out);
	return text;
}

int
main(void)
{
	char *text = write_sample(JSON_LINE);

	EQ_STR(text,
	    "{\"a\":\"x\\\"y\\n\",\"empty\":[],\"list\":[-1,{}],\"n\":18446744073709551615}\n",
	    "on one line");
	free(text);
	text = write_sample(JSON_PRETTY);
	EQ_STR(text,
	    "{\n\t\"a\": \"x\\\"y\\n\",\n\t\"empty\": [],\n\t\"list\": [\n\t\t-1,\n\t\t{}\n\t],\n"
	    "\t\"n\": 18446744073709551615\n}\n",
	    "indented");
	free(text);
	DONE();
}
