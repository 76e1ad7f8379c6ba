/* The program: a sane start, one command, one report of what went wrong. */
#include "base/error.h"
#include "base/log.h"
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* A file opened later must never become the payload's stdin, stdout or stderr because the caller
 * had closed these. open(2) takes the lowest free number, so going upwards fills each gap. */
static int
fill_stdio(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", O_RDWR) < 0)
			return -1;
	return 0;
}

int
main(int argc, char **argv)
{
	struct error err = { .errnum = 0 };
	char text[ERROR_TEXT_MAX + 128];
	int status, failure;

	if (fill_stdio() < 0)
		return EXIT_FAILURE;    /* there is nowhere to say so */
	(void)signal(SIGPIPE, SIG_IGN); /* a caller that stops reading must not end us half-way */
	(void)signal(SIGCHLD, SIG_DFL); /* ignored by a caller, children could not be waited for */
	status = cli_run(argc, argv, &failure, &err);
	if (status >= 0)
		return status;
	log_line(LOG_ERROR, "%s", error_words(&err, text, sizeof(text)));
	return failure;
}
