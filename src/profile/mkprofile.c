/* Build-time generator: compiles the system-call table for every architecture and variant and
 * writes profile_data.c to standard output; with --manual, the manual page of the table. Runs on
 * the build machine; needs no library. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "profile/compile.h"
#include "profile/manual.h"

static const struct {
	const char *condition;
	enum profile_arch arch;
} arches[] = {
	{ "#if defined(__x86_64__)", PROFILE_X86_64 },
	{ "#elif defined(__aarch64__)", PROFILE_AARCH64 },
};

/* The instructions as a C array's. */
static void
write_code(const struct compile_out *out)
{
	printf("[] = {\n");
	for (unsigned i = 0; i < out->length; i++)
		printf("\t{ 0x%02x, %u, %u, 0x%08x },\n", (unsigned)out->code[i].code,
		    (unsigned)out->code[i].jt, (unsigned)out->code[i].jf, (unsigned)out->code[i].k);
	printf("};\n");
}

static const char *const ids_words[PROFILE_IDS] = {
	[PROFILE_ONE_ID] = "one_id",
	[PROFILE_REAL_IDS] = "real_ids",
	[PROFILE_TOLD_IDS] = "told_ids",
	[PROFILE_ROOT_IDS] = "root_ids",
};

static void
write_name(const struct compile_variant *variant)
{
	printf("%s_%s_%s", variant->tier == PROFILE_MINIMAL ? "minimal" : "gvisor",
	    variant->mode == PROFILE_AUDIT ? "audit" : "enforce", ids_words[variant->ids]);
}

static int
write_filter(const struct compile_variant *variant, struct error *err)
{
	struct compile_out out;

	if (compile_table(profile_calls, profile_calls_count, variant, &out, err) < 0)
		return -1;
	printf("\nstatic const struct sock_filter ");
	write_name(variant);
	write_code(&out);
	free(out.code);
	return 0;
}

/* The table with two classes only: pretended, whose answer is errno 0, for the quiet calls, and
 * allowed. */
static struct profile_call *
sorted_calls(void)
{
	struct profile_call *calls = calloc(profile_calls_count, sizeof(*calls));

	for (size_t i = 0; calls && i < profile_calls_count; i++) {
		int quiet = profile_calls[i].class == PROFILE_DENY_QUIET;

		calls[i] = profile_calls[i];
		calls[i].class = quiet ? PROFILE_PRETEND : PROFILE_ALLOW;
	}
	return calls;
}

static int
write_quiet(enum profile_arch arch, struct error *err)
{
	const struct compile_variant variant = { .arch = arch };
	struct profile_call *calls = sorted_calls();
	struct compile_out out;
	int result;

	if (!calls)
		return error_set(err, "sort the quiet calls: out of memory");
	result = compile_table(calls, profile_calls_count, &variant, &out, err);
	free(calls);
	if (result < 0)
		return -1;
	printf("\nstatic const struct sock_filter quiet");
	write_code(&out);
	free(out.code);
	printf("\nconst struct profile_filter profile_quiet_filter = {\n"
	       "\tquiet, sizeof(quiet) / sizeof(struct sock_filter)\n};\n");
	return 0;
}

static int
write_index_row(const struct compile_variant *variant, struct error *err)
{
	(void)err; /* the signature of write_filter: one walk does both */
	printf("\t[%d][%d][%d] = { ", (int)variant->tier, (int)variant->mode, (int)variant->ids);
	write_name(variant);
	printf(", sizeof(");
	write_name(variant);
	printf(") / sizeof(struct sock_filter) },\n");
	return 0;
}

typedef int write_variant(const struct compile_variant *variant, struct error *err);

static int
each_variant(enum profile_arch arch, write_variant *write, struct error *err)
{
	for (int i = 0; i < PROFILE_TIERS * PROFILE_MODES * PROFILE_IDS; i++) {
		struct compile_variant variant = {
			.arch = arch,
			.tier = (enum profile_tier)(i / (PROFILE_MODES * PROFILE_IDS)),
			.mode = (enum profile_mode)(i / PROFILE_IDS % PROFILE_MODES),
			.ids = (enum profile_ids)(i % PROFILE_IDS),
		};

		if (write(&variant, err) < 0)
			return -1;
	}
	return 0;
}

static int
write_all(struct error *err)
{
	printf("/* Made by mkprofile from syscalls.def and rules.c: do not edit. */\n"
	       "#include \"profile/profile_data.h\"\n\n");
	for (size_t i = 0; i < sizeof(arches) / sizeof(arches[0]); i++) {
		printf("%s\n", arches[i].condition);
		if (each_variant(arches[i].arch, write_filter, err) < 0 ||
		    write_quiet(arches[i].arch, err) < 0)
			return -1;
		printf("\nconst struct profile_filter "
		       "profile_filters[PROFILE_TIERS][PROFILE_MODES][PROFILE_IDS] = {\n");
		(void)each_variant(arches[i].arch, write_index_row, err); /* cannot fail */
		printf("};\n\n");
	}
	printf("#else\n#error \"osless has system-call filters for x86_64 and aarch64 only\"\n"
	       "#endif\n");
	return 0;
}

int
main(int argc, char **argv)
{
	struct error err;

	if (argc > 1 && strcmp(argv[1], "--manual") == 0) {
		manual_write(stdout);
	} else if (write_all(&err) < 0) {
		fprintf(stderr, "mkprofile: %s\n", err.text);
		return 1;
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("mkprofile: write");
		return 1;
	}
	return 0;
}
