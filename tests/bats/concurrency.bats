# Several at once: containers of different IDs, and one ID fought over. For verbs killed on their way
# see faults.bats.

load helpers

JOBS=20

# count_won PID...: waits for them; WON gets how many succeeded.
count_won() {
	local pid
	WON=0
	for pid in "$@"; do
		! wait "$pid" || WON=$((WON + 1))
	done
}

# one_life ID: create, start, delete.
one_life() {
	local out=$BATS_TEST_TMPDIR/$1
	osless create -b "$BUNDLE" --pid-file "$out.pid" "$1" </dev/null >"$out" 2>"$out.err" &&
		osless start "$1" </dev/null 2>>"$out.err" &&
		wait_until 10 status_is "$1" stopped &&
		osless delete "$1" </dev/null 2>>"$out.err"
}

@test "$JOBS containers of different IDs at once" {
	local i pids=()
	bundle_args sh -c 'echo hello'
	for ((i = 0; i < JOBS; i++)); do
		one_life "$ID-$i" 3>&- 4>&- &
		pids+=($!)
	done
	count_won "${pids[@]}"
	[ $WON = $JOBS ] || fail "$WON of $JOBS: $(cat "$BATS_TEST_TMPDIR"/*.err)"
	for ((i = 0; i < JOBS; i++)); do
		[ "$(<"$BATS_TEST_TMPDIR/$ID-$i")" = hello ]
	done
	assert_nothing_left
}

@test "several creates of one ID: exactly one wins" {
	local round i pids
	for round in 1 2 3; do
		pids=()
		for ((i = 0; i < 8; i++)); do
			osless create -b "$BUNDLE" "$ID" </dev/null >/dev/null 2>"$BATS_TEST_TMPDIR/err.$i" &
			pids+=($!)
		done
		count_won "${pids[@]}"
		[ $WON = 1 ] || fail "round $round: $WON creates won"
		[ "$(cat "$BATS_TEST_TMPDIR"/err.* | wc -l)" = 7 ]
		[ "$(grep -l "already exists" "$BATS_TEST_TMPDIR"/err.* | wc -l)" = 7 ]
		status_is "$ID" created
		run_osless -0 start "$ID"
		wait_status "$ID" stopped
		run_osless -0 delete "$ID"
	done
}

@test "several starts of one container: exactly one wins" {
	local i pids=()
	bundle_args sleep 100
	run_osless -0 create -b "$BUNDLE" "$ID"
	for ((i = 0; i < 6; i++)); do
		osless start "$ID" </dev/null >/dev/null 2>&1 &
		pids+=($!)
	done
	count_won "${pids[@]}"
	[ $WON = 1 ] || fail "$WON starts won"
	status_is "$ID" running
}

@test "several deletes by force of one container: all succeed" {
	local i pids=()
	bundle_args sleep 100
	run_osless -0 run -d -b "$BUNDLE" "$ID"
	for ((i = 0; i < 6; i++)); do
		osless delete --force "$ID" </dev/null >/dev/null 2>"$BATS_TEST_TMPDIR/err.$i" &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" || fail "delete failed: $(cat "$BATS_TEST_TMPDIR"/err.*)"
	done
	assert_nothing_left
}

@test "create and delete of one ID against each other leave nothing" {
	local i pids=()
	for ((i = 0; i < 12; i++)); do
		osless create -b "$BUNDLE" "$ID" </dev/null >/dev/null 2>&1 &
		pids+=($!)
		osless delete --force "$ID" </dev/null >/dev/null 2>&1 &
		pids+=($!)
	done
	wait "${pids[@]}" || true # which of them win does not matter
	run_osless -0 delete --force "$ID"
	assert_nothing_left
}

@test "list and state meanwhile never fail, and never show half a container" {
	local i pids=()
	for ((i = 0; i < 6; i++)); do
		one_life "$ID-$i" 3>&- 4>&- &
		pids+=($!)
	done
	for ((i = 0; i < 20; i++)); do
		run_osless -0 list --format json
		jq -e 'all(.[]; .id and .status)' <<<"$output" >/dev/null || fail "half a container"
	done
	wait "${pids[@]}"
}
