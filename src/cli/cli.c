/* Command line to verb: global options, log, verb, its options, its words; then the verb runs. */
#include "cli/cli.h"

#include "base/error.h"
#include "base/log.h"
#include "base/userns.h"
#include "cli/globals.h"
#include "cli/help.h"
#include "cli/verbs.h"
#include "cli/version.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ID_SHOWN 128 /* bytes before an error: a hostile ID must not push it out of the text */

static int
take_words(struct command *command, const struct words *words, const char *help, struct error *err)
{
	const struct verb_shape *shape = &verb_shapes[command->verb->words];

	if (words->count < shape->least)
		return error_set(
		    err, "%s needs the container's ID: see %s", command->verb->name, help);
	if (words->count > shape->most)
		return error_set(err, "one argument too many for %s, \"%s\": see %s",
		    command->verb->name, words->at[shape->most], help);
	if (shape->least)
		command->id = words->at[0];
	if (words->count > shape->least)
		command->word = words->at[shape->least];
	command->ids = (const char *const *)words->at;
	command->id_count = (size_t)words->count;
	command->rest = words->at + shape->least;
	command->rest_count = words->count - shape->least;
	if (command->rest_count && strcmp(command->rest[0], "--") == 0) {
		command->rest++; /* "exec ID -- ls" means ls, as with others of its kind */
		command->rest_count--;
	}
	return 0;
}

/* The verb's own options and words. */
static int
parse_command(struct command *command, struct words *words, struct error *err)
{
	const struct verb *verb = command->verb;
	int are_others = verb->words == NEEDS_ID_TAKES_PROGRAM ||
			 verb->words == NEEDS_ID_TAKES_PS_OPTIONS; /* options after the ID */
	enum options_place place = are_others ? OPTIONS_FIRST : OPTIONS_ANYWHERE;
	char help[64];

	if (verb->words == TAKES_ANYTHING)
		return 0;
	(void)snprintf(help, sizeof(help), "osless %s --help", verb->name); /* verbs are short */
	if (options_parse(verb->options, place, words, &command->options, help, err) < 0)
		return -1;
	return command->options.help ? 0 : take_words(command, words, help, err);
}

/* Verbs on a container that another version has made are that one's to do. argv: as it was given.
 */
static int
run_kept(const struct command *command, char *const argv[], struct error *err)
{
	const char *id = command->id;

	if (command->verb->words == TAKES_IDS && command->id_count == 1)
		id = command->ids[0];
	if (!id || command->verb->words == NEEDS_NEW_ID)
		return 0;
	return container_run_kept(&command->host, id, argv, err);
}

static int
run_verb(const struct command *command, char *const argv[], struct error *err)
{
	const struct verb *verb = command->verb;
	int status;

	if (command->options.help) {
		help_print_verb(verb, stdout);
		return 0;
	}
	status = run_kept(command, argv, err);
	if (status == 0)
		status = verb->run(command, err);
	if (status < 0 && command->id)
		return error_in(err, "%s %.*s", verb->name, ID_SHOWN, command->id);
	return status;
}

static int
run_words(struct words *words, char *const argv[], const struct globals *globals, int *failure,
    struct error *err)
{
	struct command command = { .verb = NULL };

	if (globals->help) {
		help_print(global_options, stdout);
		return 0;
	}
	if (globals->version) {
		version_print(stdout);
		return 0;
	}
	if (words->count == 0)
		return error_set(err, "a verb is missing: see osless --help");
	command.verb = verb_find(words->at[0], err);
	if (!command.verb)
		return -1;
	*failure = verb_shapes[command.verb->words].failure;
	words->at++;
	words->count--;
	if (parse_command(&command, words, err) < 0)
		return -1;
	globals_host(globals, &command.host);
	return run_verb(&command, argv, err);
}

/* What a verb wrote in parts may have failed early: stdio has then dropped it, and fflush(3) finds
 * nothing to complain of. errno is that write's still, as cleaners keep it. */
static int
flush_output(struct error *err)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		return error_sys(err, "write to standard output");
	return 0;
}

/* words: argv's, to be moved about while they are read. */
static int
run_line(char **argv, struct words *words, int *failure, struct error *err)
{
	struct caller caller = {
		.program = argv[0] ? argv[0] : "",
		.runtime_dir = getenv("XDG_RUNTIME_DIR"),
		.uid = geteuid(),
		.in_userns = !userns_is_host(),
	};
	struct globals globals = { .root = NULL };

	if (globals_parse(&globals, &caller, words, err) < 0)
		return -1;
	if (log_open(globals.log, globals.log_format == LOG_JSON ? LOG_JSON : LOG_TEXT,
		globals.debug ? 1 : 0, err) < 0)
		return -1;
	return run_words(words, argv, &globals, failure, err);
}

int
cli_run(int argc, char **argv, int *failure, struct error *err)
{
	char **copy = calloc((size_t)argc + 1, sizeof(*copy));
	int program = argc > 0;
	int status = -1;

	*failure = EXIT_FAILURE;
	if (copy) {
		struct words words = { .at = copy + program, .count = argc - program };

		memcpy(copy, argv, (size_t)argc * sizeof(*copy));
		status = run_line(argv, &words, failure, err);
	} else {
		(void)error_num(err, ENOMEM, "command line"); /* always -1 */
	}
	free(copy);
	return status >= 0 && flush_output(err) < 0 ? -1 : status;
}
