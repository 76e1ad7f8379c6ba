/* Capabilities by the raw system calls: libc's wrappers for set*id act on all threads of a process,
 * which a vfork child's "process" is not. */
#include "kernel/identity.h"

#include "base/error.h"
#include "base/syscalls.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <string.h>
#include <sys/prctl.h>

#define ALL_CAPS 64

static int
has(uint64_t set, unsigned cap)
{
	return set >> cap & 1;
}

static int
set_caps(uint64_t permitted, uint64_t effective, uint64_t inheritable)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = {
		{ (uint32_t)effective, (uint32_t)permitted, (uint32_t)inheritable },
		{ (uint32_t)(effective >> 32), (uint32_t)(permitted >> 32),
		    (uint32_t)(inheritable >> 32) },
	};

	return (int)syscall(SYS_capset, &head, data);
}

static int
get_caps(struct plan_caps *caps)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &head, data) < 0)
		return -1;
	caps->effective = data[0].effective | (uint64_t)data[1].effective << 32;
	caps->permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
	caps->inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
	return 0;
}

/* Beyond the kernel's last capability PR_CAPBSET_DROP answers EINVAL. */
static int
drop_bounding(uint64_t keep, struct error *err)
{
	for (unsigned cap = 0; cap < ALL_CAPS; cap++) {
		if (has(keep, cap) || prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0)
			continue;
		if (errno == EINVAL)
			return 0;
		return error_sys(err, "drop capability %u from the bounding set", cap);
	}
	return 0;
}

static int
set_ambient(uint64_t ambient)
{
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return -1;
	for (unsigned cap = 0; cap < ALL_CAPS; cap++)
		if (has(ambient, cap) && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) < 0)
			return -1;
	return 0;
}

static int
set_ids(const struct plan_process *process, int userns, struct error *err)
{
	long cleared = syscall(SYS_setgroups, process->groups.count, process->groups.items);

	/* a rootless user namespace denies setgroups (user_namespaces(7)); none wanted, none can be
	 * gained */
	if (cleared < 0 && !(errno == EPERM && userns && process->groups.count == 0))
		return error_sys(err, "setgroups");
	if (syscall(SYS_setresgid, process->gid, process->gid, process->gid) < 0)
		return error_sys(err, "setresgid %u (is it mapped?)", process->gid);
	if (syscall(SYS_setresuid, process->uid, process->uid, process->uid) < 0)
		return error_sys(err, "setresuid %u (is it mapped?)", process->uid);
	return 0;
}

int
identity_count_caps_in_access(struct error *err)
{
	int bits = prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);

	if (bits < 0 || prctl(PR_SET_SECUREBITS, bits | SECBIT_NO_SETUID_FIXUP, 0, 0, 0) < 0)
		return error_sys(err, "PR_SET_SECUREBITS");
	return 0;
}

int
identity_become(const struct plan_process *process, int userns, struct error *err)
{
	const struct plan_caps *caps = &process->caps;

	if (drop_bounding(caps->bounding, err) < 0)
		return -1;
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return error_sys(err, "keep capabilities over setresuid");
	if (set_ids(process, userns, err) < 0)
		return -1;
	if (prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0)
		return error_sys(err, "stop keeping capabilities");
	if (set_caps(caps->permitted, caps->effective, caps->inheritable) < 0)
		return error_sys(err, "capset (does the caller have what config.json grants?)");
	if (set_ambient(caps->ambient) < 0)
		return error_sys(err, "set ambient capabilities");
	return 0;
}

static int
check_ids(const struct plan_process *process, struct error *err)
{
	uid_t uids[3];
	gid_t gids[3];

	if (syscall(SYS_getresuid, &uids[0], &uids[1], &uids[2]) < 0 ||
	    syscall(SYS_getresgid, &gids[0], &gids[1], &gids[2]) < 0)
		return error_sys(err, "read the ids back");
	for (int i = 0; i < 3; i++)
		if (uids[i] != process->uid || gids[i] != process->gid)
			return error_set(err, "the ids read back are not those of the plan");
	return 0;
}

/* Bounding and ambient, capability by capability; the kernel ends the bounding set with EINVAL. */
static int
check_sets(const struct plan_caps *want, struct error *err)
{
	for (unsigned cap = 0; cap < ALL_CAPS; cap++) {
		int bounded = prctl(PR_CAPBSET_READ, cap, 0, 0, 0);

		if (bounded < 0)
			return 0;
		if (bounded && !has(want->bounding, cap))
			return error_set(err, "capability %u is still in the bounding set", cap);
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, cap, 0, 0) !=
		    has(want->ambient, cap))
			return error_set(err, "the ambient set read back is not that of the plan");
	}
	return 0;
}

int
identity_check(const struct plan_process *process, struct error *err)
{
	const struct plan_caps *want = &process->caps;
	struct plan_caps got;

	if (check_ids(process, err) < 0)
		return -1;
	if (get_caps(&got) < 0)
		return error_sys(err, "read capabilities back");
	if (got.permitted != want->permitted || got.effective != want->effective ||
	    got.inheritable != want->inheritable)
		return error_set(err, "the capabilities read back are not those of the plan");
	if (check_sets(want, err) < 0)
		return -1;
	if (want->permitted != UINT64_MAX && !has(want->permitted, CAP_SETUID) &&
	    process->uid != 0 && syscall(SYS_setresuid, -1, 0, -1) == 0)
		return error_set(err, "root could be regained");
	if (!has(want->permitted, CAP_SYS_ADMIN) &&
	    set_caps(want->permitted | 1ULL << CAP_SYS_ADMIN, want->effective, want->inheritable) ==
		0)
		return error_set(err, "CAP_SYS_ADMIN could be regained");
	return 0;
}

int
identity_keep_caps_over_exec(void)
{
	struct plan_caps caps;

	if (get_caps(&caps) < 0 || set_caps(caps.permitted, caps.permitted, caps.permitted) < 0 ||
	    set_ambient(caps.permitted) < 0)
		return errno;
	return 0;
}

int
identity_become_mapped(uint32_t uid, uint32_t gid, struct error *err)
{
	struct plan_caps caps;

	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return error_sys(err, "keep capabilities over setresuid");
	(void)syscall(SYS_setgroups, 0,
	    NULL); /* denied in a rootless namespace: then the caller's own stay */
	if (syscall(SYS_setresgid, gid, gid, gid) < 0)
		return error_sys(err, "setresgid %u in the new user namespace", gid);
	if (syscall(SYS_setresuid, uid, uid, uid) < 0)
		return error_sys(err, "setresuid %u in the new user namespace", uid);
	if (get_caps(&caps) < 0 || set_caps(caps.permitted, caps.permitted, 0) < 0)
		return error_sys(err, "raise capabilities in the new user namespace");
	return 0;
}

int
identity_no_new_privs(struct error *err)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return error_sys(err, "set no_new_privs");
	return 0;
}
