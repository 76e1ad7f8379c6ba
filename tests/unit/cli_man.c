/* man/osless.1 against the tables: each verb and option is in the page, and the page has no others.
 *
 * The page's shape that this relies on: global options stand under .SH "GLOBAL OPTIONS", verbs
 * under .SH VERBS, one .SS "verb ..." each; the line after .TP is an option's. */
#include "cli/globals.h"
#include "base/error.h"
#include "cli/verbs.h"
#include "tests/unit/tap.h"

#define OPTIONS_MAX 32
#define LINE_BYTES 512

/* The part of the page that is being read, and which of its options were seen. */
struct section {
	const char *name; /* NULL: text that lists no options */
	const struct option_row *rows[OPTIONS_MAX];
	int seen[OPTIONS_MAX];
	int count;
};

static struct section section;
static int in_verbs;
static int verbs_seen;

static void
add_rows(const struct option_row *rows)
{
	for (; rows->name && section.count < OPTIONS_MAX; rows++)
		section.rows[section.count++] = rows;
}

/* --help is said once, for all verbs. */
static int
is_everywhere(const struct option_row *row)
{
	return in_verbs && strcmp(row->name, "help") == 0;
}

static void
end_section(void)
{
	char text[128];

	for (int i = 0; section.name && i < section.count; i++) {
		if (is_everywhere(section.rows[i]))
			continue;
		(void)snprintf(text, sizeof(text), "%s: the page has --%s", section.name,
		    section.rows[i]->name);
		OK(section.seen[i], text);
	}
	section = (struct section) { .name = NULL };
}

static void
start_main_section(const char *title)
{
	end_section();
	in_verbs = strcmp(title, "VERBS") == 0;
	if (strcmp(title, "GLOBAL OPTIONS") != 0)
		return;
	section.name = "global options";
	add_rows(global_options);
}

static void
start_verb(char *heading)
{
	const struct verb *verb;
	struct error err;
	char text[600];

	end_section();
	heading[strcspn(heading, " ")] = '\0';
	verb = verb_find(heading, &err);
	(void)snprintf(text, sizeof(text), "the page's verb %s exists", heading);
	OK(verb, text);
	if (!verb)
		return;
	verbs_seen++;
	section.name = verb->name;
	for (int i = 0; verb->options[i]; i++)
		add_rows(verb->options[i]);
}

static void
see_option(const char *line)
{
	const char *name = strstr(line, "--");
	size_t length = name ? strspn(name + 2, "abcdefghijklmnopqrstuvwxyz0123456789-") : 0;

	if (!section.name)
		return;
	for (int i = 0; name && i < section.count; i++)
		if (strlen(section.rows[i]->name) == length &&
		    strncmp(section.rows[i]->name, name + 2, length) == 0) {
			section.seen[i] = 1;
			return;
		}
	OK(0, "an option of the page exists");
	printf("#   %s: %s\n", section.name, line);
}

/* Takes out what only nroff reads: backslashes and quotes, and the line's end. */
static void
strip_markup(char *line)
{
	char *to = line;

	for (const char *from = line; *from && *from != '\n'; from++)
		if (*from != '\\' && *from != '"')
			*to++ = *from;
	*to = '\0';
}

static void
read_page(FILE *page)
{
	char line[LINE_BYTES];
	int after_tp = 0;

	while (fgets(line, sizeof(line), page)) {
		strip_markup(line);
		if (strncmp(line, ".SH ", 4) == 0)
			start_main_section(line + 4);
		else if (in_verbs && strncmp(line, ".SS ", 4) == 0)
			start_verb(line + 4);
		else if (after_tp)
			see_option(line);
		after_tp = strcmp(line, ".TP") == 0;
	}
	end_section();
}

/* Unit tests run in the source directory. */
#define PAGE "man/osless.1"

int
main(void)
{
	const struct verb *verb = verbs;
	FILE *page = fopen(PAGE, "re");

	if (!page) {
		perror(PAGE);
		return 1;
	}
	read_page(page);
	(void)fclose(page); /* only read */
	while (verb->name)
		verb++;
	EQ_INT(verbs_seen, verb - verbs, "the page has every verb");
	DONE();
}
