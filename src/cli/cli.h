/* The command line: global options, then one verb. */
#ifndef OSLESS_CLI_CLI_H
#define OSLESS_CLI_CLI_H

struct error;

/* Does what the words ask and returns the exit status; -1: err, which the caller reports (base/log
 * is then set up as the options say, if they could be read), and *failure is the exit status. */
int cli_run(int argc, char **argv, int *failure, struct error *err);

#endif
