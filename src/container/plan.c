/* plan: what would be done, and why; nothing is. */
#include "container/compile.h"

#include "base/error.h"
#include "plan/print.h"
#include "policy/report_print.h"

int
container_plan(const struct container_host *host, const char *id,
    const struct container_options *options, enum container_plan_format format, FILE *out,
    struct error *err)
{
	struct compiled compiled = { 0 };
	int result =
	    compile_bundle(host, id ? id : "ID", options, COMPILE_UNCACHED, &compiled, err);

	if (result == 0 && format == PLAN_JSON) {
		(void)fputs("{\n\t\"plan\": ", out); /* as above */
		plan_print_json(&compiled.plan, 1, out);
		(void)fputs(",\n\t\"report\": ", out);
		report_print_json(&compiled.report, 1, out);
		(void)fputs("\n}\n", out);
	} else if (result == 0) {
		plan_print_text(&compiled.plan, out);
		(void)fputs("\n", out);
		report_print_text(&compiled.report, out);
	}
	compiled_free(&compiled);
	return result;
}
