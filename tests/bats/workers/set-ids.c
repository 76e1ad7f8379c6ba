/* Calls everything that changes who a process is or whose a file is, and prints who it is then. A
 * call that does not answer 0, or for ids EPERM where there is an argument, is named on stderr, and
 * fails the program; the file must stay as it was. Raw calls: libc's wrappers do more than the
 * kernel. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FILE_OF_ROOT "/etc/passwd"
#define OTHER 4242 /* an id that nobody has */

static int failures;
static int refused;

static void
answers(const char *call, long result)
{
	if (refused ? result == -1 && errno == EPERM : result == 0)
		return;
	fprintf(stderr, "%s: %ld, %s\n", call, result, strerror(errno));
	failures = 1;
}

/* These two answer with the id that was, 0, whether they were refused or not (setfsuid(2)). */
static void
never_fails(const char *call, long result)
{
	if (result != 0)
		answers(call, -1);
}

static void
change_ids(void)
{
	gid_t groups[] = { OTHER, 0 };

	answers("setgroups", syscall(SYS_setgroups, 2, groups));
	answers("setgid", syscall(SYS_setgid, OTHER));
	answers("setregid", syscall(SYS_setregid, OTHER, OTHER));
	answers("setresgid", syscall(SYS_setresgid, OTHER, OTHER, OTHER));
	never_fails("setfsgid", syscall(SYS_setfsgid, OTHER));
	answers("setuid", syscall(SYS_setuid, OTHER));
	answers("setreuid", syscall(SYS_setreuid, OTHER, OTHER));
	answers("setresuid", syscall(SYS_setresuid, OTHER, OTHER, OTHER));
	never_fails("setfsuid", syscall(SYS_setfsuid, OTHER));
}

static void
change_owner(void)
{
	int fd = open(FILE_OF_ROOT, O_RDONLY);
	struct stat info;

#ifdef SYS_chown
	answers("chown", syscall(SYS_chown, FILE_OF_ROOT, OTHER, OTHER));
	answers("lchown", syscall(SYS_lchown, FILE_OF_ROOT, OTHER, OTHER));
#endif
	answers("fchown", syscall(SYS_fchown, fd, OTHER, OTHER));
	answers("fchownat", syscall(SYS_fchownat, AT_FDCWD, FILE_OF_ROOT, OTHER, OTHER, 0));
	if (fstat(fd, &info) < 0 || info.st_uid != 0 || info.st_gid != 0) {
		fprintf(stderr, "%s has changed hands\n", FILE_OF_ROOT);
		failures = 1;
	}
}

static void
print_ids(void)
{
	uid_t uids[3] = { 0 };
	gid_t gids[3] = { 0 }, groups[64];
	int count = getgroups(64, groups);

	(void)syscall(SYS_getresuid, &uids[0], &uids[1], &uids[2]);
	(void)syscall(SYS_getresgid, &gids[0], &gids[1], &gids[2]);
	printf("uid %u %u %u gid %u %u %u groups", uids[0], uids[1], uids[2], gids[0], gids[1],
	    gids[2]);
	for (int i = 0; i < count; i++)
		printf(" %u", groups[i]);
	printf("\n");
}

int
main(int argc, char **argv)
{
	(void)argv;
	refused = argc > 1;
	change_ids();
	refused = 0; /* whose a file is, is pretended in any case */
	change_owner();
	print_ids();
	return failures;
}
