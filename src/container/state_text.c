/* What a container is now, in words: status, OCI state. */
#include "container/state.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/file.h"
#include "spec/state.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PROC_STATUS_MAX 65536 /* bytes; Groups: can be long */

const char *
state_word(enum state_status status)
{
	static const char *const words[] = {
		[STATE_CREATING] = "creating",
		[STATE_CREATED] = "created",
		[STATE_RUNNING] = "running",
		[STATE_PAUSED] = "paused",
		[STATE_STOPPED] = "stopped",
	};

	return words[status];
}

void
state_format_time(const struct state_record *record, char text[64])
{
	time_t seconds = (time_t)record->created_s;
	struct tm utc;
	size_t used;

	(void)gmtime_r(&seconds, &utc); /* the year fits for any time that a clock shows */
	used = strftime(text, 64, "%Y-%m-%dT%H:%M:%S", &utc);
	(void)snprintf(
	    text + used, 64 - used, ".%09lldZ", (long long)record->created_ns); /* fits */
}

void
state_format_owner(uint32_t uid, char text[64])
{
	if (uid == 0)
		(void)snprintf(text, 64, "root");
	else
		(void)snprintf(text, 64, "%u", uid); /* fits */
}

char *
state_json(const struct plan *plan, const struct state_record *record, enum state_status status,
    enum state_style style, size_t *length, struct error *err)
{
	char created[64], owner[64];
	struct state_doc doc = {
		.oci_version = plan->oci_version,
		.id = plan->id,
		.pid = status == STATE_STOPPED ? 0 : record->init,
		.status = state_word(status),
		.bundle = plan->bundle,
		.rootfs = plan->rootfs,
		.created = created,
		.owner = owner,
		.annotations = { plan->annotations.items, plan->annotations.count },
	};

	state_format_time(record, created);
	state_format_owner(record->owner, owner);
	return state_doc_write(&doc, style, length, err);
}

/* The last of the pids in NSpid: is the innermost namespace's (proc(5)). */
static int32_t
pid_inside(const struct plan *plan, int32_t pid)
{
	char path[40];
	struct error unknown;
	size_t length = 0;
	AUTO_FREE char *text = NULL;
	char *line, *end;

	if (plan->namespaces[PLAN_NS_PID].mode == PLAN_NS_NEW)
		return 1;
	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)pid); /* fits */
	text = file_read(AT_FDCWD, path, PROC_STATUS_MAX, &length, &unknown);
	line = text ? strstr(text, "\nNSpid:") : NULL;
	if (!line)
		return pid;
	line++;
	line[strcspn(line, "\n")] = '\0';
	end = strrchr(line, '\t');
	return end ? (int32_t)strtol(end, NULL, 10) : pid;
}

int
state_memfd(const struct plan *plan, const struct state_record *record, enum state_status status,
    enum state_pid pid, struct error *err)
{
	struct state_record told = *record;
	size_t length = 0;
	AUTO_FREE char *text = NULL;

	if (pid == STATE_PID_INSIDE)
		told.init = pid_inside(plan, record->init);
	text = state_json(plan, &told, status, STATE_COMPACT, &length, err);
	return text ? file_sealed_memfd("oci state", FILE_DATA, text, length, err) : -1;
}
