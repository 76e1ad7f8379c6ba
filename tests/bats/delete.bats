# delete: nothing of a container is left.

load helpers

@test "a stopped container" {
	run_osless -0 run --keep -b "$BUNDLE" "$ID"
	run_osless -0 delete "$ID"
	assert_output ""
	run_osless -1 state "$ID"
	assert_nothing_left
}

@test "a created container" {
	run_osless -0 create -b "$BUNDLE" "$ID"
	run_osless -0 delete "$ID"
	run_osless -1 state "$ID"
	assert_nothing_left
}

@test "a running container is refused, with the cure" {
	bundle_args sleep 100
	run_osless -0 run -d -b "$BUNDLE" "$ID"
	run_osless -1 delete "$ID"
	assert_one_line_error "$ID"
	assert_stderr "--force"
	status_is "$ID" running
}

@test "force: a running container with children" {
	bundle_args sh -c 'trap "" TERM; sleep 100 & while :; do sleep 1; done'
	run_osless -0 run -d -b "$BUNDLE" "$ID"
	run_osless -0 delete --force "$ID"
	assert_nothing_left
}

@test "force: a missing container is no error, also twice" {
	run_osless -0 delete --force "$ID"
	[ -z "$stderr" ] || fail "delete --force complains"
	run_osless -0 create -b "$BUNDLE" "$ID"
	run_osless -0 delete -f "$ID"
	run_osless -0 delete "$ID" --force
}

@test "a missing container without force" {
	run_osless -1 delete "$ID"
	assert_one_line_error "does not exist"
}

@test "force does not excuse an ID that cannot be" {
	run_osless -1 delete --force ../../etc
	assert_one_line_error "../../etc"
}

@test "the ID can be used again at once" {
	bundle_args sleep 100
	for _ in 1 2 3; do
		run_osless -0 run -d -b "$BUNDLE" "$ID"
		run_osless -0 delete -f "$ID"
	done
}

@test "a bundle that is gone is no obstacle" {
	run_osless -0 create -b "$BUNDLE" "$ID"
	rm -f "$BUNDLE/config.json"
	run_osless -0 delete "$ID"
	assert_nothing_left
}

@test "force: a container whose first process was killed from outside" {
	bundle_args sleep 100
	run_osless -0 run -d -b "$BUNDLE" "$ID"
	kill -KILL "$(osless state "$ID" | jq .pid)"
	run_osless -0 delete --force "$ID"
	assert_nothing_left
}
