# What the bats files of tree, events, explain and metrics share.

load helpers

# declare_tree JSON: the bundle's supervision tree.
declare_tree() {
	bundle_config --arg tree "$1" '.annotations["dev.osless.tree"] = $tree'
}

# start_detached ARGUMENT...: runs the bundle, and does not wait for its end.
start_detached() {
	run_osless -0 "$@" run -d -b "$BUNDLE" "$ID"
}

# worker_pid NAME: the host's pid of a worker's process, from `tree`.
worker_pid() {
	osless tree -f json "$ID" |
		jq --arg id "$1" '[.. | objects | select(.id? == $id and .kind == "worker") | .pid][0] // empty'
}

# kill_worker NAME: SIGKILL, from outside, and waits until it has been noticed.
kill_worker() {
	local pid
	pid=$(worker_pid "$1")
	[ "${pid:-0}" -gt 1 ] || fail "$1 has no process"
	kill -KILL "$pid"
	wait_until 5 has_another_pid "$1" "$pid"
}

has_another_pid() {
	[ "$(worker_pid "$1")" != "$2" ]
}

# told EVENT [JQ-CONDITION]: the journal has such an event.
told() {
	osless events --no-follow "$ID" |
		jq -se --arg event "$1" "any(.[]; .data.event == \$event and (${2:-true}))" >/dev/null
}

# unknown_and_missing VERB: the errors that each of these verbs has.
unknown_and_missing() {
	run_osless -1 "$1" "$ID-none"
	assert_one_line_error "container $ID-none does not exist"
	run_osless -1 "$1" ../etc
	assert_one_line_error "container ID ../etc"
	run_osless -1 "$1" --frobnicate "$ID"
	assert_one_line_error "unknown option --frobnicate: see osless $1 --help"
	assert_output ""
}

# damaged_journal: a stopped container whose journal is none.
damaged_journal() {
	run_osless -0 run --keep -b "$BUNDLE" "$ID"
	head -c 100 /dev/urandom >"$ROOT/$ID/journal"
}
