/* Two columns: what to type, what it does. contrib's completion reads this output too. */
#include "cli/help.h"

#include "cli/verbs.h"

#define LEFT_WIDTH 30

static void
print_option(const struct option_row *row, FILE *out)
{
	int width = fprintf(out, "  --%s", row->name);

	if (row->letter)
		width += fprintf(out, ", -%s", row->letter);
	if (row->value)
		width += fprintf(out, " %s", row->value);
	fprintf(out, "%*s%s\n", width < LEFT_WIDTH ? LEFT_WIDTH - width : 2, "", row->help);
}

static void
print_options(const struct option_row *rows, FILE *out)
{
	for (; rows->name; rows++)
		print_option(rows, out);
}

void
help_print(const struct option_row *globals, FILE *out)
{
	fputs("usage: osless [GLOBAL OPTIONS] VERB [OPTIONS] [ARGUMENTS]\n\n"
	      "Runs OCI bundles without what production does not need: no terminal, no users,\n"
	      "few system calls, and a supervision tree built in.\n\nverbs:\n",
	    out);
	for (const struct verb *verb = verbs; verb->name; verb++)
		fprintf(out, "  %-*s%s\n", LEFT_WIDTH - 2, verb->name, verb->help);
	fputs("\nglobal options:\n", out);
	print_options(globals, out);
	fputs("\n\"osless VERB --help\" shows a verb's options; osless(1) explains them.\n", out);
}

void
help_print_verb(const struct verb *verb, FILE *out)
{
	const char *usage = verb_shapes[verb->words].usage;

	fprintf(out, "usage: osless [GLOBAL OPTIONS] %s [OPTIONS]%s%s\n\n%s\n\noptions:\n",
	    verb->name, *usage ? " " : "", usage, verb->help);
	for (int i = 0; verb->options[i]; i++)
		print_options(verb->options[i], out);
}
