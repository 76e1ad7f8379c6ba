/* The command line: global options, then one verb. */
#ifndef OSLESS_CLI_CLI_H
#define OSLESS_CLI_CLI_H

struct error;

/* Does what the words ask and returns the exit status; -1: err, which the caller reports (base/log
 * is then set up as the options say, if they could be read). */
int cli_run(int argc, char **argv, struct error *err);

#endif
