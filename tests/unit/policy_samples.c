/* Every config.json that engines sent (samples/) becomes a plan, which survives its image; and
 * holds what is promised of every plan. */
#include "policy_help.h"

#include "plan/image.h"
#include "plan/print.h"
#include "plan_fill.h"
#include "policy/report_print.h"
#include "tap.h"

#include <sys/stat.h>

#define SUFFIX ".config.json"
#define SAMPLE_MAX (1u << 20)

static char *
read_sample(const char *directory, const char *name, size_t *size)
{
	static char text[SAMPLE_MAX];
	char path[4096];
	FILE *in;

	(void)snprintf(path, sizeof(path), "%s/%s", directory, name);
	in = fopen(path, "r");
	if (!in)
		return NULL;
	*size = fread(text, 1, sizeof(text), in);
	(void)fclose(in); /* only read */
	return text;
}

static void
check_terminals(const struct plan *plan)
{
	int found = 0;

	for (uint64_t i = 0; i < plan->mounts.count; i++) {
		const char *type = plan->mounts.items[i].type;

		found += type && strcmp(type, "devpts") == 0;
	}
	for (uint64_t i = 0; i < plan->devices.count; i++) {
		const struct plan_device *device = &plan->devices.items[i];

		found += S_ISCHR(device->mode) && device->major >= 2 && device->major <= 5;
	}
	EQ_INT(found, 0, "no terminals");
}

static void
check_image(struct bench *b)
{
	size_t size = 0;
	void *image = plan_encode(&b->plan, &size, &b->err);
	struct plan *back = image ? plan_decode(image, size, &b->err) : NULL;

	OK(back, "goes through its image");
	if (back)
		EQ_STR(fill_differs((const unsigned char *)&b->plan, (const unsigned char *)back,
			   &record_plan),
		    NULL, "unchanged");
	free(image);
}

static void
check_print(const struct bench *b)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	plan_print_text(&b->plan, out);
	plan_print_json(&b->plan, 0, out);
	report_print_text(&b->report, out);
	report_print_json(&b->report, 0, out);
	(void)fclose(out); /* sets text */
	HAS_STR(text, "rootfs: /", "is printed");
	free(text);
}

static void
test_sample(const char *directory, const char *name)
{
	struct bench b;
	size_t size = 0;
	char *text = read_sample(directory, name, &size);
	int parsed;

	bench_start(&b);
	memset(&b.spec, 0, sizeof(b.spec));
	parsed = text ? spec_parse(name, text, size, "/bundle", &b.arena, &b.spec, &b.err) : -1;
	EQ_INT(parsed, 0, name);
	if (parsed == 0) {
		EQ_STR(bench_compile(&b) < 0 ? b.err.text : NULL, NULL, "compiles");
		EQ_STR(policy_filters(&b.spec, NULL, &b.arena, &b.plan, &b.report, &b.err) < 0
			   ? b.err.text
			   : NULL,
		    NULL, "filters too");
		check_terminals(&b.plan);
		EQ_INT(b.plan.process.uid,
		    b.spec.process.uid ? b.spec.process.uid
		    : b.plan.uid_map.count && b.plan.uid_map.items[0].size < 65535 ? 4999
										   : 65534,
		    "uid");
		check_image(&b);
		check_print(&b);
	} else {
		printf("# %s\n", b.err.text);
	}
	bench_end(&b);
}

int
main(void)
{
	OK(bench_samples(SUFFIX, test_sample) >= 20, "samples were found");
	DONE();
}
