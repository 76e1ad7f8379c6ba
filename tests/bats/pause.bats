# pause and resume: nothing runs in between, and what must work meanwhile does.

load helpers
load probe

# start_counting: a container whose program counts as fast as it can, into its output.
start_counting() {
	start_inside sh -c 'i=0; while :; do i=$((i + 1)); [ $((i % 1000)) != 0 ] || echo $i; done'
	CONTAINER_OUT=$OUT
	wait_until 5 test -s "$CONTAINER_OUT"
}

# counts: whether it goes on within a second.
counts() {
	local before
	before=$(wc -c <"$CONTAINER_OUT")
	wait_until 1 grown "$before"
}

grown() {
	[ "$(wc -c <"$CONTAINER_OUT")" -gt "$1" ]
}

cpu_ticks() {
	awk '{ print $14 + $15 }' "/proc/$1/stat"
}

@test "a busy loop stands still while paused, and goes on after resume" {
	local before payload
	start_counting
	payload=$(payload_of "$PID")
	run_osless -0 pause "$ID"
	assert_output ""
	[ -z "$stderr" ] || fail "pause says something"
	status_is "$ID" paused
	before=$(cpu_ticks "$payload")
	! counts || fail "it counts while paused"
	[ "$(cpu_ticks "$payload")" = "$before" ]
	run_osless -0 resume "$ID"
	assert_output ""
	status_is "$ID" running
	counts || fail "it does not count after resume"
}

@test "paused again and again" {
	start_counting
	for _ in 1 2 3 4 5; do
		run_osless -0 pause "$ID"
		run_osless -0 resume "$ID"
	done
	counts || fail "it does not count"
}

@test "all that the program has started stands still, also in a cgroup below" {
	local pid pids freezer
	start_inside sh -c 'for i in 1 2 3; do sh -c "while :; do :; done" & done; wait'
	freezer=$(freezer_of "$PID")
	wait_until 5 eval '[ "$(wc -l <"$freezer/cgroup.procs")" = 5 ]'
	mkdir "$freezer/below"
	pids=$(<"$freezer/cgroup.procs")
	pid=${pids##*$'\n'}
	echo "$pid" >"$freezer/below/cgroup.procs"
	run_osless -0 pause "$ID"
	for pid in $pids; do
		grep -q '^State:.[DS]' "/proc/$pid/status" || fail "$pid runs"
	done
	run_osless -0 resume "$ID"
	run_osless -0 delete --force "$ID"
	assert_nothing_left
}

@test "a created container is paused and started once it is resumed" {
	bundle_args sh -c 'echo started'
	run_osless -0 create -b "$BUNDLE" "$ID"
	local container_out=$OUT
	run_osless -0 pause "$ID"
	status_is "$ID" paused
	run_osless -0 resume "$ID"
	status_is "$ID" created
	run_osless -0 start "$ID"
	wait_until 5 grep -q started "$container_out"
}

@test "what cannot be paused or resumed" {
	start_inside sleep 100
	run_osless -1 resume "$ID"
	assert_one_line_error "container not paused: it is running"
	run_osless -0 pause "$ID"
	run_osless -1 pause "$ID"
	assert_one_line_error "cannot pause a container that is not running: it is paused already"
	status_is "$ID" paused
	run_osless -0 kill "$ID" KILL
	wait_status "$ID" stopped
	run_osless -1 pause "$ID"
	assert_one_line_error "cannot pause a container that is not running: container not running"
	run_osless -1 resume "$ID"
	assert_one_line_error "container not paused: it is stopped"
}

@test "no such container, wrong words" {
	local verb
	for verb in pause resume; do
		run_osless -1 "$verb" "$ID"
		assert_one_line_error "container $ID does not exist"
		run_osless -1 "$verb" ../etc
		assert_one_line_error "container ID ../etc"
		run_osless -1 "$verb" --all "$ID"
		assert_one_line_error "unknown option --all: see osless $verb --help"
	done
}

@test "without cgroups the error names the cure" {
	bundle_args sleep 100
	run_osless -0 --cgroup-manager disabled run -d -b "$BUNDLE" "$ID"
	run_osless -1 pause "$ID"
	assert_one_line_error "create it without --cgroup-manager disabled"
	status_is "$ID" running
}

@test "signals wait for resume, but KILL does not" {
	start_inside sh -c 'trap "echo got" USR1; echo ready; while :; do sleep 0.05; done'
	CONTAINER_OUT=$OUT
	wait_until 5 grep -q ready "$CONTAINER_OUT"
	run_osless -0 pause "$ID"
	run_osless -0 kill "$ID" USR1
	sleep 0.3
	! grep -q got "$CONTAINER_OUT" || fail "it handles a signal while paused"
	run_osless -0 resume "$ID"
	wait_until 5 grep -q got "$CONTAINER_OUT"
	run_osless -0 pause "$ID"
	run_osless -0 kill "$ID" KILL
	wait_status "$ID" stopped
	run_osless -0 delete "$ID"
	assert_nothing_left
}

@test "kill --all KILL, also without a PID namespace of its own" {
	no_namespace pid
	start_inside sh -c 'sleep 100 & sleep 100 & wait'
	run_osless -0 pause "$ID"
	run_osless -0 kill --all "$ID" KILL
	wait_status "$ID" stopped
	run_osless -0 delete "$ID"
	assert_nothing_left
}

@test "delete refuses a paused container, and by force takes it" {
	start_counting
	run_osless -0 pause "$ID"
	run_osless -1 delete "$ID"
	assert_one_line_error "not stopped: paused"
	run_osless -0 delete --force "$ID"
	assert_nothing_left
}

@test "exec is refused while paused" {
	start_inside sleep 100
	run_osless -0 pause "$ID"
	run_osless -255 exec "$ID" true
	assert_one_line_error "cannot exec in a paused container"
	run_osless -0 resume "$ID"
	run_osless -0 exec "$ID" true
}

@test "the time under pause is nobody's fault: no worker is restarted, no zombie counted" {
	bundle_config '.annotations["dev.osless.handle-within"] = "1s"'
	start_inside sh -c 'false & sleep 0.2; trap : USR1; while :; do sleep 0.05; wait; done'
	run_osless -0 pause "$ID"
	sleep 1.5
	run_osless -0 resume "$ID"
	sleep 0.5
	status_is "$ID" running
	run_osless -0 events --no-follow "$ID"
	jq -se '[.[].data.event] == ["started"]' <<<"$output"
}

@test "debug tells what is done" {
	start_inside sleep 100
	run_osless -0 --debug pause "$ID"
	assert_stderr "container $ID is frozen"
	run_osless -0 --debug resume "$ID"
	assert_stderr "container $ID is thawed"
}

@test "20 pauses at once: one wins, the others are refused, none hangs" {
	local pids=() pid won=0
	start_inside sleep 100
	for _ in $(seq 20); do
		osless pause "$ID" 2>/dev/null &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		! wait "$pid" || won=$((won + 1))
	done
	[ $won = 1 ] || fail "$won have paused it"
	status_is "$ID" paused
	run_osless -0 resume "$ID"
}
