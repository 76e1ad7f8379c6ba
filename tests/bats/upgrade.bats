# Containers that another version of osless has made: their program is kept with them, and does what is
# asked for them.

load helpers
load probe

setup() {
	test_setup
	NEW=$OSLESS
	OLD=$BATS_TEST_TMPDIR/old/osless
	other_version "$BATS_TEST_TMPDIR/old"
	ROOT=$BATS_FILE_TMPDIR/u$BATS_TEST_NUMBER
	mkdir "$ROOT"
	bundle_args sleep 1000
}

teardown() {
	test_teardown
	! mountpoint -q "$ROOT" || umount "$ROOT"
}

# by_old ARGUMENT...: as run_osless -0, by the other version.
by_old() {
	OSLESS=$OLD run_osless -0 "$@"
}

@test "without the kept program neither can do anything with the other's" {
	by_old run -d -b "$BUNDLE" "$ID"
	rm "$ROOT/$ID/program"
	run_osless -1 state "$ID"
	assert_one_line_error "of another version of osless"
	OSLESS=$OLD run_osless -0 state "$ID"
}

@test "each verb is done by the program that made the container" {
	by_old create --pid-file "$BATS_TEST_TMPDIR/pid" -b "$BUNDLE" "$ID"
	status_is "$ID" created
	run_osless -0 start "$ID"
	wait_status "$ID" running
	run_osless -7 exec --env A=7 "$ID" sh -c 'echo "$0 $A"; exit $A' "two words"
	assert_output "two words 7"
	run_osless -0 ps "$ID" -eo pid,args
	[[ $output == *"sleep 1000"* ]]
	run_osless -0 tree "$ID"
	[[ $output == *sleep* ]]
	run_osless -0 events --no-follow "$ID"
	[[ $output == *'"type":'* ]]
	run_osless -0 explain "$ID"
	run_osless -0 metrics "$ID"
	[[ $output == *"osless_container_up{id=\"$ID\"} 1"* ]]
	run_osless -0 kill "$ID" KILL
	wait_status "$ID" stopped
	run_osless -0 delete "$ID"
	[ ! -e "$ROOT/$ID" ]
}

@test "pause, update, resume, delete --force" {
	by_old run -d -b "$BUNDLE" "$ID"
	run_osless -0 pause "$ID"
	wait_status "$ID" paused
	run_osless -0 resume "$ID"
	run_osless -0 update --pids-limit 77 "$ID"
	[ "$(cgroup_value pids pids.max)" = 78 ] # and init itself
	run_osless -0 delete --force "$ID"
	[ ! -e "$ROOT/$ID" ]
	assert_nothing_left
}

@test "words, options and environment arrive as they were given" {
	by_old run -d -b "$BUNDLE" "$ID"
	run_osless -0 --debug --log-format json --log "$BATS_TEST_TMPDIR/log" exec "$ID" \
		printf '%s|' --env '' "a  b" -- '*'
	assert_output "--env||a  b|--|*|"
	grep -q "left to the program of another version" "$BATS_TEST_TMPDIR/log"
	run_osless -0 kill -a "$ID" 9
}

@test "standard input and exit status go through" {
	by_old run -d -b "$BUNDLE" "$ID"
	echo in | "$NEW" --root "$ROOT" exec "$ID" cat >"$BATS_TEST_TMPDIR/got" 3>&- 4>&-
	[ "$(<"$BATS_TEST_TMPDIR/got")" = in ]
	run_osless -143 exec "$ID" sh -c 'kill -TERM $$; sleep 5'
}

@test "where nothing may be executed in the state root" {
	mount -t tmpfs -o noexec,nosuid,nodev osless-noexec "$ROOT"
	by_old run -d -b "$BUNDLE" "$ID"
	! "$ROOT/$ID/program" --version 2>/dev/null
	run_osless -0 exec "$ID" echo here
	assert_output here
	run_osless -0 delete --force "$ID"
}

# vm.memfd_noexec belongs to the PID namespace (Linux 6.3), so only this one's is changed.
@test "where memfds may not be executed" {
	[ -e /proc/sys/vm/memfd_noexec ] || skip "this kernel has no vm.memfd_noexec"
	by_old run -d -b "$BUNDLE" "$ID"
	# shellcheck disable=SC2016 # sh's
	run unshare --pid --fork sh -c 'echo 2 >/proc/sys/vm/memfd_noexec && exec "$0" "$@"' \
		"$NEW" --root "$ROOT" state "$ID"
	[ "$status" = 0 ] || fail "exit status $status: $output"
	[[ $output == *"\"id\": \"$ID\""* ]]
}

@test "list has them, and metrics says which it leaves out" {
	by_old run -d -b "$BUNDLE" "$ID-old"
	run_osless -0 run -d -b "$BUNDLE" "$ID-new"
	run_osless -0 list -q
	[ "$(sort <<<"$output")" = "$ID-new"$'\n'"$ID-old" ]
	run_osless -0 list
	[[ $output =~ "$ID-old"\ +[1-9][0-9]*\ +running ]]
	[ -z "$stderr" ]
	run_osless -0 list -f json
	jq -e --arg id "$ID-old" '.[] | select(.id == $id) | .status == "running" and .pid > 1' <<<"$output"
	run_osless -0 metrics
	assert_one_line_error "$ID-old is not measured"
	[[ $output == *"id=\"$ID-new\""* ]]
}

@test "one that a killed creator left" {
	by_old run -d -b "$BUNDLE" "$ID"
	run_osless -0 kill "$ID" KILL
	wait_status "$ID" stopped
	rm "$ROOT/$ID/status" # as if it had been killed before it published
	run_osless -0 delete --force "$ID"
	[ ! -e "$ROOT/$ID" ]
	assert_nothing_left
}

@test "versions by turns: one copy is kept for new containers, and each container has its own" {
	local version
	for version in a b c; do
		by_old run -d -b "$BUNDLE" "$ID-o$version"
		run_osless -0 run -d -b "$BUNDLE" "$ID-n$version"
		[ "$(find "$ROOT/.programs" -name '*-program' | wc -l)" = 1 ]
	done
	for version in a b c; do
		run_osless -0 exec "$ID-o$version" true
		OSLESS=$OLD run_osless -0 exec "$ID-n$version" true
		OSLESS=$OLD run_osless -0 delete --force "$ID-n$version"
		run_osless -0 delete --force "$ID-o$version"
	done
}

@test "containers of one version share one copy" {
	run_osless -0 create -b "$BUNDLE" "$ID-a"
	run_osless -0 create -b "$BUNDLE" "$ID-b"
	[ "$ROOT/$ID-a/program" -ef "$ROOT/$ID-b/program" ]
	[ "$(stat -c '%a %h' "$ROOT/$ID-a/program")" = "500 3" ]
	cmp "$ROOT/$ID-a/program" "$NEW"
}

@test "many creators at once make one copy" {
	local i pids=()
	for i in {1..8}; do
		osless create -b "$BUNDLE" "$ID-$i" </dev/null >/dev/null 2>"$BATS_TEST_TMPDIR/err.$i" &
		pids+=($!)
	done
	wait "${pids[@]}"
	[ -z "$(cat "$BATS_TEST_TMPDIR"/err.*)" ]
	[ "$(find "$ROOT/.programs" -type f | wc -l)" = 1 ]
	for i in {1..8}; do
		cmp "$ROOT/$ID-$i/program" "$NEW"
	done
}

@test "a program that others could have written is not run" {
	by_old run -d -b "$BUNDLE" "$ID"
	cp "$ROOT/$ID/program" "$BATS_TEST_TMPDIR/own"
	for change in "chmod 520" "chown 1"; do
		cp --remove-destination -p "$BATS_TEST_TMPDIR/own" "$ROOT/$ID/program"
		$change "$ROOT/$ID/program"
		run_osless -1 state "$ID"
		assert_one_line_error "$ROOT/$ID/program"
		assert_one_line_error "others could have written it"
	done
	ln -sf "$OLD" "$ROOT/$ID/program"
	run_osless -1 state "$ID"
	assert_one_line_error "$ROOT/$ID/program"
	rm "$ROOT/$ID/program"
	mkfifo -m 500 "$ROOT/$ID/program"
	run_osless -1 state "$ID"
	assert_one_line_error "$ROOT/$ID/program"
}

@test "a program that is none, or of yet another version" {
	by_old run -d -b "$BUNDLE" "$ID"
	rm "$ROOT/$ID/program"
	install -m 500 /dev/null "$ROOT/$ID/program"
	run_osless -1 state "$ID"
	assert_one_line_error "$ROOT/$ID/program"
	install -m 500 "$NEW" "$ROOT/$ID/program"
	run_osless -1 state "$ID" # no endless chain
	assert_one_line_error "of another version of osless"
}

@test "a place for programs that is not ours" {
	mkdir -m 777 "$ROOT/.programs"
	run_osless -1 create -b "$BUNDLE" "$ID"
	assert_one_line_error ".programs"
	[ ! -e "$ROOT/$ID" ]
	rmdir "$ROOT/.programs"
	ln -s /tmp "$ROOT/.programs"
	run_osless -1 create -b "$BUNDLE" "$ID"
	assert_one_line_error ".programs"
	[ ! -e "$ROOT/$ID" ]
	rm "$ROOT/.programs"
	assert_nothing_left
}

@test "no room for the copy" {
	mount -t tmpfs -o size=300k osless-small "$ROOT"
	run_osless -1 create -b "$BUNDLE" "$ID"
	assert_one_line_error "program"
	assert_one_line_error "no space left on device"
	[ ! -e "$ROOT/$ID" ]
	[ -z "$(find "$ROOT/.programs" -type f)" ]
	umount "$ROOT"
	assert_nothing_left
}
