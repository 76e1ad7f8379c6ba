# events: lines of JSON, following, statistics.

load look-helpers

# follow [OPTION...]: events in the background; its output grows in $BATS_TEST_TMPDIR/events.
follow() {
	"$OSLESS" --root "$ROOT" events "$@" "$ID" 3>&- 4>&- </dev/null \
		>"$BATS_TEST_TMPDIR/events" 2>"$BATS_TEST_TMPDIR/events.err" &
	FOLLOWER=$!
}

# followed JQ-CONDITION: over the array of all lines so far.
followed() {
	jq -se "$1" "$BATS_TEST_TMPDIR/events" >/dev/null
}

# wait_follower: until it has ended; sets status.
wait_follower() {
	wait_until 10 follower_ended || fail "it still follows"
	status=0
	wait "$FOLLOWER" || status=$?
}

follower_ended() {
	! grep -qE '^State:\s[^ZX]' "/proc/$FOLLOWER/status" 2>/dev/null # gone, or a zombie of ours
}

@test "errors: unknown, missing, interval" {
	unknown_and_missing events
	run_osless -1 events
	assert_one_line_error "events needs the container's ID: see osless events --help"
	run_osless -1 events --interval 0s "$ID"
	assert_one_line_error '"0s" is no time from 1ms to 24h'
	run_osless -1 events --interval soon "$ID"
	assert_one_line_error "write 500ms, 5s, 1m or 1h"
	run_osless -1 events --interval 1m0s "$ID" # as Go's programs write it
	assert_one_line_error "container $ID does not exist"
}

@test "the life of a plain container, from its journal" {
	bundle_args sh -c 'exit 3'
	run_osless -3 run --keep -b "$BUNDLE" "$ID"
	run_osless -0 events --no-follow "$ID"
	jq -se '[.[].data.event] == ["started", "exited", "ended"]' <<<"$output"
	jq -se --arg id "$ID" 'all(.[]; .type == "osless" and .id == $id)' <<<"$output"
	jq -se '[.[].data.sequence] == [1, 2, 3]' <<<"$output"
	jq -se '.[1].data | .child == "main" and .status == { "exit": 3 } and .pid > 1' <<<"$output"
	jq -se 'all(.[]; .data.time | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{9}Z$"))' <<<"$output"
}

@test "of a stopped container, following ends at once" {
	bundle_args true
	run_osless -0 run --keep -b "$BUNDLE" "$ID"
	run_osless -0 events "$ID"
	jq -se 'map(.data.event) | last == "ended"' <<<"$output"
}

@test "following: events come as they happen, until the end" {
	declare_tree '{ "intensity": 5, "period": 60, "children": [
		{ "id": "web", "args": ["sleep", "4242"], "restart": "permanent" } ] }'
	start_detached
	follow
	wait_until 5 followed 'any(.[]; .data.event == "started")'
	kill_worker web
	wait_until 2 followed 'any(.[]; .data | .event == "restart" and .rule == "R1" and .child == "web"
		and .status == { "signal": 9 })'
	run_osless -0 kill "$ID" TERM
	wait_follower
	[ "$status" = 0 ]
	followed 'map(select(.type == "osless").data.event) | last == "ended" and any(. == "shutdown")'
	followed 'map(select(.type == "osless").data.sequence) | . == [range(1; length + 1)]'
}

@test "following: an init that is killed ends it" {
	bundle_args sleep 4242
	start_detached
	follow
	wait_until 5 followed 'any(.[]; .data.event == "started")'
	run_osless -0 kill "$ID" KILL
	wait_follower
	[ "$status" = 0 ]
	followed 'all(.[]; .data.event != "ended")'
}

@test "following: statistics at each interval" {
	bundle_args sleep 4242
	start_detached
	follow --interval 100ms
	wait_until 5 followed 'map(select(.type == "stats")) | length >= 3 and all(.[]; .data.pids.current >= 2)'
	kill -TERM "$FOLLOWER"
	wait_follower
	[ "$status" = 0 ]
}

@test "following from before the start" {
	bundle_args true
	run_osless -0 create -b "$BUNDLE" "$ID"
	follow
	sleep 0.3
	run_osless -0 start "$ID"
	wait_follower
	[ "$status" = 0 ]
	followed 'map(.data.event) | . == ["started", "exited", "ended"]'
}

@test "a reader that goes away ends it" {
	bundle_args sleep 4242
	start_detached
	status=0
	(
		osless events --interval 1h "$ID" 2>"$BATS_TEST_TMPDIR/err" || status=$?
		echo "$status $(<"$BATS_TEST_TMPDIR/err")" >"$BATS_TEST_TMPDIR/status"
	) | head -n 1 >/dev/null
	wait_until 5 [ -s "$BATS_TEST_TMPDIR/status" ]
	[ "$(<"$BATS_TEST_TMPDIR/status")" = "0 " ]
}

@test "an idle follower hardly wakes up" {
	local before after
	bundle_args sleep 4242
	start_detached
	follow --interval 1h
	wait_until 5 followed 'any(.[]; .data.event == "started")'
	sleep 0.5
	before=$(awk '/^voluntary/ { print $2 }' "/proc/$FOLLOWER/status")
	sleep 3
	after=$(awk '/^voluntary/ { print $2 }' "/proc/$FOLLOWER/status")
	kill -TERM "$FOLLOWER"
	[ $((after - before)) -le 5 ] || fail "$((after - before)) wake-ups in 3 s"
}

@test "an orphan: rule, action, who" {
	bundle_args sh -c '(setsid sleep 4242 & sleep 1); exec sleep 4243'
	start_detached
	wait_until 5 told orphan
	osless events --no-follow "$ID" | jq -se 'map(select(.data.event == "orphan"))[0].data |
		.rule == "R2" and .action == "kill" and .comm == "sleep" and .pid > 1'
}

@test "exec: it comes, it ends, and what it leaves behind" {
	bundle_args sleep 4242
	start_detached
	run_osless -0 exec "$ID" sh -c 'sleep 4251 &'
	wait_until 5 told exec-ended
	wait_until 5 told orphan
	osless events --no-follow "$ID" | jq -se 'map(select(.data.event | startswith("exec-")) | .data) |
		map([.event, .comm]) == [["exec-begun", "sh"], ["exec-ended", "sh"]] and .[0].pid == .[1].pid'
	run_osless -0 explain "$ID"
	[[ $output == *"sh, which had come in by exec, ended"* ]]
}

@test "more events than the journal holds: the lost ones are told" {
	bundle_config '.annotations["dev.osless.restart"] = "permanent" |
		.annotations["dev.osless.intensity"] = "1000" | .annotations["dev.osless.period"] = "1"'
	bundle_args true
	echo '{ "tree": { "intensity": 1000 } }' >"$BATS_TEST_TMPDIR/policy.json"
	start_detached --policy "$BATS_TEST_TMPDIR/policy.json"
	wait_until 15 many_events
	run_osless -0 kill "$ID" KILL
	wait_status "$ID" stopped
	run_osless -0 events --no-follow "$ID"
	jq -se '.[0].data | .event == "lost" and .first == 1 and .last > 1' <<<"$output"
	jq -se '.[1:] | length == 256' <<<"$output"
	jq -se '.[0].data.last as $last | [.[1:][].data.sequence] == [range($last + 1; $last + 257)]' <<<"$output"
}

many_events() {
	[ "$(osless events --no-follow "$ID" | jq -s 'last | .data.sequence // 0')" -gt 300 ]
}

@test "stats: runc's structure" {
	bundle_args sh -c 'while :; do :; done'
	bundle_config '.linux.resources.memory.limit = 33554432 | .linux.resources.pids.limit = 50'
	start_detached
	sleep 0.3
	run_osless -0 events --stats "$ID"
	[ ${#lines[@]} = 1 ]
	jq -e --arg id "$ID" '.type == "stats" and .id == $id' <<<"$output"
	jq -e '.data.cpu.usage | .total > 0 and has("kernel") and has("user")' <<<"$output"
	jq -e '.data.memory.usage | .limit == 33554432 and .usage > 0 and .failcnt == 0' <<<"$output"
	jq -e '.data.memory.raw | length > 5' <<<"$output"
	jq -e '.data.pids | .current >= 2 and .limit >= 50' <<<"$output"
	jq -e '.data | has("blkio") and has("hugetlb") and has("intel_rdt")' <<<"$output"
	jq -e '.data.cpuset | has("cpu_exclusive") and has("sched_relax_domain_level")' <<<"$output"
}

# paths: of all members of the document on stdin, without indexes and sizes of huge pages.
paths() {
	jq -r 'paths | map(if type == "number" then "[]" else . end) | join(".")' |
		grep -v "^data.hugetlb." | sort -u
}

@test "stats: the members that runc's have, on this machine" {
	local dir=$BATS_TEST_TMPDIR/runc
	command -v runc >/dev/null || skip "no runc to compare with"
	bundle_args sleep 1000
	start_detached
	run_osless -0 events --stats "$ID"
	cp -a "$BUNDLE" "$dir"
	(cd "$dir" && rm config.json && runc spec)
	jq '.process.terminal = false | .process.args = ["sleep", "1000"]' "$dir/config.json" >"$dir/new"
	mv "$dir/new" "$dir/config.json"
	runc --root "$dir/root" run -d -b "$dir" "$ID-runc" </dev/null >/dev/null 2>&1 3>&- 4>&-
	runc --root "$dir/root" events --stats "$ID-runc" >"$dir/stats"
	runc --root "$dir/root" delete --force "$ID-runc"
	paths <"$dir/stats" | grep -v '^data\.blkio\.' >"$dir/runc"
	paths <<<"$output" | grep -v '^data\.blkio\.' >"$dir/osless"
	if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
		# runc 1.1 has neither pressure nor a maximum on v2; what is 0, a cache say, is left out.
		[ -z "$(comm -23 "$dir/runc" "$dir/osless" | grep -vx data.memory.cache)" ] ||
			fail "not there: $(comm -23 "$dir/runc" "$dir/osless")"
	else
		diff "$dir/runc" "$dir/osless"
	fi
}

@test "stats of a stopped container: an error" {
	run_osless -0 run --keep -b "$BUNDLE" "$ID"
	run_osless -1 events --stats "$ID"
	assert_one_line_error "is not running: it has no statistics"
}

@test "oom: told when the kernel kills" {
	bundle_config '.linux.resources.memory = { "limit": 16777216, "swap": 16777216 }'
	bundle_args sh -c 'sleep 0.5; (tail -c 100000000 /dev/zero); exec sleep 4242'
	start_detached
	follow --interval 100ms
	wait_until 10 followed 'any(.[]; .type == "oom")'
	kill -TERM "$FOLLOWER"
}

@test "supervision off: says that there is nothing to tell, and still has statistics" {
	echo '{ "modes": { "supervision": "off" } }' >"$BATS_TEST_TMPDIR/policy.json"
	bundle_args sleep 4242
	start_detached --policy "$BATS_TEST_TMPDIR/policy.json"
	run_osless -0 events --no-follow "$ID"
	assert_output ""
	assert_one_line_error "no events to tell: supervision is off for this container"
	follow --interval 100ms
	wait_until 5 followed 'any(.[]; .type == "stats")'
	run_osless -0 kill "$ID" KILL
	wait_follower
	[ "$status" = 0 ]
}

@test "a damaged journal is told, not believed" {
	damaged_journal
	run_osless -0 events --no-follow "$ID"
	assert_output ""
	assert_one_line_error "not a journal of this osless"
}
