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

# What creators leave that are killed at various points, and what a disk or another osless spoils.
@test "force: remains of a container, which other verbs refuse with the cure" {
	local remains verb
	for remains in "" plan status plan/status; do
		mkdir "$ROOT/$ID"
		for file in ${remains//\// }; do
			echo "no $file" >"$ROOT/$ID/$file"
		done
		for verb in start kill pause resume ps "update --memory 1g" explain tree "events --no-follow"; do
			# shellcheck disable=SC2086 # words
			run_osless -1 $verb "$ID"
			assert_one_line_error "delete it"
		done
		run_osless -255 exec "$ID" true
		assert_one_line_error "delete it"
		run_osless -0 list
		[[ $remains != *status || $stderr == *"$ID is not listed: "*"delete --force $ID"* ]] ||
			fail "it is hidden"
		run_osless -0 delete --force "$ID"
		[ ! -e "$ROOT/$ID" ]
	done
}

@test "force: a container whose first process was killed from outside" {
	bundle_args sleep 100
	run_osless -0 run -d -b "$BUNDLE" "$ID"
	kill -KILL "$(osless state "$ID" | jq .pid)"
	run_osless -0 delete --force "$ID"
	assert_nothing_left
}
