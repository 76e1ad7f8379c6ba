# ps: the processes of a container, with the host's pids.

load helpers
load probe

# has_processes COUNT
has_processes() {
	[ "$(osless ps --format json "$ID" | jq length)" = "$1" ]
}

# start_three: a shell and two sleeps besides init.
start_three() {
	start_inside sh -c 'sleep 1000 & sleep 1000 & wait'
	wait_until 5 has_processes 4 || fail "the processes have not come"
}

@test "json: all host pids in ascending order, init's too, and no other" {
	local want
	start_three
	want=$({ echo "$PID"; pgrep -P "$PID"; pgrep -P "$(payload_of "$PID")"; } | sort -n | jq -sc .)
	for form in "-f json" "--format json" "--format=json" "-format json"; do
		# shellcheck disable=SC2086 # words
		run_osless -0 ps $form "$ID"
		assert_output "$want"
	done
}

@test "exec'd processes and cgroups below count" {
	local freezer
	start_three
	freezer=$(freezer_of "$PID")
	run_osless -0 exec -d "$ID" sleep 1001
	wait_until 5 has_processes 5
	mkdir "$freezer/below"
	echo "$PID" >"$freezer/below/cgroup.procs"
	has_processes 5
	run_osless -0 delete --force "$ID"
	assert_nothing_left
}

@test "created, paused and stopped containers" {
	run_osless -0 create -b "$BUNDLE" "$ID"
	has_processes 1
	run_osless -0 kill "$ID" KILL
	wait_status "$ID" stopped
	run_osless -0 ps -f json "$ID"
	assert_output "[]"
	run_osless -0 ps "$ID"
	[ ${#lines[@]} = 1 ]
	run_osless -0 delete "$ID"
	start_inside sleep 1000
	run_osless -0 pause "$ID"
	has_processes 2
	run_osless -0 resume "$ID"
}

@test "table: ps -ef of the host, and of it only the container's lines" {
	start_three
	run_osless -0 ps "$ID"
	[[ ${lines[0]} =~ ^UID\ +PID\ +PPID\ +C\ +STIME\ +TTY\ +TIME\ +CMD$ ]]
	[ ${#lines[@]} = 5 ]
	[ "$(grep -c 'sleep 1000$' <<<"$output")" = 2 ]
	run_osless -0 ps --format table "$ID"
	[ ${#lines[@]} = 5 ]
}

@test "ps' own options, wherever its PID column is" {
	start_three
	run_osless -0 ps "$ID" -e -o args,pid,stat
	[[ ${lines[0]} =~ ^COMMAND\ +PID\ +STAT$ ]]
	# args has blanks: the column is found by words, as runc does it
	run_osless -0 ps "$ID" -e -o comm,pid
	[ ${#lines[@]} = 5 ]
	grep -Eq "^sh +[0-9]+$" <<<"$output"
	run_osless -0 ps "$ID" aux
	[[ ${lines[0]} == USER*PID*%CPU* ]]
	[ ${#lines[@]} = 5 ]
	run_osless -0 ps "$ID" -p "$PID"
	[ ${#lines[@]} = 2 ]
	run_osless -0 ps "$ID" -- -p "$PID"
	[ ${#lines[@]} = 2 ]
}

@test "ps' failures" {
	start_inside sleep 1000
	run_osless -1 ps "$ID" --no-such-option
	assert_stderr "ps failed: exit status 1"
	run_osless -1 ps "$ID" -e -o comm
	assert_one_line_error "no column PID"
	assert_output ""
}

@test "a host without ps: the error names the cure, and json works" {
	start_inside sleep 1000
	wrap=$BATS_TEST_TMPDIR/osless
	printf '#!/bin/bash\nPATH=/nonexistent exec "%s" "$@"\n' "$OSLESS" >"$wrap"
	chmod 755 "$wrap"
	OSLESS=$wrap run_osless -1 ps "$ID"
	assert_one_line_error "this host has no ps program: install procps, or use --format json"
	OSLESS=$wrap run_osless -0 ps -f json "$ID"
}

@test "without PATH in the environment, as conmon calls" {
	start_inside sleep 1000
	printf '#!/bin/bash\nexec env -i "%s" "$@"\n' "$OSLESS" >"$BATS_TEST_TMPDIR/osless"
	chmod 755 "$BATS_TEST_TMPDIR/osless"
	OSLESS=$BATS_TEST_TMPDIR/osless run_osless -0 ps "$ID"
	[ ${#lines[@]} = 3 ]
}

@test "no file descriptor of the caller's reaches ps" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\necho PID\nls /proc/self/fd >&2\n' >"$BATS_TEST_TMPDIR/bin/ps"
	chmod 755 "$BATS_TEST_TMPDIR/bin/ps"
	start_inside sleep 1000
	exec 9</dev/null
	PATH=$BATS_TEST_TMPDIR/bin:$PATH run_osless -0 ps "$ID"
	exec 9<&-
	# 3 is ls' own; a shell keeps its script elsewhere
	! grep -qx 9 <<<"$stderr" || fail "fd 9 is there"
}

@test "no such container, wrong words" {
	run_osless -1 ps "$ID"
	assert_one_line_error "container $ID does not exist"
	run_osless -1 ps
	assert_one_line_error "ps needs the container's ID: see osless ps --help"
	run_osless -1 ps --format yaml "$ID"
	assert_one_line_error 'option --format takes table|json, not "yaml"'
	run_osless -1 ps --frobnicate "$ID"
	assert_one_line_error "unknown option --frobnicate: see osless ps --help"
}

@test "without cgroups the error names another way" {
	bundle_args sleep 100
	run_osless -0 --cgroup-manager disabled run -d -b "$BUNDLE" "$ID"
	run_osless -1 ps -f json "$ID"
	assert_one_line_error "try osless tree $ID"
}
