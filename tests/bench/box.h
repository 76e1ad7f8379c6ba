/* The inside of the bare floor: what any runtime must make for `runc spec`'s default bundle less
 * its terminal parts, with nothing read, checked or explained. Compiled into floor (shape `clone`)
 * and into floor-init (shape `supervised`); tests/bench/inside.sh proves that it makes what a
 * runtime makes of tests/bats/config.json: keep the three alike.
 *
 * Runs in the new pid, network, ipc, uts, mount and cgroup namespaces. Every failure ends the
 * process with a line that names the act: the floor has no caller that could do better. */
#ifndef OSLESS_BENCH_BOX_H
#define OSLESS_BENCH_BOX_H

#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define BOX_PLAIN (MS_NOSUID | MS_NOEXEC | MS_NODEV)

/* result < 0: says what failed and ends the process. Returns result. */
static inline int
must(int result, const char *act)
{
	if (result < 0) {
		perror(act);
		_exit(127);
	}
	return result;
}

struct box_mount {
	const char *source, *target, *type;
	unsigned long flags;
	const char *data;
};

static const struct box_mount box_mounts[] = {
	{ "proc", "proc", "proc", 0, NULL },
	{ "tmpfs", "dev", "tmpfs", MS_NOSUID | MS_STRICTATIME, "mode=755,size=65536k" },
	{ "shm", "dev/shm", "tmpfs", BOX_PLAIN, "mode=1777,size=65536k" },
	{ "sysfs", "sys", "sysfs", BOX_PLAIN | MS_RDONLY, NULL },
	{ "tmpfs", "sys/fs/cgroup", "tmpfs", BOX_PLAIN, "mode=755" },
};

struct box_device {
	const char *path;
	unsigned int minor; /* of major 1, mem */
};

static const struct box_device box_devices[] = {
	{ "dev/null", 3 },
	{ "dev/zero", 5 },
	{ "dev/full", 7 },
	{ "dev/random", 8 },
	{ "dev/urandom", 9 },
};

static const char *const box_links[][2] = {
	{ "/proc/self/fd", "dev/fd" },
	{ "/proc/self/fd/0", "dev/stdin" },
	{ "/proc/self/fd/1", "dev/stdout" },
	{ "/proc/self/fd/2", "dev/stderr" },
};

static const char *const box_masked[] = {
	"proc/acpi",
	"proc/asound",
	"proc/kcore",
	"proc/keys",
	"proc/latency_stats",
	"proc/timer_list",
	"proc/timer_stats",
	"proc/sched_debug",
	"sys/firmware",
	"proc/scsi",
};

static const char *const box_readonly[] = { "proc/bus", "proc/fs", "proc/irq", "proc/sys",
	"proc/sysrq-trigger" };

static inline void
box_mount_all(void)
{
	for (size_t i = 0; i < COUNT(box_mounts); i++) {
		const struct box_mount *m = &box_mounts[i];

		(void)mkdir(m->target, 0755); /* there already, or mount says so */
		must(mount(m->source, m->target, m->type, m->flags, m->data), m->target);
	}
}

/* hierarchies: the mounted v1 hierarchies' directory names (which are their mount data too, save
 * for named ones) separated by colons, or "" for cgroup2 alone. */
static inline void
box_mount_cgroups(char *hierarchies)
{
	if (!*hierarchies)
		must(mount("cgroup", "sys/fs/cgroup", "cgroup2", BOX_PLAIN | MS_RDONLY, NULL),
		    "cgroup2");
	for (char *name = strtok(hierarchies, ":"); name; name = strtok(NULL, ":")) {
		char target[128], *options = strrchr(name, '/');

		*options++ = '\0';
		(void)snprintf(target, sizeof(target), "sys/fs/cgroup/%s", name);
		must(mkdir(target, 0755), target);
		must(mount("cgroup", target, "cgroup", BOX_PLAIN | MS_RDONLY, options), target);
	}
	must(mount(NULL, "sys/fs/cgroup", NULL, BOX_PLAIN | MS_RDONLY | MS_REMOUNT | MS_BIND, NULL),
	    "cgroup read-only");
}

static inline void
box_fill_dev(void)
{
	mode_t mask = umask(0);

	for (size_t i = 0; i < COUNT(box_devices); i++)
		must(mknod(box_devices[i].path, S_IFCHR | 0666, makedev(1, box_devices[i].minor)),
		    box_devices[i].path);
	for (size_t i = 0; i < COUNT(box_links); i++)
		must(symlink(box_links[i][0], box_links[i][1]), box_links[i][1]);
	(void)umask(mask);
}

/* Paths that this kernel lacks are passed over, as every runtime does. */
static inline void
box_restrict_paths(void)
{
	struct stat st;

	for (size_t i = 0; i < COUNT(box_masked); i++) {
		const char *path = box_masked[i];

		if (stat(path, &st) < 0)
			continue;
		if (S_ISDIR(st.st_mode))
			must(mount("tmpfs", path, "tmpfs", MS_RDONLY, NULL), path);
		else
			must(mount("dev/null", path, NULL, MS_BIND, NULL), path);
	}
	for (size_t i = 0; i < COUNT(box_readonly); i++) {
		const char *path = box_readonly[i];

		if (stat(path, &st) < 0)
			continue;
		must(mount(path, path, NULL, MS_BIND | MS_REC, NULL), path);
		must(mount(NULL, path, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL), path);
	}
}

static inline void
box_raise_loopback(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = must(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");

	must(ioctl(fd, SIOCSIFFLAGS, &lo), "raise lo");
	(void)close(fd); /* nothing written */
}

/* Makes the container around the calling process and enters it. */
static inline void
box_enter(const char *rootfs, char *hierarchies)
{
	const struct rlimit files = { 1024, 1024 };

	must(mount(NULL, "/", NULL, MS_SLAVE | MS_REC, NULL), "propagation");
	must(mount(rootfs, rootfs, NULL, MS_BIND | MS_REC, NULL), rootfs);
	must(chdir(rootfs), rootfs);
	box_mount_all();
	box_mount_cgroups(hierarchies);
	box_fill_dev();
	box_restrict_paths();
	must((int)syscall(SYS_pivot_root, ".", "."), "pivot_root");
	must(umount2(".", MNT_DETACH), "detach the old root");
	must(mount(NULL, "/", NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL), "read-only root");
	must(sethostname("box", 3), "hostname");
	box_raise_loopback();
	must(setrlimit(RLIMIT_NOFILE, &files), "rlimit");
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
	must(setsid(), "setsid");
}

#endif
