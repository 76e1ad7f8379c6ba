# state: the OCI state as JSON.

load helpers

# state_has JQ-FILTER
state_has() {
	run_osless -0 state "$ID"
	jq -e "$1" <<<"$output" >/dev/null || fail "state lacks $1"
}

@test "created: every member" {
	bundle_config '.annotations = { "org.example.key": "väl\"ue", "empty": "" }'
	run_osless -0 create -b "$BUNDLE" "$ID"
	state_has '.ociVersion | test("^1\\.[0-9]+\\.[0-9]+")'
	state_has ".id == \"$ID\""
	state_has '.status == "created"'
	state_has '.pid > 1'
	state_has ".bundle == \"$BUNDLE\""
	state_has ".rootfs == \"$BUNDLE/rootfs\""
	state_has '.created | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\\.[0-9]+)?Z$")'
	state_has '.owner == "root"'
	state_has '.annotations == { "org.example.key": "väl\"ue", "empty": "" }'
}

@test "the time of creation is now, and does not change" {
	local created
	run_osless -0 create -b "$BUNDLE" "$ID"
	state_has '.created | sub("\\.[0-9]+"; "") | fromdate | . > now - 60 and . < now + 60'
	created=$(jq -r .created <<<"$output")
	sleep 0.1
	run_osless -0 start "$ID"
	state_has ".created == \"$created\""
}

@test "running and stopped" {
	bundle_args sleep 100
	run_osless -0 create -b "$BUNDLE" "$ID"
	run_osless -0 start "$ID"
	state_has '.status == "running" and .pid > 1'
	run_osless -0 kill "$ID" KILL
	wait_status "$ID" stopped
	state_has '.status == "stopped" and .pid == 0'
}

@test "a container whose first process was killed from outside is stopped" {
	bundle_args sleep 100
	run_osless -0 run -d -b "$BUNDLE" "$ID"
	kill -KILL "$(osless state "$ID" | jq .pid)"
	wait_status "$ID" stopped
}

@test "a container that does not exist" {
	run_osless -1 state "$ID"
	assert_one_line_error "$ID"
	assert_stderr "does not exist"
	assert_output ""
}

@test "damaged state is an error that names the container, and delete --force still works" {
	run_osless -0 create -b "$BUNDLE" "$ID"
	[ -s "$ROOT/$ID/status" ]
	echo '{' >"$ROOT/$ID/status"
	run_osless -1 state "$ID"
	assert_one_line_error "$ID"
	run_osless -0 list -q
	run_osless -0 delete --force "$ID"
	assert_nothing_left
}
