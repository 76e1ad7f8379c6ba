/* OpenMetrics text: names, escapes. */
#include "tap.h"

#include "container/openmetrics.h"

#include <stdlib.h>

int
main(void)
{
	static const struct openmetrics_family counter = { "x_kills", OPENMETRICS_COUNTER, NULL,
		"Kills." };
	static const struct openmetrics_family gauge = { "x_start_seconds", OPENMETRICS_GAUGE,
		"seconds", "Start." };
	static const struct openmetrics_label none[] = { { NULL, NULL } };
	static const struct openmetrics_label labels[] = { { "id", "a\"b\\c\nd\033\xff" },
		{ "kind", "" }, { NULL, NULL } };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	openmetrics_begin(out, &counter);
	openmetrics_count(out, &counter, labels, UINT64_MAX);
	openmetrics_count(out, &counter, none, 0);
	openmetrics_begin(out, &gauge);
	openmetrics_sample(out, &gauge, none, 1.5);
	openmetrics_end(out);
	(void)fclose(out);
	EQ_STR(text,
	    "# TYPE x_kills counter\n"
	    "# HELP x_kills Kills.\n"
	    "x_kills_total{id=\"a\\\"b\\\\c\\nd??\",kind=\"\"} 18446744073709551615\n"
	    "x_kills_total 0\n"
	    "# TYPE x_start_seconds gauge\n"
	    "# UNIT x_start_seconds seconds\n"
	    "# HELP x_start_seconds Start.\n"
	    "x_start_seconds 1.500000\n"
	    "# EOF\n",
	    "families, samples, escapes");
	free(text);
	DONE();
}
