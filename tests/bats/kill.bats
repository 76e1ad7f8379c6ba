# kill: signals.

load helpers
load probe

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
	run_osless -0 --debug kill --all "$ID" 0
	assert_stderr "$ID: signal 0 to all processes"
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

@test "kill --all reaches the program where nobody supervises it" {
	policy '{ "modes": { "supervision": "off" } }'
	start_inside sh -c 'trap "echo TERM; exit 5" TERM; echo ready; while :; do sleep 0.05; done'
	wait_until 5 grep -q ready "$OUT"
	local out=$OUT
	run_osless -0 kill --all "$ID" TERM
	wait_until 5 grep -q TERM "$out"
	wait_status "$ID" stopped
}

@test "kill --all of a created container" {
	run_osless -0 create -b "$BUNDLE" "$ID"
	run_osless -0 kill --all "$ID" TERM
	wait_status "$ID" stopped
}

@test "kill --all: each process gets the signal once" {
	start_inside sh -c 'trap "echo parent" USR1; sh -c "trap \"echo child\" USR1; echo ready; while :; do sleep 0.05; done" & while :; do sleep 0.05; done'
	local out=$OUT
	wait_until 5 grep -q ready "$out"
	run_osless -0 kill --all "$ID" USR1
	wait_until 5 grep -q parent "$out"
	wait_until 5 grep -q child "$out"
	sleep 0.3
	[ "$(grep -c parent "$out")" = 1 ]
	[ "$(grep -c child "$out")" = 1 ]
}

@test "kill --all: once too under a guard, where the PID namespace is the host's" {
	no_namespace pid
	start_inside sh -c 'trap "echo parent" USR1; echo ready; while :; do sleep 0.05; done'
	local out=$OUT
	wait_until 5 grep -q ready "$out"
	run_osless -0 kill --all "$ID" USR1
	wait_until 5 grep -q parent "$out"
	sleep 0.3
	[ "$(grep -c parent "$out")" = 1 ]
}

@test "kill --all of a stopped container is no error, as with runc" {
	run_osless -0 run --keep -b "$BUNDLE" "$ID"
	run_osless -0 kill --all "$ID" TERM
	run_osless -0 kill --all "$ID" KILL
}
