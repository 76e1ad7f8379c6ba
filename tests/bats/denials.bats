# Refused system calls, as explain, events and metrics tell them: who made which call with what
# arguments, what it was answered, how often; in enforce and in audit; by the tier, and by the
# bundle's own profile.

load look-helpers
load metrics-helpers
load probe

# ran WORD...: the bundle's program has run and ended; its container is kept. POLICY as in probe.
ran() {
	bundle_args "$@"
	# shellcheck disable=SC2086 # words
	run_osless -0 ${POLICY:+--policy "$POLICY"} run --keep -b "$BUNDLE" "$ID"
}

# explains PART...: its text has each; its lines are in $output.
explains() {
	local part
	run_osless -0 explain "$ID"
	for part in "$@"; do
		[[ $output == *"$part"* ]] || fail "explain lacks: $part"
	done
}

# explain_lacks PART...
explain_lacks() {
	local part
	run_osless -0 explain "$ID"
	for part in "$@"; do
		[[ $output != *"$part"* ]] || fail "explain has: $part"
	done
}

# denied JQ-CONDITION: one entry of explain's list, and one event's denial, are so.
denied() {
	run_osless -0 explain --format json "$ID"
	jq -e "any(.denials.list[]; $1)" <<<"$output" >/dev/null || fail "no such denial: $1"
	run_osless -0 events --no-follow "$ID"
	jq -se "any(.[].data | select(.event == \"denied\") | .denial; $1)" <<<"$output" >/dev/null ||
		fail "no such event: $1"
}

# counted CALL ERRNO ACTION COUNT: metrics have it.
counted() {
	run_osless -0 metrics "$ID"
	check_openmetrics <<<"$output" || fail "no OpenMetrics"
	[ "$(metric "osless_denied_calls_total{id=\"$ID\",call=\"$1\",errno=\"$2\",action=\"$3\"}")" = "$4" ] ||
		fail "not $4 times $1 $2 $3"
}

# total ACTION COUNT: of all.
total() {
	run_osless -0 metrics "$ID"
	[ "$(metric "osless_denials_total{id=\"$ID\",action=\"$1\"}")" = "$2" ] || fail "not $2 $1"
}

audit() {
	policy '{ "modes": { "syscalls": "audit" } }'
}

@test "nothing refused" {
	ran true
	explains "Refusals:       none, apart from what libraries probe routinely"
	explain_lacks "Refused:" "Would"
	total refused 0
	run_osless -0 explain --format json "$ID"
	jq -e '.denials | .told and .refused == 0 and .list == []' <<<"$output"
}

@test "a shell's commands: by name, with program, process and thread's name" {
	ran sh -c 'unshare -u true; chroot / true; kill -STOP $$; true'
	explains "/bin/busybox (unshare, pid " "): unshare(CLONE_NEWUTS) = EPERM: " \
		"/bin/busybox (chroot, pid " "): chroot(0x" \
		"/bin/busybox (sh, pid 2): kill(2, SIGSTOP) = EPERM: " \
		"if kill is needed: to halt a whole container, freeze its cgroup" \
		"if unshare is needed: " "if chroot is needed: the container is the jail"
	denied '.call == "unshare" and .exe == "/bin/busybox" and .comm == "unshare" and .pid > 2
		and .by == "tier" and .would == false and .count == 1 and .first == .last
		and (.reason | length > 0) and (.cure | length > 0)'
	denied '.call == "kill" and .decoded == "2, SIGSTOP" and .args[0:2] == [ "0x2", "0x13" ]'
	counted kill EPERM refused 1
	total refused 3
}

@test "arguments: decoded where that is cheap, raw beside it" {
	ran probe call af_alg audit_socket,16,3,12 bpf keyctl personality ptrace subreaper pdeathsig_stop
	explains "socket(AF_ALG, SOCK_SEQPACKET, 0) = EAFNOSUPPORT" \
		"socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER) = EPROTONOSUPPORT" \
		"bpf(BPF_MAP_CREATE, 0, 0) = EPERM" "keyctl(KEYCTL_GET_KEYRING_ID, " \
		"personality(PER_LINUX32) = EINVAL" "ptrace(PTRACE_TRACEME, 0, 0, 0) = EPERM" \
		"prctl(PR_SET_CHILD_SUBREAPER, 0x1, 0, 0, 0) = EPERM"
	denied '.call == "socket" and .errno == "EAFNOSUPPORT" and .args[0:3] == [ "0x26", "0x5", "0x0" ]'
	counted socket EAFNOSUPPORT refused 1
	counted socket EPROTONOSUPPORT refused 1
}

@test "a number that nobody knows, and another architecture's entry point" {
	ran probe call unknown
	explains "unknown call 9999(" " = ENOSYS: a number that this osless does not know"
	counted "unknown call" ENOSYS refused 1
	[ "$(uname -m)" = x86_64 ] || return 0
	osless delete "$ID"
	ran probe i386
	explains "i386 call 96(" " = ENOSYS: another architecture's entry point"
	denied '.call == "i386 call 96" and .arch == "i386" and .number == 96'
	counted "i386 call" ENOSYS refused 1
}

@test "one entry for each program, call and errno: counted, with its first and its last time" {
	cp "$PROBE" "$BUNDLE/rootfs/bin/other"
	ran sh -c 'probe call unshare unshare; sleep 0.2; probe call unshare; other call unshare'
	explains "/bin/probe (probe, pid " "unshare(CLONE_NEWUTS) = EPERM; 3 times since " "/bin/other (other, pid "
	denied '.exe == "/bin/probe" and .count == 3 and .first < .last'
	denied '.exe == "/bin/other" and .count == 1'
	run_osless -0 explain --format json "$ID"
	jq -e '.denials | .refused == 4 and (.list | length == 2)' <<<"$output"
	run_osless -0 events --no-follow "$ID"
	jq -se '[ .[] | select(.data.event == "denied") ] | length == 2' <<<"$output"
	counted unshare EPERM refused 4
}

@test "of many the newest are shown, and what finds no room is counted" {
	bundle_config '.mounts += [ { destination: "/tmp", type: "tmpfs", source: "tmpfs" } ]'
	# shellcheck disable=SC2016 # the container's shell
	ran sh -c 'i=0
		while [ $i -lt 140 ]; do
			cp /bin/probe /tmp/p$i
			/tmp/p$i call unshare
			i=$((i + 1))
		done'
	explains "Refusals:       116 more, older than these: osless explain --format json $ID" \
		"12 calls of further kinds, for which the journal has no room (it has 128)" \
		"/tmp/p127 (p127, pid "
	explain_lacks "/tmp/p115 ("
	run_osless -0 explain --format json "$ID"
	jq -e '.denials | .refused == 140 and .unlisted == 12 and (.list | length == 128)' <<<"$output"
	counted unshare EPERM refused 128
	run_osless -0 metrics "$ID"
	[ "$(metric "osless_denials_unlisted_total{id=\"$ID\"}")" = 12 ]
	total refused 140
}

@test "what libraries probe routinely is not told" {
	ran probe call clone3 tcgets audit_socket
	explains "Refusals:       none, apart from"
}

@test "a program's name cannot harm the terminal, nor JSON" {
	local name=$'odd\033[2J\xff"\\y'
	cp "$PROBE" "$BUNDLE/rootfs/bin/$name"
	ran sh -c 'exec /bin/odd* call unshare'
	explains '/bin/odd?[2J?"\y (odd?[2J?"\y, pid 2): unshare(CLONE_NEWUTS)'
	! LC_ALL=C grep -q $'[^\t -~]' <<<"$output" || fail "unprintable"
	denied '.exe == "/bin/odd\u001b[2J\ufffd\"\\y"'
}

@test "why: a refusal shortly before a failure is pointed to" {
	bundle_args sh -c 'kill -STOP $$; exit 7'
	run_osless -7 run --keep -b "$BUNDLE" "$ID"
	explains "its program (main) ended: exit status 7" \
		"shortly before, main was refused kill (EPERM): whether it failed for that, its output says"
	osless delete "$ID"
	ran sh -c 'kill -STOP $$; exit 0'
	explain_lacks "shortly before"
}

@test "as it happens: a follower gets the line" {
	bundle_args sh -c 'sleep 0.5; unshare -u true; sleep 4242'
	start_detached
	timeout "$OSLESS_TIMEOUT" "$OSLESS" --root "$ROOT" events "$ID" 3>&- </dev/null 2>/dev/null |
		jq --unbuffered -c 'select(.data.event == "denied") | .data.denial.call' |
		head -n 1 >"$BATS_TEST_TMPDIR/first" &
	wait_until 5 grep -qx '"unshare"' "$BATS_TEST_TMPDIR/first"
}

@test "who comes in by exec is told of as well" {
	bundle_args sleep 4242
	start_detached
	run_osless -0 exec "$ID" probe call unshare
	explains "/bin/probe (probe, pid " "unshare(CLONE_NEWUTS) = EPERM"
}

# -------------------------------------------------------------------------------------- audit

@test "audit: what would be refused or pretended is executed, and told so" {
	audit
	bundle_config '.root.readonly = false'
	ran sh -c 'probe call ptrace unshare setgid; chown 0:0 /tmp; kill -STOP $$; true'
	explains "Would refuse:   " ": ptrace(PTRACE_TRACEME, 0, 0, 0) = EPERM" ": kill(2, SIGSTOP) = EPERM" \
		"Would pretend:  " ": setgid(0) = 0: one identity for life" ", 0, 0) = 0: one identity" \
		"Refusals:       audit: what would be refused or pretended was executed"
	explain_lacks $'\nRefused:'
	denied '.call == "ptrace" and .would and .errno == "EPERM"'
	denied '.call == "setgid" and .would and .errno == "0"'
	counted ptrace EPERM would 1
	total refused 0
}

@test "audit: it is by the annotation, where the host lets it" {
	policy '{ "annotations": { "mayLoosen": [ "dev.osless.syscalls" ] } }'
	bundle_config '.annotations["dev.osless.syscalls"] = "audit"'
	ran probe call ptrace
	assert_output "ptrace 0"
	explains "Would refuse:   " ": ptrace(PTRACE_TRACEME, 0, 0, 0) = EPERM"
}

# ------------------------------------------------------------------------ the bundle's own profile

# What an ordinary program needs, and nothing else, as engines' default profiles are made.
list_profile() {
	bundle_config '.linux.seccomp = { defaultAction: "SCMP_ACT_ERRNO", defaultErrnoRet: 1,
		architectures: [ "SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_AARCH64" ],
		syscalls: [ { action: "SCMP_ACT_ALLOW", names: [ "read", "write", "open", "openat", "close", "stat",
			"fstat", "lstat", "newfstatat", "mmap", "mprotect", "munmap", "brk", "rt_sigaction",
			"rt_sigprocmask", "rt_sigreturn", "ioctl", "access", "faccessat", "dup", "dup2", "dup3",
			"fcntl", "getpid", "getppid", "clone", "vfork", "fork", "execve", "exit", "exit_group",
			"wait4", "kill", "uname", "getcwd", "readlink", "readlinkat", "getuid", "getgid", "geteuid",
			"getegid", "setuid", "setgid", "arch_prctl", "prctl", "set_tid_address", "set_robust_list",
			"rseq", "prlimit64", "getrandom", "futex", "sigaltstack", "sched_yield", "sendmsg" ] } ] }'
}

@test "the bundle's profile: its default action is told like the tier's" {
	list_profile
	ran probe call getpriority getpriority sched_yield
	assert_output $'getpriority EPERM\ngetpriority EPERM\nsched_yield 0'
	explains "/bin/probe (probe, pid 2): getpriority(0, 0) = EPERM; 2 times since " \
		"the bundle's own seccomp profile refuses it" "if getpriority is needed: allow it in linux.seccomp"
	denied '.call == "getpriority" and .by == "bundle" and .count == 2'
	counted getpriority EPERM refused 2
}

@test "the bundle's profile: keyrings, which both refuse" {
	list_profile
	ran probe call keyctl
	explains ": keyctl(KEYCTL_GET_KEYRING_ID, " ") = EPERM"
}

@test "the bundle's profile in audit: it refuses all the same" {
	list_profile
	audit
	ran probe call getpriority ptrace
	assert_output $'getpriority EPERM\nptrace EPERM'
	denied '.call == "getpriority" and .by == "bundle" and .would == false'
}

@test "the bundle's profile: who dies of it is told so" {
	bundle_config '.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW",
		syscalls: [ { names: [ "getpriority" ], action: "SCMP_ACT_KILL_PROCESS" } ] }'
	bundle_args probe call getpriority
	run_osless -159 run --keep -b "$BUNDLE" "$ID"
	explains "signal SYS is the answer of a seccomp profile that kills" \
		"main was killed for a system call: by a rule of the bundle's own profile"
}

# ---------------------------------------------------------------------------- when nothing is told

@test "not told: system calls off, supervision off" {
	policy '{ "modes": { "syscalls": "off" } }'
	ran true
	explains "Refusals:       not told: osless refuses no system calls here"
	osless delete "$ID"
	policy '{ "modes": { "supervision": "off" } }'
	ran probe call unshare
	assert_output "unshare EPERM"
	explains "Refusals:       not told: supervision is off"
	run_osless -0 explain --format json "$ID"
	jq -e '.denials.told == false and .denials.list == []' <<<"$output"
}

@test "not told: the bundle's agent has the listener" {
	local agent
	command -v python3 >/dev/null || skip "needs python3"
	bundle_config --arg path "$BATS_TEST_TMPDIR/agent.sock" '.linux.seccomp = {
		defaultAction: "SCMP_ACT_ALLOW", listenerPath: $path,
		syscalls: [ { names: [ "getpriority" ], action: "SCMP_ACT_NOTIFY" } ] }'
	python3 "$HELPERS_DIR/agent.py" "$BATS_TEST_TMPDIR/agent.sock" "$BATS_TEST_TMPDIR/agent.json" value \
		>/dev/null 2>&1 3>&- 4>&- &
	agent=$!
	wait_until 10 test -S "$BATS_TEST_TMPDIR/agent.sock"
	ran probe call getpriority unshare
	wait "$agent"
	assert_output $'getpriority 77\nunshare EPERM'
	explains "not told: the bundle's agent has the listener" \
		"(linux.seccomp.listenerPath, $BATS_TEST_TMPDIR/agent.sock)"
}

@test "not told: somebody above listens" {
	command -v python3 >/dev/null || skip "needs python3"
	bundle_args sh -c 'probe call unshare; exec sleep 4242'
	timeout "$OSLESS_TIMEOUT" python3 "$HELPERS_DIR/listener-above.py" "$OSLESS" --root "$ROOT" run -d -b "$BUNDLE" "$ID" \
		>/dev/null 2>&1 3>&- 4>&-
	explains "Refusals:       not told: whoever started osless listens to system calls already"
	run_osless -0 explain --format json "$ID"
	jq -e '.denials.told == false' <<<"$output"
}

@test "not told: what a profile refuses that is a filter of its own" {
	bundle_config '.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW",
		syscalls: [ { names: [ "sendmsg", "getpriority" ], action: "SCMP_ACT_ERRNO" } ] }'
	ran probe call getpriority unshare
	assert_output $'getpriority EPERM\nunshare EPERM'
	explains ": unshare(CLONE_NEWUTS) = EPERM: " \
		"Refusals:       what the bundle's own profile refuses is not told: here it is a filter of its own"
	explain_lacks getpriority
}

@test "the tier minimal: what it takes away, and that the other has it" {
	bundle_config '.annotations["dev.osless.tier"] = "minimal"'
	ran probe call personality
	explains ": personality(PER_LINUX32) = ENOSYS: minimal: " \
		"if personality is needed: the tier gvisor has it: \"tier\" in the host's policy"
}

# blames: the worker is down, and explain points to what its last process was refused.
blames() {
	run_osless -0 explain "$ID"
	[[ $output == *"web is down and waits for its restart: exit status 5"* ]] &&
		[[ $output == *"shortly before, web was refused kill (EPERM)"* ]]
}

@test "a worker that is restarted: why it is down points to its refusal each time" {
	declare_tree '{ "intensity": 9, "period": 60, "backoff": { "first": 0.2, "max": 30 }, "children": [
		{ "id": "web", "args": ["sh", "-c", "kill -STOP $$; exit 5"], "restart": "permanent" } ] }'
	start_detached
	wait_until 10 told restart '.data.number >= 400'
	wait_until 10 blames || fail "it does not"
	denied '.call == "kill" and .count >= 2'
}
