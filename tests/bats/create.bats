# create: everything but the program.

load helpers

# The program says that it ran by exiting with 7, at start only.
@test "a created container waits: its program has not run" {
	bundle_args sh -c 'echo ran; exit 7'
	run_osless -0 create -b "$BUNDLE" "$ID"
	assert_output ""
	[ -z "$stderr" ] || fail "create writes to stderr"
	status_is "$ID" created
	sleep 0.2
	[ ! -s "$OUT" ] || fail "the program ran"
	status_is "$ID" created
	run_osless -0 delete "$ID"
}

@test "pid file: decimal, no newline, the pid of state, a live process" {
	local pid
	run_osless -0 create -b "$BUNDLE" --pid-file "$BATS_TEST_TMPDIR/pid" "$ID"
	pid=$(<"$BATS_TEST_TMPDIR/pid")
	[[ $pid =~ ^[1-9][0-9]*$ ]]
	[ "$(wc -c <"$BATS_TEST_TMPDIR/pid")" = ${#pid} ]
	[ "$(osless state "$ID" | jq .pid)" = "$pid" ]
	kill -0 "$pid"
}

@test "pid file: one that exists is replaced; a directory that is missing is an error" {
	echo 4194304 >"$BATS_TEST_TMPDIR/pid"
	run_osless -0 create -b "$BUNDLE" --pid-file "$BATS_TEST_TMPDIR/pid" "$ID"
	[ "$(<"$BATS_TEST_TMPDIR/pid")" = "$(osless state "$ID" | jq .pid)" ]
	run_osless -1 create -b "$BUNDLE" --pid-file /nonexistent/pid "$ID-a"
	assert_one_line_error "/nonexistent/pid"
	run_osless -1 state "$ID-a"
}

@test "the bundle: current directory by default, relative or absolute, and absolute in state" {
	cd "$BUNDLE"
	run_osless -0 create "$ID-a"
	run_osless -0 create --bundle . "$ID-b"
	run_osless -0 create -bundle ../bundle "$ID-c"
	run_osless -0 create "$ID-d" -b "$BUNDLE"
	for c in a b c d; do
		[ "$(osless state "$ID-$c" | jq -r .bundle)" = "$(realpath "$BUNDLE")" ]
	done
}

@test "an ID in use is refused, and its container is left alone" {
	local before
	run_osless -0 create -b "$BUNDLE" "$ID"
	before=$(osless state "$ID")
	run_osless -1 create -b "$BUNDLE" "$ID"
	assert_one_line_error "$ID"
	assert_stderr "already exists"
	[ "$(osless state "$ID")" = "$before" ]
}

@test "IDs are matched whole" {
	run_osless -0 create -b "$BUNDLE" "$ID-ab"
	run_osless -1 state "$ID-a"
	run_osless -0 create -b "$BUNDLE" "$ID-a"
	run_osless -0 delete --force "$ID-a"
	status_is "$ID-ab" created
}

@test "no file descriptor but the standard ones reaches the program" {
	# ls itself opens one, the directory
	bundle_args sh -c 'ls -l /proc/self/fd | grep -vc "^total"'
	run_osless -0 run -b "$BUNDLE" "$ID" 7</etc/passwd 8</etc/passwd 251</etc/passwd
	assert_output 4
}

@test "preserve-fds: the first N are passed on, others are not" {
	bundle_args sh -c 'cat <&3; cat <&4; [ ! -e /proc/self/fd/5 ]'
	echo three >"$BATS_TEST_TMPDIR/3"
	echo four >"$BATS_TEST_TMPDIR/4"
	status=0
	timeout "$OSLESS_TIMEOUT" "$OSLESS" --root "$ROOT" run --preserve-fds 2 -b "$BUNDLE" "$ID" \
		>"$BATS_TEST_TMPDIR/out" 3<"$BATS_TEST_TMPDIR/3" 4<"$BATS_TEST_TMPDIR/4" 5</etc/passwd || status=$?
	[ $status = 0 ]
	[ "$(<"$BATS_TEST_TMPDIR/out")" = $'three\nfour' ]
}

@test "preserve-fds: one that is not open is an error" {
	status=0
	timeout "$OSLESS_TIMEOUT" "$OSLESS" --root "$ROOT" create --preserve-fds 40 -b "$BUNDLE" "$ID" \
		2>"$BATS_TEST_TMPDIR/err" >/dev/null </dev/null 3<&- 4<&- || status=$?
	[ $status = 1 ]
	grep -q "preserve-fds" "$BATS_TEST_TMPDIR/err"
}

@test "LISTEN_FDS: descriptors and the variable are passed on" {
	# shellcheck disable=SC2016 # for the container's shell
	bundle_args sh -c 'echo $LISTEN_FDS; cat <&3'
	echo socket >"$BATS_TEST_TMPDIR/3"
	# sd_listen_fds(3): LISTEN_PID says whom they are for
	# shellcheck disable=SC2016 # for the inner shell
	timeout "$OSLESS_TIMEOUT" bash -c 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"' bash \
		"$OSLESS" --root "$ROOT" run -b "$BUNDLE" "$ID" \
		>"$BATS_TEST_TMPDIR/out" 3<"$BATS_TEST_TMPDIR/3" 4<&-
	[ "$(<"$BATS_TEST_TMPDIR/out")" = $'1\nsocket' ]
}

@test "pidfd-socket: gets a descriptor of the first process" {
	command -v python3 >/dev/null || skip "needs python3"
	await_pidfd "$BATS_TEST_TMPDIR/sock"
	run_osless -0 create -b "$BUNDLE" --pidfd-socket "$BATS_TEST_TMPDIR/sock" "$ID"
	wait "$AWAITS"
	[ "$(<"$BATS_TEST_TMPDIR/sock.pid")" = "$(osless state "$ID" | jq .pid)" ]
}

@test "no-pivot, no-new-keyring and no-subreaper are taken" {
	run_osless -0 create --no-subreaper --no-pivot --no-new-keyring -b "$BUNDLE" "$ID-a" # as crun's callers
	bundle_args cat /etc/group
	run_osless -0 run --no-pivot --no-new-keyring --no-subreaper -b "$BUNDLE" "$ID"
	[[ $output == *nobody* ]]
}

@test "console-socket: refused, with the cure" {
	run_osless -1 create -b "$BUNDLE" --console-socket "$BATS_TEST_TMPDIR/tty.sock" "$ID"
	assert_one_line_error "terminal"
	assert_stderr "without -t"
}
