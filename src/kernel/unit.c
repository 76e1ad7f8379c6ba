/* Runs osless-systemd and talks to it. */
#include "kernel/unit.h"

#include "base/arena.h"
#include "base/auto.h"
#include "base/clone.h"
#include "base/error.h"
#include "base/file.h"
#include "base/syscalls.h"
#include "base/wire.h"
#include "kernel/process.h"
#include "plan/unit_exchange.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef OSLESS_SYSTEMD_PATH
#define OSLESS_SYSTEMD_PATH "/usr/local/libexec/osless/osless-systemd"
#endif

#define PROGRAM_MAX ((size_t)16 << 20) /* bytes; it is 40 KiB */
#define ANSWER_LATE_MS 5000 /* it ends its own waits first, and says what it waited for */

struct child {
	const char *path;
	const char *const *args;
	const char *const *env;
	int sock;
	int nothing;       /* /dev/null */
	struct error *err; /* filled only if exec failed: the caller sleeps until then */
};

static const char build[] = UNIT_BUILD;
static _Alignas(16) unsigned char unit_stack[CLONE_STACK_SIZE];

/* ------------------------------------------------------------------------- the program */

char *
unit_program(struct error *err)
{
	char beside[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", beside, sizeof(beside) - sizeof(UNIT_PROGRAM));
	const char *path = OSLESS_SYSTEMD_PATH;
	char *slash, *copy;

	beside[length > 0 ? length : 0] = '\0';
	slash = strrchr(beside, '/');
	if (slash) {
		memcpy(slash + 1, UNIT_PROGRAM, sizeof(UNIT_PROGRAM));
		if (access(beside, X_OK) == 0)
			path = beside;
	}
	if (access(path, X_OK) < 0) {
		(void)error_sys(err, "%s, which the systemd cgroup manager needs", path);
		return NULL;
	}
	copy = strdup(path);
	if (!copy)
		(void)error_num(err, ENOMEM, "systemd");
	return copy;
}

/* What is kept may lie where nothing may be executed. Returns its copy's fd, or -1. */
static int
open_kept(int kept, struct error *err)
{
	AUTO_FD int fd = openat(kept, UNIT_PROGRAM, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return error_sys(err, "open the kept " UNIT_PROGRAM);
	return file_sealed_program(fd, UNIT_PROGRAM, PROGRAM_MAX, err);
}

static int
child_main(void *context)
{
	struct child *child = context;

	if (dup2(child->sock, 0) < 0 || dup2(child->nothing, 1) < 0 ||
	    dup2(child->nothing, 2) < 0 || sys_close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) < 0) {
		(void)error_sys(child->err, "prepare");
		return 1;
	}
	process_default_signals();
	process_unblock_signals();
	(void)process_exec_file(child->path, child->args, child->env, child->err); /* err is read */
	return 1;
}

/* The owner of the user namespace is the user whose manager is meant. */
static unsigned
host_uid(void)
{
	unsigned inside, outside, count;
	FILE *map = geteuid() == 0 ? fopen("/proc/self/uid_map", "re") : NULL;
	int found = map && fscanf(map, "%u %u %u", &inside, &outside, &count) == 3 && inside == 0;

	if (map)
		(void)fclose(map); /* only read */
	return found ? outside : geteuid();
}

static pid_t
run_program(struct child *child, struct error *err)
{
	struct clone_vfork clone = {
		.exit_signal = SIGCHLD,
		.run = child_main,
		.context = child,
		.stack = unit_stack,
	};
	pid_t pid = clone_program(&clone, "it", err);

	return pid < 0 ? error_in(err, "%s", child->path) : pid;
}

/* With the addresses of buses and nothing else of the caller's environment. */
static void
pass_environment(char text[][PATH_MAX], const char *env[], size_t count)
{
	static const char *const names[] = { "DBUS_SYSTEM_BUS_ADDRESS", "DBUS_SESSION_BUS_ADDRESS",
		"XDG_RUNTIME_DIR" };
	size_t passed = 0;

	for (size_t i = 0; i < count; i++) {
		const char *value = getenv(names[i]);

		if (!value || !*value ||
		    snprintf(text[passed], PATH_MAX, "%s=%s", names[i], value) >= PATH_MAX)
			continue;
		env[passed] = text[passed];
		passed++;
	}
	env[passed] = NULL;
}

static int
start_program(const struct plan_unit *unit, int kept, int sock, struct unit_manager *manager,
    struct error *err)
{
	AUTO_FD int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	AUTO_FD int program = -1;
	AUTO_FREE char *path = NULL;
	char uid[16], limit[16], by_fd[32], text[3][PATH_MAX];
	const char *args[] = { UNIT_PROGRAM, build, unit->is_user ? "user" : "system", uid, limit,
		NULL };
	const char *env[4];
	struct child child = {
		.args = args, .env = env, .sock = sock, .nothing = nothing, .err = err
	};

	if (nothing < 0)
		return error_sys(err, "open /dev/null");
	if (kept >= 0)
		program = open_kept(kept, err);
	else
		path = unit_program(err);
	if (!path && program < 0)
		return -1;
	(void)snprintf(by_fd, sizeof(by_fd), "/proc/self/fd/%d", program); /* fits */
	child.path = path ? path : by_fd;
	(void)snprintf(uid, sizeof(uid), "%u", host_uid());        /* fits */
	(void)snprintf(limit, sizeof(limit), "%d", UNIT_LIMIT_MS); /* fits */
	pass_environment(text, env, 3);
	manager->pid = run_program(&child, err);
	return manager->pid < 0 ? -1 : 0;
}

/* ------------------------------------------------------------------------- conversation */

/* answer becomes what kind says; everything else is a failure. */
static int
receive(const struct unit_manager *manager, enum unit_message kind, struct wire_message *answer,
    struct error *err)
{
	int got = wire_receive(manager->sock, answer, UNIT_LIMIT_MS + ANSWER_LATE_MS, err);

	if (got < 0)
		return error_in(err, UNIT_PROGRAM);
	if (got == 0)
		return error_set(err, UNIT_PROGRAM
		    " ended without a word: is libsystemd (Debian's libsystemd0) there?");
	auto_close(&answer->fd); /* it sends none */
	if (answer->kind == UNIT_FAILED)
		return error_num(err, answer->number, "%s", answer->text);
	return answer->kind == kind ? 0 : error_set(err, UNIT_PROGRAM " sent an unknown message");
}

static int
learn(struct unit_manager *manager, struct arena *arena, struct error *err)
{
	struct wire_message answer;

	if (receive(manager, UNIT_MANAGER, &answer, err) < 0)
		return -1;
	manager->version = (uint32_t)answer.number;
	manager->cgroup = arena_strdup(arena, answer.text);
	return manager->cgroup ? 0 : error_num(err, ENOMEM, "systemd");
}

int
unit_connect(const struct plan_unit *unit, int kept, struct arena *arena,
    struct unit_manager *manager, struct error *err)
{
	AUTO_FD int theirs = -1;
	int pair[2];

	*manager = UNIT_MANAGER_NONE;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return error_sys(err, "socketpair");
	manager->sock = pair[0];
	theirs = pair[1];
	if (start_program(unit, kept, theirs, manager, err) < 0) {
		manager->pid = 0;
		unit_disconnect(manager);
		return -1;
	}
	auto_close(&theirs);
	theirs = -1; /* else its end would not be seen */
	if (learn(manager, arena, err) == 0)
		return 0;
	unit_disconnect(manager);
	return -1;
}

/* It has nothing to lose: what it was asked for is done, or is given up. */
void
unit_disconnect(struct unit_manager *manager)
{
	auto_close(&manager->sock);
	if (manager->pid > 0) {
		(void)kill(manager->pid, SIGKILL);    /* our child, not yet waited for */
		(void)waitpid(manager->pid, NULL, 0); /* its status says nothing */
	}
	*manager = UNIT_MANAGER_NONE;
}

struct words {
	char *text;
	size_t length;
	FILE *stream;
};

static void
put_word(struct words *words, const char *word)
{
	(void)fwrite(word, 1, strlen(word) + 1, words->stream); /* asked by finish_words */
}

static int
finish_words(struct words *words, struct error *err)
{
	int failed = ferror(words->stream);

	if (fclose(words->stream) != 0 || failed)
		return error_num(err, ENOMEM, "unit properties");
	return 0;
}

/* The request's file, or -1. properties NULL: none. */
static int
write_words(const char *name, const struct unit_properties *properties, struct error *err)
{
	AUTO_FREE char *text = NULL;
	struct words words = { 0 };
	int result;

	words.stream = open_memstream(&words.text, &words.length);
	if (!words.stream)
		return error_sys(err, "unit properties");
	put_word(&words, name);
	for (uint64_t i = 0; properties && i < properties->list.count; i++) {
		const struct plan_unit_property *property = &properties->list.items[i];

		put_word(&words, property->name);
		put_word(&words, property->type);
		for (uint64_t k = 0; k < property->words.count; k++)
			put_word(&words, property->words.items[k]);
	}
	result = finish_words(&words, err);
	text = words.text;
	return result < 0 ? -1
			  : file_sealed_memfd("osless unit", FILE_DATA, text, words.length, err);
}

static int
ask(const struct unit_manager *manager, enum unit_message kind, const char *name,
    const struct unit_properties *properties, struct wire_message *answer, struct error *err)
{
	AUTO_FD int words = write_words(name, properties, err);
	struct wire_message request = WIRE_MESSAGE(kind);

	if (words < 0)
		return -1;
	request.fd = words;
	if (wire_send(manager->sock, &request, err) < 0)
		return error_in(err, UNIT_PROGRAM);
	return receive(manager, UNIT_DONE, answer, err);
}

int
unit_start(const struct unit_manager *manager, const char *name,
    const struct unit_properties *properties, struct arena *arena, const char **cgroup,
    struct error *err)
{
	struct wire_message answer;

	if (ask(manager, UNIT_START, name, properties, &answer, err) < 0)
		return -1;
	*cgroup = arena_strdup(arena, answer.text);
	return *cgroup ? 0 : error_num(err, ENOMEM, "systemd");
}

int
unit_set(const struct unit_manager *manager, const char *name,
    const struct unit_properties *properties, struct error *err)
{
	struct wire_message answer;

	return ask(manager, UNIT_SET, name, properties, &answer, err);
}

int
unit_stop(const struct unit_manager *manager, const char *name, struct error *err)
{
	struct wire_message answer;

	return ask(manager, UNIT_STOP, name, NULL, &answer, err);
}
