# list: table, JSON, IDs. A root of its own: other tests' containers are not in it.

load helpers

setup() {
	test_setup
	ROOT=$BATS_FILE_TMPDIR/r$BATS_TEST_NUMBER
	mkdir "$ROOT"
}

@test "nothing there: a table of no rows, an empty array, no IDs" {
	run_osless -0 list
	[ ${#lines[@]} = 1 ]
	[[ ${lines[0]} =~ ^ID\ +PID\ +STATUS\ +BUNDLE\ +CREATED\ +OWNER ]]
	run_osless -0 list --format json
	jq -e '. == []' <<<"$output"
	run_osless -0 list -q
	assert_output ""
}

@test "a root that does not exist is empty" {
	ROOT=$BATS_TEST_TMPDIR/none run_osless -0 list -q
	assert_output ""
	[ ! -e "$BATS_TEST_TMPDIR/none" ]
}

@test "table: a row a container, columns under their heads" {
	bundle_args sleep 100
	run_osless -0 create -b "$BUNDLE" "$ID-a"
	run_osless -0 run -d -b "$BUNDLE" "$ID-b"
	run_osless -0 list
	[ ${#lines[@]} = 3 ]
	[[ $output =~ "$ID-a"\ +[1-9][0-9]*\ +created\ +"$BUNDLE"\ +[0-9T:.-]+Z\ +root ]]
	[[ $output =~ "$ID-b"\ +[1-9][0-9]*\ +running\ +"$BUNDLE"\ +[0-9T:.-]+Z\ +root ]]
}

@test "table: a stopped container has pid 0" {
	run_osless -0 run --keep -b "$BUNDLE" "$ID"
	run_osless -0 list
	[[ $output =~ "$ID"\ +0\ +stopped\ +"$BUNDLE" ]]
}

@test "json: an array of states" {
	run_osless -0 create -b "$BUNDLE" "$ID-a"
	run_osless -0 create -b "$BUNDLE" "$ID-b"
	run_osless -0 list -f json
	jq -e --arg id "$ID" '[.[].id] | sort == [$id + "-a", $id + "-b"]' <<<"$output"
	jq -e 'all(.[]; .pid > 1 and .status == "created" and .owner == "root" and .bundle and .created)' \
		<<<"$output"
}

@test "quiet: IDs only" {
	run_osless -0 create -b "$BUNDLE" "$ID-b"
	run_osless -0 create -b "$BUNDLE" "$ID-a"
	run_osless -0 list --quiet
	[ "$(sort <<<"$output")" = "$ID-a"$'\n'"$ID-b" ]
}

@test "what is no container is passed over" {
	mkdir "$ROOT/.cache" "$ROOT/.profiles" "$ROOT/lost+found"
	touch "$ROOT/file"
	run_osless -0 create -b "$BUNDLE" "$ID"
	run_osless -0 list -q
	[[ $output == *"$ID"* ]]
	[[ $output != *.cache* && $output != *file* ]]
	rm -r "$ROOT/.cache" "$ROOT/.profiles" "$ROOT/lost+found" "$ROOT/file"
}
