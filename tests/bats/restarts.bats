# Declared trees in real containers: rule R1 (osless-tree(7)). What the tree decides is proven by
# tests/unit/supervise_tree*.c; here it is that init does it, and that the journal tells it.

load look-helpers
load probe

setup() {
	test_setup
	bundle_config '.root.readonly = false'
	chmod 1777 "$BUNDLE/rootfs/tmp"
}

# story: the journal's events as "KIND:CHILD", in order, on one line.
story() {
	osless events --no-follow "$ID" |
		jq -r '.data | select(.child or .event == "shutdown") | .event + ":" + (.child // "all")' | paste -s -d ' '
}

# ran_as STATUS STORY: run has kept the container, which ended so.
ran_as() {
	run_osless "-$1" run --keep -b "$BUNDLE" "$ID"
	[ "$(story)" = "$2" ] || fail "not the story: $(story)"
}

# once COMMAND: fails with 1 the first time, then runs COMMAND.
once() {
	echo "[ -e /tmp/once ] || { >/tmp/once; exit 1; }; $1"
}

told_is() {
	[ "$(story)" = "$1" ]
}

# becomes STORY: within 5 s.
becomes() {
	wait_until 5 told_is "$1" || fail "not the story: $(story)"
}

# ------------------------------------------------------------------------------ kinds of restart

@test "permanent: restarted also after status 0, until it is too often" {
	declare_tree '{ "intensity": 2, "children": [ { "id": "a", "args": [ "sh", "-c", "echo up" ] } ] }'
	ran_as 1 "started:a exited:a restart:a started:a exited:a restart:a started:a exited:a gave-up:root"
	[ "$output" = "$(printf 'up\nup\nup')" ]
}

@test "giving up passes the last failing status on" {
	declare_tree '{ "intensity": 1, "children": [ { "id": "a", "args": [ "sh", "-c", "exit 7" ] } ] }'
	ran_as 7 "started:a exited:a restart:a started:a exited:a gave-up:root"
	run_osless -0 delete "$ID"
	declare_tree '{ "intensity": 1, "children": [ { "id": "a", "args": [ "sh", "-c", "kill -USR1 $$" ] } ] }'
	ran_as 138 "started:a exited:a restart:a started:a exited:a gave-up:root"
}

@test "intensity 0 is as under runc, status 0 too" {
	local status
	for status in 0 5; do
		declare_tree '{ "intensity": 0, "children": [ { "id": "main" } ] }'
		bundle_args sh -c "exit $status"
		ran_as $status "started:main exited:main gave-up:root"
		run_osless -0 delete "$ID"
	done
}

@test "transient: restarted after a failure, not after status 0" {
	declare_tree "$(jq -n --arg script "$(once 'exit 0')" '{ children: [
		{ id: "a", restart: "transient", args: [ "sh", "-c", $script ] } ] }')"
	ran_as 0 "started:a exited:a restart:a started:a exited:a"
}

@test "temporary: never; the container ends with the last of them, and the status of who failed last" {
	declare_tree '{ "children": [
		{ "id": "a", "restart": "temporary", "args": [ "sh", "-c", "exit 3" ] },
		{ "id": "b", "restart": "temporary", "args": [ "sh", "-c", "sleep 0.3; exit 0" ] } ] }'
	ran_as 3 "started:a started:b exited:a exited:b"
}

@test "the short form: the bundle's own program" {
	bundle_args sh -c "$(once 'exit 0')"
	bundle_config '.annotations["dev.osless.restart"] = "transient"'
	ran_as 0 "started:main exited:main restart:main started:main exited:main"
}

@test "a backoff delays, and doubles" {
	local start end
	bundle_args sh -c 'exit 4'
	bundle_config '.annotations += { "dev.osless.restart": "permanent", "dev.osless.intensity": "2",
		"dev.osless.backoff": "200ms..5s" }'
	start=$(date +%s%3N)
	ran_as 4 "started:main exited:main restart:main started:main exited:main restart:main started:main exited:main gave-up:root"
	end=$(date +%s%3N)
	[ $((end - start)) -ge 600 ] || fail "$((end - start)) ms, not 200 + 400"
	osless events --no-follow "$ID" | jq -se '[.[].data | select(.event == "restart") | .number] == [200, 400]'
}

# ------------------------------------------------------------------------------------ strategies

# three_children STRATEGY: of which b fails once.
three_children() {
	declare_tree "$(jq -n --arg script "$(once 'exec sleep 1000')" --arg strategy "$1" '{
		strategy: $strategy, children: [
		{ id: "a", args: [ "sleep", "1001" ] },
		{ id: "b", args: [ "sh", "-c", ("sleep 0.2; " + $script) ] },
		{ id: "c", args: [ "sleep", "1003" ] } ] }')"
	start_detached
}

@test "one_for_one: it alone" {
	three_children one_for_one
	becomes "started:a started:b started:c exited:b restart:b started:b"
}

@test "one_for_all: all, stopped in reverse and started in order" {
	three_children one_for_all
	becomes "started:a started:b started:c exited:b restart:b signalled:c exited:c signalled:a exited:a started:a started:b started:c"
}

@test "rest_for_one: it and those after it" {
	three_children rest_for_one
	becomes "started:a started:b started:c exited:b restart:b signalled:c exited:c started:b started:c"
}

@test "a nested supervisor that gives up is restarted by its own, as new" {
	declare_tree '{ "intensity": 1, "children": [
		{ "id": "inner", "supervisor": { "intensity": 1, "children": [
			{ "id": "a", "args": [ "sh", "-c", "exit 6" ] } ] } } ] }'
	ran_as 6 "started:a exited:a restart:a started:a exited:a gave-up:inner restart:inner started:a exited:a restart:a started:a exited:a gave-up:inner gave-up:root"
}

# -------------------------------------------------------------------------------- starts that fail

@test "a restart whose program is gone counts, and is told" {
	printf '#!/bin/sh\nrm /bin/worker\nexit 5\n' >"$BUNDLE/rootfs/bin/worker"
	chmod 755 "$BUNDLE/rootfs/bin/worker"
	chmod 777 "$BUNDLE/rootfs/bin"
	declare_tree '{ "intensity": 2, "children": [ { "id": "a", "args": [ "worker" ] } ] }'
	ran_as 127 "started:a exited:a restart:a start-failed:a restart:a start-failed:a gave-up:root"
	run_osless -0 explain "$ID"
	[[ $output == *"a could not be started"* ]]
}

@test "a worker's program that is missing fails create, by its name" {
	declare_tree '{ "children": [ { "id": "a", "args": [ "sleep", "1000" ] }, { "id": "b", "args": [ "nowhere" ] } ] }'
	run_osless -1 create -b "$BUNDLE" "$ID"
	assert_one_line_error 'worker b: exec: "nowhere": executable file not found in $PATH'
	assert_nothing_left
}

@test "one that cannot be executed fails start, which leaves nothing of the others" {
	echo garbage >"$BUNDLE/rootfs/bin/garbage"
	chmod 755 "$BUNDLE/rootfs/bin/garbage"
	declare_tree '{ "children": [ { "id": "a", "args": [ "sleep", "1000" ] }, { "id": "b", "args": [ "garbage" ] } ] }'
	run_osless -1 run -b "$BUNDLE" "$ID"
	assert_one_line_error 'exec: "garbage": exec format error'
	assert_nothing_left
}

# -------------------------------------------------------------------------------------- shutdown

@test "TERM stops in reverse, each as it wants; the main worker's status is passed on" {
	declare_tree '{ "children": [
		{ "id": "a", "args": [ "sleep", "1000" ] },
		{ "id": "main", "stopSignal": "USR1", "args": [ "sh", "-c", "trap \"exit 9\" USR1; echo ready; while :; do sleep 0.05; done" ] },
		{ "id": "deaf", "shutdown": "300ms", "args": [ "sh", "-c", "trap : TERM; echo ready; while :; do sleep 0.05; done" ] },
		{ "id": "hard", "shutdown": "kill", "args": [ "sleep", "1000" ] } ] }'
	start_detached
	wait_until 5 eval '[ "$(grep -c ready "$OUT")" = 2 ]'
	run_osless -0 kill "$ID" TERM
	wait_status "$ID" stopped
	[ "$(story)" = "started:a started:main started:deaf started:hard shutdown:all killed:hard exited:hard signalled:deaf killed:deaf exited:deaf signalled:main exited:main signalled:a exited:a" ] ||
		fail "not the story: $(story)"
	osless events --no-follow "$ID" | jq -se 'last.data | .event == "ended" and .status.exit == 9'
}

@test "an interrupt to run in the foreground ends it in order, and does not restart it" {
	declare_tree '{ "children": [ { "id": "a", "args": [ "sh", "-c", "echo ready; exec sleep 1000" ] } ] }'
	"$OSLESS" --root "$ROOT" run --keep -b "$BUNDLE" "$ID" </dev/null >"$BATS_TEST_TMPDIR/out" 3>&- 4>&- &
	RUNNER=$!
	wait_until 5 grep -q ready "$BATS_TEST_TMPDIR/out"
	kill -INT "$RUNNER"
	status=0
	wait "$RUNNER" || status=$?
	[ "$status" = 143 ]
	[ "$(story)" = "started:a shutdown:all signalled:a exited:a" ] || fail "not the story: $(story)"
}

@test "the container's stop signal does as TERM does" {
	declare_tree '{ "children": [ { "id": "a", "args": [ "sh", "-c", "trap \"exit 0\" TERM; echo ready; while :; do sleep 0.05; done" ] } ] }'
	bundle_config '.annotations["dev.osless.stop-signal"] = "QUIT"'
	start_detached
	wait_until 5 grep -q ready "$OUT"
	run_osless -0 kill "$ID" QUIT
	wait_status "$ID" stopped
	[ "$(story)" = "started:a shutdown:all signalled:a exited:a" ] || fail "not the story: $(story)"
}

# two_listeners: a and main, which say what they hear.
two_listeners() {
	declare_tree '{ "children": [
		{ "id": "a", "args": [ "sh", "-c", "trap \"echo a-usr1\" USR1; echo ready; while :; do sleep 0.05; done" ] },
		{ "id": "main", "args": [ "sh", "-c", "trap \"echo main-usr1\" USR1; echo ready; while :; do sleep 0.05; done" ] } ] }'
	start_detached
	wait_until 5 eval '[ "$(grep -c ready "$OUT")" = 2 ]'
	run_osless -0 kill "$ID" USR1
	OUT=$BATS_TEST_TMPDIR/out.1
	wait_until 5 grep -q main-usr1 "$OUT"
}

@test "other signals go to the main worker" {
	two_listeners
	sleep 0.3
	! grep -q a-usr1 "$OUT"
}

@test "... or to all, where the annotation says so" {
	bundle_config '.annotations["dev.osless.signals"] = "all"'
	two_listeners
	wait_until 5 grep -q a-usr1 "$OUT"
}

# ---------------------------------------------------------------------------------- what is between

@test "a worker is not started again before its orphans are gone" {
	declare_tree '{ "intensity": 20, "children": [ { "id": "a", "args": [ "sh", "-c",
		"pidof sleep && exit 99; for i in 1 2 3 4 5 6; do sh -c \"sleep 4242 & sleep 4243\" & done; sleep 0.05; kill -KILL $$" ] } ] }'
	run_osless -137 run --keep -b "$BUNDLE" "$ID" # 99: they were still there
}

@test "descriptors that were passed are there after a restart" {
	declare_tree '{ "intensity": 1, "children": [ { "id": "a", "args": [ "sh", "-c",
		"test -e /proc/self/fd/3 || exit 99; exit 8" ] } ] }'
	status=0
	OSLESS_TEST=$ID "$OSLESS" --root "$ROOT" run --preserve-fds 1 -b "$BUNDLE" "$ID" \
		</dev/null >/dev/null 2>&1 3</dev/null 4>&- || status=$?
	[ "$status" = 8 ] || fail "exit status $status"
}

@test "worker's own environment, directory and arguments, at each start" {
	declare_tree '{ "intensity": 1, "children": [ { "id": "a", "cwd": "/tmp", "env": [ "WHO=a" ], "args": [ "sh", "-c",
		"echo $WHO $PWD $0 ${PATH:+path}; exit 1", "zero" ] } ] }'
	run_osless -1 run -b "$BUNDLE" "$ID"
	[ "$output" = "$(printf 'a /tmp zero path\na /tmp zero path')" ] || fail "not so"
}

@test "without a PID namespace of its own, the same" {
	no_namespace pid
	declare_tree '{ "intensity": 1, "children": [ { "id": "a", "args": [ "sh", "-c", "sleep 1000 & exit 7" ] } ] }'
	ran_as 7 "started:a exited:a restart:a started:a exited:a gave-up:root"
}

@test "restarts in audit: told, not done; off: neither" {
	policy '{ "rules": { "restarts": "audit" } }'
	declare_tree '{ "children": [ { "id": "a", "args": [ "sh", "-c", "exit 7" ] } ] }'
	run_osless -7 --policy "$POLICY" run --keep -b "$BUNDLE" "$ID"
	[ "$(story)" = "started:a exited:a restart:a" ] || fail "not the story: $(story)"
	told restart '.data.action == "would"'
	run_osless -0 delete "$ID"
	policy '{ "rules": { "restarts": "off" } }'
	run_osless -7 --policy "$POLICY" run --keep -b "$BUNDLE" "$ID"
	[ "$(story)" = "started:a exited:a" ] || fail "not the story: $(story)"
}
