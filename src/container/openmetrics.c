/* Writing OpenMetrics. */
#include "container/openmetrics.h"

#include <inttypes.h>

static const char *
type_word(enum openmetrics_type type)
{
	return type == OPENMETRICS_COUNTER ? "counter" : "gauge";
}

void
openmetrics_begin(FILE *out, const struct openmetrics_family *family)
{
	(void)fprintf(out, "# TYPE %s %s\n", family->name, type_word(family->type));
	if (family->unit)
		(void)fprintf(out, "# UNIT %s %s\n", family->name, family->unit);
	(void)fprintf(out, "# HELP %s %s\n", family->name, family->help);
}

/* Backslash, quote and newline are escaped; the rest is UTF-8 by contract, and what is not is the
 * reader's to refuse: so control characters and bytes beyond ASCII become '?'. */
static void
put_value(FILE *out, const char *value)
{
	for (; *value; value++) {
		unsigned char c = (unsigned char)*value;

		if (c == '\n')
			(void)fputs("\\n", out);
		else if (c == '\\' || c == '"')
			(void)fprintf(out, "\\%c", c);
		else
			(void)fputc(c < 0x20 || c > 0x7e ? '?' : c, out);
	}
}

static void
put_name(FILE *out, const struct openmetrics_family *family, const struct openmetrics_label *labels)
{
	(void)fprintf(
	    out, "%s%s", family->name, family->type == OPENMETRICS_COUNTER ? "_total" : "");
	for (int i = 0; labels[i].name; i++) {
		(void)fprintf(out, "%s%s=\"", i ? "," : "{", labels[i].name);
		put_value(out, labels[i].value);
		(void)fputc('"', out);
	}
	if (labels[0].name)
		(void)fputc('}', out);
}

void
openmetrics_sample(FILE *out, const struct openmetrics_family *family,
    const struct openmetrics_label *labels, double value)
{
	put_name(out, family, labels);
	(void)fprintf(out, " %.6f\n", value);
}

void
openmetrics_count(FILE *out, const struct openmetrics_family *family,
    const struct openmetrics_label *labels, uint64_t value)
{
	put_name(out, family, labels);
	(void)fprintf(out, " %" PRIu64 "\n", value);
}

void
openmetrics_end(FILE *out)
{
	(void)fputs("# EOF\n", out);
}
