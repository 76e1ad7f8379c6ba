/* Imports and numbers to findings. How much a function weighs depends on who imports it: a program
 * that imports ptrace is there to trace, python imports everything, and a library may never be
 * asked. So only the first of these is more than a note. */
#include "check/judge.h"

#include "check/elf_code.h"
#include "check/imports.h"
#include "check/programs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct imports_of {
	const struct judge *judge;
	const struct judged *file;
	int telling; /* what it imports, it is there for */
};

/* ---- by name */

static int
aspect_enforced(const struct check_rules *rules, enum program_aspect aspect)
{
	switch (aspect) {
	case PROGRAM_CALLS:
		return rules->calls_enforced != 0;
	case PROGRAM_IDENTITY:
		return rules->identity_enforced != 0;
	case PROGRAM_SUPERVISION:
		return rules->supervision_enforced != 0;
	case PROGRAM_ALWAYS:
	default:
		return 1;
	}
}

static int
is_concern(const struct check_rules *rules, const struct program *program)
{
	if ((program->flags & PROGRAM_ROOT_WORKS) && rules->uid == 0)
		return 0;
	if ((program->flags & PROGRAM_ROOT_FAILS) && rules->uid != 0)
		return 0;
	return aspect_enforced(rules, program->aspect);
}

int
judge_name(const struct judge *judge, const struct judged *file, const char *called,
    const struct follow_args *args)
{
	const struct program *program = program_find(called);
	struct finding finding = { .path = file->path, .by = file->by };

	if (!program || !program->reason)
		program = program_find(file->path);
	if (!program || !program->reason || !is_concern(judge->rules, program))
		return 0;
	if (program->foreground && file->role == JUDGE_ENTRY &&
	    program_stays(program, args->items, args->count))
		return 0;
	finding.kind = program->kind;
	finding.severity = file->role == JUDGE_ENTRY ? program->as_entry : program->as_named;
	finding.reason = program->reason;
	finding.cure = program->cure;
	return findings_add(judge->findings, &finding);
}

/* ---- by imports */

static const struct profile_call *
call_named(const char *name)
{
	for (size_t i = 0; i < profile_calls_count; i++)
		if (profile_is_native(&profile_calls[i]) &&
		    strcmp(profile_calls[i].name, name) == 0)
			return &profile_calls[i];
	return NULL; /* the other machine's */
}

/* Those that the table has; strerrorname_np(3) is glibc's alone. */
static const char *
errno_word(int errnum)
{
	switch (errnum) {
	case ENOSYS:
		return "ENOSYS";
	case EPERM:
		return "EPERM";
	case EACCES:
		return "EACCES";
	case ENODEV:
		return "ENODEV";
	case EOPNOTSUPP:
		return "EOPNOTSUPP";
	default:
		return "an error";
	}
}

static int
add_refused(const struct imports_of *of, const struct profile_call *call, enum finding_kind kind,
    int weighs)
{
	const struct check_rules *rules = of->judge->rules;
	int taken = rules->tier == PROFILE_MINIMAL && call->minimal == PROFILE_TAKE;
	char reason[160];
	struct finding finding = {
		.kind = kind,
		.severity = weighs ? FINDING_REFUSED : FINDING_NOTE,
		.path = of->file->path,
		.by = of->file->by,
		.what = call->name,
		.reason = reason,
		.cure = import_cure(call->name),
	};

	(void)snprintf(reason, sizeof(reason), "%s %s if it is called: %s",
	    kind == FINDING_CONTAINED_CALL ? "its code seems to contain it, refused with"
					   : "refused with",
	    errno_word(taken ? ENOSYS : call->errnum), call->reason); /* reasons are short */
	return findings_add(of->judge->findings, &finding);
}

static int
add_pretended(const struct imports_of *of, const struct profile_call *call)
{
	const struct finding finding = {
		.kind = FINDING_PRETENDED_CALL,
		.path = of->file->path,
		.by = of->file->by,
		.what = call->name,
	};

	if (of->file->role == JUDGE_LIBRARY || !of->judge->rules->identity_enforced)
		return 0;
	return findings_add(of->judge->findings, &finding);
}

static int
judge_call(const struct imports_of *of, const char *name)
{
	const struct check_rules *rules = of->judge->rules;
	const struct profile_call *call = call_named(name);
	enum profile_class class = call ? profile_class_in(call, rules->tier) : PROFILE_ALLOW;

	if (class == PROFILE_PRETEND)
		return add_pretended(of, call);
	if (class != PROFILE_DENY || !rules->calls_enforced)
		return 0;
	if (of->file->role == JUDGE_LIBRARY)
		return add_refused(of, call, FINDING_LIBRARY_CALL, 0);
	return add_refused(
	    of, call, FINDING_REFUSED_CALL, of->telling && strcmp(name, "ptrace") == 0);
}

static int
judge_concern(const struct imports_of *of, const struct import *import)
{
	struct finding finding = {
		.kind = import->concern,
		.path = of->file->path,
		.by = of->file->by,
		.what = import->name,
	};

	if (of->file->role == JUDGE_LIBRARY)
		return 0;
	if (import->concern == FINDING_JOB_CONTROL && !of->telling)
		return 0;
	if (import->concern == FINDING_DAEMON && !of->judge->rules->supervision_enforced)
		return 0;
	if (import->concern == FINDING_PSEUDO_TTY && of->telling)
		finding.severity = FINDING_REFUSED;
	return findings_add(of->judge->findings, &finding);
}

static int
judge_import(const char *name, void *context)
{
	const struct imports_of *of = context;
	const struct import *import = import_find(name);

	if (!import)
		return 0;
	if (import->concern != FINDING_REFUSED_CALL)
		return judge_concern(of, import);
	for (size_t i = 0; i < IMPORT_CALLS_MAX && import->calls[i]; i++)
		if (judge_call(of, import->calls[i]) < 0)
			return -1;
	return 0;
}

/* ---- by code */

static int
judge_code(const struct imports_of *of, const struct elf *elf)
{
	struct elf_calls calls = { .sites = 0 };

	if (!of->judge->rules->calls_enforced)
		return 0;
	elf_code_calls(elf, &calls);
	for (unsigned number = 0; number < ELF_CALLS_MAX; number++) {
		const struct profile_call *call =
		    elf_calls_has(&calls, number) ? profile_call_of(number) : NULL;

		if (call && profile_class_of(number, of->judge->rules->tier) == PROFILE_DENY &&
		    add_refused(of, call, FINDING_CONTAINED_CALL, 0) < 0)
			return -1;
	}
	return 0;
}

/* What it imports adds nothing to what its name says. */
static int
is_told_by_name(const struct program *program)
{
	return (program->flags & PROGRAM_GENERAL) ||
	       (program->reason && program->kind == FINDING_TOOL);
}

int
judge_elf(const struct judge *judge, const struct judged *file, const struct elf *elf)
{
	const struct program *program = program_find(file->path);
	struct imports_of of = { .judge = judge, .file = file };

	of.telling = file->role == JUDGE_ENTRY && !(program && is_told_by_name(program));
	if (elf_each(elf, ELF_IMPORTS, judge_import, &of) < 0)
		return -1;
	return judge_code(&of, elf);
}

/* ---- by mode */

int
judge_privileges(
    const struct judge *judge, const struct judged *file, mode_t mode, uid_t owner, int has_caps)
{
	int set_uid = (mode & S_ISUID) && owner != judge->rules->uid;
	int set_gid = (mode & S_ISGID) && (mode & S_IXGRP);
	const struct finding finding = {
		.kind = FINDING_SET_ID,
		/* set-group-id is mostly there to keep others off, and seldom missed */
		.severity = has_caps || set_uid ? FINDING_REFUSED : FINDING_NOTE,
		.path = file->path,
		.by = file->by,
		.what = has_caps ? "file capabilities" : "set-id",
		.cure =
		    "run it as the user that is meant (process.user), with the capabilities that "
		    "it needs (process.capabilities)",
	};

	if (!has_caps && !set_uid && !set_gid)
		return 0;
	return findings_add(judge->findings, &finding);
}

int
judge_is_libc(const char *path)
{
	static const char *const names[] = { "libc.so", "libc-", "libc.musl", "ld-linux", "ld-musl",
		"ld-2.", "libpthread", "librt.so", "libdl.so", "libutil.so", "libresolv.so",
		"libanl.so", "libnss_", "libm.so", "libmvec.so" };
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strncmp(base, names[i], strlen(names[i])) == 0)
			return 1;
	return 0;
}
