# linux.seccomp with SCMP_ACT_NOTIFY: the bundle's own agent gets the listener, at listenerPath, as
# the OCI text has it (config-linux.md, containerProcessState).

load helpers
load probe

setup() {
	test_setup
	command -v python3 >/dev/null || skip "needs python3"
	AGENT_SOCKET=$BATS_TEST_TMPDIR/agent.sock
	AGENT_STATE=$BATS_TEST_TMPDIR/agent.json
	# shellcheck disable=SC2016 # jq's
	bundle_config --arg path "$AGENT_SOCKET" '.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW",
		listenerPath: $path, listenerMetadata: "meta data",
		syscalls: [ { names: [ "getpriority" ], action: "SCMP_ACT_NOTIFY" } ] }'
}

teardown() {
	[ -z "${AGENT:-}" ] || kill "$AGENT" 2>/dev/null || true # it has ended with the container
	test_teardown
}

# agent ANSWER: see agent.py
agent() {
	rm -f "$AGENT_SOCKET" "$AGENT_STATE"
	python3 "$HELPERS_DIR/agent.py" "$AGENT_SOCKET" "$AGENT_STATE" "$1" \
		>"$BATS_TEST_TMPDIR/calls" 2>&1 3>&- 4>&- &
	AGENT=$!
	wait_until 10 test -S "$AGENT_SOCKET"
}

# agent_saw NUMBER: so many calls, after the container's end.
agent_saw() {
	wait "$AGENT" || fail "the agent failed: $(<"$BATS_TEST_TMPDIR/calls")"
	AGENT=
	[ "$(<"$BATS_TEST_TMPDIR/calls")" = "$1" ] || fail "the agent saw $(<"$BATS_TEST_TMPDIR/calls") calls"
}

told() {
	jq -e "$1" "$AGENT_STATE" >/dev/null || fail "not so: $1: $(<"$AGENT_STATE")"
}

@test "the agent answers: a value, an errno, or to execute it" {
	agent value
	inside probe call getpriority getpriority
	assert_output $'getpriority 77\ngetpriority 77'
	agent_saw 2
	agent errno
	inside probe call getpriority
	assert_output "getpriority EOPNOTSUPP"
	agent_saw 1
	agent execute
	inside probe call getpriority
	assert_output "getpriority 20"
	agent_saw 1
}

@test "it is told what the OCI text says" {
	agent value
	start_inside sleep 100
	wait_until 5 test -s "$AGENT_STATE"
	told '.ociVersion and .fds == [ "seccompFd" ] and .metadata == "meta data"'
	told ".state.id == \"$ID\" and .state.bundle and (.state.pid == $PID) and .state.status"
	[ "$(jq .pid "$AGENT_STATE")" = "$(payload_of "$PID")" ] || fail "pid: $(jq .pid "$AGENT_STATE")"
	run_osless -0 delete --force "$ID"
	agent_saw 0
}

@test "with supervision off: the same" {
	policy '{ "modes": { "supervision": "off" } }'
	agent value
	inside probe call getpriority
	assert_output "getpriority 77"
	agent_saw 1
}

@test "create and start: at start" {
	agent value
	bundle_args probe call getpriority
	run_osless -0 create -b "$BUNDLE" "$ID"
	[ ! -e "$AGENT_STATE" ]
	local created=$OUT
	run_osless -0 start "$ID"
	wait_status "$ID" stopped
	[ "$(<"$created")" = "getpriority 77" ]
	agent_saw 1
}

@test "exec: a listener of its own" {
	agent value
	start_inside sleep 100
	wait_until 5 test -s "$AGENT_STATE"
	kill "$AGENT"
	agent errno
	run_osless -0 exec "$ID" probe call getpriority
	assert_output "getpriority EOPNOTSUPP"
	agent_saw 1
	told '.state.status == "running"'
}

@test "refusals of ours go on, without events" {
	agent value
	inside probe call unshare
	assert_output "unshare EPERM"
	agent_saw 0
}

@test "no agent there: start says so, and nothing is left" {
	bundle_args probe call getpriority
	refuses listenerPath "$AGENT_SOCKET" agent
}

@test "a path that is too long for a socket" {
	bundle_config '.linux.seccomp.listenerPath = "/" + ("x" * 200)'
	bundle_args probe call getpriority
	refuses listenerPath "too long"
}

@test "with a declared tree: refused, with the cure" {
	bundle_config '.annotations["dev.osless.tree"] =
		"{\"children\": [{\"id\": \"main\", \"args\": [\"sleep\", \"100\"]}]}"'
	refuses "SCMP_ACT_NOTIFY" "declared tree"
}

@test "sendmsg and write cannot be left to the agent" {
	local name
	for name in sendmsg write; do
		bundle_config ".linux.seccomp.syscalls[0].names = [ \"$name\" ]"
		refuses "SCMP_ACT_NOTIFY cannot be used for the $name syscall"
	done
}
