/* Reading lists of children. Stateless: what is in the list now is what is acted on. */
#include "supervise/children.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/path.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

int
children_open(int proc, struct error *err)
{
	char self[32], path[96];
	ssize_t length = readlinkat(proc, "self", self, sizeof(self) - 1);
	int fd;

	if (length < 0)
		return error_sys(err, "read /proc/self");
	self[length] = '\0';
	(void)snprintf(path, sizeof(path), "%s/task/%s/children", self, self); /* fits */
	fd = path_open_plain(proc, path, O_RDONLY);
	return fd < 0 ? error_sys(err, "open /proc/%s", path) : fd;
}

/* Digits read so far, also over the edge of two reads. */
static pid_t
take_byte(pid_t number, char byte, void (*each)(pid_t, void *), void *context)
{
	if (byte >= '0' && byte <= '9')
		return number * 10 + (byte - '0');
	if (number > 0)
		each(number, context);
	return 0;
}

int
children_each(int children, void (*each)(pid_t pid, void *context), void *context)
{
	char text[4096];
	pid_t number = 0;
	off_t at = 0;
	ssize_t got;

	while ((got = pread(children, text, sizeof(text), at)) > 0) {
		for (ssize_t i = 0; i < got; i++)
			number = take_byte(number, text[i], each, context);
		at += got;
	}
	(void)take_byte(
	    number, ' ', each, context); /* the list ends in a space; should it ever not */
	return got < 0 ? -1 : 0;
}

/* Not reaped by others, so at worst a zombie. */
static void
kill_one(pid_t pid, void *context)
{
	(void)context;
	(void)kill(pid, SIGKILL);
}

/* A child that dies hands its own children over, so killing goes on until the kernel has no child
 * left to wait for. */
int
children_kill_all(int proc, struct error *err)
{
	AUTO_FD int children = children_open(proc, err);

	if (children < 0)
		return -1;
	while (waitpid(-1, NULL, WNOHANG) >= 0) {
		if (children_each(children, kill_one, NULL) < 0)
			return error_sys(err, "read the list of children");
		(void)waitpid(-1, NULL, 0); /* ECHILD: the loop's own test sees it next */
	}
	return 0;
}
