/* bpf(2) for device programs. */
#include "kernel/cgroup_device_attach.h"

#include "base/auto.h"
#include "base/syscalls.h"

#include <errno.h>
#include <string.h>

#define PROGRAMS_MAX 64 /* on one cgroup: BPF_CGROUP_MAX_PROGS (Linux kernel/bpf/cgroup.c) */

/* By which ours are known again; systemd's and runc's bear others, or none. */
static const char name[] = "osless_devices";

static uint64_t
address(const void *pointer)
{
	return (uintptr_t)pointer;
}

static int
fail_load(struct error *err)
{
	switch (errno) {
	case EPERM:
		return error_sys(err,
		    "load the device rules' BPF program (it needs CAP_BPF and CAP_NET_ADMIN in "
		    "the host's user namespace)");
	case E2BIG:
		return error_sys(
		    err, "load the device rules' BPF program (there could be too many rules)");
	case ENOSYS:
	case EINVAL:
		return error_sys(
		    err, "load the device rules' BPF program (needs CONFIG_CGROUP_BPF)");
	default:
		return error_sys(err, "load the device rules' BPF program");
	}
}

int
cgroup_device_load(const struct cgroup_device_program *program, struct error *err)
{
	union bpf_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr)); /* the kernel refuses padding that is not zero */
	attr.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
	attr.expected_attach_type = BPF_CGROUP_DEVICE;
	attr.insns = address(program->code);
	attr.insn_cnt = program->length;
	attr.license = address("none"); /* matters only to helpers, and none is called */
	memcpy(attr.prog_name, name, sizeof(name));
	fd = sys_bpf(BPF_PROG_LOAD, &attr, sizeof(attr));
	return fd < 0 ? fail_load(err) : fd;
}

/* Whether it was loaded above. */
static int
is_ours(int program)
{
	struct bpf_prog_info info;
	union bpf_attr attr;

	memset(&info, 0, sizeof(info));
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = (uint32_t)program;
	attr.info.info = address(&info);
	attr.info.info_len = sizeof(info);
	return sys_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr)) == 0 &&
	       strcmp(info.name, name) == 0;
}

/* An fd; -1 with errno: ENOENT where it is gone by now. */
static int
open_by_id(uint32_t id)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_id = id;
	return sys_bpf(BPF_PROG_GET_FD_BY_ID, &attr, sizeof(attr));
}

/* The one that is there already: *old gets an fd, the caller's, or -1. */
static int
find_ours(int dir, int *old, struct error *err)
{
	uint32_t ids[PROGRAMS_MAX];
	union bpf_attr attr;

	*old = -1;
	memset(&attr, 0, sizeof(attr));
	attr.query.target_fd = (uint32_t)dir;
	attr.query.attach_type = BPF_CGROUP_DEVICE;
	attr.query.prog_ids = address(ids);
	attr.query.prog_cnt = PROGRAMS_MAX;
	if (sys_bpf(BPF_PROG_QUERY, &attr, sizeof(attr)) < 0)
		return error_sys(err, "list the BPF programs of the cgroup");
	for (uint32_t i = 0; i < attr.query.prog_cnt && i < PROGRAMS_MAX; i++) {
		int program = open_by_id(ids[i]);

		if (program < 0 && errno != ENOENT)
			return error_sys(err, "open BPF program %u of the cgroup", ids[i]);
		if (program >= 0 && is_ours(program))
			return *old = program, 0;
		auto_close(&program);
	}
	return 0;
}

int
cgroup_device_attach(int dir, int program, struct error *err)
{
	AUTO_FD int old = -1;
	union bpf_attr attr;

	if (find_ours(dir, &old, err) < 0)
		return -1;
	memset(&attr, 0, sizeof(attr));
	attr.target_fd = (uint32_t)dir;
	attr.attach_bpf_fd = (uint32_t)program;
	attr.attach_type = BPF_CGROUP_DEVICE;
	attr.attach_flags = BPF_F_ALLOW_MULTI;
	if (old >= 0) {
		attr.attach_flags |= BPF_F_REPLACE;
		attr.replace_bpf_fd = (uint32_t)old;
	}
	if (sys_bpf(BPF_PROG_ATTACH, &attr, sizeof(attr)) < 0)
		return error_sys(err, "attach the device rules' BPF program to the cgroup%s",
		    errno == EPERM ? " (one above it has a program that allows no other)" : "");
	return 0;
}
