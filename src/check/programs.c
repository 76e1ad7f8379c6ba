/* The tables. */
#include "check/programs.h"

#include <string.h>

#define NAME_BYTES 64

#define NO_SET_ID "it changes user by its set-id bit, which gives nothing here"
#define NO_SET_ID_CURE "run as the user that is meant: process.user"
#define NO_PTY "it lives on pseudo-terminals, and there are none"
#define NO_PTY_CURE "run its program directly; for a shell inside: osless exec"
#define NO_PTRACE "it traces processes by ptrace(2), which is refused"
#define NO_PTRACE_CURE "trace from the host, or while developing under a policy with syscalls: off"
#define NO_NAMESPACE "it makes or joins namespaces, which is refused"
#define NO_NAMESPACE_CURE "ask for the namespace in linux.namespaces"
#define NO_ROOT_CALL "it needs a right that no payload has"
#define OTHER_TREE "it insists on supervising everything as PID 1, which osless' own tree does"
#define OTHER_TREE_CURE "run its programs directly (osless-tree(7)), or use supervision: off"
#define ONE_MORE_TREE "osless supervises and reaps already: it is not needed, and does no harm"
#define IDENTITY "changing the user answers 0 and does nothing; what it starts runs as before"
#define IDENTITY_CURE "none needed; to be that user, set process.user"
#define LEAVES_PARENT "it starts servers in the background, and whose parent ends, ends (R2)"
#define LEAVES_PARENT_CURE "run the server itself, in the foreground"

/* clang-format off */
#define TOOL(name_, aspect_, entry, named, reason_, cure_) \
	{ .name = (name_), .aspect = PROGRAM_##aspect_, .kind = FINDING_TOOL, \
		.as_entry = FINDING_##entry, .as_named = FINDING_##named, .reason = (reason_), \
		.cure = (cure_) }
#define ROOT_TOOL(name_, reason_) \
	{ .name = (name_), .flags = PROGRAM_ROOT_WORKS, .aspect = PROGRAM_IDENTITY, \
		.kind = FINDING_TOOL, .as_entry = FINDING_FATAL, .as_named = FINDING_REFUSED, \
		.reason = (reason_), .cure = NO_SET_ID_CURE }
#define WRAPPING(name_, aspect_, reason_, cure_) \
	{ .name = (name_), .flags = PROGRAM_WRAPPER, .aspect = PROGRAM_##aspect_, \
		.kind = FINDING_TOOL, .reason = (reason_), .cure = (cure_) }
#define NOT_AS_ROOT(name_, severity) \
	{ .name = (name_), .flags = PROGRAM_ROOT_FAILS, .kind = FINDING_TOOL, \
		.as_entry = FINDING_##severity, .as_named = FINDING_NOTE, \
		.reason = "it refuses to run as root, and the payload's uid is 0", \
		.cure = "set process.user.uid, or grant CAP_DAC_OVERRIDE: root then becomes " \
			"nobody, whom files open to all the same" }
#define SERVER(name_, severity, foreground_, cure_) \
	{ .name = (name_), .kind = FINDING_BACKGROUND, .as_entry = FINDING_##severity, \
		.as_named = FINDING_NOTE, \
		.reason = "it puts itself into the background unless told not to, and its worker " \
			  "then ends with it (R2)", \
		.cure = (cure_), .foreground = (foreground_) }
#define WRAPPER(name_) { .name = (name_), .flags = PROGRAM_WRAPPER }
#define GENERAL(name_) { .name = (name_), .flags = PROGRAM_GENERAL }
#define SHELL(name_) { .name = (name_), .flags = PROGRAM_GENERAL | PROGRAM_SHELL }
/* clang-format on */

static const struct program programs[] = {
	SHELL("sh"),
	SHELL("bash"),
	SHELL("dash"),
	SHELL("ash"),
	SHELL("ksh"),
	SHELL("mksh"),
	SHELL("zsh"),
	SHELL("busybox"),
	GENERAL("toybox"),
	GENERAL("coreutils"),
	GENERAL("python"),
	GENERAL("pypy"),
	GENERAL("perl"),
	GENERAL("ruby"),
	GENERAL("node"),
	GENERAL("nodejs"),
	GENERAL("deno"),
	GENERAL("bun"),
	GENERAL("php"),
	GENERAL("lua"),
	GENERAL("luajit"),
	GENERAL("tclsh"),
	GENERAL("java"),
	GENERAL("beam.smp"),
	GENERAL("guile"),

	WRAPPER("env"),
	WRAPPER("timeout"),
	WRAPPER("nice"),
	WRAPPER("nohup"),
	WRAPPER("setsid"),
	WRAPPER("stdbuf"),

	ROOT_TOOL("su", NO_SET_ID),
	ROOT_TOOL("sudo", NO_SET_ID),
	ROOT_TOOL("doas", NO_SET_ID),
	ROOT_TOOL("pkexec", NO_SET_ID),
	ROOT_TOOL("runuser", "it works for root only, and no payload is root"),
	WRAPPING("gosu", IDENTITY, IDENTITY, IDENTITY_CURE),
	WRAPPING("su-exec", IDENTITY, IDENTITY, IDENTITY_CURE),
	WRAPPING("setpriv", IDENTITY, IDENTITY, IDENTITY_CURE),
	WRAPPING("setuidgid", IDENTITY, IDENTITY, IDENTITY_CURE),
	WRAPPING("s6-setuidgid", IDENTITY, IDENTITY, IDENTITY_CURE),
	WRAPPING("chpst", IDENTITY, IDENTITY, IDENTITY_CURE),

	TOOL("chroot", CALLS, FATAL, REFUSED, "chroot(2) is refused",
	    "leave it out: the container is the jail"),
	TOOL("unshare", CALLS, FATAL, REFUSED, NO_NAMESPACE, NO_NAMESPACE_CURE),
	TOOL("nsenter", CALLS, FATAL, REFUSED, NO_NAMESPACE, NO_NAMESPACE_CURE),
	TOOL("bwrap", CALLS, FATAL, REFUSED, NO_NAMESPACE, NO_NAMESPACE_CURE),
	TOOL("dockerd", CALLS, FATAL, REFUSED, NO_NAMESPACE, "run the engine on the host"),
	TOOL("containerd", CALLS, FATAL, REFUSED, NO_NAMESPACE, "run the engine on the host"),
	TOOL("mount", CALLS, FATAL, REFUSED, NO_ROOT_CALL, "declare the mount in config.json"),
	TOOL("umount", CALLS, FATAL, REFUSED, NO_ROOT_CALL, "leave the mount out of config.json"),
	TOOL("modprobe", CALLS, FATAL, REFUSED, NO_ROOT_CALL, "load modules on the host"),
	TOOL("insmod", CALLS, FATAL, REFUSED, NO_ROOT_CALL, "load modules on the host"),
	TOOL("ntpd", CALLS, FATAL, REFUSED, NO_ROOT_CALL, "set the clock on the host"),
	TOOL("chronyd", CALLS, FATAL, REFUSED, NO_ROOT_CALL, "set the clock on the host"),
	TOOL("hwclock", CALLS, FATAL, REFUSED, NO_ROOT_CALL, "set the clock on the host"),

	TOOL("strace", CALLS, FATAL, REFUSED, NO_PTRACE, NO_PTRACE_CURE),
	TOOL("ltrace", CALLS, FATAL, REFUSED, NO_PTRACE, NO_PTRACE_CURE),
	TOOL("gdb", CALLS, FATAL, REFUSED, NO_PTRACE, NO_PTRACE_CURE),
	TOOL("gdbserver", CALLS, FATAL, REFUSED, NO_PTRACE, NO_PTRACE_CURE),
	TOOL("lldb-server", CALLS, FATAL, REFUSED, NO_PTRACE, NO_PTRACE_CURE),

	TOOL("script", ALWAYS, FATAL, REFUSED, NO_PTY, NO_PTY_CURE),
	TOOL("tmux", ALWAYS, FATAL, REFUSED, NO_PTY, NO_PTY_CURE),
	TOOL("screen", ALWAYS, FATAL, REFUSED, NO_PTY, NO_PTY_CURE),
	TOOL("expect", ALWAYS, FATAL, REFUSED, NO_PTY, NO_PTY_CURE),
	TOOL("unbuffer", ALWAYS, FATAL, REFUSED, NO_PTY, NO_PTY_CURE),
	TOOL("ttyd", ALWAYS, FATAL, REFUSED, NO_PTY, NO_PTY_CURE),
	TOOL("getty", ALWAYS, FATAL, REFUSED, NO_PTY, NO_PTY_CURE),
	TOOL("agetty", ALWAYS, FATAL, REFUSED, NO_PTY, NO_PTY_CURE),
	TOOL("login", ALWAYS, FATAL, REFUSED, NO_PTY, NO_PTY_CURE),
	TOOL("sshd", ALWAYS, REFUSED, NOTE,
	    "it changes user and gives logins pseudo-terminals: neither is there",
	    "for a shell inside: osless exec"),

	TOOL("systemd", SUPERVISION, FATAL, REFUSED, OTHER_TREE, OTHER_TREE_CURE),
	TOOL("s6-svscan", SUPERVISION, FATAL, REFUSED, OTHER_TREE, OTHER_TREE_CURE),
	TOOL("s6-overlay-suexec", SUPERVISION, FATAL, REFUSED, OTHER_TREE, OTHER_TREE_CURE),
	TOOL("runsvdir", SUPERVISION, REFUSED, REFUSED, OTHER_TREE, OTHER_TREE_CURE),
	TOOL("openrc-init", SUPERVISION, FATAL, REFUSED, OTHER_TREE, OTHER_TREE_CURE),
	TOOL("supervisord", SUPERVISION, NOTE, NOTE, ONE_MORE_TREE,
	    "declare its programs: osless-tree(7)"),
	WRAPPING("tini", SUPERVISION, ONE_MORE_TREE, NULL),
	WRAPPING("dumb-init", SUPERVISION, ONE_MORE_TREE, NULL),
	WRAPPING("catatonit", SUPERVISION, ONE_MORE_TREE, NULL),

	TOOL("start-stop-daemon", SUPERVISION, REFUSED, REFUSED, LEAVES_PARENT, LEAVES_PARENT_CURE),
	TOOL("service", SUPERVISION, REFUSED, REFUSED, LEAVES_PARENT, LEAVES_PARENT_CURE),
	TOOL("apachectl", SUPERVISION, REFUSED, NOTE, LEAVES_PARENT, LEAVES_PARENT_CURE),
	TOOL("apache2ctl", SUPERVISION, REFUSED, NOTE, LEAVES_PARENT, LEAVES_PARENT_CURE),
	TOOL("pg_ctl", SUPERVISION, REFUSED, NOTE, LEAVES_PARENT, "run postgres itself"),
	TOOL("pg_ctlcluster", SUPERVISION, REFUSED, NOTE, LEAVES_PARENT, "run postgres itself"),

	NOT_AS_ROOT("postgres", FATAL),
	NOT_AS_ROOT("initdb", FATAL),
	NOT_AS_ROOT("mysqld", REFUSED), /* --user=root lets it */
	NOT_AS_ROOT("mariadbd", REFUSED),

	SERVER("nginx", REFUSED, "daemon off", "-g 'daemon off;', or the same in nginx.conf"),
	SERVER("apache2", REFUSED, "FOREGROUND,NO_DETACH,-X", "-DFOREGROUND"),
	SERVER("httpd", REFUSED, "FOREGROUND,NO_DETACH,-X,-f", "-DFOREGROUND; busybox: -f"),
	SERVER("lighttpd", REFUSED, "-D", "-D"),
	SERVER("php-fpm", NOTE, "-F,--nodaemonize", "-F, or daemonize = no in its configuration"),
	SERVER("cron", REFUSED, "-f", "-f"),
	SERVER("crond", REFUSED, "-f,-n", "-f"),
	SERVER("rsyslogd", REFUSED, "-n", "-n"),
	SERVER("vsftpd", NOTE, "background=NO", "-obackground=NO"),
	SERVER("smbd", REFUSED, "-F,--foreground,-i", "--foreground"),
};

static const struct program_data data_rows[] = {
	{ "/var/lib/mysql", "mysqld,mariadbd,mysqld_safe",
	    "InnoDB judges its files' permission bits by their owner" },
	{ "/var/lib/postgresql", "postgres,initdb,pg_ctl,pg_ctlcluster",
	    "postgres starts only if its data directory is its own user's" },
	{ "/var/lib/rabbitmq", "beam.smp,erl,rabbitmq-server",
	    "Erlang reads its cookie, and Mnesia its files, only as their owner" },
};

/* The last component's start; *length gets its bytes without a version. */
static const char *
base_of(const char *path, size_t *length)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	size_t all = strlen(base), cut = all;

	while (cut > 0 && strchr("0123456789.-", base[cut - 1]))
		cut--;
	*length = cut ? cut : all;
	return base;
}

static int
equals(const char *text, size_t length, const char *name)
{
	return strlen(name) == length && memcmp(text, name, length) == 0;
}

const struct program *
program_find(const char *path)
{
	size_t length;
	const char *base = base_of(path, &length);

	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		if (equals(base, length, programs[i].name) || strcmp(base, programs[i].name) == 0)
			return &programs[i];
	return NULL;
}

/* Calls for each comma-separated name: 1 as soon as one matches. */
static int
any_of(const char *names, int (*match)(const char *name, const void *context), const void *context)
{
	char name[NAME_BYTES];

	while (*names) {
		size_t length = strcspn(names, ",");

		if (length < sizeof(name)) {
			memcpy(name, names, length);
			name[length] = '\0';
			if (match(name, context))
				return 1;
		}
		names += length + (names[length] == ',');
	}
	return 0;
}

static int
is_base(const char *name, const void *path)
{
	size_t length;
	const char *base = base_of(path, &length);

	return equals(base, length, name) || strcmp(base, name) == 0;
}

int
program_is(const char *path, const char *names)
{
	return any_of(names, is_base, path);
}

/* A short option may stand among others (-nf); anything longer is contained as it is. */
static int
in_word(const char *name, const void *word)
{
	const char *text = word;

	if (name[0] == '-' && name[1] != '-' && name[2] == '\0')
		return text[0] == '-' && text[1] != '-' && strchr(text, name[1]) != NULL;
	return strstr(text, name) != NULL;
}

int
program_stays(const struct program *program, const char *const *args, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (any_of(program->foreground, in_word, args[i]))
			return 1;
	return 0;
}

const struct program_data *
program_data_row(size_t index)
{
	return index < sizeof(data_rows) / sizeof(data_rows[0]) ? &data_rows[index] : NULL;
}
