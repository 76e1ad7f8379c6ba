# metrics: OpenMetrics text, checked by a strict reader of its own.

load look-helpers
load metrics-helpers
load probe

setup() {
	test_setup
	ROOT=$BATS_FILE_TMPDIR/r$BATS_TEST_NUMBER
	mkdir "$ROOT"
}

# metric_is SAMPLE VALUE, asked anew.
metric_is() {
	run_osless -0 metrics
	[ "$(metric "$1")" = "$2" ]
}

@test "errors: unknown IDs, options" {
	unknown_and_missing metrics
}

@test "the checker knows what is no OpenMetrics" {
	local page
	for page in 'x 1' $'# TYPE x gauge\nx 1' $'# TYPE x counter\nx 1\n# EOF' $'# TYPE x gauge\nx{a="b} 1\n# EOF' \
		$'# TYPE x gauge\nx{a="\\t"} 1\n# EOF' $'# TYPE x gauge\n# TYPE x gauge\n# EOF' \
		$'# TYPE x gauge\nx 1\nx 2\n# EOF' $'# EOF\n# EOF' $'# TYPE x gauge\n# UNIT x seconds\n# EOF' ''; do
		! check_openmetrics <<<"$page" || fail "taken: $page"
	done
	check_openmetrics <<<$'# TYPE x_s gauge\n# UNIT x_s s\n# HELP x_s h\nx_s{a="b\\"\\n",c=""} 1.5\nx_s -1\n# EOF'
}

@test "no containers: families without samples" {
	run_osless -0 metrics
	check_openmetrics <<<"$output"
	[[ ${lines[-1]} == "# EOF" ]]
	! grep -v '^#' <<<"$output" || fail "samples"
}

@test "all containers, or those that are named; a name given twice counts once" {
	bundle_args sleep 4242
	run_osless -0 run -d -b "$BUNDLE" "$ID-a"
	run_osless -0 create -b "$BUNDLE" "$ID-b"
	run_osless -0 metrics
	check_openmetrics <<<"$output"
	[ "$(metric "osless_container_up{id=\"$ID-a\"}")" = 1 ]
	[ "$(metric "osless_container_up{id=\"$ID-b\"}")" = 1 ]
	[ "$(metric "osless_workers{id=\"$ID-a\",state=\"up\"}")" = 1 ]
	[ "$(metric "osless_workers{id=\"$ID-b\",state=\"down\"}")" = 1 ]
	run_osless -0 metrics "$ID-b" "$ID-b"
	check_openmetrics <<<"$output"
	[[ $output != *"$ID-a"* && $output == *"$ID-b"* ]]
}

@test "every family has TYPE and HELP" {
	run_osless -0 metrics
	[ "$(grep -c '^# TYPE osless_' <<<"$output")" = "$(grep -c '^# HELP osless_' <<<"$output")" ]
	for family in container_up restarts escalations orphans_killed zombies stopped execs workers \
		worker_start_seconds listen_queue_depth listen_backlog oom_kills; do
		grep -q "^# TYPE osless_$family " <<<"$output" || fail "no $family"
	done
}

@test "restarts by reason, escalations, starts" {
	declare_tree '{ "intensity": 2, "period": 30, "children": [
		{ "id": "web", "args": ["sh", "-c", "exit 5"], "restart": "permanent" } ] }'
	run_osless -5 run --keep -b "$BUNDLE" "$ID"
	run_osless -0 metrics "$ID"
	check_openmetrics <<<"$output"
	[ "$(metric "osless_container_up{id=\"$ID\"}")" = 0 ]
	[ "$(metric "osless_restarts_total{id=\"$ID\",reason=\"error\"}")" = 2 ]
	[ "$(metric "osless_restarts_total{id=\"$ID\",reason=\"signal\"}")" = 0 ]
	[ "$(metric "osless_escalations_total{id=\"$ID\"}")" = 1 ]
	[[ $(metric "osless_worker_start_seconds{id=\"$ID\",worker=\"web\"}") =~ ^1[0-9]{9}\.[0-9]{6}$ ]]
}

@test "orphans" {
	bundle_args sh -c '(setsid sleep 4242 & ); (setsid sleep 4242 & ); exec sleep 4243'
	start_detached
	wait_until 5 metric_is "osless_orphans_killed_total{id=\"$ID\"}" 2
}

@test "stopped processes" {
	bundle_args sleep 4242
	start_detached
	kill -STOP "$(worker_pid main)"
	wait_until 5 metric_is "osless_stopped_total{id=\"$ID\"}" 1
}

@test "listening sockets: backlog, and how many wait" {
	bundle_args sh -c 'nc -ll -p 8080 -e cat & p=$!; nc -l -p 9090 >/dev/null & wait'
	start_detached
	wait_until 5 metric_is "osless_listen_queue_depth{id=\"$ID\",port=\"8080\"}" 0
	check_openmetrics <<<"$output"
	[ "$(metric "osless_listen_backlog{id=\"$ID\",port=\"8080\"}")" -gt 0 ]
	[ "$(metric "osless_listen_backlog{id=\"$ID\",port=\"9090\"}")" -gt 0 ]
}

@test "listening sockets: connections that nobody accepts" {
	bundle_args sh -c 'probe listen 8080 & sleep 0.3; nc 127.0.0.1 8080 & nc ::1 8080 & wait'
	start_detached
	wait_until 5 metric_is "osless_listen_queue_depth{id=\"$ID\",port=\"8080\"}" 2
	[ "$(metric "osless_listen_backlog{id=\"$ID\",port=\"8080\"}")" = 5 ]
	check_openmetrics <<<"$output"
}

@test "the host's network: no sockets" {
	bundle_config '.linux.namespaces |= map(select(.type != "network"))'
	bundle_args sleep 4242
	start_detached
	run_osless -0 metrics
	check_openmetrics <<<"$output"
	! grep '^osless_listen' <<<"$output"
}

@test "OOM kills" {
	bundle_config '.linux.resources.memory = { "limit": 16777216, "swap": 16777216 }'
	bundle_args sh -c '(tail -c 100000000 /dev/zero); exec sleep 4242'
	start_detached
	wait_until 10 metric_is "osless_oom_kills_total{id=\"$ID\"}" 1
}

@test "supervision off, and a damaged journal: what is known is told" {
	echo '{ "modes": { "supervision": "off" } }' >"$BATS_TEST_TMPDIR/policy.json"
	bundle_args sleep 4242
	start_detached --policy "$BATS_TEST_TMPDIR/policy.json"
	run_osless -0 metrics
	check_openmetrics <<<"$output"
	[ "$(metric "osless_container_up{id=\"$ID\"}")" = 1 ]
	! grep '^osless_workers' <<<"$output"
	head -c 100 /dev/urandom >"$ROOT/$ID/journal"
	run_osless -0 metrics
	check_openmetrics <<<"$output"
}
