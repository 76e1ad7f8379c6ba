/* The bare floor: the least that any runtime must do to run a program from `runc spec`'s default
 * bundle less its terminal parts. No JSON, no checks, no state on disk: the time below which no
 * runtime can come, to measure runtimes against. box.h is the inside; `run --verify` proves both.
 *
 *     floor clone      ROOTFS ID PROGRAM [ARGUMENT...]   the payload is exec'd as PID 1
 *     floor supervised ROOTFS ID PROGRAM [ARGUMENT...]   a resident init forks the payload
 *
 * A cgroup ID is made in every hierarchy that is mounted, before anything runs in it. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "box.h"

#define NAMESPACES (CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNS)
#define HIERARCHIES_MAX 16

/* The assembler puts the static init program in (built first: see `run`). */
__asm__(".pushsection .rodata\n"
	"floor_init: .incbin \"floor-init\"\n"
	"floor_init_end:\n"
	".balign 8\n"
	"floor_init_size: .quad floor_init_end - floor_init\n"
	".popsection\n");
extern const char floor_init[];
extern const unsigned long floor_init_size;

struct cgroups {
	char path[HIERARCHIES_MAX][256]; /* the new directories */
	int procs[HIERARCHIES_MAX];      /* their cgroup.procs, open for writing */
	int count;
	char names[512]; /* for box_mount_cgroups: "DIRECTORY/OPTIONS:..." of v1 */
};

static const char *const device_rules[] = { "c *:* m", "b *:* m", "c 1:3 rwm", "c 1:5 rwm",
	"c 1:7 rwm", "c 1:8 rwm", "c 1:9 rwm" };

static void
write_file(const char *directory, const char *name, const char *text)
{
	char path[512];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", directory, name);
	fd = must(open(path, O_WRONLY | O_CLOEXEC), path);
	must((int)write(fd, text, strlen(text)), path);
	(void)close(fd); /* cgroup files take effect in write */
}

/* A v1 cpuset takes no process before it has cpus and nodes: its parent's. */
static void
copy_parent_file(const char *directory, const char *name)
{
	char path[512], text[256];
	ssize_t size;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/../%s", directory, name);
	fd = must(open(path, O_RDONLY | O_CLOEXEC), path);
	size = must((int)read(fd, text, sizeof(text) - 1), path);
	(void)close(fd); /* only read */
	text[size] = '\0';
	write_file(directory, name, text);
}

static void
cgroup_make(struct cgroups *groups, const char *mountpoint, const char *id)
{
	char *path = groups->path[groups->count], procs[300];

	(void)snprintf(path, sizeof(groups->path[0]), "%s/%s", mountpoint, id);
	must(mkdir(path, 0755), path);
	if (strstr(mountpoint, "/cpuset")) {
		copy_parent_file(path, "cpuset.cpus");
		copy_parent_file(path, "cpuset.mems");
	} else if (strstr(mountpoint, "/devices")) {
		write_file(path, "devices.deny", "a");
		for (size_t i = 0; i < COUNT(device_rules); i++)
			write_file(path, "devices.allow", device_rules[i]);
	}
	(void)snprintf(procs, sizeof(procs), "%s/cgroup.procs", path);
	groups->procs[groups->count++] = must(open(procs, O_WRONLY | O_CLOEXEC), procs);
}

/* The v1 mount data that names a hierarchy: the super options less "rw". */
static void
name_hierarchy(struct cgroups *groups, const char *mountpoint, const char *options)
{
	size_t used = strlen(groups->names);

	options += strncmp(options, "rw,", 3) == 0 ? 3 : 0;
	(void)snprintf(groups->names + used, sizeof(groups->names) - used, "%s%s/%s",
	    used ? ":" : "", strrchr(mountpoint, '/') + 1, options);
}

static void
cgroups_make(struct cgroups *groups, const char *id)
{
	char line[1024], mountpoint[200], type[32], options[200];
	FILE *mountinfo = fopen("/proc/self/mountinfo", "re");

	must(mountinfo ? 0 : -1, "mountinfo");
	while (groups->count < HIERARCHIES_MAX && fgets(line, sizeof(line), mountinfo)) {
		char *tail = strstr(line, " - ");

		if (!tail || sscanf(line, "%*s %*s %*s %*s %199s", mountpoint) != 1 ||
		    sscanf(tail, " - %31s %*s %199s", type, options) != 2 ||
		    strncmp(type, "cgroup", 6) != 0)
			continue;
		cgroup_make(groups, mountpoint, id);
		if (strcmp(type, "cgroup") == 0)
			name_hierarchy(groups, mountpoint, options);
	}
	(void)fclose(mountinfo); /* only read */
}

static void
cgroups_join(const struct cgroups *groups)
{
	for (int i = 0; i < groups->count; i++)
		must((int)write(groups->procs[i], "0", 1), groups->path[i]);
	must(unshare(CLONE_NEWCGROUP), "cgroup namespace");
}

static void
cgroups_remove(const struct cgroups *groups)
{
	for (int i = 0; i < groups->count; i++)
		while (rmdir(groups->path[i]) < 0)
			must(errno == EBUSY ? usleep(100) : -1, groups->path[i]);
}

static int
seal_init(void)
{
	const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
	int fd = must(memfd_create("init", MFD_CLOEXEC | MFD_ALLOW_SEALING), "memfd");

	must((int)write(fd, floor_init, floor_init_size), "write init");
	must(fcntl(fd, F_ADD_SEALS, seals), "seal init");
	return fd;
}

struct launch {
	struct cgroups *groups;
	char **argv; /* floor's own */
	int init;    /* sealed memfd; -1: shape `clone` */
};

static int
launch_child(void *context)
{
	struct launch *launch = context;
	char name[] = "init", *argv[64] = { name, launch->argv[2], launch->groups->names };
	char *none[] = { NULL };

	cgroups_join(launch->groups);
	if (launch->init < 0) {
		box_enter(launch->argv[2], launch->groups->names);
		execv(launch->argv[4], launch->argv + 4);
		must(-1, launch->argv[4]);
	}
	for (int i = 4; i < 63 && launch->argv[i]; i++)
		argv[i - 1] = launch->argv[i];
	must((int)syscall(SYS_execveat, launch->init, "", argv, none, AT_EMPTY_PATH), "exec init");
	return 127;
}

int
main(int argc, char **argv)
{
	static char stack[65536] __attribute__((aligned(16)));
	struct cgroups groups = { 0 };
	struct launch launch = { &groups, argv, -1 };
	int flags = NAMESPACES | SIGCHLD, status;
	pid_t pid;

	if (argc < 5)
		return 2;
	if (strcmp(argv[1], "supervised") == 0) {
		launch.init = seal_init();
		flags |= CLONE_VM | CLONE_VFORK;
	}
	cgroups_make(&groups, argv[3]);
	pid = must(clone(launch_child, stack + sizeof(stack), flags, &launch), "clone");
	must(waitpid(pid, &status, 0), "wait");
	cgroups_remove(&groups);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
