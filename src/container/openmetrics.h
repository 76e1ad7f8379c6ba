/* Text in the OpenMetrics form (the successor of Prometheus' exposition format): families, each
 * with TYPE and HELP, then its samples. Pure. For this folder only. */
#ifndef OSLESS_CONTAINER_OPENMETRICS_H
#define OSLESS_CONTAINER_OPENMETRICS_H

#include <stdint.h>
#include <stdio.h>

enum openmetrics_type {
	OPENMETRICS_GAUGE,
	OPENMETRICS_COUNTER, /* its samples' names end in _total */
};

struct openmetrics_family {
	const char *name; /* without _total */
	enum openmetrics_type type;
	const char *unit; /* "seconds", and then the name ends so; NULL: none */
	const char *help;
};

#define OPENMETRICS_LABELS_MAX 4

/* name NULL ends them. Values may hold anything. */
struct openmetrics_label {
	const char *name;
	const char *value;
};

void openmetrics_begin(FILE *out, const struct openmetrics_family *family);

/* A sample of the family that was begun last. */
void openmetrics_sample(FILE *out, const struct openmetrics_family *family,
    const struct openmetrics_label *labels, double value);

/* A whole number, exact. */
void openmetrics_count(FILE *out, const struct openmetrics_family *family,
    const struct openmetrics_label *labels, uint64_t value);

void openmetrics_end(FILE *out);

#endif
