# linux.resources.pids: init's own process is allowed for.

load helpers
load probe

setup() {
	test_setup
	need_controller pids
}

@test "the limit is the payload's: init does not count" {
	bundle_config '.linux.resources.pids = { limit: 10 }'
	inside probe bomb 100
	assert_output "9 children, then EAGAIN"
}

@test "a fork bomb is bounded, and dies with its container" {
	bundle_config '.linux.resources.pids = { limit: 50 }'
	start_inside sh -c 'probe bomb 1000; exec sleep 100'
	wait_until 5 test -s "$OUT"
	grep -q EAGAIN "$OUT"
	[ "$(wc -l <"$(container_cgroup pids)/cgroup.procs")" -le 51 ]
	run_osless -0 delete --force "$ID"
}

@test "a shell's fork bomb: the host and the container's end are not held up" {
	bundle_config '.linux.resources.pids = { limit: 60 }'
	start_inside sh -c 'f() { f | f; }; f 2>/dev/null; exec sleep 100'
	wait_until 10 was_full || fail "$(cgroup_value pids pids.current) processes"
	run_osless -0 kill "$ID" KILL
	wait_status "$ID" stopped
	run_osless -0 delete "$ID"
}

was_full() {
	[ "$(cgroup_value pids pids.events | awk '$1 == "max" { print $2 }')" -gt 0 ]
}

@test "one that orphans its processes all the time, likewise" {
	bundle_config '.linux.resources.pids = { limit: 60 }'
	start_inside sh -c '(f() { f & f & }; while :; do f; done) 2>/dev/null & exec sleep 100' # the shell gives up
	wait_until 10 was_full || fail "$(cgroup_value pids pids.current) processes"
	[ "$(cgroup_value pids pids.current)" -le 61 ]
	status_is "$ID" running
	run_osless -0 delete --force "$ID"
}

@test "-1 is unlimited, 0 is unset" {
	create_with '.pids = { limit: -1 }'
	assert_cgroup pids pids.max max
	run_osless -0 delete "$ID"
	create_with '.pids = { limit: 0 }'
	by_systemd || # which has a limit of its own then, DefaultTasksMax
		assert_cgroup pids pids.max max
}

@test "a limit of 1: one process, and no child" {
	bundle_config '.linux.resources.pids = { limit: 1 }'
	inside probe bomb 1
	assert_output "0 children, then EAGAIN"
}

@test "less than -1 is refused" {
	bundle_config '.linux.resources.pids = { limit: -2 }'
	refuses pids.limit
}
