/* Reading and killing init's children. Stateless: what is in the list now is what is acted on. */
#include "supervise/children.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/path.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>

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

struct kill_scan {
	pid_t number; /* digits read so far, also over the edge of two reads */
	pid_t spare;
	int killed;
};

static void
scan_byte(struct kill_scan *scan, char byte)
{
	if (byte >= '0' && byte <= '9') {
		scan->number = scan->number * 10 + (byte - '0');
		return;
	}
	if (scan->number > 0 && scan->number != scan->spare) {
		(void)kill(
		    scan->number, SIGKILL); /* ESRCH: already gone, and not reaped by others */
		scan->killed++;
	}
	scan->number = 0;
}

int
children_kill(int children, pid_t spare, struct error *err)
{
	struct kill_scan scan = { .spare = spare };
	char text[4096];
	off_t at = 0;
	ssize_t got;

	while ((got = pread(children, text, sizeof(text), at)) > 0) {
		for (ssize_t i = 0; i < got; i++)
			scan_byte(&scan, text[i]);
		at += got;
	}
	if (got < 0)
		return error_sys(err, "read the list of children");
	scan_byte(&scan, ' ');
	return scan.killed;
}
