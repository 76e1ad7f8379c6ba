# kill: signals.

load helpers

# start_trapping SIGNAL...: a container that prints the names of these signals as they come.
start_trapping() {
	local name script=
	for name in "$@"; do
		script+="trap 'echo $name' $name; "
	done
	bundle_args sh -c "$script echo ready; while :; do sleep 0.05; done"
	run_osless -0 run -d -b "$BUNDLE" "$ID"
	CONTAINER_OUT=$OUT
	wait_until 5 grep -qx ready "$CONTAINER_OUT"
}

# assert_kill NAME WORD...: the program sees this signal after `kill ID WORD...`.
assert_kill() {
	local name=$1
	shift
	: >"$CONTAINER_OUT"
	run_osless -0 kill "$@"
	assert_output ""
	wait_until 5 grep -aq "$name" "$CONTAINER_OUT" || fail "$name has not come after kill $*"
}

@test "signals by name, with and without SIG, in either case, and by number" {
	start_trapping TERM USR1 HUP
	assert_kill TERM "$ID"
	assert_kill TERM "$ID" TERM
	assert_kill USR1 "$ID" SIGUSR1
	assert_kill USR1 "$ID" sigusr1
	assert_kill USR1 "$ID" usr1
	assert_kill HUP "$ID" 1
	assert_kill HUP --all "$ID" HUP
	assert_kill HUP "$ID" 1 -a
	status_is "$ID" running
}

@test "default is TERM" {
	bundle_args sleep 100
	run_osless -0 run -d -b "$BUNDLE" "$ID"
	run_osless -0 kill "$ID"
	wait_status "$ID" stopped
}

@test "KILL takes everything along" {
	bundle_args sh -c 'sleep 100 & sleep 100 & wait'
	run_osless -0 run -d -b "$BUNDLE" "$ID"
	run_osless -0 kill "$ID" KILL
	wait_status "$ID" stopped
	run_osless -0 delete "$ID"
	assert_nothing_left
}

@test "KILL ends a created container" {
	run_osless -0 create -b "$BUNDLE" "$ID"
	run_osless -0 kill "$ID" 9
	wait_status "$ID" stopped
}

@test "signals that stop processes are refused" {
	local word
	bundle_args sleep 100
	run_osless -0 run -d -b "$BUNDLE" "$ID"
	for word in STOP SIGTSTP ttin TTOU 19; do
		run_osless -1 kill "$ID" "$word"
		assert_one_line_error "use pause"
	done
	status_is "$ID" running
}

@test "signal 0 asks whether the container runs, and does nothing" {
	run_osless -0 create -b "$BUNDLE" "$ID-created"
	run_osless -0 kill "$ID-created" 0
	start_trapping TERM
	: >"$CONTAINER_OUT"
	run_osless -0 kill "$ID" 0
	assert_output ""
	run_osless -0 kill --all "$ID" 0
	status_is "$ID" running
	run_osless -0 kill "$ID" KILL
	wait_status "$ID" stopped
	[ ! -s "$CONTAINER_OUT" ]
	run_osless -1 kill "$ID" 0
	assert_one_line_error "container not running"
}

@test "unknown signals are refused by name" {
	local word
	bundle_args sleep 100
	run_osless -0 run -d -b "$BUNDLE" "$ID"
	for word in FOO SIG 00x 65 RTMIN+99 9x; do
		run_osless -1 kill "$ID" "$word"
		assert_one_line_error "unknown signal \"$word\""
	done
	status_is "$ID" running
}

@test "a stopped container" {
	run_osless -0 run --keep -b "$BUNDLE" "$ID"
	run_osless -1 kill "$ID"
	assert_one_line_error "container not running"
	run_osless -1 kill "$ID" KILL
	assert_one_line_error "container not running"
}

@test "a container that does not exist" {
	run_osless -1 kill "$ID" KILL
	assert_one_line_error "does not exist"
}
