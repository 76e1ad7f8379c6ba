/* What was asked over a connection that is lost is asked once more over the next: a unit of that
 * name that is then there is ours if it is where the process is that it was started with. */
#include "systemd/unit.h"

#include "base/error.h"
#include "plan/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_US UINT64_C(1000000) /* so often a job is looked at whose signal may be lost */
#define NO_SUCH_UNIT MANAGER_NAME ".NoSuchUnit"
#define UNIT_EXISTS MANAGER_NAME ".UnitExists"
#define UNIT_INTERFACE MANAGER_NAME ".Unit"

struct request {
	struct manager *manager;
	struct job *job;
	struct words *words;
	size_t properties; /* where they begin in words */
	const char *name;
	int again; /* 1: asked before over a connection that was lost */
};

static int
begin(struct request *request, struct error *err)
{
	manager_begin(request->manager);
	request->name = words_next(request->words);
	request->properties = request->words->at;
	return request->name ? 0 : error_set(err, "the request names no unit");
}

/* ------------------------------------------------------------------------------- jobs */

static int
hear_job(sd_bus_message *signal, void *context, sd_bus_error *failure)
{
	struct job *job = context;
	const char *path, *unit, *result;
	uint32_t id;

	(void)failure; /* a signal is not answered */
	if (sd_bus_message_read(signal, "uoss", &id, &path, &unit, &result) < 0)
		return 0; /* not as systemd sends it */
	if (strcmp(path, job->path) == 0)
		(void)snprintf(job->result, sizeof(job->result), "%s", result); /* short words */
	return 0;
}

/* A bus passes signals on to those who ask; systemd's own socket to all. */
static int
watch(struct manager *manager, void *context)
{
	const char *sender = sd_bus_is_bus_client(manager->bus) > 0 ? MANAGER_NAME : NULL;
	int result = sd_bus_match_signal(manager->bus, NULL, sender, MANAGER_PATH,
	    MANAGER_INTERFACE, "JobRemoved", hear_job, context);

	if (result < 0)
		return result;
	/* What goes wrong with this, the next call meets as well. */
	(void)sd_bus_call_method_async(manager->bus, NULL, MANAGER_NAME, MANAGER_PATH,
	    MANAGER_INTERFACE, "Subscribe", NULL, NULL, NULL);
	return 0;
}

void
unit_watch_jobs(struct manager *manager, struct job *job)
{
	manager->on_connect = watch;
	manager->context = job;
}

/* ------------------------------------------------------------------------------ state */

/* What a unit's property says; *text is from malloc(3), the caller's. */
static enum manager_result
get_text(struct request *request, const char *interface, const char *property, char **text,
    sd_bus_error *failure)
{
	char *path = NULL;
	int returned = sd_bus_path_encode(MANAGER_PATH "/unit", request->name, &path);

	if (returned >= 0)
		returned = sd_bus_get_property_string(
		    request->manager->bus, MANAGER_NAME, path, interface, property, failure, text);
	free(path);
	return manager_judge(request->manager, returned, failure);
}

/* The same into value. -1: err. */
static int
get_property(struct request *request, const char *interface, const char *property, char *value,
    size_t size, struct error *err)
{
	for (;;) {
		sd_bus_error failure = SD_BUS_ERROR_NULL;
		enum manager_result result;
		char *text = NULL;
		int failed = 0;

		if (manager_connect(request->manager, err) < 0)
			return -1;
		result = get_text(request, interface, property, &text, &failure);
		if (result == MANAGER_REFUSED)
			failed = manager_refused(&failure, err);
		else if (text && strlen(text) >= size)
			failed = error_set(err, "%s of %s is too long", property, request->name);
		else if (text)
			(void)snprintf(value, size, "%s", text); /* fits */
		sd_bus_error_free(&failure);
		free(text);
		if (result != MANAGER_LOST)
			return failed;
	}
}

/* "active", "failed" ...; "inactive" as well where there is no such unit. -1: err. */
static int
get_state(struct request *request, char *state, size_t size, struct error *err)
{
	return get_property(request, UNIT_INTERFACE, "ActiveState", state, size, err);
}

/* -------------------------------------------------------------------------- one call */

/* call, or NULL with err where making it has gone wrong: result is sd-bus'. */
static sd_bus_message *
finish_call(sd_bus_message *call, int result, const char *method, struct error *err)
{
	if (result >= 0)
		return call;
	(void)error_num(err, -result, "%s", method); /* always -1 */
	sd_bus_message_unref(call);
	return NULL;
}

/* A method that takes the unit's name first. NULL: err. */
static sd_bus_message *
make_call(struct request *request, const char *method, struct error *err)
{
	sd_bus_message *call = NULL;
	int result = sd_bus_message_new_method_call(
	    request->manager->bus, &call, MANAGER_NAME, MANAGER_PATH, MANAGER_INTERFACE, method);

	if (result >= 0)
		result = sd_bus_message_append_basic(call, 's', request->name);
	return finish_call(call, result, method, err);
}

/* call with the request's properties behind, or NULL with err: call is then freed. */
static sd_bus_message *
with_properties(struct request *request, sd_bus_message *call, struct error *err)
{
	request->words->at = request->properties;
	if (words_append_properties(request->words, call, err) == 0)
		return call;
	sd_bus_message_unref(call);
	return NULL;
}

/* The job's path is what the answer holds. */
static void
note_job(struct request *request, sd_bus_message *reply)
{
	const char *path;

	request->job->path[0] = request->job->result[0] = '\0';
	if (sd_bus_message_read_basic(reply, 'o', &path) >= 0)
		(void)snprintf(
		    request->job->path, sizeof(request->job->path), "%s", path); /* short */
}

/* Sends call, which it frees. */
enum answer { ANSWER_NOTHING, ANSWER_JOB };

static enum manager_result
send_call(struct request *request, sd_bus_message *call, enum answer answer, sd_bus_error *failure)
{
	sd_bus_message *reply = NULL;
	enum manager_result result = manager_call(request->manager, call, &reply, failure);

	if (result == MANAGER_OK && answer == ANSWER_JOB)
		note_job(request, reply);
	if (result == MANAGER_LOST)
		request->again = 1;
	sd_bus_message_unref(reply);
	sd_bus_message_unref(call);
	return result;
}

/* A call that systemd hears once more where nobody knows whether it has. make returns NULL with
 * err. MANAGER_OK, or MANAGER_REFUSED with failure; -1 with err. */
static int
ask(struct request *request, sd_bus_message *(*make)(struct request *request, struct error *err),
    enum answer answer, sd_bus_error *failure, struct error *err)
{
	for (;;) {
		enum manager_result result;
		sd_bus_message *call;

		if (manager_connect(request->manager, err) < 0)
			return -1;
		call = make(request, err);
		if (!call)
			return -1;
		result = send_call(request, call, answer, failure);
		if (result != MANAGER_LOST)
			return result;
		sd_bus_error_free(failure);
	}
}

/* 0, 1 where there is no such unit, -1 with err. */
static int
ask_about_unit(struct request *request,
    sd_bus_message *(*make)(struct request *request, struct error *err), enum answer answer,
    struct error *err)
{
	sd_bus_error failure = SD_BUS_ERROR_NULL;
	int result = ask(request, make, answer, &failure, err);

	if (result == MANAGER_REFUSED && sd_bus_error_has_name(&failure, NO_SUCH_UNIT))
		result = 1;
	else if (result == MANAGER_REFUSED)
		result = manager_refused(&failure, err);
	sd_bus_error_free(&failure);
	return result;
}

/* ------------------------------------------------------------------- waiting for a job */

/* A job that is not there any more has ended, and its signal was lost with a connection. */
static void
look_at_job(struct request *request)
{
	sd_bus_error failure = SD_BUS_ERROR_NULL;
	char *text = NULL;
	int returned = sd_bus_get_property_string(request->manager->bus, MANAGER_NAME,
	    request->job->path, MANAGER_NAME ".Job", "State", &failure, &text);

	free(text);
	if (manager_judge(request->manager, returned, &failure) == MANAGER_REFUSED &&
	    !request->job->result[0])
		(void)snprintf(
		    request->job->result, sizeof(request->job->result), "gone"); /* fits */
	sd_bus_error_free(&failure);
}

/* Takes in what there is, or waits for it. 0, or -1 with err. */
static int
listen_once(struct request *request, struct error *err)
{
	uint64_t left = manager_left(request->manager);
	int returned = sd_bus_process(request->manager->bus, NULL);

	if (returned == 0) {
		returned = sd_bus_wait(request->manager->bus, left < LOOK_US ? left : LOOK_US);
		if (returned == 0)
			look_at_job(request);
	}
	if (returned == -EINTR ||
	    manager_judge(request->manager, returned, NULL) != MANAGER_REFUSED)
		return 0;
	return error_num(err, -returned, "wait for systemd");
}

/* act: "started". -1: err. */
static int
wait_job(struct request *request, const char *act, struct error *err)
{
	struct job *job = request->job;

	while (!job->result[0]) {
		if (!manager_left(request->manager))
			return error_num(err, ETIMEDOUT, "systemd has not %s %s within %u ms", act,
			    request->name, (unsigned)(request->manager->limit_us / 1000));
		if (manager_connect(request->manager, err) < 0 || listen_once(request, err) < 0)
			return -1;
	}
	if (strcmp(job->result, "done") == 0 || strcmp(job->result, "gone") == 0)
		return 0;
	return error_set(
	    err, "systemd has not %s %s: its job ended as \"%s\"", act, request->name, job->result);
}

/* ------------------------------------------------------------------------------ start */

static sd_bus_message *
make_start(struct request *request, struct error *err)
{
	static const char method[] = "StartTransientUnit";
	sd_bus_message *call = make_call(request, method, err);

	if (call)
		call = finish_call(
		    call, sd_bus_message_append_basic(call, 's', "replace"), method, err);
	if (call)
		call = with_properties(request, call, err);
	return call ? finish_call(call, sd_bus_message_append(call, "a(sa(sv))", 0), method, err)
		    : NULL; /* no units besides */
}

static sd_bus_message *
make_reset(struct request *request, struct error *err)
{
	return make_call(request, "ResetFailedUnit", err);
}

/* The process among the properties: "PIDs", "au", "1", it. 0: there is none. */
static uint32_t
find_pid(struct request *request)
{
	const char *word;

	request->words->at = request->properties;
	while ((word = words_next(request->words))) {
		if (strcmp(word, "PIDs") != 0)
			continue;
		(void)words_next(request->words); /* its type, */
		(void)words_next(request->words); /* and how many */
		word = words_next(request->words);
		return word ? (uint32_t)strtoul(word, NULL, 10) : 0;
	}
	return 0;
}

static sd_bus_message *
make_find(struct request *request, struct error *err)
{
	static const char method[] = "GetUnitByPID";
	uint32_t pid = find_pid(request);
	sd_bus_message *call = NULL;
	int result = sd_bus_message_new_method_call(
	    request->manager->bus, &call, MANAGER_NAME, MANAGER_PATH, MANAGER_INTERFACE, method);

	if (result >= 0)
		result = sd_bus_message_append_basic(call, 'u', &pid);
	return finish_call(call, result, method, err);
}

/* Whether the process that the unit was to be started with is in it: then it was, just now. */
static int
is_ours(struct request *request)
{
	struct error ignored; /* then it is not */
	char *path = NULL;
	int ours = sd_bus_path_encode(MANAGER_PATH "/unit", request->name, &path) >= 0 &&
		   request->again &&
		   ask_about_unit(request, make_find, ANSWER_JOB, &ignored) == 0 &&
		   strcmp(request->job->path, path) == 0;

	free(path);
	return ours;
}

enum existing {
	EXISTING_IN_THE_WAY, /* err says how */
	EXISTING_OURS,
	EXISTING_PASSES, /* it can be tried again */
};

static enum existing
settle_existing(struct request *request, struct error *err)
{
	char state[32];

	if (is_ours(request))
		return EXISTING_OURS;
	if (get_state(request, state, sizeof(state), err) < 0)
		return EXISTING_IN_THE_WAY;
	if (strcmp(state, "failed") == 0) {
		if (ask_about_unit(request, make_reset, ANSWER_NOTHING, err) < 0)
			return EXISTING_IN_THE_WAY;
	} else if (strcmp(state, "inactive") != 0 && strcmp(state, "deactivating") != 0) {
		(void)error_num(err, EEXIST,
		    "unit %s exists already and is %s: another container's, or left by one "
		    "(`systemctl stop %s` ends it)",
		    request->name, state, request->name);
		return EXISTING_IN_THE_WAY;
	}
	if (manager_pause(request->manager))
		return EXISTING_PASSES;
	(void)error_num(err, EEXIST, "unit %s stays %s", request->name, state);
	return EXISTING_IN_THE_WAY;
}

/* Asks until there is a job, or the unit. -1: err. */
static int
ask_start(struct request *request, struct error *err)
{
	enum existing existing = EXISTING_PASSES;
	int result = 0;

	while (existing == EXISTING_PASSES) {
		sd_bus_error failure = SD_BUS_ERROR_NULL;
		int exists;

		result = ask(request, make_start, ANSWER_JOB, &failure, err);
		exists = sd_bus_error_has_name(&failure, UNIT_EXISTS);
		if (result == MANAGER_REFUSED && !exists)
			result = manager_refused(&failure, err);
		sd_bus_error_free(&failure);
		if (!exists)
			return result;
		existing = settle_existing(request, err);
	}
	err->errnum = EEXIST; /* whatever else: the unit is not ours */
	if (existing == EXISTING_IN_THE_WAY)
		return -1;
	(void)snprintf(request->job->result, sizeof(request->job->result), "done"); /* fits */
	return 0;
}

static int
get_cgroup(struct request *request, char *cgroup, uint32_t size, struct error *err)
{
	int is_slice = unit_is_slice(request->name);
	const char *interface = is_slice ? MANAGER_NAME ".Slice" : MANAGER_NAME ".Scope";

	return get_property(request, interface, "ControlGroup", cgroup, size, err);
}

int
unit_start(struct manager *manager, struct job *job, struct words *words, char *cgroup,
    uint32_t size, struct error *err)
{
	struct request request = { .manager = manager, .job = job, .words = words };
	int result = begin(&request, err);

	if (result < 0 || ask_start(&request, err) < 0 || wait_job(&request, "started", err) < 0 ||
	    get_cgroup(&request, cgroup, size, err) < 0)
		return -1;
	return *cgroup
		   ? 0
		   : error_set(err, "unit %s has ended before its container began", request.name);
}

/* -------------------------------------------------------------------------------- set */

static sd_bus_message *
make_set(struct request *request, struct error *err)
{
	static const char method[] = "SetUnitProperties";
	const int runtime = 1;
	sd_bus_message *call = make_call(request, method, err);

	if (call)
		call = finish_call(
		    call, sd_bus_message_append_basic(call, 'b', &runtime), method, err);
	return call ? with_properties(request, call, err) : NULL;
}

int
unit_set(struct manager *manager, struct words *words, struct error *err)
{
	struct request request = { .manager = manager, .words = words };

	if (begin(&request, err) < 0)
		return -1;
	switch (ask_about_unit(&request, make_set, ANSWER_NOTHING, err)) {
	case 0:
		return 0;
	case 1:
		return error_set(err, "systemd has no unit %s any more", request.name);
	default:
		return -1;
	}
}

/* ------------------------------------------------------------------------------- stop */

static sd_bus_message *
make_stop(struct request *request, struct error *err)
{
	static const char method[] = "StopUnit";
	sd_bus_message *call = make_call(request, method, err);

	return call ? finish_call(
			  call, sd_bus_message_append_basic(call, 's', "replace"), method, err)
		    : NULL;
}

int
unit_stop(struct manager *manager, struct job *job, struct words *words, struct error *err)
{
	struct request request = { .manager = manager, .job = job, .words = words };
	struct error ignored;
	int result = begin(&request, err);

	if (result == 0)
		result = ask_about_unit(&request, make_stop, ANSWER_JOB, err);
	if (result < 0 || (result == 0 && wait_job(&request, "stopped", err) < 0))
		return -1;
	/* Of one that has not failed there is nothing to forget. */
	(void)ask_about_unit(&request, make_reset, ANSWER_NOTHING, &ignored);
	return 0;
}
