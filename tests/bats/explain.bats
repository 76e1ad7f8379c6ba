# explain: state, why, what happened, what next, what to do.

load look-helpers

# explains PART...: its text has each.
explains() {
	local part
	run_osless -0 explain "$ID"
	for part in "$@"; do
		[[ $output == *"$part"* ]] || fail "explain lacks: $part"
	done
}

@test "errors: unknown, missing, format" {
	unknown_and_missing explain
	run_osless -1 explain
	assert_one_line_error "explain needs the container's ID: see osless explain --help"
	run_osless -1 explain --format yaml a
	assert_one_line_error 'option --format takes text|json, not "yaml"'
}

@test "created" {
	run_osless -0 create -b "$BUNDLE" "$ID"
	explains "State:          created since " "nobody has started it yet" "osless start $ID"
}

@test "running, with nothing wrong" {
	bundle_args sleep 4242
	start_detached
	explains "State:          running since " "Why:            all is up that should be" \
		"What happened:" "main was started" "What next:      it goes on" "What to do:"
}

@test "ended by its program" {
	bundle_args sh -c 'exit 7'
	run_osless -7 run --keep -b "$BUNDLE" "$ID"
	explains "State:          stopped since " "its program (main) ended: exit status 7" \
		"main ended: exit status 7" "nothing: it stays stopped" "main says in its output why it fails"
}

@test "init killed" {
	bundle_args sleep 4242
	start_detached
	run_osless -0 kill "$ID" KILL
	wait_status "$ID" stopped
	explains "its init was killed (SIGKILL)"
}

@test "gave up: who, how often, and the cure" {
	declare_tree '{ "intensity": 2, "period": 30, "children": [
		{ "id": "web", "args": ["sh", "-c", "exit 5"], "restart": "permanent" },
		{ "id": "side", "args": ["sleep", "4242"] } ] }'
	run_osless -5 run --keep -b "$BUNDLE" "$ID"
	explains "supervisor root gave up: 3 restarts were needed within 30 s, its intensity is 2 (rule R1)" \
		"what failed last: web, exit status 5" "the container's status: exit status 5" \
		"web ended: exit status 5; 3 times" "raise the intensity of root (now 2 within 30 s)"
}

@test "stopped from outside" {
	declare_tree '{ "children": [ { "id": "web", "args": ["sleep", "4242"], "restart": "permanent" } ] }'
	start_detached
	run_osless -0 kill "$ID" TERM
	wait_status "$ID" stopped
	explains "signal TERM asked for an orderly shutdown" "web was sent TERM to stop"
}

@test "degraded: a worker waits for its restart" {
	declare_tree '{ "intensity": 9, "period": 60, "backoff": { "first": 30, "max": 30 }, "children": [
		{ "id": "web", "args": ["sh", "-c", "sleep 0.2; exit 5"], "restart": "permanent" },
		{ "id": "side", "args": ["sleep", "4242"] } ] }'
	start_detached
	wait_until 5 told restart
	explains "State:          degraded since " "web is down and waits for its restart: exit status 5" \
		"web is restarted in 2" "root has used 1 of the 9 restarts"
}

@test "an orphan: the rule, and the cure" {
	bundle_args sh -c '(setsid sleep 4243 & sleep 1); exec sleep 4242'
	start_detached
	wait_until 5 told orphan
	explains "sleep lost its parent and was killed (R2)" "sleep outlives its parent: run it in the foreground"
}

@test "a child that is not waited for: the rule, and the cure" {
	bundle_config '.annotations["dev.osless.handle-within"] = "1"'
	bundle_args sh -c 'sh -c "sh -c \"exit 4\" & exec sleep 4243"; exec sleep 4242'
	start_detached
	wait_until 10 told unwaited
	explains "sleep did not wait for its child " "(exit status 4), and was killed (R3)" \
		"let it call waitpid(2) on SIGCHLD"
}

@test "a stopped process: the rule, and the cure" {
	bundle_args sleep 4242
	start_detached
	kill -STOP "$(worker_pid main)"
	wait_until 5 told stopped
	explains "sleep was found stopped and was continued (R5)" "something stops sleep"
}

@test "killed for want of memory" {
	bundle_config '.linux.resources.memory = { "limit": 16777216, "swap": 16777216 }'
	bundle_args sh -c 'exec tail -c 100000000 /dev/zero'
	run_osless run --keep -b "$BUNDLE" "$ID"
	[ "$status" = 137 ]
	explains "for want of memory" "raise linux.resources.memory.limit"
}

# As systemd does when the last process has ended.
@test "killed for want of memory: also when the cgroup is gone" {
	bundle_config '.linux.resources.memory = { "limit": 16777216, "swap": 16777216 }'
	bundle_args sh -c 'tail -c 100000000 /dev/zero; exec tail -c 100000000 /dev/zero'
	run_osless -0 run -d -b "$BUNDLE" "$ID"
	wait_status "$ID" stopped
	list_cgroups | grep -F "$ID" | sort -r | xargs -r rmdir # none is left under systemd
	explains "the kernel killed 2 of its processes for want of memory" "raise linux.resources.memory.limit"
	run_osless -0 metrics "$ID"
	[[ $output == *"osless_oom_kills_total{"*"} 2"* ]] || fail "not two OOM kills"
}

@test "a program that is missing" {
	declare_tree '{ "intensity": 0, "period": 30, "children": [
		{ "id": "ok", "args": ["sleep", "4242"] }, { "id": "web", "args": ["/no/such/program"] } ] }'
	run_osless -0 create -b "$BUNDLE" "$ID" || skip "create looks programs up"
	run_osless ! start "$ID"
	wait_status "$ID" stopped
	explains "web could not be started: No such file or directory" "web's program is not in the root file system"
}

@test "supervision off: says so" {
	echo '{ "modes": { "supervision": "off" } }' >"$BATS_TEST_TMPDIR/policy.json"
	bundle_args sleep 4242
	start_detached --policy "$BATS_TEST_TMPDIR/policy.json"
	explains "supervision is off for this container" "turn supervision on"
}

@test "paused" {
	local freezer
	bundle_args sleep 4242
	start_detached
	freezer=$(freezer_of "$(osless state "$ID" | jq .pid)")
	set_frozen "$freezer" 1
	explains "State:          paused" "it was paused: its cgroup is frozen" "osless resume $ID"
	set_frozen "$freezer" 0
	run_osless -0 explain "$ID"
	[[ $output == *"State:          running"* ]]
}

@test "json: the same in parts" {
	bundle_args sh -c 'exit 7'
	run_osless -7 run --keep -b "$BUNDLE" "$ID"
	run_osless -0 explain --format json "$ID"
	jq -e --arg id "$ID" '.id == $id and .status == "stopped" and .state == "stopped" and .since' <<<"$output"
	jq -e 'all(.why, .happened, .next, .todo; type == "array" and length > 0)' <<<"$output"
}

@test "a damaged journal is told, not believed" {
	damaged_journal
	explains "not a journal of this osless"
}
