/* spec: a config.json to start from. */
#include "cli/verbs.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/file.h"
#include "spec/template.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define CONFIG_NAME "config.json"

const struct option_row spec_options[] = {
	COMMAND_TEXT(
	    "bundle", "b", container.bundle, "DIR", "write it there (default: current directory)"),
	COMMAND_FLAG("rootless", NULL, rootless, "for a user other than root"),
	{ .name = NULL },
};

/* A new file, whole or not at all: what a person wrote is never replaced. */
static int
write_config(int dir, const char *text, struct error *err)
{
	AUTO_FD int fd =
	    openat(dir, CONFIG_NAME, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);

	if (fd < 0 && errno == EEXIST)
		return error_set(err, "%s exists already: remove it first", CONFIG_NAME);
	if (fd < 0)
		return error_sys(err, "create %s", CONFIG_NAME);
	if (file_write_all(fd, text, strlen(text)) < 0) {
		(void)error_sys(err, "write %s", CONFIG_NAME);
		(void)unlinkat(dir, CONFIG_NAME, 0); /* the failed write is what to report */
		return -1;
	}
	return 0;
}

int
cmd_spec(const struct command *command, struct error *err)
{
	const char *bundle = command->options.container.bundle;
	AUTO_FD int dir = open(bundle ? bundle : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO_FREE char *text = NULL;

	if (dir < 0)
		return error_sys(err, "open the bundle %s", bundle ? bundle : ".");
	text = template_write(command->options.rootless ? TEMPLATE_ROOTLESS : TEMPLATE_ROOT,
	    geteuid(), getegid(), err);
	if (!text)
		return -1;
	if (write_config(dir, text, err) < 0)
		return error_in(err, "bundle %s", bundle ? bundle : ".");
	return 0;
}
