# linux.seccomp, the bundle's own profile; and the built-in table as the payload meets it.

load helpers
load probe

# profile JQ-OBJECT: linux.seccomp, with everything allowed unless it says otherwise.
profile() {
	bundle_config ".linux.seccomp = ({ defaultAction: \"SCMP_ACT_ALLOW\" } + $1)"
}

# rule ACTION JQ-OBJECT: a profile with this one rule for getpriority, which does no harm.
rule() {
	profile "{ syscalls: [ { names: [ \"getpriority\" ], action: \"$1\" } + $2 ] }"
}

# calls WORD...: the answer of each call (probe.c), without its name, on one line.
calls() {
	inside probe call "$@"
	output=$(awk '{ print $2 }' <<<"$output" | paste -s -d ' ')
}

# --------------------------------------------------------------------- the bundle's own profile

@test "without one: the built-in table alone" {
	calls getpriority unshare
	assert_output "20 EPERM"
}

@test "ERRNO: EPERM, or what errnoRet says" {
	rule SCMP_ACT_ERRNO '{}'
	calls getpriority sched_yield
	assert_output "EPERM 0"
	rule SCMP_ACT_ERRNO '{ errnoRet: 38 }'
	calls getpriority
	assert_output ENOSYS
	rule SCMP_ACT_ERRNO '{ errnoRet: 122 }'
	calls getpriority
	assert_output EDQUOT
	rule SCMP_ACT_ERRNO '{ errnoRet: 0 }'
	calls getpriority
	assert_output 0
}

@test "errnoRet beyond the highest errno" {
	rule SCMP_ACT_ERRNO '{ errnoRet: 4096 }'
	refuses seccomp errno 4096
}

@test "KILL_PROCESS, KILL_THREAD, KILL: the program ends by SIGSYS" {
	local action
	for action in SCMP_ACT_KILL_PROCESS SCMP_ACT_KILL_THREAD SCMP_ACT_KILL; do
		rule $action '{}'
		inside -159 probe call getpriority
		assert_output ""
	done
}

@test "TRAP: SIGSYS, which can be caught" {
	rule SCMP_ACT_TRAP '{}'
	inside -159 probe call getpriority
	inside probe trap getpriority
	[[ $output == "caught SYS of call "* ]] || fail "not caught"
}

@test "LOG: it executes" {
	rule SCMP_ACT_LOG '{}'
	calls getpriority
	assert_output 20
}

@test "TRACE without a tracer: ENOSYS" {
	rule SCMP_ACT_TRACE '{}'
	calls getpriority
	assert_output ENOSYS
}

# The stricter answer wins, whichever filter gives it.
@test "ALLOW opens nothing that the built-in table closes" {
	profile '{ defaultAction: "SCMP_ACT_ALLOW",
		syscalls: [ { names: [ "unshare", "mount", "ptrace" ], action: "SCMP_ACT_ALLOW" } ] }'
	calls unshare mount ptrace
	assert_output "EPERM EPERM EPERM"
}

@test "a default of ERRNO, with a list of what is allowed" {
	local allowed
	# what the probe and its start need, and getpriority
	allowed='[ "execve", "brk", "arch_prctl", "set_tid_address", "set_robust_list", "rseq", "prlimit64",
		"readlinkat", "readlink", "getrandom", "mprotect", "newfstatat", "fstat", "write",
		"exit_group", "exit", "getpriority", "futex", "uname" ]'
	profile "{ defaultAction: \"SCMP_ACT_ERRNO\", defaultErrnoRet: 95,
		syscalls: [ { names: $allowed, action: \"SCMP_ACT_ALLOW\" } ] }"
	calls getpriority sched_yield
	assert_output "20 EOPNOTSUPP"
	profile "{ defaultAction: \"SCMP_ACT_ERRNO\",
		syscalls: [ { names: $allowed, action: \"SCMP_ACT_ALLOW\" } ] }"
	calls getpriority sched_yield unknown
	assert_output "20 EPERM ENOSYS"
}

# operator OP VALUE [VALUE-TWO]: ERRNO where lseek's offset compares so.
operator() {
	profile "{ syscalls: [ { names: [ \"lseek\" ], action: \"SCMP_ACT_ERRNO\", errnoRet: 95,
		args: [ { index: 1, op: \"SCMP_CMP_$1\", value: $2, valueTwo: ${3:-0} } ] } ] }"
}

# matched OFFSET...: y or n for each, on one line; fd 0 cannot be sought, so that is an errno too.
matched() {
	calls "${@/#/lseek,0,}"
	output=$(sed 's/EOPNOTSUPP/y/g; s/[A-Z0-9]\{2,\}\|[0-9]/n/g' <<<"$output")
}

@test "args: all operators, on 64 bits" {
	operator EQ 4294967301
	matched 5 4294967301
	assert_output "n y"
	operator NE 5
	matched 5 6 4294967301
	assert_output "n y y"
	operator LT 10
	matched 9 10 11 4294967301
	assert_output "y n n n"
	operator LE 10
	matched 9 10 11
	assert_output "y y n"
	operator GE 10
	matched 9 10 4294967301
	assert_output "n y y"
	operator GT 10
	matched 10 11
	assert_output "n y"
	operator MASKED_EQ 12 8
	matched 8 9 12 4
	assert_output "y y n n"
}

@test "args: all conditions of a rule must hold" {
	rule SCMP_ACT_ERRNO '{ args: [ { index: 0, op: "SCMP_CMP_EQ", value: 1 },
		{ index: 1, op: "SCMP_CMP_EQ", value: 0 } ] }'
	calls getpriority,0,0 getpriority,1,0
	assert_output "20 EPERM"
}

@test "args: several conditions on one argument are alternatives" {
	rule SCMP_ACT_ERRNO '{ errnoRet: 95, args: [ { index: 0, op: "SCMP_CMP_EQ", value: 1 },
		{ index: 0, op: "SCMP_CMP_EQ", value: 2 } ] }'
	calls getpriority,0,0 getpriority,1,0 getpriority,2,0
	assert_output "20 EOPNOTSUPP EOPNOTSUPP"
}

@test "args: an index or operator that there is not" {
	rule SCMP_ACT_ERRNO '{ args: [ { index: 6, op: "SCMP_CMP_EQ", value: 1 } ] }'
	refuses seccomp index 6
	rule SCMP_ACT_ERRNO '{ args: [ { index: 0, op: "SCMP_CMP_LIKE", value: 1 } ] }'
	refuses seccomp SCMP_CMP_LIKE
}

@test "names that no kernel knows are skipped" {
	profile '{ syscalls: [ { names: [ "frobnicate", "getpriority" ], action: "SCMP_ACT_ERRNO" } ] }'
	calls getpriority
	assert_output EPERM
}

@test "unknown actions, flags and architectures are refused by name" {
	rule SCMP_ACT_SMILE '{}'
	refuses seccomp SCMP_ACT_SMILE
	profile '{ defaultAction: "SCMP_ACT_SMILE" }'
	refuses seccomp defaultAction SCMP_ACT_SMILE
	profile '{ flags: [ "SECCOMP_FILTER_FLAG_SMILE" ] }'
	rule SCMP_ACT_ERRNO '{}'
	bundle_config '.linux.seccomp.flags = [ "SECCOMP_FILTER_FLAG_SMILE" ]'
	refuses seccomp flags SECCOMP_FILTER_FLAG_SMILE
	bundle_config '.linux.seccomp.flags = [] | .linux.seccomp.architectures = [ "SCMP_ARCH_PDP11" ]'
	refuses seccomp architectures PDP11
}

@test "an error names the place once" {
	rule SCMP_ACT_SMILE '{}'
	run_bundle -1
	[ "$(grep -o "linux.seccomp" <<<"$stderr" | wc -l)" = 1 ] || fail "not once"
}

@test "flags are taken" {
	rule SCMP_ACT_ERRNO '{}'
	bundle_config '.linux.seccomp.flags = [ "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_TSYNC",
		"SECCOMP_FILTER_FLAG_SPEC_ALLOW" ]'
	calls getpriority
	assert_output EPERM
	bundle_config '.linux.seccomp.flags = [ "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV" ]'
	refuses seccomp SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV NOTIFY
}

@test "architectures: rules hold for 32-bit entries where they are listed" {
	[ "$(uname -m)" = x86_64 ] && "$PROBE" i386 >/dev/null || skip "no 32-bit entry here"
	policy '{ "modes": { "syscalls": "off" } }'
	rule SCMP_ACT_ERRNO '{ errnoRet: 95 }'
	bundle_config '.linux.seccomp.architectures = [ "SCMP_ARCH_X86_64", "SCMP_ARCH_X86" ]'
	inside probe i386
	assert_output "i386 EOPNOTSUPP"
	bundle_config '.linux.seccomp.architectures = [ "SCMP_ARCH_X86_64" ]'
	inside -159 probe i386
}

@test "NOTIFY: never for write, and not without somebody to ask" {
	profile '{ listenerPath: "/run/nobody.sock",
		syscalls: [ { names: [ "write" ], action: "SCMP_ACT_NOTIFY" } ] }'
	refuses "SCMP_ACT_NOTIFY cannot be used for the write syscall"
	rule SCMP_ACT_NOTIFY '{}'
	refuses SCMP_ACT_NOTIFY listenerPath
	profile '{ defaultAction: "SCMP_ACT_NOTIFY", listenerPath: "/run/nobody.sock" }'
	refuses SCMP_ACT_NOTIFY defaultAction
}

@test "a profile of one engine: hundreds of rules" {
	local samples=${OSLESS_SAMPLES:-$HELPERS_DIR/../samples} sample
	for sample in docker podman; do
		[ -e "$samples/$sample-seccomp.config.json" ] || skip "no samples"
		bundle_config --slurpfile other "$samples/$sample-seccomp.config.json" \
			'.linux.seccomp = $other[0].linux.seccomp'
		inside sh -c 'echo hello; grep Seccomp_filters /proc/self/status'
		assert_output $'hello\nSeccomp_filters:\t1' # merged with ours
	done
}

@test "it holds for startContainer hooks and for all descendants" {
	rule SCMP_ACT_ERRNO '{}'
	bundle_config '.hooks.startContainer = [ { path: "/bin/probe", args: [ "probe", "call", "unshare" ] },
		{ path: "/bin/sh", args: [ "sh", "-c", "test \"$(probe call getpriority)\" = \"getpriority EPERM\"" ],
			env: [ "PATH=/bin" ] } ]'
	inside sh -c '(probe call getpriority)'
	assert_output "getpriority EPERM"
}

# -------------------------------------------------------------------------- the built-in table

@test "a filter is on, and no_new_privs" {
	inside grep -E '^(Seccomp|Seccomp_filters|NoNewPrivs):' /proc/self/status
	assert_output $'NoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t1'
}

@test "namespaces, mounts, roots: EPERM" {
	calls unshare setns mount umount2 pivot_root chroot sethostname
	assert_output "EPERM EPERM EPERM EPERM EPERM EPERM EPERM"
}

@test "clone: no namespace, no other parent; clone3 is as if unknown" {
	local flag
	for flag in 0x04000011 0x10000011 0x00020011 0x08000011 0x20000011 0x40000011 0x02000011 0x00008011; do
		inside probe clone $flag
		assert_output "clone EPERM"
	done
	inside probe clone 0x11
	assert_output "clone 0"
	calls clone3
	assert_output ENOSYS
}

@test "ptrace: EPERM" {
	calls ptrace
	assert_output EPERM
}

@test "set*id, setgroups, chown: 0, and nothing is done" {
	inside sh -c 'probe call setuid setgid setgroups chown; id -u; id -g; stat -c %u /'
	assert_output $'setuid 0\nsetgid 0\nsetgroups 0\nchown 0\n65534\n65534\n0'
}

@test "stop signals are refused, others are not" {
	calls kill_stop tgkill_tstp kill_stop,0,20 kill_stop,0,21 kill_stop,0,22 kill_stop,0,0 \
		kill_stop,0,18 pdeathsig_stop
	assert_output "EPERM EPERM EPERM EPERM EPERM 0 0 EPERM"
	# shellcheck disable=SC2016 # for the container's shell
	inside sh -c 'kill -STOP $$ 2>&1; grep State /proc/$$/status'
	[[ $output == *"Operation not permitted"* ]]
	[[ $output == *State:* && $output != *"T (stopped)"* ]]
	inside probe clone 0x13 # exit signal SIGSTOP
	assert_output "clone EPERM"
}

@test "terminal ioctls: ENOTTY" {
	calls tcgets tiocsti tiocsctty
	assert_output "ENOTTY ENOTTY ENOTTY"
}

@test "sockets: the usual families, and no others" {
	calls af_alg af_vsock audit_socket
	assert_output "EAFNOSUPPORT EAFNOSUPPORT EPROTONOSUPPORT"
	calls af_unix
	[[ $output == [0-9]* ]]
	calls raw_socket # in the table, but config.json grants no CAP_NET_RAW
	assert_output EPERM
}

@test "what nobody needs: bpf, perf, io_uring, userfaultfd, keyctl" {
	calls bpf perf_event_open io_uring_setup userfaultfd keyctl
	assert_output "EPERM ENODEV ENOSYS ENOSYS EPERM"
}

@test "a call that no kernel knows: ENOSYS" {
	calls unknown
	assert_output ENOSYS
}

@test "orphans cannot be taken from init" {
	calls subreaper
	assert_output EPERM
}

@test "32-bit entries are closed" {
	[ "$(uname -m)" = x86_64 ] && "$PROBE" i386 >/dev/null || skip "no 32-bit entry here"
	bundle_args probe i386
	run_osless ! run -b "$BUNDLE" "$ID" || true # killed, or an errno
	[[ $output != "i386 "[0-9]* ]] || fail "the call went through"
}

@test "tier minimal takes away more" {
	policy '{ "tier": "minimal" }'
	calls getpriority sched_yield
	assert_output "ENOSYS 0"
}

@test "policy off: no filter, and no pretending" {
	policy '{ "modes": { "syscalls": "off" } }'
	inside grep Seccomp: /proc/self/status
	assert_output $'Seccomp:\t0'
	calls setuid unshare ptrace tcgets unknown
	assert_output "EPERM EPERM 0 ENOTTY ENOSYS" # the kernel's own answers: no capability, no tty
}

@test "policy audit: refused calls execute" {
	policy '{ "modes": { "syscalls": "audit" } }'
	calls ptrace getpriority
	assert_output "0 20"
}

@test "policy off, with the bundle's profile: that alone" {
	policy '{ "modes": { "syscalls": "off" } }'
	rule SCMP_ACT_ERRNO '{ errnoRet: 95 }'
	calls getpriority ptrace
	assert_output "EOPNOTSUPP 0"
	inside grep Seccomp_filters: /proc/self/status
	assert_output $'Seccomp_filters:\t1'
}
